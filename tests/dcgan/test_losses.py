"""The three games: their papers' formulas, gradients by finite differences, and finite where those cannot be computed."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from dcgan.config import Config
from dcgan.losses import GAMES, Game, discriminator_loss, generator_loss, least_squares_discriminator_loss

EXTREME = tf.constant([[-1e30], [-1e4], [-100.0], [0.0], [100.0], [1e4], [1e30]])
REAL, FAKE = np.random.default_rng(0).normal(0, 3, (2, 50, 1))
LOSSES = sorted(GAMES)


def p(logits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.asarray(logits, np.float64)))


# The papers' formulas, by NumPy in double precision.
D_FORMULAS = {
    "non_saturating": lambda real, fake: -np.mean(np.log(p(real))) - np.mean(np.log(1 - p(fake))),
    "hinge": lambda real, fake: -np.mean(np.minimum(0, real - 1)) - np.mean(np.minimum(0, -fake - 1)),
    "least_squares": lambda real, fake: np.mean((real - 1) ** 2) / 2 + np.mean(fake**2) / 2,
}
G_FORMULAS = {
    "non_saturating": lambda fake: -np.mean(np.log(p(fake))),
    "hinge": lambda fake: -np.mean(fake),
    "least_squares": lambda fake: np.mean((fake - 1) ** 2) / 2,
}


def tensor(logits: np.ndarray) -> tf.Tensor:
    return tf.constant(logits, tf.float32)


def slopes(formula, logits: np.ndarray, width: float = 1e-5) -> np.ndarray:
    """The formula's gradient by central differences."""
    ups = [
        formula(logits + width * direction) - formula(logits - width * direction)
        for direction in np.eye(len(logits))[:, :, None]
    ]
    return np.array(ups)[:, None] / (2 * width)


def gradient(loss, logits: np.ndarray) -> np.ndarray:
    x = tensor(logits)
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = loss(x)
    return tape.gradient(value, x).numpy()


def check_game(game: Game, name: str) -> None:
    """Fail unless both sides are the papers' formulas, in value and in gradient."""
    d, g = D_FORMULAS[name], G_FORMULAS[name]
    np.testing.assert_allclose(game.discriminator(tensor(REAL), tensor(FAKE)), d(REAL, FAKE), rtol=1e-5)
    np.testing.assert_allclose(game.generator(tensor(FAKE)), g(FAKE), rtol=1e-5)
    near = {"rtol": 1e-3, "atol": 1e-6}
    by_real = gradient(lambda x: game.discriminator(x, tensor(FAKE)), REAL)
    np.testing.assert_allclose(by_real, slopes(lambda x: d(x, FAKE), REAL), **near)
    by_fake = gradient(lambda x: game.discriminator(tensor(REAL), x), FAKE)
    np.testing.assert_allclose(by_fake, slopes(lambda x: d(REAL, x), FAKE), **near)
    np.testing.assert_allclose(gradient(game.generator, FAKE), slopes(g, FAKE), **near)


@pytest.mark.parametrize("name", LOSSES)
def test_a_game_is_the_formula_of_its_paper_in_values_and_gradients(name):
    check_game(GAMES[name], name)


def saturating(on_fake: tf.Tensor) -> tf.Tensor:
    labels = tf.zeros_like(on_fake)
    return -tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=on_fake))


WRONG_GAMES = {
    "the sides swapped": ("hinge", {"discriminator": lambda r, f: GAMES["hinge"].discriminator(f, r)}),
    "a margin forgotten": ("hinge", {"discriminator": lambda r, f: tf.reduce_mean(f - r)}),
    "twice the squares": (
        "least_squares",
        {"discriminator": lambda r, f: 2 * least_squares_discriminator_loss(r, f)},
    ),
    "pulled to 0": ("least_squares", {"generator": lambda f: tf.reduce_mean(f**2) / 2}),
    "the saturating form": ("non_saturating", {"generator": saturating}),
    "a gradient stopped": (
        "non_saturating",
        {"discriminator": lambda r, f: discriminator_loss(r, tf.stop_gradient(f))},
    ),
}


@pytest.mark.parametrize("wrong", WRONG_GAMES)
def test_that_check_sees_wrong_games(wrong):
    name, sides = WRONG_GAMES[wrong]
    with pytest.raises((AssertionError, AttributeError)):  # the latter: there is no gradient at all
        check_game(dataclasses.replace(GAMES[name], **sides), name)


def test_every_loss_that_a_config_can_name_is_there_and_no_other():
    assert {Config(loss=name).loss for name in GAMES} == set(D_FORMULAS) == set(GAMES)


@pytest.mark.parametrize(
    ("name", "real", "undecided", "fake"),
    [("non_saturating", 30.0, 0.0, -30.0), ("hinge", 1.0, 0.0, -1.0), ("least_squares", 1.0, 0.5, 0.0)],
)
def test_beliefs_are_one_for_real_and_nothing_for_generated_and_a_half_between(name, real, undecided, fake):
    """And nothing lowers the discriminator's loss any more, once it says so."""
    game = GAMES[name]
    logits = tf.constant([[real], [undecided], [fake]])
    np.testing.assert_allclose(game.belief(logits)[:, 0], [1, 0.5, 0], atol=1e-6)
    beyond = game.belief(tf.constant([[2 * real + 1], [2 * fake - 1]]))
    assert (name == "least_squares") == bool(tf.reduce_any((beyond > 1) | (beyond < 0)))
    assert float(game.discriminator(logits[:1], logits[2:])) == pytest.approx(0, abs=1e-6)
    assert gradient(lambda x: game.discriminator(logits[:1], x), np.array([[fake]])) == pytest.approx(
        0, abs=1e-6
    )


def naive(logits: tf.Tensor) -> tf.Tensor:
    """The generator's loss as the paper writes it."""
    return -tf.reduce_mean(tf.math.log(tf.sigmoid(logits)))


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
    with pytest.raises(AssertionError):
        finite_with_gradient(saturating)
