"""Stopping between two steps instead of in the middle of one; and ending, when told to, with all doors closed."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SAID = b"\nstopping after this step, with a checkpoint (once more: at once, without)\n"


class Stop:
    """Whether a signal has come to stop, and which; called, it says whether.

    Attributes:
        number: Of the signal; None while none has come.
    """

    def __init__(self) -> None:
        self.number: int | None = None

    def __call__(self) -> bool:
        """Whether it has come."""
        return self.number is not None


@contextmanager
def stop_on_signal() -> Iterator[Stop]:
    """Turn the first Ctrl-C, or request to terminate, into an answer; a second one works as it always does.

    Yields:
        What says whether it has come.

    >>> with stop_on_signal() as stopped:
    ...     stopped()
    False
    """
    stop = Stop()
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def remember(number: int, frame: FrameType | None) -> None:
        stop.number = number
        _restore(before)
        # not print: a signal may come in the middle of another one, and it would refuse to be entered twice
        with suppress(OSError):  # nobody is there to hear it: Ctrl-C ends a pipe's other end too
            os.write(2, _SAID)

    with _handling(dict.fromkeys(SIGNALS, remember), before):
        yield stop


@contextmanager
def ending_on_terminate() -> Iterator[None]:
    """Turn a request to terminate into the end of this block and of the process, with the exit code of one.

    What is open is closed on the way, as after Ctrl-C.

    Raises:
        SystemExit: In the main thread, when it comes.
    """

    def end(number: int, frame: FrameType | None) -> None:
        sys.exit(exit_code(number))

    number = signal.SIGTERM
    with _handling({number: end}, {number: signal.getsignal(number)}):
        yield


def exit_code(number: int) -> int:
    """Return what shells say of a process that a signal has ended.

    >>> exit_code(signal.SIGINT), exit_code(signal.SIGTERM)
    (130, 143)
    """
    return 128 + number


@contextmanager
def _handling(handlers: dict[signal.Signals, Callable[..., Any]], before: dict[Any, Any]) -> Iterator[None]:
    for number, handler in handlers.items():
        signal.signal(number, handler)
    try:
        yield
    finally:
        _restore(before)


def _restore(handlers: dict[Any, Any]) -> None:
    for number, handler in handlers.items():
        signal.signal(number, handler)
