"""Transposed convolutions: exactly the output shapes that the executed op takes."""

from __future__ import annotations

from typing import Any

import pytest

import convshape as cs
from tests import strategies as legal
from tests.holding import Holder, must_fail
from tests.oracle import properties, wrong

PLAIN = {"channels_first": False, "max_dilation": 1, "max_groups": 1}
RANKS = pytest.mark.parametrize("rank", legal.RANKS)


@RANKS
def test_the_default_is_taken(hold: Holder, rank: int) -> None:
    calls = legal.transpose_calls(ranks=(rank,), **PLAIN)
    hold(properties.transpose_output_is_taken, cs, calls, examples=500 if rank < 3 else 200)


def test_the_default_is_taken_in_every_form(hold: Holder) -> None:
    hold(properties.transpose_output_is_taken, cs, legal.transpose_calls(), examples=150)


def test_the_default_is_what_keras_makes(hold: Holder) -> None:
    calls = legal.transpose_calls(kinds=("SAME", "VALID"), **PLAIN)
    hold(properties.default_is_keras, cs, calls.filter(lambda call: call["input_shape"][0] > 0), examples=500)


@RANKS
def test_check_accepts_exactly(hold: Holder, rank: int) -> None:
    """Every candidate from two below the legal range to two above it, all axes together."""
    calls = legal.transpose_calls(ranks=(rank,), roomy=False, **PLAIN)
    examples = {1: 600, 2: 250, 3: 25}[rank]
    hold(properties.accepts_exactly, cs, calls, examples=examples)


@RANKS
def test_outputs_are_the_accepted(hold: Holder, rank: int) -> None:
    calls = legal.transpose_calls(ranks=(rank,), roomy=False, **PLAIN)
    hold(properties.outputs_are_the_accepted, cs, calls, examples={1: 400, 2: 150, 3: 20}[rank])


@pytest.mark.parametrize("property_", [properties.accepts_exactly, properties.outputs_are_the_accepted])
def test_accepted_in_every_form(hold: Holder, property_: Any) -> None:
    """Channels first, dilated and grouped: what the native kernels cannot execute."""
    hold(property_, cs, legal.transpose_calls(roomy=False, max_stride=3), examples=25)


def test_batch_and_channels(hold: Holder) -> None:
    calls = legal.transpose_calls(ranks=(1, 2), **PLAIN)
    hold(properties.batch_and_channels_are_its_own, cs, calls, examples=300)


def test_forward_undoes_transpose(hold: Holder) -> None:
    calls = legal.transpose_calls(roomy=False, channels_first=False, max_dilation=2)
    hold(properties.forward_undoes_transpose, cs, calls, examples=500)


def test_output_padding_counts(hold: Holder) -> None:
    hold(properties.output_padding_counts, cs, legal.transpose_calls(**PLAIN), examples=300)


FLOORED = wrong.floor_for_ceil_outputs
WRONG_CHECKS = {
    "one too many": wrong.Instead(check_transpose=wrong.checking(wrong.shifted_outputs(0, 1))),
    "one too few": wrong.Instead(check_transpose=wrong.checking(wrong.shifted_outputs(0, -1))),
    "off by one": wrong.Instead(check_transpose=wrong.checking(wrong.shifted_outputs(1, 1))),
    "floor for ceil": wrong.Instead(check_transpose=wrong.checking(FLOORED)),
    "swapped filter": wrong.with_arguments("check_transpose", wrong.swapped_filter),
}
WRONG_OUTPUTS = {
    "one too many": wrong.Instead(transpose_outputs=wrong.shifted_outputs(0, 1)),
    "one too few": wrong.Instead(transpose_outputs=wrong.shifted_outputs(0, -1)),
    "off by one": wrong.Instead(transpose_outputs=wrong.shifted_outputs(1, 1)),
    "floor for ceil": wrong.Instead(transpose_outputs=FLOORED),
}
WRONG_DEFAULTS = {
    "off by one": wrong.with_result("transpose_output", wrong.one_more("transpose_output")),
}


@pytest.mark.parametrize("formula", WRONG_CHECKS)
def test_a_wrong_check_fails(formula: str) -> None:
    calls = legal.transpose_calls(ranks=(1, 2), **PLAIN)
    must_fail(properties.accepts_exactly, WRONG_CHECKS[formula], calls, examples=200)


@pytest.mark.parametrize("formula", WRONG_OUTPUTS)
def test_wrong_outputs_fail(formula: str) -> None:
    calls = legal.transpose_calls(ranks=(1, 2), **PLAIN)
    must_fail(properties.outputs_are_the_accepted, WRONG_OUTPUTS[formula], calls, examples=200)
    if formula != "one too few":  # fewer are all still undone
        must_fail(properties.forward_undoes_transpose, WRONG_OUTPUTS[formula], calls, examples=200)


@pytest.mark.parametrize(
    "property_",
    [properties.transpose_output_is_taken, properties.default_is_keras, properties.output_padding_counts],
)
def test_a_wrong_default_fails(property_: Any) -> None:
    calls = legal.transpose_calls(ranks=(1, 2), kinds=("SAME", "VALID"), **PLAIN)
    must_fail(property_, WRONG_DEFAULTS["off by one"], calls, examples=200)


def test_a_wrong_batch_check_fails() -> None:
    """An implementation that takes any channels is found out."""

    def check_transpose(*, output_shape: Any, **call: Any) -> tuple[int, ...]:
        return tuple(output_shape)

    calls = legal.transpose_calls(ranks=(1, 2), **PLAIN)
    wrong_check = wrong.Instead(check_transpose=check_transpose)
    must_fail(properties.batch_and_channels_are_its_own, wrong_check, calls, examples=50)
