"""Writing SVG: shapes and text in the order they are drawn, nothing that runs, nothing from elsewhere."""

from __future__ import annotations

from convshape._pictures._colours import CARD, DASHED, EDGE, TEXT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

FONT = 12
_WIDTHS = {**dict.fromkeys("iljtfI.,:;'|!()[] ", 0.36), **dict.fromkeys("mwMWx→", 0.9)}


def text_width(text: str, size: float = FONT) -> float:
    """Return about how wide text is, in pixels: rather more than a sans-serif font takes."""
    return sum(_WIDTHS.get(letter, 0.72 if letter.isupper() else 0.6) for letter in text) * size


def wrapped(text: str, width: float, size: float = FONT) -> list[str]:
    """Return text in lines that are no wider than ``width`` pixels, broken between words."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def number(value: float) -> str:
    """Return a coordinate, short."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def escaped(text: str) -> str:
    """Return text as XML has it, in an element or in an attribute; letters that XML does not have left out."""
    kept = "".join(letter if letter.isprintable() else " " for letter in text)
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


class Drawing:
    """An SVG in the making; coordinates are pixels from the top left."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.width = 0.0
        self.height = 0.0

    def reach(self, right: float, bottom: float) -> None:
        """Make the picture at least so large."""
        self.width, self.height = max(self.width, right), max(self.height, bottom)

    def cells(self, name: str, places: Iterable[tuple[float, float]], side: float, style: str) -> None:
        """Draw squares of one kind as one path; a dashed edge has the same dashes from either end."""
        edge, drawn = number(side), []
        if DASHED in style:
            dash = side / 20  # neighbours share an edge, and draw it in opposite directions
            style = style.replace(DASHED, f'stroke-dasharray="{dash:g} {2 * dash:g} {dash:g} 0"')
        for x, y in places:
            drawn.append(f"M{number(x)} {number(y)}h{edge}v{edge}h-{edge}z")
            self.reach(x + side, y + side)
        if drawn:
            self._parts.append(f'<path class="{escaped(name)}" {style} d="{"".join(drawn)}"/>')

    def lines(self, name: str, ends: Iterable[tuple[float, float, float, float]], style: str) -> None:
        """Draw lines of one kind as one path."""
        drawn = "".join(
            f"M{number(x)} {number(y)}L{number(right)} {number(bottom)}" for x, y, right, bottom in ends
        )
        if drawn:
            self._parts.append(f'<path class="{escaped(name)}" fill="none" {style} d="{drawn}"/>')

    def curve(self, name: str, d: str, style: str) -> None:
        """Draw a path."""
        self._parts.append(f'<path class="{escaped(name)}" {style} d="{d}"/>')

    def box(self, x: float, y: float, width: float, height: float, style: str) -> None:
        """Draw a rectangle."""
        self.reach(x + width, y + height)
        sides = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
        self._parts.append(f"<rect {sides} {style}/>")

    def text(
        self, x: float, y: float, text: str, *, anchor: str = "start", size: float = FONT, bold: bool = False,
        colour: str = TEXT,
    ) -> None:  # fmt: skip
        """Write a line of text; ``y`` is its baseline."""
        wide = text_width(text, size) * (1.08 if bold else 1)
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[anchor]
        self.reach(left + wide, y + 0.3 * size)
        weight = ' font-weight="600"' if bold else ""
        where = f'x="{number(x)}" y="{number(y)}" font-size="{number(size)}" text-anchor="{anchor}"'
        self._parts.append(f'<text {where} fill="{colour}"{weight}>{escaped(text)}</text>')

    def render(self, title: str, description: str, margin: float = 16) -> str:
        """Return the SVG on a card with a background of its own, legible on any page."""
        wide, high = number(self.width + margin), number(self.height + margin)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" '
            'role="img" font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif" '
            'style="max-width:100%;height:auto">'
            f"<title>{escaped(title)}</title><desc>{escaped(description)}</desc>"
            f'<rect x="0.5" y="0.5" width="{number(self.width + margin - 1)}" '
            f'height="{number(self.height + margin - 1)}" rx="8" fill="{CARD}" stroke="{EDGE}"/>'
            f"{''.join(self._parts)}</svg>"
        )
