"""What a network is made of: layers that map a shape to a shape, and say what they do to each spatial axis.

Floors of a network: a block knows itself alone; a network knows which block feeds which; everything else (traces,
legal sizes, receptive fields, cost, pictures) asks blocks these questions and holds no layer's arithmetic itself.
"""

from __future__ import annotations

from convshape._frozen import Frozen
from convshape._layouts import spatial_slice
from convshape._networks._forms import Form
from convshape._networks._moves import STAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar

    from convshape._networks._forms import Product
    from convshape._networks._moves import Move
    from convshape._shapes import Shape
    from convshape._spec import Spec

    Entry = int | str | None | Form | Product
    Entries = tuple[Entry, ...]
    Weights = dict[str, tuple[int, ...]]


class Block(Frozen):
    """A layer of a network. Shapes are plain here: ints, None, and a batch that may have a name.

    ``layout`` is always that of the block's input, ``"NHWC"`` or ``"NCHW"`` and the like, or None where the input
    has no spatial axes.

    Attributes:
        kind: What it is, in one word: ``"Conv"``, ``"Dense"``, ``"BatchNorm"``.
        joins: Whether it takes several inputs.
        framework: Whose layer it is, where that matters.
    """

    __slots__ = ()
    joins: ClassVar[bool] = False

    @property
    def kind(self) -> str:
        """What it is, in one word."""
        return type(self).__name__

    @property
    def wants(self) -> str | None:
        """The layout that the input must have; None where the block takes any."""
        return None

    @property
    def layer(self) -> object:
        """The layer as the user wrote it."""
        return self

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the output shape, or raise the bare ``Refusal``; all but joins take one shape."""
        raise NotImplementedError

    def layout_after(self, layout: str | None, output: Shape, home: str | None) -> str | None:
        """Return the output's layout; ``home`` is the network's own."""
        return layout

    def moves(self, shape: Shape, layout: str) -> tuple[Move, ...] | None:
        """Return what happens to each spatial axis; None where they end here, as in a Flatten."""
        return (STAY,) * (len(layout) - 2)

    def taken(self, axis: int) -> tuple[int, Move] | None:
        """Return, for a join that is no sum and no concatenation, the one input that decides an axis and what happens.

        None where several do, or where it is not said.
        """
        return None

    def named(self, entries: tuple[Entries, ...], output: Shape, layout: str | None) -> Entries:
        """Return the output with the closed forms of what was named in the input."""
        (given,) = entries
        filled: list[Entry] = [*output]
        if len(given) != len(output):
            return output
        if layout is None:
            stays = [given[0], *(one if output[-1] is None else other for one, other in zip(given[1:], output[1:], strict=True))]  # fmt: skip
            return tuple(stays)
        plain = tuple(None if not isinstance(entry, int | str) else entry for entry in given)
        for place, move in zip(places(layout), self.moves(plain, layout) or (), strict=False):
            entry = given[place]
            if isinstance(entry, Form) and move.first is None:
                filled[place] = move.on(entry)
        return tuple(filled)

    def weights(self, shape: Shape, layout: str | None) -> Weights:
        """Return the shapes of what is learned, by name; an input that is not known may leave them out."""
        return {}

    def statistics(self, shape: Shape, layout: str | None) -> int:
        """Return how many numbers are kept but not learned: batch norm's running mean and variance."""
        return 0

    def macs(self, shapes: tuple[Shape, ...], output: Shape, layout: str | None) -> int | None:
        """Return the multiply-accumulates of one call; None where a size is not known."""
        return 0

    def spec(self, shape: Shape) -> Spec | None:
        """Return the one core spec that computes what the layer does, where there is one."""
        return None

    def detail(self, shape: Shape) -> str:
        """Return what matters about the layer, in a few words for a table."""
        return ""


def places(layout: str) -> tuple[int, ...]:
    """Return where the spatial axes stand in a shape of this layout."""
    return tuple(range(*spatial_slice(layout).indices(len(layout))))


def volume(entries: tuple[object, ...]) -> int | None:
    """Return the product of sizes, or None where one is not known."""
    number = 1
    for entry in entries:
        if not isinstance(entry, int):
            return None
        number *= entry
    return number


def told(shape: tuple[object, ...]) -> str:
    """Return a shape as text, names and closed forms without quotation marks."""
    return f"({', '.join('None' if entry is None else str(entry) for entry in shape)})"
