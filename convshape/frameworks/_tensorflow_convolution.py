"""``tf.nn``'s convolutions of any rank, and the one that takes a rate."""

from __future__ import annotations

from convshape._refusals import Refusal
from convshape.frameworks import _tf_conv as raw
from convshape.frameworks._tf_calls import refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape
    from convshape._types import PaddingLike, PerAxisLike, ShapeLike


def convolution(
    input: ShapeLike,
    filters: ShapeLike,
    strides: PerAxisLike | None = None,
    padding: PaddingLike = "VALID",
    data_format: str | None = None,
    dilations: PerAxisLike | None = None,
    name: object = None,
) -> Shape:
    """Return the shape of ``tf.nn.convolution``'s result: as :func:`conv2d`, for as many axes as the filter has.

    Strides and dilations are not
    both above 1, and padding is a list of pairs only in two dimensions with a dilation above 1.

    Returns:
        ``(N, *spatial, out)``.

    Raises:
        ShapeError: TensorFlow would refuse the call, or do in silence what nobody asked for.

    Examples:
        >>> from convshape.frameworks import tensorflow as nn
        >>> nn.convolution(("N", 28, 28, 3), (3, 3, 3, 64), dilations=2)
        ('N', 24, 24, 64)
        >>> nn.convolution(("N", 28, 28, 3), (3, 3, 3, 64), strides=2, dilations=2)
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: tf.nn.convolution: strides 2 stand beside dilations 2.
          legal: strides of 1, or dilations of 1
          because: tf.nn.convolution does not take both above 1; tf.nn.conv2d computes it.
          fix: dilations=None    (not dilated)
          or: strides=1    (not strided)
          or: strides=(1, 1, 1, 1)    (not strided)
          or: strides=None    (not strided)
    """
    try:
        return raw.conv("convolution", input, filters, strides, padding, data_format, dilations)
    except Refusal as refusal:
        raise refused(
            "tf.nn.convolution",
            lambda arguments: raw.conv(
                "convolution",
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


def atrous_conv2d(
    value: ShapeLike, filters: ShapeLike, rate: PerAxisLike, padding: PaddingLike, name: object = None
) -> Shape:
    """Return the shape of ``tf.nn.atrous_conv2d``'s result: as :func:`conv2d`, for dilations without strides, channels last.

    Returns:
        ``(N, height, width, out)``.

    Raises:
        ShapeError: TensorFlow would refuse the call, or do in silence what nobody asked for.

    Examples:
        >>> from convshape.frameworks import tensorflow as nn
        >>> nn.atrous_conv2d(("N", 28, 28, 3), (3, 3, 3, 64), 2, "SAME")
        ('N', 28, 28, 64)
        >>> nn.atrous_conv2d(("N", 4, 28, 3), (3, 3, 3, 64), 2, "VALID")
        Traceback (most recent call last):
        ...
        convshape.SizeError: tf.nn.atrous_conv2d: value (N, 4, 28, 3) has a height of 4, too small for a kernel that spans 5.
          legal: a height of at least 5
          because: VALID does not pad: a kernel that spans 5 needs an input of at least 5. TensorFlow may compute 0 and not refuse it; its default build then returns memory of the input's shape.
          fix: padding="SAME"    (pads as much as it needs)
          or: rate=(1, 2)    (not dilated)
          or: value=("N", 5, 28, 3)    (the smallest input that fits)
    """
    try:
        return raw.atrous(value, filters, rate, padding)
    except Refusal as refusal:
        raise refused(
            "tf.nn.atrous_conv2d",
            lambda arguments: raw.atrous(
                arguments["value"], arguments["filters"], arguments["rate"], arguments["padding"]
            ),
            {"value": value, "filters": filters, "rate": rate, "padding": padding},
            refusal,
        ) from None
