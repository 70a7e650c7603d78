"""One spatial axis of a network, whatever the input's size: what is the same at many sizes is worked out once."""

from __future__ import annotations

from convshape._networks._block import places
from convshape._networks._joins import Concat
from convshape._networks._network import INPUT
from convshape._networks._receptive_blocks import asks_of_size, axis_of, look_of, look_of_join
from convshape._networks._receptive_seen import joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable
    from typing import Any

    from convshape._networks._moves import Move
    from convshape._networks._network import Network, Node, Value
    from convshape._networks._receptive_blocks import Look
    from convshape._networks._receptive_seen import Ends, Seen
    from convshape._networks._taps import Taps

    Known = Seen | Ends

_ADDED, _CROPPED, _SPREAD, _EQUAL = "added", "cropped", "spread", "equal"  # what a join does to sizes


class Along:
    """One axis of a network.

    Attributes:
        network: The network.
        key: Equal for axes along which every layer does the same.
    """

    __slots__ = ("_axis", "_layouts", "_looks", "_memo", "_rules", "_start", "_values", "key", "network")

    def __init__(self, network: Network, start: Value, values: list[Value], axis: int) -> None:
        self.network, self._start, self._values, self._axis = network, start, values, axis
        self._layouts = [self._layout(node) for node in network.nodes]
        self._rules: list[Move | str | None] = []
        for node, layout in zip(network.nodes, self._layouts, strict=True):
            alive = any(source == INPUT or self._rules[source] is not None for source in node.sources)
            self._rules.append(self._rule(node, layout) if alive else None)
        self._looks: dict[tuple[int, int, object], Look] = {}
        self._memo: dict[tuple[int, ...], tuple[object, Known | None]] = {}
        self.key: Hashable = (
            *(rule and axis_of(node.block, self._value(node.sources[0]), axis) for node, rule in zip(network.nodes, self._rules, strict=True)),
            *self._rules,
        )  # fmt: skip

    def _value(self, source: int) -> Value:
        return self._start if source == INPUT else self._values[source]

    def _layout(self, node: Node) -> str:
        return max((self._value(one).layout or "" for one in node.sources), key=len)

    def _rule(self, node: Node, layout: str) -> Move | str | None:
        block: Any = node.block
        if not block.joins:
            given = self._value(node.sources[0])
            moves = None if given.layout is None else block.moves(given.shape, given.layout)
            return None if moves is None else moves[self._axis]
        if isinstance(block, Concat) and block.along(len(layout), layout) == places(layout)[self._axis]:
            return _ADDED
        if block.crops:
            return _CROPPED
        return _SPREAD if getattr(block, "broadcast", False) else _EQUAL

    def sizes(self, size: int) -> tuple[list[int | None], bool]:
        """Return how many elements each layer makes of an axis, None where it has ended, and whether all layers fit."""
        made: list[int | None] = []
        fits = True
        for node, rule in zip(self.network.nodes, self._rules, strict=True):
            result, taken = _made(
                rule, [size if source == INPUT else made[source] for source in node.sources]
            )
            made.append(result)
            fits &= taken
        return made, fits

    def fits(self, size: int) -> bool:
        """Return whether all layers take a size, and the branches of every join meet."""
        made: list[int | None] = []
        for node, rule in zip(self.network.nodes, self._rules, strict=True):
            result, taken = _made(
                rule, [size if source == INPUT else made[source] for source in node.sources]
            )
            if not taken:
                return False
            made.append(result)
        return True

    def look(self, position: int, number: int, size: int, output: int | None) -> Look:
        """Return where a layer looks in one of its sources, of so many elements."""
        node = self.network.nodes[position]
        given = self._value(node.sources[number])
        asked: object = max(-1, size - (output or 0))  # a join spreads a smaller input and crops a bigger one
        if not node.block.joins:
            asked = asks_of_size(node.block, given, self._axis, size)
        key = (position, number, asked)
        if key not in self._looks:
            if node.block.joins:
                found = look_of_join(
                    node.block, given, self._layouts[position], self._axis, size, output or 0
                )
            else:
                found = look_of(node.block, given, self._axis, size)
            self._looks[key] = found
        return self._looks[key]

    def together(self, position: int, before: list[Known], looks: tuple[Taps, ...]) -> Known | None:
        """Return what a layer sees through looks at what its sources see; the same ones are not asked again."""
        key = (position, *map(id, before), *map(id, looks))  # the memo keeps them alive
        if key not in self._memo:
            found = [one.through(look) for one, look in zip(before, looks, strict=True)]
            known = [one for one in found if one is not None]
            self._memo[key] = ((before, looks), joined(known) if len(known) == len(found) else None)
        return self._memo[key][1]


def _made(rule: Move | str | None, given: list[int | None]) -> tuple[int | None, bool]:
    """Return a layer's size from its sources', and whether it takes them."""
    size = given[0]
    if not isinstance(rule, str):
        if rule is None or size is None:
            return None, True
        result = rule(size)
        return result, size >= rule.least and result >= 1
    sizes = [one for one in given if one is not None]
    if not sizes:
        return None, True
    if rule is _ADDED:
        return sum(sizes), True
    if rule is _CROPPED:
        return min(sizes), True
    return max(sizes), len({*sizes} - ({1} if rule is _SPREAD else set())) <= 1
