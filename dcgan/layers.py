"""The three layers with weights, as classes: ``build`` creates the parameters, ``forward`` uses them.

Every layer is: weights, then batch norm (or a bias, which batch norm would only take away again), then the
activation. Weights and statistics are float32, whatever a layer computes in. Sizes are convshape's: a layer whose shapes do not fit is refused when it is made, and an input that
does not fit the layer is refused before TensorFlow sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import tensorflow as tf

import convshape as cs
from dcgan.batch_norm import BatchNorm
from dcgan.computing import kernels
from dcgan.computing.numerics import FLOAT32, Arithmetic, overruns

Shape: TypeAlias = tuple[int, ...]
Draw: TypeAlias = Callable[[str, Shape], tf.Tensor]
Activation: TypeAlias = Callable[[tf.Tensor], tf.Tensor]


class Layer(tf.Module):
    """What the three layers share: the variables, and the way from weights to activation.

    Args:
        weights: Name of the weights, for people to read.
        weights_shape: Shape of the weights.
        input_shape: One picture or map, or one vector, without the batch.
        output_shape: The same of the result, channels last.
        norm: The batch norm of this layer; None for a bias in its place.
        activation: What is done to each number at the end.
        name: Scope of the variables' names.
        arithmetic: In which types, and by which kernels, it computes in training.
    """

    def __init__(
        self,
        weights: str,
        weights_shape: Shape,
        input_shape: Shape,
        output_shape: Shape,
        *,
        norm: BatchNorm | None,
        activation: Activation,
        name: str,
        arithmetic: Arithmetic = FLOAT32,
    ) -> None:
        super().__init__(name=name)
        self.input_shape = input_shape
        self.output_shape = output_shape
        self.norm = norm
        self._weights = (weights, weights_shape)
        self._activation = activation
        self._arithmetic = arithmetic
        self._built = False

    def build(self, draw: Draw) -> None:
        """Create the parameters, once.

        Args:
            draw: Gives the initial weights from their full name and shape.

        Raises:
            RuntimeError: If they have been created already.
        """
        if self._built:
            raise RuntimeError(f"{self.name} has been built: its variables are created once and then shared")
        name, shape = self._weights
        with self.name_scope as scope:
            self.weights = tf.Variable(draw(scope + name, shape), name=name)
            if self.norm is None:
                self.bias = tf.Variable(tf.zeros(self.output_shape[-1]), name="bias")
            else:
                self.norm.build()
        self._built = True

    # Nothing here branches on a tensor; what tf.function would rewrite for that, convshape's checks, must run as it is.
    @tf.autograph.experimental.do_not_convert
    def forward(self, x: tf.Tensor, training: bool) -> tf.Tensor:
        """Use the parameters.

        Args:
            x: A batch of inputs, ``(N, *input_shape)``.
            training: Whether to use the batch's statistics and the layer's arithmetic; or running ones, in float32.

        Returns:
            ``(N, *output_shape)``.

        Raises:
            ShapeError: For an input that does not fit.
        """
        how = self._arithmetic if training else FLOAT32
        y = tf.cast(self._weigh(tf.cast(x, how.compute)), how.result)
        if self.norm is not None:
            return self._activation(self.norm.forward(y, training))
        return self._activation(tf.nn.bias_add(y, tf.cast(self.bias, how.result)))

    def _weigh(self, x: tf.Tensor) -> tf.Tensor:
        raise NotImplementedError


class Dense(Layer):
    """Every number of the input to every number of the output; either may be a vector or a map.

    Its weights are ``(*input_shape, *output_shape)``, so no map has to be flattened on the way in or out.

    >>> layer = Dense((100,), (4, 4, 256), norm=None, activation=tf.nn.relu, name="project")
    >>> layer.build(lambda name, shape: tf.zeros(shape))
    >>> layer.forward(tf.zeros((2, 100)), training=True).shape
    TensorShape([2, 4, 4, 256])
    """

    def __init__(
        self,
        input_shape: Shape,
        output_shape: Shape,
        *,
        norm: BatchNorm | None,
        activation: Activation,
        name: str,
        arithmetic: Arithmetic = FLOAT32,
    ) -> None:
        super().__init__(
            "weights",
            (*input_shape, *output_shape),
            input_shape,
            output_shape,
            norm=norm,
            activation=activation,
            name=name,
            arithmetic=arithmetic,
        )

    def _weigh(self, x: tf.Tensor) -> tf.Tensor:
        return tf.tensordot(x, tf.cast(self.weights, x.dtype), axes=len(self.input_shape))


class Conv2D(Layer):
    """A strided convolution with SAME padding: the discriminator's way down.

    Args:
        input_shape: One picture or map, ``(H, W, in)``.
        filter_shape: ``(height, width, in, out)``.
        strides: Elements from one window to the next, each way.
        norm: The batch norm of this layer; None for a bias in its place.
        activation: What is done to each number at the end.
        name: Scope of the variables' names.
        arithmetic: In which types, and by which kernels, it computes in training.

    Raises:
        ShapeError: If input, filter and strides do not fit together.

    >>> layer = Conv2D((45, 61, 3), (5, 5, 3, 64), 2, norm=None, activation=tf.nn.relu, name="down_1")
    >>> layer.output_shape
    (23, 31, 64)
    """

    def __init__(
        self,
        input_shape: Shape,
        filter_shape: Shape,
        strides: int | Sequence[int],
        *,
        norm: BatchNorm | None,
        activation: Activation,
        name: str,
        arithmetic: Arithmetic = FLOAT32,
    ) -> None:
        self.spec = cs.Conv(filter_shape, strides)
        _, *output_shape = self.spec(("N", *input_shape))
        super().__init__(
            "filter",
            self.spec.filter_shape,
            input_shape,
            tuple(output_shape),
            norm=norm,
            activation=activation,
            name=name,
            arithmetic=arithmetic,
        )

    def _weigh(self, x: tf.Tensor) -> tf.Tensor:
        self.spec(x.shape)
        weights = tf.cast(self.weights, x.dtype)
        if self._arithmetic.fast or overruns(weights.shape, self.spec.strides, x.dtype):
            return kernels.conv2d(x, weights, self.spec.strides)
        return tf.nn.conv2d(x, weights, strides=self.spec.strides, padding="SAME")


class FractionallyStridedConv2D(Layer):
    """A transposed convolution with SAME padding: the generator's way up, undoing its twin's way down.

    Args:
        input_shape: One map, ``(H, W, in)``: what the forward twin gives.
        filter_shape: ``(height, width, out, in)``: the forward twin's filter.
        output_shape: ``(H, W, out)``: what the forward twin came from. A stride of 2 has two legal sizes a side.
        strides: The forward twin's strides.
        norm: The batch norm of this layer; None for a bias in its place.
        activation: What is done to each number at the end.
        name: Scope of the variables' names.
        arithmetic: In which types, and by which kernels, it computes in training.

    Raises:
        ShapeError: If input, filter, strides and output do not fit together.

    >>> up = FractionallyStridedConv2D(
    ...     (23, 31, 64), (5, 5, 3, 64), (45, 61, 3), 2, norm=None, activation=tf.tanh, name="up_2"
    ... )
    >>> up.build(lambda name, shape: tf.zeros(shape))
    >>> up.forward(tf.zeros((7, 23, 31, 64)), training=True).shape
    TensorShape([7, 45, 61, 3])
    """

    def __init__(
        self,
        input_shape: Shape,
        filter_shape: Shape,
        output_shape: Shape,
        strides: int | Sequence[int],
        *,
        norm: BatchNorm | None,
        activation: Activation,
        name: str,
        arithmetic: Arithmetic = FLOAT32,
    ) -> None:
        self.spec = cs.ConvTranspose(filter_shape, strides)
        _, *checked = cs.check_transpose(("N", *input_shape), filter_shape, ("N", *output_shape), strides)
        super().__init__(
            "filter",
            self.spec.filter_shape,
            input_shape,
            tuple(checked),
            norm=norm,
            activation=activation,
            name=name,
            arithmetic=arithmetic,
        )

    def _weigh(self, x: tf.Tensor) -> tf.Tensor:
        cs.check_transpose(
            ("N", *x.shape[1:]), self.spec.filter_shape, ("N", *self.output_shape), self.spec.strides
        )
        weights = tf.cast(self.weights, x.dtype)
        if self._arithmetic.fast or overruns(weights.shape, self.spec.strides, x.dtype):
            return kernels.conv2d_transpose(x, weights, self.output_shape, self.spec.strides)
        output_shape = tf.stack([tf.shape(x)[0], *self.output_shape])  # the batch is known only in the step
        return tf.nn.conv2d_transpose(x, weights, output_shape, strides=self.spec.strides, padding="SAME")
