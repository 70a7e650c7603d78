"""bfloat16: what is computed in it and what never is, near the float32 step, and with either set of kernels."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np
import pytest
import tensorflow as tf

from dcgan.batch_norm import BatchNorm
from dcgan.computing import forms
from dcgan.config import Config
from dcgan.models import Generator
from dcgan.planning import plan
from dcgan.statistics import reestimated
from dcgan.training import Trainer
from tests.dcgan.support import SHAPE, TINY, as_bytes

HALF = dataclasses.replace(TINY, precision="bfloat16")
# Wide enough, with filters of whole strides, for both of its forms of dcgan.computing.forms to be used.
WIDE = Config(latent=6, widths=(64, 64), kernel_size=4, batch_size=5, precision="bfloat16")


def trainer(config: Config) -> Trainer:
    return Trainer(plan(SHAPE, config))


def real(batch: int = 5) -> tf.Tensor:
    return tf.random.stateless_uniform((batch, *SHAPE), (1, 2), -1, 1)


def steps(config: Config, count: int = 2) -> np.ndarray:
    """Both losses of a few steps, ``(count, 2)``."""
    training = trainer(config)
    measures = [training.step(real()) for _ in range(count)]
    return np.array([[float(m["d_loss"]), float(m["g_loss"])] for m in measures])


def types_inside(network, x) -> list[tuple[str, str, str]]:
    """The types that go into each layer's products, that come out of them, and that it hands on, in training."""
    found = []
    for layer in network.layers:
        weigh, seen = layer._weigh, []

        def spy(x, weigh=weigh, seen=seen):
            y = weigh(x)
            seen.extend((x.dtype.name, y.dtype.name))
            return y

        layer._weigh = spy
        x = layer.forward(x, training=True)
        del layer._weigh
        found.append((*seen, x.dtype.name))
    return found


def test_products_are_in_bfloat16_and_what_a_network_ends_with_in_float32():
    training = trainer(HALF)
    z = training.step_latents(5)
    for network, x in ((training.generator.network, z), (training.discriminator.network, real())):
        *inner, last = types_inside(network, x)
        assert set(inner) == {("bfloat16", "bfloat16", "bfloat16")}
        assert last == ("bfloat16", "bfloat16", "float32")


def test_all_that_is_kept_is_float32():
    training = trainer(HALF)
    measures = training.step(real())
    assert {variable.dtype for variable in training.state} == {tf.float32}
    players = (training.generator, training.discriminator)
    moments = [v for player in players for v in player.optimizer.variables if v.value.shape.rank]
    assert {variable.dtype for variable in moments} == {"float32"}
    assert {measures[name].dtype for name in ("d_loss", "g_loss", "d_real", "d_fake")} == {tf.float32}


def test_in_use_a_network_is_the_float32_one():
    one, other = (trainer(config) for config in (TINY, HALF))
    z = one.step_latents(5)
    ours, theirs = (t.generator.network.forward(z, training=False) for t in (one, other))
    assert as_bytes([ours]) == as_bytes([theirs])


def test_with_the_statistics_of_batches_it_is_the_float32_one_too():
    blueprint = trainer(HALF).blueprint
    measured = reestimated(Generator(blueprint), blueprint)
    wanted = reestimated(Generator(blueprint.in_float32), blueprint.in_float32)
    assert as_bytes(measured.variables) == as_bytes(wanted.variables)
    z = tf.random.stateless_uniform((5, measured.latent), (1, 2), -1, 1)
    inside = types_inside(measured, z)
    assert set(inside) == {("float32", "float32", "float32")}


def test_float32_runs_are_the_same_up_to_rounding_with_either_kernels():
    fast, plain = (dataclasses.replace(TINY, kernels=switch) for switch in ("fast", "plain"))
    np.testing.assert_allclose(steps(fast), steps(plain), rtol=1e-5)


# ---- near the float32 step --------------------------------------------------------------------------------------


exact = functools.cache(steps)


def check_near(config: Config) -> None:
    """Fail unless the losses of a few steps are those of float32 to two digits, and not to all."""
    near, ours = exact(dataclasses.replace(config, precision="float32", kernels="plain")), steps(config)
    np.testing.assert_allclose(ours, near, atol=0.03)
    assert not np.array_equal(ours, near)


@pytest.mark.parametrize("switch", ["fast", "plain"])
def test_losses_are_near_those_of_float32(switch):
    check_near(dataclasses.replace(WIDE, kernels=switch))


@pytest.mark.parametrize("form", ["sub_pixel", "tapped"])
def test_that_comparison_fails_for_a_wrong_kernel(form, monkeypatch):
    right = getattr(forms, form)
    monkeypatch.setattr(forms, form, lambda *given: -right(*given))
    with pytest.raises(AssertionError):
        check_near(WIDE)


def test_batch_norm_keeps_float32_statistics_of_bfloat16_numbers():
    norm, exact = BatchNorm(3, momentum=0.0), BatchNorm(3, momentum=0.0)
    x = tf.cast(tf.random.stateless_normal((64, 4, 4, 3), (1, 2), 5.0, 0.1), tf.bfloat16)
    for one, numbers in ((norm, x), (exact, tf.cast(x, tf.float32))):
        one.build()
        one.forward(numbers, training=True)
    assert norm.forward(x, training=True).dtype == tf.bfloat16
    # bfloat16 has no number between 4.97 and 5: statistics kept in it would be off by much more.
    np.testing.assert_allclose(norm.moving_mean, exact.moving_mean, rtol=1e-5)
    np.testing.assert_allclose(norm.moving_variance, exact.moving_variance, rtol=1e-3)
    assert not np.array_equal(
        norm.moving_mean, np.asarray(tf.cast(norm.moving_mean.value(), tf.bfloat16), np.float32)
    )
