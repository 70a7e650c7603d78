"""The two networks: layers made from the stages of a blueprint, one after the other.

Parameters are created once, when a network is made; ``forward`` then uses them, however often it is called.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, partial

import tensorflow as tf

import convshape as cs
from dcgan.batch_norm import BatchNorm
from dcgan.blueprint import Blueprint, Stage
from dcgan.computing.numerics import Arithmetic
from dcgan.config import Config
from dcgan.layers import Activation, Conv2D, Dense, FractionallyStridedConv2D, Layer, Shape


class Network(tf.Module):
    """Layers in a row, under one scope.

    Args:
        stages: What the layers are.
        config: Seed and spread of the weights, batch norm's constants, slope of LeakyReLU, precision, kernels.
        name: Scope of the variables' names.

    Attributes:
        layers: The layers, first to last.
    """

    def __init__(self, stages: Sequence[Stage], config: Config, *, name: str) -> None:
        super().__init__(name=name)
        with self.name_scope:
            self.layers = tuple(_layer(stage, config, last=stage is stages[-1]) for stage in stages)
        for layer in self.layers:
            layer.build(partial(_initial, config))

    def forward(self, x: tf.Tensor, training: bool) -> tf.Tensor:
        """Send a batch through all layers.

        Args:
            x: Input of the first layer, ``(N, ...)``; any N.
            training: Whether batch norm uses the batch's statistics (and moves the running ones, unless
                :meth:`frozen_statistics` holds them) or the running ones; and whether the layers compute in the
                config's precision or in float32.

        Returns:
            Output of the last layer, ``(N, ...)``, float32.

        Raises:
            ShapeError: For an input that does not fit.
        """
        for layer in self.layers:
            x = layer.forward(x, training)
        return x

    def use(self, x: tf.Tensor, *, batch_statistics: bool = False) -> tf.Tensor:
        """Return what :meth:`forward` does, from a function that TensorFlow has compiled once; nothing is changed.

        For batches of always the same size: each other one is compiled anew.

        Args:
            x: Input of the first layer, ``(N, ...)``.
            batch_statistics: Whether batch norm uses the batch's statistics, in place of the running ones.

        Returns:
            Output of the last layer, ``(N, ...)``, float32.

        Raises:
            ShapeError: For an input that does not fit.
        """
        return self._compiled[batch_statistics](x)

    @cached_property
    def _compiled(self) -> tuple[Callable[[tf.Tensor], tf.Tensor], ...]:
        """What uses the network, with running and with the batch's statistics."""

        def used(x: tf.Tensor, *, training: bool) -> tf.Tensor:
            with self.frozen_statistics():
                return self.forward(x, training)

        # partial: what is a tf.function of a module's is part of its SavedModel
        functions = (
            tf.function(partial(used, training=training), autograph=False) for training in (False, True)
        )
        return tuple(partial(function) for function in functions)

    @property
    def norms(self) -> tuple[BatchNorm, ...]:
        """The batch norms of all layers that have one, first to last."""
        return tuple(layer.norm for layer in self.layers if layer.norm is not None)

    @property
    def running_statistics(self) -> tuple[tf.Variable, ...]:
        """Every running mean and variance; not trainable, moved by ``forward`` in training mode."""
        return tuple(moving for norm in self.norms for moving in (norm.moving_mean, norm.moving_variance))

    @contextmanager
    def frozen_statistics(self) -> Iterator[None]:
        """Keep the running statistics as they are in this block, in training mode too.

        For the passes that one player makes through the other's network: they need the batch's statistics,
        and are none of the other's business. In a ``tf.function`` it holds for what is traced in the block.
        """
        before = [norm.tracking for norm in self.norms]
        try:
            for norm in self.norms:
                norm.tracking = False
            yield
        finally:
            for norm, tracking in zip(self.norms, before, strict=True):
                norm.tracking = tracking


class Generator(Network):
    """From latents ``(N, latent)`` to pictures ``(N, H, W, C)`` in [-1, 1]; of classes, from ``(N, latent + classes)``.

    Attributes:
        latent: Numbers in one latent.
        classes: How many classes it knows; 0 for none.

    >>> from dcgan.planning import plan
    >>> generator = Generator(plan((45, 61, 3)))
    >>> generator.forward(tf.zeros((2, 100)), training=False).shape
    TensorShape([2, 45, 61, 3])
    >>> generator.layers[1].weights.name
    'generator/up_1/filter:0'
    """

    def __init__(self, blueprint: Blueprint) -> None:
        super().__init__(blueprint.generator, blueprint.config, name="generator")
        self.latent = blueprint.config.latent
        self.classes = blueprint.classes


class Discriminator(Network):
    """From pictures ``(N, H, W, C)`` in [-1, 1] to logits ``(N, 1)``, high where they look real.

    Of classes, to scores ``(N, 1 + classes)``, from which ``dcgan.conditions.judged`` makes logits.

    >>> from dcgan.planning import plan
    >>> discriminator = Discriminator(plan((45, 61, 3)))
    >>> discriminator.forward(tf.zeros((2, 45, 61, 3)), training=False).shape
    TensorShape([2, 1])
    """

    def __init__(self, blueprint: Blueprint) -> None:
        super().__init__(blueprint.discriminator, blueprint.config, name="discriminator")


def _layer(stage: Stage, config: Config, *, last: bool) -> Layer:
    channels = stage.output_shape[-1]
    norm = BatchNorm(channels, momentum=config.momentum, epsilon=config.epsilon) if stage.norm else None
    activation = _activation(stage.activation, config)
    common = {
        "norm": norm,
        "activation": activation,
        "name": stage.name,
        "arithmetic": _arithmetic(config, last=last),
    }
    match stage.spec:
        case cs.Conv(filter_shape=filter_shape, strides=strides):
            return Conv2D(stage.input_shape, filter_shape, strides, **common)
        case cs.ConvTranspose(filter_shape=filter_shape, strides=strides):
            return FractionallyStridedConv2D(
                stage.input_shape, filter_shape, stage.output_shape, strides, **common
            )
        case _:
            return Dense(stage.input_shape, stage.output_shape, **common)


def _arithmetic(config: Config, *, last: bool) -> Arithmetic:
    """Return the config's precision; what a network ends with, tanh or the logit of a loss, is float32 always."""
    precision = tf.as_dtype(config.precision)
    fast = config.kernels == "fast" and not tf.config.get_visible_devices("GPU")  # they were measured on CPUs
    return Arithmetic(compute=precision, result=tf.float32 if last else precision, fast=fast)


def _activation(name: str, config: Config) -> Activation:
    activations: dict[str, Activation] = {
        "leaky_relu": partial(tf.nn.leaky_relu, alpha=config.leak),
        "relu": tf.nn.relu,
        "tanh": tf.tanh,
        "none": tf.identity,
    }
    return activations[name]


def _initial(config: Config, name: str, shape: Shape) -> tf.Tensor:
    """Return N(0, deviation), drawn from the seed and the variable's name: no order of creation matters."""
    key = (config.seed, zlib.crc32(name.encode()))
    return tf.random.stateless_normal(shape, tf.constant(key, tf.int64), stddev=config.deviation)
