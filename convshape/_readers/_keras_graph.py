"""A model's layers in their order, models in models taken apart, each call of a layer a node."""

from __future__ import annotations

from heapq import heapify, heappop, heappush

from convshape._networks._adopting import as_block
from convshape._networks._again import Again
from convshape._networks._network import INPUT, Network, Node
from convshape._networks._plain import Activation
from convshape._readers._keras_built import learns
from convshape._readers._keras_calls import listed, tensors_of
from convshape._readers._keras_naming import Names
from convshape._readers._keras_rules import Maker
from convshape._readers._keras_turned import Turned
from convshape._readers._keras_values import broken, layers_of
from convshape._show import count, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from convshape._readers._keras_calls import Tensor
    from convshape._readers._keras_values import Config, Entry
    from convshape._refusals import Refusal

    Key = tuple[str, int]

# Ten times as many as the biggest of keras.applications: models called twice in models grow without end.
MOST_NODES = 20_000
_DEEPEST = 40


class Unfolded:
    """A model on its way to a network.

    Attributes:
        nodes: The layers so far, each behind what it takes.
        maker: Makes blocks of entries, and keeps the names of those that it does not know.
    """

    def __init__(self, rules: Mapping[str, object]) -> None:
        self.nodes: list[Node] = []
        self.maker = Maker(rules)
        self._names = Names()
        self._entries: dict[
            int, list[Entry]
        ] = {}  # by their configuration: a shared model has the same layers again
        self._learned: set[int] = set()

    def model(
        self, config: Config, where: str, sources: list[int] | None, prefix: str = "", depth: int = 0
    ) -> list[int]:
        """Put a model's layers behind the nodes, and return where its outputs are."""
        if depth > _DEEPEST:
            raise broken(f"{where} has models in models, {depth} deep.", f"at most {_DEEPEST}")
        entries = self._entries.get(id(config)) or layers_of(config, where)
        self._entries[id(config)] = entries
        self._names.reserved.update(f"{prefix}{entry.name}" for entry in entries)
        if "input_layers" in config:
            return self._functional(config, entries, where, sources, prefix, depth)
        (source,) = _one([INPUT] if sources is None else sources, where)
        for entry in entries:
            if entry.kind != "InputLayer":
                (source,) = _one(self._called(entry, None, [source], prefix, depth), entry.name)
        return [source]

    def _functional(
        self,
        config: Config,
        entries: list[Entry],
        where: str,
        sources: list[int] | None,
        prefix: str,
        depth: int,
    ) -> list[int]:
        inputs = list(listed(config.get("input_layers")))
        if sources is None:
            if len(inputs) != 1:
                raise _many_inputs(where, [name for name, _, _ in inputs])
            sources = [INPUT]
        if len(sources) != len(inputs):
            raise broken(f"{where} takes {len(inputs)} inputs, and is called with {len(sources)}.", "as many")
        counts = _models(entries)
        values: dict[Key, list[int]] = {
            (name, call): [source] for (name, call, _), source in zip(inputs, sources, strict=True)
        }
        for entry, call in _ordered(entries, set(values), counts, where):
            arguments = entry.calls[call]
            taken = [_found(values, one, where) for one in _taken(arguments, counts)]
            values[entry.name, call] = self._called(entry, arguments, taken, prefix, depth)
        ends = [_counted(one, counts) for one in listed(config.get("output_layers"))]
        return [_found(values, one, where) for one in ends]

    def _called(self, entry: Entry, call: object, sources: list[int], prefix: str, depth: int) -> list[int]:
        """Put one call of a layer, or of a model, behind the nodes; return where its results are."""
        if len(self.nodes) > MOST_NODES:
            raise broken(f"the model has more than {MOST_NODES} layers.", f"at most {MOST_NODES}")
        name = self._names.fresh(prefix + entry.name)
        made = self.maker.made(entry, call, len(sources), name)
        if made is None and entry.model:
            self._names.free(name)
            inner = self._names.prefix(name)
            return self.model(entry.config, f"model {show(entry.name)}", sources, f"{inner}.", depth + 1)
        if isinstance(made, Network):
            return self._network(made, sources, name)
        block = Activation("unknown") if made is None else as_block(made, "rules")
        if not sources:
            entry.refuse("takes nothing.", "a tensor of the model")
        if block.joins and len(sources) == 1:
            block = Activation("linear")  # a sum or a concatenation of one
        if len(sources) > 1 and not block.joins and made is not None:
            entry.refuse(f"is called with {len(sources)} tensors, and takes one.", "one tensor")
        if id(entry) in self._learned and learns(block):
            block = Again(block)
        self._learned.add(id(entry))
        self.nodes.append(Node(name, block, tuple(sources)))
        return [len(self.nodes) - 1]

    def _network(self, network: Network, sources: list[int], name: str) -> list[int]:
        """Put the network that a rule gave in the place of a layer."""
        (source,) = _one(sources, name)
        start = len(self.nodes)
        for node in network.nodes:
            taken = tuple(source if one == INPUT else start + one for one in node.sources)
            self.nodes.append(Node(self._names.fresh(f"{name}.{node.name}"), node.block, taken))
        return [len(self.nodes) - 1 if network.nodes else source]

    def ended(self, output: int) -> list[Node]:
        """Return the nodes with the output last; results of their own stay where they are."""
        self._turn()
        last = len(self.nodes) - 1
        if output == last and last >= 0:
            return self.nodes
        if output == INPUT or any(output in node.sources for node in self.nodes):
            return [*self.nodes, Node(self._names.fresh("output"), Activation("linear"), (output,))]
        order = [*(place for place in range(last + 1) if place != output), output]
        places = {INPUT: INPUT, **{old: new for new, old in enumerate(order)}}
        return [
            Node(
                self.nodes[old].name,
                self.nodes[old].block,
                tuple(places[one] for one in self.nodes[old].sources),
            )
            for old in order
        ]

    def _turn(self) -> None:
        """Tell each permutation which layout the layers below it want."""
        wanted: dict[int, str] = {}
        for place in range(len(self.nodes) - 1, -1, -1):
            node = self.nodes[place]
            wants = node.block.wants or wanted.get(place)
            if isinstance(node.block, Turned):
                self.nodes[place] = Node(node.name, Turned(node.block.dims, wants), node.sources)
            elif wants is not None:
                wanted.update((source, wants) for source in node.sources if source not in wanted)


def _models(entries: list[Entry]) -> dict[str, int]:
    """Return the models among layers whose first call is counted as the second, with the number of their calls.

    Making a functional model is a call of it; in older files a Sequential is one (``get_config`` in functional.py).
    """
    older = any(entry.calls and isinstance(entry.calls[0], list) for entry in entries)
    return {
        one.name: len(one.calls) for one in entries if one.model and (older or "input_layers" in one.config)
    }


def _taken(call: object, counts: Mapping[str, int]) -> list[Tensor]:
    """Return the tensors of a call; the lists of older files count a model's calls as its outputs do."""
    found = tensors_of(call)
    return found if isinstance(call, dict) else [_counted(one, counts) for one in found]


def _counted(tensor: Tensor, counts: Mapping[str, int]) -> Tensor:
    """Return a tensor with its call counted from 0."""
    name, call, result = tensor
    return (name, call - 1, result) if 0 < call <= counts.get(name, 0) else tensor


def _ordered(
    entries: list[Entry], ready: set[Key], counts: Mapping[str, int], where: str
) -> list[tuple[Entry, int]]:
    """Return every call of every layer behind those whose results it takes, else in the order of the file."""
    calls = {
        (entry.name, call): (place, call)
        for place, entry in enumerate(entries)
        for call in range(len(entry.calls))
    }
    calls = {key: spot for key, spot in calls.items() if key not in ready}
    missing: dict[Key, int] = {}
    behind: dict[Key, list[Key]] = {}
    for key, (place, call) in calls.items():
        needs = {(name, index) for name, index, _ in _taken(entries[place].calls[call], counts)} - ready
        for need in needs:
            if need not in calls:
                raise broken(f"{where}: layer {show(key[0])} takes {show(need[0])}, which is not there.", "a layer of the same model")  # fmt: skip
            behind.setdefault(need, []).append(key)
        missing[key] = len(needs)
    waiting = [calls[key] for key, number in missing.items() if not number]
    heapify(waiting)
    order: list[tuple[Entry, int]] = []
    while waiting:
        place, call = heappop(waiting)
        order.append((entries[place], call))
        for key in behind.get((entries[place].name, call), ()):
            missing[key] -= 1
            if not missing[key]:
                heappush(waiting, calls[key])
    if len(order) < len(calls):
        stuck = [show(name) for (name, _), number in missing.items() if number]
        raise broken(f"{where}: each of {', '.join(stuck[:3])} waits for another.", "layers without a circle")
    return order


def _found(values: Mapping[Key, list[int]], tensor: Tensor, where: str) -> int:
    name, call, result = tensor
    results = values.get((name, call))
    if results is None or result >= len(results):
        raise broken(
            f"{where}: there is no result {result} of call {call} of layer {show(name)}.", "a layer's result"
        )
    return results[result]


def _one(sources: list[int], name: str) -> list[int]:
    if len(sources) != 1:
        raise broken(f"{show(name)} has {count(len(sources))} where one tensor is passed on.", "one tensor")
    return sources


def _many_inputs(where: str, names: list[str]) -> Refusal:
    told = f"{len(names)} inputs: {', '.join(map(show, names[:8]))}" if names else "no input"
    refusal = broken(f"{where} has {told}.", "a model of one input")
    refusal.reason = "a network here has one input; read the parts of a model of several one by one."
    return refusal
