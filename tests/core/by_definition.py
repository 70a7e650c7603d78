"""Sizes worked out by doing: a window is slid along a padded line and its places are counted. No formula.

Nothing here is shared with convshape, so that the two can disagree. Only for small sizes.
"""

from __future__ import annotations

import functools
import itertools
import math
from typing import Any

from tests.engines.operation import read

Padding = str | tuple[int, int]


def places(line: int, kernel: int, dilation: int, stride: int) -> list[int]:
    """Return every place on a line of this length where a dilated kernel fits whole."""
    last_tap = (kernel - 1) * dilation
    return [start for start in range(0, line, stride) if start + last_tap < line]


@functools.cache
def same_padding(size: int, kernel: int, dilation: int, stride: int) -> tuple[int, int]:
    """Return the least padding with which there is a place for every stride begun, the odd element after."""
    for total in itertools.count():
        if len(places(size + total, kernel, dilation, stride)) >= math.ceil(size / stride):
            return total // 2, total - total // 2
    raise AssertionError("some padding is always enough")


@functools.cache
def forward(size: int, padding: Padding, kernel: int, dilation: int, stride: int) -> int:
    """Return the output size of a forward convolution, 0 where the kernel fits nowhere."""
    return len(places(size + sum(amounts(size, padding, kernel, dilation, stride)), kernel, dilation, stride))


def amounts(size: int, padding: Padding, kernel: int, dilation: int, stride: int) -> tuple[int, int]:
    """Return `(before, after)` of any padding."""
    if padding == "SAME":
        return same_padding(size, kernel, dilation, stride)
    return (0, 0) if isinstance(padding, str) else padding


def transposed(size: int, padding: Padding, kernel: int, dilation: int, stride: int) -> list[int]:
    """Return every output size of a transposed convolution: those that the forward twin takes to `size`."""
    most = (size + 1) * stride + kernel * dilation  # beyond, the twin makes more than `size`
    return [
        wanted for wanted in range(1, most + 1) if forward(wanted, padding, kernel, dilation, stride) == size
    ]


def ceil_pool(size: int, padding: Padding, window: int, dilation: int, stride: int) -> int:
    """Return the output size of a pool in ceil mode.

    The last window may hang over the end, by less than a stride, if it starts inside the input or before it.
    """
    before, after = amounts(size, padding, window, dilation, stride)
    line, extent = before + size + after, (window - 1) * dilation + 1
    starts = range(0, before + size, stride)
    return sum(start + extent - line < stride for start in starts)


def output(verb: str, call: dict[str, Any]) -> tuple[Any, ...]:
    """Return what a forward verb makes of a legal call, axis by axis."""
    operation = read(verb, call)
    count = ceil_pool if operation.ceil_mode else forward
    sizes = [
        count(size, _padding(operation, axis), kernel, dilation, stride)
        for axis, (size, kernel, dilation, stride) in enumerate(_axes(operation))
    ]
    channels = operation.input_shape[-1] if verb == "pool_output" else operation.channels[1]
    return operation.laid_out((operation.input_shape[0], *sizes, channels))


def outputs(call: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return every legal output shape of a legal transposed call, in growing order."""
    operation = read("transpose_output", call)
    axes = [
        transposed(size, _padding(operation, axis), kernel, dilation, stride)
        for axis, (size, kernel, dilation, stride) in enumerate(_axes(operation))
    ]
    channels = operation.groups * operation.channels[0]
    return [
        operation.laid_out((operation.input_shape[0], *sizes, channels)) for sizes in itertools.product(*axes)
    ]


def padding_amounts(call: dict[str, Any]) -> tuple[tuple[int, int], ...]:
    """Return `(before, after)` of each axis of a legal forward call."""
    operation = read("padding_amounts", call)
    return tuple(
        amounts(size, _padding(operation, axis), kernel, dilation, stride)
        for axis, (size, kernel, dilation, stride) in enumerate(_axes(operation))
    )


def _axes(operation: Any) -> Any:
    return zip(operation.sizes, operation.kernel, operation.dilations, operation.strides, strict=True)


def _padding(operation: Any, axis: int) -> Padding:
    return operation.padding if isinstance(operation.padding, str) else operation.padding[axis]
