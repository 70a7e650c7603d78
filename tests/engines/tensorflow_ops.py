"""Calling the ops of `tf.nn` from an operation: eagerly, or compiled by XLA."""

from __future__ import annotations

import functools
import os
from types import ModuleType
from typing import Any

from tests.engines.operation import Operation

FORMATS = {False: {1: "NWC", 2: "NHWC", 3: "NDHWC"}, True: {1: "NCW", 2: "NCHW", 3: "NCDHW"}}


class EngineRefused(Exception):
    """The op raised an error instead of making a tensor."""


@functools.cache
def tensorflow() -> ModuleType:
    """Import TensorFlow where it is first needed."""
    import tensorflow as tf

    return tf


@functools.lru_cache(maxsize=4096)
def zeros(shape: tuple[int, ...]) -> Any:
    """Return a tensor of zeros; making one costs as much as a small convolution."""
    return tensorflow().zeros(shape)


def native() -> bool:
    """Whether TensorFlow runs its native CPU kernels, the exact ones, and not the default build's oneDNN."""
    return os.environ["TF_ENABLE_ONEDNN_OPTS"] == "0"


def refusals() -> tuple[type[Exception], ...]:
    """Return what ops raise when they refuse a call."""
    return (tensorflow().errors.OpError, ValueError, TypeError)


def eagerly(operation: Operation, pool: str) -> tuple[int, ...]:
    """Execute on zeros and return the result's shape `(N, *spatial, C)`."""
    try:
        return operation.canonical(call_op(operation, pool, *_zeros(operation)).shape)
    except refusals() as error:
        raise EngineRefused(str(error)) from error


def compiled(operation: Operation, pool: str) -> tuple[int, ...]:
    """Execute under XLA, whose rules are the native ones and which has every layout, dilation and group."""
    tf, tensors = tensorflow(), _zeros(operation)
    # Traced for unknown sizes: the static shape of a dilated conv3d exchanges height and width, and fails.
    unknown = (None,) * (operation.rank + 1)
    signature = [tf.TensorSpec(operation.laid_out((*unknown, operation.input_shape[-1])))]
    signature += [tf.TensorSpec(tensor.shape) for tensor in tensors[1:]]
    op = functools.partial(call_op, operation, pool)
    try:
        function = tf.function(op, jit_compile=True, autograph=False, input_signature=signature)
        return operation.canonical(function(*tensors).shape)
    except refusals() as error:
        raise EngineRefused(str(error)) from error


def call_op(operation: Operation, pool: str, *tensors: Any) -> Any:
    """Call the op of `tf.nn` on tensors, with the arguments as that op wants them."""
    tf, rank = tensorflow(), operation.rank
    arguments: dict[str, Any] = {
        ("stride" if operation.kind == "conv" and rank == 1 else "strides"): _entries(
            operation.strides, operation
        ),
        "padding": _pairs(operation) if operation.explicit else operation.padding,
        "data_format": FORMATS[operation.channels_first][rank],
    }
    if operation.kind == "pool":
        return getattr(tf.nn, f"{pool}_pool{rank}d")(*tensors, ksize=list(operation.kernel), **arguments)
    arguments["dilations"] = _entries(operation.dilations, operation)
    if operation.kind == "conv":
        return getattr(tf.nn, f"conv{rank}d")(*tensors, **arguments)
    wanted = operation.laid_out(operation.output_shape or ())
    return getattr(tf.nn, f"conv{rank}d_transpose")(*tensors, output_shape=wanted, **arguments)


def _zeros(operation: Operation) -> list[Any]:
    picture = zeros(operation.laid_out(operation.input_shape))
    return [picture] if operation.kind == "pool" else [picture, zeros(operation.filter_shape)]


def _entries(values: tuple[int, ...], operation: Operation) -> list[int]:
    """Return strides or dilations as a list; the 3-D ops take none but full rank."""
    if operation.rank < 3:
        return list(values)
    return [1, 1, *values] if operation.channels_first else [1, *values, 1]


def _pairs(operation: Operation) -> list[list[int]]:
    pairs = [list(pair) for pair in operation.padding]
    return [[0, 0], [0, 0], *pairs] if operation.channels_first else [[0, 0], *pairs, [0, 0]]
