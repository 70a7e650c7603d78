"""What a dialect call's plain arguments mean, worked out once: a call in a loop does not read its filter again.

As in the core's own memory, only values that are exactly ints, strings, bools, None or tuples of ints, of
strings or of tuples of ints are looked up, each together with its type, because ``True == 1 == 1.0`` for a dict.
What is remembered is frozen, so sharing it is not seen from outside.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    T = TypeVar("T")

_SIMPLE = {int, str, bool, type(None)}
_INTS = {int}
_FLAT = {int, str}
_MOST = 512
_known: dict[tuple[object, ...], Any] = {}


def recall(make: Callable[..., T], *arguments: object) -> T:
    """Return ``make(*arguments)``, made once where the arguments are plain; what ``make`` raises is not kept."""
    types = (*map(type, arguments),)
    for kind, value in zip(types, arguments):  # noqa: B905 - one is made of the other
        if kind not in _SIMPLE and (
            kind is not tuple or not ({*map(type, value)} <= _FLAT or _has_tuples(value))  # type: ignore[call-overload,arg-type]
        ):
            return make(*map(_plainer, arguments)) if kind is not list else _recall_lists(make, arguments)
    key = (make, arguments, types)
    found: T | None = _known.get(key)
    return _remember(key, make(*arguments)) if found is None else found


def _recall_lists(make: Callable[..., T], arguments: tuple[object, ...]) -> T:
    plain = tuple(map(_plainer, arguments))
    if not any(map(_has_lists, plain)):
        return recall(make, *plain)
    # [[0, 0], [1, 1]]: looked up as tuples that are known to have been lists, and made of the lists themselves
    frozen = tuple(tuple(map(tuple, value)) if _has_lists(value) else value for value in plain)  # type: ignore[call-overload]
    if not all(type(value) in _SIMPLE or type(value) is tuple for value in frozen):
        return make(*plain)
    if not all(
        {*map(type, value)} <= _FLAT or _has_tuples(value) for value in frozen if type(value) is tuple
    ):
        return make(*plain)
    key = (make, frozen, tuple(list if _has_lists(value) else type(value) for value in plain))
    found: T | None = _known.get(key)
    return _remember(key, make(*plain)) if found is None else found


def _has_tuples(value: tuple[object, ...]) -> bool:
    return {*map(type, value)} == {tuple} and all({*map(type, entry)} <= _INTS for entry in value)  # type: ignore[call-overload]


def _has_lists(value: object) -> bool:
    return type(value) is tuple and {*map(type, value)} == {list}


def _plainer(value: object) -> object:
    return tuple(value) if type(value) is list else value


def _remember(key: tuple[object, ...], made: T) -> T:
    if len(_known) >= _MOST:
        _known.clear()
    _known[key] = made
    return made
