"""Layers of the dialects converted with their real weights: the code pasted in the target gives what the layer gave."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

import convshape as cs
from convshape.frameworks import jax as jax_dialect
from convshape.frameworks import keras as keras_dialect
from convshape.frameworks import torch as torch_dialect
from tests.engines.conversions import paste

TARGETS = ("tensorflow", "torch", "jax", "onnx")
TORCH: list[tuple[str, dict[str, Any]]] = [
    ("ConvTranspose2d", {"kernel_size": 4, "stride": 2, "padding": 1}),
    (
        "ConvTranspose2d",
        {"kernel_size": (5, 3), "stride": (2, 3), "padding": (2, 0), "output_padding": (1, 2)},
    ),
    ("ConvTranspose2d", {"kernel_size": 3, "stride": 2, "groups": 2}),
    ("ConvTranspose1d", {"kernel_size": 3, "stride": 1, "padding": 1, "dilation": 2}),
    ("Conv2d", {"kernel_size": (3, 5), "stride": (1, 2), "padding": (1, 2)}),
    ("Conv2d", {"kernel_size": 4, "padding": "same"}),
    ("Conv2d", {"kernel_size": 3, "groups": 2, "dilation": 2}),
    ("Conv1d", {"kernel_size": 5, "stride": 3, "padding": 2}),
]
FLAX: list[tuple[str, dict[str, Any]]] = [
    ("ConvTranspose", {"kernel_size": (4, 4), "strides": (2, 2)}),
    ("ConvTranspose", {"kernel_size": (5, 3), "strides": (2, 3), "padding": "VALID"}),
    ("ConvTranspose", {"kernel_size": (4, 4), "strides": (2, 2), "transpose_kernel": True}),
    ("ConvTranspose", {"kernel_size": (3,), "strides": (2,), "padding": ((1, 2),)}),
    ("Conv", {"kernel_size": (3, 5), "strides": (2, 1)}),
    ("Conv", {"kernel_size": (3, 3), "padding": ((1, 0), (0, 2)), "feature_group_count": 2}),
]


KERAS: list[tuple[str, dict[str, Any]]] = [
    ("Conv2DTranspose", {"kernel_size": 5, "strides": 2, "padding": "same"}),
    ("Conv2DTranspose", {"kernel_size": (4, 3), "strides": (2, 3), "padding": "same", "output_padding": 1}),
    ("Conv2DTranspose", {"kernel_size": 3, "strides": 2, "padding": "valid", "output_padding": 1}),
    ("Conv1DTranspose", {"kernel_size": 2, "strides": 3}),
    ("Conv2D", {"kernel_size": 3, "strides": 2, "padding": "same"}),
    ("Conv2D", {"kernel_size": 3, "groups": 2}),
    ("Conv1D", {"kernel_size": 3, "padding": "causal", "dilation_rate": 2}),
    ("DepthwiseConv2D", {"kernel_size": 3, "strides": 2, "padding": "same"}),
    ("DepthwiseConv2D", {"kernel_size": (2, 3), "depth_multiplier": 3}),
    ("DepthwiseConv1D", {"kernel_size": 3, "depth_multiplier": 2}),
]


def equal(one: Any, other: Any) -> bool:
    return one.shape == other.shape and bool(np.allclose(one, other, atol=1e-4))


@pytest.mark.parametrize("to", TARGETS)
@pytest.mark.parametrize(("kind", "named"), TORCH, ids=str)
def test_from_torch(kind: str, named: dict[str, Any], to: str) -> None:
    torch = pytest.importorskip("torch")
    torch.manual_seed(random.Random(kind).randrange(1000))
    module = getattr(torch.nn, kind)(4, 6, bias=False, **named)
    x = torch.randn(2, 4, *(7, 6)[: int(kind[-2])])
    wanted = module(x).detach().numpy()
    layer = getattr(torch_dialect, kind)(4, 6, bias=False, **named)
    weights = module.weight.detach().numpy()
    # TensorFlow's native CPU kernels take no channels first: the code is to exchange the axes
    layout = {1: "NWC", 2: "NHWC"}[int(kind[-2])] if to == "tensorflow" else None
    there = cs.convert(layer, to, weights=weights, input_shape=tuple(x.shape), data_format=layout)
    if to == "tensorflow" and any("native CPU kernels" in note for note in there.notes):
        assert layer.groups > 1 or max(layer.to_spec().dilations) > 1  # what the native kernels lack
        return
    assert equal(paste(there.code, x.numpy(), there.weights, to), wanted)
    back = cs.convert(there, "torch")
    assert np.array_equal(back.weights, weights)


@pytest.mark.parametrize("to", TARGETS)
@pytest.mark.parametrize(("kind", "named"), FLAX, ids=str)
def test_from_flax(kind: str, named: dict[str, Any], to: str) -> None:
    linen = pytest.importorskip("flax.linen")
    jax = pytest.importorskip("jax")
    module = getattr(linen, kind)(6, use_bias=False, **named)
    shape = (2, *(7, 6)[: len(named["kernel_size"])], 4)
    x = np.random.default_rng(0).standard_normal(shape).astype("float32")
    variables = module.init(jax.random.key(0), x)
    wanted = np.asarray(module.apply(variables, x))
    kernel = np.asarray(variables["params"]["kernel"])
    layer = getattr(jax_dialect, kind)(6, use_bias=False, **named)
    there = cs.convert(layer, to, weights=kernel, input_shape=shape)
    given = there.given_format[1] == "C"
    y = paste(there.code, np.moveaxis(x, -1, 1) if given else x, there.weights, to)
    assert equal(np.moveaxis(y, 1, -1) if given else y, wanted)


@pytest.mark.parametrize("to", ("torch", "jax", "onnx"))
@pytest.mark.parametrize(("kind", "named"), KERAS, ids=str)
def test_from_keras(kind: str, named: dict[str, Any], to: str) -> None:
    keras = pytest.importorskip("keras")
    pytest.importorskip({"onnx": "onnxruntime"}.get(to, to))
    filters = () if kind.startswith("Depthwise") else (6,)
    module = getattr(keras.layers, kind)(*filters, use_bias=False, **named)
    shape = (2, *(7, 6)[: 1 if "1D" in kind else 2], 4)
    x = np.random.default_rng(0).standard_normal(shape).astype("float32")
    wanted = np.asarray(module(x))
    layer = getattr(keras_dialect, kind)(*filters, use_bias=False, **named)
    there = cs.convert(layer, to, weights=np.asarray(module.kernel), input_shape=shape)
    assert equal(paste(there.code, x, there.weights, to), wanted)


@pytest.mark.parametrize("kind", ["SeparableConv2D", "UpSampling2D", "MaxPooling2D"])
def test_what_no_one_filter_says_is_refused(kind: str) -> None:
    """They have no filter, or two."""
    layer = getattr(keras_dialect, kind)(*((6, 3) if kind.startswith("Sep") else (3,)))
    with pytest.raises(cs.ShapeError):
        cs.convert(layer, "torch", weights=np.zeros((3, 3, 4, 1)), input_shape=(2, 7, 7, 4))


def test_a_mirrored_kernel_is_not_taken_for_the_twins() -> None:
    """Of a square kernel with as many channels in as out no shape tells how it stands: the layer does."""
    plain = jax_dialect.ConvTranspose(4, (3, 3), strides=(2, 2))
    twin = jax_dialect.ConvTranspose(4, (3, 3), strides=(2, 2), transpose_kernel=True)
    weights = np.random.default_rng(0).standard_normal((3, 3, 4, 4))
    one, other = (
        cs.convert(layer, "torch", weights=weights, input_shape=(1, 5, 5, 4)) for layer in (plain, twin)
    )
    assert not np.array_equal(one.weights, other.weights)
