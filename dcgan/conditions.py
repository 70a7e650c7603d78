"""Classes: how a generator is told which one to make, and a discriminator which one a picture is said to be of.

A generator's input is a latent with its class behind it: one number for each class, all 0 but its own, a 1 as in the
DCGAN paper's conditional nets. (A larger one makes classes appear sooner, and all pictures of a class alike: on MNIST
with the length of a latent in place of 1, each class was still one picture after 500 steps.)

A discriminator gives one score for every picture and one for each class; its logit is the first plus that of the class,
as in a projection discriminator (arXiv 1802.05637): how real it looks, and how much like its class.
"""

from __future__ import annotations

import numpy as np
import tensorflow as tf


def conditioned(z: tf.Tensor, labels: tf.Tensor | np.ndarray, classes: int) -> tf.Tensor:
    """Return latents with their classes behind them.

    Args:
        z: Latents, ``(N, latent)``.
        labels: The class of each, from 0, ``(N,)``.
        classes: How many there are.

    Returns:
        ``(N, latent + classes)``, a generator's input.

    >>> conditioned(tf.constant([[0.5], [0.25]]), tf.constant([1, 0]), 2).numpy().tolist()
    [[0.5, 0.0, 1.0], [0.25, 1.0, 0.0]]
    """
    return tf.concat([z, tf.one_hot(labels, classes, dtype=z.dtype)], axis=1)


def judged(scores: tf.Tensor, labels: tf.Tensor | np.ndarray) -> tf.Tensor:
    """Return a discriminator's logits, of pictures that are said to be of some classes.

    Args:
        scores: What its last layer gives, ``(N, 1 + classes)``.
        labels: The class of each picture, from 0, ``(N,)``.

    Returns:
        ``(N, 1)``, high where a picture looks real and like its class.

    >>> judged(tf.constant([[1.0, 10.0, 20.0]]), tf.constant([1])).numpy().tolist()
    [[21.0]]
    """
    chosen = tf.one_hot(labels, scores.shape[1] - 1, dtype=scores.dtype)
    return scores[:, :1] + tf.reduce_sum(scores[:, 1:] * chosen, axis=1, keepdims=True)


def in_turn(count: int, classes: int, start: int = 0) -> np.ndarray:
    """Return classes in turn, 0, 1, ..., int32 of shape ``(count,)``: as many of each as there can be.

    >>> in_turn(5, 3).tolist(), in_turn(3, 3, start=64).tolist()
    ([0, 1, 2, 0, 1], [1, 2, 0])
    """
    return (np.arange(start, start + count) % classes).astype(np.int32)
