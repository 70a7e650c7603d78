"""The three layers: what they compute, and what never reaches TensorFlow."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

import convshape as cs
from dcgan.batch_norm import BatchNorm
from dcgan.layers import Conv2D, Dense, FractionallyStridedConv2D
from tests.dcgan.support import counted_variables


def noise(name: str, shape: tuple[int, ...]) -> tf.Tensor:
    return tf.random.stateless_normal(shape, (0, len(name)))


def plain(**fields) -> dict:
    return {"norm": None, "activation": tf.identity, "name": "layer", **fields}


def down(input_shape=(9, 14, 3), filter_shape=(5, 5, 3, 8), strides=2, **fields) -> Conv2D:
    return Conv2D(input_shape, filter_shape, strides, **plain(**fields))


def up(input_shape=(5, 7, 8), filter_shape=(5, 5, 3, 8), output_shape=(9, 14, 3), strides=2, **fields):
    return FractionallyStridedConv2D(input_shape, filter_shape, output_shape, strides, **plain(**fields))


def test_dense_is_a_matrix_product_of_flattened_shapes():
    layer = Dense((3, 4), (2, 5), **plain())
    layer.build(noise)
    x = noise("x", (6, 3, 4))
    product = np.reshape(x, (6, 12)) @ np.reshape(layer.weights, (12, 10))
    np.testing.assert_allclose(
        layer.forward(x, training=True), product.reshape(6, 2, 5), rtol=1e-4, atol=1e-5
    )


def test_a_fractionally_strided_convolution_is_the_gradient_of_its_twin():
    twin, layer = down(), up()
    for one in (twin, layer):
        one.build(noise)
    layer.weights.assign(twin.weights)
    picture, slope = noise("picture", (4, 9, 14, 3)), noise("slope", (4, 5, 7, 8))
    with tf.GradientTape() as tape:
        tape.watch(picture)
        loss = tf.reduce_sum(twin.forward(picture, training=True) * slope)
    np.testing.assert_allclose(
        layer.forward(slope, training=True), tape.gradient(loss, picture), rtol=1e-4, atol=1e-4
    )


@pytest.mark.parametrize("make", [down, up, lambda **fields: Dense((6,), (5, 7, 8), **plain(**fields))])
def test_bias_or_batch_norm_then_activation(make):
    for norm in (None, "batch norm"):
        layer = make(
            activation=lambda y: y * 0 + 7, norm=None if norm is None else BatchNorm(make().output_shape[-1])
        )
        layer.build(noise)
        assert hasattr(layer, "bias") == (norm is None)
        assert float(tf.reduce_min(layer.forward(tf.ones((2, *layer.input_shape)), training=True))) == 7


@pytest.mark.parametrize("make", [down, up])
def test_any_batch_through_one_graph(make):
    layer = make(norm=BatchNorm(make().output_shape[-1]))
    layer.build(noise)

    @tf.function(input_signature=[tf.TensorSpec((None, *layer.input_shape))])
    def forward(x):
        y = layer.forward(x, training=True)
        assert y.shape.as_list() == [None, *layer.output_shape]
        return y

    for count in (1, 3, 8):
        assert forward(tf.ones((count, *layer.input_shape))).shape == (count, *layer.output_shape)


@pytest.mark.parametrize("size", [13, 14])
def test_both_legal_sizes_are_made_as_asked(size):
    layer = up(output_shape=(9, size, 3))
    layer.build(noise)
    assert layer.forward(tf.ones((2, 5, 7, 8)), training=True).shape == (2, 9, size, 3)


def test_parameters_are_created_by_build_and_only_once():
    with counted_variables() as created:
        layer = down(norm=BatchNorm(8))
    assert created == []
    with counted_variables() as created:
        layer.build(noise)
    assert len(created) == 5
    with counted_variables() as created:
        for training in (True, True, False):
            layer.forward(tf.ones((2, 9, 14, 3)), training)
    assert created == []
    with pytest.raises(RuntimeError, match="created once"):
        layer.build(noise)


# ---- what never reaches TensorFlow -----------------------------------------------------------------------------

WRONG = {
    "a stride of a half": lambda: up(strides=0.5),
    "a stride of a half, each way": lambda: up(strides=(0.5, 0.5)),
    "a stride of a half, down": lambda: down(strides=0.5),
    "a stride of 0": lambda: up(strides=0),
    "a swapped filter": lambda: up(filter_shape=(5, 5, 8, 3)),
    "a swapped filter, down": lambda: down(filter_shape=(5, 5, 8, 3)),
    "an output one too large": lambda: up(output_shape=(9, 15, 3)),
    "an output one too small": lambda: up(output_shape=(9, 12, 3)),
    "an output of other channels": lambda: up(output_shape=(9, 14, 6)),
    "an output of the wrong rank": lambda: up(output_shape=(14, 3)),
    "an output of -1": lambda: up(output_shape=(-1, 14, 3)),
    "an input of other sizes": lambda: used(up(), (2, 6, 7, 8)),
    "an input of other sizes, other batch": lambda: used(up(), (7, 5, 8, 8)),
    "an input of other channels": lambda: used(up(), (2, 5, 7, 4)),
    "an input of other channels, down": lambda: used(down(), (2, 9, 14, 6)),
    "an input without a batch": lambda: used(up(), (5, 7, 8)),
}


def used(layer, input_shape):
    layer.build(noise)
    return layer.forward(tf.ones(input_shape), training=True)


@pytest.fixture
def reached(monkeypatch):
    """The calls that reach TensorFlow's convolutions, which are not made."""
    calls = []
    for name in ("conv2d", "conv2d_transpose"):
        monkeypatch.setattr(
            tf.nn, name, lambda *_, name=name, **__: calls.append(name) or tf.zeros((2, 9, 14, 3))
        )
    return calls


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_wrong_layer_never_reaches_tensorflow(wrong, reached):
    with pytest.raises(cs.ShapeError) as caught:
        wrong()
    assert caught.value.fix is not None or caught.value.legal
    assert reached == []


@pytest.mark.parametrize(
    ("make", "shape"), [(up, (None, 6, 7, 8)), (up, (None, 5, 7, 4)), (down, (None, 9, 14, 4))]
)
def test_nor_while_a_graph_is_traced(make, shape, reached):
    layer = make()
    layer.build(noise)

    def forward(x):
        return layer.forward(x, training=True)

    with pytest.raises(cs.ShapeError) as caught:
        tf.function(forward, autograph=False).get_concrete_function(tf.TensorSpec(shape))
    # AutoGraph, which makes an error of its own of most that is raised below it, lets this one pass
    with pytest.raises(cs.ShapeError) as converted:
        tf.function(forward).get_concrete_function(tf.TensorSpec(shape))
    assert str(converted.value) == str(caught.value)
    assert reached == []


def test_that_a_right_one_does(reached):
    used(up(), (2, 5, 7, 8))
    assert reached == ["conv2d_transpose"]
    down_layer = down(filter_shape=(5, 5, 3, 3))
    used(down_layer, (2, 9, 14, 3))
    assert reached == ["conv2d_transpose", "conv2d"]
