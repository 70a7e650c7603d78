"""Layers one behind the other."""

from __future__ import annotations

from convshape._mending import mend
from convshape._networks._asking import Asked
from convshape._networks._names import chain_nodes
from convshape._refusals import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self


class Chain(Asked):
    """A network of layers one behind the other, called with a shape.

    Args:
        layers: Specs, layers of ``convshape.layers`` and of ``convshape.frameworks``, and other chains; a layer may
            stand in a pair with its name: ``("stem", cs.Conv((7, 7, 3, 64), 2))``.

    Raises:
        ShapeError: Something in the list is no layer.

    Examples:
        >>> import convshape as cs
        >>> net = cs.Chain(
        ...     [
        ...         cs.Conv((5, 5, 1, 32), padding="VALID"),
        ...         cs.Pool(2),
        ...         cs.layers.Flatten(),
        ...         cs.layers.Dense(10),
        ...     ]
        ... )
        >>> net(("N", 28, 28, 1))
        ('N', 10)
        >>> net.trace(("N", "H", "W", 1))["pool_1"].output_shape
        ('N', 'floor(H/2) - 2', 'floor(W/2) - 2', 32)
        >>> net.trace(("N", 4, 28, 1))
        Traceback (most recent call last):
        ...
        convshape.SizeError: Chain: layer 0 "conv_1" (Conv): input_shape (N, 4, 28, 1) has a height of 4, too small for a kernel that spans 5.
          legal: a height of at least 5
          because: VALID does not pad: a kernel that spans 5 needs an input of at least 5. TensorFlow may compute 0 and not refuse it; its default build then returns memory of the input's shape.
          fix: conv_1.padding="SAME"    (pads as much as it needs)
          or: conv_1.filter_shape=(4, 5, 1, 32)    (a kernel that fits)
          or: input_shape=("N", 5, 28, 1)    (the smallest input that fits)
    """

    __slots__ = ()

    def __init__(self, layers: Sequence[object]) -> None:
        try:
            nodes = chain_nodes(layers)
        except Refusal as refusal:
            raise mend("Chain", chain_nodes, {"layers": layers}, refusal) from None
        super().__init__(nodes)

    @property
    def layers(self) -> tuple[object, ...]:
        """The layers as they were given, in their order."""
        return tuple(node.block.layer for node in self.nodes)

    def __len__(self) -> int:
        return len(self.nodes)

    def __getitem__(self, place: int | str) -> object:
        """Return a layer by its place or its name."""
        return self.nodes[self.position(place) if isinstance(place, str) else place].block.layer

    def __add__(self, other: Chain) -> Self:
        """Return both chains, one behind the other."""
        if not isinstance(other, Chain):
            return NotImplemented
        return type(self)([*((node.name, node.block) for node in self.nodes), *(node.block for node in other.nodes)])  # fmt: skip

    def __repr__(self) -> str:
        inside = ", ".join(f'("{node.name}", {node.block.layer!r})' for node in self.nodes)
        return f"Chain([{inside}])"

    def __reduce__(self) -> tuple[object, ...]:
        return Chain, ([(node.name, node.block) for node in self.nodes],)
