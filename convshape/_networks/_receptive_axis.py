"""One spatial axis of a network, for one size of its input: what every output sees of it.

Two ways lead from an output to the input. :class:`Seen` composes the ends of the fields of a whole period of outputs
layer by layer: it gives sizes and jumps. :meth:`AxisField.seen_by` goes back from given
outputs with every axis ending where it ends, so that padding counts for nothing: it gives what an engine's gradient
gives.
"""

from __future__ import annotations

from convshape._networks._block import places
from convshape._networks._joins import Concat
from convshape._networks._network import INPUT
from convshape._networks._receptive_blocks import look_of, look_of_join
from convshape._networks._receptive_seen import ITSELF, Seen, joined
from convshape._networks._taps import MOST_TAPS, STAY, Taps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from convshape._networks._network import Network, Node, Value
    from convshape._networks._receptive_blocks import Look
    from convshape._networks._taps import Positions


class AxisField:
    """One axis of a network with a size of the input.

    Attributes:
        sizes: How many elements each layer's output has on the axis; None where the axis has ended.
        seen: What each layer's outputs see; None where that is not known.
        fits: Whether the size is one that the layers take and with which the branches of joins meet.
    """

    __slots__ = ("_axis", "_looks", "_network", "_size", "_start", "_values", "fits", "seen", "sizes")

    def __init__(self, network: Network, start: Value, values: list[Value], axis: int, size: int) -> None:
        self._network, self._start, self._values = network, start, values
        self._axis, self._size = axis, size
        self._looks: list[tuple[Look, ...]] = []
        self.sizes: list[int | None] = []
        self.seen: list[Seen | None] = []
        self.fits = True
        for position, node in enumerate(network.nodes):
            self._add(position, node)

    def size(self, source: int) -> int | None:
        """Return the size of a layer's output; -1 is the input's."""
        return self._size if source == INPUT else self.sizes[source]

    def _seen(self, source: int) -> Seen | None:
        return ITSELF if source == INPUT else self.seen[source]

    def _value(self, source: int) -> Value:
        return self._start if source == INPUT else self._values[source]

    def _add(self, position: int, node: Node) -> None:
        sizes = [self.size(source) for source in node.sources]
        known = [size for size in sizes if size is not None]
        self.sizes.append(self._made(node, sizes[0], known) if known else None)
        output = self.sizes[position]
        looks = tuple(self._look(node, source, output) for source in node.sources)
        self._looks.append(looks)
        self.seen.append(self._together(position, node, looks))

    def _made(self, node: Node, size: int | None, sizes: list[int]) -> int | None:
        """Return how many elements a layer makes of an axis; None where it ends there."""
        if node.block.joins:
            return self._joined_size(node, sizes)
        given = self._value(node.sources[0])
        moves = None if given.layout is None else node.block.moves(given.shape, given.layout)
        if moves is None or size is None:
            return None
        move = moves[self._axis]
        self.fits &= size >= move.least and move(size) >= 1
        return move(size)

    def _joined_size(self, node: Node, sizes: list[int]) -> int:
        """Return how many elements a join makes of an axis, and note whether its branches meet."""
        block: Any = node.block
        layout = max((self._value(one).layout or "" for one in node.sources), key=len)
        if isinstance(block, Concat) and block.along(len(layout), layout) == places(layout)[self._axis]:
            return sum(sizes)
        if block.crops:
            return min(sizes)
        self.fits &= len({*sizes} - ({1} if getattr(block, "broadcast", False) else set())) <= 1
        return max(sizes)

    def _look(self, node: Node, source: int, output: int | None) -> Look:
        seen, size = self._seen(source), self.size(source)
        if seen is not None and seen.constant:
            return STAY
        if size is None:
            return None
        given = self._value(source)
        if not node.block.joins:
            return look_of(node.block, given, self._axis, size)
        layout = max((self._value(one).layout or "" for one in node.sources), key=len)
        return look_of_join(node.block, given, layout, self._axis, size, output or 0)

    def _together(self, position: int, node: Node, looks: tuple[Look, ...]) -> Seen | None:
        """Return what a layer sees through all its sources: the hull of the branches."""
        found = []
        for source, look in zip(node.sources, looks, strict=True):
            before = self._seen(source)
            if isinstance(look, str):
                whole = self.seen_by(source, range(self.size(source) or 0))
                before = None if whole is None else Seen(1, 0, (_ends(whole),))
            elif before is not None:
                before = None if look is None else before.through(look)
            if before is None:
                return None
            found.append(before)
        if len(found) > 1 and any(one.constant for one in found):
            whole = self.seen_by(position, range(self.sizes[position] or 1), found)
            return None if whole is None else Seen(1, 0, (_ends(whole),))
        return joined(found)

    def seen_by(
        self,
        position: int,
        outputs: range,
        found: list[Seen] | None = None,
        *,
        endless: bool = False,
        blind: set[tuple[int, int]] | None = None,
    ) -> Positions | None:
        """Return the input elements that some outputs of a layer see, padding left out; None where that is not known.

        Args:
            position: The layer; -1 is the input.
            outputs: Their places along the axis.
            found: What the layer sees through each of its sources, while it has no entry yet.
            endless: Whether axes have no last element.
            blind: Layers and numbers of their sources through which nothing is seen along another axis, and so not
                along this one; those through which nothing is seen along this one are added.
        """
        waiting: dict[int, Positions] = {position: outputs}
        for place in range(position, INPUT, -1):
            wanted = waiting.pop(place, None)
            if not wanted:
                continue
            sees = self.seen[place] if place < len(self.seen) else None
            if sees is not None and sees.constant:
                _gather(waiting, INPUT, _range(sees.fields[0]))
                continue
            for number, source in enumerate(self._network.nodes[place].sources):
                through = None if found is None or place != position else found[number]
                if through is not None and through.constant:
                    _gather(waiting, INPUT, _range(through.fields[0]))
                    continue
                if blind is not None and (place, number) in blind:
                    continue
                look = self._looks[place][number]
                if not isinstance(look, Taps):
                    return None
                taps = wanted if look is STAY else look.of(wanted)
                if taps is None:
                    return None
                taps = _within(taps, None if endless else self.size(source))
                if not taps and blind is not None:
                    blind.add((place, number))
                if not _gather(waiting, source, taps):
                    return None
        return waiting.get(INPUT, range(0))


def _within(positions: Positions, size: int | None) -> Positions:
    if isinstance(positions, range):
        return range(max(0, positions.start), positions.stop if size is None else min(size, positions.stop))
    inside = {one for one in positions if one >= 0 and (size is None or one < size)}
    return (
        range(min(inside), max(inside) + 1) if inside and max(inside) - min(inside) < len(inside) else inside
    )


def _gather(waiting: dict[int, Positions], source: int, more: Positions) -> bool:
    """Add positions to those of a layer that are wanted already, unless they are too many to be listed."""
    old = waiting.get(source)
    if not old or not more:
        waiting[source] = more or old or range(0)
    elif isinstance(old, range) and isinstance(more, range) and max(old.start, more.start) <= min(old.stop, more.stop):  # fmt: skip
        waiting[source] = range(min(old.start, more.start), max(old.stop, more.stop))
    elif len(old) + len(more) > MOST_TAPS:
        return False
    else:
        waiting[source] = _within({*old, *more}, None)
    return True


def _range(field: tuple[int, int] | None) -> range:
    return range(0) if field is None else range(field[0], field[1] + 1)


def _ends(positions: Positions) -> tuple[int, int] | None:
    return (min(positions), max(positions)) if positions else None
