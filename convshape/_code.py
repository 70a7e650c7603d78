"""Conversions as code that can be pasted: it takes ``x`` and ``weights``, and leaves ``y``."""

from __future__ import annotations

from convshape._layouts import channels_first

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_WIDEST = 100


def literal(value: object) -> str:
    """Return a value as Python: words in double quotation marks, lists and tuples of them, numbers."""
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, tuple):
        inside = ", ".join(map(literal, value))
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    return repr(value)


def call(head: str, inputs: Iterable[str], arguments: Mapping[str, str]) -> str:
    """Return a call on one line, or on one line an argument where that would be long."""
    words = [*inputs, *(f"{name}={text}" for name, text in arguments.items())]
    line = f"{head}({', '.join(words)})"
    if len(line) <= _WIDEST:
        return line
    return "\n".join((f"{head}(", *(f"    {word}," for word in words), ")"))


def exchange(given: str, wanted: str) -> tuple[int, ...] | None:
    """Return the axes' order that takes a tensor from one layout to another; None where they are the same."""
    if channels_first(given) == channels_first(wanted):
        return None
    last = len(given) - 1
    return (0, last, *range(1, last)) if channels_first(wanted) else (0, *range(2, last + 1), 1)


def index(slices: Iterable[slice]) -> str:
    """Return an index of slices as it is typed: ``[:, 1:-1, :, :]``."""
    ends = ((each.start, each.stop) for each in slices)
    return (
        "["
        + ", ".join(
            f"{'' if start is None else start}:{'' if stop is None else stop}" for start, stop in ends
        )
        + "]"
    )
