"""``tf.nn``'s depthwise and separable convolutions, with shapes in place of tensors."""

from __future__ import annotations

from convshape._conv import Conv
from convshape._errors import ChannelError
from convshape._reading import as_entries
from convshape._refusals import Refusal, Suggestion
from convshape._show import show
from convshape.frameworks._known import recall
from convshape.frameworks._tf_arguments import (
    each_only,
    filter_rule,
    full_only,
    read_format,
    read_numbers,
    read_padding,
)
from convshape.frameworks._tf_conv import NAMES, strided_and_dilated
from convshape.frameworks._tf_words import DepthwiseWords

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape

FORMS = {
    "strides": full_only(
        "strides", "a stride", "this op hands the list on to its kernel, which wants all four."
    ),
    "dilations": each_only(
        "dilations",
        "a dilation",
        "this op takes one for height and one for width; of a list of one it would dilate the height alone, in silence.",
    ),
}
PATTERN = "(height, width, in, multiplier), each at least 1: (3, 3, 32, 1)"
POINTWISE = filter_rule("pointwise_filter", "(1, 1, in * multiplier, out), each at least 1: (1, 1, 32, 64)")
SILENT = (
    "TensorFlow only warns and strides within each phase of the dilation: another op, often of another size."
)


def depthwise(
    input: object,
    filter: object,
    strides: object,
    padding: object,
    data_format: object,
    dilations: object,
    argument: str = "filter",
) -> Shape:
    """Return the output shape of ``tf.nn.depthwise_conv2d``, or raise the bare ``Refusal``."""
    words, spec = recall(depthwise_spec, argument, filter, strides, padding, data_format, dilations)
    try:
        return words.answer(spec, input)
    except Refusal as refusal:
        shape = as_entries(input)
        if refusal.kind is ChannelError and shape and len(shape) == 4:
            raise _channels(words, spec, shape, refusal) from None
        raise


def separable(
    input: object,
    depthwise_filter: object,
    pointwise_filter: object,
    strides: object,
    padding: object,
    data_format: object,
    dilations: object,
) -> Shape:
    """Return the output shape of ``tf.nn.separable_conv2d``, or raise the bare ``Refusal``."""
    shape = depthwise(input, depthwise_filter, strides, padding, data_format, dilations, "depthwise_filter")
    place = 1 if data_format == "NCHW" else 3
    height, width, inside, out = POINTWISE.read(pointwise_filter, (4,))
    if (height, width) != (1, 1):
        raise Refusal(
            "pointwise_filter",
            given=pointwise_filter,
            problem=f"pointwise_filter {show(pointwise_filter)} has a kernel of {height} by {width}.",
            legal=show((1, 1, shape[place], "out")).replace('"', ""),
            reason="the pointwise part mixes channels at one place; its kernel is 1 by 1.",
            suggestions=(Suggestion({"pointwise_filter": (1, 1, inside, out)}),),
        )
    if inside != shape[place]:
        more = f" {POINTWISE_GROUPS}" if shape[place] % inside == 0 else ""  # type: ignore[operator]
        raise Refusal(
            "pointwise_filter",
            given=pointwise_filter,
            problem=f"pointwise_filter {show(pointwise_filter)} takes {inside} channels, but the depthwise part makes {shape[place]}.",
            legal=show((1, 1, shape[place], "out")).replace('"', ""),
            reason=f"it reads what the depthwise_filter makes, in * multiplier channels.{more}",
            kind=ChannelError,
            suggestions=(Suggestion({"pointwise_filter": (1, 1, shape[place], out)}),),
        )
    return (*shape[:place], out, *shape[place + 1 :])


POINTWISE_GROUPS = "TensorFlow would read fewer as groups, and say nothing."


def depthwise_spec(
    argument: str, filter: object, strides: object, padding: object, data_format: object, dilations: object
) -> tuple[DepthwiseWords, Conv]:
    """Return the words and the spec, a convolution in groups of one channel, or raise the bare ``Refusal``."""
    *kernel, inside, multiplier = filter_rule(argument, PATTERN).read(filter, (4,))
    layout = read_format(data_format, 2)
    steps = read_numbers(FORMS["strides"], strides, layout, none=False)
    spread = read_numbers(FORMS["dilations"], dilations, layout)
    if max(steps) > 1 and max(spread) > 1:
        raise strided_and_dilated("a depthwise convolution", strides, dilations, SILENT)
    words = DepthwiseWords({**NAMES, "filter_shape": argument}, layout, FORMS, explicit=True)
    words.of(inside, multiplier)  # type: ignore[arg-type]
    spec = words.make(
        Conv,
        filter_shape=(*kernel, 1, inside * multiplier),  # type: ignore[operator]
        strides=steps,
        padding=read_padding(padding, layout, explicit=True),
        dilations=spread,
        groups=inside,
        data_format=layout,
    )
    return words, spec


def _channels(words: DepthwiseWords, spec: Conv, shape: tuple[object, ...], refusal: Refusal) -> Refusal:
    channels, argument = shape[spec._channel], words.names["filter_shape"]
    kernel = spec.filter_shape[:-2]
    right = (*kernel, channels, words.multiplier)
    own = Suggestion({argument: right}, "a filter for the input's channels")
    moved = [one for one in refusal.suggestions if argument not in one.changes]
    return Refusal(
        argument,
        given=words.filter_of(spec.filter_shape),
        problem=f"{words.filter_words(spec.filter_shape)} has {words.inside} channels, but the input {show(shape)} has {show(channels)}.",
        legal=show((*kernel, channels, "multiplier")).replace('"', ""),
        reason="a depthwise filter is (height, width, in, multiplier): one kernel or more for every channel of the input.",
        kind=ChannelError,
        suggestions=(*moved[:-1], own, *moved[-1:]),
    )
