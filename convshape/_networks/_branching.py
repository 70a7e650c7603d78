"""What an input must be for a program to run as it ran when it was read, where its code branches on sizes."""

from __future__ import annotations

from convshape._errors import SizeError
from convshape._layouts import AXIS_NAMES
from convshape._networks._shaped import Shaped
from convshape._refusals import Refusal
from convshape._show import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._networks._amounts import Amount
    from convshape._networks._atoms import Atom
    from convshape._networks._shaped import Need
    from convshape._shapes import Shape


class Branching(Shaped):
    """The input as it is, for the sizes with which the code takes the branches it took; as :class:`Shaped`."""

    __slots__ = ()
    _fields = ("sizes", "needs")  # type: ignore[assignment]

    def __init__(self, sizes: tuple[Amount, ...], needs: tuple[Need, ...]) -> None:
        super().__init__("Condition", sizes, (len(sizes),), needs)

    def _unmet(self, shapes: tuple[Shape, ...], need: Need, value: int | None) -> Refusal:
        said, shape = self._said(need), show(shapes[0])
        return Refusal(
            "input_shape",
            given=shapes[0],
            problem=f"forward branches on a size: it was read for {said}, and the input is {shape}.",
            legal=f"{said}; for others, read it again with input_shape={shape}",
            reason="a module is read along the branches that its code takes for the input_shape it is read with.",
            kind=SizeError,
        )

    def _said(self, need: Need) -> str:
        """Return what must hold in words: ``height <= 30``."""
        positive = [self._named(atom) for times, atom in need.what.terms if times > 0]
        negative = [self._named(atom) for times, atom in need.what.terms if times < 0]
        if positive and negative:
            return f"{positive[0]} == {negative[0]}"
        if negative:
            return f"{negative[0]} <= {-need.number}"
        return f"{positive[0]} {'>=' if need.least else '=='} {need.number}"

    def _named(self, atom: Atom) -> str:
        axis: int = atom.axis  # type: ignore[union-attr]  # conditions are about sizes themselves
        names = ("batch", "channels", *AXIS_NAMES.get(len(self.sizes) - 2, ()))
        return names[axis] if axis < len(names) else f"size {axis}"

    def detail(self, shape: Shape) -> str:
        """Return what must hold."""
        return ", ".join(map(self._said, self.needs))
