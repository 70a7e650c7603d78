"""How layers compute: in which types, and where dcgan.computing.kernels has a faster form of TensorFlow's operation.

Filters here are those of a forward convolution, ``(kh, kw, C_large, C_small)``, between a larger and a smaller map. A
transposed convolution has its forward twin's.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import tensorflow as tf

from dcgan.computing.processor import uses_onednn, words

Form: TypeAlias = Literal["plain", "sub_pixel", "tapped", "by_rows"]

IMAGE_CHANNELS = 4  # up to as many are the side of a picture
DEEP_SIDE = 8  # up to this side of the smaller of two maps, and
DEEP_CHANNELS = 64  # from this many channels on, on both sides, maps are deep inside a network
LARGE_FILTER = 2**21  # from as many numbers on, 8 MB: 4x4 between 256 channels and 512


@dataclass(frozen=True)
class Arithmetic:
    """How a layer computes in training. In use every layer computes in float32.

    Attributes:
        compute: The type of both factors in a layer's products.
        result: The type in which the layer hands its numbers on.
        fast: Whether the forms of dcgan.computing.kernels are used, where their rules hold.
    """

    compute: tf.DType = tf.float32
    result: tf.DType = tf.float32
    fast: bool = False


FLOAT32 = Arithmetic()


def enlarging(
    filter_shape: Sequence[int], strides: Sequence[int], small_sides: Sequence[int], dtype: tf.DType
) -> Form:
    """Return the form that a transposed convolution takes.

    It is the sub-pixel one, if no more than 4 channels come out of it: in bfloat16, and in float32 where TensorFlow uses
    oneDNN. TensorFlow's other kernels for float32 are faster than it.

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
    is_image = strides[0] == strides[1] > 1 and filter_shape[2] <= IMAGE_CHANNELS
    pays = dtype == tf.bfloat16 or (dtype == tf.float32 and uses_onednn(words(), os.environ))
    return "sub_pixel" if is_image and pays else "plain"


def sloping(
    filter_shape: Sequence[int], strides: Sequence[int], small_sides: Sequence[int], dtype: tf.DType
) -> Form:
    """Return the form that a filter's gradient takes.

    In bfloat16 it is tapped, where both maps have 64 channels or more, the filter is a whole number of strides wide, and
    the smaller map has sides of at most 8. In float32, where TensorFlow uses oneDNN, it is

    - by rows, where the filter has 2,097,152 numbers or more: there oneDNN's own takes longer, up to four times;
    - tapped, where TensorFlow's own overruns its memory (see :func:`overruns`).

    Args:
        filter_shape: ``(kh, kw, C_large, C_small)``.
        strides: ``(sh, sw)``.
        small_sides: Height and width of the smaller map.
        dtype: The type it is computed in.

    >>> sloping((4, 4, 128, 256), (2, 2), (8, 8), tf.bfloat16)
    'tapped'
    >>> sloping((5, 5, 128, 256), (2, 2), (8, 8), tf.bfloat16)
    'plain'
    """
    if strides[0] != strides[1]:
        return "plain"
    if dtype == tf.float32 and uses_onednn(words(), os.environ):
        if math.prod(filter_shape) >= LARGE_FILTER:
            return "by_rows"
        return "tapped" if overruns(filter_shape, strides, dtype) else "plain"
    is_deep = min(filter_shape[2:]) >= DEEP_CHANNELS and max(small_sides) <= DEEP_SIDE
    return "tapped" if dtype == tf.bfloat16 and is_deep and _is_whole(filter_shape, strides) else "plain"


def overruns(filter_shape: Sequence[int], strides: Sequence[int], dtype: tf.DType) -> bool:
    """Return whether TensorFlow's own gradient of a filter may write past the end of its memory, and the process die of it.

    TensorFlow 2.21 does in float32 with oneDNN, where a filter of 1x1 has a stride: from 8x8 to 4x4, 2 channels to 3, a
    stride of 2. Where both strides are equal, as in all of dcgan's networks, it is never asked for that, not with ``--kernels plain`` either.

    Args:
        filter_shape: ``(kh, kw, C_large, C_small)``.
        strides: ``(sh, sw)``.
        dtype: The type it is computed in.

    >>> overruns((2, 2, 8, 16), (2, 2), tf.float32), overruns((1, 1, 8, 16), (1, 1), tf.float32)
    (False, False)
    """
    is_stepping = tuple(filter_shape[:2]) == (1, 1) and max(strides) > 1
    return is_stepping and dtype == tf.float32 and uses_onednn(words(), os.environ)


def _is_whole(filter_shape: Sequence[int], strides: Sequence[int]) -> bool:
    # For other filters TensorFlow's own gradient was faster: 5x5 on maps of 7x7.
    return strides[0] > 1 and filter_shape[0] % strides[0] == filter_shape[1] % strides[1] == 0
