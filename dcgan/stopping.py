"""Stopping between two steps instead of in the middle of one."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stop_on_signal() -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl-C, or request to terminate, into an answer; a second one works as it always does.

    Yields:
        A function which says whether it has come.

    >>> with stop_on_signal() as stopped:
    ...     stopped()
    False
    """
    came: list[int] = []
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def remember(number: int, frame: FrameType | None) -> None:
        came.append(number)
        restore()
        print("\nstopping after this step, with a checkpoint (once more: at once, without)", file=sys.stderr)

    for number in SIGNALS:
        signal.signal(number, remember)
    try:
        yield lambda: bool(came)
    finally:
        restore()
