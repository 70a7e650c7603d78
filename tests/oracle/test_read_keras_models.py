"""``read`` on models as people write them: each layer's shape and the number of weights are Keras's."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops

import convshape as cs
from tests.oracle.keras_models import autoencoder, cut, discriminator, generator, line, others, unet, volume
from tests.oracle.keras_zoo import at, check, counted, shapes_by_convshape, shapes_by_keras

MODELS = (unet, generator, discriminator, autoencoder, others, cut, line, volume)


@pytest.mark.parametrize("make", MODELS)
def test_every_layer_is_as_keras_says(make: Callable[[], Any], tmp_path: Path) -> None:
    keras.utils.set_random_seed(1)
    model = make()
    network = cs.read(model)
    check(model, network)
    model.save(tmp_path / "model.keras")
    assert cs.read(str(tmp_path / "model.keras")) == network


@pytest.mark.parametrize("make", [unet, others, cut, line])
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
        with suppress(ValueError):  # Keras refuses the size
            at(model, size, 64, 1)
            taken.append(size)
    assert taken == [size for size in range(1, 40) if size in sizes]


def test_valid_sizes_of_slices_are_keras_own() -> None:
    start = keras.Input((30, 30, 4))
    even = ops.depth_to_space(start[:, ::2, ::2], 2)
    own = layers.ZeroPadding2D(((0, 0), (2, 1)))(start[:, :, 1:-2, ::-1])
    model = keras.Model(start, layers.Concatenate()([even, own]))
    sizes, taken = cs.valid_sizes(cs.read(model), "width", (None, 30, None, 4)), []
    for size in range(1, 60):
        try:
            at(model, 30, size, 4)
        except ValueError:
            continue
        taken.append(size)
    assert taken == [size for size in range(1, 60) if size in sizes] == list(range(4, 60, 2))


def test_layers_that_are_called_twice() -> None:
    """Each call is a node; what it learns is counted once."""
    start = keras.Input((None, None, 3))
    conv, inner = layers.Conv2D(3, 3, 2, "same", name="conv"), keras.Sequential(name="inner")
    inner.add(keras.Input((None, None, 3)))
    inner.add(layers.BatchNormalization(name="norm"))
    inner.add(layers.MaxPooling2D(name="pool"))
    model = keras.Model(start, inner(conv(inner(conv(start)))))
    trace = cs.read(model).trace((None, 40, 41, 3))
    assert shapes_by_convshape(trace) == {
        "conv": (None, 20, 21, 3),
        "inner.norm": (None, 20, 21, 3),
        "inner.pool": (None, 10, 10, 3),
        "conv_1": (None, 5, 5, 3),
        "inner_1.norm": (None, 5, 5, 3),
        "inner_1.pool": (None, 2, 2, 3),
    }
    assert trace.output_shape == model.compute_output_shape((None, 40, 41, 3))
    assert counted(trace) == model.count_params()


@pytest.mark.parametrize("first", [0, 1, 2])
def test_of_several_outputs_the_first_is_the_networks(first: int) -> None:
    start = keras.Input((16, 16, 3))
    outputs = [start, layers.Conv2D(3, 3, name="one")(start)]
    outputs.append(layers.MaxPooling2D(name="two")(outputs[1]))
    outputs.insert(0, outputs.pop(first))
    model = keras.Model(start, outputs)
    trace = cs.read(model).trace((None, 16, 16, 3))
    assert trace.output_shape == tuple(model.outputs[0].shape)
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
