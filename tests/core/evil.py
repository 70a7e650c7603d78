"""Values that nobody should pass and somebody does: broken, endless, enormous, or not what they say they are."""

from __future__ import annotations

import decimal
import fractions
import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np


class Broken:
    """Every question that it is asked raises."""

    def _raise(self, *_: Any) -> Any:
        raise RuntimeError("broken")

    __index__ = __int__ = __float__ = __len__ = __iter__ = __getitem__ = __contains__ = __bool__ = _raise
    __repr__ = __str__ = __format__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __hash__ = _raise


class Unfathomable:
    """Even its attributes and its class raise."""

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError(name)


class Classless:
    """`isinstance` of it raises."""

    @property
    def __class__(self) -> Any:
        raise RuntimeError("class")


class _Meta(type):
    @property
    def __name__(cls) -> Any:
        raise RuntimeError("name")

    def __repr__(cls) -> Any:
        raise RuntimeError("repr")


class Nameless(metaclass=_Meta):
    """Its type has no name."""


class Endless:
    """A sequence that says it has four entries and never ends."""

    def __len__(self) -> int:
        return 4

    def __iter__(self) -> Iterator[int]:
        return itertools.count(1)


class EndlessTuple(tuple):
    """A tuple that never ends."""

    def __iter__(self) -> Iterator[int]:
        return itertools.count(1)


class LyingTuple(tuple):
    """A tuple whose questions raise."""

    def _raise(self, *_: Any) -> Any:
        raise RuntimeError("lying")

    __len__ = __getitem__ = __iter__ = __eq__ = __hash__ = __repr__ = _raise


class LyingList(list):
    """A list whose length is another's."""

    def __len__(self) -> int:
        return 2**62

    def __iter__(self) -> Iterator[Any]:
        raise RuntimeError("lying")


class LyingInt(int):
    """A whole number that is one thing to `==` and another to `<`."""

    def _raise(self, *_: Any) -> Any:
        raise RuntimeError("lying")

    __index__ = __int__ = __repr__ = __str__ = __format__ = __eq__ = __lt__ = __le__ = __gt__ = __ge__ = (
        _raise
    )
    __mod__ = __floordiv__ = __sub__ = __add__ = __mul__ = __neg__ = __abs__ = _raise
    __hash__ = int.__hash__


class LyingStr(str):
    """Text whose every method raises."""

    def _raise(self, *_: Any) -> Any:
        raise RuntimeError("lying")

    upper = strip = isidentifier = isprintable = __len__ = __getitem__ = __eq__ = __hash__ = __format__ = (
        __str__
    ) = _raise
    __contains__ = __iter__ = split = lower = __repr__ = _raise


class LyingFloat(float):
    """A float whose every method raises."""

    def _raise(self, *_: Any) -> Any:
        raise RuntimeError("lying")

    __float__ = __lt__ = __le__ = __gt__ = __ge__ = __eq__ = __repr__ = __rtruediv__ = __floordiv__ = (
        __round__
    ) = _raise
    __hash__ = float.__hash__


class IndexIsText:
    """`__index__` and the rest return what they must not."""

    def _text(self) -> Any:
        return "3"

    __index__ = __float__ = __len__ = __iter__ = __repr__ = _text


class ReprOfStrangers:
    """Its repr is text whose methods raise."""

    def __repr__(self) -> str:
        return LyingStr("strange")


class ReprOfManyLines:
    """Its repr has every kind of line end and control character."""

    def __repr__(self) -> str:
        return "a\nb\rc\x0bd\x1b[31m\x00\ud800\u2028e"


class EndlessRepr:
    """Its repr calls itself."""

    def __repr__(self) -> str:
        return f"<{self!r}>"


class LongRepr:
    """Its repr is a million characters."""

    def __repr__(self) -> str:
        return "y" * 10**6


class Script:
    """Its repr is HTML."""

    def __repr__(self) -> str:
        return "<script>alert(1)</script>"


def _deep(levels: int) -> list[Any]:
    deep: list[Any] = []
    for _ in range(levels):
        deep = [deep]
    return deep


_self_containing: list[Any] = [1, 2]
_self_containing.append(_self_containing)
_self_containing_dict: dict[Any, Any] = {}
_self_containing_dict["self"] = _self_containing_dict

#: Plain values that are wrong in most places.
PLAIN: tuple[Any, ...] = (
    0, 1, 2, 3, 5, 64, -1, -2, -(2**63), 2**31, 2**32 + 6, 2**63 - 1, 2**63, 2**64, 10**4999, -(10**4999),
    0.5, 1 / 3, 2.0, 2.5, -0.0, 5e-324, 1e308, math.nan, math.inf, -math.inf, 1j, True, False, None, Ellipsis, NotImplemented,
    "N", "SAME", "valid", "same ", "EXPLICIT", "NCHW", "2", "2.5", "-1", " ", "", "8,8", "N,8,8,64", "(None, 8, 8, 64)", "\x00",
    "<script>alert(1)</script>", "x" * 100_000, "9" * 10_000, b"SAME", b"2", bytearray(b"ab"), memoryview(b"abcd"),
    (), [], {}, set(), {1}, frozenset({1}), (None,) * 4, ("N",) * 4, [[1, 1], [1, 1]], ((1, 1), (1, -1)), [1] * 1000, ((((),),),),
    range(4), range(10**18), range(4, 0, -1), slice(2), lambda: 0, int, len, object(), type("A\nB", (), {})(),
    type("T" * 100_000, (), {})(), decimal.Decimal("2"), decimal.Decimal("1e999999"), decimal.Decimal("sNaN"),
    fractions.Fraction(1, 2), fractions.Fraction(10**4999, 3),
)  # fmt: skip
#: NumPy's.
ARRAYS: tuple[Any, ...] = (
    np.int64(4), np.uint64(2**63), np.float64(2.0), np.float32(0.5), np.bool_(True), np.str_("SAME"), np.str_("2"), np.nan,
    np.array(5), np.array(2.5), np.array([5]), np.array([2, 2]), np.array([2.0, 2.0]), np.array(["a", "b"]), np.array([None, 8]),
    np.zeros((2, 2), int), np.ones((4, 4)), np.array([]), np.empty((0, 2)), np.datetime64("2026-01-01"), np.complex128(1),
    np.zeros(2, dtype=[("a", "i4")]), np.ma.masked,
)  # fmt: skip
#: Objects that are broken on purpose.
OBJECTS: tuple[Any, ...] = (
    Broken(), Unfathomable(), Classless(), Nameless(), Nameless, Endless(), EndlessTuple((1, 2)), LyingTuple((1, 2)),
    LyingList([1, 2]), LyingInt(3), LyingStr("SAME"), LyingStr("N"), LyingFloat(0.5), IndexIsText(), ReprOfStrangers(),
    ReprOfManyLines(), EndlessRepr(), LongRepr(), Script(), _deep(5000), _self_containing, _self_containing_dict,
)  # fmt: skip


def once() -> tuple[Any, ...]:
    """Return values that are used up by reading them."""
    return (
        itertools.count(),
        iter([1, 2]),
        (n for n in (8, 8)),
        map(int, "88"),
        zip((1,), (1,), strict=True),
    )


EVERYTHING = (*PLAIN, *ARRAYS, *OBJECTS)
