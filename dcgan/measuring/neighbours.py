"""The DCGAN paper's test of a generator of classes: real pictures are named after the sample nearest to each.

The paper took 50,000 samples of a conditional DCGAN as the training set of a 1-nearest-neighbour classifier of MNIST,
and counted its errors on the test pictures. A generator does well if its samples are of their classes and as varied as the
real ones: neither alone is enough.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from dcgan.ahead import one_ahead
from dcgan.conditions import in_turn
from dcgan.keeping.files import check_writable, replacing
from dcgan.keeping.runs import Run
from dcgan.loading import load
from dcgan.measuring.evaluation_data import training_of
from dcgan.measuring.held_out import labelled, same_classes, unseen
from dcgan.measuring.nearest import Nearest
from dcgan.measuring.protocol_refusals import no_classes, no_others, wrong_number
from dcgan.rules import SEED
from dcgan.trained import MOST, Trained

FILE = "neighbours.json"
_AT_ONCE = 16  # parts of 64 samples that are compared together


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """What 1-nearest-neighbour classification came to.

    Attributes:
        step: Steps that the generator was trained for.
        samples: How many were made, about equally many of each class.
        seed: Of the samples.
        training: How many real training pictures there were.
        test: How many real test pictures were classified, and of what.
        error: The share of wrong answers, from the samples.
        training_error: The share of wrong answers, from the training pictures.
        classes: Names of the classes.
        confusion: Of each class, a row: how many of its test pictures were taken for each class, from the samples.
    """

    step: int
    samples: int
    seed: int
    training: int
    test: str
    error: float
    training_error: float
    classes: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]

    def __str__(self) -> str:
        counts = [f"{self.samples:,}", f"{self.training:,}"]
        width = max(map(len, counts))
        rows = [
            f"1-nearest neighbours of the {self.test}, after {self.step} steps",
            f"  of {counts[0]:>{width}} samples:           {self.error:7.2%} wrong",
            f"  of {counts[1]:>{width}} training pictures: {self.training_error:7.2%} wrong",
            "",
            *_table(self.classes, self.confusion),
        ]
        return "\n".join(rows)


def neighbours(
    folder: str | os.PathLike[str],
    *,
    samples: int = 50_000,
    seed: int = 0,
    data: str | None = None,
    test: str | None = None,
    weights: str | None = None,
    statistics: str | None = None,
    best: bool = False,
    progress: bool = True,
) -> Neighbours:
    """Classify real test pictures by the nearest sample of a run that was trained on classes, in pixels.

    The result is written to ``neighbours.json`` in the run's folder too. Any number of samples goes: no more than 1,024
    are held in memory at once.

    Args:
        folder: The run's folder.
        samples: How many to make, of all classes in turn.
        seed: Of the samples.
        data: Where the run's training pictures are now, if they have been moved.
        test: Test pictures, a data set or a folder with the same classes; None for those of the run's data set.
        weights: As of :func:`dcgan.loading.load`.
        statistics: As of :func:`dcgan.loading.load`.
        best: As of :func:`dcgan.loading.load`.
        progress: Show progress bars.

    Returns:
        The errors, and the confusion of classes.

    Raises:
        RunError: If the folder holds no run, the run was not trained on classes, or the file cannot be written; for a
            number of samples or a seed that cannot be; and as of :func:`dcgan.loading.load`.
        DataError: For training or test pictures that are not there or cannot be used.
    """
    run = Run.open(Path(folder))
    if data is not None:
        run = run.changed(data=data)
    if not run.classes:
        raise no_classes(run)
    if isinstance(samples, bool) or not isinstance(samples, int) or not len(run.classes) <= samples <= MOST:
        legal = range(len(run.classes), MOST + 1)
        raise wrong_number("neighbours", "samples", samples, legal, "each class has one at least", 50_000)
    if not SEED.holds(seed):
        raise wrong_number("neighbours", "seed", seed, SEED.legal, SEED.reason, 0)
    check_writable(run.folder / FILE)
    tested = same_classes(
        unseen(run, test, operation="neighbours", progress=progress), run.classes, "neighbours"
    )
    if tested.fingerprint == run.fingerprint:
        raise no_others(tested, "neighbours")
    training = labelled(training_of(run, progress=progress), "neighbours")
    trained = load(run.folder, weights=weights, statistics=statistics, best=best)
    answers = _nearest(tested.array, _made(trained, samples, seed), samples, "samples", progress)
    parts = _cut(training.array, training.labels)
    real = _nearest(tested.array, parts, len(training), "training pictures", progress)
    found = Neighbours(
        step=trained.step,
        samples=samples,
        seed=seed,
        training=len(training),
        test=f"{len(tested)} pictures of {tested.name}",
        error=float((answers != tested.labels).mean()),
        training_error=float((real != tested.labels).mean()),
        classes=run.classes,
        confusion=confusion(tested.labels, answers, len(run.classes)),
    )
    with replacing(run.folder / FILE) as file:
        file.write((json.dumps(asdict(found), indent=2) + "\n").encode())
    return found


def confusion(wanted: np.ndarray, answers: np.ndarray, classes: int) -> tuple[tuple[int, ...], ...]:
    """Return, of each class, a row: how many were taken for each class.

    >>> confusion(np.array([0, 0, 1]), np.array([0, 1, 1]), 2)
    ((1, 1), (0, 1))
    """
    counts = np.bincount(wanted * classes + answers, minlength=classes**2).reshape(classes, classes)
    return tuple(tuple(map(int, row)) for row in counts)


def _made(trained: Trained, count: int, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Make the samples that ``trained.sample(count, seed)`` would return, a few at a time, with their classes."""
    from dcgan import latents, sampling

    size, config = sampling.CHUNK * _AT_ONCE, trained.run.config
    for first in range(0, count, size):
        parts = range(first // sampling.CHUNK, math.ceil(min(count, first + size) / sampling.CHUNK))
        drawn = [latents.draw(seed, "sample", part, sampling.CHUNK, config.latent) for part in parts]
        made = sampling.paint(
            trained.generator,
            sampling.inputs(trained.generator, np.concatenate(drawn), start=first),
            batch_statistics=trained.batch_statistics,
        )[: count - first]
        yield made, in_turn(len(made), len(trained.run.classes), first)


def _cut(pictures: np.ndarray, labels: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for start in range(0, len(pictures), 1024):
        yield pictures[start : start + 1024], labels[start : start + 1024]


def _nearest(
    tested: np.ndarray, parts: Iterator[tuple[np.ndarray, np.ndarray]], count: int, what: str, progress: bool
) -> np.ndarray:
    nearest = Nearest(tested)
    with tqdm(total=count, desc=f"nearest {what}", unit="picture", leave=False, disable=not progress) as bar:
        for pictures, labels in one_ahead(parts):  # samples are made while others are compared
            nearest.see(pictures, labels)
            bar.update(len(pictures))
    return nearest.labels


def _table(classes: tuple[str, ...], rows: tuple[tuple[int, ...], ...]) -> Iterator[str]:
    width = max(5, *map(len, classes))
    cell = max(width, *(len(str(count)) for row in rows for count in row)) + 1
    yield f"{'taken for':>{width}} " + "".join(f"{name:>{cell}}" for name in classes) + "  wrong"
    for number, (name, row) in enumerate(zip(classes, rows, strict=True)):
        wrong_ones = sum(row) - row[number]
        share = f"{wrong_ones / sum(row):6.1%}" if sum(row) else "     -"
        yield f"{name:>{max(width, 9)}} " + "".join(f"{count:>{cell}}" for count in row) + f" {share}"
