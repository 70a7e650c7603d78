"""Models of ONNX run with all that their nodes make as outputs, against the networks that are read from them."""

from __future__ import annotations

import io
import warnings
from typing import Any

import pytest

np = pytest.importorskip("numpy")
onnx = pytest.importorskip("onnx")
runtime = pytest.importorskip("onnxruntime")
runtime.set_default_logger_severity(4)

Size = tuple[int, ...]


def exported(module: Any, size: Size, *, dynamic: bool = True) -> Any:
    """Return a PyTorch module as its exporter writes it, every size of the input left open but the channels."""
    import torch

    for one in (*module.parameters(), *module.buffers()):  # the exporter writes equal tensors once
        if one.is_floating_point():
            torch.nn.init.uniform_(one, 0.5, 1.0)
    names = {axis: f"d{axis}" for axis in range(len(size)) if axis != 1}
    kept = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module.eval(),
            (torch.zeros(size),),
            kept,
            dynamo=False,
            input_names=["x"],
            dynamic_axes={"x": names} if dynamic else None,
            opset_version=17,
        )
    return onnx.load_from_string(kept.getvalue())


def session(model: Any) -> Any:
    """Return a session whose outputs are all that the nodes make."""
    told = {one.name for one in model.graph.output}
    whole = onnx.ModelProto()
    whole.CopyFrom(model)
    for node in model.graph.node:
        for name in node.output:
            if name and name not in told:
                whole.graph.output.append(onnx.ValueInfoProto(name=name))
    options = runtime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 4
    options.graph_optimization_level = runtime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return runtime.InferenceSession(whole.SerializeToString(), options, providers=["CPUExecutionProvider"])


def shapes(ready: Any, size: Size) -> dict[str, Size]:
    """Return the shape of everything that a session makes of zeros."""
    (given,) = ready.get_inputs()
    names = [one.name for one in ready.get_outputs()]
    made = ready.run(None, {given.name: np.zeros(size, np.float32)})
    return {name: tuple(one.shape) for name, one in zip(names, made, strict=True)}


def agree(net: Any, model: Any, ready: Any, size: Size) -> int:
    """Check every layer's shape against what ONNX Runtime makes; return how many were checked."""
    made = shapes(ready, size)
    trace = net.trace(size)
    outputs = {node.name or node.output[0]: node.output[0] for node in model.graph.node}
    told = {outputs[row.name]: row.output_shape for row in trace.rows if row.name in outputs}
    assert told == {name: made[name] for name in told}
    assert trace.output_shape == made[model.graph.output[0].name]
    return len(told)


def built(nodes: list[tuple[Any, ...]], rank: int = 4, opset: int = 20, **constants: Any) -> Any:
    """Return a model of nodes ``(operator, inputs, attributes)``: the input is x, what node 3 makes is v3."""
    made = []
    for number, (op, inputs, given) in enumerate(nodes):
        names = [f"v{number}"] if op != "Split" else [f"v{number}", f"v{number}b"]
        node = onnx.helper.make_node(op, inputs.split(), names, name=f"n{number}", **given)
        node.input[:] = ["" if one == "-" else one for one in node.input]
        made.append(node)
    tensor = onnx.TensorProto.FLOAT
    given = [onnx.helper.make_tensor_value_info("x", tensor, [f"d{axis}" for axis in range(rank)])]
    outputs = [onnx.ValueInfoProto(name=f"v{len(nodes) - 1}")]
    held = [
        onnx.numpy_helper.from_array(np.asarray(value), name)
        for name, value in constants.items()
        if value is not None
    ]
    graph = onnx.helper.make_graph(made, "built", given, outputs, held)
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", opset)], ir_version=9)
