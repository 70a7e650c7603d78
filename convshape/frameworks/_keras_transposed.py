"""Keras's transposed convolutions."""

from __future__ import annotations

from convshape.frameworks._keras_upwards import Transposed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import SupportsIndex

    from convshape._types import PerAxisLike


class Conv1DTranspose(Transposed):
    """As :class:`Conv2DTranspose`, for one axis, ``(N, width, C)``."""

    __slots__ = ()
    operation = "keras.layers.Conv1DTranspose"
    rank = 1

    def __init__(
        self,
        filters: SupportsIndex,
        kernel_size: PerAxisLike,
        strides: PerAxisLike = 1,
        padding: str = "valid",
        output_padding: PerAxisLike | None = None,
        data_format: str | None = None,
        dilation_rate: PerAxisLike = 1,
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
            output_padding=output_padding,
            data_format=data_format,
            dilation_rate=dilation_rate,
            use_bias=use_bias,
        )


class Conv2DTranspose(Transposed):
    """``keras.layers.Conv2DTranspose``: called with a shape, it returns the shape of its result.

    Args:
        filters: Channels of the output.
        kernel_size: The kernel's sizes in elements, one number or one a spatial axis.
        strides: The forward twin's strides; not together with ``dilation_rate``.
        padding: ``"valid"`` or ``"same"``, in any case.
        output_padding: Elements of the output beyond Keras's smallest, each less than the stride; None for
            ``i * s`` (same) or ``i * s + max(k - s, 0)`` (valid).
        data_format: ``"channels_last"``, ``"channels_first"``, or None for the former.
        dilation_rate: Elements from one tap of the kernel to the next.
        activation: This and all initializers, regularizers and constraints change no shape.
        use_bias: Whether there is a bias.
        kwargs: What any Keras layer takes: ``name``, ``dtype``, ``trainable`` ...

    Raises:
        ShapeError: Keras would refuse the layer or fail when it runs; the error names a fix that has been
            checked.

    Examples:
        >>> from convshape.frameworks import keras
        >>> up = keras.Conv2DTranspose(32, 5, strides=2, padding="same")
        >>> up(("N", 8, 8, 64))
        ('N', 16, 16, 32)
        >>> up.weight_shapes((None, 8, 8, 64))
        {'kernel': (5, 5, 32, 64), 'bias': (32,)}
        >>> keras.Conv2DTranspose(32, 4, strides=2, padding="same", output_padding=0)
        Traceback (most recent call last):
        ...
        convshape.OutputShapeError: keras.layers.Conv2DTranspose: output_padding (0, 0) has 0, with padding "same" and an even kernel that spans 4.
          legal: 1
          because: Keras makes (i - 1) * 2 elements of it, one fewer than the forward twin of "same" takes to i: TensorFlow fails when it runs; Keras on JAX and PyTorch returns that size.
          fix: output_padding=None    (the default, i * 2)
          or: output_padding=(1, 1)    (the smallest legal size)
          or: padding="valid"
    """

    __slots__ = ()
    operation = "keras.layers.Conv2DTranspose"
    rank = 2

    def __init__(
        self,
        filters: SupportsIndex,
        kernel_size: PerAxisLike,
        strides: PerAxisLike = (1, 1),
        padding: str = "valid",
        output_padding: PerAxisLike | None = None,
        data_format: str | None = None,
        dilation_rate: PerAxisLike = (1, 1),
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
            output_padding=output_padding,
            data_format=data_format,
            dilation_rate=dilation_rate,
            use_bias=use_bias,
        )


class Conv3DTranspose(Transposed):
    """As :class:`Conv2DTranspose`, for three axes, ``(N, depth, height, width, C)``."""

    __slots__ = ()
    operation = "keras.layers.Conv3DTranspose"
    rank = 3

    def __init__(
        self,
        filters: SupportsIndex,
        kernel_size: PerAxisLike,
        strides: PerAxisLike = (1, 1, 1),
        padding: str = "valid",
        data_format: str | None = None,
        output_padding: PerAxisLike | None = None,
        dilation_rate: PerAxisLike = (1, 1, 1),
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
            output_padding=output_padding,
            data_format=data_format,
            dilation_rate=dilation_rate,
            use_bias=use_bias,
        )
