"""How layers compute: in which types, and where dcgan.kernels has a faster form of TensorFlow's operation.

Filters here are those of a forward convolution, ``(kh, kw, C_large, C_small)``, between a larger and a smaller map. A
transposed convolution has its forward twin's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import tensorflow as tf

from dcgan.processor import is_avx2_at_most, words

Form: TypeAlias = Literal["plain", "sub_pixel", "phased"]

IMAGE_CHANNELS = 4  # up to as many are the side of a picture
INNER_CHANNELS = 32  # from this many on, on both sides, maps are inside a network
DEEP_SIDE = 8  # up to this side of the smaller of two maps, and
DEEP_CHANNELS = 64  # from this many channels on, on both sides, maps are deep inside


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


def enlarging(
    filter_shape: Sequence[int], strides: Sequence[int], small_sides: Sequence[int], dtype: tf.DType
) -> Form:
    """Return the form that a transposed convolution takes.

    In bfloat16 it is the sub-pixel one, if no more than 4 channels come out of it. In float32, on a processor with AVX2
    and without AVX-512, it is the phased one with 32 channels or more on both sides, up to a smaller map of sides 16, with
    a stride of 1 too. All others are TensorFlow's.

    Args:
        filter_shape: The forward twin's, ``(kh, kw, C_large, C_small)``.
        strides: The forward twin's, ``(sh, sw)``.
        small_sides: Height and width of the smaller map.
        dtype: The type it is computed in.

    >>> enlarging((5, 5, 3, 64), (2, 2), (14, 14), tf.bfloat16)
    'sub_pixel'
    >>> enlarging((5, 5, 64, 128), (2, 2), (14, 14), tf.bfloat16)
    'plain'
    """
    stride, other = strides
    if dtype == tf.bfloat16 and stride == other > 1:
        return "sub_pixel" if filter_shape[2] <= IMAGE_CHANNELS else "plain"
    inner = stride == other and min(filter_shape[2:]) >= INNER_CHANNELS and max(small_sides) <= 2 * DEEP_SIDE
    return "phased" if dtype == tf.float32 and inner and is_avx2_at_most(words()) else "plain"


def is_tapped(
    filter_shape: Sequence[int], strides: Sequence[int], small_sides: Sequence[int], dtype: tf.DType
) -> bool:
    """Return whether a filter's gradient is taken tap by tap.

    It is where both maps have 64 channels or more and the filter is a whole number of strides wide: in bfloat16 up to a
    smaller map of sides 8, in float32, on a processor with AVX2 and without AVX-512, up to 16.

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
    if min(filter_shape[2:]) < DEEP_CHANNELS or not _is_whole(filter_shape, strides):
        return False
    if dtype == tf.bfloat16:
        return max(small_sides) <= DEEP_SIDE
    return dtype == tf.float32 and max(small_sides) <= 2 * DEEP_SIDE and is_avx2_at_most(words())


def _is_whole(filter_shape: Sequence[int], strides: Sequence[int]) -> bool:
    # For any other filter TensorFlow's own gradient was as fast or faster: 5x5 on maps of 7x7, 0.8 to 0.95 of its time.
    return strides[0] == strides[1] > 1 and filter_shape[0] % strides[0] == filter_shape[1] % strides[1] == 0
