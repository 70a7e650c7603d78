"""Pictures from a trained generator: any number, and the same latent always the same picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from dcgan import latents
from dcgan.conditions import conditioned, in_turn
from dcgan.images import to_uint8
from dcgan.models import Generator

# Kernels are chosen, and sums ordered, by the shape of a batch. With one shape always, a picture does not depend
# on how many others were asked for beside it; and no number of pictures needs more memory than this many.
CHUNK = 64


def paint(generator: Generator, z: np.ndarray | tf.Tensor, *, batch_statistics: bool = False) -> np.ndarray:
    """Return the pictures of these latents; nothing of the generator is changed.

    Args:
        generator: A generator.
        z: Latents, ``(N, latent)``, of a generator of classes with their classes, ``(N, latent + classes)``; any N.
        batch_statistics: Whether batch norm uses the statistics of the 64 pictures that are made together, in
            place of the running ones. Where fewer are left, others are made beside them, always the same ones.

    Returns:
        uint8 of shape ``(N, H, W, C)``; each picture depends on its own latent alone, unless the statistics are
        the batch's.
    """
    z = np.asarray(z, np.float32)
    pictures = np.empty((len(z), *generator.layers[-1].output_shape), np.uint8)
    for start in range(0, len(z), CHUNK):
        part = z[start : start + CHUNK]
        made = generator.use(tf.constant(_filled(part, generator)), batch_statistics=batch_statistics).numpy()
        pictures[start : start + CHUNK] = to_uint8(made[: len(part)])
    return pictures


def _filled(part: np.ndarray, generator: Generator) -> np.ndarray:
    """Return latents with others behind them, always the same ones, so that they are as many as are made together."""
    if len(part) == CHUNK:
        return part
    others = inputs(generator, latents.draw(0, "others", 0, CHUNK - len(part), generator.latent))
    return np.concatenate([part, others])


def inputs(
    generator: Generator, z: tf.Tensor, classes: Sequence[int] | None = None, *, start: int = 0
) -> tf.Tensor:
    """Return what a generator makes pictures from: of classes, latents with their classes behind them.

    Args:
        generator: Of classes, or of none: then it is the latents themselves.
        z: Latents, ``(N, latent)``.
        classes: Which classes, in turn; None for all.
        start: The number of the first latent, for the turns.

    Returns:
        ``(N, latent)``, or ``(N, latent + classes)``.
    """
    if not generator.classes:
        return z
    wanted = np.asarray(range(generator.classes) if classes is None else classes, np.int32)
    return conditioned(z, wanted[in_turn(len(z), len(wanted), start)], generator.classes)


def sample(
    generator: Generator,
    count: int,
    seed: int,
    *,
    classes: Sequence[int] | None = None,
    batch_statistics: bool = False,
) -> np.ndarray:
    """Return new pictures.

    Args:
        generator: A generator.
        count: How many.
        seed: Which; the first pictures of a larger sample of one seed are those of a smaller one.
        classes: Of which classes, in turn, each as its number; None for all. Of a generator without classes, None.
        batch_statistics: As of :func:`paint`.

    Returns:
        uint8 of shape ``(count, H, W, C)``.
    """
    pictures = np.empty((count, *generator.layers[-1].output_shape), np.uint8)
    for part, start in enumerate(range(0, count, CHUNK)):
        z = latents.draw(seed, "sample", part, CHUNK, generator.latent)
        made = paint(generator, inputs(generator, z, classes, start=start), batch_statistics=batch_statistics)
        pictures[start : start + CHUNK] = made[: count - start]
    return pictures
