"""Wrong calls of every kind: nothing but a ShapeError, and every fix that it offers works."""

from __future__ import annotations

from typing import Any

import pytest

import convshape as cs
from tests import strategies as legal
from tests.holding import Holder, must_fail
from tests.oracle import refusals, wrong
from tests.oracle.mutations import MUTATIONS, mutated_calls

HAVING = {  # which verbs have an argument that not all have
    "output_shape": ("check_transpose",),
    "output_padding": ("transpose_output", "transpose_outputs"),
    "window_shape": ("pool_output",),
    "filter_shape": ("conv_output", "transpose_output", "check_transpose", "padding_amounts"),
}
LAST = {"channels_first": False}  # channels first has to be compiled, 50 ms a call


def _report(hold: Holder) -> None:
    """Record what became of the calls, and start counting anew."""
    for what, number in refusals.SEEN.items():
        hold.count(f"... {what}", number)
    refusals.SEEN.clear()


@pytest.mark.parametrize("verb", legal.CALLS)
def test_a_wrong_call_is_refused_or_was_legal(hold: Holder, verb: str) -> None:
    plain = {"max_dilation": 1} if "transpose" in verb else {}
    hold(refusals.answers_or_refuses, cs, mutated_calls(verbs=(verb,), **LAST, **plain), examples=700)
    _report(hold)


@pytest.mark.parametrize("verb", legal.CALLS)
def test_every_fix_works(hold: Holder, verb: str) -> None:
    plain = {"max_dilation": 1, "max_groups": 1} if "transpose" in verb else {}
    hold(refusals.fixes_are_legal, cs, mutated_calls(verbs=(verb,), **LAST, **plain), examples=400)
    _report(hold)


def test_every_fix_works_in_every_form(hold: Holder) -> None:
    hold(refusals.fixes_are_legal, cs, mutated_calls(), examples=80)


@pytest.mark.parametrize("name", MUTATIONS)
def test_every_mutation_makes_wrong_calls(hold: Holder, name: str) -> None:
    """A mutation that never made anything wrong would test nothing."""
    refused = 0

    def count(implementation: Any, mutated: Any) -> None:
        nonlocal refused
        if name in mutated.names:
            try:
                getattr(implementation, mutated.verb)(**mutated.call)
            except cs.ShapeError:
                refused += 1

    needs = MUTATIONS[name][0]
    hold(count, cs, mutated_calls(first=name, verbs=HAVING.get(needs, tuple(legal.CALLS))), examples=100)
    assert refused


def test_a_missing_argument_is_a_type_error() -> None:
    for verb in legal.CALLS:
        with pytest.raises(TypeError):
            getattr(cs, verb)()


def _with_fix(record: cs.Diagnosis, fix: dict[str, Any]) -> cs.Diagnosis:
    parts = {name: getattr(record, name) for name in ("given", "legal", "problem", "reason")}
    return cs.Diagnosis(record.operation, record.argument, **parts, fix=fix)


def _always_offering(fix: dict[str, Any]) -> wrong.Instead:
    """Return convshape, but every error offers the same fix."""

    def verb_with(verb: str) -> Any:
        def call_verb(**call: Any) -> Any:
            try:
                return getattr(cs, verb)(**call)
            except cs.ShapeError as error:
                raise cs.ShapeError(_with_fix(error.diagnosis, fix)) from None

        return call_verb

    return wrong.Instead(**{verb: verb_with(verb) for verb in legal.CALLS})


@pytest.mark.parametrize("fix", [{}, {"strides": 0}, {"padding": "SMAE"}])
def test_a_wrong_fix_fails(fix: dict[str, Any]) -> None:
    must_fail(refusals.fixes_are_legal, _always_offering(fix), mutated_calls(**LAST), examples=200)


def test_a_fix_that_only_convshape_takes_fails() -> None:
    """The op has the last word: an implementation that lets everything pass is found out."""

    def check_transpose(**call: Any) -> Any:
        return tuple(call["output_shape"])

    lenient = wrong.Instead(check_transpose=check_transpose)
    calls = mutated_calls(verbs=("check_transpose",), **LAST, max_dilation=1, max_groups=1)
    must_fail(refusals.answers_or_refuses, lenient, calls, examples=300)


def test_a_fix_that_the_op_refuses_fails() -> None:
    """An implementation that offers an output_shape one too large, and takes it, is found out by the op."""

    def check_transpose(*, output_shape: Any, **call: Any) -> Any:
        too_large = tuple(list(wrong.shifted_outputs(0, 1)(**call))[-1])
        if output_shape == too_large:
            return too_large
        try:
            return cs.check_transpose(output_shape=output_shape, **call)
        except cs.ShapeError as error:
            raise cs.ShapeError(_with_fix(error.diagnosis, {"output_shape": too_large})) from None

    calls = mutated_calls(
        verbs=("check_transpose",), first="other_output", **LAST, max_dilation=1, max_groups=1
    )
    wrong_fixes = wrong.Instead(check_transpose=check_transpose)
    must_fail(refusals.fixes_are_legal, wrong_fixes, calls, examples=300)


def test_another_exception_fails() -> None:
    def conv_output(**call: Any) -> Any:
        return call["input_shape"][0] + 1

    crashing = wrong.Instead(conv_output=conv_output)
    must_fail(
        refusals.answers_or_refuses, crashing, mutated_calls(verbs=("conv_output",), **LAST), examples=300
    )
