"""The state of a run, to the byte, and how to see that nothing of it was lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from dcgan.training import Trainer
from tests.dcgan.support import files


def all_of(trainer: Trainer) -> list[tf.Variable]:
    """Every variable there is: weights, running statistics, both optimizers, the step."""
    players = (trainer.generator, trainer.discriminator)
    optimizers = [variable.value for player in players for variable in player.optimizer.variables]
    return [*trainer.state, *optimizers, trainer.steps_done]


def weights_of(finished: Path) -> list[bytes]:
    with np.load(finished.parent / "weights.npz") as saved:
        return [saved[name].tobytes() for name in saved.files]


def log(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def stopping_after(steps: int) -> Callable[[], bool]:
    """What is asked after every step whether to stop: yes, after so many."""
    asked = []
    return lambda: asked.append(None) or len(asked) == steps


def check_four_parts(error) -> None:
    assert [label for label, _ in error.diagnosis.parts()][:3] == ["legal", "because", "fix"]


def refused(folder: Path, kind: type, match: str, action: Callable) -> None:
    """Fail unless the action is refused with such an error, and no file in the folder is changed by it."""
    before = files(folder)
    with pytest.raises(kind, match=match) as caught:
        action()
    check_four_parts(caught.value)
    assert files(folder) == before
