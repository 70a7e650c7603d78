"""How layers compute: in which types, and where dcgan.kernels has a faster form of TensorFlow's operation.

Filters here are those of a forward convolution, ``(kh, kw, C_large, C_small)``, between a larger and a smaller map. A
transposed convolution has its forward twin's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import tensorflow as tf

from dcgan.processor import is_avx2_at_most, words

IMAGE_CHANNELS = 4  # up to as many are the side of a picture
DEEP_SIDE = 8  # up to this side of the smaller of two maps, and
DEEP_CHANNELS = 64  # from this many channels on, on both sides, maps are deep inside a network


@dataclass(frozen=True)
class Arithmetic:
    """How a layer computes in training. In use every layer computes in float32.

    Attributes:
        compute: The type of both factors in a layer's products.
        result: The type in which the layer hands its numbers on.
        fast: Whether the forms of dcgan.kernels are used, where their rules hold.
    """

    compute: tf.DType = tf.float32
    result: tf.DType = tf.float32
    fast: bool = False


FLOAT32 = Arithmetic()


def is_sub_pixel(
    filter_shape: Sequence[int], strides: Sequence[int], small_sides: Sequence[int], dtype: tf.DType
) -> bool:
    """Return whether a transposed convolution takes its sub-pixel form.

    In bfloat16, if no more than 4 channels come out of it. In float32, on a processor with AVX2 and without AVX-512,
    if it is deep: a smaller map of sides up to 8, 64 channels or more on both sides, a filter of whole strides.

    Args:
        filter_shape: The forward twin's, ``(kh, kw, C_large, C_small)``.
        strides: The forward twin's, ``(sh, sw)``.
        small_sides: Height and width of the smaller map.
        dtype: The type it is computed in.

    >>> is_sub_pixel((5, 5, 3, 64), (2, 2), (14, 14), tf.bfloat16)
    True
    >>> is_sub_pixel((5, 5, 64, 128), (2, 2), (14, 14), tf.bfloat16)
    False
    """
    if dtype == tf.bfloat16:
        return filter_shape[2] <= IMAGE_CHANNELS and strides[0] == strides[1] > 1
    return dtype == tf.float32 and _is_deep(filter_shape, strides, small_sides) and is_avx2_at_most(words())


def is_tapped(
    filter_shape: Sequence[int], strides: Sequence[int], small_sides: Sequence[int], dtype: tf.DType
) -> bool:
    """Return whether a filter's gradient is taken tap by tap: in bfloat16, if the convolution is deep.

    Args:
        filter_shape: ``(kh, kw, C_large, C_small)``.
        strides: ``(sh, sw)``.
        small_sides: Height and width of the smaller map.
        dtype: The type it is computed in.

    >>> is_tapped((4, 4, 128, 256), (2, 2), (8, 8), tf.bfloat16)
    True
    >>> is_tapped((5, 5, 128, 256), (2, 2), (8, 8), tf.bfloat16)
    False
    """
    return dtype == tf.bfloat16 and _is_deep(filter_shape, strides, small_sides)


def _is_deep(filter_shape: Sequence[int], strides: Sequence[int], small_sides: Sequence[int]) -> bool:
    # A filter that is no whole number of strides wide has to be filled up to one, which costs what the forms gain.
    return (
        max(small_sides) <= DEEP_SIDE
        and min(filter_shape[2:]) >= DEEP_CHANNELS
        and strides[0] == strides[1] > 1
        and filter_shape[0] % strides[0] == filter_shape[1] % strides[1] == 0
    )
