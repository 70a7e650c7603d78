"""``tf.nn.pool``, with shapes in place of tensors."""

from __future__ import annotations

from convshape._refusals import Refusal
from convshape.frameworks import _tf_pool as raw
from convshape.frameworks._tf_calls import refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape
    from convshape._types import PaddingLike, PerAxisLike, ShapeLike


def pool(
    input: ShapeLike,
    window_shape: PerAxisLike,
    pooling_type: str,
    strides: PerAxisLike | None = None,
    padding: PaddingLike = "VALID",
    data_format: str | None = None,
    dilations: PerAxisLike | None = None,
    name: object = None,
) -> Shape:
    """Return the shape of ``tf.nn.pool``'s result.

    Args:
        input: ``(N, *spatial, C)`` in the layout.
        window_shape: A list of one size a spatial axis.
        pooling_type: ``"MAX"`` or ``"AVG"``.
        strides: A list of one a spatial axis, none larger than the window; None is 1.
        padding: ``"SAME"`` or ``"VALID"``; for MAX in two dimensions also 4 pairs, where nothing is dilated.
        data_format: The layout's name; None is channels-last.
        dilations: A list of one a spatial axis; above 1 only with strides of 1 and VALID.
        name: Without meaning for a shape.

    Returns:
        ``(N, *spatial, C)``, sizes as :func:`conv2d`'s.

    Raises:
        ShapeError: TensorFlow would refuse the call, or do in silence what nobody asked for.

    Examples:
        >>> from convshape.frameworks import tensorflow as nn
        >>> nn.pool(("N", 28, 28, 3), [3, 3], "MAX", dilations=[2, 2])
        ('N', 24, 24, 3)
        >>> nn.pool(("N", 28, 28, 3), 3, "MAX")
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: tf.nn.pool: window_shape is one int, which is not a form that is taken here.
          legal: 2 numbers, one a spatial axis
          because: tf.nn.pool takes a list of one number a spatial axis.
          fix: window_shape=(3, 3)
    """
    try:
        return raw.pool(input, window_shape, pooling_type, strides, padding, data_format, dilations)
    except Refusal as refusal:
        raise refused(
            "tf.nn.pool",
            lambda arguments: raw.pool(
                arguments["input"],
                arguments["window_shape"],
                arguments["pooling_type"],
                arguments["strides"],
                arguments["padding"],
                arguments["data_format"],
                arguments["dilations"],
            ),
            {
                "input": input,
                "window_shape": window_shape,
                "pooling_type": pooling_type,
                "strides": strides,
                "padding": padding,
                "data_format": data_format,
                "dilations": dilations,
            },
            refusal,
        ) from None
