"""Keras's global pools."""

from __future__ import annotations

from convshape.frameworks._keras_pool_base import GlobalPooling


class GlobalMaxPooling1D(GlobalPooling):
    """As :class:`GlobalMaxPooling2D`, for one axis, ``(N, width, C)``."""

    __slots__ = ()
    operation = "keras.layers.GlobalMaxPooling1D"
    rank = 1

    def __init__(
        self,
        data_format: str | None = None,
        keepdims: bool = False,
        **kwargs: object,
    ) -> None:
        self._build(
            kwargs,
            data_format=data_format,
            keepdims=keepdims,
        )


class GlobalMaxPooling2D(GlobalPooling):
    """``keras.layers.GlobalMaxPooling2D``: ``(N, C)``, or with ``keepdims`` ``(N, 1, 1, C)``.

    Args:
        data_format: ``"channels_last"``, ``"channels_first"``, or None for the former.
        keepdims: Whether the spatial axes stay, with one element each.
        kwargs: What any Keras layer takes.

    Raises:
        ShapeError: Keras would refuse the layer or the call; the error names a fix that has been checked.

    Examples:
        >>> from convshape.frameworks import keras
        >>> keras.GlobalMaxPooling2D()((None, 7, 7, 512))
        (None, 512)
        >>> keras.GlobalMaxPooling2D()((7, 7, 512))
        Traceback (most recent call last):
        ...
        convshape.RankError: keras.layers.GlobalMaxPooling2D: input_shape (7, 7, 512) has 3 entries, but GlobalMaxPooling2D belongs to an input of 4.
          legal: (N, height, width, C)
          because: 2 spatial axes stand beside batch and channels.
          fix: input_shape=(None, 7, 7, 512)    (with a batch in front, here of unknown size)
    """

    __slots__ = ()
    operation = "keras.layers.GlobalMaxPooling2D"
    rank = 2

    def __init__(
        self,
        data_format: str | None = None,
        keepdims: bool = False,
        **kwargs: object,
    ) -> None:
        self._build(
            kwargs,
            data_format=data_format,
            keepdims=keepdims,
        )


class GlobalMaxPooling3D(GlobalPooling):
    """As :class:`GlobalMaxPooling2D`, for three axes, ``(N, depth, height, width, C)``."""

    __slots__ = ()
    operation = "keras.layers.GlobalMaxPooling3D"
    rank = 3

    def __init__(
        self,
        data_format: str | None = None,
        keepdims: bool = False,
        **kwargs: object,
    ) -> None:
        self._build(
            kwargs,
            data_format=data_format,
            keepdims=keepdims,
        )


class GlobalAveragePooling1D(GlobalPooling):
    """As :class:`GlobalMaxPooling2D`, of averages, for one axis, ``(N, width, C)``."""

    __slots__ = ()
    operation = "keras.layers.GlobalAveragePooling1D"
    rank = 1

    def __init__(
        self,
        data_format: str | None = None,
        keepdims: bool = False,
        **kwargs: object,
    ) -> None:
        self._build(
            kwargs,
            data_format=data_format,
            keepdims=keepdims,
        )


class GlobalAveragePooling2D(GlobalPooling):
    """As :class:`GlobalMaxPooling2D`, of averages, for two axes."""

    __slots__ = ()
    operation = "keras.layers.GlobalAveragePooling2D"
    rank = 2

    def __init__(
        self,
        data_format: str | None = None,
        keepdims: bool = False,
        **kwargs: object,
    ) -> None:
        self._build(
            kwargs,
            data_format=data_format,
            keepdims=keepdims,
        )


class GlobalAveragePooling3D(GlobalPooling):
    """As :class:`GlobalMaxPooling2D`, of averages, for three axes, ``(N, depth, height, width, C)``."""

    __slots__ = ()
    operation = "keras.layers.GlobalAveragePooling3D"
    rank = 3

    def __init__(
        self,
        data_format: str | None = None,
        keepdims: bool = False,
        **kwargs: object,
    ) -> None:
        self._build(
            kwargs,
            data_format=data_format,
            keepdims=keepdims,
        )
