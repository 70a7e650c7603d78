"""Reading what people pass, one value at a time: whole numbers and sequences, whatever type they come in.

Foreign objects are asked only for ``__index__``, ``__len__`` and ``__iter__``, and anything that they raise
is taken as a "no": no input may crash or hang a check.
"""

from __future__ import annotations

from itertools import islice

from convshape._errors import ArgumentError, SizeError
from convshape._refusals import Refusal, Suggestion
from convshape._show import INT64_MAX, is_bool, kind_of, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeGuard, TypeVar

    T = TypeVar("T")

# No shape, stride or padding has more entries; a longer sequence is not read to its end.
_MOST_ENTRIES = 16
_NOT_SEQUENCES = (str, bytes, bytearray, dict, set, frozenset)


def as_index(value: object) -> int | None:
    """Return ``value`` as a plain int if it is a whole number (NumPy's included), else None; bools are none."""
    if type(value) is int:
        return value
    if is_bool(value) or issubclass(type(value), str):
        return None
    try:
        number = value.__index__()  # type: ignore[attr-defined]
        return number if type(number) is int else None
    except Exception:  # noqa: BLE001 - a foreign __index__ may raise anything; then this is no whole number
        return None


def is_a(value: object, kind: type[T]) -> TypeGuard[T]:
    """Return whether ``value`` is of a class; ``isinstance`` would ask the object, which may answer anything."""
    return issubclass(type(value), kind)


def as_text(value: object) -> str | None:
    """Return ``value`` as a plain str if it is one (an enum's or NumPy's included), else None."""
    return str.__str__(value) if issubclass(type(value), str) else None


def is_name(value: object) -> bool:
    """Return whether ``value`` can name a batch: one word, such as ``"N"``."""
    return type(value) is str and value.isidentifier()


def as_entries(value: object) -> tuple[object, ...] | None:
    """Return the entries of a sized sequence (tuple, list, array, ``TensorShape``), or None if it is none.

    A sequence longer than any shape comes back cut, still too long to be taken for one.
    """
    if type(value) in (tuple, list):
        return tuple(value[:_MOST_ENTRIES])  # type: ignore[index]
    if issubclass(type(value), _NOT_SEQUENCES):
        return None
    try:
        len(value)  # type: ignore[arg-type]  # generators are used up by reading, so only sized things are read
        return tuple(islice(iter(value), _MOST_ENTRIES))  # type: ignore[call-overload]
    except Exception:  # noqa: BLE001 - a foreign __len__ or __iter__ may raise anything; then this is no sequence
        return None


def near_integers(value: object) -> tuple[int, ...]:
    """Return the whole numbers that somebody who wrote ``value`` may have meant, likeliest first."""
    number = _number_in(value)
    if number is None or not abs(number) <= INT64_MAX:  # written so that NaN is none either
        return ()
    below = int(number // 1)
    return (below,) if below == number else (below, below + 1)


def _number_in(value: object) -> float | int | None:
    if type(value) is int:
        return value
    whole = is_bool(value) or issubclass(type(value), int)
    try:
        return (int if whole else float)(value)  # type: ignore[arg-type,call-overload]
    except Exception:  # noqa: BLE001 - a foreign __int__ or __float__ may raise anything; then there is no number
        return None


def shape_in_text(value: object) -> tuple[object, ...] | None:
    """Return the shape that a string such as ``"N,8,8,64"`` or ``"(None, 8, 8, 64)"`` spells, if it does."""
    if type(value) is not str or len(value) > 200:
        return None
    entries: list[object] = []
    for word in map(str.strip, value.strip().strip("()[]").split(",")):
        if word.isascii() and word.isdigit() and len(word) < 20:
            entries.append(int(word))
        elif word == "None":
            entries.append(None)
        elif word.isidentifier():
            entries.append(word)
        elif word:
            return None
    return tuple(entries) if len(entries) > 1 else None


def replace(entries: tuple[object, ...], position: int, entry: object) -> tuple[object, ...]:
    """Return ``entries`` with one of them exchanged."""
    return (*entries[:position], entry, *entries[position + 1 :])


def why_not_whole(value: object, what: str) -> str:
    """Return why ``value`` cannot stand for ``what`` (a size, a stride), in a sentence."""
    if is_bool(value):
        return (
            f"to Python True and False are 1 and 0, so TensorFlow takes them in silence; {what} is a number."
        )
    if value is None:
        return f"None stands for a size that is not known; {what} must be known."
    if type(value) is str:
        return f"{what} is a whole number, not text."
    if near_integers(value):
        return f"{what} is a whole number; TensorFlow truncates a float or fails, so none is rounded here."
    return f"{what} is a whole number."


def read_whole(argument: str, value: object, *, what: str, least: int) -> int:
    """Return a single whole number of at least ``least``, or refuse it."""
    number = as_index(value)
    if number is not None and least <= number <= INT64_MAX:
        return number
    if number is None:
        meant, reason = near_integers(value) or (least,), why_not_whole(value, what)
        problem = f"{argument} is {kind_of(value)}."
    else:
        meant = (-number, least) if number < 0 else (least,)
        reason = f"{what} is at least {least} and at most 2**63 - 1."
        problem = f"{argument} is {show(number)}."
    raise Refusal(
        argument,
        given=value,
        problem=problem,
        legal=f"a whole number, {least} or more",
        reason=reason,
        kind=SizeError if number is not None and number > INT64_MAX else ArgumentError,
        suggestions=tuple(
            Suggestion({argument: choice}, "without the sign" if number == -choice else "")
            for choice in meant
            if choice >= least
        ),
    )
