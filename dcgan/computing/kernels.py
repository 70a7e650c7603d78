"""Faster ways to the same numbers, for the few places where TensorFlow's own kernels are slow on a CPU.

All that is exotic in dcgan lives here and in dcgan.computing.forms. Each form computes what the plain operation computes,
values and gradients, up to rounding and the order of sums; the tests hold one against the other. The rules of
dcgan.computing.numerics decide which is used; ``--kernels plain`` uses none but where TensorFlow's own may end the process.

Everything is about a forward convolution with SAME padding, ``small = conv2d(large, filters)``, and its two
transposes. The filter is ``(kh, kw, C_large, C_small)`` throughout: a transposed convolution has its forward twin's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import tensorflow as tf

import convshape as cs
from dcgan.computing import forms
from dcgan.computing.numerics import enlarging, sloping

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
    return (enlarging(*case), sloping(*case)) != ("plain", "plain")


def _enlarge(
    small: tf.Tensor, filters: tf.Tensor, output_shape: Sequence[int], strides: Sequence[int]
) -> tf.Tensor:
    form = enlarging(filters.shape, strides, small.shape[1:3], small.dtype)
    if form != "plain":
        return getattr(forms, form)(small, filters, output_shape, strides[0])
    shape = tf.stack([tf.shape(small)[0], *output_shape])
    return tf.nn.conv2d_transpose(small, filters, shape, strides, "SAME")


def _filter_gradient(
    large: tf.Tensor, small: tf.Tensor, filter_shape: Sequence[int], strides: Sequence[int]
) -> tf.Tensor:
    form = sloping(filter_shape, strides, small.shape[1:3], small.dtype)
    if form != "plain":
        return getattr(forms, form)(large, small, filter_shape, strides[0])
    return tf.raw_ops.Conv2DBackpropFilter(
        input=large, filter_sizes=filter_shape, out_backprop=small, strides=[1, *strides, 1], padding="SAME"
    )
