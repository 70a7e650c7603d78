"""One spatial axis of a network in plain integers: what each layer makes of an input size, and what must hold.

Every value is a growing function of the input size ``x`` with ``f(x + period) == f(x) + growth``: layers are floors of
multiples, joins are sums and minima of such. So whether a size works is decided by its remainder, from some size on.
"""

from __future__ import annotations

from itertools import combinations
from math import lcm

from convshape._networks._block import places
from convshape._networks._conditions import Condition, equal, untold
from convshape._networks._flattened import after_the_end, end, join_vectors
from convshape._networks._forms import grown
from convshape._networks._joins import Add, Concat
from convshape._networks._network import INPUT, Failed, Network, Value, silent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from convshape._networks._conditions import Sizes
    from convshape._networks._moves import Move
    from convshape._networks._network import Node


class AxisProgram:
    """What happens along one axis of a network.

    Attributes:
        least: Conditions that hold from some size on, as every value grows with the input.
        exact: Conditions on remainders, or that two values are the same.
        rates: ``(period, growth)`` of every value; the last is the input's.
    """

    def __init__(self, network: Network, start: Value, axis: int, allow_drop: bool) -> None:
        self.axis = axis
        self.least: list[Condition] = []
        self.exact: list[Condition] = []
        self.rates: list[tuple[int, int] | None] = []
        self.uneven: list[tuple[int, int]] = []  # pairs of values of which the smaller one is taken
        self.bent: list[Condition] = []  # past which layers follow their formula
        self.vectors: set[int] = set()  # values that are numbers of features, not sizes of the axis
        self.unknown: set[int] = set()  # those that also depend on an axis that is not known
        self._steps: list[Callable[[Sizes], int]] = []
        self._allow_drop = allow_drop
        self.network, self.start = network, start
        self._values = _unsized(network, start)
        for position, node in enumerate(network.nodes):
            self._add(position, node)
        self.rates.append((1, 1))

    def sizes(self, size: int) -> Sizes:
        """Return every value for an input size; -1 is the index of the input."""
        values = [0] * len(self._steps) + [size]
        for position, compute in enumerate(self._steps):
            values[position] = compute(values)
        return values

    def works(self, size: int) -> bool:
        """Return whether an input size works."""
        values = self.sizes(size)
        return all(each.holds(values) for each in (*self.least, *self.exact))

    def rate(self, value: int) -> tuple[int, int]:
        """Return period and growth of a value."""
        if value == INPUT:
            return 1, 1
        found = self.rates[value]
        return (1, 0) if found is None else found

    def given(self, source: int) -> Value:
        """Return what a source makes where no spatial size is known."""
        return self.start if source == INPUT else self._values[source]

    def made(self, position: int) -> Value:
        """Return what a layer makes where no spatial size is known."""
        return self._values[position]

    def _add(self, position: int, node: Node) -> None:
        block = node.block
        if block.joins:
            self._join(position, node)
            return
        source = node.sources[0]
        given = self.given(source)
        if given.layout is None or (source != INPUT and self.rates[source] is None):
            after_the_end(self, position, node)
            return
        moves = block.moves(given.shape, given.layout)
        if moves is None:
            end(self, position, node)
            return
        self._move(position, source, moves[self.axis])

    def add(self, compute: Callable[[Sizes], int], rate: tuple[int, int] | None) -> None:
        """Add the next value."""
        self._steps.append(compute)
        self.rates.append(rate)

    def stop(self) -> None:
        """Add a value that has nothing of the axis."""
        self.add(lambda values: 0, None)

    def constant(self, size: int) -> None:
        """Add a value that is the same whatever the input."""
        self.add(lambda values: size, (1, 0))

    def _move(self, position: int, source: int, move: Move) -> None:
        times, plus, over, low = move.times, move.plus, move.over, move.least
        if low > 1:
            self.least.append(Condition(position, lambda values: values[source] >= low))
        if times and (plus < 0 or over > 1):
            self.least.append(Condition(position, lambda values: move(values[source]) >= 1))
        if move.covers is not None and not self._allow_drop:
            self.exact.append(
                Condition(position, lambda values: move.lost(values[source]) == 0, source, None, over)
            )
        rate = grown(*self.rate(source), times, over)
        if move.first is not None:
            self.bent.append(Condition(position, lambda values: values[source] > low))
            self.add(lambda values: move(values[source]), rate)
        else:
            self.add(lambda values: (values[source] * times + plus) // over, rate)

    def _join(self, position: int, node: Node) -> None:
        block, sources = node.block, node.sources
        layouts = [self.given(source).layout for source in sources]
        layout = max(layouts, key=lambda one: len(one or ""))
        if layout is None:
            join_vectors(self, position, node)
            return
        live = [source for source, one in zip(sources, layouts, strict=True) if one == layout and (source == INPUT or self.rates[source] is not None)]  # fmt: skip
        place = places(layout)[self.axis]
        if not isinstance(block, Add | Concat):
            self._taken(position, node, place)
            return
        if isinstance(block, Concat) and block.along(len(layout), layout) == place:
            self.add(lambda values: sum(values[source] for source in live), self.together(live, sum))
            return
        if block.crops:
            self.add(lambda values: min(values[source] for source in live), self.together(live, min))
            self.uneven += combinations(live, 2)
            return
        broadcast = isinstance(block, Add) and block.broadcast
        if broadcast:
            live = [one for one in live if not self._is_one(one)] or live[:1]
        first = live[0]
        pairs = list(combinations(live, 2)) if broadcast else [(first, other) for other in live[1:]]
        for one, other in pairs:
            self.exact.append(equal(position, one, other, broadcast))
        if broadcast:  # a size of 1 becomes the other's, so the biggest one counts
            self.add(lambda values: max(values[source] for source in live), self.together(live, max))
            self.uneven += pairs
            return
        self.add(lambda values: values[first], self.rate(first))

    def _taken(self, position: int, node: Node, place: int) -> None:
        """Another join's size follows from one of its inputs, or it does not say it."""
        taken = node.block.taken(place)
        if taken is None:
            raise untold(node)
        source = node.sources[taken[0]]
        if source != INPUT and self.rates[source] is None:
            raise untold(node)
        self._move(position, source, taken[1])

    def together(self, sources: list[int], how: Callable[[list[int]], int]) -> tuple[int, int]:
        """Return period and growth of a sum, a minimum or a maximum."""
        rates = [self.rate(source) for source in sources]
        period = lcm(*(one for one, _ in rates))
        return period, how([growth * (period // one) for one, growth in rates])

    def _is_one(self, source: int) -> bool:
        """Return whether a value is 1 whatever the input, as behind a global pool."""
        return self.rate(source)[1] == 0 and self.sizes_until(source, 1) == 1

    def sizes_until(self, value: int, size: int) -> int:
        """Return one value for an input size, while later ones are still unknown."""
        values = [0] * len(self._steps) + [size]
        for position, compute in enumerate(self._steps[: value + 1]):
            values[position] = compute(values)
        return values[value]


def _unsized(network: Network, start: Value) -> list[Value]:
    """Return every node's output where no spatial size of the input is known: channels, layouts, ranks."""
    layout = start.layout or ""
    spots = places(layout) if layout else ()
    entries = tuple(None if place in spots else entry for place, entry in enumerate(start.shape))
    try:
        return network.walk(Value(entries, start.layout))
    except Failed as failed:
        if failed.position == len(network.nodes) - 1:  # the last one is asked only how sizes come to it
            return [*failed.values, failed.values[-1] if failed.values else start]
        raise silent(failed.refusal) from None
