"""How different the pictures of a batch are from one another: what is lost when a generator collapses."""

from __future__ import annotations

import tensorflow as tf


def nearest(pictures: tf.Tensor) -> tf.Tensor:
    """Return how far a picture is from the one most like it in its batch, on average.

    A mean distance would not do: of a generator with two pictures, half of all pairs are far apart.

    Args:
        pictures: Two or more, ``(N, H, W, C)``.

    Returns:
        The root of the mean squared difference of two pixels, averaged over the batch; a float32 scalar.

    >>> round(float(nearest(tf.constant([0.0, 0.5, 0.75, 1.0])[:, None, None, None])), 4)
    0.3125
    """
    return _nearest(_rows(pictures)[None])[0]


def diversity(fake: tf.Tensor, real: tf.Tensor) -> tf.Tensor:
    """Return how different generated pictures are from one another, in proportion to real ones.

    Args:
        fake: Generated pictures, two or more, ``(N, H, W, C)``.
        real: As many real ones, so that the nearest of a batch is as near by chance in both.

    Returns:
        ``nearest(fake) / nearest(real)``, about 1 where they are as different, 0 where all are the same; 1 where
        the real ones are all the same, and nothing can be lost. A float32 scalar.

    >>> pictures = tf.random.stateless_normal((8, 5, 5, 1), (1, 2))
    >>> round(float(diversity(pictures / 4, pictures)), 4)
    0.25
    """
    made, between = tf.unstack(
        _nearest(tf.stack([_rows(fake), _rows(real)]))
    )  # small operations: one pass for both
    return tf.where(between > 0, tf.math.divide_no_nan(made, between), 1.0)


def _rows(pictures: tf.Tensor) -> tf.Tensor:
    return tf.cast(tf.reshape(pictures, (tf.shape(pictures)[0], -1)), tf.float32)


def _nearest(rows: tf.Tensor) -> tf.Tensor:
    """Return :func:`nearest` of each batch of rows, ``(B, N, pixels)`` to ``(B,)``."""
    rows -= tf.reduce_mean(
        rows, axis=1, keepdims=True
    )  # distances stay, and rounding is relative to what differs
    squares = tf.reduce_mean(tf.square(rows), axis=2)
    products = tf.matmul(rows, rows, transpose_b=True) / tf.cast(tf.shape(rows)[2], tf.float32)
    apart = squares[:, :, None] + squares[:, None] - 2 * products
    closest = tf.reduce_min(tf.linalg.set_diag(apart, tf.fill(tf.shape(squares), apart.dtype.max)), axis=2)
    positive = tf.nn.relu(closest)  # of two that are the same, rounding may leave a little less than nothing
    return tf.reduce_mean(tf.sqrt(positive), axis=1)
