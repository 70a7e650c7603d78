"""Saving and restoring all that a run is: both networks, both optimizers, the number of steps.

No state of a random generator is saved, because there is none: latents and the order of the pictures are functions
of the seed and the step. TensorFlow writes a checkpoint under temporary names and renames it when it is whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import tensorflow as tf

from dcgan.errors import Diagnosis, RunError, TrainingError

KEPT = 3  # the newest ones; more than one, so that a damaged file is not the end of a run
_IDENTITY = "identity/.ATTRIBUTES/VARIABLE_VALUE"


class Checkpoints:
    """The checkpoints in one folder.

    Args:
        folder: Where they are; made by the first :meth:`save`.
        parts: What is saved and restored, by name. For restoring, some of what was saved is enough.
        identity: What run they belong to, as JSON can hold it; one of another identity is not restored.
    """

    def __init__(self, folder: Path, parts: Mapping[str, Any], identity: Mapping[str, Any]) -> None:
        self.folder = folder
        self.identity = json.loads(json.dumps(identity))
        written = tf.Variable(json.dumps(self.identity), dtype=tf.string, trainable=False, name="identity")
        self._checkpoint = tf.train.Checkpoint(**parts, identity=written)

    @property
    def steps(self) -> list[int]:
        """The steps that there is a checkpoint of, oldest first."""
        return sorted(int(path.stem.removeprefix("ckpt-")) for path in self._indices())

    def _indices(self) -> list[Path]:
        return [path for path in self.folder.glob("ckpt-*.index") if re.fullmatch(r"ckpt-\d+", path.stem)]

    def save(self, step: int, weights: Iterable[tf.Variable]) -> None:
        """Write a checkpoint, then remove the oldest if there are more than a few.

        Args:
            step: Steps done.
            weights: Variables that must be numbers, so that a good checkpoint never makes way for a ruined one.

        Raises:
            TrainingError: If one of them is not; nothing is written.
            RunError: If the folder cannot be written to.
        """
        self._check_finite(step, weights)
        manager = tf.train.CheckpointManager(self._checkpoint, str(self.folder), max_to_keep=KEPT)
        try:
            manager.save(checkpoint_number=step)
        except (tf.errors.OpError, OSError) as error:
            raise _unwritable(self.folder, error) from error

    def restore(self) -> int:
        """Restore the newest checkpoint, once all of it has been read and found whole and one's own.

        Returns:
            Its step.

        Raises:
            RunError: If there is none, if it is damaged, or if it belongs to another configuration.
        """
        if not self.steps:
            raise _none(self.folder)
        step = self.steps[-1]
        damage = self._damage(step)
        if damage:
            raise _damaged(
                self.folder, step, damage, [other for other in self.steps if not self._damage(other)]
            )
        found = json.loads(tf.train.load_checkpoint(self._prefix(step)).get_tensor(_IDENTITY))
        if found != self.identity:
            raise _another(self.folder, step, found, self.identity)
        status = self._checkpoint.restore(self._prefix(step))
        status.assert_existing_objects_matched().expect_partial()
        return step

    def _prefix(self, step: int) -> str:
        return str(self.folder / f"ckpt-{step}")

    def _damage(self, step: int) -> str:
        """Return what is wrong with a checkpoint, or nothing: every tensor is read, and its checksum compared."""
        try:
            reader = tf.train.load_checkpoint(self._prefix(step))
            names = reader.get_variable_to_shape_map()
            for name in names:
                reader.get_tensor(name)
        except (tf.errors.OpError, LookupError, RuntimeError, ValueError) as error:
            return str(error).splitlines()[0]
        return "" if _IDENTITY in names else "it was not written by dcgan"

    def _check_finite(self, step: int, weights: Iterable[tf.Variable]) -> None:
        ruined = [variable.name for variable in weights if not tf.reduce_all(tf.math.is_finite(variable))]
        if ruined:
            raise not_numbers(step, f"{ruined[0].removesuffix(':0')} has values that are not", self)


def not_numbers(step: int, what: str, checkpoints: Checkpoints) -> TrainingError:
    """Return the error of a training whose numbers are numbers no longer.

    Args:
        step: The step at which it was seen.
        what: What was found, up to the words "numbers".
        checkpoints: Those written before.
    """
    saved = checkpoints.steps
    kept = (
        f"the checkpoint of step {saved[-1]} is whole, and dcgan sample works from it"
        if saved
        else "there is none yet"
    )
    return TrainingError(
        Diagnosis(
            "train",
            "step",
            given=step,
            legal="finite losses and weights",
            problem=f"at step {step}, {what} finite numbers.",
            reason=f"a step was too large to come back from. No checkpoint was written after it: {kept}",
            remedy="train a new run with a smaller --learning-rate (this one would come to the same end again)",
        )
    )


def _none(folder: Path) -> RunError:
    return RunError(
        Diagnosis(
            "restore",
            "run",
            given=str(folder.parent),
            legal="a run with a checkpoint",
            problem=f"there is no checkpoint in {folder}.",
            reason="the weights are read from there",
            remedy="train the run again in a new folder: it stopped before its first checkpoint",
        )
    )


def _damaged(folder: Path, step: int, damage: str, whole: list[int]) -> RunError:
    files = folder / f"ckpt-{step}"
    return RunError(
        Diagnosis(
            "restore",
            "run",
            given=str(folder.parent),
            legal="a checkpoint that is whole",
            problem=f"the checkpoint of step {step} is damaged: {damage}",
            reason="each value has a checksum, and all were read before any was used",
            remedy=f"delete {files}.*; the one of step {whole[-1]} is whole, and is then the newest"
            if whole
            else "train the run again in a new folder: no other checkpoint in it is whole",
        )
    )


def _another(folder: Path, step: int, found: Mapping[str, Any], wanted: Mapping[str, Any]) -> RunError:
    changed = [name for name in (wanted | found) if found.get(name) != wanted.get(name)]
    was = ", ".join(f"{name} {found.get(name)}" for name in changed)
    now = ", ".join(f"{name} {wanted.get(name)}" for name in changed)
    return RunError(
        Diagnosis(
            "restore",
            "run",
            given={name: wanted.get(name) for name in changed},
            legal={name: found.get(name) for name in changed},
            problem=f"the checkpoint of step {step} in {folder} is of another configuration: "
            f"it has {was}, and {folder.parent / 'config.json'} has {now}.",
            reason="weights fit only the networks, the pictures and the optimizers that they were trained with",
            remedy=f"write {was} into config.json again, or put back the checkpoints that belong to it",
        )
    )


def _unwritable(folder: Path, error: Exception) -> RunError:
    return RunError(
        Diagnosis(
            "save",
            "run",
            given=str(folder.parent),
            legal="a folder that can be written to, on a disk with room",
            problem=f"no checkpoint could be written to {folder}: {str(error).splitlines()[0]}",
            reason="the operating system refused it; the checkpoints written before are as they were",
            remedy=f"make room there, then: dcgan train --resume {folder.parent}",
        )
    )
