"""The error of a network whose layers do not fit: which layer, why, and what mends it here or further up.

A fix is written ``conv_3.filter_shape=(3, 3, 64, 128)``: an argument of a layer by the layer's name. Each is tried on
the whole network before it is offered, and ``network.replace(error.fix)`` is the network that it makes.
"""

from __future__ import annotations

from convshape._mending import mend
from convshape._networks._adopting import arguments_of, rebuilt
from convshape._networks._block import told
from convshape._networks._network import INPUT, Failed
from convshape._networks._remedies import local, upstream
from convshape._networks._trace import trace_of
from convshape._refusals import Refusal, Suggestion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from convshape._errors import ShapeError
    from convshape._networks._block import Block
    from convshape._networks._network import Network, Value

    Then = Callable[[Any, Value, list[Value]], object]


def changed(network: Network, changes: Mapping[str, object]) -> Network:
    """Return the network with other arguments of its layers, ``{"conv_3.strides": 1}``, or raise the bare ``Refusal``."""
    of: dict[str, dict[str, object]] = {}
    for key, value in changes.items():
        name, _, argument = key.rpartition(".")
        of.setdefault(name, {})[argument] = value
    blocks: dict[int, Block] = {}
    for place, node in enumerate(network.nodes):
        if node.name not in of:
            continue
        try:
            blocks[place] = rebuilt(node.block, of[node.name])
        except Refusal as refusal:
            raise _of_layer(node.name, refusal) from None
    return network.exchanged(blocks)


def _of_layer(name: str, refusal: Refusal) -> Refusal:
    """Return a refusal of a layer's argument as one of the network's."""
    return Refusal(
        f"{name}.{refusal.argument}",
        given=refusal.given,
        problem=refusal.problem,
        legal=refusal.legal,
        reason=refusal.reason,
        kind=refusal.kind,
        axis=refusal.axis,
        suggestions=tuple(
            Suggestion({f"{name}.{key}": value for key, value in one.changes.items()}, one.note, one.reason)
            for one in refusal.suggestions
        ),
    )


def error_of(
    operation: str,
    network: Network,
    input_shape: object,
    failed: Failed,
    start: Value,
    then: Then | None = None,
) -> ShapeError:
    """Return the error for the first layer that fails, with the table of those above it.

    Args:
        operation: The network's name in the error.
        network: The network.
        input_shape: The input as it was given.
        failed: The layer that fails.
        start: The input.
        then: What is asked of the network beside its shapes; a network that a fix makes has to answer it too.
    """
    told_error = unfit(network, failed, start)
    arguments: dict[str, object] = {"input_shape": input_shape}
    for each in network.nodes[: failed.position + 1]:
        arguments |= {f"{each.name}.{name}": value for name, value in arguments_of(each.block).items()}
    for each in network.nodes[failed.position + 1 :]:  # one layout is right for all of them
        own = arguments_of(each.block)
        arguments |= {f"{each.name}.{name}": own[name] for name in ("data_format",) if name in own}

    def check(input_shape: object, **changes: object) -> object:
        fresh = {key: value for key, value in changes.items() if value is not arguments[key]}
        other = changed(network, fresh)
        begin = other.read(input_shape)
        try:
            values = other.walk(begin)
        except Failed as again:
            raise unfit(other, again, begin) from None
        return None if then is None else then(other, begin, values)

    error = mend(operation, check, arguments, told_error)
    trace = trace_of(network, start, failed.values)
    error.trace = trace
    error.add_note("\n".join(["what fits, above it:", *(f"  {line}" for line in trace.lines())]))
    return error


class _Unfit(Refusal):
    """The refusal of a network: what may mend it is worked out when it is asked for, which most trials never are."""

    _later: Callable[[], tuple[Suggestion, ...]]

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """What may mend the network."""
        return self._later()

    @suggestions.setter
    def suggestions(self, none: tuple[Suggestion, ...]) -> None:
        """Take none: they are worked out later."""


def unfit(network: Network, failed: Failed, start: Value) -> Refusal:
    """Return the refusal of the first layer that fails as one of the network."""
    node, refusal = network.nodes[failed.position], failed.refusal
    inputs = [start if source == INPUT else failed.values[source] for source in node.sources]
    own = refusal.argument in arguments_of(node.block)
    branches = _branches(network, failed, inputs) if refusal.about == "join" else ""
    found = _Unfit(
        f"{node.name}.{refusal.argument}" if own else "input_shape",
        given=refusal.given,
        problem=f'layer {failed.position} "{node.name}" ({node.block.kind}): {refusal.problem}{branches}',
        legal=refusal.legal,
        reason=refusal.reason,
        kind=refusal.kind,
        axis=refusal.axis if own else None,
    )
    found._later = lambda: (
        *local(node, inputs, refusal),
        *upstream(network, failed.position, start, failed.values, refusal),
    )
    return found


def _branches(network: Network, failed: Failed, inputs: list[Value]) -> str:
    """Return where the branches of a join come from, and where they parted."""
    node = network.nodes[failed.position]
    names = ["input" if source == INPUT else network.nodes[source].name for source in node.sources]
    listed = " and ".join(f'"{name}" {told(one.told)}' for name, one in zip(names, inputs, strict=True))
    parted = fork(network, node.sources)
    where = "at the input" if parted == INPUT else f'after "{network.nodes[parted].name}"'
    return f" The branches are {listed}; they parted {where}."


def fork(network: Network, sources: tuple[int, ...]) -> int:
    """Return the last node that all of these nodes come from; -1 is the input."""
    return max(set.intersection(*(_above(network, source) for source in sources)))  # all have the input


def _above(network: Network, position: int) -> set[int]:
    found, waiting = {INPUT}, [position]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += network.nodes[one].sources
    return found
