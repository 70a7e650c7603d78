"""Saving and restoring all that a run is: both networks, both optimizers, the number of steps.

No state of a random generator is saved, because there is none: latents and the order of the pictures are functions
of the seed and the step. TensorFlow's own CheckpointManager is not used: it writes the index in place, so that a
process killed meanwhile leaves a newest checkpoint that is damaged. ``dcgan.checkpoint_files`` puts whole ones there.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import tensorflow as tf

from dcgan.checkpoint_files import keep, placing, prefix, steps_in
from dcgan.config import renamed
from dcgan.errors import Diagnosis, RunError, TrainingError

KEPT = 3  # the newest ones; more than one, so that a damaged file is not the end of a run
_IDENTITY = "identity/.ATTRIBUTES/VARIABLE_VALUE"
_STEP = "steps_done/.ATTRIBUTES/VARIABLE_VALUE"


class Checkpoints:
    """The checkpoints in one folder.

    Args:
        folder: Where they are; made by the first :meth:`save`.
        parts: What is saved and restored, by name. For restoring, some of what was saved is enough.
        identity: What run they belong to, as JSON can hold it; one of another identity is not restored.
        kept: How many stay in the folder, the newest ones.
    """

    def __init__(
        self, folder: Path, parts: Mapping[str, Any], identity: Mapping[str, Any], *, kept: int = KEPT
    ) -> None:
        self.folder = folder
        self.kept = kept
        self.identity = json.loads(json.dumps(identity))
        written = tf.Variable(json.dumps(self.identity), dtype=tf.string, trainable=False, name="identity")
        self._checkpoint = tf.train.Checkpoint(**parts, identity=written)

    @property
    def steps(self) -> list[int]:
        """The steps that there is a checkpoint of, oldest first."""
        return steps_in(self.folder)

    def save(self, step: int, weights: Iterable[tf.Variable]) -> None:
        """Write a checkpoint, then remove the oldest if there are more than a few.

        What is written depends on the state of the parts alone, to the byte.

        Args:
            step: Steps done.
            weights: Variables that must be numbers, so that a good checkpoint never makes way for a ruined one.

        Raises:
            TrainingError: If one of them is not; nothing is written.
            RunError: If the folder cannot be written to; the checkpoints in it are as they were.
        """
        self._check_finite(step, weights)
        try:
            with placing(self.folder, step) as place:
                self._checkpoint.write(str(place))  # without the counter of saves that Checkpoint.save adds
            keep(self.folder, self.kept)
        except (tf.errors.OpError, OSError) as error:
            raise _unwritable(self.folder, error) from error

    def restore(self, step: int | None = None) -> int:
        """Restore the newest checkpoint, once all of it has been read and found whole and one's own.

        A training that goes on meanwhile may remove it; then it is the newest of those that are there by then.

        Args:
            step: Take the one of this step, and no other.

        Returns:
            Its step.

        Raises:
            RunError: If there is none, if it is damaged, or if it belongs to another configuration.
        """
        if step is not None:
            if step not in self.steps:
                raise _not_kept(self.folder, step, self.steps)
            self._restore(step)
            return step
        while True:
            steps = self.steps
            if not steps:
                raise _none(self.folder)
            try:
                self._restore(steps[-1])
            except RunError:
                if steps[-1] in self.steps:
                    raise
            else:
                return steps[-1]

    def check_newest(self, step: int) -> None:
        """Make sure that the newest checkpoint is of a step: that nobody has gone on from it meanwhile.

        Args:
            step: Steps done; 0 goes with no checkpoint.

        Raises:
            RunError: If it is of another step.
        """
        newest = max(self.steps, default=0)
        if newest != step:
            raise _gone_on(self.folder, step, newest)

    def _restore(self, step: int) -> None:
        damage = self._damage(step)
        if damage:
            raise self._damaged(step, damage)
        found = _identity(tf.train.load_checkpoint(self._prefix(step)))
        if found != self.identity:
            raise _another(self.folder, step, found, self.identity)
        try:
            # not Checkpoint.restore, which would add a counter of saves to all that is written from here on
            self._checkpoint.read(self._prefix(step)).assert_existing_objects_matched().expect_partial()
        except (tf.errors.OpError, AssertionError, ValueError) as error:
            raise _other_networks(self.folder, step, error) from error

    def _prefix(self, step: int) -> str:
        return str(prefix(self.folder, step))

    def _damage(self, step: int) -> str:
        """Return what is wrong with a checkpoint, or nothing: every tensor is read, and its checksum compared."""
        try:
            reader = tf.train.load_checkpoint(self._prefix(step))
            for name in reader.get_variable_to_shape_map():
                reader.get_tensor(name)
        except (tf.errors.OpError, LookupError, RuntimeError, ValueError) as error:
            return str(error).splitlines()[0]
        try:
            _identity(reader)
            holds = int(reader.get_tensor(_STEP))
        except (tf.errors.OpError, LookupError, RuntimeError, ValueError, TypeError, AttributeError):
            return "it was not written by dcgan"
        return "" if holds == step else f"it is that of step {holds}, under another name"

    def _damaged(self, step: int, damage: str) -> RunError:
        """Return the error of a newest checkpoint that is damaged, with what to delete: all after the last whole one."""
        broken = [step]
        for older in reversed(self.steps[: self.steps.index(step)] if step in self.steps else []):
            if not self._damage(older):
                return _damaged(self.folder, step, damage, broken, older)
            broken.append(older)
        return _damaged(self.folder, step, damage, broken, None)

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


def _identity(reader: Any) -> dict[str, Any]:  # noqa: ANN401 - TensorFlow's reader has no public type
    """Return what run a checkpoint says that it belongs to, in the names of this version.

    Raises:
        AttributeError, LookupError, RuntimeError, TypeError, ValueError, tf.errors.OpError: If it says nothing, or no such thing.
    """
    return renamed(json.loads(reader.get_tensor(_IDENTITY)))


def _gone_on(folder: Path, step: int, newest: int) -> RunError:
    return RunError(
        Diagnosis(
            "train",
            "run",
            given=step,
            legal=f"the step of the newest checkpoint, {newest}",
            problem=f"this loop has done {step} steps, and the newest checkpoint of {folder.parent} is of step {newest}.",
            reason="from anywhere else than its newest checkpoint a run would not go on as if it had never stopped",
            remedy=f"open it again: dcgan train --resume {shlex.quote(str(folder.parent))}",
        )
    )


def _not_kept(folder: Path, step: int, steps: list[int]) -> RunError:
    if not steps:
        return _none(folder)
    return RunError(
        Diagnosis(
            "restore",
            "step",
            given=step,
            legal=", ".join(map(str, steps)),
            problem=f"there is no checkpoint of step {step} in {folder}.",
            reason=f"the newest {KEPT} are kept, and the best where the training is evaluated",
            fix={"--step": min(steps, key=lambda other: abs(other - step))},
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
            remedy=f"train it up to its first one: dcgan train --resume {shlex.quote(str(folder.parent))}",
        )
    )


def _damaged(folder: Path, step: int, damage: str, broken: list[int], whole: int | None) -> RunError:
    files = " ".join(f"{shlex.quote(str(prefix(folder, other)))}.*" for other in broken)
    return RunError(
        Diagnosis(
            "restore",
            "run",
            given=str(folder.parent),
            legal="a checkpoint that is whole",
            problem=f"the checkpoint of step {step} is damaged: {damage}",
            reason="each value has a checksum, and all were read before any was used",
            remedy=f"rm {files}    (the one of step {whole} is whole, and is then the newest)"
            if whole is not None
            else "train the run again in a new folder: no other checkpoint in it is whole",
        )
    )


def _other_networks(folder: Path, step: int, error: Exception) -> RunError:
    return RunError(
        Diagnosis(
            "restore",
            "run",
            given=str(folder.parent),
            legal="a checkpoint of the networks that config.json describes",
            problem=f"the checkpoint of step {step} in {folder} does not fit: {str(error).splitlines()[0]}",
            reason="every weight of both networks must be in it, in its shape, as this version of dcgan names them",
            remedy="go on with the version that wrote it (history.json says which), or put back the run's own",
        )
    )


def _another(folder: Path, step: int, found: Mapping[str, Any], wanted: Mapping[str, Any]) -> RunError:
    changed = [name for name in {**wanted, **found} if found.get(name) != wanted.get(name)]
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


def _plain(error: Exception) -> str:
    """Return the first line of an error without what TensorFlow says of its own insides."""
    return re.sub(r"\{\{.*?\}\} | \[Op:\w+\]", "", str(error).splitlines()[0])


def _unwritable(folder: Path, error: Exception) -> RunError:
    return RunError(
        Diagnosis(
            "save",
            "run",
            given=str(folder.parent),
            legal="a folder that can be written to, on a disk with room",
            problem=f"no checkpoint could be written to {folder}: {_plain(error)}",
            reason="the operating system refused it; the checkpoints written before are as they were",
            remedy=f"make room there, then: dcgan train --resume {shlex.quote(str(folder.parent))}",
        )
    )
