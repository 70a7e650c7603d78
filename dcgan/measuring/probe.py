"""The DCGAN paper's test of a discriminator: what its activations tell a linear classifier of classes it never knew.

The features of a picture are the activations of all convolutions, max-pooled to 4x4, and a linear L2-SVM is trained on
them. Beside it stand the same machine on the pixels, and on a discriminator that was never trained: what a linear
classifier, and what the architecture alone, can do.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tqdm import tqdm

from dcgan.choices import best_of
from dcgan.data import load, load_test
from dcgan.keeping.files import check_writable, replacing
from dcgan.keeping.runs import Run
from dcgan.measuring.held_out import FEWEST, SHARE, Split, labelled, same_classes, split, unseen
from dcgan.measuring.protocol_refusals import no_others, wrong_number
from dcgan.measuring.svm import chosen
from dcgan.planning import plan
from dcgan.rules import SEED

if TYPE_CHECKING:
    from dcgan.blueprint import Blueprint
    from dcgan.measuring.activations import Look
    from dcgan.models import Discriminator

FILE = "probe.json"
_WARMING = 50  # batches that the statistics of a discriminator that was never trained are measured on


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one kind of features came to.

    Attributes:
        features: Numbers of one picture.
        strength: The C that was chosen.
        accuracy: The share of right answers on the test pictures.
    """

    features: int
    strength: float
    accuracy: float


@dataclass(frozen=True, kw_only=True)
class Probe:
    """What the features of a discriminator are worth to a linear classifier.

    Attributes:
        step: Steps that the discriminator was trained for.
        data: The labelled pictures.
        learnt: How many of them the classifier learnt from.
        tested: How many it was tested on, and which.
        classes: How many classes there are.
        seed: Of the division and the order.
        told: Whether the discriminator was trained on the classes of these very pictures, so that it is no test.
        answers: By the kind of features: ``discriminator``, ``untrained discriminator`` and ``pixels``.
    """

    step: int
    data: str
    learnt: int
    tested: str
    classes: int
    seed: int
    told: bool
    answers: Mapping[str, Answer]

    def __str__(self) -> str:
        rows = [
            f"linear L2-SVM, {self.classes} classes, learnt from {self.learnt} pictures of {self.data},",
            f"tested on {self.tested}; discriminator after {self.step} steps",
            f"{'':25}{'features':>9}{'C':>8}{'right':>9}",
        ]
        rows += [
            f"  {name:23}{answer.features:>9}{answer.strength:>8g}{answer.accuracy:>9.2%}"
            for name, answer in self.answers.items()
        ]
        if self.told:
            rows.append(
                "The discriminator was told the classes of these pictures in training: this is no test of it."
            )
        return "\n".join(rows)


def probe(
    folder: str | os.PathLike[str],
    *,
    data: str | None = None,
    test: str | None = None,
    labels_per_class: int | None = None,
    seed: int = 0,
    best: bool = False,
    progress: bool = True,
) -> Probe:
    """Train linear classifiers on the features of a run's discriminator, and test them.

    The result is written to ``probe.json`` in the run's folder too.

    Args:
        folder: The run's folder.
        data: Labelled pictures, a data set or a folder whose sub-folders are classes; None for the run's own.
        test: Test pictures of the same classes; None for those of the data set, or, where it has none, for one in five
            of the labelled pictures, which nothing is then learnt from.
        labels_per_class: How many pictures of each class to learn from; None for all.
        seed: Of what is kept for the test, and of which pictures are learnt from.
        best: Take the discriminator of the checkpoint that did best when the training was evaluated.
        progress: Show progress bars.

    Returns:
        The share of right answers from the discriminator, from one never trained, and from the pixels.

    Raises:
        RunError: If the folder holds no run, no checkpoint or no best one, a number cannot be, or the file cannot be written.
        DataError: For pictures that cannot be used, have no classes, or are too few.
    """
    run = Run.open(Path(folder))
    _check(labels_per_class, seed)
    check_writable(run.folder / FILE)
    checkpoints = best_of(run) if best else run.checkpoints
    divided = _divided(run, data, test, labels_per_class, seed, progress=progress)
    from dcgan.keeping.checkpoints import Checkpoints
    from dcgan.measuring.activations import activations, pixels
    from dcgan.models import Discriminator

    blueprint = plan(run.image_shape, run.config, classes=len(run.classes))
    trained = Discriminator(blueprint)
    step = Checkpoints(checkpoints, {"discriminator": trained}, run.identity).restore()
    untrained = _warmed(blueprint, divided)
    looks = {
        "discriminator": activations(trained),
        "untrained discriminator": activations(untrained),
        "pixels": pixels,
    }
    found = Probe(
        step=step,
        data=divided.learnt.name,
        learnt=len(divided.places),
        tested=f"{len(divided.test_places)} pictures: {divided.words}",
        classes=len(divided.learnt.classes),
        seed=seed,
        told=bool(run.classes) and divided.learnt.fingerprint == run.fingerprint,
        answers={name: _answer(name, look, divided, progress=progress) for name, look in looks.items()},
    )
    with replacing(run.folder / FILE) as file:
        file.write((json.dumps(asdict(found), indent=2) + "\n").encode())
    return found


def _divided(
    run: Run, data: str | None, test: str | None, per_class: int | None, seed: int, *, progress: bool
) -> Split:
    """Return the pictures to learn from and those to be tested on.

    Raises:
        DataError: As of :func:`probe`.
    """
    height, width, channels = run.image_shape
    common = {
        "image_size": (height, width),
        "fit": run.config.fit,
        "channels": channels,
        "progress": progress,
    }
    source = run.config.data if data is None else data
    pictures = labelled(load(source, skip_broken=run.config.skip_broken, **common), "probe")  # type: ignore[arg-type]
    tested = (
        load_test(source, **common)  # type: ignore[arg-type]
        if test is None
        else unseen(run, test, operation="probe", progress=progress)
    )
    if test is None and tested is not None and tested.labels is None:
        tested = None  # x_test without y_test: some of the others are kept for the test
    if tested is not None and tested.fingerprint == pictures.fingerprint:
        raise no_others(tested, "probe")
    if tested is not None:
        same_classes(tested, pictures.classes, "probe")
    return split(pictures, tested, seed, per_class=per_class)


def _warmed(blueprint: Blueprint, divided: Split) -> Discriminator:
    """Return the discriminator that training began with, its running statistics those of real pictures."""
    from dcgan.measuring.activations import CHUNK
    from dcgan.models import Discriminator

    untrained = Discriminator(blueprint.in_float32)
    places = divided.places[: CHUNK * _WARMING]
    for start in range(0, len(places), CHUNK):
        pictures = divided.learnt.array[places[start : start + CHUNK]]
        for norm in untrained.norms:
            norm.momentum = start / (start + len(pictures))  # so that each picture has the same weight
        untrained.forward(pictures.astype(np.float32) / 127.5 - 1, training=True)
    return untrained


def _answer(name: str, look: Look, divided: Split, *, progress: bool) -> Answer:
    from dcgan.measuring.activations import Scale, extract

    learnt, tested = divided.learnt, divided.tested
    assert learnt.labels is not None
    assert tested.labels is not None
    count = len(divided.places) + len(divided.test_places)
    with tqdm(
        total=count, desc=f"{name}: features", unit="picture", leave=False, disable=not progress
    ) as bar:
        features = extract(look, learnt.array, divided.places, bar.update)
        test = extract(look, tested.array, divided.test_places, bar.update)
    scale = Scale.of(features)
    scale.apply(features)
    scale.apply(test)
    with tqdm(desc=f"{name}: machines", unit="machine", leave=False, disable=not progress) as bar:

        def tried(strength: float, accuracy: float) -> None:
            bar.set_postfix_str(f"C {strength:g}: {accuracy:.2%}", refresh=False)
            bar.update()

        held = max(len(features) // SHARE, len(learnt.classes))
        machine = chosen(features, learnt.labels[divided.places], held, tried=tried)
    accuracy = machine.accuracy_on(test, tested.labels[divided.test_places])
    return Answer(features=features.shape[1], strength=machine.strength, accuracy=accuracy)


def _check(labels_per_class: int | None, seed: int) -> None:
    """Make sure that both can be.

    Raises:
        RunError: If not.
    """
    few = labels_per_class
    if few is not None and (isinstance(few, bool) or not isinstance(few, int) or few < FEWEST):
        reason = "some choose C, the others are learnt from"
        raise wrong_number("probe", "labels_per_class", few, f"an integer of at least {FEWEST}", reason, 400)
    if not SEED.holds(seed):
        raise wrong_number("probe", "seed", seed, SEED.legal, SEED.reason, 0)
