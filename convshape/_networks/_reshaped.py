"""Reshapes that may touch the batch, as PyTorch's ``view`` and ONNX's ``Reshape`` can."""

from __future__ import annotations

from convshape._errors import SizeError
from convshape._layouts import LAYOUTS
from convshape._networks._block import volume
from convshape._networks._dense import Reshape
from convshape._networks._forms import Form, Product
from convshape._networks._plain import Layer
from convshape._refusals import Refusal
from convshape._show import INT64_MAX, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar

    from convshape._networks._amounts import Amount
    from convshape._networks._block import Entries
    from convshape._shapes import Shape


class Refilled(Reshape):
    """``view(-1, *target_shape)``: where pictures do not fill it each by itself, they are mixed, and the batch is another.

    Args:
        target_shape: The shape without the batch, sizes in elements, none of them -1.
    """

    __slots__ = ()

    @property
    def kind(self) -> str:
        """A reshape like others."""
        return "Reshape"

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the output shape, or raise the bare ``Refusal``."""
        shape = shapes[0]
        number, each = volume(shape[1:]), volume(self.target_shape) or 1
        if number is None or number == each:
            return (shape[0], *self.target_shape)
        if not isinstance(shape[0], int):
            return (None, *self.target_shape)
        if shape[0] * number % each:
            raise self._other_count(shape, number)
        return (shape[0] * number // each, *self.target_shape)

    def detail(self, shape: Shape) -> str:
        """Return the new shape, and what becomes of the batch."""
        number, each = volume(shape[1:]), volume(self.target_shape) or 1
        told = show(self.target_shape)
        if number is None or number == each:
            return told
        if number % each:
            return f"{told}, mixes pictures: {number} numbers of each in lots of {each}"
        return f"{told}, folds {number // each} positions into the batch"


class Reshaped(Layer):
    """A reshape to sizes that follow from the input's, the batch too; the axes are those of PyTorch and ONNX.

    Args:
        name: What it is, for tables.
        target: An amount an axis; None for what is left.
    """

    __slots__ = ("name", "target")
    _fields = ("name", "target")
    name: str
    target: tuple[Amount | None, ...]

    def __init__(self, name: str, target: tuple[Amount | None, ...]) -> None:
        self._make(name=name, target=target)

    @property
    def kind(self) -> str:
        """What it is."""
        return self.name

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the output shape, or raise the bare ``Refusal``."""
        entries = tuple(None if one is None else one.entry(shapes) for one in self.target)
        free = self.target.index(None) if None in self.target else None
        whole, parts = self._counts(shapes[0], entries, free)
        if any(isinstance(one, int) and not 1 <= one <= INT64_MAX for one in entries):
            raise self._refused(shapes, entries)
        if whole is not None and parts is not None:
            if whole % parts or (free is None and whole != parts):
                raise self._refused(shapes, entries)
            if free is not None:
                entries = (*entries[:free], whole // parts, *entries[free + 1 :])
        return entries  # type: ignore[return-value]

    def _counts(
        self, shape: Shape, entries: tuple[object, ...], free: int | None
    ) -> tuple[int | None, int | None]:
        """Return how many numbers arrive and how many are asked for; what is the same on both sides is left out."""
        gone: set[int] = set()
        want = []
        for place, (amount, entry) in enumerate(zip(self.target, entries, strict=True)):
            own = None if amount is None else amount.size
            if own is not None and own.source == 0 and own.axis not in gone:
                gone.add(own.axis)
            elif place != free:
                want.append(entry)
        return volume(tuple(size for axis, size in enumerate(shape) if axis not in gone)), volume(tuple(want))

    def _refused(self, shapes: tuple[Shape, ...], entries: tuple[object, ...]) -> Refusal:
        wanted = tuple(-1 if one is None else size for one, size in zip(self.target, entries, strict=True))
        return Refusal(
            "input_shape",
            given=shapes[0],
            problem=f"the input {show(shapes[0])} does not fill the shape {show(wanted)}.",
            legal="as many numbers as the new shape holds",
            reason="reshaping neither makes nor drops a number.",
            kind=SizeError,
        )

    def layout_after(self, layout: str | None, output: Shape, home: str | None) -> str | None:
        """Return channels-first: in these frameworks the axes' places say what they are."""
        return LAYOUTS[len(output) - 2][1] if len(output) - 2 in LAYOUTS else None

    def moves(self, shape: Shape, layout: str) -> None:
        """Return None: axes are split and merged."""

    def named(self, entries: tuple[Entries, ...], output: Shape, layout: str | None) -> Entries:
        """Return sizes that go through as the closed forms that they are, and what is left as a product."""
        told = [
            size if size is not None or amount is None else amount.entry(entries)
            for size, amount in zip(output, self.target, strict=True)
        ]
        if None not in self.target or output[self.target.index(None)] is not None:
            return tuple(told)
        left = list(entries[0])
        for amount in self.target:
            own = None if amount is None else amount.size
            if own is not None and own.source == 0 and entries[0][own.axis] in left:
                left.remove(entries[0][own.axis])
            elif amount is not None and amount.number != 1:
                return tuple(told)
        forms = tuple(one for one in left if isinstance(one, Form))
        factor = volume(tuple(one for one in left if not isinstance(one, Form)))
        if factor is not None and forms:
            told[self.target.index(None)] = Product(factor, forms)
        return tuple(told)


class ReshapedJoin(Reshaped):
    """A reshape to sizes of other values too; as :class:`Reshaped`."""

    __slots__ = ()
    joins: ClassVar[bool] = True

    @property
    def crops(self) -> bool:
        """Whether bigger inputs are cropped to the smallest one; never so."""
        return False
