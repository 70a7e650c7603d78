"""What amounts are made of: a size of an input, a quotient, a product, a minimum, a multiple that is rounded down."""

from __future__ import annotations

from convshape._frozen import Frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from convshape._networks._amounts import Amount

    Atom: TypeAlias = "Size | Quotient | Times | Lesser | Scaled"


class Size(Frozen):
    """The size of one axis of one of several inputs."""

    __slots__ = ("axis", "source")
    _fields = ("source", "axis")
    source: int
    axis: int

    def __init__(self, source: int, axis: int) -> None:
        self._set(source=source, axis=axis)


class Quotient(Frozen):
    """``inner / over`` rounded down, or with ``trunc`` towards zero."""

    __slots__ = ("inner", "over", "trunc")
    _fields = ("inner", "over", "trunc")
    inner: Amount
    over: int
    trunc: bool

    def __init__(self, inner: Amount, over: int, trunc: bool = False) -> None:
        self._set(inner=inner, over=over, trunc=trunc)


class Lesser(Frozen):
    """The smaller of two amounts."""

    __slots__ = ("first", "second")
    _fields = ("first", "second")
    first: Amount
    second: Amount

    def __init__(self, first: Amount, second: Amount) -> None:
        self._set(first=first, second=second)


class Times(Frozen):
    """The product of two amounts."""

    __slots__ = ("first", "second")
    _fields = ("first", "second")
    first: Amount
    second: Amount

    def __init__(self, first: Amount, second: Amount) -> None:
        self._set(first=first, second=second)


class Scaled(Frozen):
    """``inner * factor`` rounded down as an engine rounds: of doubles, or with ``single`` of floats of 32 bits."""

    __slots__ = ("factor", "inner", "single")
    _fields = ("inner", "factor", "single")
    inner: Amount
    factor: float
    single: bool

    def __init__(self, inner: Amount, factor: float, single: bool = False) -> None:
        self._set(inner=inner, factor=factor, single=single)

    def at(self, number: int) -> int:
        """Return the result for a number."""
        result = float(number) * self.factor
        if self.single:
            from struct import pack, unpack

            (size,) = unpack("f", pack("f", number))
            (result,) = unpack("f", pack("f", size * self.factor))
        return int(result // 1)


def inside(atom: Atom) -> tuple[Amount, ...]:
    if isinstance(atom, Size):
        return ()
    return (atom.first, atom.second) if isinstance(atom, Times | Lesser) else (atom.inner,)
