"""Filter layouts, the padding amounts, groups, and what passes through a convolution unchanged."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

import convshape as cs
from tests.core.calls import FILTER, FORWARD_INPUT, INPUT
from tests.holding import Holder, must_fail
from tests.oracle.wrong import Instead


@pytest.mark.parametrize(
    ("kernel", "spatial"),
    [(5, (5, 5)), ((5,), (5,)), ((3, 5), (3, 5)), ([1, 2, 3], (1, 2, 3)), (np.int64(5), (5, 5)), (np.array([3, 5]), (3, 5))],
    ids=repr,
)  # fmt: skip
def test_filters(kernel: Any, spatial: tuple[int, ...]) -> None:
    assert cs.conv_filter(kernel, 32, 64) == (*spatial, 32, 64)
    assert cs.transpose_filter(kernel, 32, 64) == (*spatial, 64, 32)
    assert [type(size) for size in cs.conv_filter(kernel, np.int64(32), 64)] == [int] * (len(spatial) + 2)


def filters_fit(
    implementation: Any, kernel: tuple[int, ...], per_group: tuple[int, int], groups: int
) -> None:
    """A filter that a verb has made fits an input of those channels, and makes those channels."""
    inside, outside = (channels * groups for channels in per_group)
    shape = ("N", *(9,) * len(kernel), inside)
    forward = implementation.conv_filter(kernel, inside, outside, groups=groups)
    assert cs.conv_output(shape, forward, groups=groups)[-1] == outside
    assert forward == (*kernel, inside // groups, outside)
    backward = implementation.transpose_filter(kernel, inside, outside, groups=groups)
    assert cs.transpose_output(shape, backward, groups=groups)[-1] == outside
    assert backward == (*kernel, outside // groups, inside)


KERNELS = st.lists(st.integers(1, 5), min_size=1, max_size=3).map(tuple)
CHANNELS = st.tuples(st.integers(1, 4), st.integers(1, 4))


def test_filters_fit(hold: Holder) -> None:
    hold(filters_fit, cs, KERNELS, CHANNELS, st.integers(1, 4), examples=100)


def without_groups(kernel: Any, inside: Any, outside: Any, *, groups: Any) -> Any:
    """Return a filter as if there were one group."""
    return cs.conv_filter(kernel, inside, outside)


@pytest.mark.parametrize(
    "wrong",
    [
        Instead(transpose_filter=cs.conv_filter),
        Instead(conv_filter=cs.transpose_filter),
        Instead(conv_filter=without_groups),
    ],
    ids=["transposed as forward", "forward as transposed", "groups forgotten"],
)
def test_wrong_filters_are_found_out(wrong: Any) -> None:
    def property_(implementation: Any, *drawn: Any) -> None:
        try:
            filters_fit(implementation, *drawn)
        except cs.ShapeError as error:
            raise AssertionError("the filter does not fit") from error

    must_fail(property_, wrong, KERNELS, CHANNELS, st.integers(1, 4), examples=100)


def test_depthwise() -> None:
    """As many groups as channels."""
    filter_shape = cs.conv_filter(3, 32, 64, groups=32)
    assert filter_shape == (3, 3, 1, 64)
    assert cs.conv_output(FORWARD_INPUT, filter_shape, groups=32) == ("N", 8, 8, 64)
    assert cs.transpose_filter(3, 32, 64, groups=32) == (3, 3, 2, 32)


@pytest.mark.parametrize(
    ("arguments", "amounts"),
    [
        ((("N", 224, 224, 3), (7, 7, 3, 64), 2), ((2, 3), (2, 3))),
        ((("N", 8, 9, 3), (3, 3, 3, 4), 2), ((0, 1), (1, 1))),
        ((("N", 8, 9, 3), (3, 3, 3, 4), 2, "VALID"), ((0, 0), (0, 0))),
        ((("N", 8, 9, 3), (3, 3, 3, 4), 2, 1), ((1, 1), (1, 1))),
        ((("N", 8, 9, 3), (3, 3, 3, 4), 2, ((1, 2), (0, 3))), ((1, 2), (0, 3))),
        ((("N", 8, 9, 3), (1, 1, 3, 4), 4), ((0, 0), (0, 0))),
        ((("N", None, 9, 3), (3, 3, 3, 4), 2), ((None, None), (1, 1))),
        ((("N", None, 9, 3), (3, 4, 3, 4), 1), ((1, 1), (1, 2))),
        ((("N", None, 9, 3), (3, 3, 3, 4), 2, "VALID"), ((0, 0), (0, 0))),
        (((None, None, None, None), (3, 3, 3, 4), 2, 1), ((1, 1), (1, 1))),
        (((1, 8, 3), (3, 3, 4), 2), ((0, 1),)),
        (((1, 8, 8, 8, 3), (3, 3, 3, 3, 4), 2), ((0, 1), (0, 1), (0, 1))),
    ],
    ids=str,
)
def test_padding_amounts(arguments: Any, amounts: Any) -> None:
    assert cs.padding_amounts(*arguments) == amounts


def test_padding_amounts_of_a_dilated_kernel() -> None:
    assert cs.padding_amounts(("N", 9, 9, 3), (3, 3, 3, 4), dilations=(1, 2)) == ((1, 1), (2, 2))


def test_padding_amounts_do_not_depend_on_groups() -> None:
    """A filter of a third of the channels is a filter of three groups; nobody has to say so."""
    assert cs.padding_amounts(("N", 8, 8, 9), (3, 3, 3, 6)) == ((1, 1), (1, 1))
    with pytest.raises(cs.ChannelError):
        cs.padding_amounts(("N", 8, 8, 8), (3, 3, 3, 6))


@pytest.mark.parametrize("batch", ["N", "batch_size", None, 0, 1, 2**63 - 1])
def test_batch_passes_unchanged(batch: Any) -> None:
    assert cs.conv_output((batch, 8, 8, 32), FILTER, 2) == (batch, 4, 4, 64)
    assert cs.transpose_output((batch, 8, 8, 64), FILTER, 2) == (batch, 16, 16, 32)
    assert cs.pool_output((batch, 8, 8, 64), 2) == (batch, 4, 4, 64)
    assert {member[0] for member in cs.transpose_outputs((batch, 8, 8, 64), FILTER, 2)} == {batch}
    if batch is not None:
        wanted = (batch, 15, 16, 32)
        assert cs.check_transpose((batch, 8, 8, 64), FILTER, wanted, 2) == wanted


def test_unknown_channels() -> None:
    """The filter knows them: a convolution's output has its channels, a pool's stays unknown."""
    assert cs.conv_output((None, 8, 8, None), FILTER) == (None, 8, 8, 64)
    assert cs.transpose_output((None, 8, 8, None), FILTER) == (None, 8, 8, 32)
    assert cs.pool_output((None, None, None, None), 2) == (None, None, None, None)


def test_check_of_an_unknown_input() -> None:
    """Any batch, and any size that some input reaches."""
    for wanted in ((4, 7, 9, 32), ("N", 1, 1, 32)):
        assert cs.check_transpose((None, None, None, None), FILTER, wanted, 2) == wanted


def test_check_gives_back_a_plain_tuple() -> None:
    wanted = cs.check_transpose([4, 8, 8, 64], FILTER, np.array([4, 15, 16, 32]), 2)
    assert wanted == (4, 15, 16, 32) and type(wanted) is tuple and {type(size) for size in wanted} == {int}


def test_output_padding_counts_from_the_smallest() -> None:
    """Not from the default: SAME's 0 is 15, VALID's 0 is 19."""
    assert cs.transpose_output(INPUT, FILTER, 2, output_padding=0) == ("N", 15, 15, 32)
    assert cs.transpose_output(INPUT, FILTER, 2, output_padding=1) == ("N", 16, 16, 32)
    assert cs.transpose_output(INPUT, FILTER, 2, output_padding=(0, 1)) == ("N", 15, 16, 32)
    assert cs.transpose_output(INPUT, FILTER, 2, output_padding=[0, 0, 1, 0]) == ("N", 15, 16, 32)
    assert cs.transpose_output(INPUT, FILTER, 2, "VALID", output_padding=0) == ("N", 19, 19, 32)
    assert cs.transpose_output(INPUT, FILTER, 2, 1, output_padding=1) == ("N", 18, 18, 32)
