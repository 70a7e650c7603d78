"""Writing files so that a reader finds the old one or the new one, whole, and never a part."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from dcgan.errors import Diagnosis, RunError

_ROOM = 2**16  # bytes; more than any file of numbers has that is written at the end of long work


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Open a file to write bytes to, which takes the place of ``path`` once the block ends without an error.

    Until then it has another name in the same folder; after an error it is gone, and ``path`` is as it was.

    Args:
        path: Where the file is to be; its folder exists.

    Raises:
        RunError: If the folder is missing or cannot be written to, ``path`` is a folder, or the disk is full.
    """
    path = Path(path)
    waiting = path.parent / f".{path.name}.{os.getpid()}.part"
    try:
        _check_place(path)
        file = waiting.open("wb")
    except OSError as error:
        raise _not_written(path, error) from error
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        waiting.replace(path)
        settle(path.parent)
    except OSError as error:
        raise _not_written(path, error) from error
    finally:
        waiting.unlink(missing_ok=True)


def check_writable(path: Path) -> None:
    """Make sure, before long work, that its result can be written, on the disk as it is now.

    Args:
        path: The file that is to be made, or replaced.

    Raises:
        RunError: If its folder is missing or cannot be written to, or the disk is full.
    """
    try:
        _check_place(path)
        with TemporaryFile(dir=path.parent) as room:
            room.write(bytes(_ROOM))
    except OSError as error:
        raise _not_written(path, error) from error


def settle(path: Path) -> None:
    """Wait until a file, or a folder's list of names, is on the disk, so that no loss of power takes it away.

    Args:
        path: The file or folder.

    Raises:
        OSError: If the operating system refuses it.
    """
    if os.name == "nt" and path.is_dir():
        return  # Windows keeps names by itself, and opens no folder
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(path: Path) -> None:
    """Remove what a process that died while :func:`replacing` ``path`` has left. Only for who alone writes it.

    Args:
        path: The file; it may be a pattern, such as ``step-*.png``.

    Raises:
        OSError: If something cannot be removed.
    """
    for waiting in path.parent.glob(f".{path.name}.*.part"):
        waiting.unlink()


def _check_place(path: Path) -> None:
    if path.is_dir():
        raise _no_place(path, "it is a folder", "name a file in it")
    if not path.parent.is_dir():
        what = "is not a folder" if path.parent.exists() else "does not exist"
        raise _no_place(path, f"{path.parent} {what}", f"make the folder {path.parent}, or name another")


def _no_place(path: Path, problem: str, remedy: str) -> RunError:
    return RunError(
        Diagnosis(
            "save",
            "path",
            given=str(path),
            legal="a file in a folder that exists",
            problem=f"{path} cannot be written: {problem}.",
            reason="folders are not made here, so that a misspelt one is noticed",
            remedy=remedy,
        )
    )


def _not_written(path: Path, error: OSError) -> RunError:
    return RunError(
        Diagnosis(
            "save",
            "path",
            given=str(path),
            legal="a file in a folder that can be written to, on a disk with room",
            problem=f"{path} cannot be written: {error.strerror or error}.",
            reason="the operating system refused it; what stood there before is as it was",
            remedy=f"make room in {path.parent} or let yourself write there, or name another folder",
        )
    )
