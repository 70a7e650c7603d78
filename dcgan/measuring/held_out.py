"""Labelled pictures to learn from and labelled pictures to be tested on, and never one for both. No TensorFlow here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dcgan.data import load_apart, load_test
from dcgan.keeping.runs import Run
from dcgan.measuring.protocol_refusals import no_test, other_classes, too_few, unlabelled
from dcgan.pictures import Pictures

SHARE = 5  # where there are no test pictures, one in so many is kept for the test
FEWEST = 2  # pictures of a class to learn from: one of them chooses C


@dataclass(frozen=True, eq=False)
class Split:
    """Places of pictures to learn from and of those to be tested on.

    Attributes:
        learnt: Pictures to learn from.
        places: Which of them, in an order in which every stretch has about equally many of each class.
        tested: Pictures to be tested on.
        test_places: Which of them.
        words: What is tested on, in words.
    """

    learnt: Pictures
    places: np.ndarray
    tested: Pictures
    test_places: np.ndarray
    words: str


def unseen(run: Run, test: str | None, *, operation: str, progress: bool = True) -> Pictures:
    """Return labelled pictures that a run was not trained on, in its size.

    Args:
        run: The run.
        test: A folder, a file or a data set, of which its test pictures are taken if it has some; None for those of the
            run's own.
        operation: Who asks, for the error.
        progress: Show progress bars.

    Raises:
        DataError: If there are none, they cannot be used, or they have no classes.
    """
    height, width, channels = run.image_shape
    common = {
        "image_size": (height, width),
        "fit": run.config.fit,
        "channels": channels,
        "progress": progress,
    }
    if test is None:
        found = load_test(run.config.data, **common)  # type: ignore[arg-type]
    else:
        found = load_apart(test, skip_broken=run.config.skip_broken, **common)  # type: ignore[arg-type]
    if found is None:
        raise no_test(run.config.data, operation)
    return labelled(found, operation)


def labelled(pictures: Pictures, operation: str) -> Pictures:
    """Return pictures, once it is sure that they have at least two classes.

    Args:
        pictures: To be asked.
        operation: Who asks, for the error.

    Raises:
        DataError: If they have not.
    """
    if pictures.labels is not None and len(pictures.classes) > 1:
        return pictures
    raise unlabelled(pictures, operation)


def same_classes(tested: Pictures, classes: tuple[str, ...], operation: str) -> Pictures:
    """Return pictures, once it is sure that their classes are these.

    Args:
        tested: To be asked.
        classes: Names.
        operation: Who asks, for the error.

    Raises:
        DataError: If they have others.
    """
    if tested.classes == classes:
        return tested
    raise other_classes(tested, classes, operation)


def split(pictures: Pictures, tested: Pictures | None, seed: int, *, per_class: int | None = None) -> Split:
    """Divide labelled pictures.

    Args:
        pictures: To learn from.
        tested: To be tested on; None to keep one in five of each class of ``pictures`` for it.
        seed: Which ones are kept, and the order.
        per_class: How many of each class to learn from, two at least; None for all.

    Raises:
        DataError: If a class has too few.

    >>> pictures = Pictures(
    ...     np.zeros((20, 2, 2, 1), np.uint8), "zeros", labels=np.arange(20) // 10, classes=("a", "b")
    ... )
    >>> halves = split(pictures, None, 0, per_class=3)
    >>> pictures.labels[halves.places].tolist(), pictures.labels[halves.test_places].tolist()
    ([0, 1, 0, 1, 0, 1], [0, 0, 1, 1])
    """
    labels = pictures.labels
    assert labels is not None
    chance = np.random.default_rng(seed)
    learnt, kept = [], []
    for number, name in enumerate(pictures.classes):
        own = chance.permutation(np.flatnonzero(labels == number))
        apart = len(own) // SHARE if tested is None else 0
        kept.append(own[:apart])
        rest = own[apart:]
        if len(rest) < (per_class or FEWEST) or (tested is None and not apart):
            raise too_few(pictures, name, len(rest), per_class, least=FEWEST if tested is not None else SHARE)
        learnt.append(rest[:per_class])
    # each class spread evenly over the whole, so that the last fifth is as mixed as all of it
    when = np.concatenate([(np.arange(len(own)) + 0.5) / len(own) for own in learnt])
    places = np.concatenate(learnt)[np.argsort(when, kind="stable")]
    if tested is not None:
        return Split(pictures, places, tested, np.arange(len(tested)), f"pictures of {tested.name}")
    words = f"one in {SHARE} of each class of {pictures.name}, kept apart by the seed {seed}"
    return Split(pictures, places, pictures, np.sort(np.concatenate(kept)), words)
