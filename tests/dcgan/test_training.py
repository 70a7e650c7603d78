"""One step: who owns what, who changes what, to the byte, and whose statistics follow which pictures."""

from __future__ import annotations

import dataclasses
from collections import Counter
from contextlib import nullcontext

import keras
import numpy as np
import pytest
import tensorflow as tf

from dcgan import latents, training
from dcgan.config import Config
from dcgan.diversity import diversity
from dcgan.errors import RunError
from dcgan.losses import GAMES
from dcgan.models import Network
from dcgan.planning import plan
from dcgan.training import Player, Trainer
from tests.dcgan.support import SHAPE, TINY, as_bytes

BLUEPRINT = plan(SHAPE, TINY)
REAL = tf.random.stateless_uniform((TINY.batch_size, *SHAPE), (1, 2), -1, 1)
Z = latents.draw(0, "test", 0, TINY.batch_size, TINY.latent)


def everything(trainer: Trainer) -> dict[str, tf.Variable]:
    """Every variable there is, by name: weights, running statistics, both optimizers, the step."""
    found = {"steps_done": trainer.steps_done}
    for player in (trainer.generator, trainer.discriminator):
        found |= {variable.name.removesuffix(":0"): variable for variable in player.network.variables}
        found |= {variable.path: variable.value for variable in player.optimizer.variables}
    return found


def changed_by(trainer: Trainer, action) -> set[str]:
    variables = everything(trainer)
    before = dict(zip(variables, as_bytes(variables.values()), strict=True))
    action()
    after = dict(zip(variables, as_bytes(variables.values()), strict=True))
    return {name for name in variables if before[name] != after[name]}


def belonging_to(trainer: Trainer, player: str) -> set[str]:
    """What a step of that player may change, and all of which it must change."""
    return {name for name in everything(trainer) if name.startswith(player) and "learning_rate" not in name}


# ---- ownership -------------------------------------------------------------------------------------------------


def check_ownership(players: list[Player]) -> None:
    """Fail unless every trainable variable belongs to exactly one optimizer."""
    owned = Counter(id(variable) for player in players for variable in player.variables)
    trainable = [variable for player in players for variable in player.network.trainable_variables]
    assert all(owned[id(variable)] == 1 for variable in trainable)
    assert len(owned) == len(trainable)
    for (
        player
    ) in players:  # and each optimizer was built for just those: two moments each, a counter and a rate
        assert len(player.optimizer.variables) == 2 + 2 * len(player.variables)


def test_every_trainable_variable_belongs_to_exactly_one_optimizer():
    trainer = Trainer(BLUEPRINT)
    check_ownership([trainer.generator, trainer.discriminator])


def test_that_check_sees_a_wrong_split():
    trainer = Trainer(BLUEPRINT)
    g, d = trainer.generator, trainer.discriminator
    g.variables = (*g.variables, d.variables[0])
    with pytest.raises(AssertionError):
        check_ownership([g, d])
    g.variables = g.variables[:-2]
    with pytest.raises(AssertionError):
        check_ownership([g, d])


def test_an_optimizer_refuses_variables_of_the_other_player():
    trainer = Trainer(BLUEPRINT)
    stranger = trainer.discriminator.variables[0]
    with pytest.raises((ValueError, KeyError)):
        trainer.generator.optimizer.apply_gradients([(tf.ones_like(stranger), stranger)])


def test_the_optimizers_are_those_of_the_paper():
    for player in (Trainer(BLUEPRINT).generator, Trainer(BLUEPRINT).discriminator):
        assert isinstance(player.optimizer, keras.optimizers.Adam)
        assert float(player.optimizer.learning_rate) == pytest.approx(2e-4)
        assert (player.optimizer.beta_1, player.optimizer.beta_2) == (0.5, 0.999)


def test_another_engine_of_keras_is_refused(monkeypatch):
    monkeypatch.setattr(training.keras.backend, "backend", lambda: "jax")
    with pytest.raises(RunError, match="KERAS_BACKEND=tensorflow"):
        Trainer(BLUEPRINT)


# ---- who changes what ------------------------------------------------------------------------------------------


def test_a_discriminator_step_changes_only_the_discriminator_to_the_byte():
    trainer = Trainer(BLUEPRINT)
    changed = changed_by(trainer, lambda: trainer.discriminator_step(REAL, Z))
    assert changed == belonging_to(trainer, "discriminator")
    assert "discriminator/down_2/moving_mean" in changed


def test_a_generator_step_changes_only_the_generator_to_the_byte():
    trainer = Trainer(BLUEPRINT)
    changed = changed_by(trainer, lambda: trainer.generator_step(Z))
    assert changed == belonging_to(trainer, "generator")
    assert "generator/project/moving_mean" in changed


def test_a_step_changes_all_of_both():
    trainer = Trainer(BLUEPRINT)
    changed = changed_by(trainer, lambda: trainer.step(REAL))
    assert changed == belonging_to(trainer, "") - {n for n in everything(trainer) if "learning_rate" in n}


def test_those_tests_see_statistics_that_are_not_held(monkeypatch):
    monkeypatch.setattr(Network, "frozen_statistics", nullcontext)
    trainer = Trainer(BLUEPRINT)
    changed = changed_by(trainer, lambda: trainer.generator_step(Z))
    assert "discriminator/down_2/moving_mean" in changed - belonging_to(trainer, "generator")
    changed = changed_by(trainer, lambda: trainer.discriminator_step(REAL, Z))
    assert "generator/project/moving_mean" in changed - belonging_to(trainer, "discriminator")


def after_one_step() -> tuple[Trainer, dict[str, np.ndarray]]:
    """What the running statistics must be after one step, worked out by hand from the batches."""
    trainer = Trainer(BLUEPRINT)
    z = trainer.step_latents(TINY.batch_size)
    expected = {}
    for network, first in ((trainer.generator.network, z), (trainer.discriminator.network, REAL)):
        x = first
        for layer in network.layers:
            if layer.norm is not None:
                y = layer._weigh(x).numpy()
                axes = tuple(range(y.ndim - 1))
                expected[f"{network.name}/{layer.name}/moving_mean"] = 0.1 * y.mean(axes)
                expected[f"{network.name}/{layer.name}/moving_variance"] = 0.9 + 0.1 * y.var(axes)
            with network.frozen_statistics():
                x = layer.forward(x, training=True)
    trainer.step(REAL)
    return trainer, expected


def check_statistics(trainer: Trainer, expected: dict[str, np.ndarray]) -> None:
    variables = everything(trainer)
    assert len(expected) == sum(
        len(p.network.running_statistics) for p in (trainer.generator, trainer.discriminator)
    )
    for name, value in expected.items():
        np.testing.assert_allclose(variables[name], value, rtol=1e-4, atol=1e-7)


def test_a_step_moves_each_running_pair_once_the_discriminators_by_real_pictures_alone():
    check_statistics(*after_one_step())


def test_that_comparison_sees_the_discriminator_follow_generated_pictures_too(monkeypatch):
    monkeypatch.setattr(Network, "frozen_statistics", nullcontext)
    with pytest.raises(AssertionError):
        check_statistics(*after_one_step())


def test_a_step_is_both_players_steps_from_where_it_began():
    together, apart = Trainer(BLUEPRINT), Trainer(BLUEPRINT)
    z = together.step_latents(TINY.batch_size)
    measures = together.step(REAL)
    d_loss = apart.discriminator_step(REAL, z)
    np.testing.assert_allclose(measures["d_loss"], d_loss, rtol=1e-5)
    for one, other in zip(
        together.discriminator.network.variables, apart.discriminator.network.variables, strict=True
    ):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-6, err_msg=one.name)
    fresh = Trainer(BLUEPRINT)
    np.testing.assert_allclose(measures["g_loss"], fresh.generator_step(z), rtol=1e-5)
    for one, other in zip(
        together.generator.network.variables, fresh.generator.network.variables, strict=True
    ):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-6, err_msg=one.name)


# ---- the three games -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", ["non_saturating", "hinge", "least_squares"])
def test_each_player_lowers_its_own_loss(loss):
    """In steps from the same pictures and latents, the other one held."""
    config = dataclasses.replace(TINY, loss=loss, learning_rate=1e-3)
    trainer = Trainer(plan(SHAPE, config))
    d_losses = [float(trainer.discriminator_step(REAL, Z)) for _ in range(30)]
    assert d_losses[-1] < 0.9 * d_losses[0]
    g_losses = [float(trainer.generator_step(Z)) for _ in range(30)]
    assert g_losses[-1] < g_losses[0] - 0.1 * abs(g_losses[0])


def test_a_step_of_another_game_is_another_step():
    measures = {}
    for loss in ("non_saturating", "hinge", "least_squares"):
        trainer = Trainer(plan(SHAPE, dataclasses.replace(TINY, loss=loss)))
        measures[loss] = tuple(as_bytes(trainer.step(REAL).values()))
        assert trainer.game is GAMES[loss]
    assert len(set(measures.values())) == 3


def test_the_diversity_of_a_step_is_that_of_its_own_pictures():
    trainer = Trainer(BLUEPRINT)
    with trainer.generator.network.frozen_statistics():
        fake = trainer.generator.network.forward(trainer.step_latents(TINY.batch_size), training=True)
    np.testing.assert_allclose(trainer.step(REAL)["diversity"], diversity(fake, REAL), rtol=1e-4)


# ---- gradients -------------------------------------------------------------------------------------------------


def test_no_gradient_is_none_or_nothing():
    trainer = Trainer(BLUEPRINT)
    before = {name: np.asarray(v) for name, v in everything(trainer).items() if "momentum" in name}
    trainer.step(REAL)
    after = everything(trainer)
    assert len(before) == len(trainer.generator.variables) + len(trainer.discriminator.variables)
    for name, moment in before.items():
        assert np.any(after[name].numpy() != moment), name


def test_a_gradient_that_is_none_is_an_error():
    trainer = Trainer(BLUEPRINT)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(trainer.generator.network.layers[0].weights)
    with pytest.raises(RuntimeError, match="does not depend on generator/project/beta"):
        trainer.generator.improve(tape, loss)


# ---- the draw of latents ---------------------------------------------------------------------------------------


def test_latents_are_uniform_and_new_at_each_step():
    trainer = Trainer(plan(SHAPE, Config(width=4)))
    first = trainer.step_latents(500).numpy()
    assert first.shape == (500, 100)
    assert -1 <= first.min() < -0.999
    assert 0.999 < first.max() < 1
    assert abs(first.mean()) < 0.01
    assert abs(first.var() - 1 / 3) < 0.01
    trainer.steps_done.assign_add(1)
    assert not np.any(trainer.step_latents(500).numpy() == first)


def test_latents_depend_on_seed_purpose_and_number_alone():
    one = latents.draw(3, "step", 5, 4, 6)
    assert as_bytes([one]) == as_bytes(
        [tf.function(lambda n: latents.draw(3, "step", n, 4, 6))(tf.constant(5))]
    )
    others = [
        latents.draw(*key, 4, 6)
        for key in ((4, "step", 5), (3, "grid", 5), (3, "step", 6), (2**32 - 1, "step", 5))
    ]
    assert len(set(as_bytes([one, *others]))) == 5
