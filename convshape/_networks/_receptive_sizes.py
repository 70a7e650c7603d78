"""Input sizes to ask a network with where none was given: one of every remainder that can make a difference.

SAME splits its padding by the remainder of a size by the stride, and a join that crops has such a remainder to split;
nothing else but a fixed or a global pool asks for a size. What holds for one size of every remainder by the network's
period, and for one far from these, holds for all.
"""

from __future__ import annotations

from math import lcm

from convshape._networks._forms import grown
from convshape._networks._network import INPUT
from convshape._networks._receptive_axis import AxisField
from convshape._refusals import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._networks._network import Network, Value
    from convshape._networks._receptive_along import Along

_LARGE = 2**10  # no border is near
_LARGEST = 2**40
_FAR = 3  # one size far from the others: what differs there depends on more than a remainder
_MOST = 2**19  # layers times sizes


def fields_along(along: Along, period: int, size: object) -> list[AxisField]:
    """Return an axis with its size, or, of a size not known, with one of every remainder; too many are none."""
    if isinstance(size, int):
        return [AxisField(along, size)]
    if too_many(along.network, period):
        return []
    base = period * -(-_LARGE // period)
    while base < _LARGEST:
        fitting = [*filter(along.fits, range(base, base + period))]
        if fitting:
            return [AxisField(along, one) for one in (*fitting, fitting[0] + _FAR * base)]
        base *= 64
    raise Refusal(
        "network",
        given=along.network,
        problem="no input that is large enough for all layers lets the branches of every join meet.",
        legal="a network with sizes that work",
        reason="what an element sees follows from the way through the layers; cs.valid_sizes tells which sizes work.",
    )


def too_many(network: Network, period: int) -> bool:
    """Return whether a period has more sizes than are tried."""
    return period * len(network.nodes) > _MOST


def period_of(network: Network, start: Value, values: list[Value], axis: int) -> int:
    """Return after how many sizes of the input all layers have the same remainders again."""
    rates: list[tuple[int, int] | None] = []
    for node in network.nodes:
        known = [(1, 1) if source == INPUT else rates[source] for source in node.sources]
        rate = next(filter(None, known), None)
        given = start if node.sources[0] == INPUT else values[node.sources[0]]
        if rate is not None and node.block.joins:
            rate = (lcm(*(one[0] for one in known if one is not None)), rate[1])
        elif rate is not None:
            moves = None if given.layout is None else node.block.moves(given.shape, given.layout)
            rate = None if moves is None else grown(*rate, moves[axis].times, moves[axis].over)
        rates.append(rate)
    return lcm(*(rate[0] for rate in rates if rate is not None))
