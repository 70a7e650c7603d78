"""Whether a training is well, from the measures of its last steps, and what to do where it is not.

No TensorFlow here, and no state but the last lines of the log: a run that goes on comes to the same verdicts as one
that never stopped.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

WINDOW = 100  # steps that a verdict is about; before so many are done there is none to give
ALIKE = 0.05  # below this share of the diversity of real pictures, on average, they are all one picture
APART = 0.98  # above this difference of beliefs, on average, the discriminator is hardly ever mistaken


@dataclass(frozen=True)
class Verdict:
    """How a training is.

    Attributes:
        name: In a word or two, for the progress line and the log.
        advice: What it means and what to do; None where there is nothing to do.
    """

    name: str
    advice: str | None = None


EARLY = Verdict("early")
GOOD = Verdict("good")
COLLAPSED = Verdict(
    "collapsed",
    "the generated pictures have become alike. It seldom ends by itself: go back to a sheet from before, and train a "
    "new run with a smaller --learning-rate, a larger --batch-size or another --loss or --seed",
)
DISCRIMINATOR_WINS = Verdict(
    "discriminator wins",
    "the discriminator is hardly ever mistaken, and the generator learns little from it. If the sheets get no better, "
    "train a new run with a smaller --width, with more pictures (--flip shows each in two ways), or with --loss hinge",
)
NOT_NUMBERS = "not numbers"


class Health:
    """The verdict on a training, step by step.

    Args:
        lines: Lines of its log so far, oldest first.

    >>> health = Health([])
    >>> for _ in range(WINDOW):
    ...     verdict = health.follow({"d_real": 0.6, "d_fake": 0.4, "diversity": 0.01})
    >>> verdict.name
    'collapsed'
    """

    def __init__(self, lines: Iterable[Mapping[str, Any]]) -> None:
        self._recent = deque(lines, maxlen=WINDOW)

    @property
    def last(self) -> str:
        """The name of the verdict on the last step; that of :data:`EARLY` where there is none."""
        return str(self._recent[-1].get("health", EARLY.name)) if self._recent else EARLY.name

    def follow(self, measures: Mapping[str, float]) -> Verdict:
        """Return the verdict after one more step.

        Args:
            measures: ``d_real`` and ``d_fake``, how real both kinds of pictures looked, and ``diversity``, as
                :meth:`dcgan.training.Trainer.step` gives them; without a diversity, nothing is said of collapse.
        """
        self._recent.append(measures)
        verdict = self._verdict()
        self._recent[-1] = {**measures, "health": verdict.name}
        return verdict

    def _verdict(self) -> Verdict:
        if len(self._recent) < WINDOW:
            return EARLY
        diversities = [line["diversity"] for line in self._recent if "diversity" in line]
        if len(diversities) == WINDOW and sum(diversities) / WINDOW < ALIKE:
            return COLLAPSED
        if sum(line["d_real"] - line["d_fake"] for line in self._recent) / WINDOW > APART:
            return DISCRIMINATOR_WINS
        return GOOD
