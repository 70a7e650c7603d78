"""``tf.nn``'s transposed convolutions.

The argument names, their order and their defaults are those of TensorFlow 2.21; a shape stands for each tensor.
"""

from __future__ import annotations

from convshape._refusals import Refusal
from convshape.frameworks import _tf_transposed as raw
from convshape.frameworks._tf_calls import refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import SupportsIndex

    from convshape._shapes import Shape
    from convshape._types import PaddingLike, PerAxisLike, ShapeLike


def conv2d_transpose(
    input: ShapeLike,
    filters: ShapeLike,
    output_shape: ShapeLike,
    strides: PerAxisLike | None,
    padding: PaddingLike = "SAME",
    data_format: str | None = "NHWC",
    dilations: PerAxisLike | None = None,
    name: object = None,
    *,
    groups: SupportsIndex = 1,
) -> Shape:
    """Return ``output_shape`` if ``tf.nn.conv2d_transpose`` can make it.

    Args:
        input: ``(N, height, width, C)`` in the layout.
        filters: ``(*kernel, out, in)``, the forward twin's.
        output_shape: ``(N, height, width, out)`` in the layout, or, which TensorFlow's documents do not say, the
            two spatial sizes alone. Every size is written out; the batch may have the input's name.
        strides: The twin's strides: an int, a list of 1 or 2, or of 4 with 1 for batch and channels.
        padding: ``"SAME"``, ``"VALID"``, or 4 pairs in the order of the layout.
        data_format: ``"NHWC"`` or ``"NCHW"``; TensorFlow computes the second, and dilations, on GPU, with XLA
            or with oneDNN.
        dilations: Elements from one tap of the kernel to the next, written as the strides are.
        name: Without meaning for a shape.
        groups: Not TensorFlow's, which reads more output channels than the filter's as groups, in silence.

    Returns:
        The result's whole shape. Every size is legal whose forward twin gives the input's back.

    Raises:
        ShapeError: TensorFlow would refuse the call, or do in silence what nobody asked for.

    Examples:
        >>> from convshape.frameworks import tensorflow as nn
        >>> nn.conv2d_transpose(("N", 8, 8, 64), (5, 5, 32, 64), ("N", 15, 16, 32), 2)
        ('N', 15, 16, 32)
        >>> nn.conv2d_transpose(("N", 8, 8, 64), (5, 5, 32, 64), ("N", 14, 14, 32), 2)
        Traceback (most recent call last):
        ...
        convshape.OutputShapeError: tf.nn.conv2d_transpose: output_shape (N, 14, 14, 32) has a height of 14, which 8 cannot become with stride 2, SAME.
          legal: 15..16
          because: its forward twin takes 14 to 7, not 8. For 14: an input height of 7.
          fix: output_shape=("N", 15, 15, 32)    (the nearest legal size)
          or: input=("N", 7, 7, 64)    (an input that reaches it)
    """
    try:
        return raw.conv_transpose(
            "conv2d_transpose", input, filters, output_shape, strides, padding, data_format, dilations, groups
        )
    except Refusal as refusal:
        raise refused(
            "tf.nn.conv2d_transpose",
            lambda arguments: raw.conv_transpose(
                "conv2d_transpose",
                arguments["input"],
                arguments["filters"],
                arguments["output_shape"],
                arguments["strides"],
                arguments["padding"],
                arguments["data_format"],
                arguments["dilations"],
                arguments["groups"],
            ),
            {
                "input": input,
                "filters": filters,
                "output_shape": output_shape,
                "strides": strides,
                "padding": padding,
                "data_format": data_format,
                "dilations": dilations,
                "groups": groups,
            },
            refusal,
        ) from None


def conv1d_transpose(
    input: ShapeLike,
    filters: ShapeLike,
    output_shape: ShapeLike,
    strides: PerAxisLike | None,
    padding: PaddingLike = "SAME",
    data_format: str | None = "NWC",
    dilations: PerAxisLike | None = None,
    name: object = None,
) -> Shape:
    """Return the shape of ``tf.nn.conv1d_transpose``'s result: as :func:`conv2d_transpose`, for one axis.

    Padding is a word.

    Returns:
        ``output_shape``.

    Raises:
        ShapeError: TensorFlow would refuse the call, or do in silence what nobody asked for.

    Examples:
        >>> from convshape.frameworks import tensorflow as nn
        >>> nn.conv1d_transpose(("N", 8, 64), (5, 32, 64), ("N", 16, 32), 2)
        ('N', 16, 32)
        >>> nn.conv1d_transpose(("N", 8, 64), (5, 32, 64), ("N", 17, 32), 2)
        Traceback (most recent call last):
        ...
        convshape.OutputShapeError: tf.nn.conv1d_transpose: output_shape (N, 17, 32) has a width of 17, which 8 cannot become with stride 2, SAME.
          legal: 15..16
          because: its forward twin takes 17 to 9, not 8. For 17: an input width of 9.
          fix: output_shape=("N", 16, 32)    (the nearest legal size)
          or: input=("N", 9, 64)    (an input that reaches it)
    """
    try:
        return raw.conv_transpose(
            "conv1d_transpose", input, filters, output_shape, strides, padding, data_format, dilations
        )
    except Refusal as refusal:
        raise refused(
            "tf.nn.conv1d_transpose",
            lambda arguments: raw.conv_transpose(
                "conv1d_transpose",
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


def conv3d_transpose(
    input: ShapeLike,
    filters: ShapeLike,
    output_shape: ShapeLike,
    strides: PerAxisLike | None,
    padding: PaddingLike = "SAME",
    data_format: str | None = "NDHWC",
    dilations: PerAxisLike | None = None,
    name: object = None,
) -> Shape:
    """Return the shape of ``tf.nn.conv3d_transpose``'s result: as :func:`conv2d_transpose`, for three axes.

    Padding is a word.

    Returns:
        ``output_shape``.

    Raises:
        ShapeError: TensorFlow would refuse the call, or do in silence what nobody asked for.

    Examples:
        >>> from convshape.frameworks import tensorflow as nn
        >>> nn.conv3d_transpose(("N", 4, 4, 4, 64), (3, 3, 3, 32, 64), ("N", 8, 8, 8, 32), 2)
        ('N', 8, 8, 8, 32)
        >>> nn.conv3d_transpose(("N", 4, 4, 4, 64), (3, 3, 3, 32, 64), (8, 8, 8), 2)
        Traceback (most recent call last):
        ...
        convshape.OutputShapeError: tf.nn.conv3d_transpose: output_shape (8, 8, 8) has 3 entries, but the input (N, 4, 4, 4, 64) has 5.
          legal: 5 entries: (N, 8, 8, 8, 32)
          because: the output has the input's axes, batch and channels included; one so short kills the Python process in TensorFlow 2.21's default build.
          fix: output_shape=("N", 8, 8, 8, 32)    (with batch and channels)
    """
    try:
        return raw.conv_transpose(
            "conv3d_transpose", input, filters, output_shape, strides, padding, data_format, dilations
        )
    except Refusal as refusal:
        raise refused(
            "tf.nn.conv3d_transpose",
            lambda arguments: raw.conv_transpose(
                "conv3d_transpose",
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
