"""The sizes with which a network works, as a set."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import count as counting

from convshape._frozen import Frozen
from convshape._layouts import AXIS_NAMES
from convshape._mending import mend
from convshape._networks._axis import AxisProgram
from convshape._networks._legal import MOST, residues_of
from convshape._reading import as_index, read_whole
from convshape._refusals import Refusal
from convshape._show import INT64_MAX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from convshape._networks._network import Network, Value

_MOST_TOLD = 8


def _size(size: object) -> int:
    try:
        return _read_size(size)
    except Refusal as refusal:
        raise mend("ValidSizes", _read_size, {"size": size}, refusal) from None


def _read_size(size: object) -> int:
    return read_whole("size", size, what="a size", least=1)


class ValidSizes(Frozen):
    """A set of sizes along one axis, in elements; made by :func:`valid_sizes`.

    Attributes:
        axis: The axis, ``"height"``.
        period: After how many elements the pattern repeats; None where the set has an end.
        residues: Remainders by ``period`` of the sizes from ``start`` on.
        start: From which size on the pattern holds.
        singles: Sizes beside the pattern.
    """

    __slots__ = ("axis", "period", "residues", "singles", "start")
    _fields = ("axis", "start", "period", "residues", "singles")
    axis: str
    start: int
    period: int | None
    residues: tuple[int, ...]
    singles: tuple[int, ...]

    def __init__(
        self, axis: str, start: int, period: int | None, residues: tuple[int, ...], singles: tuple[int, ...]
    ) -> None:
        self._set(axis=axis, start=start, period=period, residues=residues, singles=singles)

    @classmethod
    def of(cls, network: Network, start: Value, axis: int, allow_drop: bool, most: int = MOST) -> ValidSizes:
        """Return the set of a network along one spatial axis, or raise the bare ``Refusal``."""
        found = residues_of(AxisProgram(network, start, axis, allow_drop), most)
        name = AXIS_NAMES[len(start.shape) - 2][axis]
        if not found.residues:
            return cls(name, 1, None, (), tuple(found.singles))
        return cls(name, found.start, found.period, tuple(found.residues), tuple(found.singles))

    @property
    def minimum(self) -> int | None:
        """The smallest size that works; None where none does."""
        return next(iter(self), None)

    def __bool__(self) -> bool:
        return bool(self.period or self.singles)

    def __contains__(self, size: object) -> bool:
        number = as_index(size)
        if number is None or not 1 <= number <= INT64_MAX:
            return False
        return number in self.singles or (number >= self.start and self._fits(number))

    def _fits(self, size: int) -> bool:
        return self.period is not None and size % self.period in self.residues

    def __iter__(self) -> Iterator[int]:
        yield from self.singles  # all below the start
        if self.period is not None:
            base = self.start - self.start % self.period
            for turn in counting():
                for residue in self.residues:
                    size = base + turn * self.period + residue
                    if size > INT64_MAX:
                        return
                    if size >= self.start:
                        yield size

    def nearest(self, size: int) -> tuple[int | None, int | None]:
        """Return the biggest size that works up to ``size`` and the smallest from it on; None where there is none.

        Raises:
            ShapeError: ``size`` is no size.
        """
        number = _size(size)
        return self._below(number), self._above(number)

    def _below(self, size: int) -> int | None:
        found = [one for one in self.singles if one <= size][-1:]
        if self.period is not None and size >= self.start:
            at = bisect_right(self.residues, size % self.period)
            near = (
                size - size % self.period + (self.residues[at - 1] if at else self.residues[-1] - self.period)
            )
            found += [near] if near >= self.start else []
        return max(found, default=None)

    def _above(self, size: int) -> int | None:
        found = [one for one in self.singles if one >= size][:1]
        if self.period is not None:
            least = max(size, self.start)
            at = bisect_left(self.residues, least % self.period)
            whole = at == len(self.residues)
            near = (
                least - least % self.period + (self.residues[0] + self.period if whole else self.residues[at])
            )
            found += [near] if near <= INT64_MAX else []
        return min(found, default=None)

    def padding(self, size: int) -> tuple[int, int] | None:
        """Return ``(before, after)``: the elements that take ``size`` to the next that works; the odd one after."""
        size = _size(size)
        above = self._above(size)
        return None if above is None else ((above - size) // 2, above - size - (above - size) // 2)

    def cropping(self, size: int) -> tuple[int, int] | None:
        """Return ``(before, after)``: the elements less that take ``size`` to the next below; the odd one after."""
        size = _size(size)
        below = self._below(size)
        return None if below is None else ((size - below) // 2, size - below - (size - below) // 2)

    def __repr__(self) -> str:
        singles = ", ".join(map(str, self.singles[:_MOST_TOLD])) + (", ..." if len(self.singles) > _MOST_TOLD else "")  # fmt: skip
        if self.period is None:
            return f"{self.axis}: {singles or 'no size works'}"
        said = f"{self.axis}: {self._pattern()}, from {next(one for one in self if one >= self.start)} on"
        return f"{said}; and {singles}" if singles else said

    def _pattern(self) -> str:
        period = self.period or 1
        if len(self.residues) == period:
            return "any size"
        scaled = "n" if period == 1 else f"{period}n"
        told = [f"{scaled} + {one}" if one else scaled for one in self.residues[:_MOST_TOLD]]
        more = f" or {len(self.residues) - _MOST_TOLD} more" if len(self.residues) > _MOST_TOLD else ""
        return " or ".join(told) + more

    def to_json(self) -> dict[str, object]:
        """Return the set as a dict that ``json.dumps`` takes as it is."""
        return {
            "operation": "valid_sizes",
            "axis": self.axis,
            "start": self.start,
            "period": self.period,
            "residues": list(self.residues),
            "singles": list(self.singles),
            "minimum": self.minimum,
        }
