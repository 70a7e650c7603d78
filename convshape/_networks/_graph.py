"""Layers with names, branches and joins."""

from __future__ import annotations

from convshape._mending import mend
from convshape._networks._asking import Asked
from convshape._networks._names import graph_nodes
from convshape._networks._network import INPUT
from convshape._refusals import Refusal
from convshape._show import show
from convshape._typed import can_be_typed, short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Graph(Asked):
    """A network of named layers with branches and joins, called with a shape.

    Args:
        layers: Layers by name, in an order in which each stands after what it takes. A layer takes what the one just
            above it makes; others are named behind it: ``(layer, "name")``, and for a join, of ``cs.layers.Add``,
            ``Multiply`` or ``Concat``, ``(cs.layers.Concat(), "up", "skip")``. ``"input"`` is the network's input.
            A chain or a graph may stand in the place of a layer. The last layer's output is the network's.

    Raises:
        ShapeError: Something is no layer, or takes what does not stand before it.

    Examples:
        >>> import convshape as cs
        >>> unet = cs.Graph(
        ...     {
        ...         "skip": cs.Conv((3, 3, 1, 8)),
        ...         "down": cs.Pool(2),
        ...         "deep": cs.Conv((3, 3, 8, 16)),
        ...         "up": cs.ConvTranspose((2, 2, 8, 16), 2),
        ...         "join": (cs.layers.Concat(), "up", "skip"),
        ...         "out": cs.Conv((3, 3, 16, 2)),
        ...     }
        ... )
        >>> unet(("N", 48, 64, 1))
        ('N', 48, 64, 2)
        >>> unet(("N", 45, 64, 1))
        Traceback (most recent call last):
        ...
        convshape.SizeError: Graph: layer 4 "join" (Concat): its inputs (N, 44, 64, 8) and (N, 45, 64, 8) differ: 44 and 45 at position 1. The branches are "up" (N, 44, 64, 8) and "skip" (N, 45, 64, 8); they parted after "skip".
          legal: inputs of one size on every axis but the one that is joined
          because: Concat puts its inputs together element by element.
          fix: input_shape=("N", 46, 64, 1)    (the next bigger that fits)
          or: input_shape=("N", 44, 64, 1)    (the next smaller that fits)
          or: join.crop="center"    (crops the bigger ones)
        what fits, above it:
          #  layer  kind           what                  filter    output           parameters
             input                                                 (N, 45, 64, 1)
          0  skip   Conv           3x3, SAME             3x3x1x8   (N, 45, 64, 8)           72
          1  down   Pool           2x2, stride 2, VALID  -         (N, 22, 32, 8)            -
          2  deep   Conv           3x3, SAME             3x3x8x16  (N, 22, 32, 16)       1,152
          3  up     ConvTranspose  2x2, stride 2, SAME   2x2x8x16  (N, 44, 64, 8)          512
    """

    __slots__ = ()

    def __init__(self, layers: Mapping[str, object]) -> None:
        try:
            nodes = graph_nodes(layers)
        except Refusal as refusal:
            raise mend("Graph", graph_nodes, {"layers": layers}, refusal) from None
        super().__init__(nodes)

    @property
    def layers(self) -> dict[str, object]:
        """The layers as they were given, by name."""
        return {node.name: node.block.layer for node in self.nodes}

    def __len__(self) -> int:
        return len(self.nodes)

    def __getitem__(self, name: str) -> object:
        """Return a layer by its name."""
        return self.nodes[self.position(name)].block.layer

    def __repr__(self) -> str:
        return f"Graph({{{', '.join(self._entry(place) for place in range(len(self.nodes)))}}})"

    def _entry(self, place: int) -> str:
        node = self.nodes[place]
        names = ["input" if one == INPUT else self.nodes[one].name for one in node.sources]
        if node.sources == (place - 1,):
            return f'"{node.name}": {node.block.layer!r}'
        return f'"{node.name}": ({node.block.layer!r}, {", ".join(f"{chr(34)}{name}{chr(34)}" for name in names)})'

    def _typed(self) -> str | None:
        names = ["input", *(node.name for node in self.nodes)]
        written: dict[str, object] = {
            node.name: node.block.layer
            if node.sources == (place - 1,)
            else (node.block.layer, *(names[source + 1] for source in node.sources))
            for place, node in enumerate(self.nodes)
        }
        return short(f"cs.Graph({show(written, code=True)})") if can_be_typed(written) else None

    def __reduce__(self) -> tuple[object, ...]:
        names = ["input", *(node.name for node in self.nodes)]
        return Graph, ({node.name: (node.block, *(names[one + 1] for one in node.sources)) for node in self.nodes},)  # fmt: skip
