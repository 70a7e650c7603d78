"""Both losses: the paper's formula where that can be computed, and finite where it cannot."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from dcgan.losses import discriminator_loss, generator_loss

EXTREME = tf.constant([[-1e30], [-1e4], [-100.0], [0.0], [100.0], [1e4], [1e30]])


def p(logits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.asarray(logits, np.float64)))


def naive(logits: tf.Tensor) -> tf.Tensor:
    """The generator's loss as the paper writes it."""
    return -tf.reduce_mean(tf.math.log(tf.sigmoid(logits)))


def test_they_are_the_formulas_of_the_paper():
    random = np.random.default_rng(0)
    real, fake = random.normal(0, 3, (2, 50, 1)).astype(np.float32)
    expected = -np.mean(np.log(p(real))) - np.mean(np.log(1 - p(fake)))
    np.testing.assert_allclose(discriminator_loss(tf.constant(real), tf.constant(fake)), expected, rtol=1e-5)
    np.testing.assert_allclose(generator_loss(tf.constant(fake)), -np.mean(np.log(p(fake))), rtol=1e-5)


def finite_with_gradient(loss) -> None:
    """Fail unless the loss and its gradient are finite for every logit, and the gradient there at the worst one."""
    with tf.GradientTape() as tape:
        tape.watch(EXTREME)
        value = loss(EXTREME)
    gradient = tape.gradient(value, EXTREME).numpy()
    assert np.isfinite(value)
    assert np.isfinite(gradient).all()
    assert abs(gradient[0, 0]) > 0.1  # -1e30: "certainly fake", where the generator has most to learn


def test_they_are_stable():
    finite_with_gradient(generator_loss)
    finite_with_gradient(lambda logits: discriminator_loss(logits, -logits))


def test_the_form_of_the_paper_is_not():
    with pytest.raises(AssertionError):
        finite_with_gradient(naive)


def test_the_saturating_form_is_not():
    def saturating(logits):
        zeros = tf.zeros_like(logits)
        return -tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=zeros, logits=logits))

    with pytest.raises(AssertionError):
        finite_with_gradient(saturating)
