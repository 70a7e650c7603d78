"""The error of a network whose layers do not fit: which layer, why, and what mends it here or further up.

A fix is written ``conv_3.filter_shape=(3, 3, 64, 128)``: an argument of a layer by the layer's name. Each is tried on
the whole network before it is offered, and ``network.replace(error.fix)`` is the network that it makes.
"""

from __future__ import annotations

from convshape._mending import mend
from convshape._networks._adopting import arguments_of, rebuilt
from convshape._networks._block import told
from convshape._networks._network import INPUT, Failed, silent
from convshape._networks._remedies import local, upstream
from convshape._networks._trace import trace_of
from convshape._refusals import Refusal, Suggestion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from convshape._errors import ShapeError
    from convshape._networks._block import Block
    from convshape._networks._network import Network, Value

    Check = Callable[..., object]


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
    operation: str, network: Network, input_shape: object, failed: Failed, start: Value
) -> ShapeError:
    """Return the error for the first layer that fails, with the table of those above it."""
    node = network.nodes[failed.position]
    inputs = [start if source == INPUT else failed.values[source] for source in node.sources]
    refusal = failed.refusal
    given = arguments_of(node.block)
    own = refusal.argument in given
    what = f'layer {failed.position} "{node.name}" ({node.block.kind})'
    branches = _branches(network, failed, inputs) if refusal.about == "join" else ""
    told_error = Refusal(
        f"{node.name}.{refusal.argument}" if own else "input_shape",
        given=refusal.given,
        problem=f"{what}: {refusal.problem}{branches}",
        legal=refusal.legal,
        reason=refusal.reason,
        kind=refusal.kind,
        axis=refusal.axis if own else None,
        suggestions=(
            *local(node, inputs, refusal),
            *upstream(network, failed.position, start, failed.values, refusal),
        ),
    )
    keys = {key for one in told_error.suggestions for key in one.changes} | {told_error.argument}
    arguments = {"input_shape": input_shape}
    for place, each in enumerate(network.nodes):
        for name, value in arguments_of(each.block).items() if place <= failed.position else ():
            if f"{each.name}.{name}" in keys:
                arguments[f"{each.name}.{name}"] = value

    def check(input_shape: object, **changes: object) -> object:
        fresh = {key: value for key, value in changes.items() if value is not arguments[key]}
        other = changed(network, fresh)
        try:
            return other.walk(other.read(input_shape))
        except Failed as again:
            raise silent(again.refusal) from None

    error = mend(operation, check, arguments, told_error)
    trace = trace_of(network, start, failed.values)
    error.trace = trace
    error.add_note("\n".join(["what fits, above it:", *(f"  {line}" for line in trace.lines())]))
    return error


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
    lines = [{INPUT}, *()]
    common: set[int] | None = None
    for source in sources:
        lines = [_above(network, source)]
        common = lines[0] if common is None else common & lines[0]
    return max(common or {INPUT})


def _above(network: Network, position: int) -> set[int]:
    found, waiting = set(), [position]
    while waiting:
        one = waiting.pop()
        if one in found:
            continue
        found.add(one)
        if one != INPUT:
            waiting += network.nodes[one].sources
    return found
