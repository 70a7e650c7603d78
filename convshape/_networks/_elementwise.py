"""Operations of several inputs element by element that are neither sums nor products in name."""

from __future__ import annotations

from convshape._errors import SizeError
from convshape._networks._joins import Add

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape


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


class ExpandAs(Elementwise):
    """The first of two inputs, repeated along axes where it has one element to the sizes of the second."""

    __slots__ = ()
    _fields = ()  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__("Expand")

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the second shape, or raise the bare ``Refusal``."""
        value, like = shapes
        common = super().output(shapes, layout)
        apart = [
            one == 1 and isinstance(size, int) and size > 1 for one, size in zip(like, common, strict=False)
        ]
        if len(value) > len(like) or True in apart:
            raise self.differ(shapes, None, "are not of one shape, or the first of fewer elements", SizeError)
        return common
