"""``read`` on Keras's own architectures: each layer's shape at two sizes, and the number of weights, are Keras's."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import convshape as cs
from tests.oracle.keras_zoo import at, check, counted, saved, shapes_by_convshape, shapes_by_keras

#: Each with another input: odd sizes, that differ; VGG16 ends in a Flatten, which takes one size alone.
ZOO: dict[str, tuple[int, int] | None] = {
    "ResNet50": (97, 65),
    "ResNet50V2": (65, 99),
    "VGG16": None,
    "MobileNet": (101, 67),
    "MobileNetV2": (77, 109),
    "MobileNetV3Small": (75, 131),
    "DenseNet121": (61, 93),
    "Xception": (71, 113),
    "InceptionV3": (79, 121),
    "EfficientNetB0": (96, 128),
    "NASNetMobile": (97, 129),
    "ConvNeXtTiny": None,  # its stem is a model of its own, for one size
}
#: These take as long as all others; they are read in a thorough run.
SLOW = {"InceptionResNetV2": (107, 75), "EfficientNetV2B0": (69, 75)}
if os.environ.get("CONVSHAPE_TEST_PROFILE") == "thorough":
    ZOO |= SLOW


@cache
def built(name: str) -> Any:
    """Return an application with random weights; built once."""
    return getattr(keras.applications, name)(weights=None)


@pytest.mark.parametrize("name", ZOO)
def test_every_layer_is_as_keras_says(name: str, tmp_path: Path) -> None:
    """Of the live model and of its file, at its own size and at another one."""
    model = built(name)
    network = cs.read(saved(model, tmp_path / f"{name}.keras"))
    check(model, network)
    assert cs.read(model) == network
    size = ZOO[name]
    if size is not None:
        other = network.trace((None, *size, 3))
        assert shapes_by_convshape(other) == shapes_by_keras(at(model, *size))
        assert counted(other) == model.count_params()


@pytest.mark.parametrize("name", ["ResNet50", "MobileNetV3Small"])
def test_every_layer_is_as_tensorflow_computes(name: str) -> None:
    """Executed: each layer's output for an odd input."""
    other = at(built(name), 65, 97)
    layers = [one for one in other.operations if not isinstance(one, keras.layers.InputLayer)]
    outputs = keras.Model(other.input, [layer.output for layer in layers])(
        np.zeros((2, 65, 97, 3), "float32")
    )
    trace = cs.read(built(name)).trace((2, 65, 97, 3))
    assert [trace[layer.name].output_shape for layer in layers] == [tuple(one.shape) for one in outputs]


def test_a_real_file(tmp_path: Path) -> None:
    """One that Keras wrote, weights and all."""
    model = built("MobileNetV3Small")
    model.save(tmp_path / "small.keras")
    assert cs.read(tmp_path / "small.keras") == cs.read(model)


def test_a_wrong_reading_is_found_out() -> None:
    """The same comparison with one argument of one layer exchanged."""
    network = cs.read(built("MobileNetV2"))
    check(built("MobileNetV2"), network)
    for changes in (
        {"Conv1.strides": 1},
        {"block_1_depthwise.padding": "same"},
        {"block_1_expand.use_bias": True},
    ):
        with pytest.raises((AssertionError, cs.ShapeError)):
            check(built("MobileNetV2"), network.replace(changes))


@pytest.mark.parametrize(
    ("name", "width", "tried"), [("NASNetMobile", 64, (30, 31, 34, 35)), ("InceptionV3", 75, (73, 74, 75))]
)
def test_valid_sizes_are_those_that_keras_takes(name: str, width: int, tried: tuple[int, ...]) -> None:
    sizes, taken = cs.valid_sizes(cs.read(built(name)), "height"), []
    for size in tried:
        try:
            at(built(name), size, width)
        except ValueError:
            continue
        taken.append(size)
    assert 0 < len(taken) < len(tried) and taken == [size for size in tried if size in sizes]
