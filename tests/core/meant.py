"""Calls that say what they meant: axes left out, filters in another framework's order, words in a number's place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import convshape as cs
from convshape.frameworks import jax, keras, onnx, torch
from convshape.frameworks import tensorflow as tf

#: A call, what it is made with, and the fix that is to come first. A layer is made of all but its input.
Case = tuple[Callable[..., Any], dict[str, Any], dict[str, Any]]
INPUTS = ("input_shape", "input", "X", "lhs")


def conv2d(**arguments: Any) -> dict[str, Any]:
    return {"filters": 32, "kernel_size": 3, **arguments}


def seen(*shape: Any) -> dict[str, Any]:
    return {"input_shape": shape}


UP: dict[str, Any] = {"filter_shape": (4, 4, 512, 100)}
DOWN: dict[str, Any] = {"filter_shape": (3, 3, 3, 8)}
AXES: dict[str, Case] = {
    "pictures without channels": (keras.Conv2D, conv2d(**seen(None, 28, 28)), seen(None, 28, 28, 1)),
    "depthwise": (keras.DepthwiseConv2D, {"kernel_size": 3, **seen(None, 45, 61)}, seen(None, 45, 61, 1)),
    "pooled": (keras.MaxPooling2D, seen(None, 28, 28), seen(None, 28, 28, 1)),
    "channels first": (keras.Conv2D, conv2d(data_format="channels_first", **seen(None, 28, 28)), seen(None, 1, 28, 28)),
    "as many as are given": (keras.Conv2D, conv2d(**seen(60000, 28, 28)), seen(60000, 28, 28, 1)),
    "of a named batch": (keras.Conv1D, conv2d(**seen("N", 784)), seen("N", 784, 1)),
    "of known channels": (cs.conv_output, {**DOWN, **seen(None, 28, 28)}, seen(None, 28, 28, 3)),
    "known, channels first": (cs.conv_output, {**DOWN, "data_format": "NCHW", **seen(2, 28, 28)}, seen(2, 3, 28, 28)),
    "a picture without a batch": (keras.Conv2D, conv2d(**seen(28, 28, 3)), seen(None, 28, 28, 3)),
    "features without a batch": (keras.Conv2D, conv2d(**seen(7, 7, 512)), seen(None, 7, 7, 512)),
    "either": (keras.Conv2D, conv2d(**seen(100, 45, 61)), seen(None, 100, 45, 61)),
    "sizes that are not known": (keras.Conv2D, conv2d(**seen(None, None, 3)), seen(None, None, None, 3)),
    "a series": (cs.conv_output, {**DOWN, **seen("N", 30, 3)}, seen("N", 30, 1, 3)),
    "spatial sizes alone": (keras.Conv2D, conv2d(**seen(28, 28)), seen(None, 28, 28, 1)),
    "flattened pictures": (keras.Conv2D, conv2d(**seen(None, 784)), seen(None, 28, 28, 1)),
    "flattened pictures in colour": (cs.conv_output, {**DOWN, **seen("N", 3072)}, seen("N", 32, 32, 3)),
    "vectors": (cs.transpose_output, {**UP, **seen("N", 100)}, seen("N", 1, 1, 100)),
    "as many vectors as are given": (cs.transpose_output, {**UP, **seen(64, 100)}, seen(64, 1, 1, 100)),
    "vectors, Keras": (keras.Conv2DTranspose, conv2d(**seen("N", 100)), seen("N", 1, 1, 100)),
    "vectors, Keras, three axes": (keras.Conv3DTranspose, conv2d(**seen(64, 100)), seen(64, 1, 1, 1, 100)),
    "vectors, PyTorch": (torch.conv_transpose2d, {"input": (64, 100), "weight": (100, 512, 4, 4)}, {"input": (64, 100, 1, 1)}),
    "frames": (keras.Conv2D, conv2d(**seen(None, 10, 64, 64, 3)), seen(None, 64, 64, 3)),
    "as many frames as are given": (keras.Conv2D, conv2d(**seen(8, 10, 64, 64, 1)), seen(80, 64, 64, 1)),
    "an axis of 1": (keras.Conv2D, conv2d(**seen("N", 1, 64, 64, 3)), seen("N", 64, 64, 3)),
    "lines of a picture": (keras.Conv1D, conv2d(**seen(None, 28, 28, 1)), seen(None, 28, 28)),
    "a batch and one channel": (torch.Conv2d, {"in_channels": 1, "out_channels": 8, "kernel_size": 3, "input": (64, 28, 28)},
                                {"input": (64, 1, 28, 28)}),
    "a batch and one channel, a function": (torch.conv2d, {"input": (64, 28, 28), "weight": (32, 1, 3, 3)}, {"input": (64, 1, 28, 28)}),
    "a picture in colour": (torch.conv2d, {"input": (3, 28, 28), "weight": (32, 1, 3, 3)}, {"weight": (32, 3, 3, 3)}),
    "series of one channel": (torch.Conv1d, {"in_channels": 1, "out_channels": 8, "kernel_size": 3, "input": (64, 100)},
                              {"input": (64, 1, 100)}),
    "a named batch": (torch.Conv2d, {"in_channels": 3, "out_channels": 8, "kernel_size": 3, "input": ("N", 28, 28)},
                      {"input": ("N", 3, 28, 28)}),
    "a named batch, pooled": (torch.MaxPool2d, {"kernel_size": 2, "input": ("N", 28, 28)}, {"input": ("N", 1, 28, 28)}),
    "ONNX": (onnx.Conv, {"X": (64, 28, 28), "W": (32, 1, 3, 3)}, {"X": (64, 1, 28, 28)}),
}  # fmt: skip
TF, TORCH = (5, 5, 3, 64), (64, 3, 5, 5)
LAST, FIRST = (8, 45, 61, 3), (8, 3, 45, 61)
TF_UP, TORCH_UP = (5, 5, 32, 64), (64, 32, 5, 5)
_TF = {"strides": 1, "padding": "SAME"}
_JAX = {"window_strides": (1, 1), "padding": "SAME"}
ORDERS: dict[str, Case] = {
    "PyTorch's": (cs.conv_output, {**seen(*LAST), "filter_shape": TORCH}, {"filter_shape": TF}),
    "PyTorch's, of groups": (cs.conv_output, {**seen(8, 9, 9, 15), "filter_shape": (60, 3, 5, 5), "groups": 5},
                             {"filter_shape": (5, 5, 3, 60)}),
    "PyTorch's, channels first": (cs.conv_output, {**seen(*FIRST), "filter_shape": TORCH, "data_format": "NCHW"}, {"filter_shape": TF}),
    "PyTorch's, a spec": (cs.Conv, {**seen(*LAST), "filter_shape": TORCH}, {"filter_shape": TF}),
    "PyTorch's, one axis": (cs.transpose_output, {**seen(8, 9, 64), "filter_shape": (64, 32, 5)}, {"filter_shape": (5, 32, 64)}),
    "PyTorch's, TensorFlow": (tf.conv2d, {"input": LAST, "filters": TORCH, **_TF}, {"filters": TF}),
    "PyTorch's, transposed": (cs.transpose_output, {**seen(8, 7, 7, 64), "filter_shape": TORCH_UP}, {"filter_shape": TF_UP}),
    "PyTorch's, transposed, TensorFlow": (
        tf.conv2d_transpose, {"input": (8, 7, 7, 64), "filters": TORCH_UP, "output_shape": (8, 14, 14, 32), "strides": 2},
        {"filters": TF_UP}),
    "PyTorch's, with the input": (cs.conv_output, {**seen(*FIRST), "filter_shape": TORCH}, {**seen(*LAST), "filter_shape": TF}),
    "PyTorch's, with the input, TensorFlow": (
        tf.conv2d, {"input": FIRST, "filters": TORCH, **_TF}, {"input": LAST, "filters": TF}),
    "PyTorch's, with the input, transposed": (
        cs.check_transpose, {**seen(8, 64, 7, 7), "filter_shape": TORCH_UP, "output_shape": (8, 14, 14, 32), "strides": 2},
        {**seen(8, 7, 7, 64), "filter_shape": TF_UP}),
    "TensorFlow's": (torch.conv2d, {"input": FIRST, "weight": TF}, {"weight": TORCH}),
    "TensorFlow's, transposed": (torch.conv_transpose2d, {"input": (8, 64, 7, 7), "weight": TF_UP}, {"weight": TORCH_UP}),
    "TensorFlow's, with the input": (torch.conv2d, {"input": LAST, "weight": TF}, {"input": FIRST, "weight": TORCH}),
    "TensorFlow's, without a batch": (torch.conv2d, {"input": LAST[1:], "weight": TF}, {"input": FIRST[1:], "weight": TORCH}),
    "TensorFlow's, ONNX": (onnx.Conv, {"X": FIRST, "W": TF}, {"W": TORCH}),
    "TensorFlow's, with the input, ONNX": (onnx.Conv, {"X": LAST, "W": TF}, {"X": FIRST, "W": TORCH}),
    "TensorFlow's, transposed, with the input, ONNX": (
        onnx.ConvTranspose, {"X": (8, 7, 7, 64), "W": TF_UP}, {"X": (8, 64, 7, 7), "W": TORCH_UP}),
    "TensorFlow's, JAX": (jax.conv, {"lhs": FIRST, "rhs": TF, **_JAX}, {"rhs": TORCH}),
    "TensorFlow's, with the input, JAX": (jax.conv, {"lhs": LAST, "rhs": TF, **_JAX}, {"lhs": FIRST, "rhs": TORCH}),
    "an input in TensorFlow's, JAX": (jax.conv, {"lhs": LAST, "rhs": TORCH, **_JAX}, {"lhs": FIRST}),
    "two labels": (jax.conv_general_dilated, {"lhs": LAST, "rhs": TF, **_JAX, "dimension_numbers": ("NHWC", "HWIO")},
                   {"dimension_numbers": ("NHWC", "HWIO", "NHWC")}),
    "two labels in small letters": (jax.conv_general_dilated, {"lhs": LAST, "rhs": TF, **_JAX, "dimension_numbers": ["nhwc", "hwio"]},
                                    {"dimension_numbers": ("NHWC", "HWIO", "NHWC")}),
    # A kernel that were larger is no sign of another order, though the channels would fit.
    "channels like a kernel": (cs.conv_output, {**seen("N", 28, 28, 5), "filter_shape": TF}, {"filter_shape": (5, 5, 5, 64)}),
    "channels like a kernel, PyTorch": (torch.conv2d, {"input": (8, 5, 28, 28), "weight": TORCH}, {"weight": (64, 5, 5, 5)}),
    "swapped, and like a kernel": (cs.conv_output, {**seen("N", 28, 28, 3), "filter_shape": (3, 3, 64, 3)}, {"filter_shape": (3, 3, 3, 64)}),
}  # fmt: skip
NARROW = {"dilation": 3, "ceil_mode": True, "input": (12, 16, 2, 9)}
OTHERS: dict[str, Case] = {
    "a word for the strides": (keras.MaxPooling2D, {"strides": "same"}, {"strides": None, "padding": "same"}),
    "the default word": (keras.AveragePooling1D, {"pool_size": 4, "strides": "valid"}, {"strides": None}),
    "a word, PyTorch's pool": (torch.MaxPool2d, {"kernel_size": 2, "stride": "same"}, {"stride": None}),
    "a number as text, PyTorch's pool": (torch.MaxPool2d, {"kernel_size": 2, "stride": "3"}, {"stride": 3}),
    "a word, PyTorch": (torch.Conv2d, {"in_channels": 3, "out_channels": 8, "kernel_size": 3, "stride": "same"},
                        {"stride": 1, "padding": "same"}),
    "a word, tf.nn.pool": (tf.pool, {"input": LAST, "window_shape": 2, "pooling_type": "MAX", "strides": "SAME"},
                           {"window_shape": (2, 2), "strides": None, "padding": "SAME"}),
    "groups of six channels": (keras.Conv2D, conv2d(groups=4, **seen(None, 8, 8, 6)), {"groups": 2}),
    "groups of nine filters": (keras.Conv2D, {"filters": 9, "kernel_size": 3, "groups": 3, **seen(None, 8, 8, 4)}, {"groups": 1}),
    "a window that would have another stride": (torch.MaxPool2d, {"kernel_size": 3, **NARROW}, {"dilation": (1, 3)}),
}  # fmt: skip
CASES = {
    f"{title}: {name}": case
    for title, cases in (("axes", AXES), ("orders", ORDERS), ("others", OTHERS))
    for name, case in cases.items()
}
