"""How far the samples of a generator are from real pictures, with marks that say what such a number means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from tqdm import tqdm

from dcgan.conditions import in_turn
from dcgan.measuring.distances import coverage, frechet, kernel_distance
from dcgan.measuring.evaluation import Classes, Distances, Evaluation, Origin, versions
from dcgan.measuring.evaluation_data import MOST, PART, Real, halves
from dcgan.measuring.features import ClassifierEye, Eye, Seen

FEW = 10  # samples for each feature; fewer than that, and the covariance is mostly chance


class Judge:
    """What compares samples with real pictures.

    Args:
        eye: What makes features.
        real: The real pictures.
        progress: Show progress bars (on a terminal only).
    """

    def __init__(self, eye: Eye, real: Real, *, progress: bool = False) -> None:
        self.eye = eye
        self.real = real
        self._progress = progress
        starts = range(0, len(real.reference), PART)
        parts = (real.reference[start : start + PART] for start in starts)
        self._reference = self._see(parts, len(real.reference), "looking at real pictures")

    def evaluate(self, made: Iterable[np.ndarray], origin: Origin) -> Evaluation:
        """Return what comes of samples; marks are left to :meth:`marked`.

        Args:
            made: The samples, in parts: uint8 of shape ``(n, H, W, C)``. No more than one part is held in memory.
            origin: Where they come from.
        """
        seen = _together(self.eye.see(part) for part in made)
        trust = self.eye.trust if isinstance(self.eye, ClassifierEye) else None
        return Evaluation(
            step=origin.step,
            weights=origin.weights,
            statistics=origin.statistics,
            samples=len(seen),
            seed=origin.seed,
            during=origin.during,
            reference=self.real.words,
            judge=self.eye.kind,
            classifier=self.eye.fingerprint,
            features=self.eye.size,
            distances=self.distances(seen.features),
            marks={},
            classes=self._classes(seen, origin.classes),
            accuracy=None if trust is None else trust.accuracy,
            notes=tuple(self._notes(len(seen))),
            versions=versions(),
        )

    def marked(self, evaluation: Evaluation) -> Evaluation:
        """Return an evaluation with the distances of as many real pictures, blurred ones, and noise."""
        count = evaluation.samples
        marks = self._floor(count)
        shown = min(count, len(self.real.training))
        for name, parts, number in (
            ("training pictures, blurred", self.real.blurred(count), shown),
            ("uniform noise", self.real.noise(min(count, MOST)), min(count, MOST)),
        ):
            if number > 1:  # one picture has no spread
                marks[name] = self.distances(self._see(parts, number, f"looking at {name}").features)
        return replace(evaluation, marks=marks)

    def distances(self, features: np.ndarray, reference: np.ndarray | None = None) -> Distances:
        """Return the distances of features, ``(N, D)``, from those of the reference, or from others."""
        compared = self._reference.features if reference is None else reference
        kernel = kernel_distance(features, compared)
        return Distances(frechet(features, compared), kernel.mean, kernel.deviation)

    def _see(self, parts: Iterable[np.ndarray], count: int, doing: str) -> Seen:
        """Return what the eye makes of so many pictures, given in parts."""
        bar = tqdm(
            total=count, desc=doing, unit="picture", leave=False, disable=None if self._progress else True
        )
        seen = []
        with bar:
            for part in parts:
                seen.append(self.eye.see(part))
                bar.update(len(part))
        return _together(seen)

    def _floor(self, count: int) -> dict[str, Distances]:
        shown = min(count, len(self.real.training))
        if self.real.apart and shown > 1:
            seen = self._see(self.real.some(count), shown, "looking at training pictures")
            return {"training pictures": self.distances(seen.features)}
        one, other = halves(len(self._reference))
        if len(one) < 2:
            return {}
        features = self._reference.features
        return {"half of the pictures, from the other": self.distances(features[one], features[other])}

    def _classes(self, seen: Seen, made: int) -> Classes | None:
        labels = self.real.training.labels
        if seen.classes is None or labels is None:
            return None
        names = self.real.training.classes
        shares = np.bincount(labels, minlength=len(names)) / len(labels)
        found = coverage(seen.classes, shares)
        right = _right(seen.classes, made) if made else None
        return Classes(names, tuple(map(int, found.counts)), found.share, found.entropy, right)

    def _notes(self, samples: int) -> Iterator[str]:
        if isinstance(self.eye, ClassifierEye):
            if self.eye.trust.doubt is not None:
                yield self.eye.trust.doubt
        else:
            yield (
                "these are the features of the generator's own opponent, which it was trained to fool: a weaker judge than"
                " a classifier, and another one at every step"
            )
        fewest = min(samples, len(self._reference))
        if fewest <= self.eye.size:
            yield (
                f"there are {fewest} pictures on one side for {self.eye.size} features, so the Frechet distance is mostly"
                " of chance; the kernel distance is not biased by that"
            )
        elif fewest < FEW * self.eye.size:
            yield f"with {fewest} pictures on one side a Frechet distance comes out too large: compare with as many"


def _together(parts: Iterable[Seen]) -> Seen:
    seen = list(parts)
    classes = [part.classes for part in seen if part.classes is not None]
    return Seen(
        np.concatenate([part.features for part in seen]), np.concatenate(classes) if classes else None
    )


def _right(taken_for: np.ndarray, classes: int) -> tuple[float, ...]:
    """Return the share of the samples of each class, which were made in turn, that were taken for it."""
    wanted = in_turn(len(taken_for), classes)
    return tuple(float((taken_for[wanted == number] == number).mean()) for number in range(classes))
