"""Specs and dialect layers as blocks of a network."""

from __future__ import annotations

from convshape._conv import Conv
from convshape._errors import ShapeError
from convshape._layouts import LAYOUTS, channel_axis
from convshape._networks._block import Block, volume
from convshape._networks._moves import Move, moves_of
from convshape._paddings import before_and_after
from convshape._pool import Pool
from convshape._rank_disputes import rank_dispute
from convshape._refusals import Refusal
from convshape._show import show
from convshape._transposed import ConvTranspose
from convshape.frameworks._keras_kinds import Separable
from convshape.frameworks._torch_modules import Convolution
from convshape.frameworks._torch_output_size import each
from convshape.frameworks._torch_transposed_modules import Transposed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from convshape._networks._block import Weights
    from convshape._shapes import Shape
    from convshape._spec import Spec


class SpecBlock(Block):
    """A ``cs.Conv``, ``cs.ConvTranspose`` or ``cs.Pool`` in a network."""

    __slots__ = ("_moves", "bias", "own")
    _fields = ("own", "bias")
    own: Spec
    bias: bool
    _moves: tuple[Move, ...]

    def __init__(self, own: Spec, bias: bool = False) -> None:
        self._set(own=own, bias=bias, _moves=moves_of(own))

    @property
    def kind(self) -> str:
        """What it is, in one word."""
        return type(self.own).__name__

    @property
    def layer(self) -> object:
        """The spec."""
        return self.own

    @property
    def wants(self) -> str:
        """The spec's layout."""
        return self.own.data_format

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the output shape, or raise the bare ``Refusal``."""
        return self.own.output(shapes[0])

    def moves(self, shape: Shape, layout: str) -> tuple[Move, ...]:
        """Return what happens to each spatial axis."""
        return self._moves

    def weights(self, shape: Shape, layout: str | None) -> Weights:
        """Return the filter's shape."""
        return weights_of(self.own, self.bias)

    def macs(self, shapes: tuple[Shape, ...], output: Shape, layout: str | None) -> int | None:
        """Return the multiply-accumulates of one call."""
        return macs_of(self.own, shapes[0], output)

    def spec(self, shape: Shape) -> Spec:
        """Return the spec."""
        return self.own

    def detail(self, shape: Shape) -> str:
        """Return kernel, stride, padding and what else is not at its default."""
        return detail_of(self.own)


class LayerBlock(Block):
    """A layer of ``convshape.frameworks`` in a network: the dialect checks, its spec says what happens."""

    __slots__ = ("own",)
    _fields = ("own",)
    own: Any

    def __init__(self, own: Any) -> None:  # noqa: ANN401 - any dialect's layer
        self._set(own=own)

    def like(self, other: Block) -> Block:
        """Return another layer's block with what this one has beside its layer."""
        return other

    @property
    def kind(self) -> str:
        """The layer's name in its framework."""
        return type(self.own).__name__

    @property
    def layer(self) -> object:
        """The dialect's layer."""
        return self.own

    @property
    def wants(self) -> str:
        """The layer's layout."""
        own = getattr(self.own, "_layout", None)
        if isinstance(own, str):
            return own
        rank: int = self.own.rank if self.own.framework == "torch" else len(self.own.kernel_size)
        return LAYOUTS[rank][self.own.framework in ("torch", "onnx")]

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the output shape, or raise the bare ``Refusal``."""
        shape = shapes[0]
        if len(shape) != len(self.wants):  # PyTorch and flax take inputs without a batch; a network has one
            channels, grows = getattr(self.own, "in_channels", None), getattr(self.own, "grows", False)
            raise rank_dispute(shape, self.wants, channels, self.kind, grows=grows)
        result: Shape = self.own.output(shape)
        return result

    def spec(self, shape: Shape) -> Spec | None:
        """Return the spec that the layer is for this input, where it is one."""
        try:
            ask = getattr(self.own, "spec_of", None) or self.own.to_spec
            spec: Spec = ask(shape)
        except (Refusal, ShapeError):
            self.own.output(shape)  # an input that the layer does not take is refused for that
            return None
        return spec

    def nearest(self, shape: Shape) -> Spec | None:
        """Return the spec, or one of the same kernel: a separable layer's depthwise one, a module's without padding."""
        spec = self.spec(shape)
        if spec is None and isinstance(self.own, Separable):
            return self.own.prepared(shape[channel_axis(self.wants)])  # type: ignore[arg-type]
        if spec is None and isinstance(self.own, Convolution):  # of the same sizes, padded with zeros
            return self.own._spec
        return self.own._bare if spec is None and isinstance(self.own, Transposed) else spec

    def moves(self, shape: Shape, layout: str) -> tuple[Move, ...] | None:
        """Return what happens to each spatial axis; None where the layer does not say."""
        spec = self.nearest(shape)
        if spec is None:
            return None
        if isinstance(self.own, Transposed) and self.spec(shape) is None:
            return beyond_moves(self.own)
        return bordered_moves(self.own) if isinstance(self.own, Convolution) else moves_of(spec)

    def weights(self, shape: Shape, layout: str | None) -> Weights:
        """Return the shapes of what is learned."""
        if self.own.framework == "keras":
            shapes: Weights = self.own.weights_of(shape)
            return shapes
        spec = self.nearest(shape)
        bias = getattr(self.own, "bias", getattr(self.own, "use_bias", False))
        return {} if spec is None else weights_of(spec, bool(bias))

    def macs(self, shapes: tuple[Shape, ...], output: Shape, layout: str | None) -> int | None:
        """Return the multiply-accumulates of one call."""
        spec = self.nearest(shapes[0])
        if spec is None:
            return None
        if not isinstance(self.own, Separable):
            return macs_of(spec, shapes[0], output)
        inner = spec.output(shapes[0])
        first, cells = macs_of(spec, shapes[0], inner), volume((output[0], *spec.spatial_of(output)))
        if first is None or cells is None:
            return None
        channels, filters = inner[spec._channel], self.own.filters
        return first + cells * channels * filters if isinstance(channels, int) else None

    def detail(self, shape: Shape) -> str:
        """Return kernel, stride, padding and what else is not at its default."""
        spec, mode = self.nearest(shape), getattr(self.own, "padding_mode", "zeros")
        word = "causal" if getattr(self.own, "padding", None) in ("causal", "CAUSAL") else None
        return "" if spec is None else detail_of(spec, word) + ("" if mode == "zeros" else f", {mode}")


def beyond_moves(module: Transposed) -> tuple[Move, ...]:
    """Return the moves of a module that no spec is: ``(i - 1) * s + k_eff - 2 * p + output_padding``."""
    moves = []
    bare, pads, more = module._bare, each(module, "padding"), each(module, "output_padding")
    for axis, (pad, extra) in enumerate(zip(pads, more, strict=True)):
        stride = bare.strides[axis]
        plus = bare.extent(axis) - stride - 2 * pad + extra
        moves.append(Move(stride, plus, 1, max(1, -(-(1 - plus) // stride))))
    return tuple(moves)


def bordered_moves(module: Convolution) -> tuple[Move, ...]:
    """Return the moves of a module that may pad with its input's own elements, of which there have to be enough."""
    less = {"reflect": 1, "circular": 0}.get(module.padding_mode)
    found = moves_of(module._spec)
    if less is None:
        return found
    least = [max(pads) + less if any(pads) else 1 for pads in module._pads((1,) * module.rank)]
    return tuple(
        Move(one.times, one.plus, one.over, max(one.least, low), one.covers, one.first)
        for one, low in zip(found, least, strict=True)
    )


def weights_of(spec: Spec, bias: bool) -> Weights:
    """Return the shapes of what a spec learns; a pool learns nothing."""
    if isinstance(spec, Conv | ConvTranspose):
        return {"filter": spec.filter_shape, **({"bias": (spec._outside,)} if bias else {})}
    return {}


def macs_of(spec: Spec, shape: Shape, output: Shape) -> int | None:
    """Return the multiply-accumulates of a convolution, taps that fall on padding counted as engines count them.

    Forward, every output element meets the filter once; transposed, every input element does.
    """
    if not isinstance(spec, Conv | ConvTranspose):
        return 0
    seen = shape if isinstance(spec, ConvTranspose) else output
    cells, filters = volume((seen[0], *spec.spatial_of(seen))), volume(spec.filter_shape)
    return None if cells is None or filters is None else cells * filters


def detail_of(spec: Spec, padding: str | None = None) -> str:
    """Return a spec's numbers in a few words: ``5x5, stride 2, SAME``; a dialect may have a word for its padding."""
    kernel = spec.filter_shape[:-2] if isinstance(spec, Conv | ConvTranspose) else spec.window_shape  # type: ignore[attr-defined]
    words = ["x".join(map(str, kernel))]
    if set(spec.strides) != {1}:
        words.append(f"stride {_each(spec.strides)}")
    words.append(padding or _padding(spec))
    if set(spec.dilations) != {1}:
        words.append(f"dilation {_each(spec.dilations)}")
    if getattr(spec, "groups", 1) != 1:
        words.append(f"groups {spec.groups}")  # type: ignore[attr-defined]
    if getattr(spec, "output_padding", None) is not None:
        words.append(f"output padding {_each(spec.output_padding)}")  # type: ignore[attr-defined]
    if isinstance(spec, Pool) and spec.ceil_mode:
        words.append("ceil")
    return ", ".join(words)


def _padding(spec: Spec) -> str:
    if isinstance(spec.padding, str):
        return spec.padding
    pairs = [before_and_after(spec.padding, axis) for axis in range(len(spec.padding))]
    alike = {number for pair in pairs for number in pair}
    if len(alike) == 1:
        return f"padding {alike.pop()}"
    return f"padding {pairs[0][0]}:{pairs[0][1]}" if len(pairs) == 1 else f"padding {show(spec.padding)}"


def _each(numbers: tuple[int, ...]) -> str:
    return str(numbers[0]) if len(set(numbers)) == 1 else "x".join(map(str, numbers))
