"""What makes the branches of a join meet: another output size at the end of one, other channels, another stride."""

from __future__ import annotations

from itertools import product

from convshape._conv import Conv
from convshape._layouts import channel_axis
from convshape._networks._adopting import arguments_of
from convshape._networks._block import places
from convshape._networks._network import INPUT
from convshape._networks._spec_block import LayerBlock, SpecBlock
from convshape._refusals import Suggestion
from convshape._transposed import ConvTranspose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from convshape._networks._network import Network, Node, Value

_MOST = 27  # output paddings of a dialect's layer that are tried: three axes of stride 3


def of_branches(network: Network, position: int, values: list[Value]) -> Iterator[Suggestion]:
    """Yield changes of layers that end a branch; ``values`` end with the input, so that -1 finds it."""
    node = network.nodes[position]
    for source in node.sources:
        maker = _maker(network, source)
        if maker is None:
            continue
        for other in node.sources:
            if other == source:
                continue
            given, wanted = values[source], values[other]
            if given.layout is None or given.layout != wanted.layout:
                continue
            if _spatial(given) != _spatial(wanted):
                yield from _outputs(network, maker, values, wanted)
                yield from _strides(network, source, given, wanted)
            elif given.shape[channel_axis(given.layout)] != wanted.shape[channel_axis(given.layout)]:
                yield from _channels(network.nodes[maker], wanted.shape[channel_axis(given.layout)])


def _spatial(value: Value) -> tuple[object, ...]:
    return tuple(value.shape[place] for place in places(value.layout or ""))


def _maker(network: Network, source: int) -> int | None:
    """Return the last layer with a kernel on the way up a branch, through layers that change no shape."""
    while source != INPUT:
        block = network.nodes[source].block
        if isinstance(block, SpecBlock | LayerBlock):
            return source
        if block.joins:
            return None
        source = network.nodes[source].sources[0]
    return None


def _outputs(network: Network, maker: int, values: list[Value], wanted: Value) -> Iterator[Suggestion]:
    """Yield other outputs of the same transposed convolution."""
    node = network.nodes[maker]
    name, given = node.name, arguments_of(node.block)
    note = f'"{name}" can also make this size'
    if "output_padding" not in given:
        return
    if isinstance(node.block, SpecBlock) and isinstance(node.block.own, ConvTranspose):
        spec, extra = node.block.own, []
        for axis, size in enumerate(_spatial(wanted)):
            legal = spec.legal_sizes(values[node.sources[0]].shape, axis)
            extra.append(size - legal.start if legal and isinstance(size, int) else -1)
        if all(0 <= one < stride for one, stride in zip(extra, spec.strides, strict=True)):
            yield Suggestion({f"{name}.output_padding": tuple(extra)}, note)
        return
    strides = given.get("strides", given.get("stride"))
    rank = len(_spatial(wanted))
    each = strides if isinstance(strides, tuple) and len(strides) == rank else (strides,) * rank
    whole = [stride for stride in each if isinstance(stride, int) and 1 <= stride <= 8]
    if len(whole) != rank:
        return
    for number, extra_of in enumerate(product(*map(range, whole))):
        if number < _MOST:
            same = len({*extra_of}) == 1
            yield Suggestion({f"{name}.output_padding": extra_of[0] if same else extra_of}, note)


def _strides(network: Network, source: int, given: Value, wanted: Value) -> Iterator[Suggestion]:
    """Yield strides of the forward layers of a branch: none where it comes out smaller, the ratio where bigger."""
    ratios = {_ratio(one, other) for one, other in zip(_spatial(given), _spatial(wanted), strict=True)}
    while source != INPUT:
        node = network.nodes[source]
        name = next((one for one in ("strides", "stride") if one in arguments_of(node.block)), None)
        forward = not isinstance(node.block, SpecBlock) or isinstance(node.block.own, Conv)
        if name is not None and forward and not node.block.joins:
            strides = arguments_of(node.block)[name]
            if strides != 1 and ({*strides} if isinstance(strides, tuple) else {strides}) != {1}:
                yield Suggestion({f"{node.name}.{name}": 1}, "without its stride")
            elif len(ratios) == 1 and None not in ratios:
                yield Suggestion(
                    {f"{node.name}.{name}": next(iter(ratios))}, "with the stride of the other branch"
                )
        if node.block.joins:
            return
        source = node.sources[0]


def _ratio(size: object, wanted: object) -> int | None:
    """Return how many times smaller a branch should be, rounded up, where it is bigger."""
    if not isinstance(size, int) or not isinstance(wanted, int) or size <= wanted:
        return None
    return -(-size // wanted)


def _channels(node: Node, wanted: object) -> Iterator[Suggestion]:
    """Yield the layer that makes a branch's channels, with those of the other branch."""
    if not isinstance(wanted, int):
        return
    note = "the channels of the other branch"
    if isinstance(node.block, SpecBlock) and isinstance(node.block.own, Conv | ConvTranspose):
        spec = node.block.own
        shape = list(spec.filter_shape)
        if isinstance(spec, ConvTranspose):
            if wanted % spec.groups:
                return
            shape[-2] = wanted // spec.groups
        else:
            shape[-1] = wanted
        yield Suggestion({f"{node.name}.filter_shape": tuple(shape)}, note)
        return
    for name in ("filters", "out_channels", "features"):
        if name in arguments_of(node.block):
            yield Suggestion({f"{node.name}.{name}": wanted}, note)
