"""One training step: two networks, two optimizers, and who may change what.

The rule, to the byte. A discriminator step changes the discriminator's weights, its Adam state, and its running
statistics, which follow the real pictures alone: in use it will be shown pictures from outside, and those are
real. A generator step changes the generator's weights, its Adam state, and its running statistics, which follow
its own pass in training mode. Neither changes anything of the other. :meth:`Trainer.step` does both at once,
from one forward pass of the generator, so each running pair moves exactly once in a step. After it, the average of
the generator follows, if one is kept; nothing in training ever reads it.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import keras
import tensorflow as tf

from dcgan import averages, latents
from dcgan.blueprint import Blueprint
from dcgan.computing.adam import FusedAdam
from dcgan.conditions import conditioned, judged
from dcgan.config import Config
from dcgan.distributed import replicas
from dcgan.diversity import diversity
from dcgan.errors import Diagnosis, RunError
from dcgan.losses import GAMES
from dcgan.models import Discriminator, Generator, Network
from dcgan.statistics import reestimated

Measures: TypeAlias = dict[str, tf.Tensor]


class Player:
    """A network, its optimizer, and the list of the variables that it owns: those of the network, no others.

    Args:
        network: What is trained.
        config: Names Adam's step size and share of the old gradient, and with which kernels it moves.

    Attributes:
        network: As given.
        optimizer: An Adam that is built for exactly :attr:`variables`.
        variables: The trainable variables of the network.
    """

    def __init__(self, network: Network, config: Config) -> None:
        self.network = network
        self.variables = network.trainable_variables
        kind = FusedAdam if config.kernels == "fast" else keras.optimizers.Adam
        self.optimizer = kind(float(config.learning_rate), beta_1=config.beta_1, name=f"{network.name}_adam")
        self.optimizer.build(list(self.variables))

    def improve(self, tape: tf.GradientTape, loss: tf.Tensor) -> None:
        """Take one step of Adam down the gradient of ``loss``.

        Args:
            tape: Has seen how the loss came about.
            loss: A scalar; on several replicas, the mean over this one's share of the batch.

        Raises:
            RuntimeError: If the loss does not depend on one of the variables at all.
        """
        # The optimizer adds up what the replicas have found: as many times too much of a mean over equal shares.
        share = None if replicas.count() == 1 else tf.constant(1 / replicas.count())
        gradients = tape.gradient(loss, self.variables, output_gradients=share)
        lost = [
            variable.name
            for variable, gradient in zip(self.variables, gradients, strict=True)
            if gradient is None
        ]
        if lost:
            raise RuntimeError(f"the loss of the {self.network.name} does not depend on {', '.join(lost)}")
        self.optimizer.apply_gradients(list(zip(gradients, self.variables, strict=True)))


class Trainer:
    """Both players, the generator's average and the number of steps taken: all that a checkpoint must hold.

    Which latents a step uses is a function of the seed and its number, so no state of a random generator exists.

    Made in the scope of a ``tf.distribute`` strategy, it takes its steps on all replicas of that: each takes its share
    of the batch and of the latents, and the step is, up to rounding, the one that a single replica would take.

    Args:
        blueprint: Both networks as shapes, and the config.

    Attributes:
        blueprint: As given.
        game: The losses that the config names.
        generator: The generator and its optimizer.
        discriminator: The discriminator and its optimizer.
        average: The generator's exponential moving average, a generator too; None where ``ema`` is 0.
        steps_done: Steps taken by :meth:`step`, an int64 variable.

    Raises:
        RunError: If Keras has been told to use another engine than TensorFlow.
    """

    def __init__(self, blueprint: Blueprint) -> None:
        _check_engine()
        config = blueprint.config
        self._strategy = tf.distribute.get_strategy()
        self.blueprint = blueprint
        self.game = GAMES[config.loss]
        self.generator = Player(Generator(blueprint), config)
        self.discriminator = Player(Discriminator(blueprint), config)
        self.average = Generator(blueprint) if config.ema else None  # the same weights, from the same seed
        self.steps_done = tf.Variable(0, dtype=tf.int64, trainable=False, name="steps_done")

    def step_latents(self, count: int | tf.Tensor) -> tf.Tensor:
        """Return the latents of the step that comes next, ``(count, latent)``."""
        config = self.blueprint.config
        return latents.draw(config.seed, "step", self.steps_done, count, config.latent)

    @tf.function(autograph=False)  # nothing in it branches on a tensor
    def step(self, real: tf.Tensor, labels: tf.Tensor | None = None) -> Measures:
        """Improve both players once, each against the other as it was before the step.

        Args:
            real: Real pictures in [-1, 1], ``(N, H, W, C)``; as many are generated.
            labels: Their classes, ``(N,)``, which those generated are of too; None where the blueprint has none.

        Returns:
            Scalars: ``d_loss``, ``g_loss``; ``d_real``, ``d_fake``, how real the discriminator took real and
            generated pictures to be, on average, from 0 to 1 (see ``dcgan.losses.Game``); and, where a replica has two
            pictures or more, ``diversity``: how much the generated ones of its share differ, in proportion to the real.
        """
        measures = replicas.together(self._strategy, self._improve_both, (real, labels))
        self.steps_done.assign_add(1)
        if self.average is not None:
            averages.follow(self.average, self.generator.network, self.blueprint.config.ema, self.steps_done)
        return measures

    def _improve_both(self, real: tf.Tensor, labels: tf.Tensor | None) -> Measures:
        generator, discriminator = self.generator.network, self.discriminator.network
        z = replicas.share(self.step_latents(tf.shape(real)[0]))
        real, labels = replicas.share(real), None if labels is None else replicas.share(labels)
        with tf.GradientTape() as up, tf.GradientTape() as down:
            fake = generator.forward(self._inputs(z, labels), training=True)
            on_real = self._logits(real, labels)
            with discriminator.frozen_statistics():
                on_fake = self._logits(fake, labels)
            d_loss, g_loss = self.game.discriminator(on_real, on_fake), self.game.generator(on_fake)
        self.discriminator.improve(down, d_loss)
        self.generator.improve(up, g_loss)
        measures = {
            "d_loss": d_loss,
            "g_loss": g_loss,
            "d_real": tf.reduce_mean(self.game.belief(on_real)),
            "d_fake": tf.reduce_mean(self.game.belief(on_fake)),
        }
        if self.blueprint.config.batch_size // replicas.count() > 1:
            measures["diversity"] = diversity(fake, real)
        return measures

    @tf.function(autograph=False)  # nothing in it branches on a tensor
    def discriminator_step(self, real: tf.Tensor, z: tf.Tensor, labels: tf.Tensor | None = None) -> tf.Tensor:
        """Improve the discriminator alone, on one replica.

        Args:
            real: Real pictures in [-1, 1], ``(N, H, W, C)``.
            z: Latents of the generated pictures, ``(N, latent)``.
            labels: Classes of both, ``(N,)``; None where the blueprint has none.

        Returns:
            The discriminator's loss, a scalar.
        """
        generator, discriminator = self.generator.network, self.discriminator.network
        with generator.frozen_statistics():
            fake = generator.forward(self._inputs(z, labels), training=True)
        with tf.GradientTape() as tape:
            on_real = self._logits(real, labels)
            with discriminator.frozen_statistics():
                on_fake = self._logits(fake, labels)
            loss = self.game.discriminator(on_real, on_fake)
        self.discriminator.improve(tape, loss)
        return loss

    @tf.function(autograph=False)  # nothing in it branches on a tensor
    def generator_step(self, z: tf.Tensor, labels: tf.Tensor | None = None) -> tf.Tensor:
        """Improve the generator alone, on one replica.

        Args:
            z: Latents, ``(N, latent)``.
            labels: The classes to make, ``(N,)``; None where the blueprint has none.

        Returns:
            The generator's loss, a scalar.
        """
        generator, discriminator = self.generator.network, self.discriminator.network
        with tf.GradientTape() as tape:
            fake = generator.forward(self._inputs(z, labels), training=True)
            with discriminator.frozen_statistics():
                on_fake = self._logits(fake, labels)
            loss = self.game.generator(on_fake)
        self.generator.improve(tape, loss)
        return loss

    def _inputs(self, z: tf.Tensor, labels: tf.Tensor | None) -> tf.Tensor:
        return conditioned(z, labels, self.blueprint.classes) if self.blueprint.classes else z

    def _logits(self, pictures: tf.Tensor, labels: tf.Tensor | None) -> tf.Tensor:
        scores = self.discriminator.network.forward(pictures, training=True)
        return judged(scores, labels) if self.blueprint.classes else scores

    @property
    def parts(self) -> dict[str, Any]:
        """What a checkpoint holds, by name."""
        averaged = {} if self.average is None else {"average": self.average}
        return {
            **averaged,
            "generator": self.generator.network,
            "discriminator": self.discriminator.network,
            "generator_optimizer": self.generator.optimizer,
            "discriminator_optimizer": self.discriminator.optimizer,
            "steps_done": self.steps_done,
        }

    @property
    def state(self) -> tuple[tf.Variable, ...]:
        """Every variable of both networks and of the average, weights and running statistics."""
        networks = (self.generator.network, self.discriminator.network, self.average)
        return tuple(variable for network in networks if network for variable in network.variables)

    def ruined(self) -> list[str]:
        """Return the names of the variables in :attr:`state` with values that are not finite numbers."""
        ruined = [variable for variable in self.state if not tf.reduce_all(tf.math.is_finite(variable))]
        return [variable.name.removesuffix(":0") for variable in ruined]

    def painter(self) -> Network:
        """Return the generator whose pictures are shown: where an average is kept, it, with statistics of its own."""
        return self.generator.network if self.average is None else reestimated(self.average, self.blueprint)


def _check_engine() -> None:
    engine = keras.backend.backend()
    if engine == "tensorflow":
        return
    raise RunError(
        Diagnosis(
            "train",
            "KERAS_BACKEND",
            given=engine,
            legal="tensorflow",
            problem=f"Keras has been told to use {engine}.",
            reason="both optimizers are Keras's, and work on TensorFlow's variables",
            remedy="set KERAS_BACKEND=tensorflow before Python starts",
        )
    )
