"""Saving and restoring all that a run is: both networks, both optimizers, the number of steps.

No state of a random generator is saved, because there is none: latents and the order of the pictures are functions
of the seed and the step. TensorFlow's own CheckpointManager is not used: it writes the index in place, so that a
process killed meanwhile leaves a newest checkpoint that is damaged. ``dcgan.keeping.checkpoint_files`` puts whole ones there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import tensorflow as tf

from dcgan.config import renamed
from dcgan.errors import Diagnosis, RunError, TrainingError
from dcgan.keeping import checkpoint_refusals
from dcgan.keeping.checkpoint_files import KEPT, keep, placing, plainly_named, prefix, steps_in

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
            keep(self.folder, self.kept, step)
        except (tf.errors.OpError, OSError) as error:
            raise checkpoint_refusals.unwritable(self.folder, error) from error

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
                raise checkpoint_refusals.not_kept(self.folder, step, self.steps)
            self._restore(step)
            return step
        while True:
            steps = self.steps
            if not steps:
                raise checkpoint_refusals.none_there(self.folder)
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
            raise checkpoint_refusals.gone_on(self.folder, step, newest)

    def check_whole_steps(self, step: int, taken: int) -> None:
        """Make sure that nothing was interrupted between a step and what is written down of it.

        Args:
            step: Steps that are written down.
            taken: Steps that the weights have taken.

        Raises:
            RunError: If they are not as many.
        """
        if taken != step:
            raise checkpoint_refusals.torn(self.folder, step, taken, max(self.steps, default=0))

    def _restore(self, step: int) -> None:
        with plainly_named(self.folder) as folder:
            damage = self._damage(folder, step)
            if damage:
                raise self._damaged(folder, step, damage)
            place = str(prefix(folder, step))
            found = _identity(tf.train.load_checkpoint(place))
            if found != self.identity:
                raise checkpoint_refusals.another(self.folder, step, found, self.identity)
            try:
                # not Checkpoint.restore, which would add a counter of saves to all that is written from here on
                self._checkpoint.read(place).assert_existing_objects_matched().expect_partial()
            except (tf.errors.OpError, AssertionError, ValueError) as error:
                raise checkpoint_refusals.other_networks(self.folder, step, error) from error

    def _damage(self, folder: Path, step: int) -> str:
        """Return what is wrong with a checkpoint, or nothing: every tensor is read, and its checksum compared."""
        try:
            reader = tf.train.load_checkpoint(str(prefix(folder, step)))
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

    def _damaged(self, folder: Path, step: int, damage: str) -> RunError:
        """Return the error of a newest checkpoint that is damaged, with what to delete: all after the last whole one."""
        broken = [step]
        for older in reversed(self.steps[: self.steps.index(step)] if step in self.steps else []):
            if not self._damage(folder, older):
                return checkpoint_refusals.damaged(self.folder, step, damage, broken, older)
            broken.append(older)
        return checkpoint_refusals.damaged(self.folder, step, damage, broken, None)

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
