"""The nearest neighbour of each of some pictures, among any number of others that come in parts. No TensorFlow here.

Distances are sums over the pixels of squared differences, and exact: pixels are shifted to -128..127, a product of
1,024 of them at a time is a whole number of at most 2**24, which float32 holds exactly, and what is added up from
those is float64. So a tie is a tie, and it goes to whichever came first.
"""

from __future__ import annotations

import numpy as np

PART = 1024  # pictures that are compared at once, and pixels that are multiplied at once
_MIDDLE = 128.0


class Nearest:
    """Pictures that look for their neighbours.

    Args:
        pictures: uint8 of shape ``(N, H, W, C)``, N at least 1.

    >>> dark, light = np.zeros((1, 2, 2, 1), np.uint8), np.full((1, 2, 2, 1), 200, np.uint8)
    >>> nearest = Nearest(np.concatenate([dark + 10, light, dark + 100]))
    >>> nearest.see(dark, np.array([3]))
    >>> nearest.see(light, np.array([7]))
    >>> nearest.labels.tolist()  # 100 is as far from 0 as from 200: the first keeps it
    [3, 7, 3]
    """

    def __init__(self, pictures: np.ndarray) -> None:
        self._pixels = _shifted(pictures)
        self._closest = np.full(len(pictures), np.inf)
        self._labels = np.zeros(len(pictures), np.int64)

    @property
    def labels(self) -> np.ndarray:
        """The label of the nearest of all pictures seen so far, int64 of shape ``(N,)``.

        Raises:
            ValueError: If none has been seen.
        """
        if np.isinf(self._closest).all():
            raise ValueError("a picture has no neighbour before others have been seen")
        return self._labels

    def see(self, others: np.ndarray, labels: np.ndarray) -> None:
        """Look for neighbours among more pictures.

        Args:
            others: uint8 of shape ``(M, H, W, C)``; any M.
            labels: Integers of shape ``(M,)``.

        Raises:
            ValueError: If there is not one label for each, or their size is another.
        """
        if len(others) != len(labels):
            raise ValueError(f"{len(labels)} labels for {len(others)} pictures")
        for start in range(0, len(others), PART):
            self._see(_shifted(others[start : start + PART]), labels[start : start + PART])

    def _see(self, others: np.ndarray, labels: np.ndarray) -> None:
        halves = 0.5 * np.einsum("md,md->m", others, others, dtype=np.float64)
        for start in range(0, len(self._pixels), PART):
            some = slice(start, start + PART)
            # half of |a - b|^2, without |a|^2, which is the same for all b
            apart = halves - _products(self._pixels[some], others)
            best = apart.argmin(axis=1)
            found = apart[np.arange(len(best)), best]
            closer = found < self._closest[some]
            self._closest[some] = np.where(closer, found, self._closest[some])
            self._labels[some] = np.where(closer, labels[best], self._labels[some])


def _products(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return the products of all rows, ``(N, D)`` and ``(M, D)`` to ``(N, M)``, exact."""
    total = left[:, :PART] @ right[:, :PART].T
    for start in range(PART, left.shape[1], PART):
        some = slice(start, start + PART)
        total = total.astype(np.float64, copy=False)
        total += left[:, some] @ right[:, some].T
    return total


def _shifted(pictures: np.ndarray) -> np.ndarray:
    return pictures.reshape(len(pictures), -1).astype(np.float32) - np.float32(_MIDDLE)
