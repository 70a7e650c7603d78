"""What may mend a network: an argument of the layer that fails, of one further up, or another input."""

from __future__ import annotations

from convshape._conv import Conv
from convshape._errors import ShapeError, SizeError
from convshape._layouts import channel_axis
from convshape._mending import mend
from convshape._networks._adopting import arguments_of
from convshape._networks._block import volume
from convshape._networks._dense import Dense, Reshape
from convshape._networks._features import inputs_of_features
from convshape._networks._network import INPUT
from convshape._networks._spec_block import SpecBlock
from convshape._reading import replace
from convshape._refusals import Refusal, Suggestion
from convshape._transposed import ConvTranspose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from convshape._networks._network import Network, Node, Value


def local(node: Node, inputs: list[Value], refusal: Refusal) -> list[Suggestion]:
    """Return changes of the failing layer's own arguments: those that its own error would offer."""
    own = arguments_of(node.block)
    found = [(one.changes, one.note) for one in refusal.suggestions]
    if isinstance(node.block, SpecBlock):
        spec = node.block.own
        arguments = {**own, "input_shape": inputs[0].shape}
        try:
            error: ShapeError | None = mend(node.block.kind, type(spec).answer, arguments, refusal)
        except Refusal:
            error = None
        if error is not None and error.fix is not None:
            notes = error.diagnosis.notes
            found = list(zip((error.fix, *error.alternatives), notes, strict=False)) + found
    return [
        Suggestion({f"{node.name}.{name}": value for name, value in changes.items()}, note)
        for changes, note in found
        if changes.keys() <= own.keys()
    ]


def upstream(
    network: Network, position: int, start: Value, values: list[Value], refusal: Refusal
) -> list[Suggestion]:
    """Return changes further up: of the layer that made the channels, of what ends a branch, of the input."""
    suggestions = list(_channels(network, position, values, start))
    if refusal.about == "join":
        suggestions += _ends(network, position, [*values, *[start] * (len(network.nodes) - len(values))])
    if refusal.kind is SizeError or refusal.about == "join":
        suggestions += _inputs(network, position, start)
    if isinstance(network.nodes[position].block, Dense):
        suggestions += [
            Suggestion({"input_shape": shape}, note)
            for shape, note in inputs_of_features(network, position, start)
        ]
    if "crop" in arguments_of(network.nodes[position].block):
        suggestions.append(
            Suggestion({f"{network.nodes[position].name}.crop": "center"}, "crops the bigger ones")
        )
    return suggestions


def _channels(network: Network, position: int, values: list[Value], start: Value) -> Iterator[Suggestion]:
    """Yield the layer above that decides the channels, with those that are wanted here."""
    node = network.nodes[position]
    wanted = _wanted_channels(node)
    if wanted is None:
        return
    source = node.sources[0]
    while source != INPUT:
        above = network.nodes[source]
        if isinstance(above.block, SpecBlock) and isinstance(above.block.own, Conv | ConvTranspose):
            spec = above.block.own
            place = -2 if isinstance(spec, ConvTranspose) else -1
            if wanted % (spec.groups if place == -2 else 1) == 0:
                shape = list(spec.filter_shape)
                shape[place] = wanted // spec.groups if place == -2 else wanted
                yield Suggestion(
                    {f"{above.name}.filter_shape": tuple(shape)}, f'"{above.name}" makes the channels'
                )
            return
        for name in ("filters", "out_channels", "features", "units"):
            if name in arguments_of(above.block):
                yield Suggestion({f"{above.name}.{name}": wanted}, f'"{above.name}" makes the channels')
                return
        source = above.sources[0]
    if start.layout is not None:
        other = replace(start.told, channel_axis(start.layout), wanted)
        yield Suggestion({"input_shape": other}, "an input of these channels")


def _wanted_channels(node: Node) -> int | None:
    if isinstance(node.block, SpecBlock) and isinstance(node.block.own, Conv | ConvTranspose):
        return node.block.own._inside
    if isinstance(node.block, Dense):
        return node.block.in_features
    if isinstance(node.block, Reshape):
        return None if -1 in node.block.target_shape else volume(node.block.target_shape)
    number = getattr(node.block, "channels", None) or arguments_of(node.block).get("in_channels")
    return number if isinstance(number, int) else None


def _ends(network: Network, position: int, values: list[Value]) -> Iterator[Suggestion]:
    """Yield, for a join whose branches differ, another output size of a transposed convolution that ends one."""
    node = network.nodes[position]
    for source in node.sources:
        if source == INPUT or not isinstance(network.nodes[source].block, SpecBlock):
            continue  # values end with the input, so that -1 finds it
        spec = network.nodes[source].block.own  # type: ignore[attr-defined]
        if not isinstance(spec, ConvTranspose):
            continue
        before = network.nodes[source].sources[0]
        for other in node.sources:
            if other == source:
                continue
            wanted = spec.spatial_of(values[other].shape)
            extra = []
            for axis, size in enumerate(wanted):
                legal = spec.legal_sizes(values[before].shape, axis)
                extra.append(size - legal.start if legal and isinstance(size, int) else -1)
            if all(0 <= one < stride for one, stride in zip(extra, spec.strides, strict=True)):
                name = network.nodes[source].name
                yield Suggestion(
                    {f"{name}.output_padding": tuple(extra)}, f'"{name}" can also make this size'
                )


def _inputs(network: Network, position: int, start: Value) -> Iterator[Suggestion]:
    """Yield the nearest inputs whose sizes fit as far as the layer that fails: the next bigger, the next smaller."""
    from convshape._networks._legal import nearest_inputs

    for part in (network, network.until(position)):
        for shape, note in nearest_inputs(part, start):
            yield Suggestion({"input_shape": shape}, note)
