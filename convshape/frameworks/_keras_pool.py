"""Keras's pools."""

from __future__ import annotations

from convshape.frameworks._keras_pool_base import Pooling

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._types import PerAxisLike


class MaxPooling1D(Pooling):
    """As :class:`MaxPooling2D`, for one axis, ``(N, width, C)``."""

    __slots__ = ()
    operation = "keras.layers.MaxPooling1D"
    rank = 1

    def __init__(
        self,
        pool_size: PerAxisLike = 2,
        strides: PerAxisLike | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: object = None,
        **kwargs: object,
    ) -> None:
        self._build(
            kwargs,
            pool_size=pool_size,
            strides=strides,
            padding=padding,
            data_format=data_format,
        )


class MaxPooling2D(Pooling):
    """``keras.layers.MaxPooling2D``: called with a shape, it returns the shape of its result.

    Args:
        pool_size: The window's sizes in elements, one number or one a spatial axis.
        strides: Elements from one window to the next; None for the window itself.
        padding: ``"valid"`` or ``"same"``, in any case.
        data_format: ``"channels_last"``, ``"channels_first"``, or None for the former.
        name: Changes no shape.
        kwargs: What any Keras layer takes.

    Raises:
        ShapeError: Keras would refuse the layer, or return nothing; the error names a fix that has been checked.

    Examples:
        >>> from convshape.frameworks import keras
        >>> keras.MaxPooling2D()((None, 45, 61, 3))
        (None, 22, 30, 3)
        >>> keras.MaxPooling2D()((None, 1, 48, 64))
        Traceback (most recent call last):
        ...
        convshape.SizeError: keras.layers.MaxPooling2D: input_shape (None, 1, 48, 64) has a height of 1, too small for a window that spans 2.
          legal: a height of at least 2
          because: a height of 1 looks like channels, which channels_last has elsewhere.
          fix: data_format="channels_first"    (if the data is channels_first)
          or: padding="same"    (pads as much as it needs)
          or: pool_size=(1, 2)    (a window that fits)
          or: input_shape=(None, 2, 48, 64)    (the smallest input that fits)
    """

    __slots__ = ()
    operation = "keras.layers.MaxPooling2D"
    rank = 2

    def __init__(
        self,
        pool_size: PerAxisLike = (2, 2),
        strides: PerAxisLike | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: object = None,
        **kwargs: object,
    ) -> None:
        self._build(
            kwargs,
            pool_size=pool_size,
            strides=strides,
            padding=padding,
            data_format=data_format,
        )


class MaxPooling3D(Pooling):
    """As :class:`MaxPooling2D`, for three axes, ``(N, depth, height, width, C)``."""

    __slots__ = ()
    operation = "keras.layers.MaxPooling3D"
    rank = 3

    def __init__(
        self,
        pool_size: PerAxisLike = (2, 2, 2),
        strides: PerAxisLike | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: object = None,
        **kwargs: object,
    ) -> None:
        self._build(
            kwargs,
            pool_size=pool_size,
            strides=strides,
            padding=padding,
            data_format=data_format,
        )


class AveragePooling1D(Pooling):
    """As :class:`MaxPooling2D`, of averages, for one axis, ``(N, width, C)``; ``pool_size`` has no default."""

    __slots__ = ()
    operation = "keras.layers.AveragePooling1D"
    rank = 1

    def __init__(
        self,
        pool_size: PerAxisLike,
        strides: PerAxisLike | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: object = None,
        **kwargs: object,
    ) -> None:
        self._build(
            kwargs,
            pool_size=pool_size,
            strides=strides,
            padding=padding,
            data_format=data_format,
        )


class AveragePooling2D(Pooling):
    """As :class:`MaxPooling2D`, of averages; ``pool_size`` has no default."""

    __slots__ = ()
    operation = "keras.layers.AveragePooling2D"
    rank = 2

    def __init__(
        self,
        pool_size: PerAxisLike,
        strides: PerAxisLike | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: object = None,
        **kwargs: object,
    ) -> None:
        self._build(
            kwargs,
            pool_size=pool_size,
            strides=strides,
            padding=padding,
            data_format=data_format,
        )


class AveragePooling3D(Pooling):
    """As :class:`MaxPooling2D`, of averages, for three axes, ``(N, depth, height, width, C)``; ``pool_size`` has no default."""

    __slots__ = ()
    operation = "keras.layers.AveragePooling3D"
    rank = 3

    def __init__(
        self,
        pool_size: PerAxisLike,
        strides: PerAxisLike | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: object = None,
        **kwargs: object,
    ) -> None:
        self._build(
            kwargs,
            pool_size=pool_size,
            strides=strides,
            padding=padding,
            data_format=data_format,
        )
