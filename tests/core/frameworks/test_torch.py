"""The PyTorch dialect without PyTorch: what errors say, that fixes are taken, and that nothing crashes."""

from __future__ import annotations

import inspect
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from syrupy.assertion import SnapshotAssertion

from convshape import Conv, ConvTranspose, Pool, ShapeError
from convshape.frameworks import torch

IMAGE = (1, 3, 28, 28)
FUNCTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "TensorFlow's filter": ("conv2d", {"input": IMAGE, "weight": (5, 5, 3, 64)}),
    "TensorFlow's filter and input": ("conv2d", {"input": (1, 28, 28, 3), "weight": (5, 5, 3, 64)}),
    "one channel forgotten": ("conv2d", {"input": (64, 28, 28), "weight": (32, 1, 3, 3)}),
    "vectors": ("conv_transpose2d", {"input": ("N", 100), "weight": (100, 512, 4, 4)}),
    "channels last": ("conv2d", {"input": (1, 28, 28, 3), "weight": (64, 3, 5, 5)}),
    "swapped": ("conv_transpose2d", {"input": (1, 64, 8, 8), "weight": (32, 64, 4, 4)}),
    "stride in bias's place": ("conv2d", {"input": IMAGE, "weight": (64, 3, 5, 5), "bias": 2}),
    "bias of another layer": ("conv2d", {"input": IMAGE, "weight": (64, 3, 5, 5), "bias": (3,)}),
    "float stride": ("conv2d", {"input": IMAGE, "weight": (64, 3, 5, 5), "stride": 2.0}),
    "stride 0": ("conv2d", {"input": IMAGE, "weight": (64, 3, 5, 5), "stride": 0}),
    "full-rank stride": ("conv2d", {"input": IMAGE, "weight": (64, 3, 5, 5), "stride": (1, 1, 2, 2)}),
    "SAME in capitals": ("conv2d", {"input": IMAGE, "weight": (64, 3, 5, 5), "padding": "SAME"}),
    "same with a stride": (
        "conv2d",
        {"input": (1, 3, 45, 60), "weight": (64, 3, 5, 4), "stride": 2, "padding": "same"},
    ),
    "same with a stride, no batch": (
        "conv1d",
        {"input": (3, 10), "weight": (4, 3, 4), "stride": 3, "padding": "same"},
    ),
    "four paddings": ("conv2d", {"input": IMAGE, "weight": (64, 3, 5, 5), "padding": (1, 2, 1, 2)}),
    "kernel too large": ("conv2d", {"input": (1, 3, 4, 28), "weight": (64, 3, 5, 5)}),
    "no batch, no channels": ("conv2d", {"input": (28, 28), "weight": (64, 3, 5, 5)}),
    "weight of two axes": ("conv1d", {"input": (1, 3, 28), "weight": (64, 3, 5, 5)}),
    "weight of one axis": ("conv3d", {"input": (1, 3, 8, 8, 8), "weight": (64, 3, 5)}),
    "a word": ("conv_transpose2d", {"input": (1, 64, 8, 8), "weight": (64, 32, 4, 4), "padding": "same"}),
    "large output_padding": (
        "conv_transpose2d",
        {"input": (1, 64, 8, 8), "weight": (64, 32, 4, 4), "output_padding": 1},
    ),
    "nothing left": ("conv_transpose2d", {"input": (1, 4, 1, 1), "weight": (4, 4, 2, 2), "padding": 1}),
    "pool's padding": ("max_pool2d", {"input": IMAGE, "kernel_size": 2, "padding": 2}),
    "pool too large": ("avg_pool2d", {"input": (1, 3, 5, 2), "kernel_size": 3}),
    "avg_pool3d's rule": ("avg_pool3d", {"input": (1, 3, 2, 4, 4), "kernel_size": 3, "padding": 1}),
}
UP = {"in_channels": 64, "out_channels": 32, "kernel_size": 4}
MODULES: dict[str, tuple[str, dict[str, Any], Any, dict[str, Any]]] = {
    "channels": ("Conv2d", {"in_channels": 3, "out_channels": 8, "kernel_size": 3}, (1, 1, 28, 28), {}),
    "channels, no batch": ("Conv2d", {"in_channels": 3, "out_channels": 8, "kernel_size": 3}, (1, 28, 28), {}),
    "channels last": ("Conv2d", {"in_channels": 3, "out_channels": 8, "kernel_size": 3}, (1, 28, 28, 3), {}),
    "channels of groups": (
        "Conv2d",
        {"in_channels": 4, "out_channels": 8, "kernel_size": 3, "groups": 2},
        (1, 6, 9, 9),
        {},
    ),
    "no channels": ("Conv2d", {"in_channels": 1, "out_channels": 8, "kernel_size": 3}, ("N", 28, 28), {}),
    "a word for a pool's stride": ("MaxPool2d", {"kernel_size": 2, "stride": "same"}, None, {}),
    "channels up": ("ConvTranspose2d", UP, (1, 32, 8, 8), {}),
    "groups": ("Conv2d", {"in_channels": 69, "out_channels": 64, "kernel_size": 3, "groups": 4}, None, {}),
    "groups of out": ("ConvTranspose2d", {**UP, "out_channels": 9, "groups": 2}, None, {}),
    "a filter's shape": ("Conv2d", {"in_channels": 3, "out_channels": 8, "kernel_size": (5, 5, 3, 8)}, None, {}),
    "one entry": ("Conv2d", {"in_channels": 3, "out_channels": 8, "kernel_size": (5,)}, None, {}),
    "too large": ("Conv2d", {"in_channels": 3, "out_channels": 8, "kernel_size": 5}, (1, 3, 4, 9), {}),
    "same with a stride": (
        "Conv2d",
        {"in_channels": 3, "out_channels": 8, "kernel_size": 3, "stride": 2, "padding": "same"},
        None,
        {},
    ),
    "mode": (
        "Conv2d",
        {"in_channels": 3, "out_channels": 8, "kernel_size": 3, "padding_mode": "Reflect"},
        None,
        {},
    ),
    "reflects too much": (
        "Conv2d",
        {"in_channels": 3, "out_channels": 8, "kernel_size": 7, "padding": 3, "padding_mode": "reflect"},
        (1, 3, 9, 3),
        {},
    ),
    "output_size": ("ConvTranspose2d", {**UP, "stride": 2, "padding": 1}, (1, 64, 8, 8), {"output_size": (18, 17)}),
    "output_size's length": ("ConvTranspose2d", {**UP, "stride": 2}, (1, 64, 8, 8), {"output_size": (32, 18, 18)}),
    "output_size a number": ("ConvTranspose2d", {**UP, "stride": 2}, (1, 64, 8, 8), {"output_size": 18}),
    "output_padding": ("ConvTranspose2d", {**UP, "stride": 2, "output_padding": 2}, None, {}),
    "padding of a pool": ("MaxPool2d", {"kernel_size": 3, "padding": 2}, None, {}),
    "small input of a pool": ("AvgPool2d", {"kernel_size": 7}, (1, 1280, 1, 7), {}),
}  # fmt: skip


def refusal_of(call: Callable[[], object]) -> ShapeError:
    with pytest.raises(ShapeError) as caught:
        call()
    return caught.value


def fixes_of(error: ShapeError) -> list[dict[str, Any]]:
    return [changes for changes in (error.fix, *error.alternatives) if changes is not None]


@pytest.mark.parametrize("case", FUNCTIONS)
def test_a_mistake_is_told_and_its_fixes_are_taken(case: str, snapshot: SnapshotAssertion) -> None:
    name, arguments = FUNCTIONS[case]
    error = refusal_of(lambda: getattr(torch, name)(**arguments))
    assert str(error) == snapshot
    for changes in fixes_of(error):
        getattr(torch, name)(**{**arguments, **changes})


def called(name: str, arguments: dict[str, Any], shape: Any, more: dict[str, Any]) -> Any:
    module = getattr(torch, name)(**arguments)
    return None if shape is None else module(shape, **more)


@pytest.mark.parametrize("case", MODULES)
def test_a_mistake_of_a_module(case: str, snapshot: SnapshotAssertion) -> None:
    name, arguments, shape, more = MODULES[case]
    error = refusal_of(lambda: called(name, arguments, shape, more))
    assert str(error) == snapshot
    for leaked in ("weight (", "filter_shape", "input_shape", "dilations", "TensorFlow"):
        assert leaked not in str(error)
    for changes in fixes_of(error):
        given = {**arguments, **changes}
        sizes = {"output_size": given.pop("output_size")} if "output_size" in given else more
        called(name, given, given.pop("input", shape), sizes)


EVIL: list[Any] = [
    True, 1.0, float("nan"), float("inf"), "3", "", "same", None, -1, 0, 2**63, 10**5000, (), (3,), (3, 3, 3), [[3]],
    {3, 2}, {"a": 1}, b"33", object(), (n for n in (3, 3)), ((1, 2), (None, 1)), (True, 3), (3, "3"), np.int64(2),
    np.array([2, 2]), np.array(2.5), (1, 4, 2**62, 2**62), (None, None, None, None), ("N", 4, 9, 9),
]  # fmt: skip
GOOD = {
    "conv": {"input": (1, 4, 9, 9), "weight": (4, 4, 3, 3)},
    "pool": {"input": (1, 4, 9, 9), "kernel_size": 2},
    "Conv": {"in_channels": 4, "out_channels": 4, "kernel_size": 3},
    "Pool": {"kernel_size": 2},
}


def good_for(name: str) -> dict[str, Any]:
    """Return legal arguments of a function or module of any rank."""
    good = dict(GOOD[next(kind for kind in GOOD if kind in name)])
    rank = int(name[-2])
    for key in ("input", "weight"):
        if key in good:
            good[key] = (*good[key][:2], *(good[key][2:] * 2)[:rank])
    return good


@pytest.mark.parametrize("name", torch.__all__)
def test_nothing_crashes(name: str) -> None:
    made, good = getattr(torch, name), good_for(name)
    for value in EVIL:
        for argument in inspect.signature(made).parameters:
            try:
                made(**{**good, argument: value})
            except ShapeError as error:
                assert str(error) and error.reason
        if name[0].isupper():
            module = made(**good)
            questions: list[Callable[[Any], Any]] = [module, module.to_spec]
            if "Transpose" in name:
                shape = (1, 4, *(9,) * module.rank)
                questions.append(lambda size, module=module, shape=shape: module(shape, size))  # type: ignore[misc]
            for question in questions:
                try:
                    question(value)
                except ShapeError as error:
                    assert str(error)


CONV = "in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros', device=None, dtype=None"
CONV_UP = "in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, padding_mode='zeros', device=None, dtype=None"
SIGNATURES = {
    "conv": "input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1",
    "conv_transpose": "input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1",
    "max_pool": "input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False",
    "avg_pool": "input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True",
    "Conv": CONV,
    "ConvTranspose": CONV_UP,
    "MaxPool": "kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False",
    "AvgPool": "kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True",
}


@pytest.mark.parametrize("name", torch.__all__)
def test_signatures_are_pytorchs(name: str) -> None:
    parameters = inspect.signature(getattr(torch, name)).parameters.values()
    written = ", ".join(
        one.name if one.default is one.empty else f"{one.name}={one.default!r}" for one in parameters
    )
    divisor = ", divisor_override=None" if name.lower().startswith("avg") and name[-2] != "1" else ""
    assert written == SIGNATURES[name[:-2]] + divisor


def test_a_bool_or_a_float_does_not_find_what_an_int_has_made() -> None:
    assert torch.conv2d(IMAGE, (4, 3, 1, 1), stride=1) == (1, 4, 28, 28)
    for wrong in (True, 1.0):
        refusal_of(lambda wrong=wrong: torch.conv2d(IMAGE, (4, 3, 1, 1), stride=wrong))  # type: ignore[misc]
        refusal_of(lambda wrong=wrong: torch.Conv2d(3, 4, wrong))  # type: ignore[misc]


def test_modules_are_values_with_specs() -> None:
    module = torch.Conv2d(4, 8, [3, 3], stride=2, padding=1)
    assert module == torch.Conv2d(4, 8, 3, 2, 1) == pickle.loads(pickle.dumps(module))
    assert hash(module) == hash(torch.Conv2d(4, 8, 3, 2, 1))
    assert module.framework == "torch"
    pads = ((1, 1), (1, 1))
    assert module.to_spec() == Conv((3, 3, 4, 8), 2, pads, data_format="NCHW")
    up = torch.ConvTranspose2d(4, 8, 3, 2, 1, output_padding=1, groups=2, bias=False)
    assert up.to_spec((1, 4, 5, 5)) == ConvTranspose(
        (3, 3, 4, 4), 2, pads, groups=2, output_padding=1, data_format="NCHW"
    )
    assert up.weight_shapes == {"weight": (4, 4, 3, 3)}
    assert torch.MaxPool2d(2).to_spec() == Pool((2, 2), padding=0, data_format="NCHW")
    assert torch.MaxPool2d(2).weight_shapes == {}


def test_what_no_spec_says_is_refused_with_its_reason() -> None:
    beyond = torch.ConvTranspose1d(1, 1, 3, output_padding=1, dilation=2)
    assert beyond((1, 1, 3)) == (1, 1, 8)
    assert refusal_of(beyond.to_spec).argument == "output_padding"
    below = torch.ConvTranspose1d(1, 1, 2, stride=2, padding=1)
    assert below((1, 1, 3)) == (1, 1, 4)
    assert refusal_of(below.to_spec).argument == "padding"
    mode = torch.Conv1d(1, 1, 3, padding=1, padding_mode="circular")
    assert refusal_of(mode.to_spec).fix == {"padding_mode": "zeros"}
    assert "has 2" in str(refusal_of(lambda: torch.Conv1d(1, 1, 3).to_spec((1, 2, 5))))


def test_unknown_sizes_and_named_batches_go_through() -> None:
    assert torch.Conv2d(3, 8, 3, 2)(("N", 3, None, 9)) == ("N", 8, None, 4)
    up = torch.ConvTranspose2d(3, 8, 3, 2)
    assert up(("N", 3, None, 9), (20, 20)) == ("N", 8, 20, 20)
    assert up((3, 4, 9), output_size=[1, 10, 20]) == (8, 10, 20)
    assert up((0, 3, 4, 9), output_size=[7, 7, 10, 20]) == (0, 8, 10, 20)
