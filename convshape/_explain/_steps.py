"""What the derivations of all layers share: a step, and how axes are told apart."""

from __future__ import annotations

from convshape._explain._lines import alike
from convshape._frozen import Frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from convshape._explain._lines import Line

UNKNOWN = "i"  # what a size that is not known is called in a formula


class Step(Frozen):
    """One step of a derivation.

    Attributes:
        label: What it is about, in a word or two.
        lines: What is derived, with the numbers, in sentences.
    """

    __slots__ = ("label", "lines")
    _fields = ("label", "lines")
    label: str
    lines: tuple[str, ...]

    def __init__(self, label: str, lines: tuple[str, ...]) -> None:
        self._set(label=label, lines=lines)


def step(label: str, *lines: str) -> Step:
    """Return a step; empty sentences are left out."""
    return Step(label, tuple(line for line in lines if line))


def each(label: str, lines: tuple[Line, ...], say: Callable[[Line], str]) -> Step:
    """Return a step that says the same of each axis, once where the numbers are the same."""
    groups: dict[str, list[str]] = {}
    for names, line in alike(lines):
        groups.setdefault(say(line), []).append(names)
    if len(groups) == 1:
        return step(label, *groups)
    return step(label, *(f"{', '.join(names)}: {said}" for said, names in groups.items() if said))


def size_of(line: Line) -> str:
    """Return an input's size for a formula."""
    return UNKNOWN if line.size is None else str(line.size)


def span(line: Line, what: str = "kernel") -> str:
    """Return what the kernel, or the window, spans, in a sentence."""
    if line.dilation == 1 or line.kernel == 1:
        return f"A {what} of {line.kernel} spans {elements(line.extent)}."
    return (
        f"{line.kernel} taps, {line.dilation} apart, span "
        f"({line.kernel} - 1) * {line.dilation} + 1 = {elements(line.extent)}."
    )


def elements(number: int) -> str:
    """Return a number of elements in words."""
    return "1 element" if number == 1 else f"{number} elements"


def unknown(lines: tuple[Line, ...]) -> str:
    """Return which sizes are not known, in a sentence, or nothing."""
    names = [line.name for line in lines if line.size is None]
    if not names:
        return ""
    return f"Not known: {', '.join(names)}, called {UNKNOWN} here."
