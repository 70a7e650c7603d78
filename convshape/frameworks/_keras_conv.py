"""Keras's forward convolutions."""

from __future__ import annotations

from convshape.frameworks._keras_kinds import Forward

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import SupportsIndex

    from convshape._types import PerAxisLike


class Conv1D(Forward):
    """As :class:`Conv2D`, for one axis, ``(N, width, C)``."""

    __slots__ = ()
    operation = "keras.layers.Conv1D"
    rank = 1
    paddings = ("valid", "same", "causal")

    def __init__(
        self,
        filters: SupportsIndex,
        kernel_size: PerAxisLike,
        strides: PerAxisLike = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: PerAxisLike = 1,
        groups: SupportsIndex = 1,
        activation: object = None,
        use_bias: bool = True,
        kernel_initializer: object = "glorot_uniform",
        bias_initializer: object = "zeros",
        kernel_regularizer: object = None,
        bias_regularizer: object = None,
        activity_regularizer: object = None,
        kernel_constraint: object = None,
        bias_constraint: object = None,
        **kwargs: object,
    ) -> None:
        self._build(
            kwargs,
            filters=filters,
            kernel_size=kernel_size,
            strides=strides,
            padding=padding,
            data_format=data_format,
            dilation_rate=dilation_rate,
            groups=groups,
            use_bias=use_bias,
        )


class Conv2D(Forward):
    """``keras.layers.Conv2D``: called with a shape, it returns the shape of its result.

    Args:
        filters: Channels of the output.
        kernel_size: The kernel's sizes in elements, one number or one a spatial axis.
        strides: Elements from one window to the next; not together with ``dilation_rate``.
        padding: ``"valid"`` or ``"same"``, in any case (for ``Conv1D`` also ``"causal"``).
        data_format: ``"channels_last"``, ``"channels_first"``, or None for the former.
        dilation_rate: Elements from one tap of the kernel to the next.
        groups: Into how many groups the channels are split; divides filters and the input's channels.
        activation: This and all initializers, regularizers and constraints change no shape.
        use_bias: Whether there is a bias.
        kwargs: What any Keras layer takes: ``name``, ``dtype``, ``trainable`` ...

    Raises:
        ShapeError: Keras would refuse the layer or the call; the error names a fix that has been checked.

    Sizes are ``ceil(i / s)`` for same, ``floor((i - (k - 1) * d - 1) / s) + 1`` for valid (keras.io/api/layers).

    Examples:
        >>> from convshape.frameworks import keras
        >>> down = keras.Conv2D(64, 5, strides=2, padding="same")
        >>> down(("N", 45, 61, 3))
        ('N', 23, 31, 64)
        >>> down.weight_shapes((None, 45, 61, 3))
        {'kernel': (5, 5, 3, 64), 'bias': (64,)}
        >>> keras.Conv2D(64, 5, strides=2, dilation_rate=2)
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: keras.layers.Conv2D: dilation_rate (2, 2) stands with strides (2, 2).
          legal: dilation_rate of 1, or strides of 1
          because: Keras refuses strides > 1 in conjunction with dilation_rate > 1, on whichever axes.
          fix: dilation_rate=1    (not dilated)
          or: strides=1    (not strided)
    """

    __slots__ = ()
    operation = "keras.layers.Conv2D"
    rank = 2

    def __init__(
        self,
        filters: SupportsIndex,
        kernel_size: PerAxisLike,
        strides: PerAxisLike = (1, 1),
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: PerAxisLike = (1, 1),
        groups: SupportsIndex = 1,
        activation: object = None,
        use_bias: bool = True,
        kernel_initializer: object = "glorot_uniform",
        bias_initializer: object = "zeros",
        kernel_regularizer: object = None,
        bias_regularizer: object = None,
        activity_regularizer: object = None,
        kernel_constraint: object = None,
        bias_constraint: object = None,
        **kwargs: object,
    ) -> None:
        self._build(
            kwargs,
            filters=filters,
            kernel_size=kernel_size,
            strides=strides,
            padding=padding,
            data_format=data_format,
            dilation_rate=dilation_rate,
            groups=groups,
            use_bias=use_bias,
        )


class Conv3D(Forward):
    """As :class:`Conv2D`, for three axes, ``(N, depth, height, width, C)``."""

    __slots__ = ()
    operation = "keras.layers.Conv3D"
    rank = 3

    def __init__(
        self,
        filters: SupportsIndex,
        kernel_size: PerAxisLike,
        strides: PerAxisLike = (1, 1, 1),
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: PerAxisLike = (1, 1, 1),
        groups: SupportsIndex = 1,
        activation: object = None,
        use_bias: bool = True,
        kernel_initializer: object = "glorot_uniform",
        bias_initializer: object = "zeros",
        kernel_regularizer: object = None,
        bias_regularizer: object = None,
        activity_regularizer: object = None,
        kernel_constraint: object = None,
        bias_constraint: object = None,
        **kwargs: object,
    ) -> None:
        self._build(
            kwargs,
            filters=filters,
            kernel_size=kernel_size,
            strides=strides,
            padding=padding,
            data_format=data_format,
            dilation_rate=dilation_rate,
            groups=groups,
            use_bias=use_bias,
        )
