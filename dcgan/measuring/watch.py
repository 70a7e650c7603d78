"""Evaluations during a training: every so many steps, and after the last. They change nothing that is trained."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator

import numpy as np
from tqdm import tqdm

from dcgan import latents, sampling
from dcgan.choices import part_of, restored_with_step, statistics_of
from dcgan.keeping.runs import Run
from dcgan.measuring import evaluation_log
from dcgan.measuring.best import Best
from dcgan.measuring.classifier_cache import kept
from dcgan.measuring.evaluation import Evaluation, Origin
from dcgan.measuring.evaluation_data import real
from dcgan.measuring.evaluation_refusals import check_samples
from dcgan.measuring.features import ClassifierEye, DiscriminatorEye, has_classes
from dcgan.measuring.judging import Judge
from dcgan.models import Generator
from dcgan.pictures import Pictures
from dcgan.training import Trainer

SEED = 0  # of the samples, as dcgan evaluate has it


class Watch:
    """What evaluates a run while it is trained, and keeps its best checkpoint.

    The classifier is trained when it is made, or read from where it is kept, so that no step has to wait for it.

    Args:
        run: The run.
        pictures: What it is trained on.
        trainer: What is trained.
        progress: Show progress bars (on a terminal only).

    Raises:
        RunError: If there are to be too few samples; if a best checkpoint is there that cannot be used.
        DataError: If there are no pictures to compare with.
    """

    def __init__(self, run: Run, pictures: Pictures, trainer: Trainer, *, progress: bool) -> None:
        self._run = run
        self._trainer = trainer
        self._progress = progress
        self._real = real(run, pictures, progress=progress)
        self._judge = (
            Judge(ClassifierEye(*kept(pictures, progress=progress)), self._real, progress=progress)
            if has_classes(pictures)
            else None
        )
        discriminator = trainer.discriminator.network
        size = discriminator.layers[-2].output_shape[-1] if self._judge is None else self._judge.eye.size
        classes = len(pictures.classes) if self._judge is not None else 0
        check_samples(run.config.evaluate_samples, max(size, classes), "--evaluate-samples")
        self._best = Best(
            run, trainer.parts, None if self._judge is None else self._judge.eye.fingerprint, self._best_again
        )

    def begin(self, step: int) -> None:
        """Forget what was measured after a step: it will be measured again.

        Args:
            step: Steps done.

        Raises:
            RunError: If the run's evaluations cannot be read or written.
        """
        evaluation_log.forget_after(self._run, step)

    def due(self, step: int) -> bool:
        """Return whether there is to be an evaluation after a step."""
        every = self._run.config.evaluate_every
        return every is not None and (step % every == 0 or step == self._run.config.steps)

    def evaluate(self, step: int) -> dict[str, float]:
        """Evaluate the generator as it is, keep its checkpoint if it is the best, and write down what came out.

        The checkpoint comes first: a process that dies in between leaves one that is whole and holds its own distance.

        Args:
            step: Steps done.

        Returns:
            ``frechet``, for the log; nothing where the distance is no finite number.

        Raises:
            RunError: If something cannot be written.
        """
        last = step == self._run.config.steps
        found = self._found(
            self._trainer.painter(), step, marked=last
        )  # once, for all: marks are of real pictures
        distance = found.distances.frechet
        if not math.isfinite(distance):
            return {}
        self._best.offer(step, distance, self._trainer.state)
        evaluation_log.add(self._run, found.to_json())
        return {"frechet": distance}

    def _found(self, generator: Generator, step: int, *, marked: bool = False) -> Evaluation:
        part = part_of(self._run, None)
        weights = "ema" if part == "average" else "last"
        origin = Origin(step, weights, statistics_of(part, None), SEED, True, len(self._run.classes))
        made = drawn(generator, self._run.config.evaluate_samples, SEED, progress=self._progress)
        judge = self._judge or Judge(
            DiscriminatorEye(self._trainer.discriminator.network, self._real.reference), self._real
        )
        found = judge.evaluate(made, origin)
        return judge.marked(found) if marked else found

    def _best_again(self) -> float:
        """Measure the best checkpoint with the classifier of now, and say so."""
        distance = self._found(*restored_with_step(self._run, best=True)).distances.frechet
        tqdm.write(
            f"the classifier is another than before; the best checkpoint is {distance:.4g} away by its features",
            file=sys.stderr,
        )
        return distance


def drawn(
    generator: Generator, count: int, seed: int, *, batch_statistics: bool = False, progress: bool = True
) -> Iterator[np.ndarray]:
    """Yield the samples of :func:`dcgan.sampling.sample` in parts, so that any number of them goes.

    Args:
        generator: A generator; nothing of it is changed.
        count: How many.
        seed: Which.
        batch_statistics: As of :func:`dcgan.sampling.paint`.
        progress: Show a progress bar (on a terminal only).

    Yields:
        uint8 of shape ``(n, H, W, C)``, n at most 64.
    """
    parts = range(0, count, sampling.CHUNK)
    bar = tqdm(parts, "evaluating", unit="batch", leave=False, disable=None if progress else True)
    for part, start in enumerate(bar):
        z = latents.draw(seed, "sample", part, sampling.CHUNK, generator.latent)
        made = sampling.paint(
            generator, sampling.inputs(generator, z, start=start), batch_statistics=batch_statistics
        )
        yield made[: count - start]
