"""Which strides and paddings take one axis from one size to another: closed form, for one kernel at a time.

Both directions are one question. A transposed convolution goes from ``small`` to ``big`` exactly where its
forward twin goes from ``big`` to ``small``: where the total padding lies between what ``small`` windows need
and ``stride - 1`` more (V. Dumoulin and F. Visin, arXiv:1603.07285, relationships 6 and 14).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from convshape._frozen import Frozen
from convshape._sizes import forward_size, transposed_sizes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Pair = tuple[int, int]
    # stride, padding as it is written, elements padded before
    Way = tuple[int, "str | Pair", int]

EXPLICIT = "explicit"


class Paddings(Frozen):
    """The paddings that may be tried.

    Attributes:
        words: ``"SAME"`` and ``"VALID"``, as far as they may.
        amounts: Numbers of elements, growing; None for 0 to one less than the kernel spans.
        pairs: Further ``(before, after)``, each by itself.
        asymmetric: Whether any two of the amounts make a pair.
    """

    __slots__ = ("amounts", "asymmetric", "pairs", "words")
    _fields = ("words", "amounts", "pairs", "asymmetric")
    words: tuple[str, ...]
    amounts: Sequence[int] | None
    pairs: tuple[Pair, ...]
    asymmetric: bool

    def __init__(
        self,
        words: tuple[str, ...] = ("SAME", "VALID"),
        amounts: Sequence[int] | None = None,
        pairs: tuple[Pair, ...] = (),
        asymmetric: bool = False,
    ) -> None:
        self._set(words=words, amounts=amounts, pairs=pairs, asymmetric=asymmetric)

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms that a spec's padding can take: all its axes have the same one."""
        explicit = self.amounts is None or self.amounts or self.pairs
        return (*self.words, EXPLICIT) if explicit else self.words

    def amounts_for(self, extent: int) -> Sequence[int]:
        """Return the amounts for a kernel that spans ``extent``: padding as wide as the kernel shows it nothing else."""
        return range(extent) if self.amounts is None else self.amounts

    def with_total(self, low: int, high: int, extent: int) -> Iterator[Pair]:
        """Yield pairs whose total lies in ``low..high``, symmetric ones first; of each ``before`` the least ``after``."""
        amounts = self.amounts_for(extent)
        for amount in between(amounts, -(-low // 2), high // 2):
            yield amount, amount
        for before, after in self.pairs:
            if low <= before + after <= high:
                yield before, after
        if self.asymmetric:
            for before in between(amounts, low - amounts[-1] if amounts else 0, high):
                for after in between(amounts, low - before, high - before)[:1]:
                    yield before, after

    def totals_near(self, low: int, high: int, extent: int) -> Iterator[int]:
        """Yield the totals next to ``low..high``: the last below it and the first above it, of each kind."""
        amounts = self.amounts_for(extent)
        firsts: Sequence[int] = (0,)
        if self.asymmetric:  # a total is any sum of two; where every amount is there, so is every total
            if type(amounts) is range:
                whole = range(2 * amounts[0], 2 * amounts[-1] + 1) if amounts else amounts
                yield from _beside(whole, low, high)
            else:
                firsts = amounts
                for before in firsts:
                    yield from (before + after for after in _beside(amounts, low - before, high - before))
        yield from (2 * amount for amount in _beside(amounts, -(-low // 2), high // 2))
        yield from _beside(sorted(before + after for before, after in self.pairs), low, high)


def between(numbers: Sequence[int], low: int, high: int) -> Sequence[int]:
    """Return the growing ``numbers`` from ``low`` to ``high``, both included, without walking through a range."""
    if type(numbers) is range:
        return range(max(numbers.start, low), min(numbers.stop, high + 1))
    return numbers[bisect_left(numbers, low) : bisect_right(numbers, high)]


def _beside(numbers: Sequence[int], low: int, high: int) -> Iterator[int]:
    """Yield the last of the growing ``numbers`` below ``low`` and the first above ``high``."""
    if (
        type(numbers) is range
    ):  # by hand: bisect asks for a length, and a range may have more than a length counts
        first, last = numbers.start, numbers.stop - 1
        if first <= last and first < low:
            yield min(last, low - 1)
        if first <= last and last > high:
            yield max(first, high + 1)
        return
    below, above = bisect_left(numbers, low), bisect_right(numbers, high)
    if below > 0:
        yield numbers[below - 1]
    if above < len(numbers):
        yield numbers[above]


def needed(big: int, small: int, extent: int, stride: int) -> int:
    """Return the total padding that ``small`` windows need; below 0, so many elements are left over.

    The twin's ``(big + total - extent) // stride + 1 == small`` holds from this total to ``stride - 1`` more.
    """
    return (small - 1) * stride + extent - big


def ways(
    big: int, small: int, extent: int, strides: Sequence[int], form: str, paddings: Paddings
) -> Iterator[Way]:
    """Yield every stride and padding of one form under which a kernel of this span joins two sizes.

    Args:
        big: The input of the forward convolution, the output of the transposed one.
        small: Its output, or the transposed one's input.
        extent: What the dilated kernel spans, in elements.
        strides: Those to try, growing.
        form: ``"SAME"``, ``"VALID"`` or ``EXPLICIT``.
        paddings: What may be tried of the last.
    """
    for stride in _possible(big, small, extent, strides, form):
        low = needed(big, small, extent, stride)
        if form == "SAME":
            yield stride, form, max(0, low) // 2
        elif form == "VALID":
            yield stride, form, 0
        else:
            for before, after in paddings.with_total(low, low + stride - 1, extent):
                yield stride, (before, after), before


def _possible(big: int, small: int, extent: int, strides: Sequence[int], form: str) -> Sequence[int]:
    """Return the strides under which a form can join the sizes; for EXPLICIT, those that are not ruled out."""
    room = big - (1 if form == "SAME" else extent)
    if form == EXPLICIT:
        return strides
    if room < 0:
        return ()
    # (small - 1) * stride <= room < small * stride
    return between(strides, room // small + 1, room // (small - 1) if small > 1 else strides[-1])


def reached(size: int, extent: int, stride: int, total: int | None, *, transposed: bool) -> range:
    """Return the sizes that ``size`` becomes under a total padding, or under SAME where that is None."""
    reach = 1 if total is None else extent - total
    if transposed:
        return transposed_sizes(size, reach, stride)
    result = forward_size(size, reach, stride)
    return range(max(1, result), result + 1)
