"""What one layer's outputs see of the input, in numbers: size, jump and start along every axis."""

from __future__ import annotations

from fractions import Fraction

from convshape._frozen import Frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeVar

    from convshape._networks._receptive_along import Known

    T = TypeVar("T")


class Span(Frozen):
    """What one layer's outputs see of the input along one axis, in elements; None for what is not known.

    Attributes:
        axis: The axis, ``"height"``.
        size: The largest number of input elements that one output spans.
        jump: How many input elements lie from one output to the next: below 1 behind enlarging layers, 0 where all
            outputs see the same.
        start: The first input element of output 0, below 0 where it is padding.
        end: The last one of output 0.
    """

    __slots__ = ("axis", "end", "jump", "size", "start")
    _fields = ("axis", "size", "jump", "start", "end")
    axis: str
    size: int | None
    jump: int | Fraction | None
    start: int | None
    end: int | None

    def __init__(
        self,
        axis: str,
        size: int | None = None,
        jump: int | Fraction | None = None,
        start: int | None = None,
        end: int | None = None,
    ) -> None:
        self._set(axis=axis, size=size, jump=jump, start=start, end=end)

    @property
    def centre(self) -> int | Fraction | None:
        """The middle of output 0's field: a whole number of elements, or a half more."""
        return None if self.start is None or self.end is None else _plain(Fraction(self.start + self.end, 2))

    @property
    def whole(self) -> bool:
        """Whether all outputs see the same, as behind a global pool or a dense layer."""
        return self.jump == 0

    def told(self) -> tuple[str, str, str, str]:
        """Return size, jump, start and centre as text."""
        size = "?" if self.size is None else str(self.size)
        said = ("all" if self.size is None else f"all {size}") if self.whole else size
        centre = self.centre if isinstance(self.centre, int | None) else float(self.centre)
        rest = ("?" if number is None else str(number) for number in (self.jump, self.start, centre))
        return (said, *rest)  # type: ignore[return-value]

    def to_json(self) -> dict[str, object]:
        """Return the numbers as a dict that ``json.dumps`` takes as it is; a fraction is text, ``"1/2"``."""
        numbers = {**self._values(), "centre": self.centre}
        return {name: str(one) if isinstance(one, Fraction) else one for name, one in numbers.items()}


class FieldRow(Frozen):
    """What one layer's outputs see of the input.

    Attributes:
        name: The layer's name.
        kind: What it is: ``"Conv"``, ``"Dense"``.
        detail: Its numbers in a few words.
        spans: One for every spatial axis of the network's input.
    """

    __slots__ = ("detail", "kind", "name", "spans")
    _fields = ("name", "kind", "detail", "spans")
    name: str
    kind: str
    detail: str
    spans: tuple[Span, ...]

    def __init__(self, name: str, kind: str, detail: str, spans: tuple[Span, ...]) -> None:
        self._set(name=name, kind=kind, detail=detail, spans=spans)

    @property
    def size(self) -> tuple[int | None, ...]:
        """The sizes of the field, one a spatial axis of the input."""
        return tuple(span.size for span in self.spans)

    @property
    def jump(self) -> tuple[int | Fraction | None, ...]:
        """The input elements from one output to the next, one number a spatial axis of the input."""
        return tuple(span.jump for span in self.spans)

    @property
    def start(self) -> tuple[int | None, ...]:
        """The first input elements of output 0, one a spatial axis of the input."""
        return tuple(span.start for span in self.spans)

    def to_json(self) -> dict[str, object]:
        """Return the row as a dict that ``json.dumps`` takes as it is."""
        return {**self._values(), "spans": [span.to_json() for span in self.spans]}


def span_of(axis: str, found: Sequence[Known | None]) -> Span:
    """Return what holds at every size that was asked."""
    known = [
        *{id(seen): seen for seen in found if seen is not None}.values()
    ]  # most sizes share what is seen
    if not known or None in found:
        return Span(axis)
    first = [seen.at(0) for seen in known]
    jump = agreed([seen.jump for seen in known])
    return Span(
        axis,
        agreed([seen.size for seen in known]),
        None if jump is None else _plain(jump),
        agreed([None if field is None else field[0] for field in first]),
        agreed([None if field is None else field[1] for field in first]),
    )


def agreed(found: Sequence[T | None]) -> T | None:
    return found[0] if found and all(one == found[0] for one in found) else None


def _plain(number: Fraction) -> int | Fraction:
    return number.numerator if number.denominator == 1 else number
