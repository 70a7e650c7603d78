"""Keras's depthwise and separable convolutions."""

from __future__ import annotations

from convshape.frameworks._keras_kinds import Depthwise, Separable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import SupportsIndex

    from convshape._types import PerAxisLike


class DepthwiseConv1D(Depthwise):
    """As :class:`DepthwiseConv2D`, for one axis, ``(N, width, C)``."""

    __slots__ = ()
    operation = "keras.layers.DepthwiseConv1D"
    rank = 1

    def __init__(
        self,
        kernel_size: PerAxisLike,
        strides: PerAxisLike = 1,
        padding: str = "valid",
        depth_multiplier: SupportsIndex = 1,
        data_format: str | None = None,
        dilation_rate: PerAxisLike = 1,
        activation: object = None,
        use_bias: bool = True,
        depthwise_initializer: object = "glorot_uniform",
        bias_initializer: object = "zeros",
        depthwise_regularizer: object = None,
        bias_regularizer: object = None,
        activity_regularizer: object = None,
        depthwise_constraint: object = None,
        bias_constraint: object = None,
        **kwargs: object,
    ) -> None:
        self._build(
            kwargs,
            kernel_size=kernel_size,
            strides=strides,
            padding=padding,
            depth_multiplier=depth_multiplier,
            data_format=data_format,
            dilation_rate=dilation_rate,
            use_bias=use_bias,
        )


class DepthwiseConv2D(Depthwise):
    """``keras.layers.DepthwiseConv2D``: called with a shape, it returns the shape of its result.

    Args are those of :class:`Conv2D` but filters and groups; the output has ``C * depth_multiplier`` channels.
    Strides and ``dilation_rate`` may both be above 1: Keras then takes a dilated convolution apart.

    Raises:
        ShapeError: Keras would refuse the layer or the call; the error names a fix that has been checked.

    Examples:
        >>> from convshape.frameworks import keras
        >>> keras.DepthwiseConv2D(3, strides=2, padding="same", depth_multiplier=2)((None, 45, 61, 8))
        (None, 23, 31, 16)
        >>> keras.DepthwiseConv2D(3)((None, 2, 61, 8))
        Traceback (most recent call last):
        ...
        convshape.SizeError: keras.layers.DepthwiseConv2D: input_shape (None, 2, 61, 8) has a height of 2, too small for a kernel that spans 3.
          legal: a height of at least 3
          because: there is no padding: this kernel needs a height of at least 3.
          fix: padding="same"    (pads as much as it needs)
          or: kernel_size=(2, 3)    (a kernel that fits)
          or: input_shape=(None, 3, 61, 8)    (the smallest input that fits)
          or: data_format="channels_first"    (if the data is channels_first)
    """

    __slots__ = ()
    operation = "keras.layers.DepthwiseConv2D"
    rank = 2

    def __init__(
        self,
        kernel_size: PerAxisLike,
        strides: PerAxisLike = (1, 1),
        padding: str = "valid",
        depth_multiplier: SupportsIndex = 1,
        data_format: str | None = None,
        dilation_rate: PerAxisLike = (1, 1),
        activation: object = None,
        use_bias: bool = True,
        depthwise_initializer: object = "glorot_uniform",
        bias_initializer: object = "zeros",
        depthwise_regularizer: object = None,
        bias_regularizer: object = None,
        activity_regularizer: object = None,
        depthwise_constraint: object = None,
        bias_constraint: object = None,
        **kwargs: object,
    ) -> None:
        self._build(
            kwargs,
            kernel_size=kernel_size,
            strides=strides,
            padding=padding,
            depth_multiplier=depth_multiplier,
            data_format=data_format,
            dilation_rate=dilation_rate,
            use_bias=use_bias,
        )


class SeparableConv1D(Separable):
    """As :class:`SeparableConv2D`, for one axis, ``(N, width, C)``."""

    __slots__ = ()
    operation = "keras.layers.SeparableConv1D"
    rank = 1

    def __init__(
        self,
        filters: SupportsIndex,
        kernel_size: PerAxisLike,
        strides: PerAxisLike = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: PerAxisLike = 1,
        depth_multiplier: SupportsIndex = 1,
        activation: object = None,
        use_bias: bool = True,
        depthwise_initializer: object = "glorot_uniform",
        pointwise_initializer: object = "glorot_uniform",
        bias_initializer: object = "zeros",
        depthwise_regularizer: object = None,
        pointwise_regularizer: object = None,
        bias_regularizer: object = None,
        activity_regularizer: object = None,
        depthwise_constraint: object = None,
        pointwise_constraint: object = None,
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
            depth_multiplier=depth_multiplier,
            use_bias=use_bias,
        )


class SeparableConv2D(Separable):
    """``keras.layers.SeparableConv2D``: called with a shape, it returns the shape of its result.

    Args are those of :class:`DepthwiseConv2D`, and ``filters``: a convolution of 1 x 1 follows.

    Raises:
        ShapeError: Keras would refuse the layer or the call; the error names a fix that has been checked.

    Examples:
        >>> from convshape.frameworks import keras
        >>> keras.SeparableConv2D(16, 3).weight_shapes((None, 45, 61, 8))
        {'depthwise_kernel': (3, 3, 8, 1), 'pointwise_kernel': (1, 1, 8, 16), 'bias': (16,)}
        >>> keras.SeparableConv2D(16, 3)((None, 45, 61, None))
        Traceback (most recent call last):
        ...
        convshape.ChannelError: keras.layers.SeparableConv2D: input_shape (None, 45, 61, None) has None in the place of the channels.
          legal: (N, height, width, C) with a known C
          because: Keras makes the layer's weights from the channels of its input, so they must be known.
          fix: data_format="channels_first"    (if the data is channels_first)
          or: input_shape=(None, 45, 61, 3)    (for an input of 3 channels)
    """

    __slots__ = ()
    operation = "keras.layers.SeparableConv2D"
    rank = 2

    def __init__(
        self,
        filters: SupportsIndex,
        kernel_size: PerAxisLike,
        strides: PerAxisLike = (1, 1),
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: PerAxisLike = (1, 1),
        depth_multiplier: SupportsIndex = 1,
        activation: object = None,
        use_bias: bool = True,
        depthwise_initializer: object = "glorot_uniform",
        pointwise_initializer: object = "glorot_uniform",
        bias_initializer: object = "zeros",
        depthwise_regularizer: object = None,
        pointwise_regularizer: object = None,
        bias_regularizer: object = None,
        activity_regularizer: object = None,
        depthwise_constraint: object = None,
        pointwise_constraint: object = None,
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
            depth_multiplier=depth_multiplier,
            use_bias=use_bias,
        )
