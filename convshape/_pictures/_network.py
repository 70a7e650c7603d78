"""A network as a drawing: its layers from top to bottom, how large each output is, and where branches part and join."""

from __future__ import annotations

from math import log2, prod

from convshape._errors import ShapeError
from convshape._pictures._colours import FAILED, FAILED_EDGE, MUTED, STYLES
from convshape._pictures._diagram import Diagram
from convshape._pictures._folding import Row, folded, lanes
from convshape._pictures._marks import LINE_HEIGHT, arc_aside, arrow_down
from convshape._pictures._svg import Drawing, text_width, wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from convshape._networks._asking import Asked
    from convshape._networks._trace import Trace
    from convshape._types import ShapeLike

_LEFT, _TOP = 20.0, 28.0
_HIGH, _APART = 26.0, 12.0  # a box, and what lies between two
_LANE = 14.0
_BAR = 120.0
_PROBLEM = 560.0  # pixels for the words of an error
_LONGEST_NAME, _LONGEST_DETAIL, _LONGEST_SHAPE = 30, 44, 70
_BOX = 'rx="5" fill="#f6f8fa" stroke="#8c959f"'
_JOIN = 'rx="13" fill="#efe7fb" stroke="#6f42c1"'
_FOLD = 'rx="5" fill="#ffffff" stroke="#8c959f" stroke-dasharray="3 3"'
_WRONG = f'rx="5" fill="{FAILED}" stroke="{FAILED_EDGE}" stroke-width="1.6"'


def draw_network(network: Asked, input_shape: ShapeLike) -> Diagram:
    """Return a network as a picture, for one input.

    A box a layer, in the network's order, with what it does and its output's shape; a bar as wide as the output's
    logarithm; arcs for what skips layers. The first layer that fails is red, with its error. Of a long network the
    runs that repeat themselves are drawn once.

    Args:
        network: A chain or a graph.
        input_shape: What goes in, as for a call.

    Raises:
        ShapeError: ``input_shape`` is no shape at all. A layer that fails is drawn.
    """
    error: ShapeError | None = None
    try:
        trace: Trace = network.trace(input_shape)
    except ShapeError as caught:
        if caught.trace is None:
            raise
        error, trace = caught, caught.trace
    return _Picture(network, trace, error).draw()


class _Picture:
    """The picture in the making: what stands in which row, and where."""

    def __init__(self, network: Asked, trace: Trace, error: ShapeError | None) -> None:
        self.network, self.trace, self.error = network, trace, error
        nodes = network.nodes[: len(trace.rows)]
        marks = [
            (row.kind, row.detail, row.output_shape, tuple(place - source for source in node.sources))
            for place, (row, node) in enumerate(zip(trace.rows, nodes, strict=True))
        ]
        self.rows = [Row(-1, -1), *folded(marks)]
        if error is not None:
            self.rows.append(Row(len(marks), len(marks)))
            unreached = len(network.nodes) - len(marks) - 1
            if unreached:
                last = len(network.nodes) - 1
                self.rows.append(Row(len(marks) + 1, last, f"{unreached} more not reached"))
        # the row of every layer, folded ones included
        self.row_of = {
            place: index for index, row in enumerate(self.rows) for place in range(row.first, row.last + 1)
        }
        self.drawing = Drawing()

    def draw(self) -> Diagram:
        """Return the finished picture."""
        heading = self._heading()
        arcs = self._arcs()
        lane_of = lanes(arcs)
        left = _LEFT + (max(lane_of.values(), default=-1) + 1) * _LANE + (10 if arcs else 0)
        self.drawing.text(_LEFT, _TOP, heading, size=15, bold=True)
        self.drawing.text(_LEFT, _TOP + 20, self._summary(), colour=MUTED)
        names = [self._name(row) for row in self.rows]
        details = [self._detail(row) for row in self.rows]
        first = max(text_width(name) * 1.08 for name in names) + 20
        wide = first + max(map(text_width, details)) + 12
        tops = self._tops(_TOP + 40)
        for index, row in enumerate(self.rows):
            self._box(row, left, tops[index], wide)
            self.drawing.text(left + 10, tops[index] + 17, names[index], bold=not row.note)
            self.drawing.text(left + first, tops[index] + 17, details[index], colour=MUTED)
            self._output(row, left + wide + 16, tops[index])
        self._straight(tops, left + 24)
        for (start, end), lane in lane_of.items():
            x = left - 10 - lane * _LANE
            arc_aside(self.drawing, left, x, tops[start] + _HIGH / 2 + 4, tops[end] + _HIGH / 2 - 4)
        self._failure(left, tops)
        words = self._words(heading)
        return Diagram(heading, words, self.drawing.render(heading, words))

    def _heading(self) -> str:
        many = len(self.network.nodes)
        return f"{type(self.network).__name__} of {many} {'layer' if many == 1 else 'layers'}"

    def _summary(self) -> str:
        if self.error is not None:
            return f"{_told(self.trace.input_shape)} does not fit"
        said = f"{_told(self.trace.input_shape)} → {_told(self.trace.output_shape)}"
        return f"{said}, {self.trace.parameters:,} parameters"

    def _name(self, row: Row) -> str:
        if row.first < 0:
            return "input"
        first = _cut(self.network.nodes[row.first].name, _LONGEST_NAME)
        if row.first == row.last:
            return first
        return f"{_cut(first, 14)} ... {_cut(self.network.nodes[row.last].name, 14)}"

    def _detail(self, row: Row) -> str:
        if row.note or row.first < 0:
            return row.note
        kind = self.network.nodes[row.first].block.kind
        detail = self.trace.rows[row.first].detail if row.first < len(self.trace.rows) else ""
        return _cut(f"{kind}, {detail}" if detail else kind, _LONGEST_DETAIL)

    def _box(self, row: Row, x: float, y: float, wide: float) -> None:
        joins = row.first >= 0 and not row.note and len(self.network.nodes[row.first].sources) > 1
        style = _WRONG if self._fails(row) else _FOLD if row.note else _JOIN if joins else _BOX
        self.drawing.box(x, y, wide, _HIGH, style)

    def _output(self, row: Row, x: float, y: float) -> None:
        """Draw a row's output: a bar by its spatial size, and its shape."""
        if row.last >= len(self.trace.rows) or row.note:
            return
        shape = self.trace.input_shape if row.first < 0 else self.trace.rows[row.first].output_shape
        size, most = self._size(shape), self._most()
        if size is not None:
            wide = _BAR if most <= 1 else 6 + (_BAR - 6) * log2(max(1.0, size)) / log2(most)
            style = STYLES["input"] if row.first < 0 else STYLES["output"]
            self.drawing.box(x + (_BAR - wide) / 2, y + 7, wide, _HIGH - 14, style)
        self.drawing.text(x + (_BAR + 14 if most else 0), y + 17, _told(shape))

    def _size(self, shape: Sequence[object]) -> float | None:
        """Return the mean spatial size of a shape, or None where there is none or it is not known."""
        layout = self.network.data_format
        first = layout is not None and layout[1] == "C"
        spatial = shape[2:] if first else shape[1:-1]
        sizes = [size for size in spatial if isinstance(size, int)]
        return prod(sizes) ** (1 / len(sizes)) if sizes and len(sizes) == len(spatial) else None

    def _most(self) -> float:
        """Return the largest mean size, 0 where none is known."""
        shapes = [self.trace.input_shape, *(row.output_shape for row in self.trace.rows)]
        return max(self._size(shape) or 0.0 for shape in shapes)

    def _arcs(self) -> list[tuple[int, int]]:
        """Return what skips rows, as pairs of rows; what is folded with its end is not drawn."""
        found = []
        for place, node in enumerate(self.network.nodes[: len(self.trace.rows) + (self.error is not None)]):
            end = self.row_of.get(place)
            for source in node.sources:
                start = self.row_of.get(source)
                if start is not None and end is not None and end - start > 1:
                    found.append((start, end))
        return found

    def _straight(self, tops: list[float], x: float) -> None:
        """Draw an arrow into each row that takes what the row above makes."""
        reached = len(self.trace.rows) + (self.error is not None)
        for index, row in enumerate(self.rows[1:], 1):
            sources = {
                self.row_of.get(source)
                for place in range(row.first, min(row.last + 1, reached))
                for source in self.network.nodes[place].sources
            }
            if index - 1 in sources:
                arrow_down(self.drawing, x, tops[index - 1] + _HIGH, tops[index])

    def _tops(self, y: float) -> list[float]:
        """Return where each row begins; below a layer that fails there is room for its error."""
        tops = []
        for row in self.rows:
            tops.append(y)
            y += _HIGH + _APART
            if self._fails(row):
                y += LINE_HEIGHT * len(self._problem()) + 8
        return tops

    def _fails(self, row: Row) -> bool:
        return self.error is not None and row.first == len(self.trace.rows)

    def _problem(self) -> list[str]:
        return [] if self.error is None else wrapped(self.error.problem, _PROBLEM)

    def _failure(self, x: float, tops: list[float]) -> None:
        """Write the error below the layer that fails."""
        for row, top in zip(self.rows, tops, strict=True):
            if self._fails(row):
                for place, line in enumerate(self._problem()):
                    y = top + _HIGH + LINE_HEIGHT * (place + 1)
                    self.drawing.text(x + 10, y, line, colour=FAILED_EDGE)

    def _words(self, heading: str) -> str:
        if self.error is not None:
            return f"{heading}. {self.error.problem}"
        joins = sum(len(node.sources) > 1 for node in self.network.nodes)
        said = f"{heading}, from {_told(self.trace.input_shape)} to {_told(self.trace.output_shape)}."
        return said + (f" {joins} of them join branches." if joins else "")


def _told(shape: Sequence[object]) -> str:
    """Return a shape as it is read: names and closed forms without quotation marks."""
    return _cut(f"({', '.join(map(str, shape))})", _LONGEST_SHAPE)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 3]}..."
