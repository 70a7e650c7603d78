"""PyTorch's dialect against PyTorch by execution on CPU tensors: the same shape, or both refuse."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Any

import pytest

import convshape as cs
from convshape.frameworks import torch as ours
from tests.engine_faults.torch import (
    FAULTS,
    Fault,
    is_unchecked_batch,
    output_padding_unread,
    pads_other_axes,
)

torch = pytest.importorskip("torch")
torch.set_num_threads(1)
pytestmark = pytest.mark.filterwarnings(
    "ignore:Using padding='same' with even kernel"
)  # true, and of no matter

Call = dict[str, Any]
Size = tuple[int, ...]
REFUSALS = (RuntimeError, ValueError, TypeError, IndexError)
CALLS = 1500
TENSORS = ("input", "weight", "bias")


def executed(function: str, call: Call, dtype: str = "float64") -> Size | None:
    """Return the shape that PyTorch makes of zeros, None where it refuses."""
    kind = getattr(torch, dtype)
    try:
        tensors = {
            name: torch.zeros(call[name], dtype=kind) for name in TENSORS if call.get(name) is not None
        }
        return tuple(getattr(torch.nn.functional, function)(**{**call, **tensors}).shape)
    except REFUSALS:
        return None


def dialect(function: str, call: Call) -> Size | None:
    """Return what the dialect says, None where it refuses; every fix that it offers is accepted by it."""
    try:
        return getattr(ours, function)(**call)  # type: ignore[no-any-return]
    except cs.ShapeError as error:
        for changes in (error.fix, *error.alternatives):
            if changes is not None:
                getattr(ours, function)(**{**call, **changes})
        return None


def numbers(draw: random.Random, rank: int, choices: tuple[int, ...]) -> Any:
    """Draw a number, or a list of one an axis; of ten, one has a list of one or a wrong length."""
    form = draw.randrange(10)
    if form < 5:
        return draw.choice(choices)
    length = rank if form < 9 else draw.choice((1, rank + 1))
    return tuple(draw.choice(choices) for _ in range(length))


def spatial(draw: random.Random, rank: int, batch: tuple[int, ...], channels: int, largest: int) -> Size:
    shape = (*batch, channels, *(draw.randint(1, largest) for _ in range(rank)))
    return shape if draw.random() < 0.95 else shape[:-1]


def batches(draw: random.Random) -> tuple[int, ...]:
    return draw.choice(((1,), (2,), (0,), ()))


def forward_calls(seed: int) -> Iterator[tuple[str, Call]]:
    """Yield functions and arguments, legal ones and wrong ones in about equal parts."""
    draw = random.Random(seed)
    for _ in range(CALLS):
        rank = draw.choice((1, 2, 2, 3))
        groups, inside, out = draw.choice(
            ((1, 2, 3), (2, 1, 4), (2, 1, 3), (1, 1, 2), (3, 2, 3), (1, 3, 4), (2, 2, 2), (0, 1, 1))
        )
        channels = max(1, inside * groups) + draw.choice((0,) * 6 + (1,))
        word = draw.choice(("same", "valid", "SAME"))
        yield (
            f"conv{rank}d",
            {
                "input": spatial(draw, rank, batches(draw), channels, 7),
                "weight": (out, inside, *(draw.randint(1, 3) for _ in range(rank))),
                "bias": draw.choice((None,) * 5 + ((out,), (out + 1,))),
                "stride": numbers(draw, rank, (1,) * 8 + (2, 2, 3, 0)),
                "padding": numbers(draw, rank, (0, 0, 0, 1, 1, 1, 2, 2, 2, 3, -1))
                if draw.random() < 0.8
                else word,
                "dilation": numbers(draw, rank, (1,) * 9 + (2, 3, 0)),
                "groups": groups,
            },
        )


def transposed_calls(seed: int) -> Iterator[tuple[str, Call]]:
    draw = random.Random(seed)
    for _ in range(CALLS):
        rank = draw.choice((1, 2, 2, 3))
        groups, inside, out = draw.choice(((1, 2, 3), (2, 2, 2), (2, 3, 1), (1, 1, 2), (3, 3, 1)))
        yield (
            f"conv_transpose{rank}d",
            {
                "input": spatial(draw, rank, batches(draw), inside + draw.choice((0,) * 6 + (1,)), 4),
                "weight": (inside, out, *(draw.randint(1, 4) for _ in range(rank))),
                "bias": draw.choice((None, None, None, (out * groups,), (out * groups + 1,))),
                "stride": numbers(draw, rank, (1, 1, 2, 3, 3)),
                "padding": numbers(draw, rank, (0, 0, 0, 1, 1, 2)),
                "output_padding": numbers(draw, rank, (0, 0, 0, 1, 1, 2)),
                "groups": groups,
                "dilation": numbers(draw, rank, (1, 1, 1, 2, 3)),
            },
        )


def pool_calls(seed: int) -> Iterator[tuple[str, Call]]:
    draw = random.Random(seed)
    for _ in range(CALLS):
        rank, kind = draw.choice((1, 2, 2, 3)), draw.choice(("max", "avg"))
        yield (
            f"{kind}_pool{rank}d",
            {
                "input": spatial(draw, rank, batches(draw), draw.choice((1, 2)), 8),
                "kernel_size": numbers(draw, rank, (1, 2, 2, 3, 4, 0)),
                "stride": draw.choice((None, numbers(draw, rank, (1, 1, 2, 3, 0)))),
                "padding": numbers(draw, rank, (0, 0, 0, 1, 1, 2)),
                "ceil_mode": draw.random() < 0.5,
                **({"dilation": numbers(draw, rank, (1, 1, 2, 3))} if kind == "max" else {}),
            },
        )


CASES = {"forward": forward_calls, "transposed": transposed_calls, "pool": pool_calls}


@pytest.mark.parametrize("kind", CASES)
def test_functions_as_pytorch_runs_them(kind: str) -> None:
    """Every argument, legal and wrong; at least a fifth of the calls are answered and a fifth are refused."""
    answered = 0
    for function, call in CASES[kind](5):
        said, done = dialect(function, call), executed(function, call)
        if said is None and "conv" in function and is_unchecked_batch(call["input"], len(call["weight"])):
            done = executed(function, {**call, "input": (1, *call["input"][1:])})  # a fault that is named
        assert said == done, (function, call)
        answered += done is not None
    assert CALLS / 5 < answered < CALLS * 4 / 5


def test_grid_of_transposed_sizes() -> None:
    """Every small size, kernel, stride, padding, output padding and dilation of one axis."""
    for size, kernel, stride, padding, extra, dilation in itertools.product(
        range(1, 4), range(1, 4), range(1, 4), range(4), range(4), range(1, 4)
    ):
        call = {
            "input": (1, 1, size),
            "weight": (1, 1, kernel),
            "stride": stride,
            "padding": padding,
            "output_padding": extra,
            "dilation": dilation,
        }
        done = executed("conv_transpose1d", call)
        try:
            said: Any = ours.conv_transpose1d(**call)
        except cs.ShapeError:
            said = None
        assert said == done, call


def test_grid_of_pools() -> None:
    """Every small size, window, stride, padding and dilation of one axis, floored and not."""
    for size, window, stride, padding, dilation, ceil in itertools.product(
        range(1, 8), range(1, 5), range(1, 5), range(3), range(1, 4), (False, True)
    ):
        arguments = (window, stride, padding, dilation, ceil)
        call = dict(
            zip(("kernel_size", "stride", "padding", "dilation", "ceil_mode"), arguments, strict=True)
        )
        call["input"] = (1, 1, size)
        try:
            said: Any = ours.max_pool1d(**call)  # type: ignore[arg-type]
        except cs.ShapeError:
            said = None
        assert said == executed("max_pool1d", call), call


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_named_faults_are_still_so(fault: Fault) -> None:
    assert executed(fault.function, fault.call, fault.dtype) == fault.engine_does
    assert dialect(fault.function, fault.call) is None


def test_list_of_one_with_a_padding_mode() -> None:
    """Without a batch the last axis alone is padded; zeros are padded on both. With a batch PyTorch refuses it."""
    call = {"in_channels": 1, "out_channels": 1, "kernel_size": 1, "padding": (1,)}
    assert of_pytorch("Conv2d", call, (1, 3, 3), {})[0] == (1, 5, 5)
    circular = {**call, "padding_mode": "circular"}
    assert pads_other_axes(circular, 2)
    assert of_pytorch("Conv2d", circular, (1, 3, 3), {})[0] == (1, 3, 5)
    assert of_pytorch("Conv2d", circular, (1, 1, 3, 3), {}) is None
    assert of_dialect("Conv2d", circular, (1, 3, 3), {}) is None


def test_output_padding_that_is_not_read() -> None:
    call = {"in_channels": 1, "out_channels": 1, "kernel_size": 2, "output_padding": 1}
    assert output_padding_unread(call, {"output_size": [3]})
    assert of_pytorch("ConvTranspose1d", call, (1, 1, 2), {"output_size": [3]})[0] == (1, 1, 3)
    assert of_pytorch("ConvTranspose1d", call, (1, 1, 2), {}) is None
    assert of_dialect("ConvTranspose1d", call, (1, 1, 2), {"output_size": [3]}) is None


def test_a_wrong_formula_fails() -> None:
    """One element more on one axis, or a rule left out, would be seen."""

    def wrong(call: Call) -> Size | None:
        said = dialect("conv_transpose2d", call)
        return None if said is None else (*said[:-1], said[-1] + 1)

    seen = [call for function, call in transposed_calls(5) if function == "conv_transpose2d"]
    assert any(wrong(call) != executed("conv_transpose2d", call) for call in seen)
    below_dilation = {"input": (1, 1, 3), "weight": (1, 1, 3), "output_padding": 1, "dilation": 2}
    assert executed("conv_transpose1d", below_dilation) == (1, 1, 8)  # a rule of stride alone would refuse it
    assert dialect("conv_transpose1d", below_dilation) == (1, 1, 8)


def of_pytorch(kind: str, arguments: Call, shape: Size, more: Call) -> Any:
    """Return the shapes of PyTorch's output and parameters, None where it refuses."""
    typed = {"dtype": torch.float64} if "Conv" in kind else {}
    try:
        with torch.no_grad():
            module = getattr(torch.nn, kind)(**arguments, **typed)
            made = module(torch.zeros(shape, dtype=torch.float64), **more)
    except REFUSALS:
        return None
    return tuple(made.shape), {name: tuple(one.shape) for name, one in module.named_parameters()}


def of_dialect(kind: str, arguments: Call, shape: Size, more: Call) -> Any:
    """Return what the dialect says; every fix of a refused constructor or call is accepted by the same."""
    make = getattr(ours, kind)
    try:
        module = make(**arguments)
    except cs.ShapeError as error:
        for changes in (error.fix, *error.alternatives):
            if changes is not None:
                make(**{**arguments, **changes})
        return None
    try:
        return module(shape, **more), module.weight_shapes
    except cs.ShapeError as error:
        for changes in (error.fix, *error.alternatives):
            if changes is not None:
                call = {**module._values(), "input": shape, **more, **changes}
                given = [call.pop(name) for name in ("input", "output_size") if name in call]
                make(**call)(*given)
        return None


def spec_agrees(module: Any, shape: Size) -> None:
    """A module's spec, where there is one, makes the same sizes."""
    rank = module.rank
    try:
        spec = module.to_spec(shape)
    except cs.ShapeError as error:
        assert error.argument in ("padding_mode", "padding", "output_padding")
        return
    made = spec(shape if len(shape) == rank + 2 else (None, *shape))
    assert made[-rank - 1 :] == module(shape)[-rank - 1 :]


def module_calls(seed: int) -> Iterator[tuple[str, Call, Size, Call]]:
    """Yield kinds, constructors' arguments, inputs and what else is passed when called."""
    draw = random.Random(seed)
    for _ in range(CALLS):
        rank = draw.choice((1, 2, 2, 3))
        kind = draw.choice(("Conv", "ConvTranspose", "ConvTranspose", "MaxPool", "AvgPool"))
        more: Call = {}
        if "Pool" in kind:
            channels = 2
            arguments: Call = {
                "kernel_size": numbers(draw, rank, (1, 2, 2, 3)),
                "stride": draw.choice((None, numbers(draw, rank, (1, 2, 3)))),
                "padding": draw.choice((0, 0, 1)),
                "ceil_mode": draw.random() < 0.5,
            }
        else:
            groups, channels, out = draw.choice(
                ((1, 2, 3), (2, 2, 4), (3, 3, 6), (2, 3, 4), (2, 2, 3), (1, 1, 1))
            )
            arguments = {
                "in_channels": channels,
                "out_channels": out,
                "kernel_size": numbers(draw, rank, (1, 2, 3, 3)),
                "stride": numbers(draw, rank, (1, 2, 2, 3)),
                "padding": numbers(draw, rank, (0, 0, 1, 2)),
                "groups": groups,
                "bias": draw.random() < 0.5,
                "dilation": numbers(draw, rank, (1, 1, 2)),
            }
            channels += draw.choice((0,) * 7 + (1,))
            if kind == "Conv":
                if draw.random() < 0.2:
                    arguments["padding"] = draw.choice(("same", "valid", "Same"))
                arguments["padding_mode"] = draw.choice(
                    ("zeros", "zeros", "reflect", "circular", "replicate")
                )
            else:
                arguments["output_padding"] = draw.choice((0, 0, 1, 2))
                if draw.random() < 0.5:
                    lengths = (rank, rank, rank, rank + 1, rank + 2)
                    more["output_size"] = [draw.randint(1, 9) for _ in range(draw.choice(lengths))]
        yield f"{kind}{rank}d", arguments, spatial(draw, rank, batches(draw), channels, 6), more


def test_modules_as_pytorch_makes_them() -> None:
    """Output and parameters' shapes, or both refuse, of every kind of module."""
    answered: dict[str, int] = {}
    for kind, arguments, shape, more in module_calls(7):
        done = of_pytorch(kind, arguments, shape, more)
        said = of_dialect(kind, arguments, shape, more)
        if said is None and "Conv" in kind and is_unchecked_batch(shape, int(kind[-2]) + 2):
            done = of_pytorch(kind, arguments, (1, *shape[1:]), more)  # a fault that is named
        if said is None and (
            (kind[:5] == "Conv" + kind[-2] and pads_other_axes(arguments, int(kind[-2])))
            or (kind.startswith("ConvT") and output_padding_unread(arguments, more))
        ):
            done = None
        assert said == done, (kind, arguments, shape, more, done)
        if said is not None and not more:
            spec_agrees(getattr(ours, kind)(**arguments), shape)
        answered[kind] = answered.get(kind, 0) + (done is not None)
    assert len(answered) == 12
    assert min(answered.values()) > 10


def test_grid_of_output_sizes() -> None:
    """Every size asked for, of every small geometry of one axis; the dialect's legal range is PyTorch's."""
    for size, kernel, stride, padding, dilation, wanted in itertools.product(
        range(1, 4), range(1, 5), range(1, 4), range(3), (1, 2), range(10)
    ):
        arguments = {
            "in_channels": 1,
            "out_channels": 1,
            "kernel_size": kernel,
            "stride": stride,
            "padding": padding,
            "dilation": dilation,
        }
        more = {"output_size": (wanted,)}
        done = of_pytorch("ConvTranspose1d", arguments, (1, 1, size), more)
        assert of_dialect("ConvTranspose1d", arguments, (1, 1, size), more) == done, (arguments, size, wanted)
