"""Operations of several inputs element by element that are neither sums nor products in name."""

from __future__ import annotations

from convshape._networks._joins import Add


class Elementwise(Add):
    """Any operation of several inputs element by element: a difference, a quotient, a maximum.

    Args:
        name: What it is, for tables.
        broadcast: Whether a size of 1 meets any other.
    """

    __slots__ = ("name",)
    _fields = ("name", "broadcast")  # type: ignore[assignment]
    name: str

    def __init__(self, name: str, broadcast: bool = True) -> None:
        self._make(name=name, broadcast=broadcast)

    @property
    def kind(self) -> str:
        """What it is."""
        return self.name
