"""Where a new run goes: a folder that is nobody's yet."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from dcgan.errors import Diagnosis, RunError

RUNS = Path("runs")
LOCK = ".lock"  # see dcgan.keeping.locking


def free_folder(source: str) -> Path:
    """Return the first of ``runs/digits-1``, ``runs/digits-2``... that is not there yet.

    Args:
        source: Name of the data set, or its folder or file.
    """
    return next(folder for folder in _folders(source) if not os.path.exists(folder))  # noqa: PTH110 - pathlib's raise


def claim_folder(source: str) -> Path:
    """Make that folder, so that it is no other's: two that begin at once get one each.

    Args:
        source: Name of the data set, or its folder or file.

    Raises:
        RunError: If it cannot be made.
    """
    folders = _folders(source)
    while True:
        folder = next(folders)
        try:
            folder.mkdir(parents=True)
        except OSError as error:
            if isinstance(error, FileExistsError) and RUNS.is_dir():
                continue
            raise not_made(folder, error) from error
        return folder


def _folders(source: str) -> Iterator[Path]:
    stem = Path(source).resolve().name.removesuffix(".npz").removesuffix(".npy") or "pictures"
    return (RUNS / f"{stem}-{number}" for number in count(1))


def check_empty(folder: Path) -> None:
    """Make sure that a folder is not there yet, or is empty.

    Args:
        folder: Where a new run is to be.

    Raises:
        RunError: If there is something in it, it is a file, or it cannot be looked into.
    """
    try:
        if not folder.exists() or (folder.is_dir() and not any(map(_counts, folder.iterdir()))):
            return
        is_run = (folder / "config.json").exists()
        what = "a file" if not folder.is_dir() else "a run" if is_run else "not empty"
    except OSError as error:  # too long a name; a folder that may not be looked into
        raise not_made(folder, error) from error
    raise RunError(
        Diagnosis(
            "train",
            "out",
            given=str(folder),
            legal="a folder that does not exist yet, or is empty",
            problem=f"{folder} is {what}.",
            reason="a new run never writes over what is there",
            fix={"--resume": str(folder)} if is_run else {"--out": str(free_folder(folder.name))},
            notes=("go on with that run, in place of --out",) if is_run else (),
        )
    )


def _counts(path: Path) -> bool:
    """Whether a file makes a folder one that is not empty: not the lock, and not a config that was never whole."""
    return path.name != LOCK and not path.match(".config.json.*.part")


def not_made(folder: Path, error: OSError) -> RunError:
    """Say that the folder of a run could not be made or written to."""
    return RunError(
        Diagnosis(
            "train",
            "out",
            given=str(folder),
            legal="a folder that can be made and written to",
            problem=f"{folder} cannot be made or written to: {error.strerror}.",
            reason="the run is kept there",
            remedy="name a folder in a place where you may write",
        )
    )
