"""The JAX dialect without JAX: what errors say, that fixes are taken, and that nothing crashes."""

from __future__ import annotations

import inspect
from types import SimpleNamespace
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

import convshape as cs
from convshape.frameworks import jax

FIRST, OIHW = (1, 3, 28, 28), (8, 3, 5, 5)
LAST, HWIO = (1, 28, 28, 3), (5, 5, 3, 8)
UP, KERNEL = (1, 8, 8, 64), (5, 5, 64, 32)
LABELS = ("NHWC", "HWIO", "NHWC")
G, T = "conv_general_dilated", "conv_transpose"


def general(**changes: Any) -> tuple[str, dict[str, Any]]:
    return G, {"lhs": FIRST, "rhs": OIHW, "window_strides": (1, 1), "padding": "SAME", **changes}


def transposed(**changes: Any) -> tuple[str, dict[str, Any]]:
    return T, {"lhs": UP, "rhs": KERNEL, "strides": (2, 2), "padding": "SAME", **changes}


MISTAKES: dict[str, tuple[str, dict[str, Any]]] = {
    "channels last, no labels": general(lhs=LAST, rhs=HWIO),
    "channels last, no labels to give": (
        "conv", {"lhs": LAST, "rhs": HWIO, "window_strides": (1, 1), "padding": "SAME"},
    ),
    "two labels": general(lhs=LAST, rhs=HWIO, dimension_numbers=("NHWC", "HWIO")),
    "labels of the other order": general(dimension_numbers=LABELS),
    "channels disagree": general(rhs=(8, 1, 5, 5)),
    "groups do not divide": general(feature_group_count=2),
    "kernel too large": general(lhs=(1, 3, 2, 28), padding="VALID"),
    "a stride as one int": general(window_strides=2),
    "a stride of 0": general(window_strides=(0, 1)),
    "a float stride": general(window_strides=(2.5, 2)),
    "padding as one int": general(padding=1),
    "padding of another rank": general(padding=((1, 1),)),
    "a word that is none": general(padding="SAMEE"),
    "a word with lhs_dilation": general(lhs_dilation=(2, 2)),
    "labels that are no layout": general(dimension_numbers=("NHWX", "HWIO", "NHWC")),
    "a forward kernel": transposed(rhs=(5, 5, 32, 64)),
    "a half stride": transposed(strides=(0.5, 0.5)),
    "one stride": transposed(strides=2),
    "small letters": transposed(padding="same"),
    "pads of the forward convolution": transposed(lhs=(4, 2, 2, 64), rhs=(3, 3, 64, 8), strides=(1, 1), padding=((0, 0), (0, 0))),
    "no batch": transposed(lhs=(8, 8, 64)),
}  # fmt: skip
HOSTILE: list[Any] = [
    None, True, 2.5, float("nan"), 10**30, -1, 0, "2", b"x", (), (1,), (None, None), [[]], {}, {1, 2}, object(),
    range(3), (True, 2), ((1,), (2,)), iter((2, 2)), 1j,
]  # fmt: skip
LEGAL = {G: general()[1], T: transposed()[1]}


def refusal_of(name: str, arguments: dict[str, Any]) -> cs.ShapeError:
    with pytest.raises(cs.ShapeError) as caught:
        getattr(jax, name)(**arguments)
    return caught.value


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_told_and_its_fixes_are_taken(case: str, snapshot: SnapshotAssertion) -> None:
    name, arguments = MISTAKES[case]
    error = refusal_of(name, arguments)
    assert str(error) == snapshot
    for changes in (error.fix, *error.alternatives):
        if changes is not None:
            getattr(jax, name)(**{**arguments, **changes})


@pytest.mark.parametrize("name", LEGAL)
def test_hostile_values_are_refused_or_right(name: str) -> None:
    """Whatever stands in an argument's place: a ShapeError with its text, or a shape of plain numbers."""
    for argument in inspect.signature(getattr(jax, name)).parameters:
        for value in HOSTILE:
            try:
                answer = getattr(jax, name)(**{**LEGAL[name], argument: value})
            except cs.ShapeError as error:
                assert str(error)
                continue
            assert all(size is None or type(size) in (int, str) for size in answer), (argument, value)


def test_equal_is_not_the_same_to_the_memory() -> None:
    """What 1 has made is not found by True or 1.0."""
    assert jax.conv_general_dilated(FIRST, OIHW, (1, 1), "SAME") == (1, 8, 28, 28)
    for wrong in ((True, 1), (1.0, 1)):
        refusal_of(*general(window_strides=wrong))
        refusal_of(*general(rhs_dilation=wrong))


def test_every_form_of_labels_means_the_same() -> None:
    """Strings, and an object with three permutations as JAX's ConvDimensionNumbers has them."""
    numbers = SimpleNamespace(lhs_spec=(0, 3, 1, 2), rhs_spec=(3, 2, 0, 1), out_spec=(0, 3, 1, 2))
    for labels in (LABELS, list(LABELS), numbers):
        assert jax.conv_general_dilated(LAST, HWIO, (2, 2), "SAME", dimension_numbers=labels) == (
            1,
            14,
            14,
            8,
        )
    mixed = ("NCHW", "HWIO", "NHWC")
    assert jax.conv_general_dilated(FIRST, HWIO, (2, 2), "SAME", dimension_numbers=mixed) == (1, 14, 14, 8)


def test_layers_are_values() -> None:
    one, same = (jax.Conv(8, (3, 3), strides=(2, 2)) for _ in range(2))
    assert one == same and hash(one) == hash(same) and one != jax.Conv(8, (3, 3))
    assert one((None, 28, 28, 3)) == (None, 14, 14, 8)
    assert one.to_spec((None, 28, 28, 3))((None, 28, 28, 3)) == (None, 14, 14, 8)
