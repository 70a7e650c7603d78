"""Ends of receptive fields as floors: against tables of every phase, and deep networks in no time."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from hypothesis import strategies as st

import convshape as cs
from convshape._networks import _receptive_floor as floors
from convshape._networks._taps import Taps
from tests.core.networks import nets
from tests.core.networks.test_receptive_field import networks
from tests.holding import Holder, must_fail

C = nets.CHANNELS
numbers = st.integers(1, 6)


def apart_is_the_most(
    implementation: Any, growth: int, times: int, plus: tuple[int, int], over: tuple[int, int]
) -> None:
    """What two forms of one rate are apart is the most over a period of both."""
    one, other = (
        floors.floor_of(shift, growth * mine, times, added, mine)
        for shift, added, mine in zip((0, 3), plus, over, strict=True)
    )
    differences = [floors.value(one, n) - floors.value(other, n) for n in range(over[0] * over[1])]
    assert implementation.apart(one, other) == max(differences)


def after_is_one_in_the_other(
    implementation: Any, form: tuple[int, ...], times: int, plus: int, over: int
) -> None:
    """A form after a floor has the values of the form at the floor's."""
    outer = floors.floor_of(*form)  # type: ignore[arg-type]
    found = implementation.after(outer, times, plus, over)
    if found is None:
        return
    for n in range(-9, 40):
        assert floors.value(found, n) == floors.value(outer, (times * n + plus) // over)


FORM = st.tuples(st.integers(-9, 9), numbers, numbers, st.integers(-9, 9), numbers)
PLUS = st.tuples(st.integers(-9, 9), st.integers(-9, 9))


def test_apart(hold: Holder) -> None:
    hold(apart_is_the_most, floors, numbers, numbers, PLUS, st.tuples(numbers, numbers), examples=200)


def test_after(hold: Holder) -> None:
    hold(after_is_one_in_the_other, floors, FORM, numbers, st.integers(-9, 9), numbers, examples=200)


def test_wrong_floors_are_found_out() -> None:
    first = SimpleNamespace(apart=lambda one, other: floors.value(one, 0) - floors.value(other, 0))
    must_fail(apart_is_the_most, first, numbers, numbers, PLUS, st.tuples(numbers, numbers), examples=100)
    careless = SimpleNamespace(
        after=lambda form, times, plus, over: floors.after(form, times, plus + 1, over)
    )
    must_fail(after_is_one_in_the_other, careless, FORM, numbers, st.integers(-9, 9), numbers, examples=100)


def tells_what_tables_tell(implementation: Any, network: Any, size: int | None) -> None:
    """Floors and tables give the same numbers, with a size and without one."""
    try:
        found = implementation.receptive_field(network, ("N", size, C)).rows
    except cs.ShapeError:
        return
    with mock.patch.object(Taps, "_as_floors", lambda _: None):
        assert cs.receptive_field(network, ("N", size, C)).rows == found


def test_floors_are_tables(hold: Holder) -> None:
    hold(tells_what_tables_tell, cs, networks, st.none() | st.integers(1, 30), examples=80)


def test_wrong_ends_are_found_out() -> None:
    """Tables find out floors that begin an element late."""

    def receptive_field(network: Any, input_shape: Any) -> Any:
        plus = Taps._plus
        with mock.patch.object(Taps, "_plus", lambda taps, ends: None if (p := plus(taps, ends)) is None else p + (taps.period > 1)):  # fmt: skip
            return cs.receptive_field(network, input_shape)

    wrong = SimpleNamespace(receptive_field=receptive_field)
    must_fail(tells_what_tables_tell, wrong, networks, st.none(), examples=80)


@pytest.mark.parametrize("levels", [5, 10, 12])
def test_depth(levels: int) -> None:
    """Every level adds a few layers, not twice the work: tables of 2**levels phases at 2**levels sizes take minutes."""
    (row, *_) = reversed(cs.receptive_field(nets.unet(levels)).rows)
    assert row.size == (13 * 2**levels - 4,) * 2 and row.jump == (1, 1)
    assert row.start == (2 - 6 * 2**levels,) * 2
