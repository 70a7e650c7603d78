"""A network in the making, as readers of PyTorch and ONNX put it together."""

from __future__ import annotations

from convshape._layouts import LAYOUTS
from convshape._networks._adopting import as_block
from convshape._networks._again import Again
from convshape._networks._amounts import Amount, size_of
from convshape._networks._atoms import Size
from convshape._networks._chain import Chain
from convshape._networks._dense import Dense
from convshape._networks._forms import Form
from convshape._networks._graph import Graph
from convshape._networks._network import INPUT, Failed, Network, Node, Value
from convshape._networks._reshaped import Reshaped, ReshapedJoin
from convshape._networks._same import BatchNormOf, Same
from convshape._networks._shaped import Need, Shaped, ShapedJoin
from convshape._networks._spec_block import LayerBlock, SpecBlock
from convshape._networks._standing import Standing
from convshape._pool import Pool
from convshape._readers._wires import Constant, Unread, Wire
from convshape._refusals import Refusal
from convshape._show import kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from convshape._networks._block import Block
    from convshape._shapes import Shape


class Wiring:
    """A network in the making."""

    def __init__(self, sizes: Shape | None) -> None:
        self.start = Wire(INPUT, sizes)
        self._nodes: list[tuple[str, Block, tuple[int, ...]]] = []
        self._names: dict[str, int] = {"input": 1}
        self._counted: set[object] = set()
        self._wires: list[Wire] = []

    def __len__(self) -> int:
        return len(self._nodes)

    def learned(self, constant: Constant) -> bool:
        """Return whether a constant is learned and has not been counted."""
        if not constant.learned or constant.key in self._counted:
            return False
        self._counted.add(constant.key)
        return True

    def counts(self, constant: Constant) -> bool:
        """Return whether a layer's weight has not been counted, wherever the graph keeps it."""
        return not self.seen(constant.key)

    def seen(self, key: object) -> bool:
        """Return whether a layer has been used before, and remember it."""
        before = key in self._counted
        self._counted.add(key)
        return before

    def add(self, name: str, layer: object, *wires: Wire, again: bool = False) -> Wire:
        """Put a layer behind wires and return what it makes."""
        block = as_block(layer, name)
        if again and _learns(block):
            block = Again(block)
        if block.joins and len(wires) < 2:
            raise Unread("it joins several inputs, and only one depends on the network's")
        place = len(self._nodes)
        self._nodes.append((self._unique(name), block, tuple(wire.place for wire in wires)))
        known = _known(block, tuple(one.sizes for one in wires))
        wire = Wire(place, known, _known(block, tuple(one.example for one in wires)))
        self._wires.append(wire)
        return wire

    def insert(self, name: str, item: object, *wires: Wire) -> Wire:
        """Put what a rule gave behind wires: a layer, or a network of one input."""
        if not isinstance(item, Network):
            try:
                block = as_block(item, name)
            except Refusal:
                raise Unread(f"its rule returns {kind_of(item)}, which is no layer") from None
            if not block.joins and len(wires) > 1:
                raise Unread(f"it takes {len(wires)} inputs, and its rule returns a layer of one")
            return self.add(name, block, *wires)
        if len(wires) > 1:
            raise Unread(f"it takes {len(wires)} inputs, and its rule returns a network of one")
        made: list[Wire] = []
        for node in item.nodes:
            inputs = (wires[0] if at == INPUT else made[at] for at in node.sources)
            made.append(self.add(f"{name}.{node.name}", node.block, *inputs))
        return made[-1] if made else wires[0]

    def shaped(
        self,
        name: str,
        kind: str,
        wire: Wire,
        sizes: Iterable[Amount],
        needs: Iterable[tuple[Amount, int, bool]] = (),
        note: str = "",
        learned: tuple[tuple[str, tuple[int, ...]], ...] = (),
    ) -> Wire:
        """Put a layer whose sizes are amounts behind a wire, and behind all others whose sizes they ask for."""
        sizes = tuple(self.local(wire, one) for one in sizes)
        needs = tuple((self.local(wire, one), number, least) for one, number, least in needs)
        wires = self._asked(wire, (*sizes, *(one for one, _, _ in needs)))
        places = {one.place: number for number, one in enumerate(wires)}
        told = tuple(one.renumbered(places) for one in sizes)
        wanted = tuple(Need(one.renumbered(places), number, least) for one, number, least in needs)
        ranks = tuple(one.rank for one in wires)
        block = (ShapedJoin if len(wires) > 1 else Shaped)(kind, told, ranks, wanted, note, learned)
        return self.add(name, block, *wires)

    def spread(self, name: str, constant: Constant, sizes: Iterable[Amount]) -> Wire:
        """Put a constant, spread to sizes that may follow from the input's, beside the input."""
        learned = (("constant", constant.shape),) if self.learned(constant) else ()
        kind = "Parameter" if constant.learned else "Constant"
        return self.shaped(name, kind, self.start, sizes, learned=learned)

    def reshaped(self, name: str, kind: str, wire: Wire, target: Iterable[Amount | None]) -> Wire:
        """Put a reshape behind a wire; None is what is left."""
        target = tuple(None if one is None else self.local(wire, one) for one in target)
        wires = self._asked(wire, tuple(one for one in target if one is not None))
        places = {one.place: number for number, one in enumerate(wires)}
        told = tuple(None if one is None else one.renumbered(places) for one in target)
        return self.add(name, (ReshapedJoin if len(wires) > 1 else Reshaped)(kind, told), *wires)

    def local(self, wire: Wire, of: Amount) -> Amount:
        """Return an amount with a wire's own batch in the place of others' that are the same: the input's."""
        if not wire.batched:
            return of

        def change(atom: Size) -> Amount:
            other = self.start if atom.source == INPUT else self._wires[atom.source]
            return size_of(wire.place if atom.axis == 0 and other.batched else atom.source, atom.axis)

        return of.exchanged(change)

    def alike(self, wire: Wire, amounts: Iterable[object]) -> bool:
        """Return whether amounts are a wire's own last sizes, whatever the input: followed as closed forms."""
        rank = len(self.start.sizes or ())
        names = ("N", None, *(Form(f"s{axis}") for axis in range(2, rank)))[:rank]
        network = Network(tuple(Node(*one) for one in self._nodes))
        start = Value(names, LAYOUTS[rank - 2][1] if rank - 2 in LAYOUTS else None)
        try:
            values = network.walk(start)
        except Failed:
            return False
        entries = (*(one.entries for one in values), names)  # the input is asked for as the last one
        told = tuple(one.entry(entries) for one in amounts if isinstance(one, Amount))
        return bool(told) and None not in told and entries[wire.place][-len(told) :] == told

    def _asked(self, wire: Wire, amounts: tuple[Amount, ...]) -> tuple[Wire, ...]:
        places = set().union(*(one.sources() for one in amounts)) - {wire.place}
        return (wire, *(self.start if one == INPUT else self._wires[one] for one in sorted(places)))

    def network(self, wire: Wire, name: str = "output") -> Chain | Graph:
        """Return the network whose output is what a wire carries."""
        if wire.place != len(self._nodes) - 1:
            self.add(name, Same("Output"), wire)
        nodes = self._nodes
        if not any(block.wants for _, block, _ in nodes) and self.start.sizes is not None:
            rank = len(self.start.sizes) - 2
            if rank in LAYOUTS:
                front = (self._unique("axes"), Standing(LAYOUTS[rank][1]), (INPUT,))
                nodes = [front, *((one, block, tuple(at + 1 for at in sources)) for one, block, sources in nodes)]  # fmt: skip
        if all(sources == (place - 1,) for place, (_, _, sources) in enumerate(nodes)):
            return Chain([(one, block) for one, block, _ in nodes])
        names = ["input", *(one for one, _, _ in nodes)]
        return Graph({one: (block, *(names[at + 1] for at in sources)) for one, block, sources in nodes})

    def _unique(self, name: str) -> str:
        found = name
        while found in self._names:
            self._names[name] = self._names.get(name, 1) + 1
            found = f"{name}_{self._names[name]}"
        self._names[found] = 1
        return found


def _learns(block: Block) -> bool:
    if isinstance(block, SpecBlock | LayerBlock):
        return not isinstance(block.own, Pool) and getattr(block.own, "weight_shapes", True) != {}
    return isinstance(block, Dense | BatchNormOf) or (
        isinstance(block, Same) and bool(block.learned or block.kept)
    )


def _known(block: Block, told: tuple[Shape | None, ...]) -> Shape | None:
    """Return a layer's output as far as it is known, for inputs as far as they are."""
    shapes = tuple(one for one in told if one is not None)
    if len(shapes) < len(told):
        return None
    longest = max(map(len, shapes))
    layout = LAYOUTS[longest - 2][1] if longest - 2 in LAYOUTS else None
    try:
        return block.output(shapes, layout)
    except Refusal:  # it fits no input: the network says so when it is asked
        return None
