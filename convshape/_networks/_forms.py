"""Sizes that have a name: closed forms such as ``2*ceil(H/2)``, kept as short as they can be.

Every layer maps a size ``i`` to ``floor((times * i + plus) / over)``, so a closed form is that of a name, or of
another form where nothing cancels. Floors nest: ``floor((floor(u / m) + c) / n) = floor((u + c * m) / (m * n))``.
"""

from __future__ import annotations

from math import gcd

from convshape._frozen import Frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Form(Frozen):
    """``floor((times * inner + plus) / over)`` of a name or another form; made by :func:`form`."""

    __slots__ = ("inner", "over", "plus", "times")
    _fields = ("inner", "times", "plus", "over")
    inner: str | Form
    times: int
    plus: int
    over: int

    def __init__(self, inner: str | Form, times: int = 1, plus: int = 0, over: int = 1) -> None:
        self._set(inner=inner, times=times, plus=plus, over=over)

    @property
    def name(self) -> str:
        """The name that the form is of."""
        return self.inner if isinstance(self.inner, str) else self.inner.name

    def at(self, size: int) -> int:
        """Return the size for one of its name."""
        inner = size if isinstance(self.inner, str) else self.inner.at(size)
        return (self.times * inner + self.plus) // self.over

    def of(self, inner: Form) -> Form | int:
        """Return this form of another one in the place of its name."""
        within = inner if isinstance(self.inner, str) else self.inner.of(inner)
        if isinstance(within, int):
            return (self.times * within + self.plus) // self.over
        return form(within, self.times, self.plus, self.over)

    def rates(self) -> tuple[int, int]:
        """Return period and growth: ``at(size + period) == at(size) + growth``."""
        period, growth = (1, 1) if isinstance(self.inner, str) else self.inner.rates()
        return grown(period, growth, self.times, self.over)

    def __str__(self) -> str:
        return min(_writings(self), key=lambda text: (len(text), "floor" in text))


class Product(Frozen):
    """What flattening makes of sizes with a name: a number times forms."""

    __slots__ = ("factor", "forms")
    _fields = ("factor", "forms")
    factor: int
    forms: tuple[Form, ...]

    def __init__(self, factor: int, forms: tuple[Form, ...]) -> None:
        self._set(factor=factor, forms=forms)

    def at(self, sizes: Mapping[str, int]) -> int:
        """Return the number for sizes of the names."""
        number = self.factor
        for each in self.forms:
            number *= each.at(sizes[each.name])
        return number

    def __str__(self) -> str:
        texts = [text if _is_atom(text) else f"({text})" for text in map(str, self.forms)]
        return "*".join([*([] if self.factor == 1 else [str(self.factor)]), *texts])


def grown(period: int, growth: int, times: int, over: int) -> tuple[int, int]:
    """Return period and growth after ``floor((times * i + plus) / over)``."""
    longer = over // gcd(growth * times, over)
    return period * longer, growth * longer * times // over


def form(inner: str | Form, times: int = 1, plus: int = 0, over: int = 1) -> Form | int:
    """Return ``floor((times * inner + plus) / over)`` with all cancelled that cancels."""
    if times == 0:
        return plus // over
    common = gcd(times, over)
    times, plus, over = times // common, plus // common, over // common
    if isinstance(inner, Form):
        if times == 1:
            return form(inner.inner, inner.times, inner.plus + inner.over * plus, inner.over * over)
        if inner.over == 1:
            return form(inner.inner, times * inner.times, times * inner.plus + plus, over)
    return Form(inner, times, plus, over)


def _writings(of: Form) -> list[str]:
    inner = str(of.inner)
    if not _is_atom(inner) and of.times != 1:
        inner = f"({inner})"
    scaled = inner if of.times == 1 else f"{of.times}*{inner}"
    if of.over == 1:
        return [_plus(scaled, of.plus)]
    outside, inside = divmod(of.plus, of.over)
    up = of.plus - of.over + 1  # floor((u + over - 1) / over) is ceil(u / over)
    out_up, in_up = divmod(up, of.over)
    return [
        _plus(f"{word}({_over(_plus(scaled, within), of.over)})", beside)
        for word, within, beside in (
            ("floor", inside, outside),
            ("floor", of.plus, 0),
            ("ceil", in_up, out_up),
            ("ceil", up, 0),
        )
    ]


def _plus(text: str, number: int) -> str:
    return text if number == 0 else f"{text} {'-' if number < 0 else '+'} {abs(number)}"


def _over(text: str, over: int) -> str:
    return f"({text})/{over}" if " " in text else f"{text}/{over}"


def _is_atom(text: str) -> bool:
    """Return whether a text binds more tightly than a product: a name, or one function's brackets."""
    if text.isidentifier():
        return True
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and letter == ")":
            return place == len(text) - 1 and text.startswith(("floor(", "ceil("))
        if depth == 0 and not letter.isidentifier():
            return False
    return False
