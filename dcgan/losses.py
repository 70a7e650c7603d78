"""The two sides of the game, in the non-saturating form of the DCGAN paper, computed from logits.

A logit ``x`` says "real" with probability ``sigmoid(x)``. Neither loss ever takes that probability's logarithm:
``tf.nn.sigmoid_cross_entropy_with_logits`` works it out from ``x`` itself, which stays finite, and keeps its
gradient, for every finite ``x``.
"""

from __future__ import annotations

from collections.abc import Callable

import tensorflow as tf


def discriminator_loss(on_real: tf.Tensor, on_fake: tf.Tensor) -> tf.Tensor:
    """Return what the discriminator lowers: the cost of not calling real pictures real and others fake.

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
    """Return what the generator lowers: the cost of its pictures not being called real.

    This is the non-saturating form. The other, ``mean(log(1 - p))``, is flat just where the generator is worst.

    Args:
        on_fake: Logits of generated pictures, ``(N, 1)``.

    Returns:
        ``-mean(log p(fake))``, a scalar; ``log 2`` where the discriminator is left guessing.

    >>> round(float(generator_loss(tf.zeros((4, 1)))), 4)
    0.6931
    """
    return _cost(on_fake, tf.ones_like)


def _cost(logits: tf.Tensor, labels: Callable[[tf.Tensor], tf.Tensor]) -> tf.Tensor:
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=labels(logits), logits=logits))
