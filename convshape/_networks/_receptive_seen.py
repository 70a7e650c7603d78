"""What the outputs of a layer see of one axis of the input, as if no axis had an end: one period of them stands for all."""

from __future__ import annotations

from itertools import pairwise
from math import gcd, lcm

from convshape._frozen import Frozen
from convshape._networks._taps import MOST_PHASES, MOST_TAPS, STAY, Taps


class Seen(Frozen):
    """What the outputs of one layer see of the input, as if no axis had an end.

    Attributes:
        period: After how many outputs the fields repeat; 1 with a growth of 0 where all see the same.
        growth: How many input elements further on they then lie.
        fields: First and last input element that each output of one period sees; None where it sees none.
    """

    __slots__ = ("fields", "growth", "ordered", "period")
    _fields = ("period", "growth", "fields")
    period: int
    growth: int
    fields: tuple[tuple[int, int] | None, ...]
    ordered: bool  # whether both ends grow with the output, and no output sees nothing

    def __init__(self, period: int, growth: int, fields: tuple[tuple[int, int] | None, ...]) -> None:
        self._set(period=period, growth=growth, fields=fields)
        self._set(ordered=self._is_ordered())

    @property
    def constant(self) -> bool:
        """Whether all outputs see the same."""
        return self.growth == 0

    @property
    def size(self) -> int:
        """The largest number of input elements that one output spans."""
        return max((last - first + 1 for first, last in filter(None, self.fields)), default=0)

    def at(self, output: int) -> tuple[int, int] | None:
        """Return first and last element of an output's field."""
        turn, phase = divmod(output, self.period)
        field = self.fields[phase]
        return None if field is None else (field[0] + turn * self.growth, field[1] + turn * self.growth)

    def _is_ordered(self) -> bool:
        fields = [*filter(None, self.fields), *filter(None, (self.at(self.period),))]
        if len(fields) <= self.period:
            return False
        return all(one[0] <= other[0] and one[1] <= other[1] for one, other in pairwise(fields))

    def through(self, taps: Taps) -> Seen | None:
        """Return what the outputs of the next layer see; None where they are too many to be listed."""
        if taps is STAY or self.constant:
            return self
        period = taps.period * (self.period // gcd(taps.growth, self.period))
        each = 2 if self.ordered else max(map(len, taps.ranges))
        if period > MOST_PHASES or period * each > MOST_TAPS:
            return None
        growth = period // taps.period * taps.growth // self.period * self.growth
        return Seen(period, growth, tuple(self._hull(taps.at(output)) for output in range(period)))

    def _hull(self, taps: range) -> tuple[int, int] | None:
        if not taps:
            return None
        ends = (taps[0], taps[-1]) if self.ordered else taps
        return hull([self.at(tap) for tap in ends])


def hull(fields: list[tuple[int, int] | None]) -> tuple[int, int] | None:
    """Return first and last element of several fields together."""
    known = [field for field in fields if field is not None]
    return (min(first for first, _ in known), max(last for _, last in known)) if known else None


ITSELF = Seen(1, 1, ((0, 0),))


def joined(found: list[Seen]) -> Seen | None:
    """Return the hull of branches that repeat at one rate; None where they do not, or their period is too long."""
    if len(found) == 1 or len({*found}) == 1:
        return found[0]
    period = lcm(*(one.period for one in found))
    growth, *others = {period // one.period * one.growth for one in found}
    if others or period > MOST_PHASES:
        return None
    return Seen(period, growth, tuple(hull([one.at(output) for one in found]) for output in range(period)))
