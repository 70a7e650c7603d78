"""One spatial axis of a network in plain integers: what each layer makes of an input size, and what must hold.

Every value is a growing function of the input size ``x`` with ``f(x + period) == f(x) + growth``: layers are floors of
multiples, joins are sums and minima of such. So whether a size works is decided by its remainder, from some size on.
"""

from __future__ import annotations

from math import lcm

from convshape._errors import SizeError
from convshape._layouts import AXIS_NAMES, channel_axis
from convshape._networks._block import places, volume
from convshape._networks._dense import Dense, Flatten, Reshape
from convshape._networks._fixed import GlobalPool
from convshape._networks._forms import Form, grown
from convshape._networks._joins import Add, Concat
from convshape._networks._network import INPUT, Failed, Network, Value, silent
from convshape._refusals import Refusal, Suggestion
from convshape._show import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from convshape._networks._block import Block
    from convshape._networks._moves import Move
    from convshape._networks._network import Node

    Sizes = list[int]  # one a value; the last is the input's, so that -1 finds it


class Condition:
    """What must hold at a layer.

    Attributes:
        position: The layer.
        holds: Whether it holds, asked of all values.
        first: A value that must equal ``second``, or whose remainder matters; None where it must only be large enough.
        second: The other value, if there is one.
        number: What ``first`` must be, or, where it is no equation, what its remainder is taken by.
        equation: Whether ``first`` must equal ``second`` or ``number``.
    """

    __slots__ = ("equation", "first", "holds", "number", "position", "second")

    def __init__(
        self,
        position: int,
        holds: Callable[[Sizes], bool],
        first: int | None = None,
        second: int | None = None,
        number: int | None = None,
        equation: bool = False,
    ) -> None:
        self.position = position
        self.holds = holds
        self.first = first
        self.second = second
        self.number = number
        self.equation = equation


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
        self.uneven: list[
            tuple[int, int]
        ] = []  # pairs of values, the smaller of which is taken, and that grow apart
        self.bent: list[Condition] = []  # past which layers follow their formula
        self._steps: list[Callable[[Sizes], int]] = []
        self._allow_drop = allow_drop
        self._network, self._start = network, start
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

    def _input(self, source: int) -> Value:
        return self._start if source == INPUT else self._values[source]

    def _add(self, position: int, node: Node) -> None:
        block = node.block
        if block.joins:
            self._join(position, node)
            return
        source = node.sources[0]
        given = self._input(source)
        if given.layout is None or (source != INPUT and self.rates[source] is None):
            self._ended(position, block, source, given)
            return
        moves = block.moves(given.shape, given.layout)
        if moves is None:
            self._end(position, node, given)
            return
        self._move(position, source, moves[self.axis])

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
        if move.first is not None:
            self.bent.append(Condition(position, lambda values: values[source] > low))
            self._steps.append(lambda values: move(values[source]))
        else:
            self._steps.append(lambda values: (values[source] * times + plus) // over)
        self.rates.append(grown(*self.rate(source), times, over))

    def _join(self, position: int, node: Node) -> None:
        block, sources = node.block, node.sources
        layouts = [self._input(source).layout for source in sources]
        layout = max(layouts, key=lambda one: len(one or ""))
        if layout is None or all(one is None for one in layouts):
            self._stop(position)
            return
        live = [source for source, one in zip(sources, layouts, strict=True) if one == layout and (source == INPUT or self.rates[source] is not None)]  # fmt: skip
        place = places(layout)[self.axis]
        if not isinstance(block, Add | Concat):
            self._taken(position, node, place)
            return
        if isinstance(block, Concat) and block.along(len(layout), layout) == place:
            self._steps.append(lambda values: sum(values[source] for source in live))
            self.rates.append(self._together(live, sum))
            return
        if block.crops:
            self._steps.append(lambda values: min(values[source] for source in live))
            self.rates.append(self._together(live, min))
            self.uneven += [(live[0], other) for other in live[1:]]
            return
        broadcast = isinstance(block, Add) and block.broadcast
        if broadcast:
            live = [one for one in live if not self._is_one(one)] or live[:1]
        first = live[0]
        for other in live[1:]:
            self.exact.append(_equal(position, first, other, broadcast))
        self._steps.append(lambda values: values[first])
        self.rates.append(self.rate(first))

    def _taken(self, position: int, node: Node, place: int) -> None:
        """Another join's size follows from one of its inputs, or it does not say it."""
        taken = node.block.taken(place)
        if taken is None:
            raise _untold(node)
        source = node.sources[taken[0]]
        if source != INPUT and self.rates[source] is None:
            raise _untold(node)
        self._move(position, source, taken[1])

    def _together(self, sources: list[int], how: Callable[[list[int]], int]) -> tuple[int, int]:
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

    def _stop(self, position: int) -> None:
        self._steps.append(lambda values: 0)
        self.rates.append(None)

    def _end(self, position: int, node: Node, given: Value) -> None:
        """The spatial axes end: a Flatten or a Reshape holds their product, a global pool forgets them."""
        if isinstance(getattr(node.block, "inner", node.block), GlobalPool):
            self._stop(position)
            return
        if not isinstance(node.block, Flatten | Reshape):
            raise _untold(node)
        wanted = [_features(self._network, position)]
        if isinstance(node.block, Reshape):
            rest = volume(tuple(size for size in node.block.target_shape if size != -1)) or 1
            wanted = [(rest, -1 in node.block.target_shape)]
        for number, multiple in filter(None, wanted):
            self._product(position, node, given, number, multiple)
        self._stop(position)

    def _product(self, position: int, node: Node, given: Value, number: int, multiple: bool) -> None:
        """Add that the numbers of a picture are so many, or a multiple of them."""
        source, layout = node.sources[0], given.layout or ""
        beside = given.shape[channel_axis(layout)]
        for other in range(len(layout) - 2):
            if other != self.axis and isinstance(beside, int):
                size = _sized(self._network, self._start, other, position, source)
                beside = None if size is None else beside * size
        if not isinstance(beside, int):
            raise _needs_others(node, self._start, layout)
        if multiple:
            self.exact.append(
                Condition(
                    position, lambda values: values[source] * beside % number == 0, source, None, number
                )
            )
        else:
            fits = number // beside if beside and number % beside == 0 else 0
            self.exact.append(
                Condition(position, lambda values: values[source] == fits, source, None, fits, equation=True)
            )

    def _ended(self, position: int, block: Block, source: int, given: Value) -> None:
        self._stop(position)


def _untold(node: Node) -> Refusal:
    return Refusal(
        "network",
        given=node.name,
        problem=f'"{node.name}" ({node.block.kind}) does not say what it does to each axis.',
        legal="layers that do",
        reason="legal sizes follow from what every layer does to one axis.",
    )


def _equal(position: int, first: int, other: int, broadcast: bool) -> Condition:
    if broadcast:
        return Condition(position, lambda values: values[first] == values[other] or 1 in (values[first], values[other]), first, other, equation=True)  # fmt: skip
    return Condition(position, lambda values: values[first] == values[other], first, other, equation=True)


def _features(network: Network, position: int) -> tuple[int, bool] | None:
    """Return how many features the first dense layer behind a Flatten takes, where that is fixed."""
    for later in range(position + 1, len(network.nodes)):
        node = network.nodes[later]
        if node.sources == (position,):
            if isinstance(node.block, Dense):
                return None if node.block.in_features is None else (node.block.in_features, False)
            position = later
    return None


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


def _sized(network: Network, start: Value, axis: int, position: int, source: int) -> int | None:
    """Return the size of another axis where the axes end."""
    place = places(start.layout or "")[axis]
    size = start.shape[place]
    if not isinstance(size, int):
        return None
    if source == INPUT:
        return size
    program = AxisProgram(network.until(source), start, axis, True)
    return program.sizes(size)[source]


def _needs_others(node: Node, start: Value, layout: str) -> Refusal:
    known = tuple(entry if isinstance(entry, int | str) else 64 for entry in start.shape)
    entries = tuple(str(one) if isinstance(one, Form) else one for one in start.entries)
    return Refusal(
        "input_shape",
        given=entries,
        problem=f'"{node.name}" ({node.block.kind}) makes one number of all sizes of {show(tuple(entries))}, and some are not known.',
        legal=f"the sizes of all axes but one, beside {', '.join(AXIS_NAMES[len(layout) - 2])}",
        reason="where the axes are flattened for a fixed number of features, each axis depends on the others.",
        kind=SizeError,
        suggestions=(Suggestion({"input_shape": known}, "for example; with the sizes of your input"),),
    )
