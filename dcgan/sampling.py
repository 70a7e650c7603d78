"""Pictures from a trained generator: any number, and the same latent always the same picture."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from dcgan import latents
from dcgan.images import to_uint8
from dcgan.models import Generator

# Kernels are chosen, and sums ordered, by the shape of a batch. With one shape always, a picture does not depend
# on how many others were asked for beside it; and no number of pictures needs more memory than this many.
CHUNK = 64


def paint(generator: Generator, z: np.ndarray | tf.Tensor) -> np.ndarray:
    """Return the pictures of these latents, made with the running statistics, which stay as they are.

    Args:
        generator: A generator.
        z: Latents, ``(N, latent)``; any N.

    Returns:
        uint8 of shape ``(N, H, W, C)``; each picture depends on its own latent alone.
    """
    z = np.asarray(z, np.float32)
    pictures = np.empty((len(z), *generator.layers[-1].output_shape), np.uint8)
    for start in range(0, len(z), CHUNK):
        part = z[start : start + CHUNK]
        full = np.concatenate([part, np.zeros((CHUNK - len(part), *z.shape[1:]), np.float32)])
        made = generator.forward(tf.constant(full), training=False)
        pictures[start : start + CHUNK] = to_uint8(made[: len(part)])
    return pictures


def sample(generator: Generator, count: int, seed: int) -> np.ndarray:
    """Return new pictures.

    Args:
        generator: A generator.
        count: How many.
        seed: Which; the first pictures of a larger sample of one seed are those of a smaller one.

    Returns:
        uint8 of shape ``(count, H, W, C)``.
    """
    (size,) = generator.layers[0].input_shape
    pictures = np.empty((count, *generator.layers[-1].output_shape), np.uint8)
    for part, start in enumerate(range(0, count, CHUNK)):
        z = latents.draw(seed, "sample", part, CHUNK, size)[: count - start]
        pictures[start : start + CHUNK] = paint(generator, z)
    return pictures
