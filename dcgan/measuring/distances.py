"""How far two sets of features are apart, and which classes a set covers. NumPy alone, in float64.

Features are numbers that a network has made of pictures, ``(N, D)``. What the distances mean depends on that network:
see ``dcgan.measuring.features``.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

SUBSETS = 50  # that a kernel distance is the mean over
SUBSET = 1000  # pictures of each set in one of them, at most
ENOUGH = 10  # one part in so many of its share among real pictures, and a class is covered


class KernelDistance(NamedTuple):
    """A kernel distance.

    Attributes:
        mean: Over the subsets; of two sets of one kind it is about 0, and may be a little below.
        deviation: Of the subsets' distances, the standard deviation.
    """

    mean: float
    deviation: float


class Coverage(NamedTuple):
    """The classes that a set of pictures covers.

    Attributes:
        counts: Pictures of each class, of shape ``(K,)``.
        share: Of the classes, those that there are pictures enough of, from 0 to 1.
        entropy: Of the shares of the classes, in nats: 0 where all pictures are of one class, ``log(K)`` where each has
            as many.
    """

    counts: np.ndarray
    share: float
    entropy: float


def frechet(one: np.ndarray, other: np.ndarray) -> float:
    """Return the Frechet distance of two sets of features, each taken for a normal distribution.

    With means m, n and covariances A, B it is ``|m - n|^2 + tr A + tr B - 2 tr (A B)^(1/2)`` (squared, as it is always
    told). The last trace is the sum of the singular values of ``R S^T``, where ``R^T R = A`` and ``S^T S = B`` come from
    the features by QR: no covariance is formed, so nothing is lost where one has hardly any rank.

    Args:
        one: Features, ``(N, D)``, N at least 2.
        other: Features, ``(M, D)``, M at least 2.

    Returns:
        The distance, at least 0 up to rounding; not a number where a feature is none.

    Raises:
        ValueError: For arrays that are no two such sets.

    >>> points = np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 4.0], [2.0, 4.0]])
    >>> round(frechet(points, points + [3, 0]), 6)
    9.0
    >>> round(frechet(points, np.array([1, 2]) + 2 * (points - [1, 2])), 6)
    6.666667
    """
    _check(one, other)
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        return math.nan
    apart = np.square(one.mean(axis=0, dtype=np.float64) - other.mean(axis=0, dtype=np.float64)).sum()
    root, other_root = _root(one), _root(other)
    traces = np.square(root).sum() + np.square(other_root).sum()
    shared = np.linalg.svd(root @ other_root.T, compute_uv=False).sum()
    return float(apart + traces - 2 * shared)


def kernel_distance(one: np.ndarray, other: np.ndarray, seed: int = 0) -> KernelDistance:
    """Return the kernel distance of two sets of features: the squared maximum mean discrepancy, unbiased.

    The kernel is ``(x.y / D + 1)^3``; the distance is the mean over subsets, drawn by chance from both sets, of at most
    1000 features, and of at most half of the smaller set.

    Args:
        one: Features, ``(N, D)``, N at least 2.
        other: Features, ``(M, D)``, M at least 2.
        seed: Of the subsets.

    Raises:
        ValueError: For arrays that are no two such sets.

    >>> points = np.random.default_rng(0).normal(size=(400, 3))
    >>> bool(kernel_distance(points[::2], points[1::2] + 1).mean > 1)
    True
    """
    _check(one, other)
    size = min(SUBSET, max(2, min(len(one), len(other)) // 2))
    chance = np.random.default_rng(seed)
    found = []
    for _ in range(SUBSETS):
        x = one[chance.choice(len(one), size, replace=False)].astype(np.float64)
        y = other[chance.choice(len(other), size, replace=False)].astype(np.float64)
        found.append(discrepancy(x, y))
    return KernelDistance(float(np.mean(found)), float(np.std(found)))


def discrepancy(x: np.ndarray, y: np.ndarray) -> float:
    """Return the unbiased estimate of the squared maximum mean discrepancy, all of both sets at once.

    Args:
        x: Features, ``(N, D)``, N at least 2.
        y: Features, ``(M, D)``, M at least 2.

    >>> discrepancy(np.array([[0.0], [2.0]]), np.array([[1.0], [1.0]]))
    -19.0
    """
    within = sum(_off_diagonal_mean(_kernel(part, part)) for part in (x, y))
    return float(within - 2 * _kernel(x, y).mean())


def coverage(classes: np.ndarray, shares: np.ndarray) -> Coverage:
    """Return which classes there are pictures enough of: a tenth, at least, of their share among real ones.

    Args:
        classes: The class of each picture, an integer from 0 to below K; of shape ``(N,)``, N at least 1.
        shares: The share of each class among real pictures, of shape ``(K,)``; a class that has none is left out.

    >>> coverage(np.array([0, 0, 0, 1]), np.array([0.5, 0.25, 0.25])).share
    0.6666666666666666
    """
    counts = np.bincount(classes, minlength=len(shares))
    found = counts / len(classes)
    real = shares > 0
    enough = (ENOUGH * counts >= len(classes) * shares)[real].mean()
    there = found[found > 0]
    return Coverage(counts, float(enough), max(0.0, -float((there * np.log(there)).sum())))


def _root(features: np.ndarray) -> np.ndarray:
    """Return R, upper triangular, with ``R^T R`` the (unbiased) covariance of the features."""
    centred = features - features.mean(axis=0, dtype=np.float64)
    return np.asarray(np.linalg.qr(centred / math.sqrt(len(features) - 1), mode="r"))


def _kernel(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    values: np.ndarray = x @ y.T / x.shape[1] + 1
    return values * values * values  # many times faster than a power


def _off_diagonal_mean(values: np.ndarray) -> float:
    count = len(values)
    return float((values.sum() - np.trace(values)) / (count * (count - 1)))


def _check(one: np.ndarray, other: np.ndarray) -> None:
    sets = one.ndim == other.ndim == 2 and min(len(one), len(other)) >= 2
    if not sets or one.shape[1] != other.shape[1]:
        raise ValueError(
            f"features are two arrays (N, D) and (M, D), N and M at least 2, not {one.shape} and {other.shape}"
        )
