"""Work that goes on in a thread while what came of it before is used."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def one_ahead(stream: Iterator[T]) -> Iterator[T]:
    """Yield the same, each made while the one before it is used.

    A plain thread, not tf.data: dropping a tf.data iterator whose generator is written in Python, while it fetches ahead,
    was seen to hang for ever (TensorFlow 2.21).

    Args:
        stream: What is made; an error in it comes where its result would have.

    >>> list(one_ahead(iter("abc")))
    ['a', 'b', 'c']
    """
    with ThreadPoolExecutor(1) as worker:
        coming = worker.submit(_next, stream)
        while found := coming.result():
            coming = worker.submit(_next, stream)
            yield found[0]


def _next(stream: Iterator[T]) -> tuple[T, ...]:
    """Return what comes next, alone; nothing at the end, which a StopIteration could not say through a future."""
    for found in stream:
        return (found,)
    return ()
