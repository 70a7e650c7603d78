"""How far a run has come, and to where a few more steps would take it. No TensorFlow here."""

from __future__ import annotations

from pathlib import Path

from dcgan.errors import Diagnosis, RunError
from dcgan.keeping.checkpoint_files import steps_in
from dcgan.keeping.logs import last_step
from dcgan.keeping.places import RUNS
from dcgan.keeping.runs import Run


def newest_step(run: Run) -> int:
    """Return the step of the newest checkpoint of a run; 0 of one that ended before its first checkpoint was due.

    From step 0 such a run comes to the same end: its first weights follow from the seed.

    Args:
        run: The run.

    Raises:
        RunError: If it had one, and has none any more.
    """
    steps = steps_in(run.checkpoints)
    if steps:
        return max(steps)
    logged = last_step(run.log)
    if logged <= run.config.checkpoint_every:  # the first may have been half written
        return 0
    raise RunError(
        Diagnosis(
            "restore",
            "run",
            given=str(run.folder),
            legal="a run with a checkpoint",
            problem=f"there is no checkpoint in {run.checkpoints}, and {run.log.name} tells of {logged} steps.",
            reason="the weights and the number of steps done are read from there",
            remedy=f"put the files ckpt-* back into {run.checkpoints}, or train the run again in a new folder",
        )
    )


def extended(folder: Path, more: int) -> int:
    """Return how many steps in all a run has to be given to do so many more than it has done.

    Args:
        folder: The run's folder.
        more: Steps beyond those of its newest checkpoint.

    Raises:
        RunError: If it is no run, or has lost its checkpoints; or if ``more`` is no number of steps.
    """
    if more < 1:
        raise RunError(
            Diagnosis(
                "train",
                "more",
                given=more,
                legal="an integer of at least 1",
                problem=f"there are no {more} more steps.",
                reason="steps are done, and none is taken back",
                fix={"--more": 20},
            )
        )
    return newest_step(Run.open(folder)) + more


def newest_run(runs: Path = RUNS) -> Path:
    """Return the run that was last worked on among those that have no name of their own, in ``runs``.

    Args:
        runs: Where to look.

    Raises:
        RunError: If there is none.
    """
    found = [config.parent for config in runs.glob("*/config.json")]
    if found:
        return max(found, key=lambda folder: (_worked_on(folder), folder.name))
    raise RunError(
        Diagnosis(
            "train",
            "resume",
            given=None,
            legal="a folder that dcgan train has made",
            problem=f"there is no run in the folder {runs}.",
            reason="more steps need a run to go on with; without --resume it is the newest one there",
            remedy="say with --resume where the run is",
        )
    )


def _worked_on(folder: Path) -> float:
    log = folder / "log.jsonl"
    return (log if log.exists() else folder / "config.json").stat().st_mtime
