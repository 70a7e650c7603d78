"""The generator's exponential moving average: a second generator, whose every variable follows the first one's."""

from __future__ import annotations

import tensorflow as tf

from dcgan.models import Network


def follow(average: Network, network: Network, keep: float, updates: tf.Tensor) -> None:
    """Move every variable of an average, weights and running statistics, towards what the network has now.

    Of the old average the share ``min(keep, (1 + updates) / (10 + updates))`` stays, as in
    ``tf.train.ExponentialMovingAverage``: what a network was at its beginning is soon forgotten.

    Args:
        average: What moves, of the same layers as ``network``.
        network: What it follows.
        keep: The share that stays in the long run, from 0 to below 1.
        updates: Steps done, this one included; an integer scalar.
    """
    count = tf.cast(updates, tf.float32)
    gained = 1 - tf.minimum(keep, (1 + count) / (10 + count))
    for mean, now in zip(average.variables, network.variables, strict=True):
        mean.assign_sub(gained * (mean - now))


def copy(source: Network, target: Network) -> None:
    """Give every variable of ``target`` the value that it has in ``source``, a network of the same layers."""
    for new, old in zip(target.variables, source.variables, strict=True):
        new.assign(old)
