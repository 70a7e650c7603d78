"""One axis of one side of a layer as a row of cells: what each is, and which are looked at."""

from __future__ import annotations

from convshape._frozen import Frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._explain._lines import Line

_FIELDS = ("side", "start", "stop", "inside", "step", "reached", "window", "following", "taps", "line")
_MOST_DRAWN_TAPS = 5  # of a window that is cut short: each with what stands beside it
_WHOLE_WINDOW = 13
_SHORTEST_GAP = 4


class Band(Frozen):
    """A row of cells.

    Attributes:
        side: ``"input"`` or ``"output"``.
        start: Position of the first cell; elements of the tensor are counted from 0.
        stop: Position behind the last cell.
        inside: Positions ``(first, behind the last)`` of the tensor's own elements.
        step: Cells from one element to the next: a transposed convolution puts zeros in between.
        reached: Position behind the last one that any window reaches.
        window: Positions ``(first, behind the last)`` of the window looked at; on the output, its one element.
        following: Those of the next window, or None.
        taps: The positions in the window that a tap lies on.
        line: The axis, of the side whose elements may meet no tap at all; None of the other one.
    """

    __slots__ = _FIELDS
    _fields = _FIELDS
    side: str
    start: int
    stop: int
    inside: tuple[int, int]
    step: int
    reached: int
    window: tuple[int, int]
    following: tuple[int, int] | None
    taps: range
    line: Line | None

    def __init__(self, **fields: object) -> None:
        self._set(**fields)

    def kind(self, position: int) -> str:
        """Return what stands there: ``input``, ``output``, ``zero``, ``padding``, ``dropped`` or ``never``."""
        first, behind = self.inside
        if not first <= position < behind:
            return "padding" if self.side == "input" else "dropped"
        if self.line is not None and not self.line.taps(position):
            return "never"
        return self.side if position % self.step == 0 else "zero"

    def is_source(self, position: int) -> bool:
        """Return whether a tap lies on an element of the tensor there."""
        return position in self.taps and self.kind(position) == self.side

    def shown(self, most: int) -> list[range]:
        """Return the positions to draw: all, if they are at most so many, or those where something happens."""
        if self.stop - self.start <= most:
            return [range(self.start, self.stop)]
        wanted = [(self.start, self.start + 3), (self.stop - 3, self.stop)]
        first, behind = self.inside
        wanted += [(first - 1, first + 2), (behind - 2, behind + 1), (self.reached - 1, self.reached + 1)]
        for window in (self.window, self.following):
            if window is not None:
                wanted += self._of_window(*window)
        if len(self.taps) <= _MOST_DRAWN_TAPS:
            wanted += [(tap - 1, tap + 2) for tap in self.taps]
        wanted += [(place - 1, place + 2) for place in self._elements() if place in self.taps]
        ranges: list[range] = []
        for low, high in sorted((max(low, self.start), min(high, self.stop)) for low, high in wanted):
            if low >= high:
                continue
            if ranges and low - ranges[-1].stop < _SHORTEST_GAP:
                ranges[-1] = range(ranges[-1].start, max(high, ranges[-1].stop))
            else:
                ranges.append(range(low, high))
        return ranges

    def _elements(self) -> range:
        """Return the elements with zeros in between under the window, if they are few."""
        low, high = max(self.window[0], self.inside[0]), min(self.window[1], self.inside[1])
        elements = range(-(-low // self.step) * self.step, high, self.step)
        return elements if self.step > 1 and len(elements) <= _MOST_DRAWN_TAPS else range(0)

    @staticmethod
    def _of_window(first: int, behind: int) -> list[tuple[int, int]]:
        if behind - first <= _WHOLE_WINDOW:
            return [(first - 1, behind + 1)]
        return [(first - 1, first + 3), (behind - 3, behind + 1)]


def bands_of(line: Line, cell: int) -> tuple[Band, Band]:
    """Return the input's and the output's row of one axis, for the element ``cell`` of the output."""
    return _spread(line, cell) if line.transposed else _padded(line, cell)


def _padded(line: Line, cell: int) -> tuple[Band, Band]:
    size, output, before, after = line.size or 0, line.output or 0, line.before or 0, line.after or 0
    first, extent, stride = cell * line.stride - before, line.extent, line.stride
    behind = size + after + line.overhang
    following = (first + stride, first + stride + extent) if cell + 1 < output else None
    source = Band(
        side="input", start=-before, stop=behind, inside=(0, size), step=1, reached=size - line.left_over,
        window=(first, first + extent), following=following,
        taps=range(first, first + extent, line.dilation), line=line,
    )  # fmt: skip
    return source, _made(cell, 0, output, output, output, None)


def _spread(line: Line, cell: int) -> tuple[Band, Band]:
    size, output, before, after = line.size or 0, line.output or 0, line.before or 0, line.after or 0
    place, extent = cell + before, line.extent
    elements = (size - 1) * line.stride + 1
    first = place - extent + 1
    source = Band(
        side="input", start=min(0, before - extent + 1), stop=max(elements, before + output),
        inside=(0, elements), step=line.stride, reached=elements, window=(first, place + 1), following=None,
        taps=range(place - (line.kernel - 1) * line.dilation, place + 1, line.dilation), line=None,
    )  # fmt: skip
    return source, _made(cell, -before, output + max(0, after), output, output - line.left_over, line)


def _made(cell: int, start: int, stop: int, output: int, reached: int, line: Line | None) -> Band:
    return Band(
        side="output", start=start, stop=stop, inside=(0, output), step=1, reached=reached,
        window=(cell, cell + 1), following=None, taps=range(cell, cell + 1), line=line,
    )  # fmt: skip


def interior(line: Line, most: int) -> int:
    """Return an element of the output that shows well: in the middle, or behind the border of a long axis."""
    output, before = line.output or 1, line.before or 0
    middle = (output - 1) // 2
    if not line.transposed:
        length = (line.size or 0) + before + (line.after or 0)
        return middle if length <= most else min(middle, -(-before // line.stride) + 1)
    length = max(((line.size or 1) - 1) * line.stride + line.extent, output)
    near = middle if length <= most else min(middle, max(0, line.extent - before))
    some = range(near, min(output, near + min(line.stride, 16)))
    return max(some, key=lambda cell: len(line.taps(cell)))
