"""One ahead: all of it, in order, errors in their place, and no thread left behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from dcgan.ahead import one_ahead


def counting(last: int, made: list[int]) -> Iterator[int]:
    for number in range(last):
        made.append(number)
        yield number
    raise OSError("the end")


def test_each_is_made_while_the_one_before_is_used():
    made: list[int] = []
    stream, seen = one_ahead(counting(4, made)), []
    with pytest.raises(OSError, match="the end"):
        for number in stream:
            while len(made) < min(number + 2, 4):  # the next one comes without being asked for
                pass
            seen.append(number)
    assert seen == made == [0, 1, 2, 3]


def test_what_is_false_is_no_end():
    assert list(one_ahead(iter([0, "", None]))) == [0, "", None]
    assert list(one_ahead(iter([]))) == []


def test_no_thread_outlives_one_that_is_dropped():
    before = threading.active_count()
    stream = one_ahead(iter(range(9)))
    assert next(stream) == 0 and threading.active_count() == before + 1
    stream.close()
    assert threading.active_count() == before
