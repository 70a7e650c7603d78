"""Which elements of its input one element of an output is made of, along one axis: exactly, phase by phase.

The taps of output ``n`` are an arithmetic progression, and ``period`` outputs further on the same one lies ``growth``
elements further on:

- a convolution or a pool reads ``n * stride - before + t * dilation``;
- a transposed one is written to by input ``j`` at ``j * stride + t * dilation - before``, so output ``n`` has those
  ``j`` for which ``n + before - t * dilation`` is a multiple of the stride: a linear congruence for the taps ``t``;
- enlarging by interpolation looks at ``(n + 1/2) / factor - 1/2``, the centre of the output's element among the
  input's (half-pixel centres, as TensorFlow's and Keras's resizing have them).
"""

from __future__ import annotations

from itertools import pairwise
from math import gcd

from convshape._frozen import Frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    Positions = range | set[int]

MOST_PHASES = 2**12
MOST_TAPS = 2**18
NOTHING = range(0)
_RADII = {"bilinear": 1, "linear": 1, "trilinear": 1, "bicubic": 2, "lanczos3": 3, "lanczos5": 5}
_REPEATING = ("nearest", "area")


class Taps(Frozen):
    """The taps of every output along one axis.

    Attributes:
        period: After how many outputs the taps repeat.
        growth: How many input elements further on they then lie.
        ranges: The taps of the outputs of one period, each a growing range; an empty one is a hole.
    """

    __slots__ = ("ends", "growth", "period", "ranges", "solid")
    _fields = ("period", "growth", "ranges")
    period: int
    growth: int
    ranges: tuple[range, ...]
    solid: bool  # whether neighbouring outputs have neighbouring taps, without a gap between them
    ends: (
        tuple[int, int] | None
    )  # the p of first and last tap as floor((growth * n + p) / period), where they are such

    def __init__(self, period: int, growth: int, ranges: Iterable[range]) -> None:
        self._set(period=period, growth=growth, ranges=tuple(ranges))
        self._set(solid=self._is_solid(), ends=self._as_floors())

    def at(self, output: int) -> range:
        """Return the taps of an output, in growing order."""
        turn, phase = divmod(output, self.period)
        taps, shift = self.ranges[phase], turn * self.growth
        return range(taps.start + shift, taps.stop + shift, taps.step) if taps else NOTHING

    def of(self, outputs: Positions) -> Positions | None:
        """Return all taps of some outputs; None where they are too many to be listed."""
        if self.solid and type(outputs) is range:
            return self._between(outputs)
        if len(outputs) * max(map(len, self.ranges)) > MOST_TAPS:
            return None
        return {tap for output in outputs for tap in self.at(output)}

    def _between(self, outputs: range) -> range:
        """Return the taps of neighbouring outputs, which have no gap between them."""
        first = next((taps for output in outputs[: self.period] if (taps := self.at(output))), NOTHING)
        if not first:
            return NOTHING
        last = next(taps for output in outputs[: -self.period - 1 : -1] if (taps := self.at(output)))
        return range(first.start, last.stop)

    def _as_floors(self) -> tuple[int, int] | None:
        if not all(self.ranges):
            return None
        first = self._plus([taps[0] for taps in self.ranges])
        last = self._plus([taps[-1] for taps in self.ranges])
        return None if first is None or last is None else (first, last)

    def _plus(self, ends: list[int]) -> int | None:
        """Return the p with which ``floor((growth * n + p) / period)`` is the end of every output."""
        least = [end * self.period - phase * self.growth for phase, end in enumerate(ends)]
        return max(least) if max(least) < min(least) + self.period else None

    def _is_solid(self) -> bool:
        taps = [each for each in self.ranges if each]
        if not taps:
            return False
        taps.append(range(taps[0].start + self.growth, taps[0].stop + self.growth, taps[0].step))
        near = all(one.start <= other.start <= one.stop <= other.stop for one, other in pairwise(taps))
        return near and all(each.step == 1 or len(each) == 1 for each in taps)


STAY = Taps(1, 1, (range(1),))


def moved(by: int) -> Taps:
    """Return the taps of an axis that begins ``by`` elements later in the input: a crop, or below 0 a pad."""
    return Taps(1, 1, (range(by, by + 1),))


def forward(kernel: int, stride: int, dilation: int, before: int) -> Taps:
    """Return the taps of a convolution or a pool."""
    return Taps(1, stride, (range(-before, (kernel - 1) * dilation + 1 - before, dilation),))


def transposed(kernel: int, stride: int, dilation: int, before: int) -> Taps | None:
    """Return the taps of a transposed convolution; None where a stride has too many phases to be listed."""
    if stride > MOST_PHASES:
        return None
    common = gcd(dilation, stride)
    step, apart = stride // common, dilation // common
    inverse = pow(apart, -1, step)
    ranges = []
    for place in range(before, before + stride):
        first = place // common * inverse % step  # the first tap that meets the place
        number = -(-(kernel - first) // step) if place % common == 0 else 0
        if number < 1:
            ranges.append(NOTHING)
            continue
        low = (place - (first + (number - 1) * step) * dilation) // stride
        ranges.append(range(low, low + (number - 1) * apart + 1, apart))
    return Taps(stride, 1, ranges)


def enlarged(factor: int, interpolation: str) -> Taps | None:
    """Return the taps of an axis times ``factor``; None for an interpolation nobody knows, or too many phases.

    Where the centre of an output's element falls on that of an input's, all other weights are 0.
    """
    if factor > MOST_PHASES:
        return None
    if interpolation in _REPEATING:
        return Taps(factor, 1, (range(1),) * factor)
    radius = _RADII.get(interpolation)
    if radius is None:
        return None
    ranges = []
    for phase in range(factor):
        below, beside = divmod(2 * phase + 1 - factor, 2 * factor)
        ranges.append(range(below - radius + 1, below + radius + 1) if beside else range(below, below + 1))
    return Taps(factor, 1, ranges)


def knows(interpolation: str) -> bool:
    """Return whether it is known which elements an interpolation looks at."""
    return interpolation in _REPEATING or interpolation in _RADII


def adaptive(size: int, output: int) -> Taps | None:
    """Return the taps of a pool to a fixed size: ``floor(n * i / o)`` to ``ceil((n + 1) * i / o)``, as in PyTorch."""
    common = gcd(size, output)
    period, growth = output // common, size // common
    if period > MOST_PHASES:
        return None
    ends = ((n * growth // period, -(-(n + 1) * growth // period)) for n in range(period))
    return Taps(period, growth, (range(first, stop) for first, stop in ends))
