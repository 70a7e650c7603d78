"""Models of ONNX that are broken, strange or malicious: read, or refused in four parts, and never anything else."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest

import convshape as cs
from tests.oracles.onnx_runs import built, exported, np, onnx
from tests.oracles.test_read_onnx import MODELS, floats, weights, whole
from tests.oracles.test_read_torch import NETS

CHANGED = 600
BIG = (0, -1, 1, 2, 3, -5, 10**6, 2**31, 2**62, -(2**63), 2**63 - 1)
OPERATORS = ("Conv", "Gemm", "Reshape", "Slice", "Concat", "Shape", "If", "Constant", "Loop", "Pad", "Resize", "Split", "Tile", "Foo")  # fmt: skip
NAMES = ("axis", "axes", "pads", "perm", "group", "strides", "output_shape", "split", "kernel_shape", "auto_pad", "shape", "value", "scales", "start")  # fmt: skip
SHAPES: tuple[Any, ...] = ((2, 4, 17, 20), ("N", 4, "H", "W"), (2, 3, 64, 64), ("N", 4, "H"))


def changed(draw: random.Random, model: Any) -> Any:
    """Return a model with up to three things in it exchanged."""
    other = onnx.ModelProto()
    other.CopyFrom(model)
    graph = other.graph
    for _ in range(draw.randint(1, 3)):
        node, kind = draw.choice(graph.node), draw.randrange(8)
        if kind == 0:
            node.op_type = draw.choice(OPERATORS)
        elif kind == 1 and node.attribute:
            _change_attribute(draw, draw.choice(node.attribute))
        elif kind == 2 and node.input:
            values = [name for each in graph.node for name in each.output]
            node.input[draw.randrange(len(node.input))] = draw.choice([*values, "", "x", "nowhere"])
        elif kind == 3 and graph.initializer:
            tensor = draw.choice(graph.initializer)
            if tensor.dims and draw.random() < 0.6:
                tensor.dims[draw.randrange(len(tensor.dims))] = draw.choice(BIG)
            else:
                tensor.data_type = draw.choice((0, 1, 2, 6, 7, 9, 10, 11, 99))
        elif kind == 4 and graph.initializer:
            tensor = draw.choice(graph.initializer)
            numbers = [draw.choice(BIG) for _ in range(len(tensor.raw_data) // 8)]
            tensor.raw_data = b"".join(one.to_bytes(8, "little", signed=True) for one in numbers)
        elif kind == 5 and node.input:
            del node.input[draw.randrange(len(node.input))]
        elif kind == 6:
            value = draw.choice(
                [draw.choice(BIG), [draw.choice(BIG)] * draw.randint(1, 4), "x", float("nan"), [1e300]]
            )
            node.attribute.append(onnx.helper.make_attribute(draw.choice(NAMES), value))
        else:
            node.output[0] = draw.choice(["x", "v0", "", "new"])
    return other


def _change_attribute(draw: random.Random, one: Any) -> None:
    if one.type == onnx.AttributeProto.INTS and one.ints:
        one.ints[draw.randrange(len(one.ints))] = draw.choice(BIG)
    elif one.type == onnx.AttributeProto.INT:
        one.i = draw.choice(BIG)
    else:
        one.type = draw.choice((1, 2, 3, 4, 5, 6, 7, 8, 11))


def asked(model: Any) -> bool:
    """Read a model and ask the network; whatever is wrong is a ShapeError. Return whether it was read."""
    try:
        net = cs.read(model)
    except cs.ShapeError as error:
        assert len(error.diagnosis.parts()) >= 3 and str(error)
        return False
    for shape in SHAPES:
        try:
            net.trace(shape)
        except cs.ShapeError as error:
            assert str(error)
    return True


def test_changed_models() -> None:
    models = [make() for make in MODELS.values()]
    models += [exported(NETS[name][0](), NETS[name][1][0]) for name in ("unet-pad", "dcgan-d", "shuffle")]
    draw = random.Random("changed")
    read = sum(asked(changed(draw, draw.choice(models))) for _ in range(CHANGED))
    assert CHANGED // 10 < read < CHANGED


def test_changed_bytes(tmp_path: Any) -> None:
    draw = random.Random("bytes")
    blobs = [make().SerializeToString() for make in MODELS.values()]
    path = tmp_path / "net.onnx"
    for _ in range(200):
        blob = bytearray(draw.choice(blobs))
        for _ in range(draw.randint(1, 4)):
            blob[draw.randrange(len(blob))] = draw.randrange(256)
        path.write_bytes(blob[: draw.randrange(len(blob))] if draw.random() < 0.2 else blob)
        asked(path)


@pytest.mark.parametrize("content", [b"", b"\x00", b"PK\x03\x04", b"no model", bytes(range(256)) * 9])
def test_no_model(tmp_path: Any, content: bytes) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(content)
    with pytest.raises(cs.ArgumentError, match="ONNX model"):
        cs.read(path)
    with pytest.raises(cs.ArgumentError, match="No such file"):
        cs.read(tmp_path / "other.onnx")


def refused(model: Any, match: str) -> str:
    with pytest.raises(cs.ShapeError, match=match) as raised:
        cs.read(model)
    return str(raised.value)


def test_graphs_that_are_none() -> None:
    model = built([("Relu", "v1", {}), ("Relu", "v0", {})])
    refused(model, '"n0" takes "v1", which nothing before it makes')
    model = built([("Relu", "x", {}), ("Relu", "v0", {})])
    model.graph.node[1].output[0] = "v0"
    refused(model, '"n1" makes "v0", which is there already')
    model.graph.input.append(onnx.helper.make_tensor_value_info("z", 1, [1]))
    refused(model, "the model has 2 inputs: x, z")
    model = built([("Relu", "w", {})], w=weights(3))
    refused(model, "constants alone")


def test_unknown_operators_are_all_named() -> None:
    model = built(
        [
            ("Foo", "x", {"size": 3}),
            ("Relu", "v0", {}),
            ("Bar", "v1", {}),
            ("Foo", "x", {}),
            ("Loop", "x", {}),
        ]
    )
    model.graph.node[2].domain = "mine"
    text = refused(model, r"has 4 layers that convshape does not know: Foo as n0, n3; mine\.Bar as n2")
    assert "Loop" in text and 'rules={"MyOp": function}' in text
    model = built([("Foo", "x", {"size": 3}), ("Relu", "v0", {})])
    net = cs.read(model, rules={"Foo": lambda given: cs.Pool(given["size"], data_format="NCHW")})
    assert net(("N", 4, 9, "W")) == ("N", 4, 3, "floor(W/3)")
    chain = cs.Chain([cs.Pool(2, data_format="NCHW"), cs.layers.Activation()])
    assert cs.read(model, rules={"Foo": lambda given: chain})((1, 4, 9, 9)) == (1, 4, 4, 4)
    for rule in (lambda given: 1 / 0, lambda given: None, lambda given: cs.layers.Add()):
        with pytest.raises(cs.ArgumentError):
            cs.read(model, rules={"Foo": rule})


def test_numbers_that_would_grow_without_end() -> None:
    """Each node doubles what it is given: seventy of them would fill every memory."""
    double = [("Concat", f"v{number} v{number}", {"axis": 0}) for number in range(70)]
    squared = [("Mul", f"v{number} v{number}", {}) for number in range(70)]
    start = time.perf_counter()
    for nodes in (double, squared):
        last = ("Reshape", f"x v{len(nodes)}", {})
        refused(built([("Shape", "x", {}), *nodes, last]), "does not know: (Concat|Mul)")
    model = built([("Conv", "x w", {})])
    model.graph.initializer.append(onnx.TensorProto(name="w", data_type=1, dims=[2**40, 2**20, 3, 3]))
    asked(model)
    model = built([("ConstantOfShape", "s", {}), ("Add", "x v0", {})], s=whole(2**40, 2**20))
    refused(model, "too many numbers")
    assert time.perf_counter() - start < 2


def test_factors_and_sizes_that_are_none() -> None:
    for scales in (floats(1, 1, 0, 2), floats(1, 1, -2, 2), floats(1, 1, np.nan, 2), floats(1, 1, np.inf, 2)):
        refused(built([("Resize", "x - k", {})], k=scales), "its factors are none")
    refused(
        built([("Slice", "x s e a p", {})], s=whole(5), e=whole(0), a=whole(2), p=whole(-1)),
        "its step is negative",
    )
    refused(built([("Reshape", "x t", {})], t=whole(-1, -1)), "more than one of its sizes is -1")
    with pytest.raises(cs.SizeError, match="makes a size of -1"):
        cs.read(built([("Pad", "x p", {})], p=whole(0, 0, -3, 0, 0, 0, -3, 1)))((1, 4, 5, 5))


def test_a_branch_that_depends_on_sizes_is_named() -> None:
    model = exported(NETS["dcgan-d"][0](), (2, 3, 64, 64))
    (branch,) = (node for node in model.graph.node if node.op_type == "If")
    equal = next(node for node in model.graph.node if branch.input[0] in node.output)
    assert equal.op_type == "Equal"
    shape = next(node for node in model.graph.node if node.op_type == "Shape")
    shape.input[0] = model.graph.input[0].name
    refused(model, "whether it holds depends on sizes|which number it picks")
