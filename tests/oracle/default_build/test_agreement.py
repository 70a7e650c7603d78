"""But for the named deviations, convshape and the default build say the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

import convshape as cs
from tests import strategies as legal
from tests.engines.operation import read
from tests.holding import Holder, must_fail
from tests.oracle import wrong
from tests.oracle.default_build.deviations import takes_too_small
from tests.oracle.more_properties import padding_amounts_by_values
from tests.oracle.properties import judged, output_is_executed
from tests.oracle.test_values import SEEDS

RANKS = pytest.mark.parametrize("rank", legal.RANKS)


def accepts_but_for_deviations(implementation: Any, call: Mapping[str, Any]) -> None:
    """check_transpose takes what the op takes, except where the table says that the op is wrong."""
    operation = read("transpose_output", call)
    for candidate, taken in judged(operation).items():
        shape = operation.laid_out(candidate)
        wrongly = takes_too_small(operation, candidate)
        assert taken or not wrongly, f"the deviation is gone: {candidate} of {operation}"
        try:
            implementation.check_transpose(**call, output_shape=shape)
        except cs.ShapeError as refusal:
            assert not taken or wrongly, f"the op takes {shape}, refused with: {refusal}"
        else:
            assert taken and not wrongly, f"the op does not take {shape}"


def _full_batch(call: dict[str, Any]) -> bool:
    return call["input_shape"][0] > 0  # an empty batch is a deviation of its own


@RANKS
def test_conv(hold: Holder, rank: int) -> None:
    calls = legal.conv_calls(ranks=(rank,)).filter(_full_batch)
    hold(output_is_executed, cs, calls, examples=400, verb="conv_output")


@pytest.mark.parametrize("pool", ["max", "avg"])
def test_pool(hold: Holder, pool: str) -> None:
    hold(
        output_is_executed,
        cs,
        legal.pool_calls().filter(_full_batch),
        examples=400,
        verb="pool_output",
        pool=pool,
    )


@RANKS
def test_transpose(hold: Holder, rank: int) -> None:
    """Channels first, dilations and groups are all executed eagerly here."""
    calls = legal.transpose_calls(ranks=(rank,), kinds=("SAME", "VALID"), roomy=False).filter(_full_batch)
    hold(accepts_but_for_deviations, cs, calls, examples={1: 300, 2: 100, 3: 30}[rank])


def test_explicit_transpose(hold: Holder) -> None:
    calls = legal.transpose_calls(
        ranks=(1, 2), kinds=("explicit",), channels_first=False, max_dilation=1, max_groups=1, roomy=False
    )
    hold(accepts_but_for_deviations, cs, calls.filter(_full_batch), examples=150)


def test_padding_of_conv3d_by_values(hold: Holder) -> None:
    """Dilated and with any stride: conv3d splits SAME here as conv2d does, and not as the native one."""
    calls = legal.padding_calls(ranks=(3,), channels_first=False).filter(_full_batch)
    hold(padding_amounts_by_values, cs, calls, SEEDS, examples=200)


def test_wrong_implementations_fail() -> None:
    plain = {"ranks": (1, 2), "kinds": ("SAME", "VALID")}
    check = wrong.Instead(check_transpose=wrong.checking(wrong.shifted_outputs(0, 1)))
    must_fail(
        accepts_but_for_deviations, check, legal.transpose_calls(**plain).filter(_full_batch), examples=50
    )
    conv = wrong.with_result("conv_output", wrong.one_more("conv_output"))
    calls = legal.conv_calls().filter(_full_batch)
    must_fail(output_is_executed, conv, calls, examples=50, verb="conv_output")
