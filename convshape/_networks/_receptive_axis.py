"""One spatial axis of a network, for one size of its input: what every output sees of it.

Two ways lead from an output to the input. :class:`Seen` composes the ends of the fields of a whole period of outputs
layer by layer, as if no axis had an end: it gives sizes and jumps. :meth:`AxisField.seen_by` goes back from given
outputs with every axis ending where it ends, so that padding counts for nothing: it gives what an engine's gradient
gives.
"""

from __future__ import annotations

from itertools import pairwise
from math import gcd, lcm

from convshape._frozen import Frozen
from convshape._networks._block import places
from convshape._networks._joins import Concat
from convshape._networks._network import INPUT
from convshape._networks._receptive_blocks import look_of, look_of_join
from convshape._networks._taps import MOST_PHASES, MOST_TAPS, STAY, Taps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from convshape._networks._network import Network, Node, Value
    from convshape._networks._receptive_blocks import Look
    from convshape._networks._taps import Positions


class Seen(Frozen):
    """What the outputs of one layer see of the input, as if no axis had an end.

    Attributes:
        period: After how many outputs the fields repeat; 1 with a growth of 0 where all see the same.
        growth: How many input elements further on they then lie.
        fields: First and last input element that each output of one period sees; None where it sees none.
    """

    __slots__ = ("fields", "growth", "ordered", "period")
    _fields = ("period", "growth", "fields")
    period: int
    growth: int
    fields: tuple[tuple[int, int] | None, ...]
    ordered: bool  # whether both ends grow with the output, and no output sees nothing

    def __init__(self, period: int, growth: int, fields: tuple[tuple[int, int] | None, ...]) -> None:
        self._set(period=period, growth=growth, fields=fields)
        self._set(ordered=self._is_ordered())

    @property
    def constant(self) -> bool:
        """Whether all outputs see the same."""
        return self.growth == 0

    @property
    def size(self) -> int:
        """The largest number of input elements that one output spans."""
        return max((last - first + 1 for first, last in filter(None, self.fields)), default=0)

    def at(self, output: int) -> tuple[int, int] | None:
        """Return first and last element of an output's field."""
        turn, phase = divmod(output, self.period)
        field = self.fields[phase]
        return None if field is None else (field[0] + turn * self.growth, field[1] + turn * self.growth)

    def _is_ordered(self) -> bool:
        fields = [*filter(None, self.fields), *filter(None, (self.at(self.period),))]
        if len(fields) <= self.period:
            return False
        return all(one[0] <= other[0] and one[1] <= other[1] for one, other in pairwise(fields))

    def through(self, taps: Taps) -> Seen | None:
        """Return what the outputs of the next layer see; None where they are too many to be listed."""
        if taps is STAY or self.constant:
            return self
        period = taps.period * (self.period // gcd(taps.growth, self.period))
        each = 2 if self.ordered else max(map(len, taps.ranges))
        if period > MOST_PHASES or period * each > MOST_TAPS:
            return None
        growth = period // taps.period * taps.growth // self.period * self.growth
        return Seen(period, growth, tuple(self._hull(taps.at(output)) for output in range(period)))

    def _hull(self, taps: range) -> tuple[int, int] | None:
        if not taps:
            return None
        ends = (taps[0], taps[-1]) if self.ordered else taps
        return hull([self.at(tap) for tap in ends])


def hull(fields: list[tuple[int, int] | None]) -> tuple[int, int] | None:
    """Return first and last element of several fields together."""
    known = [field for field in fields if field is not None]
    return (min(first for first, _ in known), max(last for _, last in known)) if known else None


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
        return _ITSELF if source == INPUT else self.seen[source]

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
        return _joined(found)

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


_ITSELF = Seen(1, 1, ((0, 0),))


def _joined(found: list[Seen]) -> Seen | None:
    """Return the hull of branches that repeat at one rate; None where they do not, or their period is too long."""
    if len(found) == 1 or len({*found}) == 1:
        return found[0]
    period = lcm(*(one.period for one in found))
    growth, *others = {period // one.period * one.growth for one in found}
    if others or period > MOST_PHASES:
        return None
    return Seen(period, growth, tuple(hull([one.at(output) for one in found]) for output in range(period)))


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
