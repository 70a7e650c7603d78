"""What TensorFlow's default build does other than the native one, and what either takes in silence, one by one.

Each row is asserted to be still true. When one fails, TensorFlow has mended it: take the row out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.engines.operation import Operation
from tests.engines.tensorflow_ops import tensorflow, zeros

REFUSED = "refused"
UP = {"input_shape": (2, 3, 3, 4), "filter_shape": (3, 3, 5, 4), "strides": 2, "padding": "SAME"}


@dataclass(frozen=True)
class Deviation:
    """One thing that TensorFlow does and convshape does not follow.

    Attributes:
        name: What it is.
        does: Executes it and returns what TensorFlow makes of it.
        made: What that is.
        verb: The function of convshape for the call, or None where convshape has none.
        call: Its arguments.
        said: What convshape says: a shape or `refused`.
    """

    name: str
    does: Callable[[], object]
    made: object
    verb: str | None = None
    call: dict[str, Any] | None = None
    said: object = REFUSED


def takes_too_small(operation: Operation, output_shape: tuple[int, ...]) -> bool:
    """Whether the default build wrongly takes this `(N, *spatial, C)`: VALID from an input of 1.

    It then takes sizes below the kernel, `[k - s + 1, k - 1]`, besides the legal `[k, k + s - 1]`, in any axis
    whose input is 1.
    """
    if operation.padding != "VALID":
        return False
    wrong = False
    for axis, wanted in enumerate(output_shape[1:-1]):
        stride = operation.strides[axis]
        extent = (operation.kernel[axis] - 1) * operation.dilations[axis] + 1
        smallest = (operation.sizes[axis] - 1) * stride + extent
        if operation.sizes[axis] == 1 and extent - stride < wanted < extent:
            wrong = True
        elif not smallest <= wanted < smallest + stride:
            return False
    return wrong


def _up(output_shape: Any, *, call: dict[str, Any] = UP) -> Callable[[], tuple[int, ...]]:
    def execute() -> tuple[int, ...]:
        op = tensorflow().nn.conv2d_transpose
        tensors = zeros(call["input_shape"]), zeros(call["filter_shape"])
        return tuple(op(*tensors, output_shape, call["strides"], call["padding"]).shape)

    return execute


def _down(input_shape: tuple[int, ...], strides: Any, padding: Any) -> Callable[[], tuple[int, ...]]:
    return lambda: tuple(
        tensorflow().nn.conv2d(zeros(input_shape), zeros((3, 3, 4, 6)), strides, padding).shape
    )


def _traced(output_shape: tuple[int, ...], input_shape: tuple[Any, ...]) -> Callable[[], tuple[Any, ...]]:
    def trace() -> tuple[Any, ...]:
        tf = tensorflow()
        function = tf.function(
            lambda x: tf.nn.conv2d_transpose(x, zeros((3, 3, 5, 4)), output_shape, 2, "SAME"),
            input_signature=[tf.TensorSpec(input_shape)],
        )
        return tuple(function.get_concrete_function().structured_outputs.shape)

    return trace


def _conv3d_twice() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the static and the executed shape of a dilated conv3d."""
    tf = tensorflow()
    picture = zeros((1, 7, 8, 9, 2))
    function = tf.function(
        lambda x: tf.nn.conv3d(x, zeros((3, 3, 3, 2, 2)), [1] * 5, "VALID", dilations=[1, 1, 2, 1, 1])
    )
    static = function.get_concrete_function(picture).structured_outputs.shape
    return tuple(static), tuple(function(picture).shape)


def _five_axes() -> tuple[int, ...]:
    tf = tensorflow()
    function = tf.function(
        lambda x: tf.nn.conv2d(x, zeros((3, 3, 4, 6)), 1, "SAME"), input_signature=[tf.TensorSpec(None)]
    )
    return tuple(function(zeros((2, 2, 8, 9, 4))).shape)


def _over_channels() -> tuple[int, ...]:
    window = [1, 1, 1, 2]
    return tuple(tensorflow().nn.avg_pool(zeros((2, 8, 8, 4)), window, window, "VALID").shape)


def _depthwise() -> tuple[int, ...]:
    op = tensorflow().nn.depthwise_conv2d
    return tuple(op(zeros((1, 8, 8, 1)), zeros((3, 3, 1, 1)), [1, 3, 3, 1], "SAME", dilations=[2, 2]).shape)


ONE = {"input_shape": (1, 1, 1, 4), "filter_shape": (2, 2, 5, 4), "strides": 2, "padding": "VALID"}
NONE = {**UP, "input_shape": (0, 3, 3, 4)}
CONV = {"filter_shape": (3, 3, 4, 6)}
IN_CHANNELS = ((0, 0), (0, 0), (0, 0), (1, 1))
DILATED = {
    "input_shape": (1, 7, 8, 9, 2),
    "filter_shape": (3, 3, 3, 2, 2),
    "padding": "VALID",
    "dilations": (1, 2, 1),
}


def _wanting(shape: Any, call: dict[str, Any] = UP) -> dict[str, Any]:
    return {**call, "output_shape": shape}


#: The default build alone.
ONLY_DEFAULT = (
    Deviation("VALID from an input of 1 takes an output below the kernel",
              _up((1, 1, 1, 5), call=ONE), (1, 1, 1, 5), "check_transpose", _wanting((1, 1, 1, 5), ONE)),
    Deviation("an empty batch takes any output_shape",
              _up((0, 9, 6, 5), call=NONE), (0, 9, 6, 5), "check_transpose", _wanting((0, 9, 6, 5), NONE)),
    Deviation("an empty output_shape takes any batch",
              _up((0, 6, 6, 5)), (0, 6, 6, 5), "check_transpose", _wanting((0, 6, 6, 5))),
    Deviation("-1 for the batch is taken",
              _up((-1, 6, 6, 5)), (2, 6, 6, 5), "check_transpose", _wanting((-1, 6, 6, 5))),
    Deviation("channels that are a multiple are read as groups",
              _up((2, 6, 6, 10)), (2, 6, 6, 10), "check_transpose", _wanting((2, 6, 6, 10))),
    Deviation("a convolution of an empty batch has its input's shape",
              _down((0, 8, 9, 4), 2, "SAME"), (0, 8, 9, 4), "conv_output",
              {**CONV, "input_shape": (0, 8, 9, 4), "strides": 2}, (0, 4, 5, 6)),
    Deviation("a convolution with too large a kernel has its input's shape",
              _down((2, 2, 2, 4), 1, "VALID"), (2, 2, 2, 4), "conv_output",
              {**CONV, "input_shape": (2, 2, 2, 4), "padding": "VALID"}),
    Deviation("padding of the channels is ignored",
              _down((2, 8, 8, 4), 1, IN_CHANNELS), (2, 6, 6, 6), "conv_output",
              {**CONV, "input_shape": (2, 8, 8, 4), "padding": IN_CHANNELS}),
    Deviation("an average over channels is empty",
              _over_channels, (2, 0, 0, 2), "pool_output",
              {"input_shape": (2, 8, 8, 4), "window_shape": (1, 1, 1, 2)}),
    Deviation("conv2d traced for any rank loses an axis of five",
              _five_axes, (2, 8, 9, 6), "conv_output", {**CONV, "input_shape": (2, 2, 8, 9, 4)}),
    Deviation("the static shape of conv3d exchanges two dilations",
              _conv3d_twice, ((1, 5, 6, 5, 2), (1, 5, 4, 7, 2)), "conv_output", DILATED, (1, 5, 4, 7, 2)),
)  # fmt: skip
#: Either build.
EITHER = (
    Deviation("an output_shape of two entries is spatial only",
              _up((6, 6)), (2, 6, 6, 5), "check_transpose", _wanting((6, 6))),
    Deviation("floats in output_shape are cut off",
              _up(np.array([2, 6.9, 6.9, 5], np.float32)), (2, 6, 6, 5), "check_transpose",
              _wanting(np.array([2, 6.9, 6.9, 5], np.float32))),
    Deviation("integers past int32 wrap around",
              _up((2, 2**32 + 6, 6, 5)), (2, 6, 6, 5), "check_transpose", _wanting((2, 2**32 + 6, 6, 5))),
    Deviation("a stride of 2.5 is 2",
              _up((2, 6, 6, 5), call={**UP, "strides": 2.5}), (2, 6, 6, 5), "check_transpose",
              _wanting((2, 6, 6, 5), {**UP, "strides": 2.5})),
    Deviation("a stride of True is 1",
              _up((2, 3, 3, 5), call={**UP, "strides": True}), (2, 3, 3, 5), "check_transpose",
              _wanting((2, 3, 3, 5), {**UP, "strides": True})),
    Deviation("a filter for a part of the channels is read as groups",
              lambda: tuple(tensorflow().nn.conv2d(zeros((2, 3, 3, 4)), zeros((3, 3, 2, 4)), 2, "SAME").shape),
              (2, 2, 2, 4), "conv_output",
              {"input_shape": (2, 3, 3, 4), "filter_shape": (3, 3, 2, 4), "strides": 2}),
    Deviation("tracing reports a wrong output_shape as if it were made",
              _traced((2, 9, 9, 5), (2, 3, 3, 4)), (2, 9, 9, 5), "check_transpose", _wanting((2, 9, 9, 5))),
    Deviation("tracing forgets the batch of output_shape",
              _traced((2, 6, 6, 5), (None, 3, 3, 4)), (None, 6, 6, 5)),
    Deviation("a dilated depthwise convolution with strides is another one, of 4 and not 3", _depthwise, (1, 4, 4, 1)),
)  # fmt: skip
