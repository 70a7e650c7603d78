"""log.jsonl: one JSON object a line, one line a step, none twice and none lost."""

from __future__ import annotations

import errno
import json
import os
import shlex
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from dcgan.errors import Diagnosis, RunError
from dcgan.keeping.files import replacing, sweep


def last_step(path: Path) -> int:
    """Return the step of the last whole line of a log; 0 where there is none.

    Args:
        path: The file.

    Raises:
        RunError: If it cannot be read, or that line is not one of ours.
    """
    lines = _whole_lines(path)
    return _read(path, lines[-1], len(lines))["step"] if lines else 0


def check(path: Path) -> None:
    """Make sure, before anything of a run is changed, that its log can be gone on with.

    Args:
        path: The file; it need not be there.

    Raises:
        RunError: If it cannot be read, or a line of it is not one of ours.
    """
    for number, line in enumerate(_whole_lines(path), 1):
        _read(path, line, number)


class Log:
    """A log that is being written; each line reaches the file at once, so no checkpoint is ahead of it.

    Lines of steps after ``step`` are taken out first. Those steps were done after the last checkpoint, and lost;
    they will be done again.

    Args:
        path: The file, made if it is not there.
        step: The last step whose line stays.
        recent: How many of the lines that stay to remember.

    Attributes:
        path: As given.
        recent: The last lines that stayed, oldest first.

    Raises:
        RunError: If it cannot be read or written, or a line of it is not one of ours.
    """

    def __init__(self, path: Path, step: int, *, recent: int = 0) -> None:
        self.path = path
        self.recent: deque[dict[str, Any]] = deque(maxlen=recent)
        try:
            if path.exists():
                kept = self._up_to(step)
                sweep(path)
                with replacing(path) as file:
                    file.writelines(kept)
            # unbuffered, so that nothing is left to be written, and to fail, when it is closed
            self._file = path.open("ab", buffering=0)
        except OSError as error:
            raise _unwritable(path, error) from error

    def write(self, step: int, measures: Mapping[str, float | str]) -> None:
        """Add the line of a step.

        Args:
            step: Its number.
            measures: What was measured in it, and what is to be said of it.

        Raises:
            RunError: If it cannot be written.
        """
        line = (json.dumps({"step": step, **measures}) + "\n").encode()
        try:
            if self._file.write(line) < len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            raise _unwritable(self.path, error) from error

    def settle(self) -> None:
        """Wait until all lines are on the disk: before a checkpoint, so that no loss of power puts it ahead of them.

        Raises:
            RunError: If the operating system refuses it.
        """
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            raise _unwritable(self.path, error) from error

    def _up_to(self, step: int) -> list[bytes]:
        kept = []
        for number, line in enumerate(_whole_lines(self.path), 1):
            record = _read(self.path, line, number)
            if record["step"] <= step:
                kept.append(line)
                self.recent.append(record)
        return kept

    def __enter__(self) -> Log:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def _whole_lines(path: Path) -> list[bytes]:
    """Return the lines of a log without one at the end that is torn: the machine went down in the middle of it."""
    try:
        lines = path.read_bytes().splitlines(keepends=True)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _unwritable(path, error) from error
    return lines if not lines or lines[-1].endswith(b"\n") else lines[:-1]


def _read(path: Path, line: bytes, number: int) -> dict[str, Any]:
    """Return what a line says.

    Raises:
        RunError: If it is not one of ours.
    """
    try:
        record = json.loads(line)
        return {**record, "step": int(record["step"])}
    except (ValueError, KeyError, TypeError) as error:
        raise _strange(path, number) from error


def _unwritable(path: Path, error: OSError) -> RunError:
    return RunError(
        Diagnosis(
            "train",
            "run",
            given=str(path),
            legal="a file that can be written to, on a disk with room",
            problem=f"{path} cannot be written: {error.strerror or error}.",
            reason="every step is logged; the checkpoints written before are as they were",
            remedy=f"make room there or let yourself write there, then: dcgan train --resume {shlex.quote(str(path.parent))}",
        )
    )


def _strange(path: Path, number: int) -> RunError:
    return RunError(
        Diagnosis(
            "resume",
            "run",
            given=str(path),
            legal="one JSON object with a step in each line",
            problem=f"line {number} of {path} is not a line of a log.",
            reason="lines after the last checkpoint are taken out before it goes on, so each must say its step",
            remedy=f"mend or delete line {number} of {path}",
        )
    )
