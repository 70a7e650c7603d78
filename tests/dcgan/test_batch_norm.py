"""BatchNorm is Keras's BatchNormalization, value by value; and its running pair moves when it should."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from dcgan.batch_norm import BatchNorm
from tests.dcgan.support import as_bytes

SHAPES = [(6, 7), (4, 5, 3, 7), (64, 6, 5, 16), (1, 2, 2, 3), (2, 1, 1, 3), (3, 4, 4, 4, 2)]
MOMENTA = [(0.9, 1e-5), (0.99, 1e-3), (0.0, 1e-3)]
# The two sum in another order. Values are of size 1 to 10, float32 has 7 digits.
CLOSE = {"rtol": 2e-5, "atol": 2e-5}


def batches(shape: tuple[int, ...], count: int = 6) -> list[tf.Tensor]:
    random = np.random.default_rng(1)
    return [tf.constant(random.normal(2 * number, 1 + number, shape), tf.float32) for number in range(count)]


def compare(norm: BatchNorm, momentum: float, epsilon: float, shape: tuple[int, ...]) -> None:
    """Fail unless both give the same in training and in inference, over several updates."""
    other = keras.layers.BatchNormalization(momentum=momentum, epsilon=epsilon)
    norm.build()
    other.build(shape)
    gamma, beta = np.linspace(0.5, 2, shape[-1]), np.linspace(-1, 1, shape[-1])
    for variable, value in ((norm.gamma, gamma), (norm.beta, beta), (other.gamma, gamma), (other.beta, beta)):
        variable.assign(value)
    for x in batches(shape):
        np.testing.assert_allclose(norm.forward(x, training=True), other(x, training=True), **CLOSE)
        np.testing.assert_allclose(norm.moving_mean, other.moving_mean, **CLOSE)
        np.testing.assert_allclose(norm.moving_variance, other.moving_variance, **CLOSE)
        np.testing.assert_allclose(norm.forward(x, training=False), other(x, training=False), **CLOSE)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize(("momentum", "epsilon"), MOMENTA)
def test_it_equals_keras_value_by_value(shape, momentum, epsilon):
    compare(BatchNorm(shape[-1], momentum=momentum, epsilon=epsilon), momentum, epsilon, shape)


class Sample(BatchNorm):
    """Wrong: keeps the sample variance, over count - 1, as the fused op gives it."""

    def _move(self, mean, variance, count):
        super()._move(mean, variance * count / (count - 1), count)


class Forgetful(BatchNorm):
    """Wrong: momentum is the share of the new value, as in PyTorch."""

    def _move(self, mean, variance, count):
        self.momentum, before = 1 - self.momentum, self.momentum
        super()._move(mean, variance, count)
        self.momentum = before


class Still(BatchNorm):
    """Wrong: never moves."""

    def _move(self, mean, variance, count):
        pass


@pytest.mark.parametrize("wrong", [Sample, Forgetful, Still])
def test_that_comparison_fails_for_a_wrong_one(wrong):
    with pytest.raises(AssertionError):
        compare(wrong(7, momentum=0.9, epsilon=1e-3), 0.9, 1e-3, (4, 5, 3, 7))


def test_gradients_equal_keras_too():
    shape = (5, 4, 3, 6)
    norm, other = BatchNorm(6, epsilon=1e-3), keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-3)
    norm.build()
    other.build(shape)
    x, slope = batches(shape)[1], tf.constant(np.random.default_rng(2).normal(size=shape), tf.float32)
    gradients = []
    ours, theirs = [norm.gamma, norm.beta], [other.gamma.value, other.beta.value]
    for call, variables in ((norm.forward, ours), (other, theirs)):
        with tf.GradientTape() as tape:
            tape.watch(x)
            loss = tf.reduce_sum(call(x, training=True) * slope)
        gradients.append(tape.gradient(loss, [x, *variables]))
    for ours, theirs in zip(*gradients, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-4)


def test_the_running_pair_moves_in_training_only():
    norm = BatchNorm(7)
    norm.build()
    x = batches((4, 5, 3, 7))[2]
    running = (norm.moving_mean, norm.moving_variance)
    before = as_bytes(running)
    norm.forward(x, training=False)
    assert as_bytes(running) == before
    norm.tracking = False
    norm.forward(x, training=True)
    assert as_bytes(running) == before
    norm.tracking = True
    norm.forward(x, training=True)
    assert all(now != then for now, then in zip(as_bytes(running), before, strict=True))


def test_it_keeps_a_static_shape_and_takes_any_batch():
    norm = BatchNorm(7)
    norm.build()

    @tf.function(input_signature=[tf.TensorSpec((None, 5, 3, 7))])
    def forward(x):
        y = norm.forward(x, training=True)
        assert y.shape.as_list() == [None, 5, 3, 7]
        return y

    for count in (2, 9):
        assert forward(tf.ones((count, 5, 3, 7))).shape == (count, 5, 3, 7)
