"""log.jsonl: one JSON object a line, one line a step, none twice and none lost."""

from __future__ import annotations

import errno
import json
import os
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from dcgan.errors import Diagnosis, RunError
from dcgan.files import replacing


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

    def _up_to(self, step: int) -> list[bytes]:
        lines = self.path.read_bytes().splitlines(keepends=True)
        if lines and not lines[-1].endswith(b"\n"):
            lines.pop()  # the machine went down in the middle of it
        kept = []
        for number, line in enumerate(lines, 1):
            record = self._read(line, number)
            if record["step"] <= step:
                kept.append(line)
                self.recent.append(record)
        return kept

    def _read(self, line: bytes, number: int) -> dict[str, Any]:
        try:
            record = json.loads(line)
            return {**record, "step": int(record["step"])}
        except (ValueError, KeyError, TypeError) as error:
            raise _strange(self.path, number) from error

    def __enter__(self) -> Log:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def _unwritable(path: Path, error: OSError) -> RunError:
    return RunError(
        Diagnosis(
            "train",
            "run",
            given=str(path),
            legal="a file that can be written to, on a disk with room",
            problem=f"{path} cannot be written: {error.strerror or error}.",
            reason="every step is logged; the checkpoints written before are as they were",
            remedy=f"make room there or let yourself write there, then: dcgan train --resume {path.parent}",
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
