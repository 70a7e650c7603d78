"""Random encoders of one to three spatial axes in either layout, each with an input that it takes."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

import convshape as cs
from tests.argument_strategies import FIRST, LAST, laid_out

L = cs.layers
LARGEST = {1: 30, 2: 20, 3: 9}
KINDS = (
    "conv",
    "conv",
    "conv",
    "pool",
    "pool",
    "transpose",
    "up",
    "zeros",
    "crop",
    "adaptive",
    "norm",
    "relu",
)
Encoder = tuple[cs.Chain, tuple[Any, ...]]


@st.composite
def layers(draw: st.DrawFn, *, rank: int, data_format: str, channels: int) -> Any:
    """One layer for so many channels. Shrinks towards a convolution of ones."""
    kind = draw(st.sampled_from(KINDS))
    kernel, strides, dilations = (
        tuple(draw(st.integers(1, most)) for _ in range(rank))
        for most in (5, 4, draw(st.sampled_from((1, 3))))
    )
    pairs = tuple((draw(st.integers(0, 4)), draw(st.integers(0, 4))) for _ in range(rank))
    named: dict[str, Any] = {"dilations": dilations, "data_format": data_format}
    padding = draw(st.sampled_from(("SAME", "VALID", pairs)))
    groups = draw(st.sampled_from([number for number in (1, 2, 3) if channels % number == 0]))
    other = groups * draw(st.integers(1, 2))
    if kind == "conv":
        filter_shape = (*kernel, channels // groups, other)
        return cs.Conv(filter_shape, strides, padding, groups=groups, **named)
    if kind == "transpose":
        more = draw(st.sampled_from((None, tuple(stride - 1 for stride in strides))))
        filter_shape = (*kernel, other // groups, channels)
        return cs.ConvTranspose(filter_shape, strides, padding, groups=groups, output_padding=more, **named)
    if kind == "pool":
        small = tuple(
            (min(front, size - 1), min(end, size - 1))
            for (front, end), size in zip(pairs, kernel, strict=True)
        )
        ceil = draw(st.booleans())
        return cs.Pool(kernel, strides, small if padding == pairs else padding, ceil_mode=ceil, **named)
    return {
        "up": lambda: L.UpSampling(strides),
        "zeros": lambda: L.ZeroPadding(pairs),
        "crop": lambda: L.Cropping(pairs),
        "adaptive": lambda: L.AdaptivePool(kernel),
        "norm": L.BatchNorm,
        "relu": L.Activation,
    }[kind]()


@st.composite
def encoders(draw: st.DrawFn, *, longest: int = 5, ends: bool = True) -> Encoder:
    """An encoder and its input's shape. Shrinks towards one layer, one axis, small sizes.

    Args:
        draw: Given by Hypothesis.
        longest: The most layers before the end.
        ends: Whether it may end with layers that give the spatial axes up.
    """
    rank = draw(st.integers(1, 3))
    data_format = draw(st.sampled_from((LAST[rank], FIRST[rank])))
    sizes = [draw(st.integers(1, LARGEST[rank])) for _ in range(rank)]
    shape = laid_out(draw(st.sampled_from((2, "N", None))), sizes, draw(st.integers(1, 4)), data_format)
    where = 1 if data_format[1] == "C" else -1
    # a convolution of ones says the layout, and takes every input
    found: list[Any] = [cs.Conv((1,) * rank + (shape[where], shape[where]), data_format=data_format)]
    for _ in range(draw(st.integers(1, longest))):
        now = cs.Chain(found)(shape)
        layer = draw(layers(rank=rank, data_format=data_format, channels=now[where]))
        try:
            after = cs.Chain([*found, layer])(shape)
        except cs.ShapeError:
            continue
        if all(size is None or isinstance(size, str) or size <= 200 for size in after):
            found.append(layer)
    around = (*range(2, rank + 2), 1) if where == 1 else (rank + 1, *range(1, rank + 1))
    last: list[list[Any]] = [
        [],
        [L.Flatten()],
        [L.Flatten(), L.Dense(5)],
        [L.GlobalPool()],
        [L.GlobalPool(True), L.Flatten()],
        [L.Permute(around), L.Flatten()],
    ]
    return cs.Chain([*found, *(draw(st.sampled_from(last)) if ends else [])]), shape
