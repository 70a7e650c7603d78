"""Layers that change each spatial size by itself: enlarging, padding with zeros, cropping, pooling to a fixed size."""

from __future__ import annotations

from convshape._errors import RankError, SizeError
from convshape._layouts import AXIS_NAMES, assemble, channel_axis, spatial_slice
from convshape._networks._block import told
from convshape._networks._moves import Move
from convshape._networks._plain import Layer
from convshape._reading import as_entries, as_index
from convshape._refusals import Refusal, Suggestion
from convshape._show import INT64_MAX, kind_of, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape
    from convshape._types import PaddingLike, PerAxisLike

_EVERY = "one number for all spatial axes, or one each"
_PAIRS = "one number for all sides, or one (before, after) a spatial axis"


class Resizing(Layer):
    """A layer whose spatial axes each change by a :class:`Move`."""

    __slots__ = ()

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the output shape, or raise the bare ``Refusal``."""
        shape = shapes[0]
        layout = self.spatial(shape, layout)
        sizes, moves = shape[spatial_slice(layout)], self.moves(shape, layout)
        results: list[int | None] = []
        for axis, (size, move) in enumerate(zip(sizes, moves, strict=True)):
            result = move(size) if isinstance(size, int) else None
            if isinstance(size, int) and (size < move.least or not 1 <= move(size) <= INT64_MAX):
                raise self._refused(shape, layout, axis, move)
            results.append(result if move.times else move.plus)
        return assemble(shape[0], tuple(results), shape[channel_axis(layout)], layout)

    def moves(self, shape: Shape, layout: str) -> tuple[Move, ...]:
        """Return what happens to each spatial axis."""
        raise NotImplementedError

    def spatial(self, shape: Shape, layout: str | None) -> str:
        """Return the layout, or refuse an input that has no spatial axes."""
        if layout is not None:
            return layout
        raise Refusal(
            "input_shape",
            given=shape,
            problem=f"the input {told(shape)} has no spatial axes.",
            legal="(N, *spatial, C)",
            reason=f"{self.kind} changes spatial sizes, and a Flatten or a vector has none.",
            kind=RankError,
        )

    def each(self, value: tuple[object, ...] | object, layout: str, argument: str) -> tuple[object, ...]:
        """Return one entry a spatial axis."""
        rank = len(layout) - 2
        if not isinstance(value, tuple):
            return (value,) * rank
        if len(value) == rank:
            return value
        raise Refusal(
            argument,
            given=value,
            problem=f"{argument} {show(value)} is for {len(value)} spatial axes, and the input has {rank}.",
            legal=_EVERY,
            reason="each spatial axis changes by itself.",
            kind=RankError,
            suggestions=tuple(Suggestion({argument: (entry,) * rank}) for entry in value[:1]),
        )

    def _refused(self, shape: Shape, layout: str, axis: int, move: Move) -> Refusal:
        name = AXIS_NAMES[len(layout) - 2][axis]
        least = max(move.least, -(-(move.over - move.plus) // max(1, move.times)))
        size = shape[spatial_slice(layout)][axis]
        return Refusal(
            "input_shape",
            given=shape,
            problem=f"the input {told(shape)} has a {name} of {size}, which {self.kind} {self.detail(shape)} makes {move(size)}.",  # type: ignore[arg-type]
            legal=f"a {name} of at least {least}",
            reason="a size is at least 1 and at most 2**63 - 1.",
            kind=SizeError,
            axis=axis,
        )


def read_numbers(argument: str, value: object, least: int) -> int | tuple[int, ...]:
    """Return one number, or a tuple of them, each at least ``least``."""
    entries = as_entries(value)
    numbers = tuple(map(as_index, (value,) if entries is None else entries))
    if numbers and all(number is not None and least <= number <= INT64_MAX for number in numbers):
        return numbers if entries is not None else numbers[0]  # type: ignore[return-value]
    raise Refusal(
        argument,
        given=value,
        problem=f"{argument} is {kind_of(value)}.",
        legal=f"{_EVERY}, at least {least}",
        reason="sizes are whole numbers of elements.",
        suggestions=(Suggestion({argument: max(2, least)}),),
    )


def read_pairs(argument: str, value: object) -> int | tuple[tuple[int, int], ...]:
    """Return a number, or one pair a spatial axis."""
    number = as_index(value)
    if number is not None and 0 <= number <= INT64_MAX:
        return number
    entries = as_entries(value)
    pairs = []
    for entry in entries or ():
        both = as_entries(entry) or (entry, entry)
        two = tuple(map(as_index, both))
        if len(two) == 2 and all(one is not None and 0 <= one <= INT64_MAX for one in two):
            pairs.append(two)
    if entries and len(pairs) == len(entries):
        return tuple(pairs)  # type: ignore[arg-type]
    raise Refusal(
        argument,
        given=value,
        problem=f"{argument} is {kind_of(value)}.",
        legal=_PAIRS,
        reason="so many elements are put before and after each spatial axis, or taken from there.",
        suggestions=(Suggestion({argument: abs(number) if number else 1}),),
    )


class UpSampling(Resizing):
    """Every spatial size times ``size``, by repeating or interpolating.

    Args:
        size: The factor, one number or one a spatial axis.
        interpolation: ``"nearest"`` or another word, for tables and receptive fields.

    Raises:
        ShapeError: The factor is none.

    Examples:
        >>> import convshape as cs
        >>> cs.Chain([cs.layers.UpSampling(2)])(("N", 7, 9, 64))
        ('N', 14, 18, 64)
        >>> cs.layers.UpSampling(0)
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: UpSampling: size is 0.
          legal: one number for all spatial axes, or one each, at least 1
          because: sizes are whole numbers of elements.
          fix: size=2
    """

    __slots__ = ("interpolation", "size")
    _fields = ("size", "interpolation")
    size: int | tuple[int, ...]
    interpolation: str

    def __init__(self, size: PerAxisLike = 2, interpolation: str = "nearest") -> None:
        self._make(size=size, interpolation=interpolation)

    def settle(self) -> None:
        """Make the factors plain numbers."""
        self._set(size=read_numbers("size", self.size, 1))

    def moves(self, shape: Shape, layout: str) -> tuple[Move, ...]:
        """Return a multiplication an axis."""
        return tuple(Move(factor) for factor in self.each(self.size, layout, "size"))  # type: ignore[arg-type]

    def detail(self, shape: Shape) -> str:
        """Return the factor."""
        return f"by {show(self.size)}"


class ZeroPadding(Resizing):
    """Elements put before and after each spatial axis.

    Args:
        padding: One number for all sides, or one ``(before, after)`` a spatial axis.

    Raises:
        ShapeError: The padding is none.

    Examples:
        >>> import convshape as cs
        >>> cs.Chain([cs.layers.ZeroPadding(((0, 1), (2, 3)))])(("N", 7, 9, 64))
        ('N', 8, 14, 64)
        >>> cs.layers.ZeroPadding(-1)
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: ZeroPadding: padding is -1.
          legal: one number for all sides, or one (before, after) a spatial axis
          because: so many elements are put before and after each spatial axis, or taken from there.
          fix: padding=1
    """

    __slots__ = ("padding",)
    _fields = ("padding",)
    padding: int | tuple[tuple[int, int], ...]

    def __init__(self, padding: PaddingLike = 1) -> None:
        self._make(padding=padding)

    def settle(self) -> None:
        """Make the padding plain pairs."""
        self._set(padding=read_pairs("padding", self.padding))

    def pairs(self, layout: str) -> tuple[tuple[int, int], ...]:
        """Return before and after of each spatial axis."""
        value = self.padding if isinstance(self.padding, tuple) else (self.padding, self.padding)
        return self.each(value if isinstance(self.padding, tuple) else (value,) * (len(layout) - 2), layout, "padding")  # type: ignore[return-value]  # fmt: skip

    def moves(self, shape: Shape, layout: str) -> tuple[Move, ...]:
        """Return an addition an axis."""
        return tuple(Move(1, before + after) for before, after in self.pairs(layout))

    def detail(self, shape: Shape) -> str:
        """Return the padding."""
        return show(self.padding)


class Cropping(Resizing):
    """Elements taken from the beginning and the end of each spatial axis.

    Args:
        cropping: One number for all sides, or one ``(before, after)`` a spatial axis.

    Raises:
        ShapeError: The cropping is none.

    Examples:
        >>> import convshape as cs
        >>> cs.Chain([cs.layers.Cropping(2)])(("N", 7, 9, 64))
        ('N', 3, 5, 64)
        >>> cs.layers.Cropping("same")
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: Cropping: cropping is the string "same".
          legal: one number for all sides, or one (before, after) a spatial axis
          because: so many elements are put before and after each spatial axis, or taken from there.
          fix: cropping=1
    """

    __slots__ = ("cropping",)
    _fields = ("cropping",)
    cropping: int | tuple[tuple[int, int], ...]

    def __init__(self, cropping: PaddingLike = 1) -> None:
        self._make(cropping=cropping)

    def settle(self) -> None:
        """Make the cropping plain pairs."""
        self._set(cropping=read_pairs("cropping", self.cropping))

    def pairs(self, layout: str) -> tuple[tuple[int, int], ...]:
        """Return before and after of each spatial axis."""
        value = self.cropping if isinstance(self.cropping, tuple) else (self.cropping, self.cropping)
        return self.each(value if isinstance(self.cropping, tuple) else (value,) * (len(layout) - 2), layout, "cropping")  # type: ignore[return-value]  # fmt: skip

    def moves(self, shape: Shape, layout: str) -> tuple[Move, ...]:
        """Return a subtraction an axis."""
        return tuple(Move(1, -before - after, 1, before + after + 1) for before, after in self.pairs(layout))

    def detail(self, shape: Shape) -> str:
        """Return the cropping."""
        return show(self.cropping)
