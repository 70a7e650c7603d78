"""The exact set of input sizes with which a network works, along one axis.

From the smallest size that every layer takes, a condition depends on the remainder of the size alone, or, where two
sides of an equation grow at different rates, holds at a single size of each remainder. So one period decides, and the
remainders of a long period are found by lengthening those of a short one.
"""

from __future__ import annotations

from math import gcd, lcm

from convshape._errors import SizeError
from convshape._networks._axis import AxisProgram
from convshape._networks._block import places
from convshape._networks._conditions import Condition
from convshape._refusals import Refusal
from convshape._show import INT64_MAX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from convshape._networks._network import Network, Value
    from convshape._shapes import Shape

MOST = 2**14  # remainders that are looked at; strides of 2 reach it after fourteen layers
_FEW = 2**8  # for a fix that may be offered


class Residues:
    """A set of sizes: ``singles``, and from ``start`` on all whose remainder by ``period`` is among ``residues``."""

    __slots__ = ("period", "residues", "singles", "start")

    def __init__(self, start: int, period: int, residues: list[int], singles: list[int]) -> None:
        self.start, self.period, self.residues, self.singles = start, period, residues, singles
        self._shorten()
        self._lower()

    def _shorten(self) -> None:
        """Take the shortest period that says the same."""
        if not self.residues:
            self.period, self.residues = 1, []
            return
        for prime in _primes(self.period):
            while self.period % prime == 0:
                short = self.period // prime
                fewer = sorted({one % short for one in self.residues})
                if len(fewer) * prime != len(self.residues):
                    break
                self.period, self.residues = short, fewer

    def _lower(self) -> None:
        """Let the progression begin where it first holds."""
        if not self.residues:
            return
        singles, residues = {*self.singles}, {*self.residues}
        strays = [one for one in singles if one % self.period not in residues]
        missing = next((one for one in self._downwards() if one not in singles), 0)
        self.start = max(1, missing + 1, *(one + 1 for one in strays))
        self.singles = sorted(one for one in singles if one < self.start)

    def _downwards(self) -> Iterator[int]:
        """Yield the sizes of the pattern below its start, the biggest first."""
        base = self.start - self.start % self.period
        while base >= 0:
            for residue in reversed(self.residues):
                if 0 < base + residue < self.start:
                    yield base + residue
            base -= self.period


def residues_of(program: AxisProgram, most: int) -> Residues:
    """Return the set of sizes for which a program works, or raise the bare ``Refusal``."""
    first = _first(program, program.least)
    if first is None:
        return Residues(1, 1, [], [])
    settled = _settled(program, first, most)
    singles = [size for size in range(first, settled) if program.works(size)]
    period, offsets, fixed = _sieved(program, settled, most)
    if not fixed:
        return Residues(settled, period, sorted((settled + one) % period for one in offsets), singles)
    found = {*singles}
    for condition in fixed[:1]:
        found |= {*_solutions(program, condition, settled, (period, most), offsets)}
    return Residues(settled, 1, [], sorted(size for size in found if size <= INT64_MAX))


def _first(program: AxisProgram, conditions: list[Condition]) -> int | None:
    """Return the smallest size from which conditions hold that hold from some size on; None where none does."""

    def holds(size: int) -> bool:
        values = program.sizes(size)
        return all(each.holds(values) for each in conditions)

    high = 1
    while not holds(high):
        if high > INT64_MAX:
            return None
        high *= 2
    low = high // 2 + 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return high


def _settled(program: AxisProgram, first: int, most: int) -> int:
    """Return the size from which remainders decide: past what crops cross, and past ones that are broadcast."""
    settled = first if not program.bent else max(first, _first(program, program.bent) or first)
    for one, other in program.uneven:
        period, growth = _difference(program, one, other)
        if growth:
            gaps = [_gap(program, one, other, first + step) for step in range(_checked(period, most))]
            settled = max(settled, first + period * (1 + max(map(abs, gaps)) // abs(growth)))
    for each in program.exact:
        if each.first is not None and each.second is not None and program.rate(each.first)[1]:
            settled = max(settled, _first(program, [_above_one(each)]) or settled)
    return settled


def _above_one(condition: Condition) -> Condition:
    one, other = condition.first, condition.second
    return Condition(condition.position, lambda values: values[one] > 1 and values[other] > 1)  # type: ignore[index]


def _gap(program: AxisProgram, one: int, other: int, size: int) -> int:
    values = program.sizes(size)
    return values[one] - values[other]


def _difference(program: AxisProgram, one: int, other: int | None) -> tuple[int, int]:
    """Return period and growth of the difference of two values, or of one value."""
    period, growth = program.rate(one)
    if other is None:
        return period, growth
    second, less = program.rate(other)
    both = lcm(period, second)
    return both, growth * (both // period) - less * (both // second)


def _sieved(program: AxisProgram, settled: int, most: int) -> tuple[int, list[int], list[Condition]]:
    """Return a period, the offsets in it for which remainders are right, and the conditions that fix a size."""
    repeating: list[tuple[int, Condition]] = []
    fixed: list[Condition] = []
    for each in program.exact:
        if each.first is None:
            continue
        period, growth = _difference(program, each.first, each.second)
        if not each.equation:
            repeating.append((_of_remainder(period, growth, each.number or 1), each))
        elif growth == 0:
            repeating.append((period, each))
        else:
            fixed.append(each)
    length, offsets = 1, [0]
    for period in sorted({period for period, _ in repeating}):
        longer = lcm(length, period)
        _checked(len(offsets) * (longer // length), most)
        tests = [each for one, each in repeating if one == period]
        candidates = (one + turn * length for turn in range(longer // length) for one in offsets)
        offsets = [one for one in candidates if _all_hold(program, tests, settled + one)]
        length = longer
    return length, offsets, fixed


def _of_remainder(period: int, growth: int, number: int) -> int:
    """Return the period of a value's remainder by a number."""
    return period * (number // gcd(growth, number))


def _all_hold(program: AxisProgram, tests: list[Condition], size: int) -> bool:
    values = program.sizes(size)
    return all(each.holds(values) for each in tests)


def _solutions(
    program: AxisProgram, condition: Condition, settled: int, bounds: tuple[int, int], offsets: list[int]
) -> Iterator[int]:
    """Yield the sizes that work where an equation holds at one size of each remainder at most."""
    period, most = bounds
    own, growth = _difference(program, condition.first, condition.second)  # type: ignore[arg-type]
    longer = lcm(period, own)
    _checked(len(offsets) * (longer // period), most)
    step = growth * (longer // own)
    for turn in range(longer // period):
        for offset in offsets:
            size = settled + offset + turn * period
            values = program.sizes(size)
            other = condition.number if condition.second is None else values[condition.second]
            gap = values[condition.first] - (other or 0)  # type: ignore[index]
            if gap % step == 0 and -gap // step >= 0 and program.works(size - gap // step * longer):
                yield size - gap // step * longer


def _checked(number: int, most: int) -> int:
    if number <= most:
        return number
    raise Refusal(
        "network",
        given=None,
        problem=f"its sizes repeat only after {number} or more.",
        legal=f"strides that multiply to at most {most}",
        reason="every remainder of the period would have to be looked at.",
        kind=SizeError,
    )


def _primes(number: int) -> Iterator[int]:
    factor = 2
    while factor * factor <= number:
        if number % factor == 0:
            yield factor
            while number % factor == 0:
                number //= factor
        factor += 1
    if number > 1:
        yield number


def nearest_inputs(network: Network, start: Value) -> Iterator[tuple[Shape, str]]:
    """Yield the nearest input shapes that fit: the next bigger and the next smaller, axis by axis where need be."""
    from convshape._networks._valid_sizes_record import ValidSizes

    if start.layout is None:
        return
    bigger, smaller = list(start.told), list(start.told)
    for axis, place in enumerate(places(start.layout)):
        size = start.shape[place]
        if not isinstance(size, int):
            continue
        try:
            sizes = ValidSizes.of(network, start, axis, True, _FEW)
        except (
            Refusal
        ):  # this axis cannot be told: another one may, and every shape is tried before it is offered
            continue
        below, above = sizes.nearest(size)
        bigger[place] = size if above is None else above
        smaller[place] = size if below is None else below
    yield tuple(bigger), "the next bigger that fits"
    yield tuple(smaller), "the next smaller that fits"
