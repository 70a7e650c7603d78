"""What the pages show of PyTorch and ONNX, and run nowhere, because no engine is there when they are built."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import convshape as cs
from tests.docs.pages import ROOT, blocks

PAGE = ROOT / "docs" / "real-models.md"


def shown(beginning: str) -> str:
    """Return the one block of the page that begins so."""
    [text] = [block.text for block in blocks(PAGE) if block.text.startswith(beginning)]
    return text


def test_the_module_is_read_as_shown() -> None:
    torch = pytest.importorskip("torch")
    names: dict[str, Any] = {"torch": torch, "cs": cs}
    exec(shown("module = torch"), names)
    assert names["net"](("N", 1, 28, 28)) == ("N", *names["module"](torch.zeros(1, 1, 28, 28)).shape[1:])
    for size in range(20, 40):
        try:
            names["module"](torch.zeros(1, 1, size, 28))
        except RuntimeError:
            assert size not in names["sizes"]
        else:
            assert size in names["sizes"]
    assert 28 in names["sizes"]


def test_the_file_is_read_as_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    onnx = pytest.importorskip("onnx")
    monkeypatch.chdir(tmp_path)
    make, types = onnx.helper, onnx.TensorProto
    value = make.make_tensor_value_info
    graph = make.make_graph(
        [make.make_node("MaxPool", ["x"], ["y"], kernel_shape=[2, 2], strides=[2, 2])],
        "pool",
        [value("x", types.FLOAT, ["N", 64, 8, 8])],
        [value("y", types.FLOAT, ["N", 64, 4, 4])],
    )
    onnx.save(make.make_model(graph), "model.onnx")
    names: dict[str, Any] = {"cs": cs}
    exec(shown('net = cs.read("model.onnx")'), names)
    assert names["net"](("N", 64, 8, 8)) == ("N", 64, 4, 4)
