"""Real pictures for an evaluation: those that a run was trained on, those that samples are compared with, and marks.

Marks are pictures whose distance is known to be good or bad, so that the distance of samples means something. No
TensorFlow here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from dcgan.data import load, load_apart, load_test
from dcgan.errors import DataError, Diagnosis, RunError
from dcgan.keeping.runs import Run
from dcgan.pictures import Pictures

MOST = 10_000  # pictures that samples are compared with; of more, so many are taken by chance
PART = 256  # pictures that are looked at together; no mark needs room for more
_CHANCE = 0  # the seed of what is taken: the same for every run, so that distances can be compared
_NOISE = 1


@dataclass(frozen=True, eq=False)
class Real:
    """Real pictures.

    Attributes:
        training: What the run is trained on.
        reference: What samples are compared with, uint8 of shape ``(N, H, W, C)``, N from 2 to 10,000.
        words: What that is, in words.
        apart: Whether those are other pictures than the run is trained on.
    """

    training: Pictures
    reference: np.ndarray
    words: str
    apart: bool

    def some(self, count: int) -> Iterator[np.ndarray]:
        """Yield at most so many training pictures, in parts; always the same."""
        places = places_of(len(self.training), count)
        for start in range(0, len(places), PART):
            yield self.training.array[places[start : start + PART]]

    def blurred(self, count: int) -> Iterator[np.ndarray]:
        """Yield the same ones, each pixel the mean of a square of four."""
        return map(blurred, self.some(count))

    def noise(self, count: int) -> Iterator[np.ndarray]:
        """Yield pictures of independent pixels, each value as likely as any other, in parts."""
        chance = np.random.default_rng(_NOISE)
        for start in range(0, count, PART):
            yield chance.integers(0, 256, (min(PART, count - start), *self.training.image_shape), np.uint8)


def training_of(run: Run, *, progress: bool = True) -> Pictures:
    """Return the pictures that a run was trained on.

    Args:
        run: The run, with the place where they are now.
        progress: Show progress bars.

    Raises:
        DataError: For pictures that cannot be used.
        RunError: If they are others.
    """
    config = run.config
    pictures = load(
        config.data,
        image_size=config.image_size,
        fit=config.fit,
        channels=config.channels,
        skip_broken=config.skip_broken,
        progress=progress,
    )
    if pictures.fingerprint != run.fingerprint:
        raise _other_pictures(run, config.data, "pictures")
    if run.classes and (pictures.classes, pictures.labels_fingerprint) != (run.classes, run.labels):
        raise _other_pictures(run, config.data, "classes of its pictures")
    return pictures


def real(run: Run, training: Pictures, reference: str | None = None, *, progress: bool = True) -> Real:
    """Return the real pictures of an evaluation.

    Args:
        run: The run.
        training: What it is trained on.
        reference: A data set, a folder or a file to compare with, in the size of the run's pictures: the test pictures of
            it, or where it has none, all. None for the run's own.
        progress: Show progress bars.

    Raises:
        DataError: For pictures that cannot be used.
    """
    height, width, channels = run.image_shape
    common: dict[str, Any] = {
        "image_size": (height, width),
        "fit": run.config.fit,
        "channels": channels,
        "progress": progress,
    }
    if reference is not None:
        others = load_apart(reference, skip_broken=run.config.skip_broken, **common)
        words = f"pictures of {others.name}"
    elif (test := load_test(run.config.data, **common)) is not None:
        others, words = test, f"test pictures of {run.config.data}"
    else:
        others, words = training, "training pictures themselves"
    if len(others) < 2:
        raise _one_picture(others)
    compared = chosen(others.array, MOST)
    some = f"{len(compared)} of the {len(others)}" if len(compared) < len(others) else f"the {len(others)}"
    return Real(training, compared, f"{some} {words}", others.fingerprint != training.fingerprint)


def chosen(pictures: np.ndarray, count: int) -> np.ndarray:
    """Return so many of the pictures, taken by chance but always the same; all of them if there are no more.

    >>> chosen(np.arange(5), 3).tolist(), chosen(np.arange(5), 9).tolist()
    ([2, 3, 4], [0, 1, 2, 3, 4])
    """
    return pictures if count >= len(pictures) else pictures[places_of(len(pictures), count)]


def places_of(count: int, most: int) -> np.ndarray:
    """Return the places of at most so many of ``count`` things, in order, taken by chance but always the same."""
    if most >= count:
        return np.arange(count)
    return np.sort(np.random.default_rng(_CHANCE).choice(count, most, replace=False))


def halves(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of two halves of so many things, taken by chance but always the same.

    >>> [half.tolist() for half in halves(5)]
    [[2, 4], [3, 0, 1]]
    """
    order = np.random.default_rng(_CHANCE).permutation(count)
    return order[: count // 2], order[count // 2 :]


def blurred(pictures: np.ndarray) -> np.ndarray:
    """Return pictures, ``(N, H, W, C)``, each pixel the mean of itself and those below, to the right, and between.

    >>> blurred(np.array([0, 0, 200, 200], np.uint8).reshape(1, 2, 2, 1)).ravel().tolist()
    [100, 100, 200, 200]
    """
    _, height, width, _ = pictures.shape
    wider = np.pad(pictures, ((0, 0), (0, 1), (0, 1), (0, 0)), mode="edge")
    total = np.full(pictures.shape, 2, np.uint16)  # what makes the division below round to the nearest
    for y, x in ((0, 0), (0, 1), (1, 0), (1, 1)):
        total += wider[:, y : y + height, x : x + width]
    return (total // 4).astype(np.uint8)


def _other_pictures(run: Run, data: str, what: str) -> RunError:
    return RunError(
        Diagnosis(
            "evaluate",
            "data",
            given=data,
            legal="the pictures that the run was trained on, in their classes",
            problem=f"{run.folder} was trained on other {what} than those now in {data}.",
            reason="samples are judged by what the generator was shown",
            remedy="put the pictures back as they were, or say with --data where they are",
        )
    )


def _one_picture(pictures: Pictures) -> DataError:
    return DataError(
        Diagnosis(
            "evaluate",
            "reference",
            given=pictures.name,
            legal="two pictures at least",
            problem=f"{pictures.name} has one picture.",
            reason="a distance is of one set of pictures from another, and one picture has no spread",
            remedy="name a data set or a folder of more pictures with --reference",
        )
    )
