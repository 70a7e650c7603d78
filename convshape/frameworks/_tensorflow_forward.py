"""``tf.nn``'s forward convolutions.

The argument names, their order and their defaults are those of TensorFlow 2.21; a shape stands for each tensor.
"""

from __future__ import annotations

from convshape._refusals import Refusal
from convshape.frameworks import _tf_conv as raw
from convshape.frameworks._tf_calls import refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import SupportsIndex

    from convshape._shapes import Shape
    from convshape._types import PaddingLike, PerAxisLike, ShapeLike


def conv2d(
    input: ShapeLike,
    filters: ShapeLike,
    strides: PerAxisLike | None,
    padding: PaddingLike,
    data_format: str | None = "NHWC",
    dilations: PerAxisLike | None = None,
    name: object = None,
    *,
    groups: SupportsIndex = 1,
) -> Shape:
    """Return the shape of ``tf.nn.conv2d``'s result.

    Args:
        input: ``(N, height, width, C)`` in the layout; more batch axes may stand in front.
        filters: ``(*kernel, in, out)``.
        strides: Elements from one window to the next: an int, a list of 1 or 2, or of 4 with 1 for batch and channels.
        padding: ``"SAME"``, ``"VALID"``, or 4 pairs in the order of the layout.
        data_format: ``"NHWC"`` or ``"NCHW"``; TensorFlow computes the second on GPU, with XLA or with oneDNN.
        dilations: Elements from one tap of the kernel to the next, written as the strides are.
        name: Without meaning for a shape.
        groups: Not TensorFlow's, which has no such argument: it reads channels that are a multiple of the
            filter's as groups, in silence. Who means groups says so here.

    Returns:
        ``(N, *spatial, out)``, sizes ``ceil(i / s)`` with SAME, ``floor((i + before + after - (k - 1) * d - 1) / s) + 1`` otherwise
        (``GetWindowedOutputSize`` in core/framework/kernel_shape_util.h).

    Raises:
        ShapeError: TensorFlow would refuse the call, or do in silence what nobody asked for.

    Examples:
        >>> from convshape.frameworks import tensorflow as nn
        >>> nn.conv2d(("N", 45, 61, 3), (5, 5, 3, 64), 2, "SAME")
        ('N', 23, 31, 64)
        >>> nn.conv2d(("N", 45, 61, 4), (5, 5, 2, 64), 2, "SAME")
        Traceback (most recent call last):
        ...
        convshape.ChannelError: tf.nn.conv2d: filters (5, 5, 2, 64) takes 2 channels, but the input (N, 45, 61, 4) has 4.
          legal: (5, 5, 4, out)
          because: a forward convolution's filter is (height, width, in, out): every filter reads all channels of its group. TensorFlow would read 4 channels and a filter of 2 as 2 groups, and say nothing.
          fix: filters=(5, 5, 4, 64)    (a filter for the input's channels)
          or: groups=2    (if groups are meant)
          or: input=("N", 45, 61, 2)    (an input for this filter)
    """
    try:
        return raw.conv("conv2d", input, filters, strides, padding, data_format, dilations, groups)
    except Refusal as refusal:
        raise refused(
            "tf.nn.conv2d",
            lambda arguments: raw.conv(
                "conv2d",
                arguments["input"],
                arguments["filters"],
                arguments["strides"],
                arguments["padding"],
                arguments["data_format"],
                arguments["dilations"],
                arguments["groups"],
            ),
            {
                "input": input,
                "filters": filters,
                "strides": strides,
                "padding": padding,
                "data_format": data_format,
                "dilations": dilations,
                "groups": groups,
            },
            refusal,
        ) from None


def conv1d(
    input: ShapeLike,
    filters: ShapeLike,
    stride: PerAxisLike | None,
    padding: PaddingLike,
    data_format: str | None = "NWC",
    dilations: PerAxisLike | None = None,
    name: object = None,
) -> Shape:
    """Return the shape of ``tf.nn.conv1d``'s result: as :func:`conv2d`, for one axis.

    Padding is a word.

    Returns:
        ``(N, width, out)``.

    Raises:
        ShapeError: TensorFlow would refuse the call, or do in silence what nobody asked for.

    Examples:
        >>> from convshape.frameworks import tensorflow as nn
        >>> nn.conv1d(("N", 100, 3), (5, 3, 64), 2, "SAME")
        ('N', 50, 64)
        >>> nn.conv1d(("N", 100, 3), (5, 3, 64), [2, 2], "SAME")
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: tf.nn.conv1d: stride (2, 2) has 2 entries, which is not a form that is taken here.
          legal: a whole number of at least 1, or a list of one, or full rank such as (1, 2, 1)
          because: an op of tf.nn takes no other form.
          fix: stride=2
          or: stride=(2,)
          or: stride=(1, 2, 1)
    """
    try:
        return raw.conv("conv1d", input, filters, stride, padding, data_format, dilations)
    except Refusal as refusal:
        raise refused(
            "tf.nn.conv1d",
            lambda arguments: raw.conv(
                "conv1d",
                arguments["input"],
                arguments["filters"],
                arguments["stride"],
                arguments["padding"],
                arguments["data_format"],
                arguments["dilations"],
            ),
            {
                "input": input,
                "filters": filters,
                "stride": stride,
                "padding": padding,
                "data_format": data_format,
                "dilations": dilations,
            },
            refusal,
        ) from None


def conv3d(
    input: ShapeLike,
    filters: ShapeLike,
    strides: PerAxisLike | None,
    padding: PaddingLike,
    data_format: str | None = "NDHWC",
    dilations: PerAxisLike | None = None,
    name: object = None,
) -> Shape:
    """Return the shape of ``tf.nn.conv3d``'s result: as :func:`conv2d`, for three axes.

    Strides and dilations are lists of five,
    padding is a word.

    Returns:
        ``(N, depth, height, width, out)``.

    Raises:
        ShapeError: TensorFlow would refuse the call, or do in silence what nobody asked for.

    Examples:
        >>> from convshape.frameworks import tensorflow as nn
        >>> nn.conv3d(("N", 9, 8, 8, 3), (3, 3, 3, 3, 64), [1, 2, 2, 2, 1], "SAME")
        ('N', 5, 4, 4, 64)
        >>> nn.conv3d(("N", 9, 8, 8, 3), (3, 3, 3, 3, 64), 2, "SAME")
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: tf.nn.conv3d: strides is one int, which is not a form that is taken here.
          legal: full rank such as (1, 2, 2, 2, 1)
          because: tf.nn.conv3d hands the list on to its kernel, which wants all five.
          fix: strides=(1, 2, 2, 2, 1)
    """
    try:
        return raw.conv("conv3d", input, filters, strides, padding, data_format, dilations)
    except Refusal as refusal:
        raise refused(
            "tf.nn.conv3d",
            lambda arguments: raw.conv(
                "conv3d",
                arguments["input"],
                arguments["filters"],
                arguments["strides"],
                arguments["padding"],
                arguments["data_format"],
                arguments["dilations"],
            ),
            {
                "input": input,
                "filters": filters,
                "strides": strides,
                "padding": padding,
                "data_format": data_format,
                "dilations": dilations,
            },
            refusal,
        ) from None
