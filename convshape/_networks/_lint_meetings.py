"""What lint finds where layers meet: channels that may be read as groups, biases and maps that a batch norm takes away."""

from __future__ import annotations

from convshape._conv import Conv
from convshape._layouts import channel_axis
from convshape._networks._adopting import arguments_of
from convshape._networks._block import places, volume
from convshape._networks._dense import Dense
from convshape._networks._normal import BatchNorm
from convshape._networks._receptive_blocks import once
from convshape._networks._same import BatchNormOf
from convshape._networks._spec_block import SpecBlock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._networks._block import Block
    from convshape._networks._lint_place import Changes, Place

    Found = tuple[str, str, Changes | None]

_MOST = 2**12


def groups(place: Place) -> Found | None:
    """Find a convolution of TensorFlow's whose input may have more channels than its filter, without an error."""
    block, layout = place.block, place.given.layout
    if (
        not isinstance(block, SpecBlock)
        or not isinstance(block.own, Conv)
        or layout is None
        or len(layout) > 4
    ):
        return None
    spec = block.own
    several = next((number for number in range(2, min(spec._outside, _MOST) + 1) if spec._outside % number == 0), spec._outside)  # fmt: skip
    if spec.groups > 1 or several == 1 or place.given.shape[channel_axis(layout)] is not None:
        return None
    inside = spec.filter_shape[-2]
    return (
        f"the channels of its input are not known: TensorFlow would take {several * inside} as well as {inside}",
        (
            f"tf.nn.conv{len(layout) - 2}d reads any multiple of the filter's {inside} channels that it can as groups, and says "
            "nothing."
        ),
        _known_channels(place, inside),
    )


def _known_channels(place: Place, channels: int) -> Changes | None:
    """Return the input with its channels, if the layer takes it as it comes."""
    from convshape._networks._network import Failed
    from convshape._reading import replace
    from convshape._refusals import Refusal

    layout = place.start.layout
    if layout is None or place.start.shape[channel_axis(layout)] is not None:
        return None
    shape = replace(place.start.told, channel_axis(layout), channels)
    try:
        values = place.network.walk(place.network.read(shape))
    except (Refusal, Failed):
        return None
    source = place.node.sources[0]
    arrives = shape if source < 0 else values[source].shape
    return {"input_shape": shape} if arrives[channel_axis(layout)] == channels else None


def bias(place: Place) -> Found | None:
    """Find a bias that the batch norm right behind takes away."""
    readers = [once(node.block) for node in place.readers]
    if place.block.joins or not readers or not all(_takes_bias(place, block) for block in readers):
        return None
    if not _has_bias(place):
        return None
    own = arguments_of(place.block)
    switches: list[Changes | None] = [{name: False} for name in ("use_bias", "bias") if own.get(name) is True]
    return (
        f'the batch norm "{place.readers[0].name}" takes its bias away',
        "in training it subtracts each channel's mean, and the bias with it; its own shift does what the bias would.",
        place.remedy(switches, lambda other: not _has_bias(other)),
    )


def _takes_bias(place: Place, reader: Block) -> bool:
    """Return whether a layer is a batch norm over the axis that the bias is added along."""
    if not isinstance(reader, BatchNorm):
        return False
    layout, rank = place.value(place.position).layout, len(place.value(place.position).shape)
    channels = rank - 1 if layout is None else channel_axis(layout)
    added = rank - 1 if isinstance(place.block, Dense) else channels
    return added == (1 if isinstance(reader, BatchNormOf) else channels)


def _has_bias(place: Place) -> bool:
    weights = place.block.weights(place.given.shape, place.given.layout)
    return any("bias" in name for name in weights)


def single(place: Place) -> Found | None:
    """Find a batch norm over one element a channel, which is nothing but its shift."""
    layout, shape = place.given.layout, place.given.shape
    if not isinstance(once(place.block), BatchNorm):
        return None
    sizes = () if layout is None else tuple(shape[spot] for spot in places(layout))
    if volume(sizes) != 1 or (layout is None and len(shape) != 2):
        return None
    reason = "a single element minus its mean is 0, so in training the output is the shift, whatever arrives."
    if shape[0] == 1:
        return "each channel has one element in the whole batch", reason, None
    if layout is None or isinstance(shape[0], int):
        return None
    return (
        "each channel has one element a picture, so its statistics are those of the batch alone",
        f"with a batch of 1 nothing is left: {reason}",
        None,
    )
