"""Latents, each a pure function of a seed, a purpose and a number: nothing to save, nothing to lose on a resume."""

from __future__ import annotations

import zlib

import tensorflow as tf


def draw(seed: int, purpose: str, number: int | tf.Tensor, count: int | tf.Tensor, size: int) -> tf.Tensor:
    """Return latents, uniform in [-1, 1) as in the DCGAN paper.

    Args:
        seed: The run's seed, or the one of a sample.
        purpose: What they are for; latents of one purpose have nothing to do with those of another.
        number: Which draw of that purpose: the training step, or the part of a sample.
        count: How many.
        size: Numbers in each.

    Returns:
        Latents, ``(count, size)``.

    >>> bool(tf.reduce_all(draw(0, "step", 7, 2, 100) == draw(0, "step", 7, 2, 100)))
    True
    >>> bool(tf.reduce_any(draw(0, "step", 7, 2, 100) == draw(0, "step", 8, 2, 100)))
    False
    """
    key = tf.constant([seed, zlib.crc32(purpose.encode())], tf.int64)
    key = tf.random.experimental.stateless_fold_in(key, tf.cast(number, tf.int64))
    return tf.random.stateless_uniform((count, size), key, minval=-1.0, maxval=1.0)
