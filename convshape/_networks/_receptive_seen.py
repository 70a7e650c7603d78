"""What the outputs of a layer see of one axis of the input, as if no axis had an end.

Where the ends of the fields are floors, the floors say all (:class:`Ends`); behind holes and the like a table of one
period of outputs stands for all (:class:`Seen`).
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm

from convshape._frozen import Frozen
from convshape._networks._receptive_floor import N, after, apart, value
from convshape._networks._taps import MOST_PHASES, MOST_TAPS, STAY, Taps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._networks._receptive_floor import Floor

_MOST_ENDS = 64  # each is compared with each


class Seen(Frozen):
    """What the outputs of one layer see of the input, as a table.

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
    def jump(self) -> Fraction:
        """How many input elements lie from one output to the next, on the average."""
        return Fraction(self.growth, self.period)

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

    def table(self) -> Seen:
        """Return what is seen as a table, which it is."""
        return self

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


class Ends(Frozen):
    """What the outputs of one layer see of the input, where both ends of the fields grow as floors do.

    Attributes:
        firsts: The first element is the least of these.
        lasts: The last element is the largest of these.
        size: The largest number of input elements that one output spans.
    """

    __slots__ = ("firsts", "lasts", "size")
    _fields = ("firsts", "lasts", "size")
    firsts: tuple[Floor, ...]
    lasts: tuple[Floor, ...]
    size: int
    constant = False

    def __init__(self, firsts: tuple[Floor, ...], lasts: tuple[Floor, ...], size: int) -> None:
        self._set(firsts=firsts, lasts=lasts, size=size)

    @property
    def jump(self) -> Fraction:
        """How many input elements lie from one output to the next, on the average."""
        _, growth, times, _, over = self.firsts[0]
        return Fraction(growth * times, over)

    def at(self, output: int) -> tuple[int, int]:
        """Return first and last element of an output's field."""
        return min(value(one, output) for one in self.firsts), max(value(one, output) for one in self.lasts)

    def table(self) -> Seen | None:
        """Return what is seen as a table; None where the period is too long for one."""
        period = lcm(*(form[4] for form in (*self.firsts, *self.lasts)))
        if period > MOST_PHASES:
            return None
        return Seen(period, int(self.jump * period), tuple(map(self.at, range(period))))

    def through(self, taps: Taps) -> Ends | Seen | None:
        """Return what the outputs of the next layer see; None where no closed form and no table can tell."""
        if taps is STAY:
            return self
        if taps.ends is not None:
            low, high = taps.ends
            firsts = [after(one, taps.growth, low, taps.period) for one in self.firsts]
            lasts = [after(one, taps.growth, high, taps.period) for one in self.lasts]
            if None not in firsts and None not in lasts:
                found = ends_of(firsts, lasts)  # type: ignore[arg-type]
                if found is not None:
                    return found
        table = self.table()
        return None if table is None else table.through(taps)


def ends_of(firsts: list[Floor], lasts: list[Floor]) -> Ends | None:
    """Return the ends without those that others are always before or behind; None where they are too many to compare."""
    low = _least(firsts)
    high = low and _least(lasts, last=True)
    if not low or not high:
        return None
    spans = [apart(last, first) for last in high for first in low]
    known = [span for span in spans if span is not None]
    return Ends(low, high, max(known) + 1) if len(known) == len(spans) else None


def _least(forms: list[Floor], *, last: bool = False) -> tuple[Floor, ...] | None:
    """Return the forms that are the least for some output, or the largest."""
    kept: list[Floor] = []
    for form in dict.fromkeys(forms):
        if any(_never(kept_one, form, last=last) for kept_one in kept):
            continue
        kept = [one for one in kept if not _never(form, one, last=last)]
        kept.append(form)
        if len(kept) > _MOST_ENDS:
            return None
    return tuple(kept)


def _never(one: Floor, other: Floor, *, last: bool) -> bool:
    """Return whether the other form is never below the first; or never above it, of last elements."""
    most = apart(other, one) if last else apart(one, other)
    return most is not None and most <= 0


def hull(fields: list[tuple[int, int] | None]) -> tuple[int, int] | None:
    """Return first and last element of several fields together."""
    known = [field for field in fields if field is not None]
    return (min(first for first, _ in known), max(last for _, last in known)) if known else None


ITSELF = Ends((N,), (N,), 1)


def joined(found: list[Seen | Ends]) -> Seen | Ends | None:
    """Return the hull of branches that repeat at one rate; None where they do not, or nothing can tell."""
    if len(found) == 1 or len({*found}) == 1:
        return found[0]
    if len({one.jump for one in found}) > 1:
        return None
    ends = [one for one in found if isinstance(one, Ends)]
    if len(ends) == len(found):
        together = ends_of(
            [end for one in ends for end in one.firsts], [end for one in ends for end in one.lasts]
        )
        if together is not None:
            return together
    tables = [table for one in found if (table := one.table()) is not None]
    period = lcm(*(one.period for one in tables))
    if len(tables) < len(found) or period > MOST_PHASES:
        return None
    growth = period // tables[0].period * tables[0].growth
    return Seen(period, growth, tuple(hull([one.at(output) for one in tables]) for output in range(period)))
