"""Evaluating a run that has been trained, or is being trained elsewhere: its numbers go into the run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from dcgan.choices import best_of, part_of, restored_with_step, statistics_of
from dcgan.keeping.extending import newest_step
from dcgan.keeping.runs import Run
from dcgan.measuring import evaluation_log
from dcgan.measuring.evaluation_data import Real, real, training_of
from dcgan.measuring.evaluation_refusals import check_samples
from dcgan.planning import plan
from dcgan.rules import SEED
from dcgan.use_refusals import wrong

if TYPE_CHECKING:
    from dcgan.measuring.evaluation import Evaluation
    from dcgan.measuring.features import Eye
    from dcgan.pictures import Pictures


def evaluate(
    folder: str | os.PathLike[str],
    *,
    samples: int = 10_000,
    seed: int = 0,
    reference: str | None = None,
    data: str | None = None,
    weights: str | None = None,
    statistics: str | None = None,
    best: bool = False,
    step: int | None = None,
    progress: bool = True,
) -> Evaluation:
    """Measure how far the samples of a run are from real pictures, and write it into the run's ``evaluation.jsonl``.

    Nothing else of the run is changed. The features are those of a small classifier, trained on the run's pictures and
    their classes and kept for the next time; of pictures without classes, those of the run's discriminator.

    Args:
        folder: The run's folder.
        samples: How many to make.
        seed: Which.
        reference: A data set or a folder to compare with; None for the test pictures of the data set that the run was
            trained on, and where there are none, for its own pictures.
        data: Where the run's pictures are now, if they have been moved.
        weights: As of :func:`dcgan.session.sample`, and so are the following.
        statistics: What batch norm uses.
        best: Take the checkpoint that did best when the training was evaluated.
        step: Take the checkpoint of this step, one of the few that are kept.
        progress: Show progress bars (on a terminal only).

    Returns:
        The numbers.

    Raises:
        RunError: If the folder holds no run or no such checkpoint, if there are too few samples or the seed is none, if the
            pictures are not those that it was trained on, or if its ``evaluation.jsonl`` cannot be read or written.
        DataError: For pictures that cannot be used.
    """
    run = Run.open(Path(folder))
    if data is not None:
        run = run.changed(data=data)
    if not SEED.holds(seed):
        raise wrong("seed", seed, SEED.legal, SEED.reason, 0)
    check_samples(samples, 1, "--samples")
    part = part_of(run, weights)
    used = statistics_of(part, statistics)
    _ = best_of(run) if best else newest_step(run)  # refuses a run without one, before the long work
    evaluation_log.check(run)  # before the long work
    pictures = training_of(run, progress=progress)
    compared = real(run, pictures, reference, progress=progress)
    from dcgan.measuring.evaluation import Origin
    from dcgan.measuring.judging import Judge
    from dcgan.measuring.watch import drawn

    generator, step = restored_with_step(run, weights=weights, statistics=statistics, best=best, step=step)
    place = run.best if best else run.checkpoints
    eye = _classifier(pictures, samples, progress=progress) or _opponent(run, place, step, compared, samples)
    origin = Origin(step, "ema" if part == "average" else "last", used, seed, False, len(run.classes))
    made = drawn(generator, samples, seed, batch_statistics=used == "batch", progress=progress)
    judge = Judge(eye, compared, progress=progress)
    found = judge.marked(judge.evaluate(made, origin))
    evaluation_log.add(run, found.to_json())
    return found


def _classifier(pictures: Pictures, samples: int, *, progress: bool) -> Eye | None:
    """Return the classifier of pictures; None where they have no classes."""
    from dcgan.measuring.classifier import FEATURES
    from dcgan.measuring.classifier_cache import kept
    from dcgan.measuring.features import ClassifierEye, has_classes

    if not has_classes(pictures):
        return None
    check_samples(samples, max(FEATURES, len(pictures.classes)), "--samples")
    return ClassifierEye(*kept(pictures, progress=progress))


def _opponent(run: Run, place: Path, step: int, compared: Real, samples: int) -> Eye:
    """Return the discriminator of the same checkpoint."""
    from dcgan.keeping.checkpoints import Checkpoints
    from dcgan.measuring.features import DiscriminatorEye
    from dcgan.models import Discriminator

    blueprint = plan(run.image_shape, run.config, classes=len(run.classes))
    check_samples(samples, blueprint.discriminator[-2].output_shape[-1], "--samples")
    discriminator = Discriminator(blueprint)
    Checkpoints(place, {"discriminator": discriminator}, run.identity).restore(step)
    return DiscriminatorEye(discriminator, compared.reference)
