"""Running a conversion in its engine: from its parts, or as the code that a user would paste."""

from __future__ import annotations

import functools
from ast import literal_eval
from typing import Any

import numpy as np

LACKING = "native CPU kernels"


@functools.cache
def _layer(operation: str, arguments: str, shape: tuple[int | None, ...]) -> Any:
    """Build a Keras layer, which costs as much as ten calls; its weights are set before every call."""
    import keras

    layer = getattr(keras.layers, operation.rpartition(".")[2])(**literal_eval(arguments))
    layer.build(shape)
    return layer


def perform(there: Any, x: Any) -> Any:
    """Run a conversion for TensorFlow or Keras from its parts: pad before, call, crop after; NumPy in and out.

    What its notes say the native kernels lack is run under XLA, and it is seen to that they cannot.
    """
    import tensorflow as tf

    given, wanted = there.given_format[1] == "C", there.data_format[1] == "C"
    rank = len(there.data_format) - 2
    last, first = (0, *range(2, rank + 2), 1), (0, rank + 1, *range(1, rank + 1))
    call = _call(there)

    def run(x: Any) -> Any:
        if given != wanted:
            x = tf.transpose(x, first if wanted else last)
        if there.before is not None:
            x = tf.pad(x, there.before.pairs(there.data_format))
        y = call(x)
        if there.after is not None:
            y = y[there.after.slices(there.data_format)]
        return y if given == wanted else tf.transpose(y, first if given else last)

    x = tf.constant(x)
    if not lacking(there):
        return run(x).numpy()
    # Traced for unknown sizes: the static shape of a dilated conv3d exchanges height and width, and fails.
    unknown, channels = (None,) * rank, there.channels[0]
    shape = (None, channels, *unknown) if given else (None, *unknown, channels)
    y = tf.function(run, [tf.TensorSpec(shape)], jit_compile=True, autograph=False)(x).numpy()
    assert _is_lacking(run, x, y), f"the native kernels run what the notes say they lack: {there}"
    return y


def lacking(there: Any) -> bool:
    """Whether the notes say that TensorFlow's native CPU kernels cannot run it."""
    return any(LACKING in note for note in there.notes)


def _is_lacking(run: Any, x: Any, wanted: Any) -> bool:
    """Whether the native kernels refuse it, or compute something else."""
    import tensorflow as tf

    try:
        return not np.allclose(run(x), wanted, atol=1e-4)
    except (tf.errors.InvalidArgumentError, tf.errors.UnimplementedError):
        return True


def _call(there: Any) -> Any:
    import tensorflow as tf

    if there.framework == "tensorflow":
        op = getattr(tf.nn, there.operation.rpartition(".")[2])
        return functools.partial(op, filters=there.weights, **there.arguments)
    sizes = (None,) * (len(there.data_format) - 2)
    channels = there.channels[0]
    shape = (None, channels, *sizes) if there.data_format[1] == "C" else (None, *sizes, channels)
    layer = _layer(there.operation, repr(there.arguments), shape)
    layer.set_weights([there.weights])
    return layer


def paste(code: str, x: Any, weights: Any, framework: str) -> Any:
    """Run a conversion's code on NumPy arrays, as a user would who pastes it, and return a NumPy array."""
    if framework == "torch":
        import torch

        x = torch.from_numpy(x)
    if framework in ("tensorflow", "keras"):
        return _compiled(code, x, weights)
    scope: dict[str, Any] = {"x": x, "weights": weights}
    exec(code, scope)
    y = scope["y"]
    return np.asarray(y.detach() if framework == "torch" else y)


def _compiled(code: str, x: Any, weights: Any) -> Any:
    """Run TensorFlow's and Keras's eagerly, and the call under XLA where native CPU kernels lack it."""
    import tensorflow as tf

    head, _, tail = code.partition("\ny = ")  # variables are made in the head: XLA's function makes none
    scope: dict[str, Any] = {"x": tf.constant(x), "weights": weights}
    exec(head, scope)

    def run(x: Any) -> Any:
        inside = {**scope, "x": x}
        exec("y = " + tail, inside)
        return inside["y"]

    try:
        return np.asarray(run(scope["x"]))
    except (tf.errors.InvalidArgumentError, tf.errors.UnimplementedError):
        return tf.function(run, jit_compile=True, autograph=False)(scope["x"]).numpy()
