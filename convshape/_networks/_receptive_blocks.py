"""Where each kind of layer looks: one room for all of them, asked by receptive fields.

A layer is asked of one axis and one source, and answers with taps; with ``WHOLE`` where each of its outputs looks at
all positions of the axis; or with None where the axis is no axis of the output, or too long to be listed.
"""

from __future__ import annotations

from convshape._conv import Conv
from convshape._geometry import transposed_geometry
from convshape._layouts import channels_first
from convshape._networks import _taps
from convshape._networks._adopting import ResizingBlock
from convshape._networks._again import Again
from convshape._networks._block import places
from convshape._networks._constants import WithConstant
from convshape._networks._dense import Dense, Flatten, Reshape
from convshape._networks._fixed import AdaptivePool, GlobalPool
from convshape._networks._joins import Add, Concat
from convshape._networks._normal import BatchNorm, LayerNorm
from convshape._networks._permute import Permute
from convshape._networks._plain import Activation, Dropout
from convshape._networks._resizing import Cropping, UpSampling, ZeroPadding
from convshape._networks._same import Same
from convshape._networks._spec_block import LayerBlock, SpecBlock
from convshape._networks._standing import Standing
from convshape._networks._taps import Taps
from convshape._paddings import before_and_after
from convshape._pool import Pool
from convshape._refusals import Refusal
from convshape._sizes import effective_kernel, same_padding
from convshape._transposed import ConvTranspose
from convshape.frameworks._keras_kinds import Separable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable

    from convshape._networks._block import Block
    from convshape._networks._network import Network, Value
    from convshape._shapes import Shape
    from convshape._spec import Spec

    Look = Taps | str | None

WHOLE = "whole"
_KEEPING = (Activation, Dropout, BatchNorm, LayerNorm, Same, Standing, WithConstant)
_KNOWN = (
    SpecBlock, LayerBlock, *_KEEPING, UpSampling, ZeroPadding, Cropping, AdaptivePool, GlobalPool, Flatten, Dense,
    Reshape, Permute, Add, Concat,
)  # fmt: skip


def check_known(network: Network) -> None:
    """Refuse a network with layers that do not say where their outputs come from, and name them all."""
    unknown = [node for node in network.nodes if not isinstance(once(node.block), _KNOWN)]
    if not unknown:
        return
    named = ", ".join(f'"{node.name}" ({node.block.kind})' for node in unknown[:8])
    raise _unplaced(f"{named}{', ...' if unknown[8:] else ''} {'does' if len(unknown) == 1 else 'do'}")


def _unplaced(who: str) -> Refusal:
    return Refusal(
        "network",
        given=None,
        problem=f"{who} not say which elements an output is made of.",
        legal="convolutions, pools, and the layers of convshape.layers but Custom",
        reason="a shape's rule says how many elements there are, not where each comes from.",
    )


def once(block: Block) -> Block:
    """Return the layer itself of one that stands in the network once more."""
    return block.own if isinstance(block, Again) else block


def spec_of(block: Block, shape: Shape) -> Spec | None:
    """Return the spec that moves the windows of a block; of a separable convolution it is the depthwise one."""
    block = once(block)
    if isinstance(block, SpecBlock):
        return block.own
    if not isinstance(block, LayerBlock) or isinstance(block, ResizingBlock):
        return None
    spec = block.spec(shape)
    if spec is None and isinstance(block.own, Separable):
        return block.nearest(shape)
    if spec is None:
        raise _unplaced(f"{block.kind} ({block.own!r}) does")
    return spec


def look_of(block: Block, given: Value, axis: int, size: int) -> Look:
    """Return where a block of one input looks along a spatial axis of so many elements."""
    if isinstance(block, ResizingBlock | Again):
        return look_of(block.inner if isinstance(block, ResizingBlock) else block.own, given, axis, size)
    layout = given.layout or ""
    spec = spec_of(block, given.shape)
    if spec is not None:
        return spec_taps(spec, axis, size)
    if isinstance(block, UpSampling):
        return _taps.enlarged(block.each(block.size, layout, "size")[axis], block.interpolation)  # type: ignore[arg-type]
    if isinstance(block, ZeroPadding):
        return _taps.moved(-block.pairs(layout)[axis][0])
    if isinstance(block, Cropping):
        return _taps.moved(block.pairs(layout)[axis][0])
    if isinstance(block, AdaptivePool):
        return _taps.adaptive(size, block.each(block.output_size, layout, "output_size")[axis])  # type: ignore[arg-type]
    if isinstance(block, GlobalPool | Flatten):
        return WHOLE
    if isinstance(block, Dense):
        return WHOLE if channels_first(layout) and axis == len(layout) - 3 else _taps.STAY
    if isinstance(block, Permute):
        return None if block.layout_after(layout, given.shape, None) is None else _taps.STAY
    stays = isinstance(block, _KEEPING) and block.moves(given.shape, layout) is not None
    return _taps.STAY if stays else None


def asks_of_size(block: Block, given: Value, axis: int, size: int) -> object:
    """Return what of a size decides where a block of one input looks: equal ones look alike."""
    block = once(block)
    spec = spec_of(block, given.shape)
    if isinstance(spec, Conv | Pool):
        extent = effective_kernel(_kernel(spec, axis), spec.dilations[axis])
        return same_padding(size, extent, spec.strides[axis])[0] if spec.padding == "SAME" else None
    known = (*_KEEPING, UpSampling, ZeroPadding, Cropping, GlobalPool, Flatten, Dense, Permute)
    return None if spec is not None or isinstance(block, known) else size


def axis_of(block: Block, given: Value, axis: int) -> Hashable:
    """Return what a block does to a spatial axis, beside its size: equal for axes along which it looks alike."""
    block, layout = once(block), given.layout or ""
    spec = spec_of(block, given.shape)
    if isinstance(spec, Conv | Pool | ConvTranspose):
        padding = transposed_geometry(spec).pads[axis] if isinstance(spec, ConvTranspose) else before_and_after(spec.padding, axis)  # type: ignore[index]  # fmt: skip
        return (type(spec), _kernel(spec, axis), spec.strides[axis], spec.dilations[axis], padding)
    if isinstance(block, UpSampling):
        return (block.each(block.size, layout, "size")[axis], block.interpolation)
    if isinstance(block, ZeroPadding | Cropping):
        return (type(block), block.pairs(layout)[axis])
    if isinstance(block, (*_KEEPING, GlobalPool, Flatten, Add)) or (
        isinstance(block, Dense) and not channels_first(layout)
    ):
        return ()
    return (
        () if isinstance(block, Concat) and block.along(len(layout), layout) not in places(layout) else axis
    )


def _kernel(spec: Spec, axis: int) -> int:
    return spec.window_shape[axis] if isinstance(spec, Pool) else spec.filter_shape[axis]  # type: ignore[attr-defined]


def look_of_join(block: Block, given: Value, layout: str, axis: int, size: int, output: int) -> Look:
    """Return where a join looks in one of its inputs: a smaller one is spread, a bigger one cropped."""
    if given.layout != layout:
        return None
    if isinstance(block, Concat) and block.along(len(layout), layout) == places(layout)[axis]:
        return None
    if size == output:
        return _taps.STAY
    return _taps.moved((size - output) // 2) if size > output else WHOLE


def spec_taps(spec: Spec, axis: int, size: int) -> Taps | None:
    """Return the taps of a spec along an axis of so many elements; only a strided SAME asks for the size."""
    stride, dilation = spec.strides[axis], spec.dilations[axis]
    if isinstance(spec, ConvTranspose):
        before = transposed_geometry(spec).pads[axis][0]  # type: ignore[index]
        return _taps.transposed(spec.filter_shape[axis], stride, dilation, before)
    if not isinstance(spec, Conv | Pool):
        return None
    kernel = _kernel(spec, axis)
    padding = before_and_after(spec.padding, axis)
    if isinstance(padding, str):
        same = padding == "SAME"
        padding = same_padding(size, effective_kernel(kernel, dilation), stride) if same else (0, 0)
    return _taps.forward(kernel, stride, dilation, padding[0])
