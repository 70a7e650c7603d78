"""Which inputs come to a wanted number of features behind a Flatten: the classic one that wants 3136."""

from __future__ import annotations

from convshape._layouts import channel_axis
from convshape._networks._axis import AxisProgram
from convshape._networks._block import places
from convshape._networks._dense import Dense, Flatten
from convshape._networks._network import INPUT
from convshape._refusals import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from convshape._networks._network import Network, Value
    from convshape._shapes import Shape

_MOST = 2**20  # up to here all divisors are looked at


def inputs_of_features(network: Network, position: int, start: Value) -> Iterator[tuple[Shape, str]]:
    """Yield the nearest input whose flattened features are as many as the dense layer at ``position`` takes."""
    dense = network.nodes[position].block
    flat = _flatten_above(network, position)
    if not isinstance(dense, Dense) or dense.in_features is None or flat is None or start.layout is None:
        return
    source = network.nodes[flat].sources[0]
    spots = places(start.layout)
    given = [start.shape[place] for place in spots]
    if source == INPUT or len(spots) > 2 or not all(isinstance(size, int) for size in given):
        return
    try:
        programs = [AxisProgram(network.until(source), start, axis, True) for axis in range(len(spots))]
        channels = programs[0].made(source).shape[channel_axis(start.layout)]
    except Refusal:
        return
    best: tuple[int, ...] | None = None
    for sizes in _factorings(dense.in_features, channels, len(spots)):
        inputs = [_nearest(*each) for each in zip(programs, [source] * len(spots), sizes, given, strict=True)]  # type: ignore[arg-type]
        if None not in inputs and (best is None or _strange(inputs, given) < _strange(best, given)):
            best = tuple(inputs)  # type: ignore[arg-type]
    if best is not None:
        shape = list(start.told)
        for place, size in zip(spots, best, strict=True):
            shape[place] = size
        yield tuple(shape), f"the nearest that flattens to {dense.in_features}"


def _flatten_above(network: Network, position: int) -> int | None:
    source = network.nodes[position].sources[0]
    while source != INPUT and not isinstance(network.nodes[source].block, Flatten):
        source = network.nodes[source].sources[0]
    return None if source == INPUT else source


def _factorings(features: int, channels: object, rank: int) -> Iterator[tuple[int, ...]]:
    """Yield the spatial sizes whose product with the channels is the number of features."""
    if not isinstance(channels, int) or features % channels or features // channels > _MOST:
        return
    number = features // channels
    if rank == 1:
        yield (number,)
        return
    for one in range(1, number + 1):
        if number % one == 0:
            yield one, number // one


def _nearest(program: AxisProgram, value: int, wanted: int, given: int) -> int | None:
    """Return the input size next to ``given`` that a layer makes ``wanted`` of; sizes grow with the input."""
    low, high = 1, 1
    while program.sizes(high)[value] < wanted:
        high *= 2
        if high > 2**62:
            return None
    low = _first_reaching(program, value, wanted, high)
    end = high
    while program.sizes(end)[value] <= wanted and end < 2**62:
        end *= 2
    last = _first_reaching(program, value, wanted + 1, end) - 1
    near = sorted((low, given, last))[1]
    return near if low <= last and program.works(near) else None


def _first_reaching(program: AxisProgram, value: int, wanted: int, high: int) -> int:
    low = 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if program.sizes(middle)[value] >= wanted else (middle + 1, high)
    return high


def _strange(sizes: Sequence[Any], given: Sequence[Any]) -> tuple[float, int]:
    """Return how far the proportions are from the given ones, then how far the sizes are."""
    ratios = [one / other for one, other in zip(sizes, given, strict=True)]
    return max(ratios) / min(ratios), sum(abs(one - other) for one, other in zip(sizes, given, strict=True))
