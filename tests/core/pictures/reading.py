"""Reading a picture back: its texts with the boxes that they take, and its cells by kind."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
# A sans-serif font's letters, in parts of its size: what Helvetica's widths are, rounded up.
NARROW, WIDE = dict.fromkeys("ijl.,:;'|()[] ftr", 0.34), dict.fromkeys("mwMWGOQ", 0.84)


@dataclass(frozen=True)
class Label:
    """A line of text and the box that it takes, in pixels."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Label) -> bool:
        """Whether the two boxes overlap."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def root_of(svg: str) -> ElementTree.Element:
    """Parse a picture; it raises where that is no XML."""
    return ElementTree.fromstring(svg)


def labels(svg: str) -> list[Label]:
    """Return every line of text."""
    found = []
    for text in root_of(svg).iter(f"{SVG}text"):
        size, x, y = (float(text.get(name) or 0) for name in ("font-size", "x", "y"))
        said = text.text or ""
        wide = sum(NARROW.get(letter, WIDE.get(letter, 0.58)) for letter in said) * size
        wide *= 1.07 if text.get("font-weight") else 1
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[text.get("text-anchor") or "start"]
        found.append(Label(said, left, y - 0.74 * size, left + wide, y + 0.21 * size))
    return found


def collisions(svg: str) -> list[tuple[str, str]]:
    """Return the texts that overlap, and those that stand out of the picture."""
    every = labels(svg)
    found = [(one.text, other.text) for one, other in itertools.combinations(every, 2) if one.meets(other)]
    _, _, wide, high = map(float, (root_of(svg).get("viewBox") or "").split())
    inside = [
        each.left >= 0 and each.right <= wide and each.top >= 0 and each.bottom <= high for each in every
    ]
    return found + [(each.text, "the edge") for each, fits in zip(every, inside, strict=True) if not fits]


def cells(svg: str) -> Counter[str]:
    """Return how many cells of each kind there are: `input-side source`."""
    found: Counter[str] = Counter()
    for path in root_of(svg).iter(f"{SVG}path"):
        name = path.get("class") or ""
        if "-side " in name or name.startswith("overlap "):
            found[name] += (path.get("d") or "").count("M")
    return found


def foreign(svg: str) -> list[str]:
    """Return what a self-contained picture must not have."""
    bare = svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
    words = (
        "<script",
        "http",
        "href",
        "url(",
        "@import",
        "<style",
        "<image",
        "<foreignObject",
        "on" + "load",
        "<!",
    )
    return [word for word in words if word in bare]
