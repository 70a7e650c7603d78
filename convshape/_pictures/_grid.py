"""A layer of two spatial axes: two grids side by side, and what the marked element of the second is made of."""

from __future__ import annotations

from convshape._pictures._band import bands_of
from convshape._pictures._colours import STYLES
from convshape._pictures._marks import LINE_HEIGHT, bracket_across, bracket_along, paragraph
from convshape._pictures._strip import Strip, side_for
from convshape._pictures._svg import text_width
from convshape._pictures._words import of_input, of_output, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._explain._lines import Line
    from convshape._pictures._svg import Drawing

MOST = 34
_ROOM = 400.0  # pixels for the longer side of a grid
_NARROWEST = 250.0  # pixels for the words below a grid
_ORDER = ("padding", "dropped", "never", "zero", "input", "output")


class Grid:
    """One side of the layer: its rows and columns."""

    def __init__(self, rows: Strip, columns: Strip) -> None:
        self.rows = rows
        self.columns = columns
        self.kinds: set[str] = set()

    def draw(self, drawing: Drawing) -> None:
        """Draw the cells, kind by kind, and dots where some are left out."""
        kinds: dict[str, list[tuple[float, float]]] = {}
        high, wide = self.rows.band, self.columns.band
        output = high.side == "output"
        across = [(x, wide.kind(column), column in wide.taps) for column, x in self.columns]
        for row, y in self.rows:
            own, tapped = high.kind(row), row in high.taps
            for x, other, also in across:
                kind = min(own, other, key=_ORDER.index)
                if tapped and also:
                    kind = "made" if output else "source" if kind == high.side else "tap"
                kinds.setdefault(kind, []).append((x, y))
        side = self.rows.side
        for kind in (*_ORDER, "tap", "source", "made"):
            places = kinds.get(kind, [])
            drawing.cells(f"{high.side}-side {kind}", places, side, STYLES[kind])
            if kind == "dropped":
                drawing.lines("hatch", [(x, y + side, x + side, y) for x, y in places], STYLES["hatch"])
        self.kinds = {*kinds}
        self._dots(drawing)

    def _dots(self, drawing: Drawing) -> None:
        side = self.rows.side
        gaps, middles = self.columns.gaps(), [y + side / 2 for _, y in self.rows]
        dots = [(x + step, y) for x in gaps for y in middles for step in (-4, 0, 4)]
        gaps, middles = self.rows.gaps(), [x + side / 2 for _, x in self.columns]
        dots += [(x, y + step) for y in gaps for x in middles for step in (-4, 0, 4)]
        drawing.lines("dots", [(x, y, x + 0.01, y) for x, y in dots], STYLES["dots"])

    def outline(
        self, drawing: Drawing, name: str, high: tuple[int, int], wide: tuple[int, int]
    ) -> tuple[float, ...]:
        """Draw a frame around positions and return its left, top, right and bottom."""
        top, bottom = self.rows.ends(*high)
        left, right = self.columns.ends(*wide)
        d = f"M{left:.1f} {top:.1f}H{right:.1f}V{bottom:.1f}H{left:.1f}z"
        drawing.curve(name, d, STYLES[name])
        return left, top, right, bottom


def draw_grids(
    drawing: Drawing, lines: tuple[Line, ...], cell: tuple[int, ...], x: float, y: float
) -> set[str]:
    """Draw both sides of a layer of two axes and return the kinds of cells that are in them."""
    (high_in, high_out), (wide_in, wide_out) = (
        bands_of(line, at) for line, at in zip(lines, cell, strict=True)
    )
    source = Grid(Strip(high_in, MOST), Strip(wide_in, MOST))
    made = Grid(Strip(high_out, MOST), Strip(wide_out, MOST))
    side = side_for(max(strip.cells for grid in (source, made) for strip in (grid.rows, grid.columns)), _ROOM)
    labels = (
        max(text_width(text) for line in lines for text in (line.name, str(line.size), str(line.output))) + 14
    )
    top = y + 46
    source.rows.put(top, side)
    source.columns.put(x + labels, side)
    left = x + labels + max(_NARROWEST, source.columns.length) + 44
    made.rows.put(top, side)
    made.columns.put(left, side)
    source.draw(drawing)
    made.draw(drawing)
    _frames(drawing, source, made)
    _sizes(drawing, source, lines, f"input {times(line.size for line in lines)}", right=False)
    _sizes(drawing, made, lines, f"output {times(line.output for line in lines)}", right=True)
    below = top + max(source.rows.length, made.rows.length) + 12 + LINE_HEIGHT / 2
    width = max(_NARROWEST, source.columns.length)
    one = paragraph(drawing, x + labels, below, of_input(lines), width)
    two = paragraph(drawing, left, below, of_output(lines, cell), max(_NARROWEST, made.columns.length))
    drawing.reach(left + max(_NARROWEST, made.columns.length), max(one, two))
    return source.kinds | made.kinds | ({"next"} if _following(source) else set())


def _following(source: Grid) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Return the window beside the one looked at: the next to the right, or below it."""
    rows, columns = source.rows.band, source.columns.band
    if columns.following is not None:
        return rows.window, columns.following
    return None if rows.following is None else (rows.following, columns.window)


def _frames(drawing: Drawing, source: Grid, made: Grid) -> None:
    """Draw the window, the next one, and lines of sight to what the window makes."""
    following = _following(source)
    if following is not None:
        source.outline(drawing, "next", *following)
    _, top, right, bottom = source.outline(
        drawing, "window", source.rows.band.window, source.columns.band.window
    )
    left, high, _, low = made.outline(drawing, "window", made.rows.band.window, made.columns.band.window)
    drawing.lines("sight", [(right, top, left, high), (right, bottom, left, low)], STYLES["sight"])


def _sizes(drawing: Drawing, grid: Grid, lines: tuple[Line, ...], head: str, *, right: bool) -> None:
    """Write a grid's name over it, and its sizes at brackets: the width above, the height beside."""
    rows, columns = grid.rows, grid.columns
    numbers = [line.output if right else line.size for line in lines]
    drawing.text(columns.origin, rows.origin - 34, head, bold=True)
    first, last = columns.ends(*columns.band.inside)
    bracket_across(drawing, first, last, rows.origin - 8, down=True)
    said = f"{lines[1].name} {numbers[1]}"
    drawing.text(
        max((first + last) / 2, columns.origin + text_width(said) / 2),
        rows.origin - 13,
        said,
        anchor="middle",
    )
    top, bottom = rows.ends(*rows.band.inside)
    edge = columns.origin + columns.length + 8 if right else columns.origin - 8
    bracket_along(drawing, top, bottom, edge, right=not right)
    anchor, beside = ("start", edge + 6) if right else ("end", edge - 6)
    middle = (top + bottom) / 2
    drawing.text(beside, middle - 2, lines[0].name, anchor=anchor)
    drawing.text(beside, middle + 12, str(numbers[0]), anchor=anchor)
