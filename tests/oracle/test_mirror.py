"""Mirrors in TensorFlow and Keras: the calls are run, behind real encoders, and give back the very input's shape.

An encoder of convolutions is linear, and its mirror with the same filters is its adjoint: <encode(x), z> is
<x, decode(z)> for every x and z. That holds every element in its place, not only the sizes.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import convshape as cs
from tests.engines.conversions import paste, perform
from tests.oracle.mirrors import is_native, linear, numbers, parameters, run

L = cs.layers
SIZES = [(45, 61), (13, 18), (29, 17), (28, 28)]


def keras_encoder(height: int, width: int) -> tuple[Any, cs.Chain]:
    """Return a model of Keras's own layers, and the same one as a chain."""
    import keras

    said: list[tuple[str, dict[str, Any]]] = [
        ("Conv2D", {"filters": 4, "kernel_size": (5, 4), "strides": 2, "padding": "same"}),
        ("MaxPooling2D", {"pool_size": 3, "strides": 2}),
        ("ZeroPadding2D", {"padding": ((0, 1), (2, 0))}),
        ("Conv2D", {"filters": 6, "kernel_size": 3}),
        ("UpSampling2D", {"size": (2, 3)}),
        ("AveragePooling2D", {"pool_size": 2, "padding": "same"}),
        ("Cropping2D", {"cropping": ((0, 1), (1, 0))}),
    ]
    model = keras.Sequential([keras.Input((height, width, 3))])
    dialect: list[Any] = []
    for kind, named in said:
        model.add(getattr(keras.layers, kind)(**named))
        dialect.append(getattr(cs.frameworks.keras, kind)(**named))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(7))
    return model, cs.Chain([*dialect, L.Flatten(), L.Dense(7)])


def tf_encoder(x: Any) -> tuple[Any, cs.Chain]:
    """Return what tf.nn makes of a picture, and the layers that made it as a chain."""
    import tensorflow as tf

    one, two, three = (numbers(shape) for shape in ((5, 5, 3, 4), (4, 3, 4, 6), (2, 2, 6, 6)))
    y = tf.nn.conv2d(x, one, 3, "SAME")
    y = tf.nn.max_pool2d(y, 2, 2, "SAME")
    y = tf.nn.conv2d(y, two, 1, [[0, 0], [1, 2], [0, 1], [0, 0]])
    y = tf.nn.conv2d(y, three, [2, 3], "VALID")
    chain = [
        cs.Conv(one.shape, 3),
        cs.Pool(2, padding="SAME"),
        cs.Conv(two.shape, 1, ((1, 2), (0, 1))),
        cs.Conv(three.shape, (2, 3), "VALID"),
    ]
    return y, cs.Chain(chain)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("to", ["tensorflow", "keras"])
def test_behind_a_keras_model(size: tuple[int, int], to: str) -> None:
    model, encoder = keras_encoder(*size)
    x = numbers((2, *size, 3))
    z = np.asarray(model(x))
    mirror = encoder.mirror(x.shape)
    assert z.shape == encoder(x.shape) == mirror.input_shape
    check_calls(mirror, z, to, x.shape)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("batch", [2, "N", None])
@pytest.mark.parametrize("to", ["tensorflow", "keras"])
def test_behind_tf_nn(size: tuple[int, int], batch: Any, to: str) -> None:
    x = numbers((2, *size, 3))
    z, encoder = tf_encoder(x)
    mirror = encoder.mirror((batch, *size, 3))
    assert (batch, *z.shape[1:]) == mirror.input_shape
    check_calls(mirror, np.asarray(z), to, x.shape)


def check_calls(mirror: cs.Mirror, z: Any, to: str, shape: tuple[int, ...]) -> None:
    """Run each call on its own, each making what it says, and all of them as the program."""
    calls, weights = mirror.calls(to), parameters(mirror, to)
    y = z
    for call in calls:
        y = paste(call.code, y, weights.get(call.name), to)
        assert y.shape[1:] == call.output_shape[1:], call
    assert y.shape == shape
    assert np.array_equal(run(calls.code, z, weights, to), y)


# ---- the adjoint -------------------------------------------------------------------------------------------------


def encode(encoder: cs.Chain, x: Any, filters: dict[str, Any]) -> Any:
    """Return what the encoder makes of x, each convolution by TensorFlow's own call."""
    y = x
    for row in encoder.trace(x.shape).rows:
        layer: Any = encoder[row.name]
        if isinstance(layer, L.Flatten):
            y = y.reshape(len(y), -1)
        elif isinstance(layer, L.ZeroPadding):
            y = np.pad(y, ((0, 0), *layer.padding, (0, 0)))  # type: ignore[misc]
        elif isinstance(layer, L.Cropping):
            for axis, (front, end) in enumerate(layer.cropping, start=1):  # type: ignore[misc,arg-type]
                y = np.take(y, range(front, y.shape[axis] - end), axis)
        else:
            there = cs.convert(layer, "tensorflow", weights=filters[row.name], input_shape=y.shape)
            y = perform(there, y)
    return y


def is_adjoint(
    encoder: cs.Chain, shape: tuple[int, ...], to: str, spoil: Callable[[Any], Any] = lambda y: y
) -> bool:
    mirror = encoder.mirror(shape)
    filters = {
        row.name: numbers(row.filter_shape, number)
        for number, row in enumerate(encoder.trace(shape).rows)
        if row.filter_shape
    }
    x, z = numbers(shape, 1), numbers(mirror.input_shape, 2)
    y = run(mirror.calls(to).code, z, parameters(mirror, to, filters), to)
    down = np.asarray(encode(encoder, x, filters))
    assert y.shape == shape and down.shape == z.shape
    one, other = np.vdot(down, z), np.vdot(x, spoil(y))
    return bool(abs(one - other) < 1e-3 * (1 + np.linalg.norm(down) * np.linalg.norm(z)))


def cases(number: int) -> list[tuple[cs.Chain, tuple[int, ...]]]:
    rng = random.Random(0)
    found = (linear(rng) for _ in range(10 * number))
    return [case for case in found if case is not None and is_native(case[0].mirror(case[1]), "tensorflow")][
        :number
    ]


@pytest.mark.parametrize(("to", "number"), [("tensorflow", 120), ("keras", 40)])
def test_with_the_encoders_filters_it_is_the_adjoint(
    to: str, number: int, record_property: Callable[[str, object], None]
) -> None:
    drawn = cases(number)
    assert len(drawn) == number
    for encoder, shape in drawn:
        assert is_adjoint(encoder, shape, to), (encoder, shape)
    record_property("examples adjoint", number)


def test_a_decoder_one_place_off_is_found_out() -> None:
    """The sizes are right, every value stands one place further: the usual mistake of output_padding in its place."""
    found = [
        is_adjoint(encoder, shape, "tensorflow", lambda y: np.roll(y, 1, 1)) for encoder, shape in cases(12)
    ]
    assert found.count(False) > 8
