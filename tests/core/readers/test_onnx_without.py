"""Reading ONNX files and PyTorch modules where their packages are not installed, and what is said of broken paths."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import convshape as cs


@pytest.fixture
def absent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make both packages as if they were not installed."""
    monkeypatch.setitem(sys.modules, "onnx", None)
    monkeypatch.setitem(sys.modules, "torch", None)


@pytest.mark.usefixtures("absent")
def test_the_extra_is_named(tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(b"\x08\x0a")
    with pytest.raises(cs.ArgumentError) as raised:
        cs.read(path)
    assert str(raised.value) == "\n".join(
        [
            "read: the package onnx, which reads such files, is not installed.",
            '  legal: pip install "convshape[onnx]"',
            "  because: an ONNX file is a protobuf message; convshape alone needs nothing but Python.",
            "  fix: no change that passes this check was found",
        ]
    )


@pytest.mark.usefixtures("absent")
def test_a_module_needs_torch() -> None:
    module = type("Net", (), {"__module__": "torch.nn.modules.container"})()
    with pytest.raises(cs.ArgumentError, match="PyTorch is not installed") as raised:
        cs.read(module)
    assert 'pip install "convshape[torch]"' in str(raised.value)


def test_the_readers_import_neither() -> None:
    """Importing the rooms, and asking networks that were read, needs no package."""
    from tests.core.process import python

    code = (
        "import sys; import convshape as cs; import convshape._readers._torch_read, convshape._readers._onnx_read;"
        "import convshape._readers._torch_walk, convshape._readers._onnx_walk;"
        "assert not {'torch', 'onnx', 'numpy'} & {*sys.modules}"
    )
    assert python("-c", code).returncode == 0
