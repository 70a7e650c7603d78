"""What quality.py trains: dcgan as its command line does, the paper's recipe, and TensorFlow's tutorial.

The last two have the tutorial's networks (7x7x256, then 128, 64 and 1 maps, filters of 5x5) and batches of 64. The
paper's recipe is dcgan's own step with them. The tutorial's recipe is written out: LeakyReLU of 0.3 in both
networks, dropout of 0.3 and no batch norm in the discriminator, batch norm with Keras's momentum of 0.99,
Glorot's weights, Adam with 1e-4 and 0.9, latents from N(0, 1).
"""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable, Iterator
from typing import Protocol

import numpy as np

from dcgan import Config, plan
from dcgan.blueprint import Blueprint
from dcgan.commands.options import add_options, given
from dcgan.data import Pictures, batches

LATENT = 100


class Contestant(Protocol):
    """A recipe that is being trained."""

    batch_size: int

    def step(self, real: object) -> None:
        """Take one step on real pictures in [-1, 1], and wait for its end."""

    def sample(self, count: int) -> np.ndarray:
        """Return new pictures, uint8 (count, H, W, C)."""


class Ours:
    """dcgan's own training, with a blueprint."""

    def __init__(self, blueprint: Blueprint) -> None:
        from dcgan.training import Trainer

        self.trainer = Trainer(blueprint)
        self.batch_size, self.flip = blueprint.config.batch_size, blueprint.config.flip

    def step(self, real: object) -> None:
        float(self.trainer.step(real)["d_loss"])

    def sample(self, count: int) -> np.ndarray:
        from dcgan import sampling

        return sampling.sample(self.trainer.painter(), count, 0)


class Tutorial:
    """TensorFlow's DCGAN tutorial, networks and recipe."""

    batch_size, flip = 64, False

    def __init__(self, seed: int) -> None:
        import keras
        import tensorflow as tf
        from keras import layers

        keras.utils.set_random_seed(seed)
        up = {"padding": "same", "use_bias": False}
        normed = [layers.BatchNormalization, layers.LeakyReLU]
        self.generator = keras.Sequential(
            [
                keras.Input((LATENT,)), layers.Dense(7 * 7 * 256, use_bias=False), *(kind() for kind in normed),
                layers.Reshape((7, 7, 256)),
                layers.Conv2DTranspose(128, 5, 1, **up), *(kind() for kind in normed),
                layers.Conv2DTranspose(64, 5, 2, **up), *(kind() for kind in normed),
                layers.Conv2DTranspose(1, 5, 2, activation="tanh", **up),
            ]
        )  # fmt: skip
        discriminator = keras.Sequential(
            [
                keras.Input((28, 28, 1)),
                layers.Conv2D(64, 5, 2, padding="same"), layers.LeakyReLU(), layers.Dropout(0.3),
                layers.Conv2D(128, 5, 2, padding="same"), layers.LeakyReLU(), layers.Dropout(0.3),
                layers.Flatten(), layers.Dense(1),
            ]
        )  # fmt: skip
        players = (
            (self.generator, keras.optimizers.Adam(1e-4)),
            (discriminator, keras.optimizers.Adam(1e-4)),
        )
        cost = keras.losses.BinaryCrossentropy(from_logits=True)

        @tf.function
        def step(real: tf.Tensor) -> tf.Tensor:
            noise = tf.random.normal((self.batch_size, LATENT))
            with tf.GradientTape() as rising, tf.GradientTape() as falling:
                made = self.generator(noise, training=True)
                on_real, on_made = discriminator(real, training=True), discriminator(made, training=True)
                g_loss = cost(tf.ones_like(on_made), on_made)
                d_loss = cost(tf.ones_like(on_real), on_real) + cost(tf.zeros_like(on_made), on_made)
            for (network, adam), tape, loss in zip(players, (rising, falling), (g_loss, d_loss), strict=True):
                weights = network.trainable_variables
                adam.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
            return d_loss

        self._step = step

    def step(self, real: object) -> None:
        float(self._step(real))

    def sample(self, count: int) -> np.ndarray:
        from dcgan.images import to_uint8

        latents = np.random.default_rng(0).standard_normal((count, LATENT), np.float32)
        return np.concatenate(
            [
                to_uint8(self.generator(part, training=False))
                for part in np.array_split(latents, -(-count // 500))
            ]
        )


def configured(flags: str, seed: int) -> Config:
    """Return the config that ``dcgan train`` makes of these flags."""
    parser = argparse.ArgumentParser()
    add_options(parser)
    return Config(**{"seed": seed, **given(parser.parse_args(shlex.split(flags)))})


def ours(flags: str, pictures: Pictures, seed: int) -> Ours:
    """Return what ``dcgan train`` would train with these flags."""
    return Ours(plan(pictures.image_shape, configured(flags, seed)))


def paper(seed: int) -> Ours:
    """Return the paper's recipe with the tutorial's networks."""
    from dataclasses import replace

    from steps import blueprint

    planned = blueprint("28")
    return Ours(replace(planned, config=replace(planned.config, seed=seed)))


class Timed:
    """A contestant, its own stream of pictures, and the seconds that it has been trained for.

    The first step is not timed: TensorFlow traces it.

    Args:
        contestant: What is trained.
        pictures: On which.
        seed: Of their order.
        clock: Gives seconds.
    """

    def __init__(
        self, contestant: Contestant, pictures: Pictures, seed: int, clock: Callable[[], float]
    ) -> None:
        self.contestant = contestant
        self._clock = clock
        self.seconds, self.steps = 0.0, 1
        self._stream: Iterator[object] = batches(pictures, contestant.batch_size, seed, flip=contestant.flip)
        contestant.step(next(self._stream))

    def train(self, until: float) -> None:
        """Train until so many seconds have been spent on it in all."""
        while self.seconds < until:
            start = self._clock()
            self.contestant.step(next(self._stream))
            self.seconds += self._clock() - start
            self.steps += 1
