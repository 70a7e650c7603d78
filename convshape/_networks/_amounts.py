"""Whole numbers that programs work out from sizes: ``h - h // 2``, ``x.size(0)``, what a Shape and a Gather pick.

An amount is a constant and multiples of atoms, so that what cancels is gone: where ``d = b - a``, the program's
``a + d // 2 + (d - d // 2)`` is ``b``. Atoms are a size of an input, a quotient of an amount, or a product of two.
"""

from __future__ import annotations

from convshape._frozen import Frozen
from convshape._networks._atoms import Lesser, Quotient, Scaled, Size, Times, inside
from convshape._networks._forms import Form, form
from convshape._networks._moves import Move

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from convshape._networks._atoms import Atom
    from convshape._networks._block import Entries, Entry
    from convshape._shapes import Shape


class Amount(Frozen):
    """``plus`` and the sum of ``times * atom`` over ``terms``; made by the functions below."""

    __slots__ = ("parts", "plus", "terms")
    _fields = ("plus", "terms")
    plus: int
    terms: tuple[tuple[int, Atom], ...]
    parts: int  # how long it would be if it were written down

    def __init__(self, plus: int, terms: tuple[tuple[int, Atom], ...] = ()) -> None:
        parts = sum(1 + sum(one.parts for one in inside(atom)) for _, atom in terms)
        self._set(plus=plus, terms=terms, parts=parts)

    @property
    def number(self) -> int | None:
        """The number that it is, whatever the sizes; None where it depends on them."""
        return None if self.terms else self.plus

    @property
    def size(self) -> Size | None:
        """The size that it is, where it is just one."""
        if self.plus == 0 and len(self.terms) == 1 and self.terms[0][0] == 1:
            atom = self.terms[0][1]
            return atom if isinstance(atom, Size) else None
        return None

    def at(self, shapes: tuple[Shape, ...]) -> int | None:
        """Return the number for shapes of the inputs; None where a size is not known."""
        total = self.plus
        for times, atom in self.terms:
            value = _atom_at(atom, shapes)
            if value is None:
                return None
            total += times * value
        return total

    def entry(self, entries: tuple[Entries, ...]) -> Entry:
        """Return what it is in a shape that has names: a number, a name, a closed form, or None."""
        own = self.size
        if own is not None:
            return entries[own.source][own.axis]
        plain = tuple(tuple(one if type(one) is int else None for one in each) for each in entries)
        number = self.at(plain)
        if number is not None or len(self.terms) != 1:
            return number
        times, atom = self.terms[0]
        inner: Entry = None
        if isinstance(atom, Size):
            inner = entries[atom.source][atom.axis]
        elif isinstance(atom, Quotient) and not atom.trunc:
            within = atom.inner.entry(entries)
            inner = form(within, 1, 0, atom.over) if isinstance(within, Form) else None
        return form(inner, times, self.plus, 1) if isinstance(inner, Form) else None

    def move(self, source: int, axis: int, least: int) -> Move | None:
        """Return what happens to this size alone on its way to the amount; None where others have a say."""
        if not self.terms:
            return Move(0, self.plus)
        if len(self.terms) > 1:
            return None
        times, atom = self.terms[0]
        if atom == Size(source, axis) and times > 0:
            return Move(times, self.plus, 1, least)
        if isinstance(atom, Quotient) and not atom.trunc and times == 1:
            within = atom.inner.move(source, axis, least)
            if within is not None and within.over == 1:
                return Move(within.times, within.plus + self.plus * atom.over, atom.over, least)
        return None

    def sources(self) -> set[int]:
        """Return the inputs whose sizes it asks for."""
        found: set[int] = set()
        for _, atom in self.terms:
            found |= (
                {atom.source}
                if isinstance(atom, Size)
                else {*()}.union(*(one.sources() for one in inside(atom)))
            )
        return found

    def renumbered(self, places: Mapping[int, int]) -> Amount:
        """Return the amount with other numbers for the inputs."""
        return self.exchanged(lambda atom: Amount(0, ((1, Size(places[atom.source], atom.axis)),)))

    def exchanged(self, change: Callable[[Size], Amount]) -> Amount:
        """Return the amount with other amounts in the place of its sizes."""
        total = Amount(self.plus)
        for times, atom in self.terms:
            if isinstance(atom, Size):
                one = change(atom)
            elif isinstance(atom, Quotient):
                one = divided(atom.inner.exchanged(change), atom.over, atom.trunc)
            elif isinstance(atom, Scaled):
                one = scaled(atom.inner.exchanged(change), atom.factor, atom.single)
            elif isinstance(atom, Lesser):
                one = lesser(atom.first.exchanged(change), atom.second.exchanged(change))
            else:
                one = product(atom.first.exchanged(change), atom.second.exchanged(change))
            total = plus(total, product(Amount(times), one))
        return total


def amount(value: int) -> Amount:
    """Return a plain number as an amount."""
    return Amount(value)


def size_of(source: int, axis: int) -> Amount:
    """Return one size of an input."""
    return Amount(0, ((1, Size(source, axis)),))


def plus(first: Amount, second: Amount, times: int = 1) -> Amount:
    """Return ``first + times * second``."""
    terms = {atom: count for count, atom in first.terms}
    for count, atom in second.terms:
        terms[atom] = terms.get(atom, 0) + times * count
    kept = tuple((count, atom) for atom, count in terms.items() if count)
    return Amount(first.plus + times * second.plus, kept)


def product(first: Amount, second: Amount) -> Amount:
    """Return the product of both."""
    for one, other in ((first, second), (second, first)):
        if one.number is not None:
            return plus(Amount(0), other, one.number)
    return Amount(0, ((1, Times(first, second)),))


def divided(first: Amount, over: int, trunc: bool = False) -> Amount:
    """Return ``first / over``, rounded down, or with ``trunc`` towards zero; ``over`` is at least 1."""
    if all(times % over == 0 for times, _ in first.terms) and (not trunc or first.plus % over == 0):
        return Amount(first.plus // over, tuple((times // over, atom) for times, atom in first.terms))
    if first.number is not None:
        return Amount(_quotient(first.number, over, trunc))
    if not trunc and all(times < 0 for times, _ in first.terms):  # -(-h // 2) is (h + 1) // 2
        return plus(Amount(0), divided(plus(Amount(over - 1), first, -1), over), -1)
    positive = first.plus >= 0 and all(times > 0 and isinstance(atom, Size) for times, atom in first.terms)
    return Amount(0, ((1, Quotient(first, over, trunc and not positive)),))


def lesser(first: Amount, second: Amount) -> Amount:
    """Return the smaller of both."""
    apart = plus(first, second, -1).number
    if apart is not None:
        return second if apart > 0 else first
    return Amount(0, ((1, Lesser(first, second)),))


def scaled(first: Amount, factor: float, single: bool = False) -> Amount:
    """Return ``first * factor`` rounded down; a factor of few binary digits is a quotient, and exact."""
    over, times = factor.as_integer_ratio()[::-1]
    if over <= 1024 and times <= 1 << 20:
        return divided(product(Amount(times), first), over)
    atom = Scaled(first, factor, single)
    return Amount(0, ((1, atom),)) if first.number is None else Amount(atom.at(first.number))


def least_of(first: Amount) -> int | None:
    """Return a number that an amount is never below, as every size is at least 1; None where there may be none."""
    total = first.plus
    for times, atom in first.terms:
        lows = [least_of(one) for one in inside(atom)]
        if times < 0 or None in lows or any(low < 0 for low in lows):  # type: ignore[operator]
            return None
        total += times * (1 if isinstance(atom, Size) else _of(atom, lows))  # type: ignore[arg-type]
    return total


def _quotient(number: int, over: int, trunc: bool) -> int:
    return -(-number // over) if trunc and number < 0 else number // over


def _atom_at(atom: Atom, shapes: tuple[Shape, ...]) -> int | None:
    if isinstance(atom, Size):
        found = shapes[atom.source][atom.axis]
        return found if isinstance(found, int) else None
    values = [one.at(shapes) for one in inside(atom)]
    return None if None in values else _of(atom, values)  # type: ignore[arg-type]


def _of(atom: Atom, values: list[int]) -> int:
    """Return what an atom is for numbers in the place of the amounts in it."""
    if isinstance(atom, Scaled):
        return atom.at(values[0])
    if isinstance(atom, Quotient):
        return _quotient(values[0], atom.over, atom.trunc)
    return min(values) if isinstance(atom, Lesser) else values[0] * values[1]
