"""Specs, layers and containers of them as Python that can be typed in: what is at its default is left out."""

from __future__ import annotations

from convshape._errors import ShapeError
from convshape._frozen import Frozen
from convshape._show import INT64_MAX, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LONGEST = 300  # letters: whatever is longer is no line that somebody types
_MOST_ENTRIES = 8  # as many as are shown
_LONGEST_WORD = 40


def can_be_typed(value: object, depth: int = 0) -> bool:
    """Return whether the code that ``show`` gives for a value makes it, and is short enough to be read."""
    kind = type(value)
    if kind is int:
        return abs(value) <= INT64_MAX  # type: ignore[arg-type]
    if kind is str:
        return len(value) <= _LONGEST_WORD and value.isprintable()  # type: ignore[arg-type,attr-defined]
    if issubclass(kind, Frozen):
        return value._typed() is not None  # type: ignore[attr-defined]
    if kind in (tuple, list, dict):
        entries: Any = value
        inside = [*entries, *(entries.values() if kind is dict else ())]
        if (
            len(entries) > _MOST_ENTRIES
            or depth > 1
            or not all(can_be_typed(one, depth + 1) for one in inside)
        ):
            return False
        return depth > 0 or len(show(value, code=True)) <= _LONGEST
    return value is None or kind in (bool, float)


def short(text: str) -> str | None:
    """Return a text that is no longer than what is read; None of any other."""
    return text if len(text) <= _LONGEST else None


def call_of(value: Frozen) -> str | None:
    """Return the call that makes a public value; None of others, and where it would be long."""
    kind: Any = type(value)
    home = str(kind.__module__)
    if home.partition(".")[0] != "convshape" or "._" in home:  # somebody's own, or one that nobody can import
        return None
    fields = value._values()
    if not all(map(can_be_typed, fields.values())):
        return None
    needed = [name for name in fields if name in _needed(kind)]
    try:
        others = kind(**{name: fields[name] for name in needed})._values()
    except ShapeError:  # what has a default is needed too, for these values
        others = {}
    words = [show(fields[name], code=True) for name in needed]
    words += [
        f"{name}={show(each, code=True)}"
        for name, each in fields.items()
        if name not in needed and (name not in others or others[name] != each)
    ]
    return short(f"{home.replace('convshape', 'cs', 1)}.{kind.__name__}({', '.join(words)})")


def _needed(kind: Any) -> tuple[str, ...]:  # noqa: ANN401 - a class of any constructor
    """Return the arguments of a class without which it cannot be made."""
    made = kind.__init__
    code = made.__code__
    positional = code.co_varnames[1 : code.co_argcount]
    named = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    free = len(made.__defaults__ or ())
    return (
        *positional[: len(positional) - free],
        *(name for name in named if name not in (made.__kwdefaults__ or {})),
    )
