"""Faster ways to the same numbers, for the few places where TensorFlow's own kernels are slow on a CPU.

All that is exotic in dcgan lives here. Each form computes what the plain operation computes, values and gradients,
up to rounding and the order of sums; the tests hold one against the other. The rules of dcgan.numerics decide which is
used; ``--kernels plain`` uses none.

Everything is about a forward convolution with SAME padding, ``small = conv2d(large, filters)``, and its two
transposes. The filter is ``(kh, kw, C_large, C_small)`` throughout: a transposed convolution has its forward twin's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import tensorflow as tf

import convshape as cs
from dcgan.numerics import enlarging, is_tapped

Gradients: TypeAlias = Callable[[tf.Tensor], tuple[tf.Tensor, tf.Tensor]]


def conv2d(large: tf.Tensor, filters: tf.Tensor, strides: Sequence[int]) -> tf.Tensor:
    """Return ``tf.nn.conv2d(large, filters, strides, "SAME")``, with faster gradients where the rules say so.

    Args:
        large: Maps, ``(N, H, W, C_large)``.
        filters: ``(kh, kw, C_large, C_small)``, of the same type.
        strides: ``(sh, sw)``.

    Returns:
        ``(N, h, w, C_small)``.
    """
    _, *small_sides, _ = cs.conv_output(("N", *large.shape[1:]), tuple(filters.shape), strides)
    if not _has_form(filters.shape, strides, small_sides, large.dtype):
        return tf.nn.conv2d(large, filters, strides, "SAME")

    @tf.custom_gradient
    def shrink(large: tf.Tensor, filters: tf.Tensor) -> tuple[tf.Tensor, Gradients]:
        def gradients(slope: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            to_large = _enlarge(slope, filters, large.shape[1:], strides)
            return to_large, _filter_gradient(large, slope, filters.shape, strides)

        return tf.nn.conv2d(large, filters, strides, "SAME"), gradients

    return shrink(large, filters)


def conv2d_transpose(
    small: tf.Tensor, filters: tf.Tensor, output_shape: Sequence[int], strides: Sequence[int]
) -> tf.Tensor:
    """Return ``tf.nn.conv2d_transpose`` with SAME padding, it and its gradients faster where the rules say so.

    Args:
        small: Maps, ``(N, h, w, C_small)``.
        filters: The forward twin's, ``(kh, kw, C_large, C_small)``, of the same type.
        output_shape: One map of the result, ``(H, W, C_large)``.
        strides: The forward twin's, ``(sh, sw)``.

    Returns:
        ``(N, H, W, C_large)``.
    """
    if not _has_form(filters.shape, strides, small.shape[1:3], small.dtype):
        return _enlarge(small, filters, output_shape, strides)

    @tf.custom_gradient
    def enlarge(small: tf.Tensor, filters: tf.Tensor) -> tuple[tf.Tensor, Gradients]:
        def gradients(slope: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            to_small = tf.nn.conv2d(slope, filters, strides, "SAME")
            return to_small, _filter_gradient(slope, small, filters.shape, strides)

        return _enlarge(small, filters, output_shape, strides), gradients

    return enlarge(small, filters)


def _has_form(*case: Any) -> bool:  # noqa: ANN401 - as the rules
    # Where there is none, TensorFlow is left to derive the gradient: it fuses more around its own operations.
    return enlarging(*case) != "plain" or is_tapped(*case)


def _enlarge(
    small: tf.Tensor, filters: tf.Tensor, output_shape: Sequence[int], strides: Sequence[int]
) -> tf.Tensor:
    form = enlarging(filters.shape, strides, small.shape[1:3], small.dtype)
    if form != "plain":
        return {"sub_pixel": sub_pixel, "scattered": scattered}[form](
            small, filters, output_shape, strides[0]
        )
    shape = tf.stack([tf.shape(small)[0], *output_shape])
    return tf.nn.conv2d_transpose(small, filters, shape, strides, "SAME")


def _filter_gradient(
    large: tf.Tensor, small: tf.Tensor, filter_shape: Sequence[int], strides: Sequence[int]
) -> tf.Tensor:
    if is_tapped(filter_shape, strides, small.shape[1:3], small.dtype):
        return tapped(large, small, filter_shape, strides[0])
    return tf.raw_ops.Conv2DBackpropFilter(
        input=large, filter_sizes=filter_shape, out_backprop=small, strides=[1, *strides, 1], padding="SAME"
    )


def sub_pixel(small: tf.Tensor, filters: tf.Tensor, output_shape: Sequence[int], stride: int) -> tf.Tensor:
    """Return a transposed convolution as a convolution of stride 1 that makes all pixels of a square at once.

    Along one axis, output ``o`` is a sum over the inputs ``i`` and taps ``t`` with ``i * stride + t = o + before``.
    With ``o + before = stride * q + r`` those are ``t = r + stride * m`` and ``i = q - m``: for each phase ``r`` a
    convolution of stride 1 over ``q``, with every ``stride``-th tap.

    Args:
        small: ``(N, h, w, C_small)``.
        filters: The forward twin's, ``(kh, kw, C_large, C_small)``.
        output_shape: One map of the result, ``(H, W, C_large)``.
        stride: The forward twin's, each way.

    Returns:
        ``(N, H, W, C_large)``.
    """
    height, width, channels = output_shape
    (rows, top, crop_top), (columns, left, crop_left) = (
        _phases(*sizes, stride)
        for sizes in zip(
            _before(output_shape, filters.shape, stride),
            output_shape,
            small.shape[1:],
            filters.shape,
            strict=False,
        )
    )
    taps = _whole_strides(filters, rows, columns, stride)[::-1, :, ::-1]  # the last tap meets the first input
    phases = tf.reshape(
        tf.transpose(taps, (0, 2, 5, 1, 3, 4)), (rows, columns, small.shape[-1], stride * stride * channels)
    )
    squares = tf.nn.conv2d(tf.pad(small, [(0, 0), top, left, (0, 0)]), phases, 1, "VALID")
    pixels = tf.nn.depth_to_space(squares, stride)
    return pixels[:, crop_top : crop_top + height, crop_left : crop_left + width]


def scattered(small: tf.Tensor, filters: tf.Tensor, output_shape: Sequence[int], stride: int) -> tf.Tensor:
    """Return a transposed convolution as one matrix product for each square of taps, each added where it belongs.

    The larger map is cut into squares of one stride; what an input makes with square ``m`` of the filter belongs to the
    square ``m`` further on. It is the transpose of :func:`tapped`'s cut.

    Args:
        small: ``(N, h, w, C_small)``.
        filters: The forward twin's, ``(kh, kw, C_large, C_small)``.
        output_shape: One map of the result, ``(H, W, C_large)``.
        stride: The forward twin's, each way.

    Returns:
        ``(N, H, W, C_large)``.
    """
    height, width, _ = output_shape
    small_height, small_width, channels = small.shape[1:]
    rows, columns = (-(-size // stride) for size in filters.shape[:2])
    top, left = _before(output_shape, filters.shape, stride)
    taps = _whole_strides(filters, rows, columns, stride)
    inputs = tf.reshape(small, (-1, channels))
    # enough of them for what stands before the map and all of it
    high, wide = (-(-(before + size) // stride) for before, size in ((top, height), (left, width)))
    squares = tf.add_n(
        [
            _placed(
                tf.reshape(
                    tf.matmul(inputs, tf.reshape(taps[i, :, j], (-1, channels)), transpose_b=True),
                    (-1, small_height, small_width, stride * stride * filters.shape[2]),
                ),
                (i, j),
                (max(high, small_height + rows - 1), max(wide, small_width + columns - 1)),
            )
            for i in range(rows)
            for j in range(columns)
        ]
    )
    pixels = tf.nn.depth_to_space(squares, stride)
    return pixels[:, top : top + height, left : left + width]


def _placed(part: tf.Tensor, start: tuple[int, int], sides: tuple[int, int]) -> tf.Tensor:
    """Return a map among zeros, so that it begins at ``start`` in one of these sides."""
    around = [
        (before, side - size - before)
        for before, side, size in zip(start, sides, part.shape[1:3], strict=True)
    ]
    return tf.pad(part, [(0, 0), *around, (0, 0)])


def tapped(large: tf.Tensor, small: tf.Tensor, filter_shape: Sequence[int], stride: int) -> tf.Tensor:
    """Return the gradient of a convolution's filter as one matrix product for each square of taps.

    The larger map is cut into squares of one stride; square ``m`` of the filter meets, at every place of the smaller
    map, the square ``m`` further on.

    Args:
        large: The convolution's input, ``(N, H, W, C_large)``.
        small: The gradient of its output, ``(N, h, w, C_small)``.
        filter_shape: ``(kh, kw, C_large, C_small)``.
        stride: The convolution's, each way.

    Returns:
        The filter's gradient, of ``filter_shape``.
    """
    (height, width), (rows, columns) = small.shape[1:3], (-(-size // stride) for size in filter_shape[:2])
    padding = [
        (before, stride * (side + squares - 1) - size - before)
        for before, side, squares, size in zip(
            _before(large.shape[1:], filter_shape, stride),
            (height, width),
            (rows, columns),
            large.shape[1:3],
            strict=True,
        )
    ]
    squares = tf.nn.space_to_depth(tf.pad(large, [(0, 0), *padding, (0, 0)]), stride)
    slopes = tf.reshape(small, (-1, filter_shape[3]))
    products = [
        tf.matmul(
            tf.reshape(squares[:, i : i + height, j : j + width], (-1, squares.shape[-1])),
            slopes,
            transpose_a=True,
        )
        for i in range(rows)
        for j in range(columns)
    ]
    taps = tf.reshape(tf.stack(products), (rows, columns, stride, stride, *filter_shape[2:]))
    whole = tf.reshape(
        tf.transpose(taps, (0, 2, 1, 3, 4, 5)), (rows * stride, columns * stride, *filter_shape[2:])
    )
    return whole[: filter_shape[0], : filter_shape[1]]


def _before(large_shape: Sequence[int], filter_shape: Sequence[int], stride: int) -> tuple[int, ...]:
    """Return how much SAME padding stands before the larger map, each way."""
    padding = cs.padding_amounts(("N", *large_shape), tuple(filter_shape), stride)
    return tuple(before for before, _ in padding)


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
