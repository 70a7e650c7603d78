"""Cost, receptive fields and lint of networks that Keras builds: its own counts, and the fields that are published."""

from __future__ import annotations

from typing import Any

import keras
import pytest

import convshape as cs

# Fields of the last layer that still has places: A. Araujo, W. Norris, J. Sim, "Computing receptive fields of
# convolutional neural networks", Distill 2019 (ResNet-50, Inception-v3); VGG-16's follows by hand: 212.
MODELS = {
    "ResNet50": ("conv5_block3_out", 483),
    "VGG16": ("block5_pool", 212),
    "InceptionV3": ("mixed10", 1311),
    "MobileNetV2": ("out_relu", 491),
}


@pytest.fixture(params=MODELS)
def model(request: Any) -> Any:
    keras.utils.clear_session()
    return request.param, getattr(keras.applications, request.param)(weights=None)


def test_a_network_of_keras(model: Any) -> None:
    name, theirs = model
    network = cs.read(theirs)
    shape = ("N", *theirs.input_shape[1:])
    found = cs.cost(network, shape)
    assert found.parameters + found.statistics == theirs.count_params()  # type: ignore[operator]
    by_layer = {layer.name: layer.count_params() for layer in theirs.layers}
    assert all(row.parameters + row.statistics == by_layer[row.name] for row in found.rows)  # type: ignore[operator]
    layer, size = MODELS[name]
    for given in (shape, ("N", None, None, 3)):
        field = cs.receptive_field(network, given)
        assert field[layer].size == (size, size) and field[layer].jump == (32, 32)
        assert field.rows[-1].jump == (0, 0)
    for finding in cs.lint(network, shape):
        assert finding.remedy is None or network.replace(finding.remedy)(shape) == network(shape)
