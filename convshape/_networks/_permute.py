"""The axes in another order."""

from __future__ import annotations

from convshape._errors import RankError
from convshape._layouts import KNOWN
from convshape._networks._block import told
from convshape._networks._plain import Layer
from convshape._reading import as_entries, as_index
from convshape._refusals import Refusal, Suggestion
from convshape._show import kind_of, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import SupportsIndex

    from convshape._networks._block import Entries
    from convshape._networks._moves import Move
    from convshape._shapes import Shape


class Permute(Layer):
    """The axes in another order, the batch first.

    Args:
        dims: For each axis behind the batch the place that it comes from, counted from 1, as Keras counts.

    Raises:
        ShapeError: An argument is not legal; the error names a fix that has been checked.

    Examples:
        >>> import convshape as cs
        >>> cs.Chain([cs.layers.Permute((3, 1, 2))])(("N", 45, 61, 3))
        ('N', 3, 45, 61)
        >>> cs.layers.Permute((0, 1, 2))
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: Permute: dims is the tuple (0, 1, 2).
          legal: each place from 1 on once: (3, 1, 2)
          because: every axis behind the batch comes from one place.
          fix: dims=(3, 1, 2)
    """

    __slots__ = ("dims",)
    _fields = ("dims",)
    dims: tuple[int, ...]

    def __init__(self, dims: tuple[SupportsIndex, ...]) -> None:
        self._make(dims=dims)

    def settle(self) -> None:
        """Check that the places are an order."""
        numbers = tuple(map(as_index, as_entries(self.dims) or ()))
        if sorted(number or 0 for number in numbers) != list(range(1, len(numbers) + 1)):
            raise Refusal(
                "dims",
                given=self.dims,
                problem=f"dims is {kind_of(self.dims)}.",
                legal="each place from 1 on once: (3, 1, 2)",
                reason="every axis behind the batch comes from one place.",
                suggestions=(Suggestion({"dims": (3, 1, 2)}),),
            )
        self._set(dims=numbers)

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the output shape, or raise the bare ``Refusal``."""
        shape = shapes[0]
        if len(shape) != len(self.dims) + 1:
            raise Refusal(
                "dims",
                given=self.dims,
                problem=f"dims {show(self.dims)} is for {len(self.dims)} axes behind the batch, and the input {told(shape)} has {len(shape) - 1}.",
                legal=f"the places 1 to {len(shape) - 1}, each once",
                reason="every axis behind the batch comes from one place.",
                kind=RankError,
            )
        return (shape[0], *(shape[place] for place in self.dims))

    def layout_after(self, layout: str | None, output: Shape, home: str | None) -> str | None:
        """Return the new order of the letters, if it is a layout."""
        turned = None if layout is None else "N" + "".join(layout[place] for place in self.dims)
        return turned if turned in KNOWN else None

    def moves(self, shape: Shape, layout: str) -> tuple[Move, ...] | None:
        """Return that every size stays, or None where an axis takes another's place."""
        return None if self.layout_after(layout, shape, None) is None else super().moves(shape, layout)

    def named(self, entries: tuple[Entries, ...], output: Shape, layout: str | None) -> Entries:
        """Return the input's sizes in the new order, names and closed forms too."""
        (given,) = entries
        return (given[0], *(given[place] for place in self.dims))

    def detail(self, shape: Shape) -> str:
        """Return the order."""
        return show(self.dims)
