"""Layers that change no size, and the base of all layers that are made of plain arguments."""

from __future__ import annotations

from convshape._arguments import read_flag
from convshape._errors import ArgumentError
from convshape._layouts import channel_axis
from convshape._mending import mend
from convshape._networks._block import Block
from convshape._reading import as_entries, as_index
from convshape._refusals import Refusal, Suggestion
from convshape._show import kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from convshape._networks._block import Entries, Weights
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

    def settle(self) -> None:
        """Make the arguments canonical, or raise the bare ``Refusal``."""

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the input's shape: such a layer changes nothing unless it says so."""
        return shapes[0]


class Activation(Layer):
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


class Dropout(Layer):
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


class _Normalised(Layer):
    """What all normalisations have: a scale and a shift a channel, each if it is asked for."""

    __slots__ = ("center", "scale")
    _fields = ("center", "scale")
    center: bool
    scale: bool

    def __init__(self, center: bool = True, scale: bool = True) -> None:
        self._make(center=center, scale=scale)

    def settle(self) -> None:
        """Check that both switches are switches."""
        for name in self._fields:
            read_flag(name, getattr(self, name))

    def weights(self, shape: Shape, layout: str | None) -> Weights:
        """Return scale and shift, one number a channel."""
        channels = shape[-1 if layout is None else channel_axis(layout)]
        if not isinstance(channels, int):
            return {}
        names = (*(("gamma",) if self.scale else ()), *(("beta",) if self.center else ()))
        return dict.fromkeys(names, (channels,))


class BatchNorm(_Normalised):
    """Batch normalisation over all axes but the channels: changes no size.

    Args:
        center: Whether it learns a shift a channel.
        scale: Whether it learns a factor a channel.

    Raises:
        ShapeError: An argument is no switch.

    Examples:
        >>> import convshape as cs
        >>> cs.Chain([cs.layers.BatchNorm()]).trace(("N", 8, 8, 3)).parameters
        6
        >>> cs.layers.BatchNorm(scale=3)
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: BatchNorm: scale is 3.
          legal: (False, True)
          because: it is a switch: True or False.
          fix: scale=True
          or: scale=False
    """

    __slots__ = ()

    def statistics(self, shape: Shape, layout: str | None) -> int:
        """Return the running mean and variance of every channel."""
        channels = shape[-1 if layout is None else channel_axis(layout)]
        return 2 * channels if isinstance(channels, int) else 0


class LayerNorm(_Normalised):
    """Layer or group normalisation with a scale and a shift a channel: changes no size.

    Args:
        center: Whether it learns a shift a channel.
        scale: Whether it learns a factor a channel.

    Raises:
        ShapeError: An argument is no switch.

    Examples:
        >>> import convshape as cs
        >>> cs.Chain([cs.layers.LayerNorm()])(("N", 8, 8, 3))
        ('N', 8, 8, 3)
        >>> cs.layers.LayerNorm(center="no")
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: LayerNorm: center is the string "no".
          legal: (False, True)
          because: it is a switch: True or False.
          fix: center=False
    """

    __slots__ = ()


class Custom(Layer):
    """A layer that nobody here knows, with the rule of its shape.

    Args:
        name: What it is, for tables and errors.
        rule: A function from the input's shape to the output's, with batch, sizes in elements, None where not known.

    Raises:
        ShapeError: The rule is no function, or when called returns no shape.

    Examples:
        >>> import convshape as cs
        >>> halves = cs.layers.Custom("Halves", lambda shape: (*shape[:-1], shape[-1] // 2))
        >>> cs.Chain([halves])(("N", 8, 8, 64))
        ('N', 8, 8, 32)
        >>> cs.layers.Custom("Halves", "half")
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: Custom: rule is the string "half".
          legal: a function from a shape to a shape
          because: only who wrote the layer knows what it does to a shape.
          fix: no change that passes this check was found
    """

    __slots__ = ("name", "rule")
    _fields = ("name", "rule")
    name: str
    rule: Callable[[Shape], object]

    def __init__(self, name: str, rule: Callable[[Shape], object]) -> None:
        self._make(name=name, rule=rule)

    @property
    def kind(self) -> str:
        """The layer's own name."""
        return self.name

    def settle(self) -> None:
        """Check that the rule can be asked."""
        if not callable(self.rule) or type(self.name) is not str:
            raise Refusal(
                "rule",
                given=self.rule,
                problem=f"rule is {kind_of(self.rule)}.",
                legal="a function from a shape to a shape",
                reason="only who wrote the layer knows what it does to a shape.",
            )

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return what the rule says, read as a shape."""
        try:
            said = self.rule(shapes[0])
        except Exception as error:  # noqa: BLE001 - whatever a foreign rule raises is its answer to this shape
            raise self._refused(shapes[0], f"its rule raises {type(error).__name__}: {error}") from None
        entries = as_entries(said)
        plain = tuple(one if one is None or type(one) is str else as_index(one) for one in entries or ())
        if entries is None or not plain:
            raise self._refused(shapes[0], f"its rule returns {kind_of(said)}, not a shape.")
        return plain

    def _refused(self, shape: Shape, problem: str) -> Refusal:
        return Refusal(
            "input_shape",
            given=shape,
            problem=problem,
            legal="a shape that the rule takes",
            reason="the rule was given with the layer.",
        )

    def moves(self, shape: Shape, layout: str) -> None:
        """Return None: a rule does not say what happens to each axis."""

    def layout_after(self, layout: str | None, output: Shape, home: str | None) -> str | None:
        """Return the layout, as long as there are as many axes."""
        return layout if layout is not None and len(output) == len(layout) else None

    def named(self, entries: tuple[Entries, ...], output: Shape, layout: str | None) -> Entries:
        """Return what the rule says: it is not asked about names."""
        return output
