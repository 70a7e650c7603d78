"""The verbs against sizes by definition, and against one another; wrong verbs must be found out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st

import convshape as cs
from tests import strategies as legal
from tests.core import forms, properties
from tests.holding import Holder, must_fail
from tests.oracle import wrong

RANKS = pytest.mark.parametrize("rank", legal.RANKS)


@RANKS
def test_convolutions_count_places(hold: Holder, rank: int) -> None:
    calls = legal.conv_calls(ranks=(rank,))
    hold(properties.counts_places, cs, calls, examples=80, verb="conv_output")


@RANKS
def test_pools_count_places(hold: Holder, rank: int) -> None:
    calls = forms.CALLS["pool_output"](ranks=(rank,))
    hold(properties.counts_places, cs, calls, examples=80, verb="pool_output")


@RANKS
def test_padding_is_the_least(hold: Holder, rank: int) -> None:
    hold(properties.pads_least, cs, legal.padding_calls(ranks=(rank,)), examples=60)


def test_amounts_replace_words(hold: Holder) -> None:
    hold(properties.amounts_replace_words, cs, legal.padding_calls(), examples=60)


@RANKS
def test_outputs_are_what_the_twin_undoes(hold: Holder, rank: int) -> None:
    calls = legal.transpose_calls(ranks=(rank,))
    hold(properties.outputs_are_what_the_twin_undoes, cs, calls, examples=40)


def test_forward_undoes_transpose(hold: Holder) -> None:
    """Explicit padding that takes sizes below 1 included."""
    hold(properties.forward_undoes_transpose, cs, legal.transpose_calls(roomy=False), examples=60)


def test_check_takes_the_members(hold: Holder) -> None:
    hold(properties.check_takes_the_members, cs, legal.transpose_calls(roomy=False), examples=60)


def test_default_is_documented(hold: Holder) -> None:
    hold(properties.default_is_documented, cs, legal.transpose_calls(), examples=100)


def test_output_padding_counts_up(hold: Holder) -> None:
    hold(properties.output_padding_counts_up, cs, legal.transpose_calls(), examples=60)


HIDDEN = st.tuples(*[st.booleans()] * 5)


@pytest.mark.parametrize("verb", properties.WITH_OUTPUT)
def test_unknown_stays_unknown(hold: Holder, verb: str) -> None:
    calls = forms.CALLS[verb]()
    hold(properties.unknown_stays_unknown, cs, calls, HIDDEN, examples=60, verb=verb)


SPEC_OF = {"conv_output": "Conv", "transpose_output": "ConvTranspose", "pool_output": "Pool"}


@pytest.mark.parametrize("verb", SPEC_OF)
def test_spec_is_the_verb(hold: Holder, verb: str) -> None:
    hold(properties.spec_is_the_verb, cs, forms.CALLS[verb](), examples=40, verb=verb, spec=SPEC_OF[verb])


def one_off(shape: Any, call: Any) -> Any:
    """Return a shape whose first spatial size is one too large, where it is known."""
    place = 2 if (call.get("data_format") or "NHWC")[1] == "C" else 1
    size = shape[place]
    return shape if size is None else (*shape[:place], size + 1, *shape[place + 1 :])


def silent(shape: Any, call: Any) -> Any:
    """Return a number where a size is not known: a guess."""
    return tuple(1 if size is None else size for size in shape)


def odd_before(amounts: Any, call: Any) -> Any:
    return tuple((after, before) for before, after in amounts)


FIRST_MEMBER = wrong.Instead(transpose_outputs=wrong.shifted_outputs(0, -1))
WRONG = {
    "conv_output one off": (
        properties.counts_places,
        wrong.with_result("conv_output", one_off),
        legal.conv_calls(),
        {"verb": "conv_output"},
    ),
    "floor for ceil": (
        properties.counts_places,
        wrong.with_result("conv_output", wrong.floor_for_ceil),
        legal.conv_calls(),
        {"verb": "conv_output"},
    ),
    "floor for ceil mode": (
        properties.counts_places,
        wrong.with_arguments("pool_output", lambda call: {"ceil_mode": False}),
        forms.CALLS["pool_output"](),
        {"verb": "pool_output"},
    ),
    "odd element before": (
        properties.pads_least,
        wrong.with_result("padding_amounts", odd_before),
        legal.padding_calls(),
        {},
    ),
    "padding of stride 1": (
        properties.amounts_replace_words,
        wrong.with_arguments("padding_amounts", lambda call: {"strides": 1, "padding": "VALID"}),
        legal.padding_calls(),
        {},
    ),
    "one member too few": (
        properties.outputs_are_what_the_twin_undoes,
        FIRST_MEMBER,
        legal.transpose_calls(),
        {},
    ),
    "members one off": (
        properties.forward_undoes_transpose,
        wrong.Instead(transpose_outputs=wrong.shifted_outputs(1, 1)),
        legal.transpose_calls(),
        {},
    ),
    "takes anything": (
        properties.check_takes_the_members,
        wrong.Instead(check_transpose=lambda **call: call["output_shape"]),
        legal.transpose_calls(),
        {},
    ),
    "default one off": (
        properties.default_is_documented,
        wrong.with_result("transpose_output", one_off),
        legal.transpose_calls(),
        {},
    ),
    "output_padding from the default": (
        properties.output_padding_counts_up,
        wrong.with_arguments("transpose_output", lambda call: {"output_padding": None}),
        legal.transpose_calls(),
        {},
    ),
    "the spec of another stride": (
        properties.spec_is_the_verb,
        wrong.with_arguments("conv_output", lambda call: {"strides": 5}),
        legal.conv_calls(),
        {"verb": "conv_output", "spec": "Conv"},
    ),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_wrong_verb_is_found_out(mistake: str) -> None:
    property_, implementation, calls, fixed = WRONG[mistake]
    must_fail(property_, implementation, calls, examples=200, **fixed)


@pytest.mark.parametrize("change", [silent, one_off])
def test_guessing_an_unknown_size_is_found_out(change: Any) -> None:
    guess = wrong.Instead(
        transpose_output=lambda **call: (
            change(cs.transpose_output(**call), call)
            if None in call["input_shape"]
            else cs.transpose_output(**call)
        )
    )
    must_fail(
        properties.unknown_stays_unknown,
        guess,
        legal.transpose_calls(),
        HIDDEN,
        examples=200,
        verb="transpose_output",
    )
