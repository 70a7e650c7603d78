"""Mirrors in PyTorch, JAX and ONNX: run behind real encoders, against the adjoint, and against one another."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

import convshape as cs
from tests.engines.conversions import paste
from tests.oracle.mirrors import is_native, linear, numbers, parameters, run

L = cs.layers
MODULES = {
    "tensorflow": "tensorflow",
    "keras": "keras",
    "torch": "torch",
    "jax": "jax",
    "onnx": "onnxruntime",
}
SIZES = [(45, 61), (33, 40), (57, 39)]
# JAX and XLA compile for every shape; the others are asked all of it.
ADJOINTS = {"torch": 150, "onnx": 60, "jax": 12}


def torch_encoder() -> tuple[Any, cs.Chain]:
    """Return a model of PyTorch's own modules, and the same one as a chain."""
    nn = pytest.importorskip("torch").nn
    said: list[tuple[str, dict[str, Any]]] = [
        ("Conv2d", {"in_channels": 3, "out_channels": 4, "kernel_size": 7, "stride": 2, "padding": 3}),
        ("MaxPool2d", {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}),
        (
            "Conv2d",
            {"in_channels": 4, "out_channels": 6, "kernel_size": (2, 3), "dilation": (2, 1), "groups": 2},
        ),
        ("AvgPool2d", {"kernel_size": 2, "stride": 3}),
        (
            "ConvTranspose2d",
            {"in_channels": 6, "out_channels": 4, "kernel_size": 3, "stride": 2, "padding": 1},
        ),
    ]
    model = nn.Sequential(*(getattr(nn, kind)(**named) for kind, named in said))
    dialect = [getattr(cs.frameworks.torch, kind)(**named) for kind, named in said]
    return model, cs.Chain([*dialect, L.Flatten()])


def decode(mirror: cs.Mirror, z: Any, to: str) -> Any:
    """Run each call on its own, each making what it says, and all of them as the program; return what comes out."""
    calls, weights = mirror.calls(to), parameters(mirror, to)
    y = z
    for call in calls:
        y = paste(call.code, y, weights.get(call.name), to)
        assert y.shape[1:] == call.output_shape[1:], call
    if is_native(mirror, to):
        assert np.allclose(run(calls.code, z, weights, to), y)
    return y


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_behind_a_torch_model(size: tuple[int, int]) -> None:
    torch = pytest.importorskip("torch")
    model, encoder = torch_encoder()
    x = numbers((2, 3, *size))
    z = model(torch.from_numpy(x)).detach().numpy().reshape(2, -1)
    mirror = encoder.mirror(x.shape)
    assert z.shape == encoder(x.shape) == mirror.input_shape
    assert decode(mirror, z, "torch").shape == x.shape


# ---- one decoder in all of them ----------------------------------------------------------------------------------


def everything(data_format: str) -> cs.Chain:
    """An encoder whose mirror has every kind of layer that a mirror can have, but groups and pools to a fixed size."""
    around = (2, 3, 1) if data_format == "NCHW" else (3, 1, 2)
    other = "NHWC" if data_format == "NCHW" else "NCHW"
    first = {"data_format": data_format}
    return cs.Chain(
        [
            cs.Conv((5, 4, 3, 4), (2, 3), **first),
            cs.Pool((3, 1), 2, **first),
            L.ZeroPadding(((1, 0), (0, 2))),
            cs.Conv((3, 3, 4, 5), padding=((2, 0), (0, 1)), **first),
            L.UpSampling((2, 1)),
            cs.ConvTranspose((2, 2, 3, 5), 2, **first),
            L.Cropping(((1, 2), (0, 1))),
            L.Permute(around),
            cs.Conv((2, 2, 3, 2), 2, "VALID", data_format=other),
            L.Flatten(),
            L.Dense(6),
        ]
    )


@pytest.mark.parametrize("data_format", ["NHWC", "NCHW"])
@pytest.mark.parametrize("to", MODULES)
def test_all_frameworks_decode_alike(to: str, data_format: str) -> None:
    pytest.importorskip(MODULES[to])
    pytest.importorskip("torch")
    encoder = everything(data_format)
    shape = (2, 3, 23, 31) if data_format == "NCHW" else (2, 23, 31, 3)
    mirror = encoder.mirror(shape)
    z = numbers(encoder(shape))
    y = decode(mirror, z, to)
    assert y.shape == shape
    assert np.allclose(y, decode(mirror, z, "torch"), rtol=1e-3, atol=1e-2)


def test_a_single_axis_and_three(record_property: Any) -> None:
    """The layers that each framework has by rank: copies, zeros, crops and pools of one axis and of three."""
    asked = 0
    for rank, (last, first) in ((1, ("NWC", "NCW")), (3, ("NDHWC", "NCDHW"))):
        for data_format in (last, first):
            layers = [
                cs.Conv((*(1,) * rank, 2, 2), data_format=data_format),
                cs.Pool((3,) * rank, 2, data_format=data_format),
                L.UpSampling(3),
                L.Cropping(1),
                L.ZeroPadding(2),
            ]
            sizes = (9, 8, 7)[:rank]
            shape = (1, 2, *sizes) if data_format == first else (1, *sizes, 2)
            mirror = cs.Chain(layers).mirror(shape)
            z = numbers(mirror.input_shape)
            found = [decode(mirror, z, to) for to in MODULES if not lacks(to)]
            assert all(y.shape == shape and np.allclose(y, found[0], atol=1e-3) for y in found)
            asked += len(found)
    record_property("examples decoded", asked)


def lacks(to: str) -> bool:
    from importlib.util import find_spec

    return find_spec(MODULES[to]) is None


@pytest.mark.parametrize("to", ["torch", "keras"])
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_a_pool_to_a_fixed_size_that_had_grown(to: str, rank: int) -> None:
    pytest.importorskip(MODULES[to])
    pytest.importorskip("torch")
    small, large = (1, *(5, 4, 3)[:rank], 2), (1, *(7, 9, 4)[:rank], 2)
    mirror = cs.Chain([L.AdaptivePool(large[1:-1])]).mirror(small)
    y = decode(mirror, numbers(large), to)
    assert y.shape == small and np.allclose(y, decode(mirror, numbers(large), "torch"), atol=1e-5)


# ---- the adjoint -------------------------------------------------------------------------------------------------


def encode(encoder: cs.Chain, x: Any, filters: dict[str, Any]) -> Any:
    """Return what the encoder makes of x, each convolution by PyTorch's own."""
    import torch

    y = torch.from_numpy(x)
    for row in encoder.trace(x.shape).rows:
        layer: Any = encoder[row.name]
        if isinstance(layer, L.Flatten):
            y = y.flatten(1)
        elif isinstance(layer, L.ZeroPadding | L.Cropping):
            sign, pairs = (1, layer.padding) if isinstance(layer, L.ZeroPadding) else (-1, layer.cropping)
            amounts = [sign * number for pair in reversed(pairs) for number in pair]  # type: ignore[arg-type]
            y = torch.nn.functional.pad(y, amounts)
        else:
            there = cs.convert(layer, "torch", weights=filters[row.name], input_shape=tuple(y.shape))
            y = torch.from_numpy(paste(there.code, y.numpy(), there.weights, "torch"))
    return y.numpy()


def is_adjoint(encoder: cs.Chain, shape: tuple[int, ...], to: str, shift: int = 0) -> bool:
    mirror = encoder.mirror(shape)
    filters = {
        row.name: numbers(row.filter_shape, number)
        for number, row in enumerate(encoder.trace(shape).rows)
        if row.filter_shape
    }
    x, z = numbers(shape, 1), numbers(mirror.input_shape, 2)
    y = run(mirror.calls(to).code, z, parameters(mirror, to, filters), to)
    down = encode(encoder, x, filters)
    assert y.shape == shape and down.shape == z.shape
    one, other = np.vdot(down, z), np.vdot(x, np.roll(y, shift, 2))
    return bool(abs(one - other) < 1e-3 * (1 + np.linalg.norm(down) * np.linalg.norm(z)))


def cases(number: int) -> list[tuple[cs.Chain, tuple[int, ...]]]:
    rng = random.Random(1)
    found = (linear(rng, first=True, plain=False) for _ in range(10 * number))
    return [case for case in found if case is not None][:number]


@pytest.mark.parametrize("to", ADJOINTS)
def test_with_the_encoders_filters_it_is_the_adjoint(to: str, record_property: Any) -> None:
    pytest.importorskip(MODULES[to])
    pytest.importorskip("torch")
    drawn = cases(ADJOINTS[to])
    for encoder, shape in drawn:
        assert is_adjoint(encoder, shape, to), (encoder, shape)
    record_property("examples adjoint", len(drawn))


def test_a_decoder_one_place_off_is_found_out() -> None:
    pytest.importorskip("torch")
    assert [is_adjoint(encoder, shape, "torch", 1) for encoder, shape in cases(12)].count(False) > 6
