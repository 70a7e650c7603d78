"""Padding amounts by values, unknown sizes, and the ceil mode of pools."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

import convshape as cs
from tests import strategies as legal
from tests.engines.operation import read
from tests.engines.tensorflow_ops import call_op
from tests.holding import Holder, must_fail
from tests.oracle import more_properties, wrong

SEEDS = st.integers(0, 2**16)
HIDDEN = st.lists(st.booleans(), min_size=5, max_size=5)
VERBS = ("conv_output", "transpose_output", "pool_output")


def _pictures(*ranks: int) -> st.SearchStrategy[dict[str, Any]]:
    if 3 not in ranks:
        return legal.padding_calls(ranks=ranks, channels_first=False)
    # Native conv3d has no dilations; and under SAME it skips the first elements where the stride leaves many out
    # between windows (named in default_build, whose conv3d does as conv2d).
    calls = legal.padding_calls(ranks=ranks, channels_first=False, max_dilation=1)
    return calls.filter(lambda call: max(legal.window_of(call).strides) <= min(call["filter_shape"][:-2]) + 1)


@pytest.mark.parametrize("rank", legal.RANKS)
def test_padding_amounts_by_values(hold: Holder, rank: int) -> None:
    hold(more_properties.padding_amounts_by_values, cs, _pictures(rank), SEEDS, examples=400)


def test_padding_amounts_do_not_know_the_layout(hold: Holder) -> None:
    def same_in_either_layout(implementation: Any, call: dict[str, Any]) -> None:
        batch, *spatial, channels = call["input_shape"]
        layout, window = legal.FIRST[len(spatial)], legal.window_of(call)
        first = {**call, "data_format": layout, "strides": window.strides, "dilations": window.dilations}
        first["input_shape"] = legal.laid_out(batch, spatial, channels, layout)
        assert implementation.padding_amounts(**first) == implementation.padding_amounts(**call)

    calls = legal.padding_calls(channels_first=False, kinds=("SAME", "VALID"))
    hold(same_in_either_layout, cs, calls, examples=300)
    must_fail(same_in_either_layout, _amounts(lambda amounts, call: call["data_format"]), calls, examples=50)


def test_native_conv3d_begins_late() -> None:
    """Why some strides are left out above: the needed padding is negative, and the native conv3d obeys it.

    Of three elements, windows of 1 every 3 under SAME: conv2d takes the first, conv3d the second. The amounts are
    conv2d's, which are the default build's too. When this fails, it is mended: leave no strides out.
    """
    call = {"input_shape": (1, 1, 3, 1), "filter_shape": (1, 1, 1, 1), "strides": (1, 3), "padding": "SAME"}
    assert cs.padding_amounts(**call) == ((0, 0), (0, 0))
    ramp, one = np.float32([1, 2, 3]), np.ones(1, np.float32)
    flat = call_op(read("padding_amounts", call), "", ramp.reshape(1, 1, 3, 1), one.reshape(1, 1, 1, 1))
    deep_call = {**call, "input_shape": (1, 1, 1, 3, 1), "filter_shape": (1,) * 5, "strides": (1, 1, 3)}
    deep = call_op(read("padding_amounts", deep_call), "", ramp.reshape(1, 1, 1, 3, 1), one.reshape((1,) * 5))
    assert (float(flat[0, 0, 0, 0]), float(deep[0, 0, 0, 0, 0])) == (1.0, 2.0)


@pytest.mark.parametrize("verb", VERBS)
def test_unknown_sizes(hold: Holder, verb: str) -> None:
    calls = legal.CALLS[verb]()
    hold(more_properties.unknown_as_numbers, cs, calls, HIDDEN, examples=600, verb=verb)


def test_ceil_mode(hold: Holder) -> None:
    calls = legal.pool_calls(kinds=("VALID", "explicit"))
    hold(more_properties.ceil_mode_counts_windows, cs, calls, examples=800)


def _amounts(change: wrong.Change) -> wrong.Instead:
    return wrong.with_result("padding_amounts", change)


WRONG_AMOUNTS = {
    "off by one": lambda amounts, call: tuple((before + 1, after) for before, after in amounts),
    "odd element first": lambda amounts, call: tuple((after, before) for before, after in amounts),
    "floor for ceil": lambda amounts, call: tuple((pair[0], max(0, pair[1] - 1)) for pair in amounts),
    "none at all": lambda amounts, call: tuple((0, 0) for _ in amounts),
}


@pytest.mark.parametrize("formula", WRONG_AMOUNTS)
def test_wrong_amounts_fail(formula: str) -> None:
    changed = _amounts(WRONG_AMOUNTS[formula])
    must_fail(more_properties.padding_amounts_by_values, changed, _pictures(1, 2), SEEDS, examples=200)


@pytest.mark.parametrize("verb", VERBS)
def test_wrong_unknowns_fail(verb: str) -> None:
    changed = wrong.with_result(
        verb, lambda shape, call: tuple(-1 if size is None else size for size in shape)
    )
    must_fail(
        more_properties.unknown_as_numbers, changed, legal.CALLS[verb](), HIDDEN, examples=200, verb=verb
    )


def test_a_wrong_ceil_mode_fails() -> None:
    floored = wrong.with_arguments("pool_output", lambda call: {"ceil_mode": False})
    calls = legal.pool_calls(kinds=("VALID", "explicit"))
    must_fail(more_properties.ceil_mode_counts_windows, floored, calls, examples=500)
    off = wrong.with_result("pool_output", wrong.one_off)
    must_fail(more_properties.ceil_mode_counts_windows, off, calls, examples=500)
