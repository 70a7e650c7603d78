"""A network: which block feeds which, and one walk that gives every block its input."""

from __future__ import annotations

from convshape._errors import ArgumentError, RankError
from convshape._frozen import Frozen
from convshape._layouts import LAYOUTS
from convshape._networks._block import told
from convshape._networks._forms import Form, Product
from convshape._reading import as_entries, is_name, near_integers, replace
from convshape._refusals import Refusal
from convshape._shapes import ShapeRule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

    from convshape._errors import ShapeError
    from convshape._networks._block import Block, Entries
    from convshape._shapes import Shape

INPUT = -1


class NetworkInput(ShapeRule):
    """The rule of a network's input: it may be a vector, and its spatial sizes may have names."""

    __slots__ = ()

    def why_rank(self) -> str:
        """Return why the numbers of axes are what they are, in a sentence."""
        return "a network takes vectors (N, C), or one, two or three spatial axes beside batch and channels."

    def _why(self, entry: object, size: int | None, position: int) -> tuple[str, type[ShapeError]]:
        if size is None and type(entry) is str and not near_integers(entry):
            return "a name is one word, such as H; a size that is not known is None.", ArgumentError
        return super()._why(entry, size, position)


RULE = NetworkInput(
    "input_shape",
    batched=True,
    unknown=True,
    pattern="(N, *spatial, C), each size at least 1; None where not known; batch and spatial sizes may be names",
)


class Node(Frozen):
    """A layer in its place.

    Attributes:
        name: The layer's name, unlike all others of the network.
        block: What it does.
        sources: Positions of the nodes whose outputs it takes; -1 is the network's input.
    """

    __slots__ = ("block", "name", "sources")
    _fields = ("name", "block", "sources")
    name: str
    block: Block
    sources: tuple[int, ...]

    def __init__(self, name: str, block: Block, sources: tuple[int, ...]) -> None:
        self._set(name=name, block=block, sources=sources)


class Value(Frozen):
    """A shape on its way through a network.

    Attributes:
        entries: Sizes: ints, None, a batch's name, closed forms.
        layout: Where its axes stand; None without spatial axes.
    """

    __slots__ = ("entries", "layout", "shape")
    _fields = ("entries", "layout")
    entries: Entries
    layout: str | None
    shape: Shape

    def __init__(self, entries: Entries, layout: str | None) -> None:
        # exact types: a named batch stays, a closed form is a size that is not known to the layers
        plain = tuple(None if type(entry) in (Form, Product) else entry for entry in entries)
        self._set(entries=entries, layout=layout, shape=plain)

    @property
    def told(self) -> Shape:
        """The shape as users read it: closed forms as text."""
        return tuple(str(entry) if type(entry) in (Form, Product) else entry for entry in self.entries)  # type: ignore[misc]


class Failed(Exception):
    """The first layer that does not take its input; caught where a network is asked, never seen by users."""

    def __init__(self, position: int, refusal: Refusal, values: list[Value]) -> None:
        super().__init__(position)
        self.position = position
        self.refusal = refusal
        self.values = values


class Network(Frozen):
    """What chains and graphs share.

    Attributes:
        nodes: The layers in an order in which each comes after what it takes.
        data_format: The layout of the first layer that has one; None where none has.
    """

    __slots__ = ("data_format", "nodes")
    _fields = ("nodes",)
    nodes: tuple[Node, ...]
    data_format: str | None

    def __init__(self, nodes: tuple[Node, ...]) -> None:
        wanted = (node.block.wants for node in nodes)
        self._set(nodes=nodes, data_format=next((layout for layout in wanted if layout), None))

    def exchanged(self, blocks: dict[int, Block]) -> Self:
        """Return the network with other blocks in some places."""
        nodes = tuple(
            Node(node.name, blocks.get(place, node.block), node.sources)
            for place, node in enumerate(self.nodes)
        )
        other = object.__new__(type(self))
        Network.__init__(other, nodes)
        return other

    def until(self, position: int) -> Network:
        """Return the network that ends with a node."""
        part = Network(self.nodes[: position + 1])
        part._set(data_format=self.data_format)  # which a layer further down may have decided
        return part

    def position(self, name: str) -> int:
        """Return where the node of a name stands."""
        for place, node in enumerate(self.nodes):
            if node.name == name:
                return place
        raise KeyError(name)

    def read(self, input_shape: object) -> Value:
        """Return the input as it is read, or raise the bare ``Refusal``."""
        entries = as_entries(input_shape)
        names: dict[int, str] = {}
        if entries is not None:
            names = {place: entry for place, entry in enumerate(entries) if place and is_name(entry)}  # type: ignore[misc]
            for place in names:
                entries = replace(entries, place, None)
        shape = RULE.read(input_shape if entries is None else entries, (2, 3, 4, 5))
        filled = tuple(Form(names[place]) if place in names else size for place, size in enumerate(shape))
        return Value(filled, self.layout_of(len(shape)))

    def layout_of(self, rank: int) -> str | None:
        """Return the layout of an input of so many axes."""
        if self.data_format is not None and len(self.data_format) == rank:
            return self.data_format
        if (
            rank - 2 in LAYOUTS
        ):  # a network that begins with other axes than its convolutions have, or has none
            return LAYOUTS[rank - 2][self.data_format is not None and self.data_format[1] == "C"]
        return None

    def walk(self, value: Value) -> list[Value]:
        """Return every node's output, or raise ``Failed`` with those before the first that fails."""
        values: list[Value] = []
        home = self.data_format
        for position, node in enumerate(self.nodes):
            inputs = [value if source < 0 else values[source] for source in node.sources]
            try:
                values.append(step(node.block, inputs, home))
            except Refusal as refusal:
                raise Failed(position, refusal, values) from None
        return values


def step(block: Block, inputs: list[Value], home: str | None) -> Value:
    """Return what a block makes of its inputs, or raise the bare ``Refusal``."""
    first = inputs[0]
    layout = first.layout
    if len(inputs) > 1:  # a vector beside pictures: a sum with a bias, a gate
        layout = max((one.layout for one in inputs), key=lambda one: len(one or ""))
    wants = block.wants
    if wants is not None and layout != wants and len(first.shape) == len(wants):
        raise _other_layout(block, first.shape, layout, wants)
    output = block.output(tuple(one.shape for one in inputs), layout)
    after = block.layout_after(layout, output, home)
    for one in inputs:
        if one.entries != one.shape:
            return Value(block.named(tuple(other.entries for other in inputs), output, layout), after)
    return Value(output, after)


def _other_layout(block: Block, shape: Shape, layout: str | None, wants: str) -> Refusal:
    return Refusal(
        "data_format",
        given=wants,
        problem=f"data_format is {wants}, but what arrives, {told(shape)}, stands as {layout}.",
        legal=f"{layout}, or a Permute before it",
        reason="a network keeps its axes where they are until a layer moves them.",
        kind=RankError,
        about="layout",
    )


def silent(refusal: Refusal) -> Refusal:
    """Return a refusal that suggests nothing: what a trial of a whole network says is about some layer's arguments."""
    return Refusal("network", given=None, problem=refusal.problem, legal=refusal.legal, reason=refusal.reason)
