"""Networks read from ONNX models against ONNX Runtime: the shape of everything that a node makes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st

from tests.holding import must_fail
from tests.oracles.onnx_runs import agree, built, exported, np, onnx, session
from tests.oracles.test_read_torch import NETS

from convshape._readers._onnx_read import read_onnx  # isort: skip

Size = tuple[int, ...]
UNWRITTEN = {"vgg"}  # PyTorch's exporter has no adaptive pool to sizes that are no factors
FIXED = {"unet-told"}  # it writes the output_size of its example down
SIZES: tuple[Size, ...] = ((2, 4, 17, 20), (1, 4, 30, 25), (3, 4, 64, 33))


def weights(*shape: int) -> Any:
    return np.zeros(shape, np.float32)


def whole(*numbers: int) -> Any:
    return np.array(numbers, np.int64)


def floats(*numbers: float) -> Any:
    return np.array(numbers, np.float32)


MODELS: dict[str, Any] = {
    "conv-same": lambda: built(
        [
            ("Conv", "x w", {"auto_pad": "SAME_LOWER", "strides": [2, 3]}),
            ("Conv", "v0 u b", {"group": 2, "dilations": [2, 1], "pads": [2, 0, 1, 3]}),
            ("LeakyRelu", "v1", {}),
            ("Conv", "v2 t", {"auto_pad": "VALID"}),
        ],
        w=weights(6, 4, 5, 4), u=weights(8, 3, 2, 3), b=weights(8), t=weights(3, 8, 1, 1),
    ),
    "transposed": lambda: built(
        [
            ("ConvTranspose", "x w", {"strides": [2, 3], "pads": [1, 0, 1, 2], "output_padding": [1, 2]}),
            ("ConvTranspose", "v0 u b", {"auto_pad": "SAME_UPPER", "strides": [2, 2]}),
            ("ConvTranspose", "v1 t", {"output_shape": [100, 121], "strides": [2, 2]}),
            ("AveragePool", "v2", {"kernel_shape": [3, 2], "strides": [2, 2], "ceil_mode": 1}),
        ],
        w=weights(4, 6, 3, 4), u=weights(6, 2, 3, 3), b=weights(2), t=weights(2, 2, 2, 2),
    ),
    "pools": lambda: built(
        [
            ("MaxPool", "x", {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1], "ceil_mode": 1}),
            ("AveragePool", "v0", {"kernel_shape": [2, 2], "auto_pad": "SAME_UPPER", "strides": [2, 2]}),
            ("GlobalAveragePool", "v1", {}),
            ("Flatten", "v2", {}),
            ("Gemm", "v3 w b", {"transB": 1}),
            ("MatMul", "v4 u", {}),
            ("Add", "v5 c", {}),
        ],
        w=weights(5, 4), b=weights(5), u=weights(5, 7), c=weights(7),
    ),
    "axes": lambda: built(
        [
            ("Transpose", "x", {"perm": [0, 2, 3, 1]}),
            ("LayerNormalization", "v0 g h", {"axis": -1}),
            ("Transpose", "v1", {"perm": [0, 3, 1, 2]}),
            ("Slice", "v2 s e a p", {}),
            ("Split", "v3", {"axis": 1, "num_outputs": 2}),
            ("Concat", "v4 v4b v4", {"axis": 1}),
            ("ReduceMean", "v5 a2", {"keepdims": 0}),
            ("Unsqueeze", "v6 one", {}),
            ("Squeeze", "v7 one", {}),
        ],
        g=weights(4), h=weights(4), s=whole(1, -9), e=whole(2**62, -1), a=whole(2, 3), p=whole(2, 1),
        a2=whole(-1, -2), one=whole(1),
    ),
    "old": lambda: built(
        [
            ("Pad", "x", {"pads": [0, 0, 1, 2, 0, 0, 3, 0], "mode": "edge"}),
            ("Slice", "v0", {"axes": [2], "starts": [1], "ends": [-1]}),
            ("Upsample", "v1 k", {"mode": "nearest"}),
            ("BatchNormalization", "v2 g h m n", {}),
            ("Clip", "v3", {"min": 0.0, "max": 6.0}),
            ("Dropout", "v4", {"ratio": 0.5}),
            ("Split", "v5", {"axis": 1, "split": [1, 3]}),
            ("Squeeze", "v6", {"axes": [1]}),
        ],
        opset=9, k=floats(1, 1, 2, 1.5), g=weights(4), h=weights(4), m=weights(4), n=weights(4),
    ),
    "resized": lambda: built(
        [
            ("Resize", "x - k", {"mode": "linear"}),
            ("Resize", "v0 - - z", {"mode": "nearest"}),
            ("Pad", "v1 d - a", {"mode": "reflect"}),
            ("InstanceNormalization", "v2 g h", {}),
            ("GroupNormalization", "v3 g2 g2", {"num_groups": 2}),
            ("PRelu", "v4 s", {}),
            ("DepthToSpace", "v5", {"blocksize": 2}),
        ],
        k=floats(1, 1, 0.3, 1.7), z=whole(2, 4, 9, 8), d=whole(2, 1, 0, 3), a=whole(3, 2), g=weights(4),
        h=weights(4), g2=weights(2), s=weights(4, 1, 1),
    ),
    "gates": lambda: built(
        [
            ("GlobalMaxPool", "x", {}),
            ("Conv", "v0 w", {}),
            ("HardSigmoid", "v1", {}),
            ("Mul", "x v2", {}),
            ("Sub", "v3 x", {}),
            ("Max", "v4 x v2", {}),
            ("Mul", "c v5", {}),
            ("Sum", "v6 s", {}),
            ("Softmax", "v7", {"axis": 1}),
        ],
        w=weights(4, 4, 1, 1), c=weights(4, 1, 1), s=np.float32(2),
    ),
    "asked": lambda: built(
        [
            ("Shape", "x", {}),
            ("Gather", "v0 zero", {"axis": 0}),
            ("Gather", "v0 two", {"axis": 0}),
            ("Cast", "v2", {"to": 1}),
            ("Mul", "v3 f", {}),
            ("Cast", "v4", {"to": 7}),
            ("Unsqueeze", "v5 z", {}),
            ("Slice", "v0 three four z", {}),
            ("Slice", "v0 z three z", {}),
            ("Slice", "v8 z double z", {}),
            ("Concat", "v9 v6 v7", {"axis": 0}),
            ("Resize", "x - - v10", {"mode": "linear"}),
            ("Unsqueeze", "v1 z", {}),
            ("Concat", "v12 minus", {"axis": 0}),
            ("Reshape", "v11 v13", {}),
        ],
        zero=np.int64(0), two=np.int64(2), z=whole(0), three=whole(3), four=whole(4), double=whole(2),
        f=np.float32(0.7), minus=whole(-1),
    ),
    "words": lambda: built(
        [
            ("Conv", "x w", {"strides": [2]}),
            ("Transpose", "v0", {"perm": [0, 2, 1]}),
            ("MatMul", "v1 k", {}),
            ("MatMul", "v1 k", {}),
            ("Transpose", "v2", {"perm": [0, 2, 1]}),
            ("MatMul", "v3 v4", {}),
            ("Softmax", "v5", {}),
            ("MatMul", "v6 v1", {}),
            ("Reshape", "v7 r", {}),
        ],
        rank=3, w=weights(6, 4, 3), k=weights(6, 6), r=whole(0, -1, 2, 3),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
def test_every_value_is_the_runtimes(name: str) -> None:
    model = MODELS[name]()
    net, ready = read_onnx(model), session(model)
    sizes = [size[:3] for size in SIZES] if name == "words" else SIZES
    if name == "transposed":
        sizes = [(2, 4, 17, 10), (1, 4, 17, 10)]
    elif name == "resized":
        sizes = [(2, *size[1:]) for size in SIZES]
    assert all(agree(net, model, ready, size) > 1 for size in sizes)


@pytest.mark.parametrize("name", sorted({*NETS} - UNWRITTEN))
def test_exported_modules(name: str) -> None:
    """What PyTorch writes, with its Shape, Gather and Slice where sizes are asked for."""
    make, sizes = NETS[name]
    model = exported(make(), sizes[0])
    net, ready = read_onnx(model), session(model)
    assert all(agree(net, model, ready, size) > 3 for size in (sizes[:1] if name in FIXED else sizes))
    trace = net.trace(sizes[0])
    counted = trace.parameters + sum(row.statistics for row in trace.rows)
    assert counted == sum(
        np.prod(one.dims) for one in model.graph.initializer if one.data_type == 1 and one.dims
    )


@pytest.mark.parametrize("name", ["unet-pad", "resnet-basic", "dcgan-d"])
def test_exported_for_one_size(name: str) -> None:
    make, sizes = NETS[name]
    model = exported(make(), sizes[0], dynamic=False)
    assert agree(read_onnx(model), model, session(model), sizes[0]) > 3


def test_a_file_is_read_without_its_weights(tmp_path: Any) -> None:
    """Weights in a file beside the model are not looked for: the model alone is enough."""
    make, sizes = NETS["resnet-basic"]
    model = exported(make(), sizes[0])
    path = tmp_path / "net.onnx"
    onnx.save(model, path, save_as_external_data=True, location="weights.bin", size_threshold=0)
    (tmp_path / "weights.bin").unlink()
    whole_net = read_onnx(model)
    assert read_onnx(path)(("N", 3, "H", "W")) == whole_net(("N", 3, "H", "W"))
    assert read_onnx(str(path)).trace(sizes[0]).parameters == whole_net.trace(sizes[0]).parameters


def test_weights_in_nodes_are_counted_once() -> None:
    """A weight may stand in a Constant node too, and be used twice."""
    model = built(
        [("Conv", "x w b", {}), ("Conv", "v0 w b", {}), ("Add", "v1 c", {})],
        w=weights(4, 4, 3, 3),
        b=weights(4),
        c=weights(4, 1, 1),
    )
    told = read_onnx(model).trace((1, 4, 9, 9)).parameters
    assert told == 4 * 4 * 9 + 4 + 4
    held = [*model.graph.initializer]
    del model.graph.initializer[:]
    for one in held[:2]:
        model.graph.node.insert(0, onnx.helper.make_node("Constant", [], [one.name], value=one))
    model.graph.initializer.append(held[2])
    net = read_onnx(model)
    assert net.trace((1, 4, 9, 9)).parameters == told
    assert agree(net, model, session(model), (1, 4, 9, 9)) == 3


def test_the_judge_is_awake() -> None:
    model = MODELS["pools"]()
    ready = session(model)
    wrong = read_onnx(model).replace({"n0.ceil_mode": False})
    must_fail(agree, wrong, st.just(model), st.just(ready), st.just((1, 4, 30, 25)), examples=1)
