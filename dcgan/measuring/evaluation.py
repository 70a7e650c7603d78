"""What an evaluation came to, as records."""

from __future__ import annotations

import math
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any


@dataclass(frozen=True)
class Distances:
    """How far pictures are from the reference.

    Attributes:
        frechet: The Frechet distance.
        kernel: The kernel distance: unbiased, so that it is about 0 for pictures of the same kind, however few.
        kernel_deviation: The standard deviation of its subsets.
    """

    frechet: float
    kernel: float
    kernel_deviation: float


@dataclass(frozen=True)
class Classes:
    """Which classes samples were taken for.

    Attributes:
        names: Of the classes.
        counts: Samples taken for each.
        share: Of the classes, those that samples were taken for often enough: a tenth of their share in reality.
        entropy: Of the counts, in nats; at most the logarithm of the number of classes.
        right: Of a generator of classes, the share of the samples of each class that were taken for it; None of others.
    """

    names: tuple[str, ...]
    counts: tuple[int, ...]
    share: float
    entropy: float
    right: tuple[float, ...] | None


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """What came out of an evaluation.

    Attributes:
        step: Steps that the generator has been trained for.
        weights: Which weights of it, ``last`` or ``ema``.
        statistics: What its batch norm used.
        samples: How many were made.
        seed: Of the samples.
        during: Whether it was made while the run was trained.
        reference: What they were compared with, in words.
        judge: Whose features they are in, ``classifier`` or ``discriminator``.
        classifier: What tells the classifier from others, as another version of Keras may make; None of a discriminator.
        features: How many features a picture has.
        distances: Of the samples.
        marks: Of other pictures, by what they are.
        classes: Of the samples, where a classifier judged; else None.
        accuracy: The classifier's, on pictures that it was not trained on; None of a discriminator.
        notes: What must be said of the numbers.
        versions: Of what made them.
    """

    step: int
    weights: str
    statistics: str
    samples: int
    seed: int
    during: bool
    reference: str
    judge: str
    classifier: str | None
    features: int
    distances: Distances
    marks: dict[str, Distances]
    classes: Classes | None
    accuracy: float | None
    notes: tuple[str, ...]
    versions: dict[str, str]

    def to_json(self) -> dict[str, Any]:
        """Return the fields as a dict that ``json.dumps`` takes."""
        return asdict(self)


@dataclass(frozen=True)
class Origin:
    """Where samples came from.

    Attributes:
        step: Steps that the generator has been trained for.
        weights: Which weights of it, ``last`` or ``ema``.
        statistics: What its batch norm used.
        seed: Of the samples.
        during: Whether it is being trained.
        classes: How many classes the generator makes, in turn; 0 where it knows none.
    """

    step: int
    weights: str
    statistics: str
    seed: int
    during: bool
    classes: int


def versions() -> dict[str, str]:
    """Return the versions of what an evaluation depends on."""
    return {"python": platform.python_version()} | {
        package: version(package) for package in ("convshape", "keras", "numpy")
    }


def is_better(one: float, other: float | None) -> bool:
    """Return whether a distance is smaller than the best so far; what is no number never is, and a tie is not.

    >>> is_better(1.0, None), is_better(math.nan, None), is_better(1.0, 1.0), is_better(0.5, 1.0)
    (True, False, False, True)
    """
    return math.isfinite(one) and (other is None or one < other)
