"""Every named mistake: the kind of error, what it names, its four parts, a legal and sensible fix, and its text."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

import convshape as cs
from tests.core.calls import LEGAL, WHOLES, refusal, run
from tests.core.mistake import Mistake
from tests.core.mistakes_of_numbers import NUMBERS
from tests.core.mistakes_of_outputs import OUTPUTS
from tests.core.mistakes_of_padding import PADDING
from tests.core.mistakes_of_shapes import SHAPES

ALL = (*NUMBERS, *PADDING, *SHAPES, *OUTPUTS)
BY_NAME: dict[str, list[Mistake]] = {}
for _mistake in ALL:
    BY_NAME.setdefault(_mistake.name, []).append(_mistake)
#: One test a mistake, which runs it in every verb and spec that it can be made in.
NAMES = pytest.mark.parametrize("name", BY_NAME)


def error_of(mistake: Mistake) -> cs.ShapeError:
    """Return the error of a mistake; it has to have one."""
    error = refusal(mistake.whole, mistake.call)
    assert error is not None, f"{mistake} is not refused"
    return error


@NAMES
def test_names_what_is_wrong(name: str) -> None:
    """The kind, the operation, the argument and the axis."""
    for mistake in BY_NAME[name]:
        error = error_of(mistake)
        assert type(error) is mistake.kind, mistake
        said = (error.operation, error.argument, error.axis)
        assert said == (mistake.operation, mistake.argument, mistake.axis), mistake


@NAMES
def test_fix_is_the_sensible_one(name: str) -> None:
    """Literally; and put in place of what is wrong, the same call returns."""
    for mistake in BY_NAME[name]:
        assert error_of(mistake).fix == mistake.fix, mistake
        if mistake.fix is not None:
            run(mistake.whole, mistake.mended)


def identical(one: Any, other: Any) -> bool:
    """Tell whether two values are the same to the last type: 2.0 is not 2. A list and a tuple are alike."""
    if type(one) in (tuple, list) and type(other) in (tuple, list):
        return len(one) == len(other) and all(map(identical, one, other))
    return type(one) is type(other) and one == other


def fixes_are_legal(mistake: Mistake, error: cs.ShapeError) -> None:
    """Each fix returns, changes something in each argument that it names, and none is offered twice."""
    fixes = [fix for fix in (error.fix, *error.alternatives) if fix is not None]
    for fix in fixes:
        run(mistake.whole, {**mistake.call, **fix})
        for argument, value in fix.items():
            same = identical(value, mistake.call.get(argument))
            assert not same, f"{mistake}: {argument} is changed to what it was"
    assert len({repr(sorted(fix.items(), key=str)) for fix in fixes}) == len(fixes), mistake


@NAMES
def test_every_fix_is_legal(name: str) -> None:
    for mistake in BY_NAME[name]:
        fixes_are_legal(mistake, error_of(mistake))


@pytest.mark.parametrize(
    "fix", [{"strides": 0}, {"padding": "SMAE"}, {"strides": 2, "padding": "SAME"}], ids=str
)
def test_a_fix_that_is_not_legal_is_found_out(fix: dict[str, Any]) -> None:
    """One that is refused, one that leaves the mistake, and one that also changes what was right to itself."""
    call = {**LEGAL["transpose_output"], "strides": 0.5, "padding": "SAME"}
    mistake = Mistake("stride 0.5", "transpose_output", call, "strides", None, cs.ArgumentError, None)
    record = cs.Diagnosis("transpose_output", "strides", given=0.5, legal="", problem="", reason="", fix=fix)
    with pytest.raises((cs.ShapeError, AssertionError)):
        fixes_are_legal(mistake, cs.ArgumentError(record))


@NAMES
def test_four_parts_in_order(name: str) -> None:
    """Problem, legal, because, fix: a line each, printable, and short."""
    for mistake in BY_NAME[name]:
        text = str(error_of(mistake))
        lines = text.split("\n")
        assert lines[0].startswith(f"{mistake.operation}: ") and lines[0].endswith((".", ")")), text
        labels = [line.strip().split(":")[0] for line in lines[1:]]
        assert labels[:3] == ["legal", "because", "fix"] and set(labels[3:]) <= {"or"}, text
        assert all(line.split(": ", 1)[1] for line in lines), text
        assert all(letter.isprintable() or letter == "\n" for letter in text)
        assert len(text) < 1500


@NAMES
def test_fix_can_be_typed_in(name: str) -> None:
    """The text of the fix is Python for the fix itself."""
    for mistake in BY_NAME[name]:
        error = error_of(mistake)
        if error.fix is None:
            assert "\n  fix: no change that passes this check was found" in str(error)
            continue
        shown = [line.split(": ", 1)[1].split("    (")[0] for line in str(error).split("\n")[3:]]
        assert [eval(f"dict({changes})") for changes in shown] == [error.fix, *error.alternatives], mistake


@NAMES
def test_text(name: str, snapshot: SnapshotAssertion) -> None:
    """The whole text, as it was read and found good: what the verbs share stands once, below their names."""
    texts: dict[str, list[str]] = {}
    for mistake in BY_NAME[name]:
        texts.setdefault(str(error_of(mistake)).partition(": ")[2], []).append(mistake.whole)
    assert "\n\n".join(f"{', '.join(wholes)}: {text}" for text, wholes in texts.items()) == snapshot


def test_names_are_unique() -> None:
    """Each name stands once for a verb, so that no mistake hides another."""
    assert [name for name, count in Counter(map(str, ALL)).items() if count > 1] == []


def test_every_verb_and_spec_has_mistakes() -> None:
    assert {mistake.whole for mistake in ALL} == set(WHOLES)


def test_number_of_mistakes(record_property: Any) -> None:
    """Not a few of them got lost."""
    record_property("examples named mistakes", len(ALL))
    assert len(BY_NAME) >= 190 and len(ALL) >= 950


@pytest.mark.parametrize("whole", WHOLES)
def test_the_call_without_a_mistake_returns(whole: str) -> None:
    assert run(whole, LEGAL[whole]) is not None
