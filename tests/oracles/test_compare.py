"""The rows of a comparison, run: each call as it is printed, in its own engine, gives the output that stands there."""

from __future__ import annotations

import itertools
import random
from typing import Any

import numpy as np
import pytest

import convshape as cs
from convshape._compare import Row

MODULES = {
    "tensorflow": "tensorflow",
    "keras": "keras",
    "torch": "torch",
    "jax": "jax",
    "onnx": "onnxruntime",
}
CASES = 60
LAYERS = [
    (cs.ConvTranspose((5, 5, 3, 4), strides=2), (2, 8, 8, 4)),
    (cs.ConvTranspose((4, 3, 2, 4), (2, 3), ((1, 0), (0, 2)), data_format="NCHW"), (1, 4, 5, 6)),
    (cs.Conv((4, 4, 3, 8), strides=2), (2, 9, 9, 3)),
    (cs.Conv((3, 2, 3, 4), padding=((0, 2), (1, 0)), dilations=2), (1, 7, 9, 3)),
]


def layers() -> list[tuple[Any, tuple[int, ...]]]:
    """One axis: kernels, strides, sizes, paddings, dilations, groups; in a fixed random order, behind those above."""
    found: list[tuple[Any, tuple[int, ...]]] = []
    paddings = ("SAME", "VALID", ((1, 0),), ((0, 2),), ((3, 1),))
    for kernel, stride, size, padding, dilation, groups in itertools.product(
        range(1, 6), range(1, 5), range(2, 8), paddings, (1, 2), (1, 2)
    ):
        for kind in (cs.Conv, cs.ConvTranspose):
            spec = kind((kernel, 2, 2 * groups), stride, padding, dilations=dilation, groups=groups)
            if size >= spec.smallest_inputs()[0]:
                found.append((spec, (2, size, 2 * groups)))
    random.Random(0).shuffle(found)
    return [*LAYERS, *found]


def engine_shape(row: Row, there: cs.Conversion, x: Any) -> tuple[int, ...]:
    """Run the line of a row on an input that has been padded as the row says, and return the shape of its output."""
    assert row.call is not None and row.data_format is not None
    if row.before is not None:
        x = np.pad(x, row.before.pairs(row.data_format))
    if row.framework == "onnx":
        return onnx_shape(row.call, x, there.weights)
    if row.framework == "torch":
        import torch

        return tuple(eval(row.call, {"torch": torch})(torch.from_numpy(x)).shape)
    if row.framework == "jax":
        import jax

        return tuple(eval(row.call, {"jax": jax, "x": x, "weights": there.weights}).shape)
    import keras
    import tensorflow as tf

    scope = {"tf": tf, "keras": keras, "weights": there.weights}
    if row.framework == "keras":
        run = eval(row.call, scope)
        run.build(x.shape)
    else:
        code = compile(row.call, "a row", "eval")
        run = lambda x: eval(code, {**scope, "x": x})  # noqa: E731
    # Under XLA: TensorFlow's native kernels lack the channels-first layout and some dilations.
    return tuple(tf.function(run, jit_compile=True, autograph=False)(tf.constant(x)).shape)


def onnx_shape(line: str, x: Any, weights: Any) -> tuple[int, ...]:
    import onnx
    import onnxruntime

    def made(kind: str) -> Any:
        return lambda **words: onnx.helper.make_node(kind, ["x", "w"], ["y"], **words)

    node = eval(line, {kind: made(kind) for kind in ("Conv", "ConvTranspose")})
    ends = [onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in "xy"]
    stored = [onnx.numpy_helper.from_array(weights, "w")]
    graph = onnx.helper.make_graph([node], "one", ends[:1], ends[1:], stored)
    opset = [onnx.helper.make_opsetid("", 22)]
    model = onnx.helper.make_model(graph, opset_imports=opset, ir_version=10)
    (y,) = onnxruntime.InferenceSession(model.SerializeToString()).run(["y"], {"x": x})
    return tuple(y.shape)


def judge(spec: Any, shape: tuple[int, ...], framework: str, *, spoil: bool = False) -> bool | None:
    """Tell whether the engine's output has the shape that stands in the row; None where it cannot be said."""
    row = next(row for row in cs.compare(spec, shape).rows if row.framework == framework)
    if row.call is None:
        return None
    filters = np.ones(spec.filter_shape, "float32")
    there = cs.convert(spec, framework, weights=filters, input_shape=shape)
    assert there.input_shape is not None
    found = engine_shape(row, there, np.ones(there.input_shape, "float32"))
    return found == (row.result if spoil else row.output)


@pytest.mark.parametrize("framework", MODULES)
def test_the_printed_call_gives_the_printed_output(framework: str, record_property: Any) -> None:
    pytest.importorskip(MODULES[framework])
    asked = 0
    for spec, shape in layers():
        verdict = judge(spec, shape, framework)
        assert verdict is not False, (framework, spec, shape)
        asked += verdict is not None
        if asked == CASES:
            break
    record_property("examples", asked)
    assert asked == CASES


def test_a_crop_left_out_is_found_out() -> None:
    pytest.importorskip("torch")
    assert judge(*LAYERS[0], "torch") is True
    assert judge(*LAYERS[0], "torch", spoil=True) is False
