"""Parameters against Keras's count_params, layer by layer; multiply-accumulates against TensorFlow's profiler."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from hypothesis import assume
from hypothesis import strategies as st

import convshape as cs
from tests.holding import Holder, must_fail

CHANNELS = 4
KINDS = ("Conv2D", "Conv2DTranspose", "DepthwiseConv2D", "SeparableConv2D")


@st.composite
def layers(draw: st.DrawFn) -> Any:
    """A layer's name and arguments. Shrinks towards a convolution of one filter and a kernel of 1."""
    kind = draw(st.sampled_from(KINDS))
    stride = draw(st.integers(1, 3))
    arguments: dict[str, Any] = {
        "kernel_size": draw(st.integers(1, 4)),
        "strides": stride,
        "padding": draw(st.sampled_from(["same", "valid"])),
        "use_bias": draw(st.booleans()),
    }
    if kind != "DepthwiseConv2D":
        arguments["filters"] = draw(st.integers(1, 3)) * 2
    if kind in ("DepthwiseConv2D", "SeparableConv2D"):
        arguments["depth_multiplier"] = draw(st.integers(1, 3))
    if kind == "Conv2D":
        arguments["groups"] = draw(st.sampled_from([1, 2]))
    return kind, arguments


def counts_as_keras(implementation: Any, drawn: Any, height: int, width: int) -> None:
    """As many parameters as Keras makes, statistics beside them."""
    kind, arguments = drawn
    shape = (1, height, width, CHANNELS)
    network = cs.Chain([getattr(cs.frameworks.keras, kind)(**arguments), cs.layers.BatchNorm()])
    try:
        network(shape)
    except cs.ShapeError:
        assume(False)
    layer, norm = getattr(keras.layers, kind)(**arguments), keras.layers.BatchNormalization()
    model = keras.Sequential([keras.Input(shape[1:]), layer, norm])
    found = implementation.cost(network, shape)
    assert [row.parameters + row.statistics for row in found.rows] == [
        layer.count_params(),
        norm.count_params(),
    ]
    assert found.parameters + found.statistics == model.count_params()
    assert found.statistics == sum(int(np.prod(one.shape)) for one in model.non_trainable_weights)


def multiplies_as_profiled(implementation: Any, drawn: Any, height: int, width: int) -> None:
    """As many multiply-accumulates as the profiler's floating point operations of the forward ops, halved."""
    kind, arguments = drawn
    shape = (2, height, width, CHANNELS)
    network = cs.Chain([getattr(cs.frameworks.keras, kind)(**{**arguments, "use_bias": False})])
    try:
        network(shape)
    except cs.ShapeError:
        assume(False)
    assert 2 * implementation.cost(network, shape).macs == profiled(kind, arguments, shape)


def profiled(kind: str, arguments: dict[str, Any], shape: Any) -> int:
    layer = getattr(keras.layers, kind)(**{**arguments, "use_bias": False})
    layer.build(shape)
    graph = tf.function(layer.call).get_concrete_function(tf.TensorSpec(shape, tf.float32)).graph
    options = tf.compat.v1.profiler.ProfileOptionBuilder.float_operation()
    options["output"] = "none"
    return int(tf.compat.v1.profiler.profile(graph, options=options).total_float_ops)


SIZES = (st.integers(3, 9), st.integers(3, 9))


def is_counted(drawn: Any) -> bool:
    """Keras runs grouped convolutions in a function of their own, which the profiler does not enter; and it counts a
    transposed one by its outputs over the strides, which is the number of its inputs under SAME alone."""
    kind, arguments = drawn
    return arguments.get("groups", 1) == 1 and (kind != "Conv2DTranspose" or arguments["padding"] == "same")


COUNTED = layers().filter(is_counted)


def test_parameters(hold: Holder) -> None:
    hold(counts_as_keras, cs, layers(), *SIZES, examples=80)


def test_multiply_accumulates(hold: Holder) -> None:
    hold(multiplies_as_profiled, cs, COUNTED, *SIZES, examples=40)


def test_wrong_counts_are_found_out() -> None:
    def cost(network: Any, shape: Any) -> Any:
        found = cs.cost(network, shape)
        rows = tuple(SimpleNamespace(parameters=row.parameters, statistics=0) for row in found.rows)
        return SimpleNamespace(rows=rows, parameters=found.parameters, statistics=0, macs=found.elements)

    wrong = SimpleNamespace(cost=cost)
    must_fail(counts_as_keras, wrong, layers(), *SIZES, examples=10)
    must_fail(multiplies_as_profiled, wrong, COUNTED, *SIZES, examples=10)
