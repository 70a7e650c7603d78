"""The overlap of one layer as a picture: the elements of its bigger side, and how many taps meet each."""

from __future__ import annotations

from convshape._pictures._colours import HEAT, LINE, MUTED, STYLES
from convshape._pictures._diagram import Diagram
from convshape._pictures._svg import Drawing, text_width
from convshape._pictures._words import times, title

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._explain._lines import Line
    from convshape._overlap import Overlap

_LEFT, _TOP = 20.0, 28.0
_MOST = 20  # rows and columns that are drawn whole
_END = 8  # of longer ones, how many at either end
_GAP = 18.0
_FONT = 11.0
_DIGITS = 4

# Each place on an axis that is drawn: its count, or None for a gap.
Axis = list[int | None]


def draw_overlap(overlap: Overlap) -> Diagram:
    """Return how often each element is written, or read, as a picture."""
    lines = overlap.lines
    drawing = Drawing()
    drawing.text(_LEFT, _TOP, f"Overlap: {title(overlap.spec)}", size=15, bold=True)
    drawing.text(_LEFT, _TOP + 20, overlap.headline(), colour=MUTED)
    y = _TOP + 56
    axes = [_axis(line) for line in lines]
    if len(axes) == 2:
        _draw(drawing, axes[0], axes[1], y, _named(lines[0]), _named(lines[1]))
    else:
        for line, axis in zip(lines, axes, strict=True):
            _draw(drawing, [1], axis, y, "", _named(line))
            y = drawing.height + 34
    known = all(_known(line) for line in lines)
    said = (
        "every number counts the taps that meet an element"
        if known
        else "away from the borders, three strides"
    )
    drawing.text(_LEFT, drawing.height + 22, said, colour=MUTED)
    heading = f"Overlap of a {title(overlap.spec)[0].lower()}{title(overlap.spec)[1:]}"
    sizes = f" on {times(line.positions for line in lines)} elements" if known else ""
    words = f"{heading}{sizes}: {repr(overlap).replace(chr(10), '; ')}"
    return Diagram(heading, words, drawing.render(heading, words))


def _known(line: Line) -> bool:
    return line.positions is not None and line.before is not None


def _named(line: Line) -> str:
    return f"{line.name} {line.positions}" if _known(line) else f"{line.name}, stride {line.stride}"


def _axis(line: Line) -> Axis:
    """Return the counts along an axis, parts of a long one left out; three strides where no size is known."""
    if not _known(line):
        if line.stride <= _END:
            return [*[len(line.steady(place)) for place in range(line.stride)] * 3]
        last = range(line.stride - _END // 2, line.stride)
        parts = [[len(line.steady(place)) for place in places] for places in (range(_END), last)]
        return [*parts[0], None, *parts[1]]
    size = line.positions or 0
    if size <= _MOST:
        return [len(line.taps(place)) for place in range(size)]
    places: list[int | None] = [*range(_END), None]
    # In long strides the number changes at a window's first tap, or where its last one lies.
    middle = (line.windows or 0) // 2 * line.stride - (line.before or 0)
    if line.stride > _END and _END + 5 < middle < size - _END - 5:
        places += [*range(middle - 4, middle + 4), None]
    places += range(size - _END, size)
    return [None if place is None else len(line.taps(place)) for place in places]


def _draw(drawing: Drawing, rows: Axis, columns: Axis, y: float, along: str, across: str) -> None:
    """Draw a grid of numbers: the product of the counts of its row and its column."""
    labels = text_width(along) + 12 if along else 0.0
    most = max((row or 0) * (column or 0) for row in rows for column in columns)
    side = max(22.0, text_width(_short(most), _FONT) + 8)
    left = _LEFT + labels
    drawing.text(left, y, across)
    top, bottom = y + 10, y + 10
    cells: dict[int, list[tuple[float, float]]] = {}
    dots: list[tuple[float, float]] = []
    for row, at in _placed(rows, top, side):
        high = _GAP if row is None else side
        for column, x in _placed(columns, left, side):
            wide = _GAP if column is None else side
            if row is None or column is None:
                step = (0, 1) if row is None else (1, 0)
                if row is not None or column is not None:
                    dots += [
                        (x + wide / 2 + way * step[0], at + high / 2 + way * step[1]) for way in (-4, 0, 4)
                    ]
            else:
                cells.setdefault(row * column, []).append((x, at))
        bottom = at + high
    for number, places in sorted(cells.items()):
        drawing.cells(f"overlap {number}", places, side, f'fill="{_heat(number, most)}" stroke="{LINE}"')
        for x, at in places:
            middle = at + side / 2 + _FONT * 0.36
            drawing.text(x + side / 2, middle, _short(number), anchor="middle", size=_FONT)
    drawing.lines("dots", [(x, at, x + 0.01, at) for x, at in dots], STYLES["dots"])
    if along:
        drawing.text(_LEFT, (top + bottom) / 2 + 4, along)


def _placed(axis: Axis, at: float, side: float) -> list[tuple[int | None, float]]:
    places = []
    for count in axis:
        places.append((count, at))
        at += _GAP if count is None else side
    return places


def _heat(number: int, most: int) -> str:
    """Return the colour of a number of taps; none at all is white."""
    if number == 0 or most <= 1:
        return HEAT[0] if number == 0 else HEAT[2]
    return HEAT[max(1, round(number / most * (len(HEAT) - 1)))]


def _short(number: int) -> str:
    text = str(number)
    return text if len(text) <= _DIGITS else f"{text[0]}e{len(text) - 1}"
