"""The way to a trained run: from its folder to what makes pictures."""

from __future__ import annotations

import os
from pathlib import Path

from dcgan.choices import restored_with_step
from dcgan.keeping.runs import Run
from dcgan.planning import plan
from dcgan.trained import Trained


def load(
    folder: str | os.PathLike[str],
    *,
    weights: str | None = None,
    statistics: str | None = None,
    best: bool = False,
) -> Trained:
    """Open a trained run, to make pictures with it.

    In a notebook, ``dcgan.load("runs/digits-1").sample(16)`` shows sixteen of them.

    Args:
        folder: The run's folder.
        weights: The generator's ``last`` ones, or ``ema``, their average; None for the average where the run keeps one.
        statistics: What batch norm uses, ``running``, ``reestimated`` or ``batch``; None for the reestimated ones of an
            average, and otherwise the running ones.
        best: Take the checkpoint that did best when the training was evaluated.

    Returns:
        The run's generator, as its newest checkpoint has it, or its best.

    Raises:
        RunError: If the folder holds no run, or no checkpoint that is whole and its own, or no best one; for an average
            that the run does not keep, and for weights or statistics that there are not.

    >>> load("nowhere")
    Traceback (most recent call last):
        ...
    dcgan.errors.RunError: open: nowhere is not a run: nowhere/config.json cannot be read: No such file or directory.
      legal: a folder that dcgan train has made
      because: config.json says which networks the checkpoints are of
      fix: name the folder that dcgan train has printed, such as runs/digits-1
    """
    run = Run.open(Path(folder))
    generator, step = restored_with_step(run, weights=weights, statistics=statistics, best=best)
    blueprint = plan(run.image_shape, run.config, classes=len(run.classes))
    return Trained(run, blueprint, generator, step, batch_statistics=statistics == "batch")
