"""``tf.nn``'s transposed convolution of any rank, and the one that takes a rate."""

from __future__ import annotations

from convshape._refusals import Refusal
from convshape.frameworks import _tf_transposed as raw
from convshape.frameworks._tf_calls import refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape
    from convshape._types import PaddingLike, PerAxisLike, ShapeLike


def conv_transpose(
    input: ShapeLike,
    filters: ShapeLike,
    output_shape: ShapeLike,
    strides: PerAxisLike | None,
    padding: PaddingLike = "SAME",
    data_format: str | None = None,
    dilations: PerAxisLike | None = None,
    name: object = None,
) -> Shape:
    """Return the shape of ``tf.nn.conv_transpose``'s result: as :func:`conv2d_transpose`, for as many axes as the filter has.

    Output_shape is
    written out in full.

    Returns:
        ``output_shape``.

    Raises:
        ShapeError: TensorFlow would refuse the call, or do in silence what nobody asked for.

    Examples:
        >>> from convshape.frameworks import tensorflow as nn
        >>> nn.conv_transpose(("N", 8, 64), (5, 32, 64), ("N", 15, 32), 2)
        ('N', 15, 32)
        >>> nn.conv_transpose(("N", 8, 8, 64), (5, 5, 64, 32), ("N", 16, 16, 32), 2)
        Traceback (most recent call last):
        ...
        convshape.ChannelError: tf.nn.conv_transpose: filters (5, 5, 64, 32) has 32 channels last, but the input (N, 8, 8, 64) has 64.
          legal: (5, 5, out, 64)
          because: a transposed convolution borrows its forward twin's filter, (height, width, out, in): the twin's output is our input.
          fix: filters=(5, 5, 32, 64)    (in and out were swapped)
    """
    try:
        return raw.conv_transpose(
            "conv_transpose", input, filters, output_shape, strides, padding, data_format, dilations
        )
    except Refusal as refusal:
        raise refused(
            "tf.nn.conv_transpose",
            lambda arguments: raw.conv_transpose(
                "conv_transpose",
                arguments["input"],
                arguments["filters"],
                arguments["output_shape"],
                arguments["strides"],
                arguments["padding"],
                arguments["data_format"],
                arguments["dilations"],
            ),
            {
                "input": input,
                "filters": filters,
                "output_shape": output_shape,
                "strides": strides,
                "padding": padding,
                "data_format": data_format,
                "dilations": dilations,
            },
            refusal,
        ) from None


def atrous_conv2d_transpose(
    value: ShapeLike,
    filters: ShapeLike,
    output_shape: ShapeLike,
    rate: PerAxisLike,
    padding: PaddingLike,
    name: object = None,
) -> Shape:
    """Return the shape of ``tf.nn.atrous_conv2d_transpose``'s result: as :func:`conv2d_transpose`, for dilations without strides.

    One size is legal: the input's with SAME, ``i + (k - 1) * rate`` with VALID.

    Returns:
        ``output_shape``.

    Raises:
        ShapeError: TensorFlow would refuse the call, or do in silence what nobody asked for.

    Examples:
        >>> from convshape.frameworks import tensorflow as nn
        >>> nn.atrous_conv2d_transpose(("N", 8, 8, 64), (3, 3, 32, 64), ("N", 12, 12, 32), 2, "VALID")
        ('N', 12, 12, 32)
        >>> nn.atrous_conv2d_transpose(("N", 8, 8, 64), (3, 3, 32, 64), ("N", 16, 16, 32), 2, "SAME")
        Traceback (most recent call last):
        ...
        convshape.OutputShapeError: tf.nn.atrous_conv2d_transpose: output_shape (N, 16, 16, 32) has a height of 16, which 8 cannot become with stride 1, SAME.
          legal: 8
          because: its forward twin takes 16 to 16, not 8. For 16: an input height of 16, or stride 2.
          fix: value=("N", 16, 16, 64)    (an input that reaches it)
          or: output_shape=("N", 8, 8, 32)    (the nearest legal size)
    """
    try:
        return raw.atrous_transpose(value, filters, output_shape, rate, padding)
    except Refusal as refusal:
        raise refused(
            "tf.nn.atrous_conv2d_transpose",
            lambda arguments: raw.atrous_transpose(
                arguments["value"],
                arguments["filters"],
                arguments["output_shape"],
                arguments["rate"],
                arguments["padding"],
            ),
            {
                "value": value,
                "filters": filters,
                "output_shape": output_shape,
                "rate": rate,
                "padding": padding,
            },
            refusal,
        ) from None
