"""Layers one behind the other."""

from __future__ import annotations

from convshape._mending import mend
from convshape._networks._asking import Asked
from convshape._networks._names import as_written, chain_nodes
from convshape._refusals import Refusal
from convshape._show import show
from convshape._typed import can_be_typed, short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from convshape._networks._mirror import Mirror
    from convshape._types import ShapeLike


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
          or: input_shape=("N", 6, 28, 1)    (the next bigger that fits)
        what fits, above it:
          #  layer  kind  what  filter  output         parameters
             input                      (N, 4, 28, 1)
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

    def __getitem__(self, place: int | str | slice) -> object:
        """Return a layer by its place or its name, or a part of the chain by a slice."""
        if isinstance(place, slice):
            return Chain([(node.name, node.block) for node in self.nodes[place]])
        return self.nodes[self.position(place) if isinstance(place, str) else place].block.layer

    def mirror(self, input_shape: ShapeLike) -> Mirror:
        """Return the decoder that undoes this encoder: a chain from its output back to ``input_shape``.

        Each layer is undone by its twin, the last one first: a convolution by the transposed one of the same filter
        and the exact size that it came from, a transposed one by its forward twin, a pool by copies of each result,
        cropped or padded with zeros where that is not the size, an enlargement by a pool; padding, cropping, flattening,
        reshaping and permuting by their opposites, a dense layer by one of as many units as it took. What changes no
        size (activations, dropout, normalisation, a pool that keeps it) has nothing to undo and is left out.

        Args:
            input_shape: The encoder's input, ``(N, *spatial, C)`` in its layout; sizes in elements, all of them
                numbers; the batch may be a name or None.

        Returns:
            The decoder: a :class:`Mirror`, which is a chain. Layers are named after those that they undo:
            ``up_conv_3``, ``crop_pool_1``.

        Raises:
            ShapeError: A layer does not take what it is given, or cannot be undone; or a size is not known.

        Examples:
            >>> import convshape as cs
            >>> encoder = cs.Chain(
            ...     [cs.Conv((5, 5, 1, 32), padding="VALID"), cs.Pool(2), cs.Conv((3, 3, 32, 64), 2)]
            ... )
            >>> encoder(("N", 45, 61, 1))
            ('N', 10, 14, 64)
            >>> decoder = encoder.mirror(("N", 45, 61, 1))
            >>> decoder.trace(("N", 10, 14, 64))
            #  layer       kind           what                                   filter     output           parameters
               input                                                                        (N, 10, 14, 64)
            0  up_conv_2   ConvTranspose  3x3, stride 2, SAME, output padding 1  3x3x32x64  (N, 20, 28, 32)      18,432
            1  up_pool_1   UpSampling     by (2, 2)                              -          (N, 40, 56, 32)           -
            2  pad_pool_1  ZeroPadding    ((0, 1), (0, 1))                       -          (N, 41, 57, 32)           -
            3  up_conv_1   ConvTranspose  5x5, VALID                             5x5x1x32   (N, 45, 61, 1)          800
            19,232 parameters
            >>> encoder.mirror(("N", "H", "W", 1))
            Traceback (most recent call last):
            ...
            convshape.ArgumentError: mirror: input_shape (N, H, W, 1) has "H" at position 1, which is no number.
              legal: a number for every size but the batch
              because: several inputs lead to one output, as 45 and 46 both lead to 23 by a stride of 2: only the numbers say to which one of them the mirror goes back.
              fix: input_shape=("N", 64, 64, 1)    (for example; with the sizes of your input)
        """
        from convshape._networks._mirror import mirror_of

        return mirror_of(self, input_shape)

    def __add__(self, other: Chain) -> Chain:
        """Return both chains, one behind the other."""
        if not isinstance(other, Chain):
            return NotImplemented
        return Chain(
            [*((node.name, node.block) for node in self.nodes), *(node.block for node in other.nodes)]
        )

    def __repr__(self) -> str:
        inside = ", ".join(f'("{node.name}", {node.block.layer!r})' for node in self.nodes)
        return f"Chain([{inside}])"

    def _typed(self) -> str | None:
        written = as_written(self.nodes)
        return short(f"cs.Chain({show(written, code=True)})") if can_be_typed(written) else None

    def __reduce__(self) -> tuple[object, ...]:
        return Chain, ([(node.name, node.block) for node in self.nodes],)
