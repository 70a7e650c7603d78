"""``convshape check`` of an ONNX file: the input that the graph says, its named sizes as closed forms."""

from __future__ import annotations

from pathlib import Path

import onnx
import pytest
from onnx import TensorProto, helper

import convshape as cs
from convshape.cli import main


def saved(path: Path, *shape: object) -> str:
    """Write a graph of a convolution and a pool, and return its path."""
    weight = helper.make_tensor("w", TensorProto.FLOAT, (4, 3, 3, 3), [0.0] * 108)
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["y"], name="conv", kernel_shape=[3, 3]),
        helper.make_node("MaxPool", ["y"], ["z"], name="pool", kernel_shape=[2, 2], strides=[2, 2]),
    ]
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)]
    outputs = [helper.make_tensor_value_info("z", TensorProto.FLOAT, None)]
    onnx.save(helper.make_model(helper.make_graph(nodes, "graph", inputs, outputs, [weight])), path)
    return str(path)


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        (("batch", 3, "H", "W"), "(batch, 4, floor(H/2) - 1, floor(W/2) - 1)"),
        ((1, 3, 20, None), "(1, 4, 9, floor(W/2) - 1)"),
    ],
)
def test_the_graphs_own_input(
    shape: tuple[object, ...], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = saved(tmp_path / "model.onnx", *shape)
    assert main(["check", path, "--sizes", "1:6"]) == 0
    said = capsys.readouterr().out
    assert told in said and "legal height: any size, from 4 on\n  from 1 to 6: 4..6" in said


def test_an_input_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = saved(tmp_path / "model.onnx", "N", 3, "H", "W")
    assert main(["check", path, "--input", "N,4,20,20"]) == 1
    assert "ChannelError" not in capsys.readouterr().out
    assert main(["check", path, "--input", "N,3,20,21"]) == 0
    assert cs.read(path)(("N", 3, 20, 21)) == ("N", 4, 9, 9)
