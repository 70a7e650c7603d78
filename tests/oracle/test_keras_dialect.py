"""The Keras dialect against Keras: every layer is really called, and its built weights are looked at."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from convshape import ShapeError
from convshape.frameworks import keras as ours
from tests.engine_faults.keras import FAULTS, Fault
from tests.holding import Holder, must_fail

keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")

NAMES = sorted({getattr(ours, name).__name__ for name in ours.__all__})
Answer = tuple[tuple[int, ...], dict[str, tuple[int, ...]]] | None


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, dict[str, Any], tuple[int, ...]]:
    """A layer, its arguments and an input, legal or not. Shrinks towards ones and towards `AveragePooling1D`."""
    name = draw(st.sampled_from(NAMES))
    rank = int(name.replace("Transpose", "")[-2])
    fields, arguments = getattr(ours, name)._fields, {}

    def numbers(low: int, high: int) -> st.SearchStrategy[Any]:
        one = st.integers(low, high)
        return st.one_of(one, st.tuples(*[one] * rank), st.lists(one, min_size=rank, max_size=rank))

    amounts = st.one_of(st.integers(0, 2), st.tuples(st.integers(0, 2), st.integers(0, 2)))
    strategies: dict[str, st.SearchStrategy[Any]] = {
        "filters": st.sampled_from([2, 3, 4, 6]),
        "kernel_size": numbers(1, 3),
        "pool_size": numbers(1, 3),
        "strides": st.one_of(st.just(1), numbers(1, 3)),
        "padding": st.sampled_from(["valid", "same", "SAME", "Valid", "causal"]),
        "dilation_rate": st.one_of(st.just(1), numbers(1, 2)),
        "groups": st.sampled_from([1, 1, 2, 3]),
        "depth_multiplier": st.integers(1, 2),
        "output_padding": st.one_of(st.none(), numbers(0, 2)),
        "data_format": st.sampled_from(["channels_last", None, "Channels_Last", "channels_first"]),
        "use_bias": st.booleans(),
        "keepdims": st.booleans(),
        "size": st.integers(1, 3) if rank == 1 else numbers(1, 3),
        "cropping": amounts if rank == 1 else st.one_of(st.integers(0, 2), st.tuples(*[amounts] * rank)),
        "interpolation": st.sampled_from(["nearest", "Bilinear", "bicubic", "cubic"]),
    }
    if "Padding" in name:
        strategies["padding"] = strategies["cropping"] = (
            amounts if rank == 1 else st.one_of(st.integers(0, 2), st.tuples(*[amounts] * rank))
        )
    for field in fields:
        arguments[field] = draw(strategies[field])
    sizes = tuple(draw(st.integers(1, 7)) for _ in range(rank))
    batch, channels = draw(st.integers(0, 2)), draw(st.sampled_from([1, 2, 3, 4, 6]))
    first = arguments.get("data_format") == "channels_first"
    return name, arguments, (batch, channels, *sizes) if first else (batch, *sizes, channels)


def keras_answer(name: str, arguments: dict[str, Any], shape: tuple[int, ...]) -> Answer:
    """Return what Keras makes, natively or, where TensorFlow's CPU kernels have no such op, by XLA."""
    for jit in (False, True):
        try:
            layer = getattr(keras.layers, name)(**arguments)
            call = tf.function(layer, jit_compile=True, autograph=False) if jit else layer
            result = call(tf.zeros(shape))
        except Exception:  # noqa: BLE001 - Keras refuses with every kind of exception
            continue
        return tuple(result.shape), {weight.name: tuple(weight.shape) for weight in layer.weights}
    return None


def our_answer(name: str, arguments: dict[str, Any], shape: tuple[int, ...]) -> Answer:
    try:
        layer = getattr(ours, name)(**arguments)
        return layer(shape), layer.weight_shapes(shape)
    except ShapeError:
        return None


def is_named_fault(name: str, real: Answer) -> bool:
    """Whether Keras returned an empty pool (tests/engine_faults/keras.py)."""
    return "Pooling" in name and real is not None and 0 in real[0][1:]


def same_or_both_refuse(
    implementation: Callable[..., Answer], call: tuple[str, dict[str, Any], tuple[int, ...]]
) -> None:
    """The same shape and weights as Keras's, or both refuse, or the fault is named."""
    mine, real = implementation(*call), keras_answer(*call)
    if mine is None and is_named_fault(call[0], real):
        return
    assert mine == real, call


def test_same_shape_and_weights_or_both_refuse(record_property: Callable[[str, object], None]) -> None:
    Holder(record_property)(same_or_both_refuse, our_answer, calls(), examples=600)


def one_more(name: str, arguments: dict[str, Any], shape: tuple[int, ...]) -> Answer:
    """A wrong rule: no output_padding is the smallest size."""
    if name.endswith("Transpose") and arguments["output_padding"] is None:
        arguments = {**arguments, "output_padding": 0}
    return our_answer(name, arguments, shape)


def both_allowed(name: str, arguments: dict[str, Any], shape: tuple[int, ...]) -> Answer:
    """A wrong rule: strides with dilation are taken for strides alone."""
    if "groups" in arguments and our_answer(name, arguments, shape) is None:
        arguments = {**arguments, "dilation_rate": 1}
    return our_answer(name, arguments, shape)


@pytest.mark.parametrize("wrong", [one_more, both_allowed])
def test_the_property_sees_a_wrong_rule(wrong: Callable[..., Answer]) -> None:
    must_fail(same_or_both_refuse, wrong, calls(), examples=600)


@pytest.mark.parametrize("name", ours.__all__)
def test_signatures_and_names_are_keras_own(name: str) -> None:
    def told(cls: Any) -> list[tuple[str, object, object]]:
        signature = inspect.signature(cls.__init__)
        return [(one.name, one.default, one.kind) for one in signature.parameters.values()]

    theirs = getattr(keras.layers, name)
    assert told(getattr(ours, name)) == told(theirs)
    assert getattr(ours, name).__name__ == theirs.__name__


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("kernel", "stride", "dilation"), [(3, 2, 2), (2, 3, 2), (2, 2, 3), (3, 2, 1)])
def test_a_depthwise_layer_computes_its_spec(padding: str, kernel: int, stride: int, dilation: int) -> None:
    """Values: the grouped convolution of `to_spec`, by its definition, equals Keras's depthwise one."""
    arguments = {"kernel_size": kernel, "strides": stride, "dilation_rate": dilation, "padding": padding}
    x = np.random.default_rng(0).normal(size=(2, 9, 3)).astype("float32")
    layer = keras.layers.DepthwiseConv1D(**arguments, depth_multiplier=2)
    real = np.asarray(layer(x))
    spec = ours.DepthwiseConv1D(**arguments, depth_multiplier=2).to_spec(x.shape)
    extent, size = (kernel - 1) * dilation + 1, real.shape[1]
    total = max(0, (size - 1) * stride + extent - 9) if spec.padding == "SAME" else 0
    padded = np.pad(x, ((0, 0), (total // 2, total - total // 2), (0, 0)))
    weights = np.asarray(layer.kernel).reshape(spec.filter_shape)  # type: ignore[attr-defined]
    expected = np.zeros(spec(x.shape))
    for place in range(size):
        for channel in range(spec.filter_shape[-1]):  # type: ignore[attr-defined]
            taps = padded[:, place * stride : place * stride + extent : dilation, channel // 2]
            expected[:, place, channel] = taps @ weights[:, 0, channel]
    np.testing.assert_allclose(real, expected, atol=1e-4)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.call[0]} {fault.why}")
def test_a_named_fault_is_still_so(fault: Fault) -> None:
    real = keras_answer(*fault.call)
    assert real is not None and real[0] == fault.engine_does
    assert our_answer(*fault.call) is None
