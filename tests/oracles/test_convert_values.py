"""Conversions by values: the code is run as it would be pasted, against the definition written out in NumPy."""

from __future__ import annotations

import itertools
import random
from typing import Any

import numpy as np
import pytest

import convshape as cs
from tests.engines.conversions import paste
from tests.engines.definition import define
from tests.oracle.test_convert import drawn, equal, hold_round_trip, is_legal, numbers, shape_of

MODULES = {"tensorflow": "tensorflow", "torch": "torch", "jax": "jax", "onnx": "onnxruntime"}
PADDINGS = ("SAME", "VALID", ((1, 0),), ((0, 2),), ((3, 1),), ((2, 2),))
# JAX and XLA compile for every shape; the others are asked all of it.
CASES = {"tensorflow": 125, "jax": 300}


def grid() -> list[tuple[Any, int]]:
    """Kernels, strides, sizes, paddings, dilations, groups, all legal outputs; in a fixed random order."""
    layers: list[tuple[Any, int]] = []
    factors = itertools.product(range(1, 7), range(1, 5), range(1, 7), PADDINGS, (1, 2), (1, 2))
    for kernel, stride, size, padding, dilation, groups in factors:
        named = {"dilations": dilation, "groups": groups}
        filter_shape = (kernel, 2, 2 * groups)
        layers += [
            (cs.ConvTranspose(filter_shape, stride, padding, output_padding=more, **named), size)
            for more in (None, *range(stride))
        ]
        layers.append((cs.Conv(filter_shape, stride, padding, **named), size + 2))
    random.Random(0).shuffle(layers)
    return layers


def judge(to: str, spec: Any, size: int, spoil: Any = None) -> bool | None:
    """Tell whether the engine computes what the spec means; None where convshape refuses the layer with a reason."""
    rng = np.random.default_rng(size)
    channels = 2 * spec.groups
    x = rng.standard_normal((2, size, channels)).astype("float32")
    filters = rng.standard_normal(spec.filter_shape).astype("float32")
    try:
        there = cs.convert(spec, to, weights=filters, input_shape=x.shape)
        wanted = define(spec, x, filters)
    except cs.ShapeError:
        return None
    back = cs.convert(there, "tensorflow", data_format="NWC")
    assert np.array_equal(back.weights, filters)
    code, weights = there.code, there.weights
    if spoil is not None:
        code, weights = spoil(code, weights)
    y = paste(code, x, weights, to)
    return y.shape == wanted.shape and bool(np.allclose(y, wanted, atol=1e-4))


@pytest.mark.parametrize("to", MODULES)
def test_values(to: str, record_property: Any) -> None:
    pytest.importorskip(MODULES[to])
    asked = 0
    for spec, size in grid():
        verdict = judge(to, spec, size)
        assert verdict is not False, (to, spec, size)
        asked += verdict is not None
        if asked == CASES.get(to):
            break
    record_property("examples", asked)
    assert asked == CASES[to] if to in CASES else asked > 8000


@pytest.mark.parametrize("to", ["torch", "jax", "onnx"])
def test_values_on_unequal_axes(to: str, record_property: Any) -> None:
    """One to three axes that have nothing in common, both layouts and from one to the other."""
    pytest.importorskip(MODULES[to])
    asked = 0
    for spec, sizes, wanted in drawn(120 if to == "jax" else 600, seed=3):
        shape = shape_of(spec, sizes)
        if not is_legal(spec, shape):
            continue
        x, filters = numbers(shape), numbers(spec.filter_shape)
        try:
            there = cs.convert(spec, to, weights=filters, input_shape=shape, data_format=wanted)
        except cs.ShapeError:
            continue
        assert equal(paste(there.code, x, there.weights, to), define(spec, x, filters)), (spec, sizes, wanted)
        hold_round_trip(there, spec, sizes)
        asked += 1
    record_property("examples", asked)
    assert asked > (30 if to == "jax" else 150)


def test_padding_one_more_in_torch_is_found_out() -> None:
    """The common recipe for an odd SAME: right in size, every value one place off."""
    pytest.importorskip("torch")

    def spoil(code: str, weights: Any) -> tuple[str, Any]:
        assert "padding=(1,)" in code and "y = y[:, :, :-1]" in code
        return code.replace("padding=(1,)", "padding=(2,), output_padding=(1,)").replace(
            "y = y[:, :, :-1]\n", ""
        ), weights

    spec = cs.ConvTranspose((5, 2, 2), 2)
    assert judge("torch", spec, 5) is True
    assert judge("torch", spec, 5, spoil) is False


def test_a_kernel_not_mirrored_in_jax_is_found_out() -> None:
    pytest.importorskip("jax")

    def spoil(code: str, weights: Any) -> tuple[str, Any]:
        return code, weights[::-1].copy()

    spec = cs.ConvTranspose((5, 2, 4), 2, groups=2)
    assert judge("jax", spec, 5) is True
    assert judge("jax", spec, 5, spoil) is False
