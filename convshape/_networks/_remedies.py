"""What may mend a network: an argument of the layer that fails, of one further up, or another input."""

from __future__ import annotations

from convshape._conv import Conv
from convshape._errors import ShapeError, SizeError
from convshape._layouts import LAYOUTS, channel_axis, channels_first
from convshape._mending import mend
from convshape._networks._adopting import arguments_of
from convshape._networks._block import volume
from convshape._networks._branch_remedies import of_branches
from convshape._networks._dense import Dense, Reshape
from convshape._networks._features import inputs_of_features
from convshape._networks._network import INPUT
from convshape._networks._spec_block import LayerBlock, SpecBlock
from convshape._reading import replace
from convshape._refusals import Refusal, Suggestion
from convshape._transposed import ConvTranspose
from convshape.frameworks._keras_words import PLACES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from convshape._networks._network import Network, Node, Value

    Fix = tuple[dict[str, object], str, str | None]

INPUTS = ("input_shape", "input", "inputs")  # what the specs, PyTorch and flax call what comes in


def local(node: Node, inputs: list[Value], refusal: Refusal) -> list[Suggestion]:
    """Return what the failing layer's own error offers: changes of its arguments, and, of a first layer, of the input."""
    own, first = arguments_of(node.block), node.sources == (INPUT,)
    found = _own_fixes(node, inputs, refusal)
    found += [(one.changes, one.note, one.reason) for one in refusal.suggestions]
    suggestions = []
    for changes, note, reason in found:
        told: dict[str, object] = {}
        for name, value in changes.items():
            if name in own:
                told[f"{node.name}.{name}"] = value
            elif name in INPUTS and first:
                told["input_shape"] = value
        if len(told) == len(changes):
            suggestions.append(Suggestion(told, note, reason))
    return suggestions


def _own_fixes(node: Node, inputs: list[Value], refusal: Refusal) -> list[Fix]:
    """Return the fixes that a spec or a dialect's layer offers when it is asked by itself."""
    block = node.block
    try:
        if isinstance(block, SpecBlock):
            arguments = {**arguments_of(block), "input_shape": inputs[0].shape}
            error: ShapeError = mend(block.kind, type(block.own).answer, arguments, refusal)
        elif isinstance(block, LayerBlock):
            block.own(inputs[0].shape)
            return []
        else:
            return []
    except ShapeError as raised:
        error = raised
    fixes = [] if error.fix is None else [error.fix, *error.alternatives]
    notes = error.diagnosis.notes
    reason = error.reason if error.reason != refusal.reason else None
    return [(fix, note, reason) for fix, note in zip(fixes, notes, strict=False)]


def upstream(
    network: Network, position: int, start: Value, values: list[Value], refusal: Refusal
) -> list[Suggestion]:
    """Return changes further up: of the layer that made the channels, of what ends a branch, of the input."""
    suggestions = list(_channels(network, position, values, start))
    if refusal.about == "layout":
        source = network.nodes[position].sources[0]
        suggestions += _layouts(network, position, (start if source == INPUT else values[source]).layout)
    if refusal.about == "join":
        suggestions += of_branches(
            network, position, [*values, *[start] * (len(network.nodes) - len(values))]
        )
    if refusal.kind is SizeError or refusal.about == "join":
        suggestions += _inputs(network, position, start)
    if refusal.kind is SizeError and refusal.about != "join":
        for later in range(position, len(network.nodes)):
            suggestions += [
                Suggestion({"input_shape": shape}, note)
                for shape, note in inputs_of_features(network, later, start)
            ]
    if "crop" in arguments_of(network.nodes[position].block):
        suggestions.append(
            Suggestion({f"{network.nodes[position].name}.crop": "center"}, "crops the bigger ones")
        )
    return suggestions


def _layouts(network: Network, position: int, layout: str | None) -> Iterator[Suggestion]:
    """Yield the layout that arrives, in each layer's own word: for the layer that fails, and for all from there on."""
    changes: dict[str, object] = {}
    first = layout is not None and channels_first(layout)
    for node in network.nodes[position:] if layout is not None else ():
        word = arguments_of(node.block).get("data_format")
        pair = PLACES if word in PLACES else next((one for one in LAYOUTS.values() if word in one), None)
        if pair is not None and pair[first] != word:
            changes[f"{node.name}.data_format"] = pair[first]
        if node.name == network.nodes[position].name:
            yield Suggestion(changes, "as its input stands")
    yield Suggestion(changes, "as its input stands, from here on")


def _channels(network: Network, position: int, values: list[Value], start: Value) -> Iterator[Suggestion]:
    """Yield the layer above that decides the channels, with those that are wanted here."""
    node = network.nodes[position]
    before = start if node.sources[0] == INPUT else values[node.sources[0]]
    wanted = _wanted_channels(node, before.layout is None)
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


def _wanted_channels(node: Node, vector: bool = True) -> int | None:
    if isinstance(node.block, SpecBlock) and isinstance(node.block.own, Conv | ConvTranspose):
        return node.block.own._inside
    if isinstance(node.block, Dense):
        return node.block.in_features if vector else None
    if isinstance(node.block, Reshape):
        return None if -1 in node.block.target_shape else volume(node.block.target_shape)
    number = getattr(node.block, "channels", None) or arguments_of(node.block).get("in_channels")
    return number if isinstance(number, int) else None


def _inputs(network: Network, position: int, start: Value) -> Iterator[Suggestion]:
    """Yield the nearest inputs whose sizes fit as far as the layer that fails: the next bigger, the next smaller."""
    from convshape._networks._legal import nearest_inputs

    for part in (network, network.until(position)):
        for shape, note in nearest_inputs(part, start):
            yield Suggestion({"input_shape": shape}, note)
