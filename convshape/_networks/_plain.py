"""Layers that change no size, and the base of all layers that are made of plain arguments."""

from __future__ import annotations

from convshape._errors import ArgumentError
from convshape._mending import mend
from convshape._networks._block import Block
from convshape._refusals import Refusal, Suggestion
from convshape._show import kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

    from convshape._networks._block import Entries
    from convshape._shapes import Shape


class Layer(Block):
    """A layer of ``convshape.layers``: its arguments are checked once, when it is made."""

    __slots__ = ()

    def _make(self, **arguments: object) -> None:
        """Keep the arguments and check them; a constructor's only line."""
        self._set(**arguments)
        try:
            self.settle()
        except Refusal as refusal:
            raise mend(type(self).__name__, self.checked, arguments, refusal) from None

    @classmethod
    def checked(cls, **arguments: object) -> Self:
        """Return a layer from raw arguments, or raise the bare ``Refusal``."""
        layer = object.__new__(cls)
        layer._set(**arguments)
        layer.settle()
        return layer

    def _typed(self) -> str | None:
        from convshape._typed import call_of

        return call_of(self)

    def settle(self) -> None:
        """Make the arguments canonical, or raise the bare ``Refusal``."""

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the input's shape: such a layer changes nothing unless it says so."""
        return shapes[0]


class Kept(Layer):
    """A layer that changes no size; what was named stays named, wherever it stands."""

    __slots__ = ()

    def named(self, entries: tuple[Entries, ...], output: Shape, layout: str | None) -> Entries:
        """Return the input's sizes."""
        return tuple(
            size if size is not None else entry for size, entry in zip(output, entries[0], strict=True)
        )


class Activation(Kept):
    """An activation: any function of each element by itself.

    Args:
        activation: Its name, for tables alone.

    Raises:
        ShapeError: The name is no text.

    Examples:
        >>> import convshape as cs
        >>> cs.Chain([cs.layers.Activation("relu")])(("N", 8, 8, 3))
        ('N', 8, 8, 3)
        >>> cs.layers.Activation(3)
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: Activation: activation is 3.
          legal: a name, such as "relu"
          because: it stands in tables; no shape depends on it.
          fix: activation="relu"
    """

    __slots__ = ("activation",)
    _fields = ("activation",)
    activation: str

    def __init__(self, activation: str = "relu") -> None:
        self._make(activation=activation)

    def settle(self) -> None:
        """Check that the name is one."""
        if type(self.activation) is not str or not self.activation:
            raise Refusal(
                "activation",
                given=self.activation,
                problem=f"activation is {kind_of(self.activation)}.",
                legal='a name, such as "relu"',
                reason="it stands in tables; no shape depends on it.",
                suggestions=(Suggestion({"activation": "relu"}),),
            )

    def detail(self, shape: Shape) -> str:
        """Return the activation's name."""
        return self.activation


class Dropout(Kept):
    """Dropout: changes no size.

    Args:
        rate: The share of elements dropped, from 0 to below 1.

    Raises:
        ShapeError: The rate is none.

    Examples:
        >>> import convshape as cs
        >>> cs.Chain([cs.layers.Dropout(0.2)])(("N", 8, 8, 3))
        ('N', 8, 8, 3)
        >>> cs.layers.Dropout(20)
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: Dropout: rate is 20.
          legal: a number from 0 to below 1
          because: it is the share of elements that are dropped.
          fix: rate=0.5
    """

    __slots__ = ("rate",)
    _fields = ("rate",)
    rate: float

    def __init__(self, rate: float = 0.5) -> None:
        self._make(rate=rate)

    def settle(self) -> None:
        """Check that the rate is a share."""
        if type(self.rate) not in (int, float) or not 0 <= self.rate < 1:
            raise Refusal(
                "rate",
                given=self.rate,
                problem=f"rate is {kind_of(self.rate)}.",
                legal="a number from 0 to below 1",
                reason="it is the share of elements that are dropped.",
                suggestions=(Suggestion({"rate": 0.5}),),
                kind=ArgumentError,
            )

    def detail(self, shape: Shape) -> str:
        """Return the rate."""
        return f"{self.rate:g}"
