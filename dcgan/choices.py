"""Which of a run's generators makes the pictures, and with which statistics; what cannot be chosen is refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dcgan.errors import Diagnosis, RunError
from dcgan.keeping.checkpoint_files import steps_in
from dcgan.keeping.runs import Run
from dcgan.planning import plan

if TYPE_CHECKING:
    from dcgan.models import Generator

WEIGHTS = ("ema", "last")
STATISTICS = ("running", "reestimated", "batch")


def part_of(run: Run, weights: str | None) -> str:
    """Return the part of a checkpoint that holds these weights of the generator.

    Args:
        run: The run.
        weights: ``ema``, its average; ``last``; or None for the average where the run keeps one.

    Returns:
        ``average`` or ``generator``.

    Raises:
        RunError: For an average that the run does not keep, or any other word.
    """
    if weights is not None and weights not in WEIGHTS:
        raise _no_choice(
            "weights", weights, WEIGHTS, "a checkpoint holds the generator and at most its average"
        )
    if weights == "ema" and not run.config.ema:
        raise RunError(
            Diagnosis(
                "sample",
                "weights",
                given=weights,
                legal="last, of a run that was trained without --ema",
                problem=f"{run.folder} keeps no average of its generator.",
                reason="an average is made while a run is trained, and not from its end",
                fix={"--weights": "last"},
            )
        )
    return "generator" if weights == "last" or not run.config.ema else "average"


def statistics_of(part: str, statistics: str | None) -> str:
    """Return the statistics to use with a part of a checkpoint.

    Args:
        part: ``average`` or ``generator``.
        statistics: ``running``, ``reestimated`` or ``batch``; None for what measured best: an average's weights
            are of no one step, and so running statistics do not fit them well.

    Raises:
        RunError: For any other word.

    >>> statistics_of("average", None), statistics_of("generator", None), statistics_of("average", "batch")
    ('reestimated', 'running', 'batch')
    >>> statistics_of("average", "moving")
    Traceback (most recent call last):
        ...
    dcgan.errors.RunError: sample: there are no moving statistics.
      legal: running, reestimated or batch
      because: batch norm takes those that training kept, those measured anew, or those of the batch itself
      fix: --statistics running
    """
    if statistics is None:
        return "reestimated" if part == "average" else "running"
    if statistics not in STATISTICS:
        raise _no_choice(
            "statistics",
            statistics,
            STATISTICS,
            "batch norm takes those that training kept, those measured anew, or those of the batch itself",
        )
    return statistics


def restored(
    run: Run, *, weights: str | None = None, statistics: str | None = None, best: bool = False
) -> Generator:
    """Return the generator of a run's newest checkpoint, or of its best, for :func:`dcgan.sampling.paint`.

    Args:
        run: The run.
        weights: As of :func:`dcgan.sample`.
        statistics: As of :func:`dcgan.sample`. The batch's are no matter of the generator: tell ``paint`` too.
        best: Take the checkpoint that did best when the training was evaluated.

    Raises:
        RunError: As of :func:`dcgan.sample`.
    """
    return restored_with_step(run, weights=weights, statistics=statistics, best=best)[0]


def restored_with_step(
    run: Run,
    *,
    weights: str | None = None,
    statistics: str | None = None,
    best: bool = False,
    step: int | None = None,
) -> tuple[Generator, int]:
    """Return what :func:`restored` does, and the step of its checkpoint: a training that goes on may write newer ones.

    Args:
        run: As of :func:`restored`, and so are the following.
        weights: Which.
        statistics: Which.
        best: Whether it is the best.
        step: Take the checkpoint of this step; None for the newest, or the best.

    Raises:
        RunError: As of :func:`dcgan.sample`.
    """
    part = part_of(run, weights)
    statistics = statistics_of(part, statistics)
    blueprint = plan(run.image_shape, run.config, classes=len(run.classes))
    folder = best_of(run) if best else run.checkpoints
    from dcgan.keeping.checkpoints import Checkpoints
    from dcgan.models import Generator
    from dcgan.statistics import reestimated

    generator = Generator(blueprint.in_float32)
    step = Checkpoints(folder, {part: generator}, run.identity).restore(step)
    return (reestimated(generator, blueprint) if statistics == "reestimated" else generator), step


def best_of(run: Run) -> Path:
    """Return the folder of the best checkpoint of a run.

    Args:
        run: The run.

    Raises:
        RunError: If it has none.
    """
    if steps_in(run.best):
        return run.best
    never = run.config.evaluate_every is None
    raise RunError(
        Diagnosis(
            "restore",
            "best",
            given=str(run.folder),
            legal="a run that was trained with --evaluate-every, and evaluated",
            problem=f"no checkpoint of {run.folder} has been kept as its best.",
            reason="it was trained without --evaluate-every"
            if never
            else "its first evaluation is yet to come, or no distance of it was a number",
            remedy="leave out --best, for its newest checkpoint",
        )
    )


def _no_choice(argument: str, given: object, legal: tuple[str, ...], reason: str) -> RunError:
    return RunError(
        Diagnosis(
            "sample",
            argument,
            given=given,
            legal=f"{', '.join(legal[:-1])} or {legal[-1]}",
            problem=f"there are no {given} {argument}.",
            reason=reason,
            fix={f"--{argument}": legal[0] if argument == "statistics" else "last"},
        )
    )
