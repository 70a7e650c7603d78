"""The layers of a network as people write them, made nodes with names, or refused."""

from __future__ import annotations

from convshape._errors import ArgumentError
from convshape._networks._adopting import LEGAL, as_block
from convshape._networks._block import Block
from convshape._networks._network import INPUT, Network, Node
from convshape._reading import as_entries, is_a
from convshape._refusals import Refusal, Suggestion
from convshape._show import kind_of, show
from convshape._typed import can_be_typed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

RESERVED = "input"


def chain_nodes(layers: object, *, repeats: bool = False) -> tuple[Node, ...]:
    """Return the nodes of a chain: each layer takes what the one before it makes.

    Args:
        layers: As users write them.
        repeats: Whether a name may stand twice, and is numbered then.
    """
    if is_a(layers, Network):
        layers = (layers,)
    items: tuple[object, ...] | None = tuple(layers) if type(layers) in (list, tuple) else None  # type: ignore[arg-type]
    if items is None:
        single = Suggestion({"layers": [layers]}, "a chain of this layer")
        raise _refused("layers", layers, f"layers is {kind_of(layers)}.", [single])
    named: list[tuple[str | None, Block]] = []
    given: set[str] = set()
    for place, item in enumerate(items):
        members = _members(item, f"layers[{place}]")
        if not is_a(item, Network) and len(members) == 1 and members[0][0] is not None:
            if members[0][0] in given and not repeats:
                raise _refused(f"layers[{place}]", item, f"two layers have the name {show(members[0][0])}.")
            given.add(members[0][0])
        named += members
    names = _unique([name or _word(block) for name, block in named], [name is None for name, _ in named])
    return tuple(
        Node(name, block, (place - 1,))
        for place, (name, (_, block)) in enumerate(zip(names, named, strict=True))
    )


def _members(item: object, argument: str) -> list[tuple[str | None, Block]]:
    if is_a(item, Network):
        if any(node.sources != (place - 1,) for place, node in enumerate(item.nodes)):
            raise _refused(argument, item, f"{argument} is a graph with branches.")
        return [(node.name, node.block) for node in item.nodes]
    name = None
    if type(item) is tuple and len(item) == 2 and type(item[0]) is str:
        name, item = item
    block = as_block(item, argument)
    if block.joins:
        raise _refused(argument, item, f"{argument}, {block.kind}, joins several inputs.")
    return [(name, block)]


def graph_nodes(layers: object) -> tuple[Node, ...]:
    """Return the nodes of a graph: a layer, or a layer with the names of what it takes."""
    if not is_a(layers, dict):
        raise _refused("layers", layers, f"layers is {kind_of(layers)}, not a dict of names and layers.")
    places: dict[str, int] = {RESERVED: INPUT}
    nodes: list[Node] = []
    for name, item in dict.items(layers):
        if type(name) is not str or not name or name == RESERVED:
            raise _refused("layers", name, f"the name {show(name)} is {'taken' if name == RESERVED else 'no name'}.")  # fmt: skip
        given, sources = item, ()
        if type(item) is tuple and item and type(item[0]) is not str:
            given, *sources = item  # type: ignore[assignment]
        taken = _sources(name, sources, places, len(nodes), layers)
        members = _inlined(name, given, taken, len(nodes))
        nodes += members
        places[name] = len(nodes) - 1 if members else taken[0]
    return tuple(nodes)


def _inlined(name: str, item: object, sources: tuple[int, ...], start: int) -> list[Node]:
    """Return one layer, or all of a network that stands in the place of one."""
    if is_a(item, Network):
        if len(sources) > 1:
            raise _refused("layers", item, f'"{name}" is a network of one input, and takes {len(sources)}.')
        return [
            Node(
                f"{name}.{node.name}",
                node.block,
                tuple(sources[0] if source == INPUT else start + source for source in node.sources),
            )
            for node in item.nodes
        ]
    block = as_block(item, f'layers["{name}"]')
    if not block.joins and len(sources) > 1:
        raise _refused(
            "layers", item, f'"{name}", {block.kind}, takes one input, and {len(sources)} are named.'
        )
    if block.joins and len(sources) < 2:
        raise _refused(
            "layers", item, f'"{name}", {block.kind}, joins several inputs, and only one is named.'
        )
    return [Node(name, block, sources)]


def _sources(
    name: str, given: object, places: Mapping[str, int], count: int, layers: dict[str, Any]
) -> tuple[int, ...]:
    names = as_entries(given) or ()
    found = []
    for one in names:
        if type(one) is not str or one not in places:
            from difflib import get_close_matches

            near = get_close_matches(one[:40], places, n=1) if type(one) is str else []
            hint = f'; "{near[0]}" does' if near else ""
            raise _refused(
                "layers",
                one,
                f'"{name}" takes {show(one)}, which does not stand before it{hint}.',
                [_renamed(layers, name, one, word) for word in near],
            )
        found.append(places[one])
    return tuple(found) or (count - 1,)


def _renamed(layers: dict[str, Any], name: str, wrong: object, word: str) -> Suggestion:
    """Return a graph in which a layer takes another one."""
    other = dict(dict.items(layers))
    layer, *names = other[name]
    other[name] = (layer, *(word if type(one) is str and one == wrong else one for one in names))
    return Suggestion({"layers": other}, f'"{name}" takes "{word}"')


def as_written(nodes: tuple[Node, ...]) -> list[object]:
    """Return the layers of a chain as one would write them: without the names that they get anyway."""
    named = [(node.name, node.block) for node in nodes]
    short = [
        block if name.rpartition("_")[0] == _word(block) else (name, block)  # what has no name is numbered
        for name, block in named
    ]
    same = chain_nodes(short) == nodes
    return [
        one.layer if is_a(one, Block) else (node.name, node.block.layer)
        for node, one in zip(nodes, short if same else named, strict=True)
    ]


def _word(block: Block) -> str:
    letters = []
    for place, letter in enumerate(block.kind):
        if letter.isupper() and place and block.kind[place - 1].islower():
            letters.append("_")
        letters.append(letter.lower())
    return "".join(letters)


def _unique(names: list[str], numbered: list[bool]) -> list[str]:
    """Return names of which none stands twice: those that nobody gave are numbered."""
    taken = {name for name, free in zip(names, numbered, strict=True) if not free}
    counts: dict[str, int] = {}
    result: list[str] = []
    used: set[str] = set()
    for name, free in zip(names, numbered, strict=True):
        one = name
        while free or one in used:
            counts[name] = counts.get(name, 0) + 1
            one = f"{name}_{counts[name]}"
            if one not in taken and one not in used:
                break
        used.add(one)
        result.append(one)
    return result


def _refused(argument: str, given: object, problem: str, suggestions: Sequence[Suggestion] = ()) -> Refusal:
    graph = (
        '{"conv": cs.Conv((3, 3, 3, 8)), "pool": cs.Pool(2), "join": (cs.layers.Concat(), "pool", "conv")}'
    )
    return Refusal(
        argument,
        given=given,
        problem=problem,
        legal=LEGAL
        if "[" in argument
        else "a list of layers for a Chain; for a Graph a dict such as " + graph,
        reason="a chain has one line of layers; a graph names its layers and says which others each of them takes, "
        "the one just above it unless told.",
        kind=ArgumentError,
        suggestions=tuple(one for one in suggestions if all(map(can_be_typed, one.changes.values()))),
    )
