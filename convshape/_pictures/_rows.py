"""One spatial axis: the input's cells above, the output's below, and lines from an element to its sources."""

from __future__ import annotations

from convshape._pictures._band import bands_of
from convshape._pictures._colours import STYLES
from convshape._pictures._marks import LINE_HEIGHT, bracket_across, paragraph
from convshape._pictures._strip import Strip, side_for
from convshape._pictures._svg import text_width
from convshape._pictures._words import of_input, of_output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._explain._lines import Line
    from convshape._pictures._svg import Drawing

MOST = 44
_ROOM = 760.0
_APART = 62.0  # pixels between the rows
_NARROWEST = 420.0
_SMALL = 8.0  # the font of the places in the cells


def draw_rows(drawing: Drawing, line: Line, cell: int, x: float, y: float) -> set[str]:
    """Draw both sides of one axis and return the kinds of cells that are in them."""
    above, below = (Strip(band, MOST) for band in bands_of(line, cell))
    side = side_for(max(above.cells, below.cells), _ROOM)
    width = max(above.cells, below.cells) * side
    for strip in (above, below):
        strip.put(x + (width - strip.cells * side) / 2, side)
    top = y + 26
    low = top + side + _APART
    _beams(drawing, above, below, top + side, low)
    kinds = _cells(drawing, above, top) | _cells(drawing, below, low)
    _window(drawing, above, top)
    _window(drawing, below, low)
    first, last = above.ends(*above.band.inside)
    bracket_across(drawing, first, last, top - 8, down=True)
    said = f"input, {line.name} {line.size}"
    drawing.text(
        max((first + last) / 2, x + text_width(said) / 2), top - 13, said, anchor="middle", bold=True
    )
    first, last = below.ends(*below.band.inside)
    bracket_across(drawing, first, last, low + side + 8, down=False)
    said = f"output, {line.name} {line.output}"
    beneath = low + side + 23
    drawing.text(max((first + last) / 2, x + text_width(said) / 2), beneath, said, anchor="middle", bold=True)
    texts = [f"Input: {each}." for each in of_input((line,))]
    *dropped, made = of_output((line,), (cell,))
    texts += [f"Output: {each}." for each in dropped] + [made]
    end = paragraph(drawing, x, beneath + LINE_HEIGHT + 6, texts, max(width, _NARROWEST))
    drawing.reach(x + max(width, _NARROWEST), end)
    return kinds | ({"next"} if above.band.following else set())


def _cells(drawing: Drawing, strip: Strip, y: float) -> set[str]:
    """Draw a row, with each element's place in it where that is short enough."""
    kinds: dict[str, list[tuple[float, float]]] = {}
    places: list[tuple[float, str]] = []
    band, side = strip.band, strip.side
    for position, x in strip:
        kind = band.kind(position)
        place = str(position // band.step)
        if kind in (band.side, "never") and text_width(place, _SMALL) <= side - 4:
            places.append((x + side / 2, place))
        if position in band.taps:
            kind = "made" if band.side == "output" else "source" if kind == band.side else "tap"
        kinds.setdefault(kind, []).append((x, y))
    for kind, corners in kinds.items():
        drawing.cells(f"{band.side}-side {kind}", corners, side, STYLES[kind])
        if kind == "dropped":
            drawing.lines("hatch", [(x, y + side, x + side, y) for x, _ in corners], STYLES["hatch"])
    for x, place in places:
        drawing.text(x, y + side / 2 + 3, place, anchor="middle", size=_SMALL)
    middle = y + side / 2
    dots = [(x + step, middle, x + step + 0.01, middle) for x in strip.gaps() for step in (-5, 0, 5)]
    drawing.lines("dots", dots, STYLES["dots"])
    return {*kinds}


def _window(drawing: Drawing, strip: Strip, y: float) -> None:
    """Draw frames around the window looked at and the next one."""
    for name, window in (("next", strip.band.following), ("window", strip.band.window)):
        if window is not None:
            left, right = strip.ends(*window)
            aside = 3 if name == "next" else 0
            d = f"M{left:.1f} {y - aside:.1f}H{right:.1f}V{y + strip.side + aside:.1f}H{left:.1f}z"
            drawing.curve(name, d, STYLES[name])


def _beams(drawing: Drawing, above: Strip, below: Strip, top: float, low: float) -> None:
    """Draw what the window sees as a beam, and a line to each source."""
    (left, right), (first, last) = above.ends(*above.band.window), below.ends(*below.band.window)
    d = f"M{left:.1f} {top:.1f}H{right:.1f}L{last:.1f} {low:.1f}H{first:.1f}z"
    drawing.curve("beam", d, f'fill="{STYLES["source"][6:13]}" fill-opacity="0.12"')
    middle, half = (first + last) / 2, above.side / 2
    ends = [(x + half, top, middle, low) for position, x in above if above.band.is_source(position)]
    drawing.lines("sight", ends, STYLES["sight"])
