"""Permutations of axes: what the axes are afterwards is said by the layer that comes next."""

from __future__ import annotations

from convshape._layouts import LAYOUTS
from convshape._networks._moves import STAY, Move
from convshape._networks._permute import Permute

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape


class Turned(Permute):
    """``keras.layers.Permute``: what the axes are then is said by the layer that comes after it.

    Attributes:
        after: The layout that a layer further down wants; None where none does.
    """

    __slots__ = ("after",)
    _fields = ("dims", "after")  # type: ignore[assignment]
    after: str | None

    def __init__(self, dims: object, after: str | None = None) -> None:
        self._make(dims=dims, after=after)

    @property
    def kind(self) -> str:
        """What it is, in one word."""
        return "Permute"

    def layout_after(self, layout: str | None, output: Shape, home: str | None) -> str | None:
        """Return the layout that is wanted, or else the new order of the letters, or else the network's own."""
        if self.after is not None and len(self.after) == len(output):
            return self.after
        rank = len(output) - 2
        return super().layout_after(layout, output, home) or (LAYOUTS[rank][0] if rank in LAYOUTS else None)

    def moves(self, shape: Shape, layout: str) -> tuple[Move, ...] | None:
        """Return that all spatial axes stay, or None where they are others afterwards."""
        letters = "N" + "".join(layout[place] for place in self.dims if place < len(layout))
        stays = letters == self.after or (self.after is None and super().layout_after(layout, shape, None))
        return (STAY,) * (len(layout) - 2) if stays else None
