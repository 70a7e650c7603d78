"""What undoes one layer of a network, in sizes and channels: the layers of its mirror.

A convolution and its transposed twin undo each other. A pool is undone by enlarging by its stride: the copies of its
result ``j`` begin at ``j * stride``, its window began at ``j * stride - before`` and spans ``extent``, so both have one
middle after a shift of ``(extent - stride) / 2 - before``. What is then missing at an end is zeros, what is too much is
cropped.
"""

from __future__ import annotations

from convshape._conv import Conv
from convshape._layouts import assemble, channel_axis
from convshape._networks._adopting import ResizingBlock
from convshape._networks._block import places
from convshape._networks._dense import Dense, Flatten, Reshape
from convshape._networks._fixed import AdaptivePool, GlobalPool
from convshape._networks._permute import Permute
from convshape._networks._resizing import Cropping, UpSampling, ZeroPadding
from convshape._networks._spec_block import LayerBlock, SpecBlock
from convshape._paddings import before_and_after
from convshape._pool import Pool
from convshape._refusals import Refusal
from convshape._sizes import effective_kernel, same_padding
from convshape._transposed import ConvTranspose
from convshape.frameworks._keras_kinds import Separable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from convshape._networks._block import Block
    from convshape._networks._network import Value
    from convshape._paddings import Pair

    Blocks = tuple[Block, ...]


def undoing(block: Block, before: Value, after: Value) -> Blocks:
    """Return what takes the block's output back to its input's shape, or raise the bare ``Refusal``.

    A layer that changes no size is undone by nothing at all.
    """
    if isinstance(block, ResizingBlock):
        block = block.inner
    if isinstance(block, SpecBlock | LayerBlock):
        return _of_spec(block, before, after)
    rule = next((_RULES[kind] for kind in type(block).__mro__ if kind in _RULES), None)
    if rule is not None:
        return rule(block, before, after)
    if before == after:
        return ()
    raise _unknown(before)


def _unknown(before: Value) -> Refusal:
    return Refusal(
        "input_shape",
        given=before.told,
        problem="nothing is known to undo it.",
        legal="specs, and layers of convshape.layers but Custom; or mirror the layers before it and behind it by "
        "themselves, and put a layer of your own between",
        reason="its rule says what it does to a shape, not what takes that back.",
    )


def transposed(spec: Conv, before: Value, after: Value) -> ConvTranspose:
    """Return the transposed convolution that a convolution is the forward twin of, with the size that it came from.

    Of the ``stride`` sizes with this twin, ``output_padding`` is how far the one wanted lies above the smallest.
    """
    plain = _other(ConvTranspose, spec)
    if max(spec.strides) == 1:
        return plain  # type: ignore[no-any-return]  # only one size has this twin
    extras = [
        size - plain.legal_sizes(after.shape, axis).start
        for axis, size in enumerate(plain.spatial_of(before.shape))
    ]
    return _other(ConvTranspose, spec, output_padding=tuple(extras))  # type: ignore[no-any-return]


def _other(kind: Any, spec: Any, **more: object) -> Any:  # noqa: ANN401 - either kind of the other
    names = ("filter_shape", "strides", "padding", "dilations", "groups", "data_format")
    return kind.checked(**{name: getattr(spec, name) for name in names}, **more)


def _of_spec(block: SpecBlock | LayerBlock, before: Value, after: Value) -> Blocks:
    spec = block.spec(before.shape)
    bias = "bias" in block.weights(before.shape, before.layout)
    if isinstance(spec, Pool):
        return _of_pool(spec, before, after)
    if isinstance(spec, ConvTranspose):
        return (SpecBlock(_other(Conv, spec), bias),)
    if isinstance(spec, Conv):
        return (SpecBlock(transposed(spec, before, after), bias),)
    if isinstance(block.layer, Separable):
        return _of_separable(block, before, after, bias)
    raise _unknown(before)


def _of_separable(block: Any, before: Value, after: Value, bias: bool) -> Blocks:  # noqa: ANN401 - Keras's own
    """Return the twins of both convolutions, that of single elements first: the last one down is the first one up."""
    layout = block.wants
    where = channel_axis(layout)
    depthwise: Conv = block.own.prepared(before.shape[where])
    between = depthwise.output(before.shape)
    ones = (1,) * (len(layout) - 2)
    filter_shape = (*ones, between[where], after.shape[where])
    pointwise = ConvTranspose.checked(filter_shape=filter_shape, data_format=layout)
    inner = type(after)(between, layout)
    return SpecBlock(pointwise), SpecBlock(transposed(depthwise, before, inner), bias)


def _of_pool(spec: Pool, before: Value, after: Value) -> Blocks:
    axes = zip(spec.spatial_of(before.shape), spec.spatial_of(after.shape), spec.strides, strict=True)
    factors, amounts = [], []
    for axis, (large, small, stride) in enumerate(axes):
        if small == 1 and stride > large:  # type: ignore[operator]  # one result for all that there is
            factors.append(large)
            amounts.append((0, 0))
            continue
        enlarged = small * stride  # type: ignore[operator]
        extent = effective_kernel(spec.window_shape[axis], spec.dilations[axis])
        twice = extent - stride - 2 * _padded(spec, axis, large, extent)  # type: ignore[arg-type]
        front = abs(twice) // 2 * (1 if twice > 0 else -1)
        # at least one copy stays between what is cropped, and one element between the zeros
        front = max(1 - enlarged, min(large - 1, front))  # type: ignore[operator]
        factors.append(stride)
        amounts.append((front, large - enlarged - front))  # type: ignore[operator]
    return (*_enlarged(tuple(factors)), *_fitted(amounts))  # type: ignore[arg-type]


def _padded(spec: Pool, axis: int, size: int, extent: int) -> int:
    """Return how many elements a pool pads before a spatial axis."""
    pair = before_and_after(spec.padding, axis)
    if pair == "SAME":
        return same_padding(size, extent, spec.strides[axis])[0]
    return 0 if pair == "VALID" else pair[0]  # type: ignore[return-value]


def _enlarged(factors: tuple[int, ...]) -> Blocks:
    return (UpSampling(factors),) if max(factors) > 1 else ()


def _fitted(amounts: Iterable[Pair]) -> Blocks:
    """Return what puts so many elements before and after each spatial axis, or takes them where they are negative."""
    pairs = tuple(amounts)
    crop = tuple((max(0, -front), max(0, -end)) for front, end in pairs)
    pad = tuple((max(0, front), max(0, end)) for front, end in pairs)
    return (
        *((Cropping(crop),) if any(map(any, crop)) else ()),
        *((ZeroPadding(pad),) if any(map(any, pad)) else ()),
    )


def _of_upsampling(block: UpSampling, before: Value, after: Value) -> Blocks:
    if before == after:
        return ()
    layout = before.layout or ""
    factors = block.each(block.size, layout, "size")
    return (SpecBlock(Pool.checked(window_shape=factors, padding="VALID", data_format=layout)),)


def _of_zero_padding(block: ZeroPadding, before: Value, after: Value) -> Blocks:
    return _fitted((-front, -end) for front, end in block.pairs(before.layout or ""))


def _of_cropping(block: Cropping, before: Value, after: Value) -> Blocks:
    return _fitted(block.pairs(before.layout or ""))


def _of_global_pool(block: GlobalPool, before: Value, after: Value) -> Blocks:
    layout = before.layout or ""
    sizes: tuple[int, ...] = tuple(before.shape[place] for place in places(layout))  # type: ignore[misc]
    if block.keepdims:
        return _enlarged(sizes)
    single = assemble(1, (1,) * len(sizes), before.shape[channel_axis(layout)], layout)
    return (Reshape(single[1:]), *_enlarged(sizes))  # type: ignore[arg-type]


def _of_adaptive_pool(block: AdaptivePool, before: Value, after: Value) -> Blocks:
    """Return an enlargement, cropped on both sides where the size is no multiple; or a pool where it had grown."""
    axes = places(before.layout or "")
    sizes: list[tuple[int, int]] = [(before.shape[place], after.shape[place]) for place in axes]  # type: ignore[misc]
    if any(large < small for large, small in sizes):
        return (AdaptivePool(tuple(large for large, _ in sizes)),)
    factors = tuple(-(-large // small) for large, small in sizes)
    beyond = [small * factor - large for (large, small), factor in zip(sizes, factors, strict=True)]
    return (*_enlarged(factors), *_fitted((-(each // 2), each // 2 - each) for each in beyond))


def _of_shape(block: Block, before: Value, after: Value) -> Blocks:
    return () if before == after else (Reshape(before.shape[1:]),)  # type: ignore[arg-type]


def _of_dense(block: Dense, before: Value, after: Value) -> Blocks:
    return (Dense(before.shape[-1], block.units, block.use_bias),)  # type: ignore[arg-type]


def _of_permute(block: Permute, before: Value, after: Value) -> Blocks:
    if before.layout is not None and after.layout is None:
        raise Refusal(
            "input_shape",
            given=before.told,
            problem=f"it leaves the axes of {before.layout} in an order that is no layout.",
            legal="an order that is one, such as (3, 1, 2), from NHWC to NCHW",
            reason="a shape does not say which of its axes are channels, and so its mirror would not know it.",
        )
    return (Permute(tuple(block.dims.index(place) + 1 for place in range(1, len(block.dims) + 1))),)


_RULES: dict[type[Block], Callable[[Any, Value, Value], Blocks]] = {
    UpSampling: _of_upsampling,
    ZeroPadding: _of_zero_padding,
    Cropping: _of_cropping,
    GlobalPool: _of_global_pool,
    AdaptivePool: _of_adaptive_pool,
    Flatten: _of_shape,
    Reshape: _of_shape,
    Dense: _of_dense,
    Permute: _of_permute,
}
