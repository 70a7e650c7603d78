"""What the dialects remember: never a value for another that is only equal to it."""

from __future__ import annotations

from typing import Any

import pytest

from convshape.frameworks import _known

VALUES: list[Any] = [
    1, True, 1.0, "1", None, (1, 1), [1, 1], (1, True), [1.0, 1], ((1, 0), (1, 0)), [[1, 0], [1, 0]],
    [(1, 0), (1, 0)], [[True, 0], [1, 0]], [[1.0, 0], [1, 0]], ([1, 0], [1, 0]), [[1, 0], (1, 0)], ("1", "1"),
]  # fmt: skip


def made(*arguments: Any) -> list[str]:
    """Return what it was given, told apart by type; a new list each time, so that what is remembered is seen."""
    return [repr(argument) for argument in arguments]


def as_tuples(value: Any) -> str:
    """Return a value as a maker sees it: a list of the call is a tuple, a list within one is left."""
    return repr(tuple(value) if type(value) is list else value)


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_each_value_gets_its_own_answer(value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_known, "_known", {})
    for other in VALUES:
        _known.recall(made, other, 2)
    for _ in range(2):
        assert _known.recall(made, value, 2) == [as_tuples(value), "2"]


@pytest.mark.parametrize("value", [1, (1, 1), [1, 1], ((1, 0), (1, 0)), [[1, 0], [1, 0]]], ids=repr)
def test_plain_values_are_remembered(value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_known, "_known", {})
    assert _known.recall(made, value) is _known.recall(made, value)


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    memory: dict[Any, Any] = {}
    monkeypatch.setattr(_known, "_known", memory)
    for number in range(2000):
        _known.recall(made, number)
        assert len(memory) <= 512
