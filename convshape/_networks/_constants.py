"""Values put together with constants and with each other: element by element, and as matrices."""

from __future__ import annotations

from convshape._errors import RankError, SizeError
from convshape._networks._block import volume
from convshape._networks._moves import STAY, Move
from convshape._networks._plain import Layer
from convshape._refusals import Refusal
from convshape._show import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar

    from convshape._networks._block import Entries, Weights
    from convshape._shapes import Shape, Size


class WithConstant(Layer):
    """An operation of each element with a constant, which is repeated along axes where it has one element.

    Args:
        name: What it is, for tables: ``"Add"``.
        shape: The constant's shape.
        learned: Whether the constant is learned.
    """

    __slots__ = ("learned", "name", "shape")
    _fields = ("name", "shape", "learned")
    name: str
    shape: tuple[int, ...]
    learned: bool

    def __init__(self, name: str, shape: tuple[int, ...], learned: bool = False) -> None:
        self._make(name=name, shape=shape, learned=learned)

    @property
    def kind(self) -> str:
        """What it is."""
        return self.name

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the common shape, or raise the bare ``Refusal``."""
        return meeting((shapes[0], self.shape), self.name)

    def layout_after(self, layout: str | None, output: Shape, home: str | None) -> str | None:
        """Return the layout, where no axis is added in front."""
        return layout if layout is not None and len(output) == len(layout) else None

    def moves(self, shape: Shape, layout: str) -> tuple[Move, ...] | None:
        """Return that every size stays, unless the constant has sizes of its own there."""
        rank = len(layout) - 2
        spatial = self.shape[-rank:]
        return None if len(self.shape) > rank + 2 or any(size != 1 for size in spatial) else (STAY,) * rank

    def named(self, entries: tuple[Entries, ...], output: Shape, layout: str | None) -> Entries:
        """Return what was named, where the constant has no size of its own."""
        given = (1,) * (len(output) - len(entries[0])) + entries[0]
        return tuple(size if size is not None else entry for size, entry in zip(output, given, strict=True))

    def weights(self, shape: Shape, layout: str | None) -> Weights:
        """Return the constant, if it is learned."""
        return {"constant": self.shape} if self.learned else {}

    def detail(self, shape: Shape) -> str:
        """Return the constant's shape."""
        return f"with a constant of {show(self.shape)}" if volume(self.shape) != 1 else "with a constant"


class MatMul(Layer):
    """The matrix product of two inputs; axes before the last two are repeated where one has one element."""

    __slots__ = ()
    joins: ClassVar[bool] = True

    def __init__(self) -> None:
        self._make()

    @property
    def crops(self) -> bool:
        """Whether bigger inputs are cropped to the smallest one; never so."""
        return False

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the product's shape, or raise the bare ``Refusal``."""
        first, second = shapes
        if min(len(first), len(second)) < 2:
            raise _apart(shapes, "are not both of two axes or more", "MatMul")
        inner = {first[-1], second[-2]} - {None}
        if len(inner) > 1:
            raise _apart(shapes, f"differ: {first[-1]} last and {second[-2]} before the last", "MatMul")
        return (*meeting((first[:-2], second[:-2]), "MatMul"), first[-2], second[-1])

    def macs(self, shapes: tuple[Shape, ...], output: Shape, layout: str | None) -> int | None:
        """Return a multiply-accumulate for each number of the result and of an inner axis."""
        return volume((*output, shapes[0][-1]))

    def named(self, entries: tuple[Entries, ...], output: Shape, layout: str | None) -> Entries:
        """Return the sizes that are known."""
        return output

    def layout_after(self, layout: str | None, output: Shape, home: str | None) -> str | None:
        """Return the layout, as long as there are as many axes."""
        return layout if layout is not None and len(output) == len(layout) else None


def meeting(shapes: tuple[Shape, ...], what: str) -> Shape:
    """Return the common shape of two, one element meeting any number, or raise the bare ``Refusal``."""
    longest = max(map(len, shapes))
    padded = [(1,) * (longest - len(shape)) + shape for shape in shapes]
    result: list[Size] = []
    for one, other in zip(*padded, strict=True):
        if one == 1 or other == 1:
            result.append(other if one == 1 else one)
        elif isinstance(one, int) and isinstance(other, int) and one != other:
            raise _apart(shapes, f"differ: {one} and {other}", what)
        else:
            result.append(one if isinstance(one, int) or other is None else other)
    return tuple(result)


def _apart(shapes: tuple[Shape, ...], problem: str, what: str) -> Refusal:
    return Refusal(
        "input_shape",
        given=shapes[0],
        problem=f"{' and '.join(map(show, shapes))} {problem}.",
        legal="sizes that are the same, or 1",
        reason=f"{what} puts both together element by element.",
        kind=RankError if min(map(len, shapes)) < 2 else SizeError,
    )
