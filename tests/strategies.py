"""Hypothesis strategies for whole legal calls of convshape; those for single arguments are named here too.

A whole call is a dict of arguments, to be used as `cs.conv_output(**call)`. Calls are made legal by plain
arithmetic, without asking convshape. Every strategy takes keyword arguments only and says what it shrinks
towards.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.argument_strategies import (
    FIRST,
    LARGEST,
    LAST,
    PADDINGS,
    RANKS,
    Geometry,
    batches,
    data_formats,
    factors,
    full_rank,
    geometries,
    laid_out,
    paddings,
    sizes,
)

__all__ = [
    "CALLS", "FIRST", "LAST", "PADDINGS", "RANKS", "Geometry", "batches", "check_calls", "conv_calls",
    "data_formats", "factors", "full_rank", "geometries", "laid_out", "padding_calls", "paddings",
    "pool_calls", "sizes", "transpose_calls", "transpose_calls_with_extra", "window_of",
]  # fmt: skip


@st.composite
def conv_calls(
    draw: st.DrawFn, *, channels_first: bool | None = None, max_groups: int = 3, **window: Any
) -> dict[str, Any]:
    """Legal arguments of `conv_output`. Shrinks towards one axis, SAME, ones, a batch of 1.

    Args:
        draw: Given by Hypothesis.
        channels_first: The layout, None for either.
        max_groups: Largest number of groups.
        window: Passed on to :func:`geometries`.
    """
    geometry = draw(geometries(**window))
    rank = len(geometry.kernel)
    smallest = [max(1, geometry.reach(axis)) for axis in range(rank)]
    spatial = [draw(sizes(smallest=least, largest=least + LARGEST[rank])) for least in smallest]
    groups, own, other = draw(_channel_counts(max_groups=max_groups))
    data_format = draw(data_formats(rank=rank, channels_first=channels_first))
    return {
        "input_shape": laid_out(draw(batches()), spatial, groups * own, data_format),
        "filter_shape": (*geometry.kernel, own, groups * other),
        **draw(_dressed(geometry=geometry, data_format=data_format)),
        "groups": groups,
        "data_format": data_format,
    }


@st.composite
def transpose_calls(
    draw: st.DrawFn,
    *,
    channels_first: bool | None = None,
    max_groups: int = 3,
    roomy: bool = True,
    **window: Any,
) -> dict[str, Any]:
    """Legal arguments of `transpose_output`, without an output_padding. Shrinks as :func:`conv_calls`.

    Args:
        draw: Given by Hypothesis.
        channels_first: The layout, None for either.
        max_groups: Largest number of groups.
        roomy: Whether all `stride` outputs of every axis are legal; otherwise padding may have eaten some,
            but never all.
        window: Passed on to :func:`geometries`.
    """
    geometry = draw(geometries(**window))
    rank, spatial = len(geometry.kernel), []
    for axis, stride in enumerate(geometry.strides):
        reach = geometry.reach(axis)  # the outputs run from (size - 1) * stride + reach, stride in number
        need = 1 - reach if roomy else 2 - stride - reach
        least = 1 + max(0, -(-need // stride))
        spatial.append(draw(sizes(smallest=least, largest=least + LARGEST[rank] // 2)))
    groups, own, other = draw(_channel_counts(max_groups=max_groups))
    data_format = draw(data_formats(rank=rank, channels_first=channels_first))
    return {
        "input_shape": laid_out(draw(batches()), spatial, groups * own, data_format),
        "filter_shape": (*geometry.kernel, other, groups * own),
        **draw(_dressed(geometry=geometry, data_format=data_format)),
        "groups": groups,
        "data_format": data_format,
    }


@st.composite
def check_calls(draw: st.DrawFn, **options: Any) -> dict[str, Any]:
    """Legal arguments of `check_transpose`: those of :func:`transpose_calls` and a legal output_shape.

    Shrinks towards the smallest output.
    """
    call = draw(transpose_calls(**options))
    last = call["data_format"] is None or call["data_format"][1] != "C"
    spatial = call["input_shape"][1:-1] if last else call["input_shape"][2:]
    window = window_of(call)
    wanted = []
    for axis, (size, stride) in enumerate(zip(spatial, window.strides, strict=True)):
        start = (size - 1) * stride + window.reach(axis)
        wanted.append(draw(st.integers(max(1, start), start + stride - 1)))
    channels = call["groups"] * call["filter_shape"][-2]
    return {**call, "output_shape": laid_out(call["input_shape"][0], wanted, channels, call["data_format"])}


@st.composite
def pool_calls(draw: st.DrawFn, *, channels_first: bool | None = None, **window: Any) -> dict[str, Any]:
    """Legal arguments of `pool_output` in floor mode. Shrinks towards one axis, SAME, ones, a batch of 1.

    Strides are None where they equal the window, as often as not.
    """
    geometry = draw(geometries(half_padding=True, **window))
    rank = len(geometry.kernel)
    smallest = [max(1, geometry.reach(axis)) for axis in range(rank)]
    spatial = [draw(sizes(smallest=least, largest=least + LARGEST[rank])) for least in smallest]
    data_format = draw(data_formats(rank=rank, channels_first=channels_first))
    if by_window := draw(st.booleans()):
        geometry = Geometry(geometry.kernel, geometry.kernel, geometry.dilations, geometry.padding)
    return {
        "input_shape": laid_out(draw(batches()), spatial, draw(st.integers(1, 3)), data_format),
        "window_shape": draw(factors(values=geometry.kernel, data_format=data_format)),
        **draw(_dressed(geometry=geometry, data_format=data_format)),
        **({"strides": None} if by_window else {}),
        "data_format": data_format,
    }


@st.composite
def transpose_calls_with_extra(draw: st.DrawFn, **options: Any) -> dict[str, Any]:
    """:func:`transpose_calls` with an output_padding, None or legal. Shrinks towards None."""
    call = draw(transpose_calls(**options))
    legal = st.tuples(*(st.integers(0, stride - 1) for stride in window_of(call).strides))
    return {**call, "output_padding": draw(st.one_of(st.none(), legal))}


@st.composite
def padding_calls(draw: st.DrawFn, **options: Any) -> dict[str, Any]:
    """Legal arguments of `padding_amounts`: those of :func:`conv_calls` but groups."""
    call = draw(conv_calls(**{**options, "max_groups": 1}))
    return {name: value for name, value in call.items() if name != "groups"}


def window_of(call: dict[str, Any]) -> Geometry:
    """Return the window of a call whose arguments these strategies have written."""
    rank = len(call["input_shape"]) - 2
    first = call["data_format"] is not None and call["data_format"][1] == "C"

    def entries(value: Any) -> tuple[Any, ...]:
        if isinstance(value, int):
            return (value,) * rank
        return tuple(value) if len(value) == rank else tuple(value[2:] if first else value[1:-1])

    padding = call["padding"]
    if isinstance(padding, str):
        padding = padding.upper()
    else:
        padding = ((padding, padding),) * rank if isinstance(padding, int) else padding
        padding = (padding,) if rank == 1 and isinstance(padding[0], int) else entries(padding)
    return Geometry(call["filter_shape"][:-2], entries(call["strides"]), entries(call["dilations"]), padding)


@st.composite
def _channel_counts(draw: st.DrawFn, *, max_groups: int) -> tuple[int, int, int]:
    """Draw groups, and channels a group on either side. Shrinks towards one group and one channel."""
    groups = draw(st.one_of(st.just(1), st.integers(1, max_groups)))
    return groups, draw(st.integers(1, 3)), draw(st.integers(1, 3))


@st.composite
def _dressed(draw: st.DrawFn, *, geometry: Geometry, data_format: str | None) -> dict[str, Any]:
    """Write the window's strides, padding and dilations in any legal form."""
    rank = len(geometry.kernel)
    return {
        "strides": draw(factors(values=geometry.strides, data_format=data_format)),
        "padding": draw(paddings(padding=geometry.padding, rank=rank, data_format=data_format)),
        "dilations": draw(factors(values=geometry.dilations, data_format=data_format)),
    }


#: Which strategy makes legal arguments for which function of convshape.
CALLS = {
    "conv_output": conv_calls,
    "transpose_output": transpose_calls_with_extra,
    "transpose_outputs": transpose_calls_with_extra,
    "check_transpose": check_calls,
    "pool_output": pool_calls,
    "padding_amounts": padding_calls,
}
