"""A layer that stands in a network once more: what it learns has been counted where it stood first."""

from __future__ import annotations

from convshape._networks._block import Block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._networks._block import Entries, Weights
    from convshape._networks._moves import Move
    from convshape._shapes import Shape
    from convshape._spec import Spec


class Again(Block):
    """A second use of a layer of one input.

    Args:
        own: The layer.
    """

    __slots__ = ("own",)
    _fields = ("own",)
    own: Block

    def __init__(self, own: Block) -> None:
        self._set(own=own)

    @property
    def kind(self) -> str:
        """What the layer is."""
        return self.own.kind

    @property
    def layer(self) -> object:
        """The layer as it was given."""
        return self.own.layer

    @property
    def wants(self) -> str | None:
        """The layer's layout."""
        return self.own.wants

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the output shape, or raise the bare ``Refusal``."""
        return self.own.output(shapes, layout)

    def layout_after(self, layout: str | None, output: Shape, home: str | None) -> str | None:
        """Return the output's layout."""
        return self.own.layout_after(layout, output, home)

    def moves(self, shape: Shape, layout: str) -> tuple[Move, ...] | None:
        """Return what happens to each spatial axis."""
        return self.own.moves(shape, layout)

    def named(self, entries: tuple[Entries, ...], output: Shape, layout: str | None) -> Entries:
        """Return the output with its closed forms."""
        return self.own.named(entries, output, layout)

    def weights(self, shape: Shape, layout: str | None) -> Weights:
        """Return nothing: they have been counted."""
        return {}

    def macs(self, shapes: tuple[Shape, ...], output: Shape, layout: str | None) -> int | None:
        """Return the multiply-accumulates of one call."""
        return self.own.macs(shapes, output, layout)

    def spec(self, shape: Shape) -> Spec | None:
        """Return the layer's spec."""
        return self.own.spec(shape)

    def detail(self, shape: Shape) -> str:
        """Return the layer's numbers."""
        return self.own.detail(shape)
