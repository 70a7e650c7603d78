"""The files of the checkpoints in one folder: which are whole, how one is put there, how one is taken away.

A checkpoint is two files, ``ckpt-STEP.data-...`` and ``ckpt-STEP.index``, and it is there when its index is. So its
data is put there before its index, and taken away after it: a process that dies in between leaves the others as they
were, and at most data without an index, which :func:`sweep` removes. No TensorFlow here.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from dcgan.keeping.files import replacing, settle

_PATTERNS = {"*", "?", "["} | ({"\\"} if os.name != "nt" else set())
_STATE = "checkpoint"  # read by tf.train.latest_checkpoint, not by dcgan

BEST = "best"  # the folder, among the checkpoints, of the one that did best when the training was evaluated
KEPT = 3  # the newest ones; more than one, so that a damaged file is not the end of a run


def steps_in(folder: Path) -> list[int]:
    """Return the steps that a folder has a checkpoint of, oldest first; none where there is no such folder.

    Args:
        folder: Of the checkpoints.
    """
    stems = [path.stem for path in folder.glob("ckpt-*.index")]
    return sorted(int(stem.removeprefix("ckpt-")) for stem in stems if re.fullmatch(r"ckpt-\d+", stem))


def prefix(folder: Path, step: int) -> Path:
    """Return what the names of the files of a step's checkpoint begin with."""
    return folder / f"ckpt-{step}"


@contextmanager
def plainly_named(folder: Path) -> Iterator[Path]:
    """Give a name of a folder under which TensorFlow reads it.

    It takes the name of a checkpoint for a pattern, and finds nothing in a folder called ``run[1]``:
    https://github.com/tensorflow/tensorflow/issues/34290. It writes there all the same.

    Args:
        folder: Of the checkpoints.

    Yields:
        It, or in a folder that is gone afterwards a link to it.

    Raises:
        OSError: If the operating system refuses the link.
    """
    if not _PATTERNS & set(str(folder)):
        yield folder
        return
    with TemporaryDirectory(prefix="dcgan-") as place:
        link = Path(place) / "checkpoints"
        link.symlink_to(folder.absolute(), target_is_directory=True)
        yield link


@contextmanager
def placing(folder: Path, step: int) -> Iterator[Path]:
    """Give a prefix to write a checkpoint under; it takes its place once the block ends without an error.

    Until then it is in a folder of its own, which is gone after an error.

    Args:
        folder: Of the checkpoints; made if it is not there.
        step: Its number.

    Yields:
        The prefix to write under.

    Raises:
        OSError: If the operating system refuses something.
    """
    folder.mkdir(parents=True, exist_ok=True)
    waiting = folder / f".ckpt-{step}.{os.getpid()}.part"
    waiting.mkdir()
    try:
        yield waiting / f"ckpt-{step}"
        written = sorted(waiting.glob(f"ckpt-{step}.*"))  # the data, then the index
        for file in written:
            settle(file)
        for file in written:
            file.replace(folder / file.name)
        settle(folder)
    finally:
        shutil.rmtree(waiting, ignore_errors=True)


def keep(folder: Path, count: int, newest: int) -> None:
    """Remove all checkpoints but the newest one and those before it, and tell TensorFlow which there are.

    Args:
        folder: Of the checkpoints.
        count: How many stay.
        newest: The step of the newest, which has just been written. One of a later step is from before the training was
            stopped and went on from further back.

    Raises:
        RunError: If what TensorFlow reads cannot be written.
        OSError: If one cannot be removed.
    """
    steps = steps_in(folder)
    kept = [step for step in steps if step <= newest][-count:]
    names = [f'"{prefix(folder, step).name}"' for step in kept]
    with replacing(folder / _STATE) as file:
        file.write(f"model_checkpoint_path: {names[-1]}\n".encode())
        file.writelines(f"all_model_checkpoint_paths: {name}\n".encode() for name in names)
    for step in sorted(set(steps) - set(kept)):
        prefix(folder, step).with_suffix(".index").unlink()
        for data in folder.glob(f"ckpt-{step}.data-*"):
            data.unlink()


def sweep(folder: Path) -> None:
    """Remove what a process that died has left half written. Only for who alone writes there.

    Args:
        folder: Of the checkpoints; nothing is done where there is none.

    Raises:
        OSError: If something cannot be removed.
    """
    for pattern in (".ckpt-*.part", "ckpt-*_temp"):  # the latter is TensorFlow's own, of runs of 0.1
        for waiting in folder.glob(pattern):
            shutil.rmtree(waiting)
    for pattern in (f".{_STATE}.*.part", f"{_STATE}.tmp*"):
        for waiting in folder.glob(pattern):
            waiting.unlink()
    for data in folder.glob("ckpt-*.data-*"):
        if not data.with_suffix(".index").exists():
            data.unlink()
