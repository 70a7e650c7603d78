"""Where the cells of a row are drawn: side by side, with a gap where some are left out."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from convshape._pictures._band import Band

GAP = 1.6  # how wide a gap is, in cells
_LARGEST, _SMALLEST = 22.0, 9.0


class Strip:
    """The cells of a band that are drawn, and where, along one direction."""

    def __init__(self, band: Band, most: int) -> None:
        self.band = band
        self.ranges = band.shown(most)
        self.side = 0.0
        self.origin = 0.0

    @property
    def cells(self) -> float:
        """How long the row is, in cells."""
        return sum(map(len, self.ranges)) + GAP * (len(self.ranges) - 1)

    @property
    def length(self) -> float:
        """How long the row is, in pixels."""
        return self.cells * self.side

    def put(self, origin: float, side: float) -> None:
        """Say where the row begins and how large a cell is, in pixels."""
        self.origin, self.side = origin, side

    def __iter__(self) -> Iterator[tuple[int, float]]:
        """Yield each drawn position and where its cell begins."""
        at = self.origin
        for part in self.ranges:
            for position in part:
                yield position, at
                at += self.side
            at += GAP * self.side

    def gaps(self) -> list[float]:
        """Return the middles of the gaps."""
        middles, at = [], self.origin
        for part in self.ranges[:-1]:
            at += len(part) * self.side
            middles.append(at + GAP * self.side / 2)
            at += GAP * self.side
        return middles

    def ends(self, first: int, behind: int) -> tuple[float, float]:
        """Return where a run of positions begins and ends, cut to what is drawn."""
        inside = [at for position, at in self if first <= position < behind]
        if not inside:
            return self.origin, self.origin
        return inside[0], inside[-1] + self.side


def side_for(cells: float, room: float) -> float:
    """Return how large cells are drawn, so many of them in so many pixels."""
    return float(int(max(_SMALLEST, min(_LARGEST, room / max(cells, 1.0)))))
