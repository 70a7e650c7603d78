"""The sides of the game, in three forms, each computed from logits.

    non_saturating   the DCGAN paper's, after Goodfellow et al. (arXiv 1406.2661, section 3)
    hinge            Lim and Ye (arXiv 1705.02894), equations 12 and 13, as Miyato et al. (1802.05957) use them
    least_squares    Mao et al. (arXiv 1611.04076), equation 9: 1 for real, 0 for generated, 1 for the generator

In the first, a logit ``x`` says "real" with probability ``sigmoid(x)``. No loss ever takes that probability's
logarithm: ``tf.nn.sigmoid_cross_entropy_with_logits`` works it out from ``x`` itself, which stays finite, and keeps
its gradient, for every finite ``x``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import tensorflow as tf


@dataclass(frozen=True)
class Game:
    """What the two networks play, as three functions of logits ``(N, 1)``.

    Attributes:
        discriminator: From the logits of real and of generated pictures to what the discriminator lowers, a scalar.
        generator: From the logits of generated pictures to what the generator lowers, a scalar.
        belief: From logits to how real they say that their pictures are: 1 is what the discriminator is asked to
            say of real ones, 0 of generated ones, and 1/2 is undecided. Only ``least_squares``, where there is
            a too much of it, goes beyond 0 and 1.
    """

    discriminator: Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
    generator: Callable[[tf.Tensor], tf.Tensor]
    belief: Callable[[tf.Tensor], tf.Tensor]


def discriminator_loss(on_real: tf.Tensor, on_fake: tf.Tensor) -> tf.Tensor:
    """Return the discriminator's side of ``non_saturating``: the cost of not calling real real and others fake.

    Args:
        on_real: Logits of real pictures, ``(N, 1)``.
        on_fake: Logits of generated pictures, ``(N, 1)``.

    Returns:
        ``-mean(log p(real)) - mean(log(1 - p(fake)))``, a scalar; ``2 log 2`` where it is left guessing.

    >>> undecided = tf.zeros((4, 1))
    >>> round(float(discriminator_loss(undecided, undecided)), 4)
    1.3863
    """
    return _cost(on_real, tf.ones_like) + _cost(on_fake, tf.zeros_like)


def generator_loss(on_fake: tf.Tensor) -> tf.Tensor:
    """Return the generator's side of ``non_saturating``: the cost of its pictures not being called real.

    The other form, ``mean(log(1 - p))``, is flat just where the generator is worst.

    Args:
        on_fake: Logits of generated pictures, ``(N, 1)``.

    Returns:
        ``-mean(log p(fake))``, a scalar; ``log 2`` where the discriminator is left guessing.

    >>> round(float(generator_loss(tf.zeros((4, 1)))), 4)
    0.6931
    """
    return _cost(on_fake, tf.ones_like)


def hinge_discriminator_loss(on_real: tf.Tensor, on_fake: tf.Tensor) -> tf.Tensor:
    """Return ``mean(max(0, 1 - real)) + mean(max(0, 1 + fake))``: beyond 1 and -1 there is nothing more to gain.

    >>> float(hinge_discriminator_loss(tf.constant([[3.0]]), tf.constant([[0.0]])))
    1.0
    """
    return tf.reduce_mean(tf.nn.relu(1 - on_real)) + tf.reduce_mean(tf.nn.relu(1 + on_fake))


def hinge_generator_loss(on_fake: tf.Tensor) -> tf.Tensor:
    """Return ``-mean(fake)``, whose gradient never fades.

    >>> float(hinge_generator_loss(tf.constant([[3.0], [1.0]])))
    -2.0
    """
    return -tf.reduce_mean(on_fake)


def least_squares_discriminator_loss(on_real: tf.Tensor, on_fake: tf.Tensor) -> tf.Tensor:
    """Return ``mean((real - 1)**2) / 2 + mean(fake**2) / 2``.

    >>> float(least_squares_discriminator_loss(tf.constant([[3.0]]), tf.constant([[0.0]])))
    2.0
    """
    return (tf.reduce_mean(tf.square(on_real - 1)) + tf.reduce_mean(tf.square(on_fake))) / 2


def least_squares_generator_loss(on_fake: tf.Tensor) -> tf.Tensor:
    """Return ``mean((fake - 1)**2) / 2``.

    >>> float(least_squares_generator_loss(tf.constant([[3.0], [1.0]])))
    1.0
    """
    return tf.reduce_mean(tf.square(on_fake - 1)) / 2


def _within_margins(logits: tf.Tensor) -> tf.Tensor:
    return tf.clip_by_value((logits + 1) / 2, 0.0, 1.0)  # the hinge's own flat parts: beyond is as good


def _cost(logits: tf.Tensor, labels: Callable[[tf.Tensor], tf.Tensor]) -> tf.Tensor:
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=labels(logits), logits=logits))


GAMES: Mapping[str, Game] = MappingProxyType(
    {
        "non_saturating": Game(discriminator_loss, generator_loss, tf.sigmoid),
        "hinge": Game(hinge_discriminator_loss, hinge_generator_loss, _within_margins),
        "least_squares": Game(least_squares_discriminator_loss, least_squares_generator_loss, tf.identity),
    }
)
