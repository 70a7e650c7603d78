"""Counting the taps that meet the elements of one axis: in closed form, at any size."""

from __future__ import annotations

from math import gcd

from convshape import _search

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._explain._lines import Line

MOST_NUMBERS = 8


def is_even(line: Line) -> bool:
    """Return whether an axis is even, by the rule of ``solve_transpose``; of a size not known, for all but one."""
    windows = 2 if line.windows is None else line.windows
    return line.left_over == 0 and _search.is_even(line.kernel, line.dilation, line.stride, windows)


def has_gaps(line: Line) -> bool:
    """Return whether elements between the taps meet none."""
    if line.windows == 1:
        return line.kernel > 1 and line.dilation > 1
    return 0 in levels(line)


def levels(line: Line) -> set[int]:
    """Return every count there is over one stride: taps of one remainder by the stride follow ``step`` apart."""
    common = gcd(line.dilation, line.stride)
    each, more = divmod(line.kernel, line.stride // common)
    return {each, each + (more > 0)} | ({0} if common > 1 else set())


def all_counts(line: Line, size: int) -> str:
    """Return the counts of all elements as text, the middle left out where they are many."""
    most = 2 * MOST_NUMBERS
    if size <= most:
        return " ".join(str(len(line.taps(place))) for place in range(size))
    first = [str(len(line.taps(place))) for place in range(MOST_NUMBERS)]
    last = [str(len(line.taps(place))) for place in range(size - MOST_NUMBERS // 2, size)]
    return " ".join((*first, "...", *last))


def few(numbers: list[int]) -> str:
    """Return numbers as text, cut short where they are many."""
    shown = " ".join(map(str, numbers[:MOST_NUMBERS]))
    return shown + (" ..." if len(numbers) > MOST_NUMBERS else "")
