"""Layers that only Keras has, or that in Keras have an axis of their own."""

from __future__ import annotations

from convshape._errors import RankError
from convshape._layouts import spatial_slice
from convshape._networks._block import volume
from convshape._networks._fixed import GlobalPool
from convshape._networks._joins import Add
from convshape._networks._moves import Move
from convshape._networks._normal import BatchNorm, LayerNorm
from convshape._networks._plain import Activation
from convshape._refusals import Refusal
from convshape._show import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from convshape._networks._block import Entries, Weights
    from convshape._shapes import Shape


def along(shape: Shape, axes: tuple[int, ...] | None) -> tuple[int, ...] | None:
    """Return a shape's sizes along some axes, or None where one is not known; axes of None are none at all."""
    rank = len(shape)
    for axis in axes or ():
        if not -rank <= axis < rank or axis % rank == 0:
            raise Refusal(
                "input_shape",
                given=shape,
                problem=f"axis {axis} is none of the input {show(shape)}.",
                legal=f"an axis from 1 to {rank - 1}, or from {1 - rank} to -1",
                reason="the layer has weights for each number along these axes.",
                kind=RankError,
            )
    sizes = tuple(shape[axis % rank] for axis in sorted(axis % rank for axis in axes or ()))
    return sizes if all(isinstance(size, int) for size in sizes) else None  # type: ignore[return-value]


class AxisBatchNorm(BatchNorm):
    """``keras.layers.BatchNormalization``: along any one axis."""

    __slots__ = ("axes", "kept")
    _fields = ("center", "scale", "axes", "kept")  # type: ignore[assignment]
    axes: tuple[int, ...]
    kept: int  # two numbers a channel; with renorm five

    def __init__(self, center: bool, scale: bool, axes: tuple[int, ...], kept: int = 2) -> None:
        self._make(center=center, scale=scale, axes=axes, kept=kept)

    @property
    def kind(self) -> str:
        """What it is, in one word."""
        return "BatchNorm"

    def settle(self) -> None:
        """Take the arguments as they are: they were read with their types."""

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the input's shape, or raise the bare ``Refusal``."""
        along(shapes[0], self.axes)
        return shapes[0]

    def weights(self, shape: Shape, layout: str | None) -> Weights:
        """Return scale and shift."""
        return _scale_and_shift(self, shape)

    def statistics(self, shape: Shape, layout: str | None) -> int:
        """Return the running mean and variance, and what renorm keeps beside."""
        return self.kept * (volume(along(shape, self.axes) or (0,)) or 0)


class AxisNorm(LayerNorm):
    """``LayerNormalization``, ``GroupNormalization``, ``RMSNormalization``: along any axes."""

    __slots__ = ("axes", "word")
    _fields = ("center", "scale", "axes", "word")  # type: ignore[assignment]
    axes: tuple[int, ...]
    word: str

    def __init__(self, center: bool, scale: bool, axes: tuple[int, ...], word: str) -> None:
        self._make(center=center, scale=scale, axes=axes, word=word)

    @property
    def kind(self) -> str:
        """What it is, in one word."""
        return self.word

    def settle(self) -> None:
        """Take the arguments as they are: they were read with their types."""

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the input's shape, or raise the bare ``Refusal``."""
        along(shapes[0], self.axes)
        return shapes[0]

    def weights(self, shape: Shape, layout: str | None) -> Weights:
        """Return scale and shift."""
        return _scale_and_shift(self, shape)


def _scale_and_shift(norm: AxisBatchNorm | AxisNorm, shape: Shape) -> Weights:
    sizes = along(shape, norm.axes)
    names = (*(("gamma",) if norm.scale else ()), *(("beta",) if norm.center else ()))
    return {} if sizes is None else dict.fromkeys(names, sizes)


class Adapted(Activation):
    """``keras.layers.Normalization``: keeps mean, variance and a count, unless it was given the first two."""

    __slots__ = ("axes",)
    _fields = ("activation", "axes")  # type: ignore[assignment]
    axes: tuple[int, ...]

    def __init__(self, axes: tuple[int, ...]) -> None:
        self._make(activation="normalization", axes=axes)

    def statistics(self, shape: Shape, layout: str | None) -> int:
        """Return mean, variance and count."""
        return 2 * (volume(along(shape, self.axes) or ()) or 0) + 1


class Sloped(Activation):
    """``keras.layers.PReLU``: a slope for every element, or for all along some axes."""

    __slots__ = ("shared",)
    _fields = ("activation", "shared")  # type: ignore[assignment]
    shared: tuple[int, ...]

    def __init__(self, shared: tuple[int, ...]) -> None:
        self._make(activation="prelu", shared=shared)

    def weights(self, shape: Shape, layout: str | None) -> Weights:
        """Return the slopes."""
        sizes = tuple(1 if place in self.shared else size for place, size in enumerate(shape) if place)
        return {"alpha": sizes} if all(isinstance(size, int) for size in sizes) else {}  # type: ignore[dict-item]


class Scaled(Activation):
    """A layer that learns one factor a channel, as ConvNeXt's ``LayerScale`` does."""

    __slots__ = ("units",)
    _fields = ("activation", "units")  # type: ignore[assignment]
    units: int

    def __init__(self, activation: str, units: int) -> None:
        self._make(activation=activation, units=units)

    def weights(self, shape: Shape, layout: str | None) -> Weights:
        """Return the factors."""
        return {"gamma": (self.units,)}


class Elementwise(Add):
    """Any function of two or more inputs, element by element, by its name."""

    __slots__ = ("batched", "word")
    _fields = ("broadcast", "word", "batched")  # type: ignore[assignment]
    word: str
    batched: bool

    def __init__(self, word: str, batched: bool) -> None:
        self._make(broadcast=True, word=word, batched=batched)

    @property
    def kind(self) -> str:
        """The function's name."""
        return self.word

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the common shape, or raise the bare ``Refusal``."""
        return super().output(tuple(_widened(shapes)) if self.batched else shapes, layout)

    def named(self, entries: tuple[Entries, ...], output: Shape, layout: str | None) -> Entries:
        """Return for every axis the shortest closed form of it."""
        return super().named(tuple(_widened(entries)) if self.batched else entries, output, layout)


def _widened(shapes: tuple[Any, ...]) -> list[Any]:
    """Return shapes of one length: Keras's merging layers put the axes that are missing behind the batch."""
    longest = max(map(len, shapes))
    return [(*shape[:1], *(1,) * (longest - len(shape)), *shape[1:]) for shape in shapes]


class Reduced(GlobalPool):
    """A mean, a sum or the like over some axes."""

    __slots__ = ("axes", "word")
    _fields = ("keepdims", "axes", "word")  # type: ignore[assignment]
    axes: tuple[int, ...]
    word: str

    def __init__(self, keepdims: bool, axes: tuple[int, ...], word: str) -> None:
        self._make(keepdims=keepdims, axes=axes, word=word)

    @property
    def kind(self) -> str:
        """The function's name."""
        return self.word

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the output shape, or raise the bare ``Refusal``."""
        shape = shapes[0]
        along(shape, self.axes)
        gone = {axis % len(shape) for axis in self.axes}
        if self.keepdims:
            return tuple(1 if place in gone else size for place, size in enumerate(shape))
        return tuple(size for place, size in enumerate(shape) if place not in gone)

    def moves(self, shape: Shape, layout: str) -> tuple[Move, ...] | None:  # type: ignore[override]
        """Return one element for each axis that is reduced, or None where axes end here."""
        gone = {axis % len(shape) for axis in self.axes}
        spots = range(*spatial_slice(layout).indices(len(layout)))
        return tuple(Move(0, 1) if place in gone else Move() for place in spots) if self.keepdims else None

    def detail(self, shape: Shape) -> str:
        """Return the axes."""
        return f"over {show(self.axes)}"
