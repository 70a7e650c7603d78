"""The checkpoint that did best, kept beside the newest ones, and with it the distance that it did it with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import tensorflow as tf

from dcgan.errors import Diagnosis, RunError
from dcgan.keeping.checkpoint_files import steps_in
from dcgan.keeping.checkpoints import Checkpoints
from dcgan.keeping.runs import Run
from dcgan.measuring.evaluation import is_better


class Best:
    """The best checkpoint of a run that is being trained.

    It may be of a later step than the newest checkpoint, where the training was stopped in between. The steps up to it are
    done again, on the same machine with the same result, so it stays, until there is a better one of whatever step: it holds
    the distance itself, and asks no log for it.

    Args:
        run: The run.
        parts: What is saved, by name.
        classifier: In whose features distances are measured; None of a discriminator's.
        again: Measures the best checkpoint that is kept, where it was measured in those of another classifier.

    Attributes:
        distance: The smallest so far; None where there is none.

    Raises:
        RunError: If one is kept and is damaged, or of another configuration.
    """

    def __init__(
        self, run: Run, parts: Mapping[str, Any], classifier: str | None, again: Callable[[], float]
    ) -> None:
        self._written = tf.Variable(0.0, dtype=tf.float64, trainable=False, name="distance")
        self._classifier = tf.Variable(classifier or "", trainable=False, name="classifier")
        measured = {"distance": self._written, "classifier": self._classifier}
        self._checkpoints = Checkpoints(run.best, {**parts, **measured}, run.identity, kept=1)
        self.distance: float | None = None
        if steps_in(run.best):
            alone = Checkpoints(run.best, measured, run.identity)
            try:
                alone.restore()
                before = self._classifier.numpy().decode()
                self.distance = float(self._written) if before == (classifier or "") else again()
            except RunError as error:
                raise _unusable(run, error) from error
            self._classifier.assign(classifier or "")

    def offer(self, step: int, distance: float, weights: Iterable[tf.Variable]) -> bool:
        """Keep a checkpoint if it is better than the best so far; of two that are equal, the older one.

        Args:
            step: Steps done.
            distance: What was measured; one that is no finite number is never best.
            weights: Variables that must be numbers.

        Returns:
            Whether it is kept.

        Raises:
            RunError: If it cannot be written; the best so far is as it was.
            TrainingError: If a weight is no number.
        """
        if not is_better(distance, self.distance):
            return False
        self._written.assign(distance)
        self._checkpoints.save(step, weights)
        self.distance = distance
        return True


def _unusable(run: Run, error: RunError) -> RunError:
    return RunError(
        Diagnosis(
            "train",
            "run",
            given=str(run.best),
            legal="a best checkpoint that is whole, and the run's own, or none",
            problem=f"the best checkpoint cannot be used: {error.diagnosis.problem}",
            reason="what is better than the best so far can be said only where the best so far can be read",
            remedy=f"move {run.best} away, and go on: of what is evaluated from then on, the best is kept",
        )
    )
