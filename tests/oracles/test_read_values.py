"""Networks that were read are values like others: pickled, shown, and made anew with other arguments."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest

import convshape as cs
from tests.oracles.test_read_onnx import MODELS
from tests.oracles.test_read_torch import NETS

torch = pytest.importorskip("torch")


@pytest.mark.parametrize("name", [*NETS, *MODELS])
def test_pickled_and_shown(name: str) -> None:
    net: Any = cs.read(NETS[name][0]() if name in NETS else MODELS[name]())
    again = pickle.loads(pickle.dumps(net))
    assert again == net and hash(again) == hash(net) and repr(again) == repr(net)
    if name in NETS:
        size = NETS[name][1][0]
        assert again.trace(size) == net.trace(size)
        assert json.loads(json.dumps(net.trace(size).to_json()))["output_shape"] == list(net(size))
        assert net.trace(size)._repr_html_().startswith("<div")


def test_made_anew() -> None:
    net: Any = cs.read(NETS["unet-told"][0]())
    assert net.replace({"up.0.kernel_size": (3, 3)})((1, 3, 45, 61)) == (1, 2, 45, 61)
    with pytest.raises(cs.OutputShapeError, match=r'"up\.0" \(ConvTranspose2d\): output_size \(11, 15\)'):
        net.replace({"up.0.stride": (3, 3)})((1, 3, 45, 61))
    net = cs.read(MODELS["transposed"]())
    assert net((2, 4, 17, 10))[:2] == (2, 2)
    with pytest.raises(cs.OutputShapeError, match=r"output_shape \(100, 121\) has 100, too large"):
        net((2, 4, 9, 10))
    shared = torch.nn.Linear(4, 4)
    net = cs.read(torch.nn.Sequential(torch.nn.Flatten(), shared, shared), input_shape=(1, 4, 1, 1))
    with pytest.raises(cs.SizeError) as raised:
        net((1, 5, 1, 1))
    assert net.replace({"1.in_features": 5})((1, 5, 1, 1)) == (1, 4)
    assert raised.value.fix is not None
