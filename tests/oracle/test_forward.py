"""Forward convolutions and pools: the shape that is said is the shape of the executed op's result."""

from __future__ import annotations

from typing import Any

import pytest

import convshape as cs
from tests import strategies as legal
from tests.engines.tensorflow_engine import oracle_shape
from tests.engines.tensorflow_ops import EngineRefused
from tests.holding import Holder, must_fail
from tests.oracle import wrong
from tests.oracle.properties import output_is_executed

CONV = {"verb": "conv_output"}
POOL = {"verb": "pool_output"}


@pytest.mark.parametrize("rank", legal.RANKS)
def test_conv_is_executed(hold: Holder, rank: int) -> None:
    calls = legal.conv_calls(ranks=(rank,), channels_first=False, max_dilation=3 if rank < 3 else 1)
    hold(output_is_executed, cs, calls, examples=1200, **CONV)


def test_dilated_conv3d_is_executed(hold: Holder) -> None:
    hold(output_is_executed, cs, legal.conv_calls(ranks=(3,), channels_first=False), examples=200, **CONV)


@pytest.mark.parametrize("rank", legal.RANKS)
def test_channels_first_conv_is_executed(hold: Holder, rank: int) -> None:
    hold(output_is_executed, cs, legal.conv_calls(ranks=(rank,), channels_first=True), examples=50, **CONV)


@pytest.mark.parametrize("pool", ["max", "avg"])
@pytest.mark.parametrize("rank", legal.RANKS)
def test_pool_is_executed(hold: Holder, rank: int, pool: str) -> None:
    calls = legal.pool_calls(ranks=(rank,), channels_first=False)
    hold(output_is_executed, cs, calls, examples=500, pool=pool, **POOL)


@pytest.mark.parametrize("pool", ["max", "avg"])
def test_channels_first_pool_is_executed(hold: Holder, pool: str) -> None:
    hold(output_is_executed, cs, legal.pool_calls(channels_first=True), examples=60, pool=pool, **POOL)


@pytest.mark.parametrize(("in_channels", "out_channels", "groups"), [(3, 5, 1), (4, 6, 2), (6, 3, 3)])
@pytest.mark.parametrize("rank", legal.RANKS)
def test_filters_are_executed(rank: int, in_channels: int, out_channels: int, groups: int) -> None:
    """conv_filter and transpose_filter make filters that take and make those channels in the op."""
    kernel, spatial = (3, 2, 1)[:rank], (4,) * rank
    call = {"input_shape": (1, *spatial, in_channels), "groups": groups}
    forward = cs.conv_filter(kernel, in_channels, out_channels, groups=groups)
    assert oracle_shape("conv_output", {**call, "filter_shape": forward}) == (1, *spatial, out_channels)
    back = cs.transpose_filter(kernel, in_channels, out_channels, groups=groups)
    wanted = (1, *spatial, out_channels)
    assert oracle_shape("check_transpose", {**call, "filter_shape": back, "output_shape": wanted}) == wanted
    if in_channels != out_channels:
        with pytest.raises(EngineRefused):
            swapped = (*back[:-2], back[-1], back[-2])
            oracle_shape("check_transpose", {**call, "filter_shape": swapped, "output_shape": wanted})


WRONG = {
    "off by one": lambda verb: wrong.with_result(verb, wrong.one_more(verb)),
    "floor for ceil": lambda verb: wrong.with_result(verb, wrong.floor_for_ceil),
}


@pytest.mark.parametrize("formula", WRONG)
@pytest.mark.parametrize("verb", ["conv_output", "pool_output"])
def test_a_wrong_formula_fails(verb: str, formula: str) -> None:
    calls = legal.CALLS[verb](channels_first=False, max_dilation=1)
    must_fail(output_is_executed, WRONG[formula](verb), calls, examples=500, verb=verb)


def test_a_swapped_filter_fails() -> None:
    def swapped(shape: Any, call: Any) -> tuple[int, ...]:
        return (*shape[:-1], call["filter_shape"][-2])

    calls = legal.conv_calls(channels_first=False, max_dilation=1, max_groups=1)
    must_fail(output_is_executed, wrong.with_result("conv_output", swapped), calls, examples=500, **CONV)
