"""``tf.nn``'s average pools.

The argument names, their order and their defaults are those of TensorFlow 2.21; a shape stands for each tensor.
"""

from __future__ import annotations

from convshape._refusals import Refusal
from convshape.frameworks import _tf_pool as raw
from convshape.frameworks._tf_calls import refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape
    from convshape._types import PaddingLike, PerAxisLike, ShapeLike


def avg_pool(
    input: ShapeLike,
    ksize: PerAxisLike,
    strides: PerAxisLike | None,
    padding: PaddingLike,
    data_format: str | None = None,
    name: object = None,
) -> Shape:
    """Return the shape of ``tf.nn.avg_pool``'s result.

    Args:
        input: ``(N, *spatial, C)`` in the layout, of one to three spatial axes.
        ksize: The window: an int, a list of 1, one size a spatial axis, or full rank.
        strides: Elements from one window to the next, written as the window is. None, which TensorFlow reads as
            1 and not as the window, is refused.
        padding: ``"SAME"`` or ``"VALID"``.
        data_format: The layout's name; None is channels-last.
        name: Without meaning for a shape.

    Returns:
        ``(N, *spatial, C)``, sizes as :func:`conv2d`'s.

    Raises:
        ShapeError: TensorFlow would refuse the call, or do in silence what nobody asked for.

    Examples:
        >>> from convshape.frameworks import tensorflow as nn
        >>> nn.avg_pool(("N", 45, 61, 3), 2, 2, "VALID")
        ('N', 22, 30, 3)
        >>> nn.avg_pool(("N", 45, 61, 3), 2, None, "VALID")
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: tf.nn.avg_pool: strides is None.
          legal: a whole number of at least 1, or 2 numbers, one a spatial axis, or a list of one, or full rank such as (1, 2, 2, 1)
          because: TensorFlow reads None as 1 on every axis here, not as the window, and says nothing.
          fix: strides=2
          or: strides=1
    """
    try:
        return raw.ranked_pool("avg", 0, input, ksize, strides, padding, data_format)
    except Refusal as refusal:
        raise refused(
            "tf.nn.avg_pool",
            lambda arguments: raw.ranked_pool(
                "avg",
                0,
                arguments["input"],
                arguments["ksize"],
                arguments["strides"],
                arguments["padding"],
                arguments["data_format"],
            ),
            {
                "input": input,
                "ksize": ksize,
                "strides": strides,
                "padding": padding,
                "data_format": data_format,
            },
            refusal,
        ) from None


def avg_pool1d(
    input: ShapeLike,
    ksize: PerAxisLike,
    strides: PerAxisLike | None,
    padding: PaddingLike,
    data_format: str | None = "NWC",
    name: object = None,
) -> Shape:
    """Return the shape of ``tf.nn.avg_pool1d``'s result: as :func:`avg_pool`, for one spatial axis.

    Returns:
        ``(N, *spatial, C)``.

    Raises:
        ShapeError: TensorFlow would refuse the call, or do in silence what nobody asked for.

    Examples:
        >>> from convshape.frameworks import tensorflow as nn
        >>> nn.avg_pool1d(("N", 45, 3), 2, 2, "SAME")
        ('N', 23, 3)
        >>> nn.avg_pool1d(("N", 45, 3), 2, 2, "same")
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: tf.nn.avg_pool1d: padding is the string "same".
          legal: "SAME" or "VALID"
          because: TensorFlow's words for padding are written in capitals.
          fix: padding="SAME"
    """
    try:
        return raw.ranked_pool("avg", 1, input, ksize, strides, padding, data_format)
    except Refusal as refusal:
        raise refused(
            "tf.nn.avg_pool1d",
            lambda arguments: raw.ranked_pool(
                "avg",
                1,
                arguments["input"],
                arguments["ksize"],
                arguments["strides"],
                arguments["padding"],
                arguments["data_format"],
            ),
            {
                "input": input,
                "ksize": ksize,
                "strides": strides,
                "padding": padding,
                "data_format": data_format,
            },
            refusal,
        ) from None


def avg_pool2d(
    input: ShapeLike,
    ksize: PerAxisLike,
    strides: PerAxisLike | None,
    padding: PaddingLike,
    data_format: str | None = "NHWC",
    name: object = None,
) -> Shape:
    """Return the shape of ``tf.nn.avg_pool2d``'s result: as :func:`avg_pool`, for two spatial axes.

    Returns:
        ``(N, *spatial, C)``.

    Raises:
        ShapeError: TensorFlow would refuse the call, or do in silence what nobody asked for.

    Examples:
        >>> from convshape.frameworks import tensorflow as nn
        >>> nn.avg_pool2d(("N", 45, 61, 3), 3, 2, "SAME")
        ('N', 23, 31, 3)
        >>> nn.avg_pool2d(("N", 45, 61, 3), 3, 2, 1)
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: tf.nn.avg_pool2d: padding is 1.
          legal: "SAME" or "VALID"
          because: this op takes the two words alone; other padding goes into tf.pad before it.
          fix: padding="SAME"
          or: padding="VALID"
    """
    try:
        return raw.ranked_pool("avg", 2, input, ksize, strides, padding, data_format)
    except Refusal as refusal:
        raise refused(
            "tf.nn.avg_pool2d",
            lambda arguments: raw.ranked_pool(
                "avg",
                2,
                arguments["input"],
                arguments["ksize"],
                arguments["strides"],
                arguments["padding"],
                arguments["data_format"],
            ),
            {
                "input": input,
                "ksize": ksize,
                "strides": strides,
                "padding": padding,
                "data_format": data_format,
            },
            refusal,
        ) from None


def avg_pool3d(
    input: ShapeLike,
    ksize: PerAxisLike,
    strides: PerAxisLike | None,
    padding: PaddingLike,
    data_format: str | None = "NDHWC",
    name: object = None,
) -> Shape:
    """Return the shape of ``tf.nn.avg_pool3d``'s result: as :func:`avg_pool`, for three spatial axes.

    Returns:
        ``(N, *spatial, C)``.

    Raises:
        ShapeError: TensorFlow would refuse the call, or do in silence what nobody asked for.

    Examples:
        >>> from convshape.frameworks import tensorflow as nn
        >>> nn.avg_pool3d(("N", 8, 8, 8, 3), 2, 2, "SAME")
        ('N', 4, 4, 4, 3)
        >>> nn.avg_pool3d(("N", 8, 8, 3), 2, 2, "SAME")
        Traceback (most recent call last):
        ...
        convshape.RankError: tf.nn.avg_pool3d: input (N, 8, 8, 3) has 4 entries, but ksize (2, 2, 2) belongs to an input of 5.
          legal: (N, depth, height, width, C)
          because: 3 spatial axes stand beside batch and channels.
          fix: input=("N", 8, 8, 1, 3)    (with a spatial axis of 1)
          or: input=("N", 8, 8, 3, 1)    (with a channel axis of 1)
    """
    try:
        return raw.ranked_pool("avg", 3, input, ksize, strides, padding, data_format)
    except Refusal as refusal:
        raise refused(
            "tf.nn.avg_pool3d",
            lambda arguments: raw.ranked_pool(
                "avg",
                3,
                arguments["input"],
                arguments["ksize"],
                arguments["strides"],
                arguments["padding"],
                arguments["data_format"],
            ),
            {
                "input": input,
                "ksize": ksize,
                "strides": strides,
                "padding": padding,
                "data_format": data_format,
            },
            refusal,
        ) from None
