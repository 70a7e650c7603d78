"""``read`` on models as people write them: each layer's shape and the number of weights are Keras's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops

import convshape as cs
from tests.oracle.keras_zoo import at, check, counted, shapes_by_convshape, shapes_by_keras


def unet() -> Any:
    """A U-Net that takes multiples of four."""
    start = x = keras.Input((48, 64, 1))
    skips = []
    for filters in (4, 8):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        skips.append(x)
        x = layers.MaxPooling2D()(x)
    x = layers.Conv2D(16, 3, padding="same")(x)
    for filters, skip in ((8, skips[1]), (4, skips[0])):
        x = layers.Conv2DTranspose(filters, 2, strides=2)(x)
        x = layers.Concatenate()([x, skip])
        x = layers.SpatialDropout2D(0.1)(layers.BatchNormalization()(x))
    return keras.Model(start, layers.Conv2D(2, 1, activation="softmax")(x))


def generator() -> Any:
    """A DCGAN's generator, a Sequential."""
    return keras.Sequential(
        [
            keras.Input((100,)),
            layers.Dense(7 * 7 * 32, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(),
            layers.Reshape((7, 7, 32)),
            layers.Conv2DTranspose(16, 5, padding="same", use_bias=False),
            layers.BatchNormalization(scale=False),
            layers.Conv2DTranspose(8, 5, strides=2, padding="same", output_padding=0),
            layers.PReLU(shared_axes=[1, 2]),
            layers.UpSampling2D((2, 3), interpolation="bilinear"),
            layers.Conv2D(1, 3, activation="tanh", padding="same"),
        ]
    )


def discriminator() -> Any:
    """A DCGAN's discriminator, a Sequential, ended with a Flatten."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(8, 5, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.Dropout(0.3),
            layers.DepthwiseConv2D(3, depth_multiplier=2),
            layers.SeparableConv2D(8, 3, dilation_rate=2),
            layers.GroupNormalization(4),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )


def autoencoder() -> Any:
    """Models in a model, each with a name that its layers stand behind."""
    down = keras.Sequential(
        [layers.Conv2D(4, 3, 2, "same"), layers.PReLU(), layers.Conv2D(8, 3, 2)], name="encoder"
    )
    start = keras.Input((7, 9, 8))
    up = keras.Model(
        start, layers.Cropping2D(((0, 1), (1, 1)))(layers.Conv2DTranspose(3, 3, 4)(start)), name="decoder"
    )
    whole = keras.Input((32, 40, 3))
    return keras.Model(whole, up(down(whole)))


def others() -> Any:
    """Layers around convolutions, and functions of ``keras.ops``."""
    start = keras.Input((12, 18, 6))
    x = layers.Normalization(axis=(1, -1))(layers.Rescaling(1 / 255)(layers.RandomFlip()(start)))
    x = layers.LayerNormalization(axis=(1, 2))(x)
    x = layers.Permute((2, 1, 3))(layers.ZeroPadding2D(((1, 0), (2, 3)))(x))
    gate = layers.GlobalAveragePooling2D()(x)
    x = layers.Multiply()([x, layers.Dense(6, activation="sigmoid")(gate)])
    x = layers.Add()([x, ops.mean(x, axis=(1, 2), keepdims=True)])
    x = ops.relu6(x + 3.0) * (1 / 6)
    x = ops.concatenate([x, ops.maximum(x, layers.Conv2D(6, 1)(x))], axis=-1)
    x = ops.transpose(ops.pad(x, ((0, 0), (1, 2), (0, 1), (0, 0))), (0, 2, 1, 3))
    x = layers.AveragePooling2D(3, 2, "same")(layers.Softmax()(layers.UnitNormalization()(x)))
    x = layers.RMSNormalization()(layers.Resizing(9, 11)(x))
    x = layers.CenterCrop(6, 5)(layers.GaussianDropout(0.1)(layers.Identity()(x)))
    x = layers.Average()([x, layers.Subtract()([x, x]), layers.Minimum()([x, x])])
    return keras.Model(start, layers.Dense(3)(ops.sum(ops.reshape(x, (-1, 30, 12)), axis=1)))


def line() -> Any:
    """One spatial axis, causal."""
    return keras.Sequential(
        [
            keras.Input((64, 3)),
            layers.Conv1D(8, 5, padding="causal", dilation_rate=3),
            layers.MaxPooling1D(3),
            layers.SeparableConv1D(4, 3),
            layers.ZeroPadding1D((1, 2)),
            layers.UpSampling1D(3),
            layers.Conv1DTranspose(6, 4, 3),
            layers.GlobalMaxPooling1D(keepdims=True),
            layers.Dense(5),
        ]
    )


def volume() -> Any:
    """Three spatial axes, the channels first; TensorFlow computes none of it on a CPU, and Keras says the shapes."""
    first = "channels_first"
    return keras.Sequential(
        [
            keras.Input((2, 9, 13, 20)),
            layers.Conv3D(4, 3, (1, 2, 3), "same", first),
            layers.BatchNormalization(axis=1),
            layers.AveragePooling3D(2, data_format=first),
            layers.Conv3DTranspose(6, 3, 2, "valid", first),
            layers.Flatten(first),
            layers.Dense(3),
        ]
    )


MODELS = (unet, generator, discriminator, autoencoder, others, line, volume)


@pytest.mark.parametrize("make", MODELS)
def test_every_layer_is_as_keras_says(make: Callable[[], Any], tmp_path: Path) -> None:
    keras.utils.set_random_seed(1)
    model = make()
    network = cs.read(model)
    check(model, network)
    model.save(tmp_path / "model.keras")
    assert cs.read(str(tmp_path / "model.keras")) == network


@pytest.mark.parametrize("make", [unet, others, line])
def test_every_layer_is_as_tensorflow_computes(make: Callable[[], Any]) -> None:
    model = make()
    made = [
        one
        for one in getattr(model, "operations", model.layers)
        if not isinstance(one, keras.layers.InputLayer)
    ]
    values = keras.Model(model.inputs, [one.output for one in made])(
        np.zeros((2, *model.inputs[0].shape[1:]), "float32")
    )
    trace = cs.read(model).trace((2, *model.inputs[0].shape[1:]))
    assert {one.name: trace[one.name].output_shape for one in made} == {
        one.name: tuple(value.shape) for one, value in zip(made, values, strict=True)
    }


def test_valid_sizes_of_the_unet_are_keras_own() -> None:
    model, taken = unet(), []
    sizes = cs.valid_sizes(cs.read(model), "height")
    for size in range(1, 40):
        try:
            at(model, size, 64, 1)
            taken.append(size)
        except ValueError:
            pass
    assert taken == [size for size in range(1, 40) if size in sizes]


def test_layers_that_are_called_twice() -> None:
    """Each call is a node."""
    start = keras.Input((None, None, 3))
    conv, inner = layers.Conv2D(3, 3, 2, "same", name="conv"), keras.Sequential(name="inner")
    inner.add(keras.Input((None, None, 3)))
    inner.add(layers.MaxPooling2D(name="pool"))
    model = keras.Model(start, inner(conv(inner(conv(start)))))
    trace = cs.read(model).trace((None, 40, 41, 3))
    assert shapes_by_convshape(trace) == {
        "conv": (None, 20, 21, 3),
        "inner.pool": (None, 10, 10, 3),
        "conv_1": (None, 5, 5, 3),
        "inner_1.pool": (None, 2, 2, 3),
    }
    assert trace.output_shape == model.compute_output_shape((None, 40, 41, 3))


@pytest.mark.parametrize("last", [0, 1, 2])
def test_of_several_outputs_the_last_is_the_networks(last: int) -> None:
    start = keras.Input((16, 16, 3))
    outputs = [start, layers.Conv2D(3, 3, name="one")(start)]
    outputs.append(layers.MaxPooling2D(name="two")(outputs[1]))
    outputs += [outputs.pop(last)]
    model = keras.Model(start, outputs)
    trace = cs.read(model).trace((None, 16, 16, 3))
    assert trace.output_shape == tuple(model.outputs[-1].shape)
    assert {**shapes_by_keras(model), **shapes_by_convshape(trace)} == shapes_by_convshape(trace)
    assert counted(trace) == model.count_params()


def test_inputs_named_in_a_dict_or_by_keyword() -> None:
    start = keras.Input((8, 8, 3), name="picture")
    model = keras.Model(
        {"picture": start}, {"b": layers.ReLU()(start), "a": layers.Conv2D(2, 3)(inputs=start)}
    )
    assert cs.read(model).trace((None, 8, 8, 3)).parameters == model.count_params()


def test_two_inputs_are_refused() -> None:
    one, other = keras.Input((8, 8, 3), name="left"), keras.Input((8, 8, 3), name="right")
    with pytest.raises(cs.ArgumentError, match='has 2 inputs: "left", "right"'):
        cs.read(keras.Model([one, other], layers.Add()([one, other])))
    inner = keras.Model([one, other], layers.Add(name="sum")([one, other]), name="inner")
    start = keras.Input((8, 8, 3))
    model = keras.Model(start, inner([start, layers.ReLU(name="relu")(start)]))
    assert list(cs.read(model).layers) == ["relu", "inner.sum"]


class Own(keras.Model):
    """Computes in a call of its own."""

    def call(self, inputs: Any) -> Any:
        """Return what came."""
        return inputs


class Trained(keras.Model):
    """Functional, with a step of its own: its configuration has its layers."""


def test_models_of_somebodys_own() -> None:
    with pytest.raises(cs.ArgumentError, match="names no layers"):
        cs.read(Own())
    start = keras.Input((8, 8, 3))
    model = Trained(start, layers.Conv2D(4, 3)(start))
    check(model, cs.read(model))


def test_lambdas_are_named_and_never_run() -> None:
    start = keras.Input((8, 8, 3))
    ran = []
    model = keras.Model(start, layers.Lambda(lambda x: ran.append(1) or x[:, ::2], name="half")(start))
    before = len(ran)
    with pytest.raises(cs.ArgumentError, match=r'a layer is not known: "half" \(Lambda\)'):
        cs.read(model)
    net = cs.read(
        model, rules={"half": lambda config: cs.layers.Custom("half", lambda s: (s[0], s[1] // 2, *s[2:]))}
    )
    assert net((None, 8, 8, 3)) == tuple(model.output.shape) and len(ran) == before
