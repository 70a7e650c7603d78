"""The networks: variables that are created once and named, and shapes as planned, executed."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from dcgan.config import Config
from dcgan.models import Discriminator, Generator
from dcgan.planning import plan
from tests.dcgan.support import SHAPE, TINY, as_bytes, counted_variables

BLUEPRINT = plan(SHAPE, TINY)
REAL, Z = tf.ones((5, *SHAPE)), tf.ones((5, TINY.latent))


def names(network: tf.Module) -> list[str]:
    return sorted(variable.name.removesuffix(":0") for variable in network.variables)


def test_variable_names_are_scoped_and_readable():
    blueprint = plan((9, 14, 3), Config(widths=(4, 6)))
    norm = ["beta", "gamma", "moving_mean", "moving_variance"]
    assert names(Generator(blueprint)) == [
        *(f"generator/project/{name}" for name in (*norm, "weights")),
        *(f"generator/up_1/{name}" for name in ("beta", "filter", "gamma", "moving_mean", "moving_variance")),
        "generator/up_2/bias",
        "generator/up_2/filter",
    ]
    assert names(Discriminator(blueprint)) == [
        "discriminator/down_1/bias",
        "discriminator/down_1/filter",
        *(f"discriminator/down_2/{name}" for name in ("beta", "filter", *norm[1:])),
        "discriminator/logit/bias",
        "discriminator/logit/weights",
    ]


class BuiltTwice(Discriminator):
    """Wrong: creates its layers anew each time it is called, as the first course's networks did without reuse."""

    def forward(self, x, training):
        return Discriminator(BLUEPRINT).forward(x, training)


def created_by_two_calls(discriminator: Discriminator) -> list[str]:
    generator = Generator(BLUEPRINT)

    @tf.function
    def both(real, z):
        return discriminator.forward(real, True), discriminator.forward(generator.forward(z, True), True)

    with counted_variables() as created:
        try:
            both(REAL, Z)
        except (
            ValueError
        ) as error:  # what tf.function says of variables that are created when it is traced again
            assert "variables" in str(error)
        discriminator.forward(REAL, True)
        discriminator.forward(generator.forward(Z, True), True)
    return created


def test_the_discriminator_is_created_once_although_it_sees_real_and_generated_pictures():
    with counted_variables() as created:
        discriminator = Discriminator(BLUEPRINT)
    assert len(created) == len(discriminator.variables) == 9
    assert len({id(variable) for variable in discriminator.variables}) == 9
    assert created_by_two_calls(discriminator) == []


def test_that_count_sees_a_discriminator_that_is_built_twice():
    assert len(created_by_two_calls(BuiltTwice(BLUEPRINT))) >= 18


def test_parameters_are_as_many_as_planned():
    for network, stages in (
        (Generator(BLUEPRINT), BLUEPRINT.generator),
        (Discriminator(BLUEPRINT), BLUEPRINT.discriminator),
    ):
        counts = [sum(int(tf.size(v)) for v in layer.trainable_variables) for layer in network.layers]
        assert counts == [stage.parameters for stage in stages]


@pytest.mark.parametrize(
    ("shape", "fields"),
    [
        ((28, 28, 1), {"layers": 2}),
        ((45, 61, 3), {"layers": 2}),
        ((5, 80, 1), {}),
        ((17, 9, 4), {"stride": 3, "kernel_size": 4}),
        ((7, 7, 2), {"layers": 3, "kernel_size": 1}),
        ((2, 1, 1), {}),
    ],
    ids=str,
)
def test_every_layer_makes_what_was_planned_when_executed(shape, fields):
    blueprint = plan(shape, Config(width=3, latent=5, batch_size=2, **fields))
    for network, stages, first in (
        (Generator(blueprint), blueprint.generator, tf.ones((2, 5))),
        (Discriminator(blueprint), blueprint.discriminator, tf.ones((2, *shape))),
    ):
        x = first
        for layer, stage in zip(network.layers, stages, strict=True):
            x = layer.forward(x, training=True)
            assert x.shape == (2, *stage.output_shape)
        assert x.shape == ((2, *shape) if network.name == "generator" else (2, 1))


def test_weights_start_from_the_seed_alone():
    one, same = Generator(BLUEPRINT), Generator(BLUEPRINT)
    other = Generator(plan(SHAPE, Config(**{**vars(TINY), "seed": 1})))
    assert as_bytes(one.variables) == as_bytes(same.variables)
    assert as_bytes(one.variables) != as_bytes(other.variables)


def test_weights_start_normal_with_a_deviation_of_a_fiftieth():
    generator = Generator(plan((28, 28, 1)))
    weights = np.concatenate([np.ravel(v) for v in generator.trainable_variables if v.shape.rank > 1])
    assert abs(weights.mean()) < 1e-3
    assert abs(weights.std() - 0.02) < 1e-3
    assert abs((np.abs(weights) < 0.02).mean() - 0.6827) < 0.01
    assert not np.array_equal(generator.layers[1].weights[0, 0, 0], generator.layers[1].weights[0, 0, 1])


def test_the_generator_ends_in_tanh_and_the_discriminator_leaks():
    generator, discriminator = Generator(BLUEPRINT), Discriminator(BLUEPRINT)
    generator.layers[-1].bias.assign([100.0, -100.0, 0.0])
    made = generator.forward(Z, training=False).numpy()
    np.testing.assert_allclose(made[..., :2], np.broadcast_to([1, -1], made[..., :2].shape), atol=1e-6)
    first = discriminator.layers[0]
    first.weights.assign(tf.zeros_like(first.weights))
    first.bias.assign([-5.0, 5.0, 0.0, -1.0])
    np.testing.assert_allclose(first.forward(REAL, training=True)[0, 0, 0], [-1.0, 5.0, 0.0, -0.2])


def test_frozen_statistics_stay_and_come_loose_again():
    generator = Generator(BLUEPRINT)
    before = as_bytes(generator.running_statistics)
    with generator.frozen_statistics():
        generator.forward(Z, training=True)
    assert as_bytes(generator.running_statistics) == before
    with pytest.raises(ZeroDivisionError), generator.frozen_statistics():
        raise ZeroDivisionError
    generator.forward(Z, training=True)
    assert all(now != then for now, then in zip(as_bytes(generator.running_statistics), before, strict=True))
