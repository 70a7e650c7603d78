"""Keras's layers that enlarge and pad with zeros."""

from __future__ import annotations

from convshape.frameworks._keras_resizing import UpSampling, ZeroPadding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import SupportsIndex

    from convshape._types import Entries, PerAxisLike

    AmountsLike = SupportsIndex | Entries[PerAxisLike] | Entries[SupportsIndex]


class UpSampling1D(UpSampling):
    """As :class:`UpSampling2D`, for one axis, ``(N, width, C)``."""

    __slots__ = ()
    operation = "keras.layers.UpSampling1D"
    rank = 1
    _fields = ("size",)

    def __init__(
        self,
        size: SupportsIndex = 2,
        **kwargs: object,
    ) -> None:
        self._build(
            kwargs,
            size=size,
        )


class UpSampling2D(UpSampling):
    """``keras.layers.UpSampling2D``: every spatial size times ``size``.

    Raises:
        ShapeError: Keras would refuse the layer or the call; the error names a fix that has been checked.

    Examples:
        >>> from convshape.frameworks import keras
        >>> keras.UpSampling2D(2, interpolation="bilinear")((None, 7, 9, 64))
        (None, 14, 18, 64)
        >>> keras.UpSampling2D(2, interpolation="cubic")
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: keras.layers.UpSampling2D: interpolation is the string "cubic".
          legal: ("area", "bicubic", "bilinear", "lanczos3", "lanczos5", "nearest")
          because: Keras refuses other words when the layer is called.
          fix: interpolation="bicubic"
          or: interpolation="nearest"
    """

    __slots__ = ()
    operation = "keras.layers.UpSampling2D"
    rank = 2
    _fields = (
        "size",
        "data_format",
        "interpolation",
    )

    def __init__(
        self,
        size: PerAxisLike = (2, 2),
        data_format: str | None = None,
        interpolation: str = "nearest",
        **kwargs: object,
    ) -> None:
        self._build(
            kwargs,
            size=size,
            data_format=data_format,
            interpolation=interpolation,
        )


class UpSampling3D(UpSampling):
    """As :class:`UpSampling2D`, for three axes, ``(N, depth, height, width, C)``."""

    __slots__ = ()
    operation = "keras.layers.UpSampling3D"
    rank = 3
    _fields = (
        "size",
        "data_format",
    )

    def __init__(
        self,
        size: PerAxisLike = (2, 2, 2),
        data_format: str | None = None,
        **kwargs: object,
    ) -> None:
        self._build(
            kwargs,
            size=size,
            data_format=data_format,
        )


class ZeroPadding1D(ZeroPadding):
    """As :class:`ZeroPadding2D`, for one axis, ``(N, width, C)``."""

    __slots__ = ()
    operation = "keras.layers.ZeroPadding1D"
    rank = 1
    _fields = (
        "padding",
        "data_format",
    )

    def __init__(
        self,
        padding: AmountsLike = 1,
        data_format: str | None = None,
        **kwargs: object,
    ) -> None:
        self._build(
            kwargs,
            padding=padding,
            data_format=data_format,
        )


class ZeroPadding2D(ZeroPadding):
    """``keras.layers.ZeroPadding2D``: a number for all sides, one an axis, or a pair an axis.

    Raises:
        ShapeError: Keras would refuse the layer or the call; the error names a fix that has been checked.

    Examples:
        >>> from convshape.frameworks import keras
        >>> keras.ZeroPadding2D(((0, 1), (2, 3)))((None, 7, 9, 64))
        (None, 8, 14, 64)
        >>> keras.ZeroPadding2D(-1)
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: keras.layers.ZeroPadding2D: padding is -1.
          legal: a whole number of at least 0, or 2 numbers, one a spatial axis
          because: a padding is at least 0.
          fix: padding=1
          or: padding=0
    """

    __slots__ = ()
    operation = "keras.layers.ZeroPadding2D"
    rank = 2
    _fields = (
        "padding",
        "data_format",
    )

    def __init__(
        self,
        padding: AmountsLike = (1, 1),
        data_format: str | None = None,
        **kwargs: object,
    ) -> None:
        self._build(
            kwargs,
            padding=padding,
            data_format=data_format,
        )


class ZeroPadding3D(ZeroPadding):
    """As :class:`ZeroPadding2D`, for three axes, ``(N, depth, height, width, C)``."""

    __slots__ = ()
    operation = "keras.layers.ZeroPadding3D"
    rank = 3
    _fields = (
        "padding",
        "data_format",
    )

    def __init__(
        self,
        padding: AmountsLike = ((1, 1), (1, 1), (1, 1)),
        data_format: str | None = None,
        **kwargs: object,
    ) -> None:
        self._build(
            kwargs,
            padding=padding,
            data_format=data_format,
        )
