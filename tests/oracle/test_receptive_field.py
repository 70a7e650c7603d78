"""Receptive fields against TensorFlow's gradients: which input elements move one output element, executed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from unittest import mock

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import assume
from hypothesis import strategies as st

import convshape as cs
from convshape._networks import _taps
from tests.core.networks import nets
from tests.holding import Holder, must_fail

L = cs.layers
C = nets.CHANNELS
SMALL = 1e-6  # of the largest gradient: sines that should be 0
INTERPOLATIONS = (
    "nearest",
    "bilinear",
    "bicubic",
    "lanczos3",
    "lanczos5",
)  # area has no gradient in TensorFlow


def weights(shape: Any) -> tf.Tensor:
    """Return positive numbers, so that nothing cancels."""
    return tf.constant(np.random.default_rng(7).uniform(0.5, 1.5, shape), tf.float32)


def listed(padding: Any) -> Any:
    return padding if isinstance(padding, str) else [(0, 0), *padding, (0, 0)]


def run_layer(layer: Any, x: tf.Tensor, output_shape: Any) -> tf.Tensor:
    """Return what TensorFlow makes of one layer."""
    if isinstance(layer, cs.Conv):
        return tf.nn.conv2d(x, weights(layer.filter_shape), layer.strides, listed(layer.padding), dilations=layer.dilations)  # fmt: skip
    if isinstance(layer, cs.ConvTranspose):
        return tf.nn.conv2d_transpose(x, weights(layer.filter_shape), output_shape, layer.strides, listed(layer.padding))  # fmt: skip
    if isinstance(layer, cs.Pool):
        return run_pool(layer, x, output_shape)
    if isinstance(layer, L.UpSampling):
        return keras.layers.UpSampling2D(layer.size, interpolation=layer.interpolation)(x)
    if isinstance(layer, L.ZeroPadding):
        return keras.layers.ZeroPadding2D(layer.padding)(x)
    if isinstance(layer, L.Cropping):
        return keras.layers.Cropping2D(layer.cropping)(x)
    if isinstance(layer, L.GlobalPool):
        return keras.layers.GlobalAveragePooling2D(keepdims=layer.keepdims)(x)
    if isinstance(layer, L.Dense):
        return tf.matmul(x, weights((x.shape[-1], layer.units)))
    assert isinstance(layer, L.Flatten), layer
    return tf.reshape(x, (1, -1))


def run_pool(layer: cs.Pool, x: tf.Tensor, output_shape: Any) -> tf.Tensor:
    """Average: a maximum's gradient sees one element only. Explicit padding and ceil mode are padded beforehand."""
    if layer.padding == "SAME":
        return tf.nn.avg_pool2d(x, layer.window_shape, layer.strides, "SAME")
    before = [0, 0] if layer.padding == "VALID" else [pair[0] for pair in layer.padding]
    pads = []
    for axis in range(2):
        size, made, stride = x.shape[axis + 1], output_shape[axis + 1], layer.strides[axis]
        after = (made - 1) * stride + layer.window_shape[axis] - size - before[axis]
        pads.append((before[axis], max(0, after)))
    return tf.nn.avg_pool2d(tf.pad(x, [(0, 0), *pads, (0, 0)]), layer.window_shape, layer.strides, "VALID")


def run_join(layer: Any, inputs: list[tf.Tensor]) -> tf.Tensor:
    if isinstance(layer, L.Multiply):
        return inputs[0] * inputs[1]
    if isinstance(layer, L.Add):
        return tf.add_n(inputs) if len({tuple(one.shape) for one in inputs}) == 1 else inputs[0] + inputs[1]
    height, width = (min(one.shape[axis] for one in inputs) for axis in (1, 2))
    cut = []
    for one in inputs:
        top, left = (one.shape[1] - height) // 2, (one.shape[2] - width) // 2
        cut.append(one[:, top : top + height, left : left + width])
    return tf.concat(cut, -1)


def outputs_of(network: Any, x: tf.Tensor) -> dict[str, tf.Tensor]:
    rows = network.trace(tuple(x.shape)).rows
    made: list[tf.Tensor] = []
    for node, row in zip(network.nodes, rows, strict=True):
        inputs = [x if source < 0 else made[source] for source in node.sources]
        layer = node.block.layer
        made.append(
            run_join(layer, inputs) if node.block.joins else run_layer(layer, inputs[0], row.output_shape)
        )
        assert tuple(made[-1].shape) == tuple(row.output_shape)
    return {node.name: one for node, one in zip(network.nodes, made, strict=True)}


def moved_by(network: Any, shape: Any, layer: str, position: tuple[int, ...]) -> tuple[range, ...]:
    """Return along each axis which input elements have a gradient, from the first to the last."""
    x = weights(shape)
    with tf.GradientTape() as tape:
        tape.watch(x)
        one = tf.reduce_sum(outputs_of(network, x)[layer][(0, *position)])
    gradient = tape.gradient(one, x)
    if gradient is None:
        return (range(0),) * 2
    numbers = np.abs(gradient.numpy()[0])
    seen = numbers > SMALL * max(numbers.max(), 1e-30)
    ranges = []
    for axes in ((1, 2), (0, 2)):
        places = np.flatnonzero(seen.any(axes))
        ranges.append(range(int(places[0]), int(places[-1]) + 1) if places.size else range(0))
    return tuple(ranges)


def sees_what_has_a_gradient(implementation: Any, network: Any, shape: Any, corner: Any) -> None:
    """The field of an output is where the gradient of it is not 0."""
    try:
        network(shape)
    except cs.ShapeError:
        assume(False)
    found = implementation.receptive_field(network, shape)
    row = network.trace(shape).rows[-1]
    sizes = row.output_shape[1:-1] if len(row.output_shape) == 4 else ()
    position = tuple(int(part * (size - 1)) for part, size in zip(corner, sizes, strict=False))
    assert found.field(position) == moved_by(network, shape, row.name, position)


PLACES = st.tuples(*[st.sampled_from([0, 0.3, 0.5, 0.6, 1])] * 2)
SHAPES = st.tuples(st.just(1), st.integers(1, 13), st.integers(1, 13), st.just(C))


def undilated(network: Any) -> bool:
    """TensorFlow's native forward kernels dilate; its gradients and transposed ones do not on a CPU."""
    return all(set(getattr(node.block.layer, "dilations", (1,))) == {1} for node in network.nodes)


@st.composite
def interpolating(draw: st.DrawFn) -> Any:
    """A chain with an interpolation between other layers. Shrinks towards it alone."""
    one = L.UpSampling(draw(st.integers(1, 5)), draw(st.sampled_from(INTERPOLATIONS)))
    layers = [
        *draw(st.lists(nets.steps(rank=2), max_size=1)),
        one,
        *draw(st.lists(nets.steps(rank=2), max_size=1)),
    ]
    return cs.Chain(layers)


NETWORKS = (nets.chains(rank=2, longest=4) | nets.graphs(rank=2, longest=4) | interpolating()).filter(
    undilated
)


def test_fields_are_where_gradients_are(hold: Holder) -> None:
    hold(sees_what_has_a_gradient, cs, NETWORKS, SHAPES, PLACES, examples=150)


def wrong(name: str, how: Any) -> SimpleNamespace:
    def receptive_field(network: Any, input_shape: Any) -> Any:
        with mock.patch.object(_taps, name, how):
            return cs.receptive_field(network, input_shape)

    return SimpleNamespace(receptive_field=receptive_field)


FORWARD, TRANSPOSED, ENLARGED = _taps.forward, _taps.transposed, _taps.enlarged
WRONG = {
    "SAME's odd element before": wrong("forward", lambda k, s, d, b: FORWARD(k, s, d, b + (b > 0))),
    "a transposed one without its crop": wrong("transposed", lambda k, s, d, b: TRANSPOSED(k, s, d, 0)),
    "bilinear as repeating": wrong("enlarged", lambda f, _: ENLARGED(f, "nearest")),
    "cubic as linear": wrong("enlarged", lambda f, _: ENLARGED(f, "bilinear")),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_taps_are_found_out(name: str) -> None:
    must_fail(sees_what_has_a_gradient, WRONG[name], NETWORKS, SHAPES, PLACES, examples=150)


def squeezed() -> cs.Graph:
    """A block whose channels are weighed by a pool over the whole picture."""
    return cs.Graph(
        {
            "conv": cs.Conv((3, 3, C, C), 2),
            "pool": L.GlobalPool(keepdims=True),
            "gate": (cs.Conv((1, 1, C, C)), "pool"),
            "out": (L.Multiply(True), "conv", "gate"),
        }
    )


WHOLE = {
    "a dense layer behind a strided VALID": cs.Chain([cs.Conv((3, 3, C, C), 3, "VALID"), L.Flatten(), L.Dense(4)]),
    "a global pool behind a crop": cs.Chain([L.Cropping(((1, 2), (0, 3))), L.GlobalPool(), L.Dense(4)]),
    "a gate": squeezed(),
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("shape", [(1, 9, 12, C), (1, 10, 11, C), (1, 11, 10, C)])
def test_whole_axes(name: str, shape: Any) -> None:
    network = WHOLE[name]
    found = cs.receptive_field(network, shape)
    last = found.rows[-1]
    place = (0, 1) if name == "a gate" else ()
    seen = moved_by(network, shape, last.name, place)
    assert found.field(place) == seen
    assert all(span.whole and span.size == len(one) for span, one in zip(last.spans, seen, strict=True))


@pytest.mark.parametrize("factor", [1, 2, 3, 5])
def test_area_is_repeating(factor: int) -> None:
    """TensorFlow has no gradient for it: each input element is moved by hand."""
    network = cs.Chain([L.UpSampling(factor, "area")])
    x = weights((1, 4, 4, C)).numpy()
    rows: dict[int, set[int]] = {}
    for place in range(4):
        moved = x.copy()
        moved[0, place] += 1
        change = np.abs(outputs_of(network, tf.constant(moved))["up_sampling_1"] - outputs_of(network, tf.constant(x))["up_sampling_1"])  # fmt: skip
        for output in np.flatnonzero(change[0].max((1, 2)) > SMALL):
            rows.setdefault(int(output), set()).add(place)
    found = cs.receptive_field(network, (1, 4, 4, C))
    assert all(
        found.field((output, 0))[0] == range(min(seen), max(seen) + 1) for output, seen in rows.items()
    )
    assert len(rows) == 4 * factor
