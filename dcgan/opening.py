"""Opening a run to train it: a new one, or one that goes on. Whatever is wrong is found before a file is changed."""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from dcgan.computing import processor
from dcgan.config import Config
from dcgan.data import NAMES, Pictures, announcement, load
from dcgan.distributed.cluster import Cluster, cluster_of
from dcgan.keeping import history
from dcgan.keeping.extending import newest_step
from dcgan.keeping.locking import Lock
from dcgan.keeping.logs import check
from dcgan.keeping.places import check_empty, claim_folder, free_folder
from dcgan.keeping.runs import Run
from dcgan.opening_refusals import no_classes, nothing_left, other_pictures
from dcgan.planning import plan

if TYPE_CHECKING:
    from dcgan.looping import Loop

_EMULATED = (
    "this processor has no instructions for bfloat16: on it, a step takes many times as long as in float32"
)
_SLOWER = f"a step takes about half as long with {processor.ONEDNN}=1, set before TensorFlow is imported"


def begin(
    config: Config | None = None,
    out: str | Path | None = None,
    *,
    command: str | None = None,
    progress: bool = True,
) -> Loop:
    """Make a new run, ready for its first step: as :func:`train`, up to there.

    The loop holds the run's lock from here on, up to the end of its training. A worker that is not the chief holds
    none, and writes nothing.

    Args:
        config: As of :func:`train`.
        out: As of :func:`train`.
        command: What was typed into a shell, for the run's history; None where Python code has called.
        progress: As of :func:`train`.

    Returns:
        The loop before its first step.

    Raises:
        PlanError, DataError, RunError, ClusterError: As of :func:`train`.
    """
    config = Config() if config is None else config
    cluster = cluster_of(config)
    writes = cluster is None or cluster.is_chief
    if out is not None and writes:
        check_empty(Path(out))
    pictures = _load(config, progress)
    facts = (pictures.image_shape, pictures.fingerprint, *_classes(config, pictures))
    with _place(out, config, writes=writes) as folder:
        run = Run(folder, _settled(config), *facts)
        lock = Lock(run.folder)
        loop = _loop(run, pictures, lock, cluster, progress=progress)
        if writes:
            run.make_folder()
            with lock.kept():
                run.begin()
                history.record(run, loop.step, command, pictures.account)
    return loop


@contextmanager
def _place(out: str | Path | None, config: Config, *, writes: bool) -> Iterator[Path]:
    """Give the folder of a new run; where nobody has named one, it is made at once, and gone if nothing comes of it."""
    if out is not None or not writes:
        yield Path(out or free_folder(config.data))
        return
    folder = claim_folder(config.data)
    try:
        yield folder
    except BaseException:
        with suppress(OSError):  # it is not empty, and so more than a place
            folder.rmdir()
            folder.parent.rmdir()
        raise


def reopen(
    folder: str | Path,
    *,
    steps: int | None = None,
    data: str | None = None,
    strategy: str | None = None,
    command: str | None = None,
    progress: bool = True,
) -> Loop:
    """Open a run, ready for the step after its newest checkpoint: as :func:`resume`, up to there.

    The loop holds the run's lock from here on, up to the end of its training.

    Args:
        folder: As of :func:`resume`.
        steps: As of :func:`resume`.
        data: As of :func:`resume`.
        strategy: As of :func:`resume`.
        command: What was typed into a shell, for the run's history; None where Python code has called.
        progress: As of :func:`resume`.

    Returns:
        The loop before its next step.

    Raises:
        RunError, DataError, ClusterError: As of :func:`resume`; whatever it is, no file of the run has been changed.
    """
    given = {"steps": steps, "data": data, "strategy": strategy}
    changes = {name: value for name, value in given.items() if value is not None}
    run = Run.open(Path(folder)).changed(**changes)
    lock, cluster = Lock(run.folder), cluster_of(run.config)
    if cluster is not None and not cluster.is_chief:
        return _reopened(run, lock, cluster, progress)
    with lock.kept():
        run = Run.open(Path(folder)).changed(**changes)
        loop = _reopened(run, lock, cluster, progress)
        loop.run.tidy()
        history.record(loop.run, loop.step, command, loop.pictures.account)
        loop.run.write()
    return loop


def _reopened(run: Run, lock: Lock, cluster: Cluster | None, progress: bool) -> Loop:
    """Return the loop of a run, once nothing stands against its going on. Nothing is written.

    Raises:
        RunError, DataError, ClusterError: As of :func:`resume`.
    """
    pictures = _load(run.config, progress)
    if (pictures.fingerprint, _classes(run.config, pictures)) != (run.fingerprint, (run.classes, run.labels)):
        raise other_pictures(run, pictures)
    run = run.changed(data=_settled(run.config).data)
    check(run.log)
    history.read(run)
    loop = _loop(run, pictures, lock, cluster, step=newest_step(run), progress=progress)
    if loop.step >= run.config.steps:
        raise nothing_left(run, loop.step)
    return loop


def _load(config: Config, progress: bool) -> Pictures:
    pictures = load(
        config.data,
        image_size=config.image_size,
        fit=config.fit,
        channels=config.channels,
        skip_broken=config.skip_broken,
        progress=progress,
    )
    if progress:
        print(announcement(pictures, config.batch_size), file=sys.stderr)
    if progress and config.precision == "bfloat16" and processor.lacks_bfloat16(processor.words()):
        print(_EMULATED, file=sys.stderr)
    if progress and processor.misses_onednn(processor.words(), os.environ):
        print(_SLOWER, file=sys.stderr)
    return pictures


def _settled(config: Config) -> Config:
    """Return the config with a folder that is found again from everywhere."""
    if config.data in NAMES:
        return config
    return dataclasses.replace(config, data=str(Path(config.data).resolve()))


def _loop(
    run: Run, pictures: Pictures, lock: Lock, cluster: Cluster | None, *, step: int = 0, progress: bool
) -> Loop:
    blueprint = plan(run.image_shape, run.config, classes=len(run.classes))
    from dcgan.distributed.strategies import assemble
    from dcgan.keeping.checkpoints import Checkpoints
    from dcgan.looping import Loop
    from dcgan.training import Trainer

    team = assemble(run, cluster, step, progress=progress)
    with team.scope():
        trainer = Trainer(blueprint)
    checkpoints = Checkpoints(run.checkpoints, trainer.parts, run.identity)
    if step > 0:
        checkpoints.restore()
    if cluster is not None and not cluster.is_chief:
        from dcgan.helping import Helper

        return Helper(run, pictures, trainer, checkpoints, nullcontext(), team)
    if run.config.evaluate_every is None:
        return Loop(run, pictures, trainer, checkpoints, lock, team)
    from dcgan.measuring.watch import Watch

    watch = Watch(run, pictures, trainer, progress=progress)
    return Loop(run, pictures, trainer, checkpoints, lock, team, watch)


def _classes(config: Config, pictures: Pictures) -> tuple[tuple[str, ...], str | None]:
    """Return the classes that a run is trained on, and the fingerprint of the labels; none where it is on none."""
    if not config.conditional:
        return (), None
    if pictures.labels is None or len(pictures.classes) < 2:
        raise no_classes(pictures)
    return pictures.classes, pictures.labels_fingerprint
