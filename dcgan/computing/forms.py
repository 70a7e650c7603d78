"""The forms themselves: a transposed convolution and a filter's gradient, by other operations than TensorFlow's own.

Filters are those of the forward convolution, ``(kh, kw, C_large, C_small)``, between a larger and a smaller map with SAME
padding. Along one axis, output ``o`` of the transposed convolution is a sum over the inputs ``i`` and the taps ``t`` with
``i * stride + t = o + before``, where ``before`` is the padding that stands before the larger map.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import tensorflow as tf

import convshape as cs


def sub_pixel(small: tf.Tensor, filters: tf.Tensor, output_shape: Sequence[int], stride: int) -> tf.Tensor:
    """Return a transposed convolution as a convolution of stride 1 that makes all pixels of a square at once.

    With ``o + before = stride * q + r`` those are ``t = r + stride * m`` and ``i = q - m``: for each phase ``r`` a
    convolution of stride 1 over ``q``, with every ``stride``-th tap. Zeros in front of the filter's taps stand for as much
    padding more: where there is room for a whole stride of it, squares begin where the larger map does, and nothing is cropped.

    Args:
        small: ``(N, h, w, C_small)``.
        filters: The forward twin's, ``(kh, kw, C_large, C_small)``.
        output_shape: One map of the result, ``(H, W, C_large)``.
        stride: The forward twin's, each way.

    Returns:
        ``(N, H, W, C_large)``.
    """
    height, width, channels = output_shape
    before = _before(output_shape, filters.shape, stride)
    fronts = [_front(*axis, stride) for axis in zip(before, filters.shape, strict=False)]
    filters = tf.pad(filters, [*((front, 0) for front in fronts), (0, 0), (0, 0)])
    (rows, top, crop_top), (columns, left, crop_left) = (
        _phases(padding + front, *sizes, stride)
        for padding, front, *sizes in zip(
            before, fronts, output_shape, small.shape[1:], filters.shape, strict=False
        )
    )
    taps = _whole_strides(filters, rows, columns, stride)[::-1, :, ::-1]  # the last tap meets the first input
    phases = tf.reshape(
        tf.transpose(taps, (0, 2, 5, 1, 3, 4)), (rows, columns, small.shape[-1], stride * stride * channels)
    )
    squares = tf.nn.conv2d(tf.pad(small, [(0, 0), top, left, (0, 0)]), phases, 1, "VALID")
    pixels = tf.nn.depth_to_space(squares, stride)
    return pixels[:, crop_top : crop_top + height, crop_left : crop_left + width]


def tapped(large: tf.Tensor, small: tf.Tensor, filter_shape: Sequence[int], stride: int) -> tf.Tensor:
    """Return the gradient of a convolution's filter as one matrix product for each of its rows and strides of columns.

    A row of the filter and one stride of its columns meet, at every place of the smaller map, as many pixels in a row.

    Args:
        large: The convolution's input, ``(N, H, W, C_large)``.
        small: The gradient of its output, ``(N, h, w, C_small)``.
        filter_shape: ``(kh, kw, C_large, C_small)``.
        stride: The convolution's, each way.

    Returns:
        The filter's gradient, of ``filter_shape``.
    """
    pieces = chain.from_iterable(_seen(large, small.shape[1:3], filter_shape, stride))
    return _products(pieces, small, filter_shape)


def by_rows(large: tf.Tensor, small: tf.Tensor, filter_shape: Sequence[int], stride: int) -> tf.Tensor:
    """Return the gradient of a convolution's filter as one matrix product for each of its rows.

    Args:
        large: The convolution's input, ``(N, H, W, C_large)``.
        small: The gradient of its output, ``(N, h, w, C_small)``.
        filter_shape: ``(kh, kw, C_large, C_small)``.
        stride: The convolution's, each way.

    Returns:
        The filter's gradient, of ``filter_shape``.
    """
    rows = (tf.concat(row, -1) for row in _seen(large, small.shape[1:3], filter_shape, stride))
    return _products(rows, small, filter_shape)


def _seen(
    large: tf.Tensor, small_sides: Sequence[int], filter_shape: Sequence[int], stride: int
) -> Iterator[list[tf.Tensor]]:
    """Yield what each row of a filter meets, a list of strides of its columns: ``(N, h, w, columns * C_large)``.

    Columns of the larger map are taken a stride at a time, as if they were channels: that moves nothing.
    """
    kh, kw, channels, _ = filter_shape
    height, width = small_sides
    padding = [
        (before, stride * (side - 1 + -(-taps // stride)) - size - before)
        for before, side, taps, size in zip(
            _before(large.shape[1:], filter_shape, stride),
            (height, width),
            (kh, kw),
            large.shape[1:3],
            strict=True,
        )
    ]
    framed = tf.pad(large, [(0, 0), *padding, (0, 0)])
    high, wide = (size // stride for size in framed.shape[1:3])
    lines = tf.reshape(framed, (-1, high, stride, wide, stride * channels))
    for i, row in (divmod(tap, stride) for tap in range(kh)):
        yield [
            lines[:, i : i + height, row, j : j + width, : min(stride, kw - stride * j) * channels]
            for j in range(-(-kw // stride))
        ]


def _products(seen: Iterable[tf.Tensor], small: tf.Tensor, filter_shape: Sequence[int]) -> tf.Tensor:
    """Return, from what parts of a filter meet in its order, its gradient."""
    slopes = tf.reshape(small, (-1, filter_shape[3]))
    products = [tf.matmul(tf.reshape(part, (-1, part.shape[-1])), slopes, transpose_a=True) for part in seen]
    return tf.reshape(tf.concat(products, 0), filter_shape)


def _before(large_shape: Sequence[int], filter_shape: Sequence[int], stride: int) -> tuple[int, ...]:
    """Return how much SAME padding stands before the larger map, each way."""
    padding = cs.padding_amounts(("N", *large_shape), tuple(filter_shape), stride)
    return tuple(before for before, _ in padding)


def _front(before: int, kernel: int, stride: int) -> int:
    """Return, for one axis, the zeros in front of a filter that make the padding whole strides, if they add no tap."""
    front = -before % stride
    return front if -(-(kernel + front) // stride) == -(-kernel // stride) else 0


def _phases(
    before: int, large: int, small: int, kernel: int, stride: int
) -> tuple[int, tuple[int, int], int]:
    """Return, for one axis, the taps of a phase, the padding of the smaller map, and what is cropped before."""
    taps = -(-kernel // stride)
    first, last = before // stride, (before + large - 1) // stride
    return taps, (taps - 1 - first, last - (small - 1)), before - stride * first


def _whole_strides(filters: tf.Tensor, rows: int, columns: int, stride: int) -> tf.Tensor:
    """Return a filter, filled up with zeros, as ``(rows, stride, columns, stride, C_large, C_small)``."""
    kh, kw, *channels = filters.shape
    filled = tf.pad(filters, [(0, rows * stride - kh), (0, columns * stride - kw), (0, 0), (0, 0)])
    return tf.reshape(filled, (rows, stride, columns, stride, *channels))
