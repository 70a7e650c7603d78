"""Nodes of ONNX, run and inferred: a model of one node, its session made once for shapes that are not said."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pytest

np = pytest.importorskip("numpy")
onnx = pytest.importorskip("onnx")
runtime = pytest.importorskip("onnxruntime")
runtime.set_default_logger_severity(4)

Shape = tuple[int, ...]
Attributes = dict[str, Any]


def _model(op: str, attributes: Attributes, shapes: tuple[Any, ...]) -> Any:
    tensor = onnx.TensorProto.FLOAT
    names = ["X", "W", "B"][: len(shapes)]
    node = onnx.helper.make_node(op, names, ["Y"])
    for name, value in attributes.items():
        if isinstance(value, (tuple, list)):
            kind = onnx.AttributeProto.INTS
            node.attribute.append(onnx.helper.make_attribute(name, list(value), attr_type=kind))
        elif value is not None:
            node.attribute.append(onnx.helper.make_attribute(name, value))
    inputs = [
        onnx.helper.make_tensor_value_info(name, tensor, shape)
        for name, shape in zip(names, shapes, strict=True)
    ]
    outputs = [onnx.helper.make_tensor_value_info("Y", tensor, None)]
    graph = onnx.helper.make_graph([node], "one", inputs, outputs)
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 22)], ir_version=10)


@lru_cache(512)
def _session(op: str, attributes: tuple[Any, ...], shapes: tuple[Any, ...]) -> Any:
    options = runtime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 4
    model = _model(op, dict(attributes), shapes).SerializeToString()
    return runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def values(op: str, tensors: list[Any], attributes: Attributes, *, said: bool = True) -> Any:
    """Return what ONNX Runtime computes, or None where it refuses, at load or when it runs.

    Args:
        op: The operator.
        tensors: X, W and B.
        attributes: The node's.
        said: Whether the model says the shapes, as a saved one does; ONNX Runtime checks more then.
    """
    for weight in tensors[1:2]:
        assert 0 not in weight.shape[2:], "ONNX Runtime never returns from a kernel of size 0"
    shapes = tuple(
        tensor.shape if said else tuple(f"d{place}_{axis}" for axis in range(tensor.ndim))
        for place, tensor in enumerate(tensors)
    )
    try:
        session = _session(op, tuple(sorted(attributes.items())), shapes)
        return session.run(None, dict(zip(("X", "W", "B"), tensors, strict=False)))[0]
    except Exception:  # noqa: BLE001 - its errors have no common base but this
        return None


def executed(
    op: str, shapes: tuple[Shape, ...], attributes: Attributes, *, said: bool = True
) -> Shape | None:
    """Return the shape that ONNX Runtime makes of zeros, or None where it refuses."""
    made = values(op, [np.zeros(shape, np.float32) for shape in shapes], attributes, said=said)
    return None if made is None else tuple(made.shape)


def inferred(op: str, shapes: tuple[Shape, ...], attributes: Attributes) -> Shape | None:
    """Return the shape that ``onnx.shape_inference`` gives, or None where it refuses."""
    try:
        done = onnx.shape_inference.infer_shapes(_model(op, attributes, shapes), strict_mode=True)
    except onnx.shape_inference.InferenceError:
        return None
    return tuple(one.dim_value for one in done.graph.output[0].type.tensor_type.shape.dim)
