"""What stands beside the cells: brackets with sizes, and the legend."""

from __future__ import annotations

from convshape._pictures._colours import LINE, MUTED, SKIP, STYLES
from convshape._pictures._svg import FONT, number, text_width, wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from convshape._pictures._svg import Drawing

LINE_HEIGHT = 17.0
_TICK = 4.0
_SWATCH = 13.0


def bracket_across(drawing: Drawing, left: float, right: float, y: float, *, down: bool) -> None:
    """Draw a bracket over or under cells."""
    tick = y + (_TICK if down else -_TICK)
    drawing.lines(
        "bracket",
        [(left, y, right, y), (left, y, left, tick), (right, y, right, tick)],
        STYLES["bracket"],
    )


def bracket_along(drawing: Drawing, top: float, bottom: float, x: float, *, right: bool) -> None:
    """Draw a bracket to the left or right of cells."""
    tick = x + (_TICK if right else -_TICK)
    drawing.lines(
        "bracket", [(x, top, x, bottom), (x, top, tick, top), (x, bottom, tick, bottom)], STYLES["bracket"]
    )


def paragraph(drawing: Drawing, x: float, y: float, texts: list[str], width: float) -> float:
    """Write sentences below each other, broken to a width, and return where the next line would stand."""
    for text in texts:
        for line in wrapped(text, width):
            drawing.text(x, y, line, colour=MUTED)
            y += LINE_HEIGHT
    return y


def legend(drawing: Drawing, x: float, y: float, width: float, words: Mapping[str, str]) -> None:
    """Draw a swatch and words for each kind, in as many lines as they need."""
    at = x
    for name, said in words.items():
        wide = _SWATCH + 7 + text_width(said) + 20
        if at > x and at + wide - 20 > x + width:
            at, y = x, y + LINE_HEIGHT + 5
        drawing.cells(f"legend {name}", [(at, y)], _SWATCH, STYLES[name])
        if name == "dropped":
            drawing.lines("legend hatch", [(at, y + _SWATCH, at + _SWATCH, y)], STYLES["hatch"])
        drawing.text(at + _SWATCH + 7, y + FONT - 1, said, colour=MUTED)
        at += wide


def arrow_down(drawing: Drawing, x: float, top: float, bottom: float) -> None:
    """Draw an arrow from one box to the next below."""
    drawing.lines("arrow", [(x, top, x, bottom - 5)], f'stroke="{LINE}" stroke-width="1.4"')
    head = f"M{number(x - 3.5)} {number(bottom - 6)}h7l-3.5 6z"
    drawing.curve("arrow head", head, f'stroke="none" fill="{LINE}"')


def arc_aside(drawing: Drawing, left: float, x: float, top: float, bottom: float) -> None:
    """Draw an arrow that leaves a box at its left side, runs down at ``x`` and enters another one."""
    corner = number(x + 6)
    d = (
        f"M{number(left)} {number(top)}H{corner}Q{number(x)} {number(top)} {number(x)} {number(top + 6)}"
        f"V{number(bottom - 6)}Q{number(x)} {number(bottom)} {corner} {number(bottom)}H{number(left - 5)}"
    )
    drawing.curve("skip", d, f'fill="none" stroke="{SKIP}" stroke-width="1.4"')
    head = f"M{number(left - 6)} {number(bottom - 3.5)}v7l6 -3.5z"
    drawing.curve("skip head", head, f'stroke="none" fill="{SKIP}"')
