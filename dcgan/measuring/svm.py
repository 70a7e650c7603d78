"""A linear support vector machine with squared hinge losses (L2-SVM), one against the rest. No TensorFlow here.

The objective is that of scikit-learn's ``LinearSVC``, regularised intercept included, and so is the result. But
``LinearSVC`` copies all features to float64 and uses one core; here they are read in parts, from memory or from a mapped
file, as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

PART = 4096  # rows that are multiplied at once
STRENGTHS = tuple(10.0**power for power in range(-7, 2))  # of C; more C is less regularisation
_PATIENCE = 2  # values of C in a row that do worse than the best, and the search ends


@dataclass(frozen=True)
class Machine:
    """A trained machine.

    Attributes:
        weights: ``(D + 1, classes)``; the last row is the intercepts.
        strength: C, by which the losses count against the weights.
    """

    weights: np.ndarray
    strength: float

    def answers(self, features: np.ndarray) -> np.ndarray:
        """Return the class that each row of ``(N, D)`` is taken for, int64 of shape ``(N,)``."""
        return np.concatenate(
            [
                _scores(self.weights, part).argmax(axis=1)
                for part, _ in _parts(features, np.arange(len(features)))
            ]
        )

    def accuracy_on(self, features: np.ndarray, labels: np.ndarray) -> float:
        """Return the share of rows, ``(N, D)``, that are taken for their label, ``(N,)``."""
        return float((self.answers(features) == labels).mean())


def trained(
    features: np.ndarray, labels: np.ndarray, strength: float, *, start: np.ndarray | None = None
) -> Machine:
    """Return the machine of one C: the weights with the least ``|w|**2 / 2 + C * sum(max(0, 1 - margin)**2)``.

    Args:
        features: Floats of shape ``(N, D)``, best of mean 0 and deviation 1.
        labels: Integers from 0, of shape ``(N,)``.
        strength: C.
        start: Weights to begin at, ``(D + 1, classes)``; None for zeros.

    >>> rows = np.array([[-2.0], [-1.0], [1.0], [2.0]], np.float32)
    >>> trained(rows, np.array([0, 0, 1, 1]), 1.0).answers(rows).tolist()
    [0, 0, 1, 1]
    """
    shape = (features.shape[1] + 1, int(labels.max()) + 1)
    weights = np.zeros(shape) if start is None else start

    def cost(flat: np.ndarray) -> tuple[float, np.ndarray]:
        now = flat.reshape(shape)
        total, slope = 0.5 * float((now**2).sum()), now.copy()
        for part, wanted in _parts(features, labels):
            signs = np.where(np.arange(shape[1]) == wanted[:, None], 1.0, -1.0)
            missing = np.maximum(0, 1 - signs * _scores(now, part))
            total += strength * float((missing**2).sum())
            pull = (-2 * strength * missing * signs).astype(np.float32)
            slope[:-1] += part.T @ pull
            slope[-1] += pull.sum(axis=0)
        return total, slope.ravel()

    found = minimize(
        cost, weights.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": 1000, "ftol": 1e-7, "gtol": 0}
    )
    return Machine(found.x.reshape(shape), strength)


def chosen(
    features: np.ndarray,
    labels: np.ndarray,
    held: int,
    *,
    tried: Callable[[float, float], object] = lambda strength, accuracy: None,
) -> Machine:
    """Return the machine of the C that does best on rows that were held out, trained on all of them again.

    C goes up by powers of ten from ``STRENGTHS[0]``, until two in a row have done worse than the best before; of those that do
    equally well, the smallest is taken.

    Args:
        features: ``(N, D)``.
        labels: ``(N,)``.
        held: How many of the last rows are held out.
        tried: Told each C and its share of right answers on the rows held out.
    """
    shown = len(features) - held
    machines: list[Machine] = []
    accuracies: list[float] = []
    for strength in STRENGTHS:
        start = machines[-1].weights if machines else None
        machine = trained(features[:shown], labels[:shown], strength, start=start)
        machines.append(machine)
        accuracies.append(machine.accuracy_on(features[shown:], labels[shown:]))
        tried(strength, accuracies[-1])
        if all(accuracy < max(accuracies) for accuracy in accuracies[-_PATIENCE:]):
            break
    best = machines[accuracies.index(max(accuracies))]
    return trained(features, labels, best.strength, start=best.weights)


def _scores(weights: np.ndarray, part: np.ndarray) -> np.ndarray:
    scores: np.ndarray = part @ weights[:-1].astype(np.float32) + weights[-1]
    return scores


def _parts(features: np.ndarray, labels: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for start in range(0, len(features), PART):
        yield features[start : start + PART], labels[start : start + PART]
