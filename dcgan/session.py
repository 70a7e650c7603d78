"""The three things that people do: train, resume, sample. TensorFlow is imported only once nothing stands against it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dcgan.choices import restored
from dcgan.class_names import numbers_of
from dcgan.config import Config
from dcgan.errors import Diagnosis, RunError
from dcgan.images import columns, grid, save_png
from dcgan.keeping.runs import Run
from dcgan.opening import begin, reopen
from dcgan.outputs import check_file
from dcgan.pictures import LARGEST_IN_MEMORY

if TYPE_CHECKING:
    from dcgan.looping import Loop

__all__ = ["begin", "reopen", "resume", "sample", "train"]


def _never() -> bool:
    return False


def train(
    config: Config | None = None,
    out: str | Path | None = None,
    *,
    stopped: Callable[[], bool] = _never,
    progress: bool = True,
) -> Loop:
    """Train a new run.

    Args:
        config: What on, which networks and how; None for the defaults.
        out: Its folder, not there yet or empty; None for the next free one in ``runs``.
        stopped: Asked after every step whether to stop; a checkpoint is then written first.
        progress: Say what was found, and show progress bars.

    Returns:
        The loop after its last step: its ``run``, its ``step`` and its ``trainer``.

    Raises:
        PlanError: For a plan that cannot work.
        DataError: For pictures that cannot be used.
        RunError: If the folder is not empty, or cannot be written to.
        TrainingError: If a loss or a weight is no longer a number.
        ClusterError: If the workers of a strategy cannot be joined, do not agree, or one of them has been lost.
    """
    loop = begin(config, out, progress=progress)
    loop.train(stopped=stopped, progress=progress)
    return loop


def resume(
    folder: str | Path,
    *,
    steps: int | None = None,
    data: str | None = None,
    strategy: str | None = None,
    stopped: Callable[[], bool] = _never,
    progress: bool = True,
) -> Loop:
    """Go on with a run where its newest checkpoint is, as if it had never stopped.

    Args:
        folder: The run's folder.
        steps: A new number of steps in all; None for the one it has.
        data: Where its pictures are now, if they have been moved.
        strategy: On what to go on; None for what it was on.
        stopped: Asked after every step whether to stop; a checkpoint is then written first.
        progress: Say what was found, and show progress bars.

    Returns:
        The loop after its last step: its ``run``, its ``step`` and its ``trainer``.

    Raises:
        RunError: If the folder holds no run, no checkpoint that is whole, one of another configuration, or a run
            that has all its steps; if the pictures are not those it was trained on; if it cannot be written to.
        DataError: For pictures that cannot be used.
        TrainingError: If a loss or a weight is no longer a number.
        ClusterError: If the workers of a strategy cannot be joined, do not agree, or one of them has been lost.
    """
    loop = reopen(folder, steps=steps, data=data, strategy=strategy, progress=progress)
    loop.train(stopped=stopped, progress=progress)
    return loop


def sample(
    folder: str | Path,
    count: int,
    out: str | Path,
    *,
    seed: int = 0,
    weights: str | None = None,
    statistics: str | None = None,
    best: bool = False,
    classes: Sequence[str] | None = None,
) -> None:
    """Write one sheet of new pictures, from the newest checkpoint of a run.

    Args:
        folder: The run's folder.
        count: How many pictures.
        out: The PNG file; it is replaced if it is there.
        seed: Which pictures.
        weights: The generator's ``last`` ones, or ``ema``, their average; None for the average where the run
            keeps one.
        statistics: What batch norm uses, ``running``, ``reestimated`` or ``batch``: see ``dcgan.statistics``.
            None for the running ones of the last weights, and for those of an average reestimated ones.
        best: Take the checkpoint that did best when the training was evaluated, not the newest.
        classes: Which classes, in turn, by name, of a run that was trained on classes; None for all.

    Raises:
        RunError: If the folder holds no run or no checkpoint that is whole, or no best one, or the file cannot be written; for
            an average that the run does not keep, and for weights or statistics that there are not.
        PlanError: If the seed is not one.
    """
    check_file(out, [".png"], "sample")
    run = Run.open(Path(folder))
    run.changed(seed=seed)  # refuses what is no seed
    _check_count(count, run)
    wanted = None if classes is None else numbers_of(classes, run)
    generator = restored(run, weights=weights, statistics=statistics, best=best)
    from dcgan import sampling

    pictures = sampling.sample(generator, count, seed, classes=wanted, batch_statistics=statistics == "batch")
    save_png(grid(pictures, columns(run.classes if classes is None else classes), scale=2), out)


def _check_count(count: int, run: Run) -> None:
    height, width, channels = run.image_shape
    most = LARGEST_IN_MEMORY // (
        4 * height * width * channels
    )  # the sheet shows each pixel as a square of four
    if isinstance(count, int) and not isinstance(count, bool) and 1 <= count <= most:
        return
    raise RunError(
        Diagnosis(
            "sample",
            "count",
            given=count,
            legal=range(1, most + 1),
            problem=f"a sheet cannot show {count!r} pictures of {height}x{width}.",
            reason=f"it is one PNG of at most {LARGEST_IN_MEMORY // 2**30} GiB",
            fix={"--count": most if isinstance(count, int) and count > most else 64},
        )
    )
