"""One process at a time may write a run: a lock that the operating system takes back when its process ends.

The file ``.lock`` in the run's folder says who holds it. It is there while a run is trained; one that a killed process
has left is nobody's, and in nobody's way. Who only reads a run needs no lock.
"""

from __future__ import annotations

import errno
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO

from dcgan.errors import Diagnosis, RunError
from dcgan.keeping.places import LOCK

_HELD = (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK)  # of flock; the last two of Windows
_FAR = 2**30  # Windows lets nobody read the byte that is locked, so it is one that is not there


class Lock:
    """The right to write a run. In a ``with`` block it is taken, if it is not yet, and given back at the end.

    Args:
        folder: The run's; there when the lock is taken.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: IO[bytes] | None = None

    def take(self) -> None:
        """Take the lock, or go on holding it.

        Raises:
            RunError: If another holds it, or the file cannot be written or locked.
        """
        while self._file is None:
            try:
                file = _open(self._folder / LOCK)
            except OSError as error:
                raise _not_locked(self._folder, error) from error
            try:
                _lock(file)
                self._file = _signed(file, self._folder / LOCK)
            except OSError as error:
                raise (
                    _held(self._folder, file) if error.errno in _HELD else _not_locked(self._folder, error)
                ) from error
            finally:
                if self._file is None:
                    file.close()

    def give_back(self) -> None:
        """Give the lock back, if it is held."""
        file, self._file = self._file, None
        if file is None:
            return
        if os.name != "nt":  # which removes no file that is open
            (self._folder / LOCK).unlink(missing_ok=True)
        file.close()

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Take the lock, and give it back after an error alone.

        Raises:
            RunError: As :meth:`take`.
        """
        self.take()
        try:
            yield
        except BaseException:
            self.give_back()
            raise

    def __enter__(self) -> Lock:
        self.take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.give_back()


def _open(path: Path) -> IO[bytes]:
    return open(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+b", buffering=0)  # noqa: PTH123


def _lock(file: IO[bytes]) -> None:
    """Lock an open file.

    Raises:
        OSError: With one of the numbers in ``_HELD`` if another has locked it.
    """
    if os.name == "nt":
        import msvcrt

        file.seek(_FAR)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _signed(file: IO[bytes], path: Path) -> IO[bytes] | None:
    """Write into a locked file who holds it; None if it is no longer the one at ``path``, having been given back.

    Raises:
        OSError: If it cannot be written.
    """
    if not path.exists() or not os.path.samestat(os.fstat(file.fileno()), path.stat()):
        return None
    file.seek(0)
    file.truncate()
    file.write(json.dumps({"pid": os.getpid(), "host": socket.gethostname()}).encode())
    return file


def _held(folder: Path, file: IO[bytes]) -> RunError:
    try:
        file.seek(0)
        holder = json.loads(file.read())
        pid, host = int(holder["pid"]), str(holder["host"])
    except (OSError, ValueError, KeyError, TypeError):  # it has not signed yet
        who, remedy = "another process", "wait until that has ended"
    else:
        here = host == socket.gethostname()
        who = f"process {pid}" if here else f"process {pid} on {host}"
        remedy = f"wait until it has ended, or stop it with: kill {pid}" + (
            "" if here else f"    (on {host})"
        )
        if here and pid == os.getpid():
            who, remedy = (
                "this process itself",
                "train the loop that has it open, or let go of that loop first",
            )
    return RunError(
        Diagnosis(
            "train",
            "run",
            given=str(folder),
            legal="a run that no other process is training",
            problem=f"{folder} is being trained by {who}.",
            reason="two that write one log and one set of checkpoints would ruin both; reading it goes on all the while",
            remedy=remedy,
        )
    )


def _not_locked(folder: Path, error: OSError) -> RunError:
    return RunError(
        Diagnosis(
            "train",
            "run",
            given=str(folder),
            legal="a folder that can be written to, on a file system with locks",
            problem=f"{folder / LOCK} cannot be written and locked: {error.strerror or error}.",
            reason="the lock keeps a second process from writing the same run; nothing was changed",
            remedy="let yourself write there, or copy the run to a place where you may, such as a local disk",
        )
    )
