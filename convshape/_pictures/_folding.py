"""Rows of a network's picture: one a layer, with runs that repeat themselves folded into one."""

from __future__ import annotations

from convshape._frozen import Frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

SHORT = 24  # so many layers are drawn as they are
_LONGEST_PERIOD = 24
_FEWEST_TIMES = 3
MOST = 50  # rows; of a network that does not repeat itself the middle is left out


class Row(Frozen):
    """One row of the picture.

    Attributes:
        first: The first layer that it stands for; -1 is the input.
        last: The last one.
        note: What is said of layers that are folded; empty where the row is one layer.
    """

    __slots__ = ("first", "last", "note")
    _fields = ("first", "last", "note")
    first: int
    last: int
    note: str

    def __init__(self, first: int, last: int, note: str = "") -> None:
        self._set(first=first, last=last, note=note)


def folded(marks: Sequence[Hashable]) -> list[Row]:
    """Return the rows for layers of which those with equal marks look alike."""
    if len(marks) <= SHORT:
        return [Row(place, place) for place in range(len(marks))]
    rows: list[Row] = []
    place = 0
    while place < len(marks):
        period, times = _repetition(marks, place)
        rows += [Row(each, each) for each in range(place, place + period)]
        if times > 1:
            last = place + period * times - 1
            what = "the layer above" if period == 1 else f"the {period} layers above"
            rows.append(Row(place + period, last, f"{what} {times - 1} times more, in the same shapes"))
        place += period * times
    if len(rows) <= MOST:
        return rows
    head, tail = rows[: MOST // 2], rows[-MOST // 2 :]
    first, last = head[-1].last + 1, tail[0].first - 1
    return [*head, Row(first, last, f"{last - first + 1} more layers"), *tail]


def _repetition(marks: Sequence[Hashable], place: int) -> tuple[int, int]:
    """Return the period and the number of times of what repeats itself from here on, hiding the most layers."""
    best, hidden = (1, 1), 0
    for period in range(1, _LONGEST_PERIOD + 1):
        if place + period < len(marks) and marks[place + period] != marks[place]:
            continue
        end = place + period
        while end < len(marks) and marks[end] == marks[end - period]:
            end += 1
        times = (end - place) // period
        if times >= _FEWEST_TIMES and (times - 1) * period > hidden:
            best, hidden = (period, times), (times - 1) * period
    return best


def lanes(arcs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Return a lane for each arc from row to row, so that none lies on another; short arcs lie inside."""
    taken: list[list[tuple[int, int]]] = []
    found: dict[tuple[int, int], int] = {}
    for arc in sorted(set(arcs), key=lambda ends: (ends[1] - ends[0], ends)):
        free = (all(arc[1] <= start or end <= arc[0] for start, end in others) for others in taken)
        lane = next((number for number, fits in enumerate(free) if fits), len(taken))
        taken[lane:] = taken[lane:] or [[]]
        taken[lane].append(arc)
        found[arc] = lane
    return found
