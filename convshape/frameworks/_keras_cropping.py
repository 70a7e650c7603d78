"""Keras's layers that crop."""

from __future__ import annotations

from convshape.frameworks._keras_resizing import Cropping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import SupportsIndex

    from convshape._types import Entries, PerAxisLike

    AmountsLike = SupportsIndex | Entries[PerAxisLike] | Entries[SupportsIndex]


class Cropping1D(Cropping):
    """As :class:`Cropping2D`, for one axis, ``(N, width, C)``."""

    __slots__ = ()
    operation = "keras.layers.Cropping1D"
    rank = 1
    _fields = ("cropping",)

    def __init__(
        self,
        cropping: AmountsLike = (1, 1),
        **kwargs: object,
    ) -> None:
        self._build(
            kwargs,
            cropping=cropping,
        )


class Cropping2D(Cropping):
    """``keras.layers.Cropping2D``: a number for all sides, one an axis, or a pair an axis.

    Raises:
        ShapeError: Keras would refuse the layer or the call; the error names a fix that has been checked.

    Examples:
        >>> from convshape.frameworks import keras
        >>> keras.Cropping2D(((0, 1), (2, 3)))((None, 7, 9, 64))
        (None, 6, 4, 64)
        >>> keras.Cropping2D(4)((None, 7, 9, 64))
        Traceback (most recent call last):
        ...
        convshape.SizeError: keras.layers.Cropping2D: input_shape (None, 7, 9, 64) has a height of 7, and 8 are cropped.
          legal: a height of at least 9
          because: Keras refuses a cropping that leaves nothing.
          fix: cropping=0    (nothing cropped)
          or: input_shape=(None, 9, 9, 64)    (the smallest input that fits)
          or: data_format="channels_first"    (if the data is channels_first)
    """

    __slots__ = ()
    operation = "keras.layers.Cropping2D"
    rank = 2
    _fields = (
        "cropping",
        "data_format",
    )

    def __init__(
        self,
        cropping: AmountsLike = ((0, 0), (0, 0)),
        data_format: str | None = None,
        **kwargs: object,
    ) -> None:
        self._build(
            kwargs,
            cropping=cropping,
            data_format=data_format,
        )


class Cropping3D(Cropping):
    """As :class:`Cropping2D`, for three axes, ``(N, depth, height, width, C)``."""

    __slots__ = ()
    operation = "keras.layers.Cropping3D"
    rank = 3
    _fields = (
        "cropping",
        "data_format",
    )

    def __init__(
        self,
        cropping: AmountsLike = ((1, 1), (1, 1), (1, 1)),
        data_format: str | None = None,
        **kwargs: object,
    ) -> None:
        self._build(
            kwargs,
            cropping=cropping,
            data_format=data_format,
        )
