"""One call in all the forms that its arguments may take: the same answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

import convshape as cs
from tests import strategies as legal
from tests.core import forms, properties
from tests.core.calls import FILTER, FORWARD_INPUT, INPUT
from tests.holding import Holder, must_fail
from tests.oracle import wrong

VERBS = pytest.mark.parametrize("verb", forms.CALLS)


@st.composite
def plain_and_other(draw: st.DrawFn, *, verb: str, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A call with one entry a spatial axis, and the same in other forms. Shrinks towards tuples of ints."""
    written = draw(forms.CALLS[verb](**options))
    return forms.plain(verb, written), draw(forms.other_forms(call=written))


@VERBS
def test_forms_are_equal(hold: Holder, verb: str) -> None:
    hold(properties.forms_are_equal, cs, plain_and_other(verb=verb), examples=80, verb=verb)


@VERBS
def test_layouts_are_symmetric(hold: Holder, verb: str) -> None:
    hold(properties.layouts_are_symmetric, cs, forms.CALLS[verb](), examples=40, verb=verb)


def test_forms_that_are_not_equal_are_found_out() -> None:
    """An implementation that reads the first entry of a full-rank stride fails."""

    def first_entry(call: dict[str, Any]) -> dict[str, Any]:
        strides = call["strides"]
        return {"strides": strides if isinstance(strides, int) else strides[0]}

    hasty = wrong.with_arguments("conv_output", first_entry)
    pairs = legal.conv_calls().map(lambda call: (forms.plain("conv_output", call), call))
    must_fail(properties.forms_are_equal, hasty, pairs, examples=200, verb="conv_output")


def test_layouts_that_are_not_symmetric_are_found_out() -> None:
    """An implementation that reads every layout as channels-last fails."""

    def as_channels_last(**call: Any) -> Any:
        first = (call.get("data_format") or "NHWC")[1] == "C"
        shape = cs.conv_output(**call)
        return (shape[0], shape[1], shape[2] + 1, *shape[3:]) if first else shape

    lopsided = wrong.Instead(conv_output=as_channels_last)
    must_fail(
        properties.layouts_are_symmetric, lopsided, legal.conv_calls(), examples=100, verb="conv_output"
    )


STRIDES = (
    2,
    (2, 2),
    [2, 2],
    (1, 2, 2, 1),
    [1, 2, 2, 1],
    np.int32(2),
    np.array([2, 2]),
    forms.Duck((1, 2, 2, 1)),
)


@pytest.mark.parametrize("strides", STRIDES, ids=repr)
@pytest.mark.parametrize("argument", ["strides", "dilations"])
def test_strides_and_dilations(argument: str, strides: Any) -> None:
    assert cs.conv_output(FORWARD_INPUT, FILTER, **{argument: strides}) == cs.conv_output(
        FORWARD_INPUT, FILTER, **{argument: (2, 2)}
    )


PADDED = {
    "SAME": ("same", "Same", "sAmE", np.str_("SAME")),
    "VALID": ("valid", "Valid", 0, np.int64(0), ((0, 0), (0, 0)), ((0, 0),) * 4),
    ((1, 1), (1, 1)): (
        1,
        np.int8(1),
        [[1, 1], [1, 1]],
        ((0, 0), (1, 1), (1, 1), (0, 0)),
        np.ones((2, 2), int),
    ),
    ((1, 2), (0, 3)): ([(1, 2), (0, 3)], [[0, 0], [1, 2], [0, 3], [0, 0]], np.array([[1, 2], [0, 3]])),
}


@pytest.mark.parametrize("padding", PADDED, ids=str)
def test_padding(padding: Any) -> None:
    wanted = cs.conv_output(FORWARD_INPUT, FILTER, padding=padding)
    for other in PADDED[padding]:
        assert cs.conv_output(FORWARD_INPUT, FILTER, padding=other) == wanted, other


def test_one_axis_takes_a_bare_pair() -> None:
    assert cs.conv_output((2, 8, 3), (3, 3, 4), padding=(1, 2)) == cs.conv_output(
        (2, 8, 3), (3, 3, 4), padding=((1, 2),)
    )
    assert cs.conv_output((2, 8, 3), (3, 3, 4), padding=(1, 2)) == (2, 9, 4)


@pytest.mark.parametrize(
    "shape", [(2, 9, 9, 1), [2, 9, 9, 1], np.array((2, 9, 9, 1)), forms.Duck((2, 9, 9, 1))]
)
def test_shapes(shape: Any) -> None:
    answer = cs.pool_output(shape, 3)
    assert answer == (2, 3, 3, 1)
    assert [type(size) for size in answer] == [int] * 4


def test_a_range_is_a_shape() -> None:
    assert cs.conv_output(range(1, 6), range(2, 7), padding="valid") == (1, 1, 1, 1, 6)


def test_positional_is_as_by_name() -> None:
    assert cs.transpose_output(INPUT, FILTER, 2, "VALID") == cs.transpose_output(
        input_shape=INPUT, filter_shape=FILTER, strides=2, padding="VALID"
    )
    assert cs.check_transpose(INPUT, FILTER, ("N", 15, 15, 32), 2, "SAME") == ("N", 15, 15, 32)
    assert cs.pool_output(INPUT, 3, 2, "SAME") == ("N", 4, 4, 64)
