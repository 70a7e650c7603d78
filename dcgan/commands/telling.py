"""What is said on the terminal: it may be to nobody, and of files whose names are no text."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import IO, Any


class _Telling:
    """A stream that goes on when nobody is at its other end."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever streams have
        return getattr(self._stream, name)


@contextmanager
def heard_or_not() -> Iterator[None]:
    """Let no work end because of what is said of it: ``dcgan train | tee log`` goes on without ``tee``.

    Ctrl-C ends both ends of a pipe, and the training has its checkpoint to write then.
    """
    streams = (sys.stdout, sys.stderr)
    with redirect_stdout(_Telling(streams[0])), redirect_stderr(_Telling(streams[1])):  # type: ignore[type-var]
        yield
    for stream in streams:
        try:
            stream.flush()
        except OSError:
            # what it still holds would be tried again at the end of the process, whose exit code would be of that
            with (
                suppress(io.UnsupportedOperation),
                Path(os.devnull).open("wb") as nowhere,
            ):  # there may be no file below
                os.dup2(nowhere.fileno(), stream.fileno())


@contextmanager
def any_name() -> Iterator[None]:
    """Let names of files that are no text be printed, their bytes escaped."""
    stream = sys.stdout
    if not hasattr(stream, "reconfigure"):  # a notebook's, or a test's
        yield
        return
    before = stream.errors
    stream.reconfigure(errors="backslashreplace")
    try:
        yield
    finally:
        stream.reconfigure(errors=before)
