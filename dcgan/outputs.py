"""A new folder that is whole or not there: what is written goes into another one first, which then takes its name."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from dcgan.errors import Diagnosis, RunError


@contextmanager
def new_folder(path: str | os.PathLike[str], operation: str) -> Iterator[Path]:
    """Give a folder to write into, which takes the name ``path`` once the block ends without an error.

    Until then it has another name, beside it or, of a folder that is there and empty, in it: such a one may be where
    a disk is mounted, or where people are, and cannot give its place to another. After an error it is gone, with all
    that is in it.

    Args:
        path: Where the folder is to be: not there yet, in a folder that exists, or an empty folder.
        operation: Who asks, for the error.

    Yields:
        The folder to write into.

    Raises:
        RunError: If there is something at ``path``, its parent is not a folder or cannot be written to, or the disk is
            full.
    """
    path = Path(path)
    check_free(path, operation)
    place = path.absolute()
    waiting = (place if place.exists() else place.parent) / f".{place.name}.{os.getpid()}.part"
    try:
        waiting.mkdir()
    except OSError as error:
        raise not_written(path, operation, error) from error
    try:
        yield waiting
        if waiting.parent == place:
            _move_up(waiting)
        else:
            waiting.replace(place)
    except OSError as error:
        raise not_written(path, operation, error) from error
    finally:
        shutil.rmtree(waiting, ignore_errors=True)  # not there any more, or empty, where all went well


def _move_up(waiting: Path) -> None:
    """Move all that is in a folder into the one that it is in, where nothing else is; all of it or nothing.

    Raises:
        OSError: If something else has come there, or the operating system refuses it.
    """
    place, moved = waiting.parent, []
    if any(other != waiting for other in place.iterdir()):
        raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY))
    try:
        for one in sorted(waiting.iterdir()):
            moved.append(one)
            one.rename(place / one.name)
    except BaseException:
        for one in moved:
            with suppress(FileNotFoundError):  # the one that was refused
                (place / one.name).rename(one)
        raise


def check_file(path: str | os.PathLike[str], endings: Sequence[str], operation: str) -> None:
    """Make sure, before long work, that its result will have a place.

    Args:
        path: The file to be written.
        endings: What its name may end in.
        operation: Who asks, for the error.

    Raises:
        RunError: If its name ends otherwise, it is a folder, or it lies in none.
    """
    path = Path(path)
    if path.suffix.lower() not in endings:
        raise _wrong_ending(path, endings, operation)
    try:
        is_folder, has_place = path.is_dir(), path.absolute().parent.is_dir()
    except OSError as error:  # too long a name; a folder that may not be looked into
        raise not_written(path, operation, error) from error
    if is_folder or not has_place:
        problem = "it is a folder" if is_folder else f"{path.absolute().parent} is not a folder"
        raise RunError(
            Diagnosis(
                operation,
                "out",
                given=str(path),
                legal="a file in a folder that exists",
                problem=f"{path} cannot be written: {problem}.",
                reason="folders are not made here, so that a misspelt one is noticed",
                remedy="name a file in a folder that is there",
            )
        )


def _wrong_ending(path: Path, endings: Sequence[str], operation: str) -> RunError:
    return RunError(
        Diagnosis(
            operation,
            "out",
            given=str(path),
            legal=f"a name that ends in {' or '.join(endings)}",
            problem=f"the name {path.name or path} does not end in {' or '.join(endings)}.",
            reason="the ending says what is in the file, and another one would lie",
            fix={"--out": f"{path.with_suffix('') if path.name else 'pictures'}{endings[0]}"},
        )
    )


def check_free(path: str | os.PathLike[str], operation: str) -> None:
    """Make sure, before long work, that a new folder will have a place.

    Args:
        path: The folder to be made.
        operation: Who asks, for the error.

    Raises:
        RunError: If there is something at ``path``, or its parent is not a folder.
    """
    path = Path(path)
    try:
        parent = path.absolute().parent
        if not parent.is_dir():
            raise _refused(path, operation, f"{parent} is not a folder", f"make the folder {parent} first")
        if not path.exists() or (path.is_dir() and not any(path.iterdir())):
            return
    except OSError as error:
        raise not_written(path, operation, error) from error
    what = "is not empty" if path.is_dir() else "is a file"
    raise _refused(path, operation, f"it {what}", "name a folder that is not there yet, or an empty one")


def _refused(path: Path, operation: str, problem: str, remedy: str) -> RunError:
    return RunError(
        Diagnosis(
            operation,
            "folder",
            given=str(path),
            legal="a folder that does not exist yet, or is empty, in one that does",
            problem=f"{path} cannot be written: {problem}.",
            reason="nothing that is there is written over, or mixed with what is new",
            remedy=remedy,
        )
    )


def not_written(path: Path, operation: str, error: Exception) -> RunError:
    """Say that a folder or a file could not be written.

    Args:
        path: Which.
        operation: Who was to write it.
        error: The operating system's word, or TensorFlow's, whose errors of this kind are no OSError.
    """
    text = getattr(error, "strerror", None) or getattr(error, "message", None) or str(error)
    return RunError(
        Diagnosis(
            operation,
            "out",
            given=str(path),
            legal="a folder or file in a place that can be written to, on a disk with room",
            problem=f"{path} cannot be written: {text.splitlines()[0] if text else type(error).__name__}.",
            reason="the operating system refused it; nothing of it was left there",
            remedy="make room there, or name another place, where you may write",
        )
    )
