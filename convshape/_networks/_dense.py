"""Layers in which the spatial axes end or begin: dense layers, flattening, reshaping."""

from __future__ import annotations

from convshape._arguments import read_flag
from convshape._errors import RankError, SizeError
from convshape._layouts import LAYOUTS, channels_first
from convshape._networks._block import told, volume
from convshape._networks._forms import Form, Product
from convshape._networks._moves import STAY, Move
from convshape._networks._plain import Layer
from convshape._reading import as_entries, as_index, read_whole, replace
from convshape._refusals import Refusal, Suggestion
from convshape._show import INT64_MAX, kind_of, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import SupportsIndex

    from convshape._networks._block import Entries, Weights
    from convshape._shapes import Shape
    from convshape._types import Entries as Sequence


class Dense(Layer):
    """A dense layer: the last axis, of any size or of ``in_features``, becomes ``units``.

    Args:
        units: How many numbers it makes.
        in_features: How many it takes, where that is fixed beforehand, as in ``torch.nn.Linear``; None for any.
        use_bias: Whether it learns a bias.

    Raises:
        ShapeError: An argument is not legal; the error names a fix that has been checked.

    Examples:
        >>> import convshape as cs
        >>> head = cs.Chain([cs.layers.Flatten(), cs.layers.Dense(10, in_features=3136)])
        >>> head(("N", 7, 7, 64))
        ('N', 10)
        >>> cs.layers.Dense(0)
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: Dense: units is 0.
          legal: a whole number, 1 or more
          because: the number of units is at least 1 and at most 2**63 - 1.
          fix: units=1
    """

    __slots__ = ("in_features", "units", "use_bias")
    _fields = ("units", "in_features", "use_bias")
    units: int
    in_features: int | None
    use_bias: bool

    def __init__(
        self, units: SupportsIndex, in_features: SupportsIndex | None = None, use_bias: bool = True
    ) -> None:
        self._make(units=units, in_features=in_features, use_bias=use_bias)

    def settle(self) -> None:
        """Make units and features plain numbers."""
        self._set(units=read_whole("units", self.units, what="the number of units", least=1))
        read_flag("use_bias", self.use_bias)
        if self.in_features is not None:
            whole = read_whole("in_features", self.in_features, what="the number of features", least=1)
            self._set(in_features=whole)

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the output shape, or raise the bare ``Refusal``."""
        shape = shapes[0]
        features = shape[-1]
        if self.in_features is not None and isinstance(features, int) and features != self.in_features:
            raise self._other_features(shape, features)
        return (*shape[:-1], self.units)

    def _other_features(self, shape: Shape, features: int) -> Refusal:
        flat = len(shape) > 2 and volume(shape[1:]) == self.in_features
        reason = "a dense layer has a weight for each number of its input, so their number is fixed when it is made."
        if flat:
            reason = f"all of {told(shape[1:])} are {self.in_features} numbers: a Flatten is missing before the layer."
        return Refusal(
            "in_features",
            given=self.in_features,
            problem=f"in_features is {self.in_features}, but the input {told(shape)} has {features} last.",
            legal=show(features)
            if not flat
            else f"{features}, or {self.in_features} behind a cs.layers.Flatten()",
            reason=reason,
            kind=SizeError,
            suggestions=() if flat else (Suggestion({"in_features": features}, "what arrives"),),
        )

    def moves(self, shape: Shape, layout: str) -> tuple[Move, ...]:
        """Return what happens to each axis: the last one is exchanged, which is spatial where channels stand first."""
        stay = (STAY,) * (len(layout) - 2)
        return (*stay[:-1], Move(0, self.units)) if channels_first(layout) else stay

    def named(self, entries: tuple[Entries, ...], output: Shape, layout: str | None) -> Entries:
        """Return the input's sizes but the last."""
        return (*entries[0][:-1], output[-1])

    def weights(self, shape: Shape, layout: str | None) -> Weights:
        """Return kernel and bias."""
        features = shape[-1] if isinstance(shape[-1], int) else self.in_features
        bias = {"bias": (self.units,)} if self.use_bias else {}
        return {} if features is None else {"kernel": (features, self.units), **bias}

    def macs(self, shapes: tuple[Shape, ...], output: Shape, layout: str | None) -> int | None:
        """Return a multiply-accumulate for each input number and unit."""
        return volume((*shapes[0], self.units))

    def detail(self, shape: Shape) -> str:
        """Return the units."""
        return f"{self.units}" if self.in_features is None else f"{self.in_features} to {self.units}"


class Flatten(Layer):
    """All axes but the batch as one.

    Examples:
        >>> import convshape as cs
        >>> cs.Chain([cs.layers.Flatten()])(("N", 7, 7, 64))
        ('N', 3136)
        >>> cs.Chain([cs.layers.Flatten()])(("N", "H", "W", 64))
        ('N', '64*H*W')
    """

    __slots__ = ()

    def __init__(self) -> None:
        self._make()

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return batch and product."""
        shape = shapes[0]
        number = volume(shape[1:])
        if number is not None and number > INT64_MAX:
            raise _too_many(shape)
        return (shape[0], number)

    def layout_after(self, layout: str | None, output: Shape, home: str | None) -> str | None:
        """Return None: no spatial axes are left."""
        return None

    def moves(self, shape: Shape, layout: str) -> None:
        """Return None: the spatial axes end here."""

    def named(self, entries: tuple[Entries, ...], output: Shape, layout: str | None) -> Entries:
        """Return the product as a closed form, where all its factors have one."""
        ((_, *sizes),) = entries
        if any(size is None or isinstance(size, str) for size in sizes):
            return output
        factor = 1
        forms: list[Form] = []
        for size in sizes:
            factor *= size if isinstance(size, int) else size.factor if isinstance(size, Product) else 1
            forms += [size] if isinstance(size, Form) else size.forms if isinstance(size, Product) else []
        return (output[0], Product(factor, tuple(forms)) if forms else factor)


class Reshape(Layer):
    """Another shape for the same numbers.

    Args:
        target_shape: The shape without the batch, sizes in elements; one of them may be -1 for what is left, as in
            every framework.

    Raises:
        ShapeError: The shape is none.

    Examples:
        >>> import convshape as cs
        >>> cs.Chain([cs.layers.Dense(6272), cs.layers.Reshape((7, 7, 128))])(("N", 100))
        ('N', 7, 7, 128)
        >>> cs.layers.Reshape((7, 0))
        Traceback (most recent call last):
        ...
        convshape.SizeError: Reshape: target_shape (7, 0) has 0, at position 1.
          legal: sizes of at least 1, one of which may be -1
          because: the numbers of the input are laid out anew.
          fix: target_shape=(7, -1)    (what is left)
    """

    __slots__ = ("target_shape",)
    _fields = ("target_shape",)
    target_shape: tuple[int, ...]

    def __init__(self, target_shape: Sequence[SupportsIndex]) -> None:
        self._make(target_shape=target_shape)

    def settle(self) -> None:
        """Make the shape plain numbers."""
        entries = as_entries(self.target_shape)
        if entries is None:
            self._refuse(self.target_shape, f"target_shape is {kind_of(self.target_shape)}.")
        sizes = tuple(map(as_index, entries or ()))
        free = [place for place, size in enumerate(sizes) if size == -1]
        for place, size in enumerate(sizes):
            if size is None or size == 0 or size < -1 or size > INT64_MAX or place in free[1:]:
                other = replace(entries or (), place, -1)
                text = f"target_shape {show(entries)} has {kind_of(entries[place])}, at position {place}."  # type: ignore[index]
                self._refuse(self.target_shape, text, other)
        self._set(target_shape=sizes)

    def _refuse(self, given: object, problem: str, other: object = None) -> None:
        raise Refusal(
            "target_shape",
            given=given,
            problem=problem,
            legal="sizes of at least 1, one of which may be -1",
            reason="the numbers of the input are laid out anew.",
            kind=SizeError,
            suggestions=() if other is None else (Suggestion({"target_shape": other}, "what is left"),),
        )

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the output shape, or raise the bare ``Refusal``."""
        shape = shapes[0]
        number = volume(shape[1:])
        rest = volume(tuple(size for size in self.target_shape if size != -1)) or 1
        if number is None:
            return (shape[0], *(None if size == -1 else size for size in self.target_shape))
        if number % rest or (-1 not in self.target_shape and number != rest):
            raise self._other_count(shape, number)
        return (shape[0], *(number // rest if size == -1 else size for size in self.target_shape))

    def _other_count(self, shape: Shape, number: int) -> Refusal:
        *_, last = self.target_shape
        rest = volume(self.target_shape[:-1]) or 1
        fits = rest > 0 and number % rest == 0 and number // rest > 0
        other = (*self.target_shape[:-1], number // rest)
        return Refusal(
            "target_shape",
            given=self.target_shape,
            problem=f"target_shape {show(self.target_shape)} does not hold the {number} numbers of the input {told(shape)}.",
            legal=f"sizes whose product is {number}",
            reason=f"reshaping neither makes nor drops a number: {number} arrive, and the shape is for multiples of {abs(volume(self.target_shape) or 1)}.",
            kind=RankError if last == -1 else SizeError,
            suggestions=(Suggestion({"target_shape": other}, "what arrives"),) if fits else (),
        )

    def layout_after(self, layout: str | None, output: Shape, home: str | None) -> str | None:
        """Return the network's own layout, or the one of as many axes with its channels on the same side."""
        if len(output) - 2 not in LAYOUTS:
            return None
        return LAYOUTS[len(output) - 2][home is not None and channels_first(home)]

    def moves(self, shape: Shape, layout: str) -> None:
        """Return None: what was a spatial axis is none in the new shape."""

    def named(self, entries: tuple[Entries, ...], output: Shape, layout: str | None) -> Entries:
        """Return the sizes that are written; what is left of a closed form is not worked out."""
        return output

    def detail(self, shape: Shape) -> str:
        """Return the new shape."""
        return show(self.target_shape)


def _too_many(shape: Shape) -> Refusal:
    return Refusal(
        "input_shape",
        given=shape,
        problem=f"input_shape {told(shape)} has more than 2**63 - 1 numbers in each of its pictures.",
        legal="at most 2**63 - 1 numbers",
        reason="no tensor has an axis of more than 2**63 - 1 elements.",
        kind=SizeError,
    )
