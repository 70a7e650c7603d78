"""The ONNX dialect without ONNX: what errors say, that fixes are taken, and that nothing crashes."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

import convshape as cs
from convshape.frameworks import onnx

X, W, U, V = ("N", 3, 28, 28), (8, 3, 3, 3), ("N", 3, 8, 8), (3, 8, 4, 4)
MISTAKES: dict[str, tuple[str, dict[str, Any]]] = {
    "channels last": ("Conv", {"X": ("N", 28, 28, 3), "W": W}),
    "TensorFlow's filter": ("Conv", {"X": X, "W": (5, 5, 3, 8)}),
    "TensorFlow's filter and input": ("Conv", {"X": ("N", 28, 28, 3), "W": (5, 5, 3, 8)}),
    "W of a transposed": ("Conv", {"X": ("N", 16, 8, 8), "W": (16, 8, 3, 3)}),
    "forward W": ("ConvTranspose", {"X": ("N", 16, 8, 8), "W": (8, 16, 3, 3)}),
    "one stride": ("Conv", {"X": X, "W": W, "strides": 2}),
    "float stride": ("Conv", {"X": X, "W": W, "strides": (2.0, 2)}),
    "stride 0": ("Conv", {"X": X, "W": W, "strides": (0, 1)}),
    "half stride": ("ConvTranspose", {"X": U, "W": V, "strides": (0.5, 0.5)}),
    "full rank strides": ("Conv", {"X": X, "W": W, "strides": (1, 1, 2, 2)}),
    "empty strides": ("Conv", {"X": X, "W": W, "strides": ()}),
    "pads as pairs": ("Conv", {"X": X, "W": W, "pads": ((1, 1), (1, 1))}),
    "pads a side": ("Conv", {"X": X, "W": W, "pads": (1, 1)}),
    "pads a word": ("Conv", {"X": X, "W": W, "pads": "same"}),
    "negative pads": ("Conv", {"X": X, "W": W, "pads": (-1, 0, 0, 0)}),
    "auto_pad in small letters": ("Conv", {"X": X, "W": W, "auto_pad": "same_upper"}),
    "SAME": ("Conv", {"X": X, "W": W, "auto_pad": "SAME"}),
    "auto_pad and pads": ("Conv", {"X": X, "W": W, "auto_pad": "SAME_UPPER", "pads": (1, 1, 1, 1)}),
    "SAME dilated": ("Conv", {"X": X, "W": W, "auto_pad": "SAME_UPPER", "dilations": (2, 2)}),
    "kernel too large": ("Conv", {"X": ("N", 3, 2, 28), "W": W}),
    "another kernel_shape": ("Conv", {"X": X, "W": W, "kernel_shape": (5, 5)}),
    "no batch": ("Conv", {"X": (3, 28, 28), "W": W}),
    "groups": ("Conv", {"X": X, "W": W, "group": 3}),
    "four axes": ("Conv", {"X": (1, 3, 5, 5, 5, 5), "W": (4, 3, 3, 3, 3, 3)}),
    "a wrong B": ("Conv", {"X": X, "W": W, "B": (3,)}),
    "kernel of 0": ("Conv", {"X": X, "W": (8, 3, 0, 3)}),
    "output_padding": ("ConvTranspose", {"X": U, "W": V, "output_padding": (1, 1)}),
    "output_shape too large": (
        "ConvTranspose",
        {"X": U, "W": V, "strides": (2, 2), "output_shape": (20, 16)},
    ),
    "output_shape whole": (
        "ConvTranspose",
        {"X": U, "W": V, "strides": (2, 2), "output_shape": (1, 8, 16, 16)},
    ),
    "output_shape -1": ("ConvTranspose", {"X": U, "W": V, "strides": (2, 2), "output_shape": (-1, 16)}),
    "pads take all": ("ConvTranspose", {"X": U, "W": V, "pads": (6, 6, 6, 6)}),
    "pads take all but output_padding": (
        "ConvTranspose",
        {"X": ("N", 3, 1, 1), "W": V, "strides": (2, 2), "pads": (3, 3, 3, 3), "output_padding": (1, 1)},
    ),
    "no kernel_shape": ("MaxPool", {"X": X}),
    "window too large": ("MaxPool", {"X": ("N", 3, 2, 9), "kernel_shape": (3, 3), "strides": (2, 2)}),
    "pool's pads and auto_pad": (
        "AveragePool",
        {"X": X, "kernel_shape": (2, 2), "auto_pad": "VALID", "pads": (1, 0, 0, 0)},
    ),
    "pads as the window": ("MaxPool", {"X": X, "kernel_shape": (2, 2), "pads": (2, 0, 0, 0)}),
    "SAME dilated pool": (
        "MaxPool",
        {"X": X, "kernel_shape": (2, 2), "auto_pad": "SAME_UPPER", "dilations": (2, 2)},
    ),
    "SAME that crops": (
        "MaxPool",
        {"X": ("N", 3, 6, 6), "kernel_shape": (1, 1), "strides": (3, 3), "auto_pad": "SAME_UPPER"},
    ),
    "ceil_mode 2": ("MaxPool", {"X": X, "kernel_shape": (2, 2), "ceil_mode": 2}),
    "storage_order": ("MaxPool", {"X": X, "kernel_shape": (2, 2), "storage_order": 2}),
    "pool no batch": ("MaxPool", {"X": (28, 28), "kernel_shape": (2, 2)}),
    "global": ("GlobalAveragePool", {"X": ("N", 3)}),
    "no operator": ("spec", {"op": "conv", "W": W}),
    "no attribute": ("spec", {"op": "Conv", "W": W, "padding": "SAME"}),
    "X is needed": ("spec", {"op": "ConvTranspose", "W": V, "output_shape": (16, 16), "strides": (2, 2)}),
    "W for a pool": ("spec", {"op": "MaxPool", "W": W, "kernel_shape": (2, 2)}),
    "no W": ("spec", {"op": "Conv"}),
}

SIGNATURES = {
    "Conv": "X W B=None * auto_pad='NOTSET' dilations=None group=1 kernel_shape=None pads=None strides=None",
    "ConvTranspose": "X W B=None * auto_pad='NOTSET' dilations=None group=1 kernel_shape=None"
    " output_padding=None output_shape=None pads=None strides=None",
    "MaxPool": "X * auto_pad='NOTSET' ceil_mode=0 dilations=None kernel_shape=None pads=None storage_order=0 strides=None",
    "AveragePool": "X * auto_pad='NOTSET' ceil_mode=0 count_include_pad=0 dilations=None kernel_shape=None"
    " pads=None strides=None",
    "GlobalMaxPool": "X",
    "GlobalAveragePool": "X",
}
LEGAL: dict[str, dict[str, Any]] = {
    "Conv": {"X": X, "W": W},
    "ConvTranspose": {"X": U, "W": V},
    "MaxPool": {"X": X, "kernel_shape": (2, 2)},
    "AveragePool": {"X": X, "kernel_shape": (2, 2)},
    "GlobalMaxPool": {"X": X},
    "GlobalAveragePool": {"X": X},
    "spec": {"op": "Conv", "W": W, "X": X},
}


class Index:
    def __index__(self) -> int:
        return 2


class Broken:
    def __len__(self) -> int:
        raise RuntimeError

    __iter__ = __index__ = __len__  # type: ignore[assignment]


HOSTILE = (
    *(
        None,
        True,
        False,
        0,
        -1,
        2,
        2**63,
        10**40,
        0.5,
        2.0,
        float("nan"),
        float("inf"),
        1j,
        b"SAME",
        "",
        "N",
        "2",
    ),
    *(
        (),
        (2, 2),
        [2, 2],
        (2.0, 2),
        (True, True),
        (None, 1),
        ("2", 2),
        (2**63, 1),
        ((1, 1), (1, 1)),
        (Index(), 2),
    ),
    *(
        {},
        {1, 2},
        object(),
        Index(),
        Broken(),
        [Broken()],
        (1,) * 50,
        range(10**9),
        iter((2, 2)),
        "SAME_UPPER" * 99,
    ),
    *(
        (1, 3, 2**62, 2**62),
        (2**62, 3, 3, 3),
        (3, 2**62, 2**62, 2**62),
        (1, 1, 1, 1),
        (2**62,) * 4,
        (2**62, 1),
    ),
)


def refusal_of(name: str, arguments: dict[str, Any]) -> cs.ShapeError:
    with pytest.raises(cs.ShapeError) as caught:
        getattr(onnx, name)(**arguments)
    return caught.value


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_told_and_its_fixes_are_taken(case: str, snapshot: SnapshotAssertion) -> None:
    name, arguments = MISTAKES[case]
    error = refusal_of(name, arguments)
    assert str(error) == snapshot
    for changes in (error.fix, *error.alternatives):
        if changes is not None:
            getattr(onnx, name)(**{**arguments, **changes})


@pytest.mark.parametrize("name", SIGNATURES)
def test_signatures_are_those_of_the_operators(name: str) -> None:
    told, keywords = [], False
    for parameter in inspect.signature(getattr(onnx, name)).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not keywords:
            keywords = True
            told.append("*")
        empty = parameter.default is parameter.empty
        told.append(parameter.name if empty else f"{parameter.name}={parameter.default!r}")
    assert " ".join(told) == SIGNATURES[name]


@pytest.mark.parametrize("name", LEGAL)
def test_hostile_values_are_refused_or_right(name: str) -> None:
    """Whatever stands in an argument's place: a ShapeError with its text, or a shape of plain numbers."""
    names = [one for one in inspect.signature(getattr(onnx, name)).parameters if one != "attributes"]
    for argument in (*names, *(("pads", "strides", "group") if name == "spec" else ())):
        for value in HOSTILE:
            try:
                answer = getattr(onnx, name)(**{**LEGAL[name], argument: value})
            except cs.ShapeError as error:
                assert str(error)
                continue
            if name != "spec":
                assert all(size is None or type(size) in (int, str) for size in answer), (argument, value)


def test_equal_is_not_the_same_to_the_memory() -> None:
    """What 1 has made is not found by True or 1.0."""
    assert onnx.Conv(X, W, strides=(1, 1), group=1) == ("N", 8, 26, 26)
    for wrong in (
        {"strides": (True, 1)},
        {"strides": (1.0, 1)},
        {"group": True},
        {"group": 1.0},
        {"pads": (True,) * 4},
    ):
        refusal_of("Conv", {"X": X, "W": W, **wrong})


def test_specs_of_the_same_node_say_the_same() -> None:
    """Where a spec needs no X it answers as the function does."""
    for op, weight, attributes in (
        ("Conv", W, {"strides": (2, 2), "pads": (0, 1, 2, 3), "dilations": (1, 2)}),
        ("Conv", W, {"auto_pad": "SAME_LOWER"}),
        ("ConvTranspose", V, {"auto_pad": "SAME_LOWER", "strides": (2, 3), "output_padding": (1, 2)}),
        ("ConvTranspose", V, {"auto_pad": "SAME_UPPER", "strides": (5, 3)}),
    ):
        assert onnx.spec(op, weight, **attributes)(U) == getattr(onnx, op)(U, weight, **attributes)
    for op in ("MaxPool", "AveragePool"):
        attributes = {"kernel_shape": (3, 2), "strides": (2, 2), "ceil_mode": 1, "pads": (1, 0, 1, 1)}
        assert onnx.spec(op, **attributes)(U) == getattr(onnx, op)(U, **attributes)
    assert onnx.spec("GlobalMaxPool", X=(1, 3, 4, 5))((1, 3, 4, 5)) == (1, 3, 1, 1)


def test_sizes_that_are_not_known_stay_so() -> None:
    assert onnx.Conv((None, 3, None, 28), W) == (None, 8, None, 26)
    assert onnx.ConvTranspose(("N", 3, None, 8), V, output_shape=(7, 9)) == ("N", 8, 7, 9)
    assert onnx.MaxPool(("N", None, None, 8), kernel_shape=(1, 2), strides=(3, 2), auto_pad="SAME_LOWER") == (
        "N",
        None,
        None,
        4,
    )
