"""Pictures as numbers for a linear classifier: a discriminator's activations, or the pixels; brought to one scale."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from dcgan.errors import DataError, Diagnosis
from dcgan.models import Network
from dcgan.pictures import LARGEST_IN_MEMORY

GRID = 4  # each map is pooled to so many squares a side, as in the DCGAN paper
CHUNK = 256  # pictures at once
Look = Callable[[np.ndarray], np.ndarray]


def activations(discriminator: Network) -> Look:
    """Return what turns pictures, uint8 ``(N, H, W, C)``, into a discriminator's activations, float32 ``(N, D)``.

    They are those of all its convolutions after their LeakyReLU, outside training, each map max-pooled to 4x4 squares
    (to fewer where it has fewer pixels). Squares of a side that 4 does not divide overlap by a pixel.

    Args:
        discriminator: Nothing of it is changed.
    """
    layers = discriminator.layers[:-1]

    @tf.function(autograph=False, reduce_retracing=True)
    def forward(x: tf.Tensor) -> tf.Tensor:
        seen = []
        for layer in layers:
            x = layer.forward(x, training=False)
            seen.append(tf.reshape(pooled(x), (tf.shape(x)[0], -1)))
        return tf.concat(seen, axis=1)

    return lambda pictures: forward(tf.constant(pictures.astype(np.float32) / 127.5 - 1)).numpy()


def pooled(maps: tf.Tensor, grid: int = GRID) -> tf.Tensor:
    """Return the largest activation in each square of a grid: ``(N, H, W, C)`` to ``(N, grid, grid, C)``.

    Args:
        maps: Of any height and width.
        grid: Squares a side; where there are fewer pixels, each is a square.

    >>> pooled(tf.reshape(tf.range(25.0), (1, 5, 5, 1)))[0, :, :, 0].numpy().tolist()[0]
    [6.0, 7.0, 8.0, 9.0]
    """
    _, height, width, _ = maps.shape
    rows = [tf.reduce_max(maps[:, top:bottom], axis=1) for top, bottom in _squares(height, grid)]
    columns = [
        tf.stack([tf.reduce_max(row[:, left:right], axis=1) for left, right in _squares(width, grid)], axis=1)
        for row in rows
    ]
    return tf.stack(columns, axis=1)


def _squares(size: int, grid: int) -> list[tuple[int, int]]:
    parts = min(size, grid)
    return [(part * size // parts, -(-(part + 1) * size // parts)) for part in range(parts)]


def pixels(pictures: np.ndarray) -> np.ndarray:
    """Return pictures, uint8 ``(N, H, W, C)``, as float32 ``(N, H * W * C)``."""
    return pictures.reshape(len(pictures), -1).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Scale:
    """What brings each feature to mean 0 and deviation 1, as measured on the pictures that a classifier is trained on.

    Attributes:
        mean: ``(D,)``.
        deviation: ``(D,)``; 1 where a feature is the same in all pictures, so that it becomes 0.
    """

    mean: np.ndarray
    deviation: np.ndarray

    @classmethod
    def of(cls, features: np.ndarray) -> Scale:
        """Measure it on features, ``(N, D)``, a part at a time."""
        parts = range(0, len(features), CHUNK)
        mean = sum(features[at : at + CHUNK].sum(axis=0, dtype=np.float64) for at in parts) / len(features)
        squares = sum(np.square(features[at : at + CHUNK] - mean).sum(axis=0) for at in parts) / len(features)
        return cls(mean.astype(np.float32), np.where(squares > 0, np.sqrt(squares), 1).astype(np.float32))

    def apply(self, features: np.ndarray) -> None:
        """Change features, ``(N, D)``, in place."""
        for start in range(0, len(features), CHUNK):
            part = features[start : start + CHUNK]
            part -= self.mean
            part /= self.deviation


def extract(
    look: Look, pictures: np.ndarray, places: np.ndarray, seen: Callable[[int], object]
) -> np.ndarray:
    """Return features of some pictures, float32 ``(len(places), D)``: in memory up to 2 GiB, else in a mapped temporary file.

    Args:
        look: From pictures to features.
        pictures: uint8 of shape ``(N, H, W, C)``.
        places: Which, in the order of the result; at least one.
        seen: Told how many more are done.

    Raises:
        DataError: If the temporary folder has no room for them.
    """
    features = _room(len(places), look(pictures[places[:1]]).shape[1])
    for start in range(0, len(places), CHUNK):
        some = places[start : start + CHUNK]
        features[start : start + len(some)] = look(pictures[some])
        seen(len(some))
    return features


def _room(count: int, size: int) -> np.ndarray:
    needed = 4 * count * size
    if needed <= LARGEST_IN_MEMORY:
        return np.empty((count, size), np.float32)
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    if needed > free:  # a mapped file that outgrows its disk kills the process
        raise DataError(
            Diagnosis(
                "probe",
                "labels_per_class",
                given=count,
                legal=f"features that take at most {free / 2**30:.1f} GiB",
                problem=f"{size} features of {count} pictures take {needed / 2**30:.1f} GiB, and {folder} has room for"
                f" {free / 2**30:.1f} GiB.",
                reason="each takes four bytes, and more than 2 GiB go to a temporary file",
                remedy="take fewer pictures with --labels-per-class, or set TMPDIR to a folder on a larger disk",
            )
        )
    return np.memmap(tempfile.TemporaryFile(), np.float32, mode="w+", shape=(count, size))
