"""What has to be done to a tensor beside the call itself: elements put around it, or taken from its ends."""

from __future__ import annotations

from convshape._frozen import Frozen
from convshape._layouts import assemble
from convshape._show import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from convshape._paddings import Pair


class Step(Frozen):
    """A pad before the call, or a crop after it.

    Attributes:
        kind: ``"pad"`` or ``"crop"``.
        amounts: ``(before, after)`` a spatial axis, in elements.
        value: What is padded with: 0, or minus infinity for a maximum pool.

    Examples:
        >>> from convshape._steps import Step
        >>> Step("crop", ((1, 0), (0, 2))).slices("NHWC")
        (slice(None, None, None), slice(1, None, None), slice(None, -2, None), slice(None, None, None))
    """

    __slots__ = ("amounts", "kind", "value")
    _fields = ("kind", "amounts", "value")
    kind: str
    amounts: tuple[Pair, ...]
    value: float

    def __init__(self, kind: str, amounts: Iterable[Pair], value: float = 0.0) -> None:
        self._set(kind=kind, amounts=tuple((before, after) for before, after in amounts), value=value)

    def pairs(self, data_format: str) -> tuple[Pair, ...]:
        """Return the amounts for every axis of a tensor of this layout, as ``numpy.pad`` takes them."""
        return assemble((0, 0), self.amounts, (0, 0), data_format)

    def slices(self, data_format: str) -> tuple[slice, ...]:
        """Return what a crop leaves, as an index into a tensor of this layout."""
        return tuple(slice(before or None, -after or None) for before, after in self.pairs(data_format))

    def __str__(self) -> str:
        value = "" if self.value == 0 else " with -inf"
        return f"{self.kind} {show(self.amounts)}{value}"


def step(kind: str, amounts: Iterable[Pair], value: float = 0.0) -> Step | None:
    """Return the step, or None where it would change nothing."""
    amounts = tuple(amounts)
    return Step(kind, amounts, value) if any(map(any, amounts)) else None
