"""``tf.nn``'s depthwise and separable convolutions.

The argument names, their order and their defaults are those of TensorFlow 2.21; a shape stands for each tensor.
"""

from __future__ import annotations

from convshape._refusals import Refusal
from convshape.frameworks import _tf_depthwise as raw
from convshape.frameworks._tf_calls import refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape
    from convshape._types import PaddingLike, PerAxisLike, ShapeLike


def depthwise_conv2d(
    input: ShapeLike,
    filter: ShapeLike,
    strides: PerAxisLike | None,
    padding: PaddingLike,
    data_format: str | None = None,
    dilations: PerAxisLike | None = None,
    name: object = None,
) -> Shape:
    """Return the shape of ``tf.nn.depthwise_conv2d``'s result.

    Args:
        input: ``(N, height, width, C)`` in the layout.
        filter: ``(*kernel, in, multiplier)``.
        strides: A list of 4, 1 for batch and channels; TensorFlow's native CPU kernels want both spatial ones equal.
        padding: ``"SAME"``, ``"VALID"``, or 4 pairs in the order of the layout.
        data_format: ``"NHWC"``, ``"NCHW"`` or None.
        dilations: A list of 2; not together with strides above 1, of which TensorFlow makes another op in silence.
        name: Without meaning for a shape.

    Returns:
        ``(N, *spatial, in * multiplier)``, sizes as :func:`conv2d`'s.

    Raises:
        ShapeError: TensorFlow would refuse the call, or do in silence what nobody asked for.

    Examples:
        >>> from convshape.frameworks import tensorflow as nn
        >>> nn.depthwise_conv2d(("N", 28, 28, 3), (3, 3, 3, 2), [1, 2, 2, 1], "SAME")
        ('N', 14, 14, 6)
        >>> nn.depthwise_conv2d(("N", 28, 28, 3), (3, 3, 3, 2), [1, 2, 2, 1], "SAME", dilations=[2, 2])
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: tf.nn.depthwise_conv2d: strides (1, 2, 2, 1) stand beside dilations (2, 2).
          legal: strides of 1, or dilations of 1
          because: a depthwise convolution does not take both above 1; TensorFlow only warns and strides within each phase of the dilation: another op, often of another size.
          fix: dilations=None    (not dilated)
          or: strides=(1, 1, 1, 1)    (not strided)
    """
    try:
        return raw.depthwise(input, filter, strides, padding, data_format, dilations)
    except Refusal as refusal:
        raise refused(
            "tf.nn.depthwise_conv2d",
            lambda arguments: raw.depthwise(
                arguments["input"],
                arguments["filter"],
                arguments["strides"],
                arguments["padding"],
                arguments["data_format"],
                arguments["dilations"],
            ),
            {
                "input": input,
                "filter": filter,
                "strides": strides,
                "padding": padding,
                "data_format": data_format,
                "dilations": dilations,
            },
            refusal,
        ) from None


def separable_conv2d(
    input: ShapeLike,
    depthwise_filter: ShapeLike,
    pointwise_filter: ShapeLike,
    strides: PerAxisLike | None,
    padding: PaddingLike,
    data_format: str | None = None,
    dilations: PerAxisLike | None = None,
    name: object = None,
) -> Shape:
    """Return the shape of ``tf.nn.separable_conv2d``'s result: as :func:`depthwise_conv2d`, then a 1 by 1 convolution.

    Returns:
        ``(N, *spatial, out)`` of a ``pointwise_filter`` ``(1, 1, in * multiplier, out)``.

    Raises:
        ShapeError: TensorFlow would refuse the call, or do in silence what nobody asked for.

    Examples:
        >>> from convshape.frameworks import tensorflow as nn
        >>> nn.separable_conv2d(("N", 28, 28, 3), (3, 3, 3, 2), (1, 1, 6, 64), [1, 1, 1, 1], "SAME")
        ('N', 28, 28, 64)
        >>> nn.separable_conv2d(("N", 28, 28, 3), (3, 3, 3, 2), (1, 1, 3, 64), [1, 1, 1, 1], "SAME")
        Traceback (most recent call last):
        ...
        convshape.ChannelError: tf.nn.separable_conv2d: pointwise_filter (1, 1, 3, 64) takes 3 channels, but the depthwise part makes 6.
          legal: (1, 1, 6, out)
          because: it reads what the depthwise_filter makes, in * multiplier channels. TensorFlow would read fewer as groups, and say nothing.
          fix: pointwise_filter=(1, 1, 6, 64)
    """
    try:
        return raw.separable(
            input, depthwise_filter, pointwise_filter, strides, padding, data_format, dilations
        )
    except Refusal as refusal:
        raise refused(
            "tf.nn.separable_conv2d",
            lambda arguments: raw.separable(
                arguments["input"],
                arguments["depthwise_filter"],
                arguments["pointwise_filter"],
                arguments["strides"],
                arguments["padding"],
                arguments["data_format"],
                arguments["dilations"],
            ),
            {
                "input": input,
                "depthwise_filter": depthwise_filter,
                "pointwise_filter": pointwise_filter,
                "strides": strides,
                "padding": padding,
                "data_format": data_format,
                "dilations": dilations,
            },
            refusal,
        ) from None
