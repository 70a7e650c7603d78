"""One spatial axis of a network, for one size of its input: what every output sees of it.

Two ways lead from an output to the input. :class:`Seen` composes the ends of the fields of a whole period of outputs
layer by layer, as floors or as a table: it gives sizes and jumps. :meth:`AxisField.seen_by` goes back from given
outputs with every axis ending where it ends, so that padding counts for nothing: it gives what an engine's gradient
gives.
"""

from __future__ import annotations

from convshape._networks._network import INPUT
from convshape._networks._receptive_blocks import once
from convshape._networks._receptive_seen import ITSELF, Seen
from convshape._networks._resizing import UpSampling
from convshape._networks._taps import MOST_PHASES, MOST_TAPS, STAY, Taps, knows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from convshape._networks._network import Node
    from convshape._networks._receptive_along import Along, Known
    from convshape._networks._receptive_blocks import Look
    from convshape._networks._taps import Positions


class AxisField:
    """One axis of a network with a size of the input.

    Attributes:
        sizes: How many elements each layer's output has on the axis; None where the axis has ended.
        seen: What each layer's outputs see; None where that is not known.
    """

    __slots__ = ("_along", "_looks", "_network", "_size", "seen", "sizes")

    def __init__(self, along: Along, size: int) -> None:
        self._along, self._network, self._size = along, along.network, size
        self._looks: list[tuple[Look, ...]] = []
        self.sizes, _ = along.sizes(size)
        self.seen: list[Known | None] = []
        for position, node in enumerate(self._network.nodes):
            looks = tuple(self._look(position, number, source) for number, source in enumerate(node.sources))
            self._looks.append(looks)
            self.seen.append(self._together(position, node, looks))

    def size(self, source: int) -> int | None:
        """Return the size of a layer's output; -1 is the input's."""
        return self._size if source == INPUT else self.sizes[source]

    def _seen(self, source: int) -> Known | None:
        return ITSELF if source == INPUT else self.seen[source]

    def _look(self, position: int, number: int, source: int) -> Look:
        seen, size = self._seen(source), self.size(source)
        if seen is not None and seen.constant:
            return STAY
        return None if size is None else self._along.look(position, number, size, self.sizes[position])

    def _together(self, position: int, node: Node, looks: tuple[Look, ...]) -> Known | None:
        """Return what a layer sees through all its sources: the hull of the branches."""
        found: list[Known] = []
        for source, look in zip(node.sources, looks, strict=True):
            before = self._seen(source)
            if isinstance(look, str):
                whole = self.seen_by(source, range(self.size(source) or 0))
                before = None if whole is None else Seen(1, 0, (_ends(whole),))
            if before is None or look is None:
                return None
            found.append(before)
        taps = tuple(look if isinstance(look, Taps) else STAY for look in looks)
        if len(found) > 1 and any(one.constant for one in found):
            through = [one.through(look) for one, look in zip(found, taps, strict=True)]
            if None in through:
                return None
            whole = self.seen_by(position, range(self.sizes[position] or 1), through)
            return None if whole is None else Seen(1, 0, (_ends(whole),))
        return self._along.together(position, found, taps)

    def why(self, position: int) -> str:
        """Return why it is not known what a layer sees while it is known of its sources; "" where it is not of these."""
        node, looks = self._network.nodes[position], self._looks[position]
        before = [self._seen(source) for source in node.sources]
        if None in before:
            return ""
        if None in looks:
            return _why_no_look(node)
        if len({one.jump for one in before if one is not None}) > 1 and node.block.joins:
            return "its branches come at different rates"
        return f"its fields repeat after more than {MOST_PHASES} outputs only, or reach too far to be listed"

    def seen_by(
        self,
        position: int,
        outputs: range,
        found: Sequence[Known | None] | None = None,
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
            if isinstance(sees, Seen) and sees.constant:
                _gather(waiting, INPUT, _range(sees.fields[0]))
                continue
            for number, source in enumerate(self._network.nodes[place].sources):
                through = None if found is None or place != position else found[number]
                if isinstance(through, Seen) and through.constant:
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


def _why_no_look(node: Node) -> str:
    block = once(node.block)
    if isinstance(block, UpSampling) and not knows(block.interpolation):
        return f'which elements an interpolation "{block.interpolation}" looks at is not known'
    if block.joins:
        return "the branches it joins are not spread along the same axes"
    return f"the layer ends the axis, or its outputs have more than {MOST_PHASES} phases"


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
