"""What lint finds between layers is a fact: shown by TensorFlow and Keras, executed."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import convshape as cs
from tests.oracle.test_receptive_field import weights

L = cs.layers
C = 2


def test_groups_are_silent() -> None:
    """TensorFlow takes twice the filter's channels, and says nothing; it is found where channels are not known."""
    filter_shape = (3, 3, 3, 8)
    network = cs.Chain([cs.Conv(filter_shape)])
    (finding,) = cs.lint(network, (1, 5, 5, None))
    assert finding.rule == "silent groups" and " 6 as well as 3" in finding.problem
    assert tf.nn.conv2d(weights((1, 5, 5, 6)), weights(filter_shape), 1, "SAME").shape == (1, 5, 5, 8)
    assert not cs.lint(network, finding.remedy["input_shape"]) and not cs.lint(network)
    one = cs.Chain([cs.Conv((3, 3, 3, 1))])  # one output channel is no two groups
    assert not cs.lint(one, (1, 5, 5, None))
    with pytest.raises(tf.errors.InvalidArgumentError):
        tf.nn.conv2d(weights((1, 5, 5, 6)), weights((3, 3, 3, 1)), 1, "SAME")


@pytest.mark.parametrize("kind", ["conv", "dense"])
def test_a_bias_before_a_batch_norm_has_no_effect(kind: str) -> None:
    x = weights((3, 4, 4, C)) if kind == "conv" else weights((3, C))
    ours = cs.frameworks.keras.Conv2D(4, 3) if kind == "conv" else L.Dense(4)
    network = cs.Chain([("it", ours), L.BatchNorm()])
    layer = keras.layers.Conv2D(4, 3) if kind == "conv" else keras.layers.Dense(4)
    norm = keras.layers.BatchNormalization()
    before = norm(layer(x), training=True)
    layer.bias.assign(weights((4,)) * 10)
    assert np.allclose(norm(layer(x), training=True), before, atol=1e-3)
    (finding,) = cs.lint(network, tuple(x.shape))
    assert finding.rule == "bias before batch norm" and finding.remedy == {"it.use_bias": False}
    assert not cs.lint(network.replace(finding.remedy), tuple(x.shape))
    assert not cs.lint(cs.Chain([ours, L.LayerNorm()]), tuple(x.shape))
    assert not cs.lint(cs.Chain([ours, L.Activation(), L.BatchNorm()]), tuple(x.shape))


@pytest.mark.parametrize("shape", [(1, 1, 1, C), (1, C)])
def test_a_batch_norm_of_one_element_is_its_shift(shape: Any) -> None:
    norm = keras.layers.BatchNormalization(beta_initializer=keras.initializers.Constant(0.25))
    assert np.allclose(norm(weights(shape), training=True), 0.25)
    network = cs.Chain([L.BatchNorm()])
    (finding,) = cs.lint(network, shape)
    assert finding.rule == "single element into batch norm" and "whole batch" in finding.problem
    assert not cs.lint(network, (2, *shape[1:]))
    assert bool(cs.lint(network, ("N", *shape[1:]))) == (len(shape) == 4)
