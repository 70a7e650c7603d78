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
EACH = pytest.mark.parametrize("mistake", ALL, ids=str)


def error_of(mistake: Mistake) -> cs.ShapeError:
    """Return the error of a mistake; it has to have one."""
    error = refusal(mistake.whole, mistake.call)
    assert error is not None, "the mistake is not refused"
    return error


@EACH
def test_names_what_is_wrong(mistake: Mistake) -> None:
    """The kind, the operation, the argument and the axis."""
    error = error_of(mistake)
    assert type(error) is mistake.kind
    assert (error.operation, error.argument, error.axis) == (
        mistake.operation,
        mistake.argument,
        mistake.axis,
    )


@EACH
def test_fix_is_the_sensible_one(mistake: Mistake) -> None:
    """Literally; and put in place of what is wrong, the same call returns."""
    error = error_of(mistake)
    assert error.fix == mistake.fix
    if mistake.fix is not None:
        run(mistake.whole, mistake.mended)


def identical(one: Any, other: Any) -> bool:
    """Tell whether two values are the same to the last type: 2.0 is not 2. A list and a tuple are alike."""
    if type(one) in (tuple, list) and type(other) in (tuple, list):
        return len(one) == len(other) and all(map(identical, one, other))
    return type(one) is type(other) and one == other


@EACH
def test_every_fix_is_legal(mistake: Mistake) -> None:
    """Each returns, changes something in each argument that it names, and none is offered twice."""
    error = error_of(mistake)
    fixes = [fix for fix in (error.fix, *error.alternatives) if fix is not None]
    for fix in fixes:
        run(mistake.whole, {**mistake.call, **fix})
        for name, value in fix.items():
            assert not identical(value, mistake.call.get(name)), f"{name} is changed to what it was"
    assert len({repr(sorted(fix.items(), key=str)) for fix in fixes}) == len(fixes)


@EACH
def test_text(mistake: Mistake, snapshot: SnapshotAssertion) -> None:
    """Four parts in their order, on a line each, and the whole as it was read and found good."""
    text = str(error_of(mistake))
    lines = text.split("\n")
    assert lines[0].startswith(f"{mistake.operation}: ") and lines[0].endswith((".", ")"))
    labels = [line.strip().split(":")[0] for line in lines[1:]]
    assert labels[:3] == ["legal", "because", "fix"] and set(labels[3:]) <= {"or"}
    assert text.isprintable() or set(filter(lambda letter: not letter.isprintable(), text)) == {"\n"}
    assert len(text) < 1500
    assert text == snapshot


@EACH
def test_fix_can_be_typed_in(mistake: Mistake) -> None:
    """The text of the fix is Python for the fix itself."""
    error = error_of(mistake)
    if error.fix is None:
        assert "\n  fix: no change that passes this check was found" in str(error)
        return
    shown = [line.split(": ", 1)[1].split("    (")[0] for line in str(error).split("\n")[3:]]
    assert [eval(f"dict({changes})") for changes in shown] == [error.fix, *error.alternatives]


def test_names_are_unique() -> None:
    """Each name stands once for a verb, so that each text has a snapshot of its own."""
    assert [name for name, count in Counter(map(str, ALL)).items() if count > 1] == []


def test_every_verb_and_spec_has_mistakes() -> None:
    assert {mistake.whole for mistake in ALL} == set(WHOLES)


@pytest.mark.parametrize("whole", WHOLES)
def test_the_call_without_a_mistake_returns(whole: str) -> None:
    assert run(whole, LEGAL[whole]) is not None


def test_a_fix_that_is_not_legal_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check of the fixes above sees an offered fix that does not work, and one that changes nothing."""
    mistake = next(each for each in ALL if each.fix == {"strides": 2} and each.whole == "transpose_output")
    good = error_of(mistake).diagnosis

    def offering(fix: dict[str, Any]) -> cs.ShapeError:
        return cs.ArgumentError(
            cs.Diagnosis(good.operation, good.argument, given=0, legal="", problem="", reason="", fix=fix)
        )

    for fix in (
        {"strides": 0},
        {"padding": "SMAE"},
        {"strides": 2, "filter_shape": mistake.call["filter_shape"]},
    ):
        monkeypatch.setattr("tests.core.test_mistakes.refusal", lambda *_, fix=fix: offering(fix))
        with pytest.raises((cs.ShapeError, AssertionError)):
            test_every_fix_is_legal(mistake)
