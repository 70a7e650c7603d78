"""Layers of a framework as values: made of the framework's own arguments, checked once, called with a shape."""

from __future__ import annotations

from convshape._frozen import Frozen
from convshape._refusals import Refusal
from convshape.frameworks._words import mended

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar, Self

    from convshape._shapes import Shape
    from convshape._spec import Spec
    from convshape._types import ShapeLike


class Layer(Frozen):
    """What all dialect layers share; a layer keeps its arguments as they were given, and what they mean.

    A subclass names its constructor's arguments in ``_fields``, works out their meaning in ``settle`` and
    answers in ``output``; both raise the bare ``Refusal``.
    """

    __slots__ = ()
    framework: ClassVar[str] = ""
    operation: ClassVar[str] = ""
    call_argument: ClassVar[str] = "input_shape"

    def _make(self, **arguments: object) -> None:
        """Keep the arguments and check them; a constructor's only line."""
        self._set(**arguments)
        try:
            self.settle()
        except Refusal as refusal:
            raise mended(self.operation, self._checked, arguments, refusal) from None

    def settle(self) -> None:
        """Work out once what the arguments mean, or raise the bare ``Refusal``."""
        raise NotImplementedError

    def output(self, shape: object) -> Shape:
        """Return the output shape or raise the bare ``Refusal``."""
        raise NotImplementedError

    def to_spec(self, input_shape: ShapeLike | None = None) -> Spec:
        """Return the spec that computes what this layer does; some need the input's shape to know it."""
        raise NotImplementedError

    def _called(self, shape: object) -> Shape:
        """Return the output shape for an input, or raise the mended error."""
        try:
            return self.output(shape)
        except Refusal as refusal:
            arguments = {**self._given(), self.call_argument: shape}
            raise mended(self.operation, self._answered, arguments, refusal) from None

    def _typed(self) -> str | None:
        from convshape._typed import call_of

        return call_of(self)

    @classmethod
    def _checked(cls, **arguments: object) -> Self:
        layer = object.__new__(cls)
        layer._set(**arguments)
        layer.settle()
        return layer

    @classmethod
    def _answered(cls, **arguments: object) -> Shape:
        shape = arguments.pop(cls.call_argument)
        return cls._checked(**arguments).output(shape)
