"""Pictures from a generator: the same latent, the same picture, whatever else is asked for."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from dcgan import averages, latents, sampling, statistics
from dcgan.images import to_uint8
from dcgan.models import Generator
from dcgan.planning import plan
from dcgan.sampling import CHUNK, paint, sample
from dcgan.statistics import reestimated
from dcgan.training import Trainer
from tests.dcgan.support import SHAPE, TINY, as_bytes

BLUEPRINT = plan(SHAPE, TINY)
COUNT = 2 * CHUNK + 9
Z = latents.draw(0, "test", 0, COUNT, TINY.latent).numpy()
BATCHES = [Z[:1], Z[1:2], Z[:7], Z[3:70], Z[::-1], np.roll(Z, 5, axis=0), np.concatenate([Z[:3]] * 30)]


@pytest.fixture(scope="module")
def generator():
    """One that has been trained a little, so that its running statistics are not those of the beginning."""
    trainer = Trainer(BLUEPRINT)
    for number in range(5):
        trainer.step(tf.random.stateless_uniform((TINY.batch_size, *SHAPE), (1, number), -1, 1))
    network = trainer.generator.network
    for layer in network.layers:  # larger weights, so that pictures differ by more than a grey level
        layer.weights.assign(layer.weights * 20)
    return network


def check_one_latent_one_picture(draw, same) -> None:
    """Fail unless each latent has its one picture in every batch that it is in."""
    alone = {z.tobytes(): picture for z, picture in zip(Z, draw(Z), strict=True)}
    assert len({picture.tobytes() for picture in alone.values()}) == COUNT
    for batch in BATCHES:
        for z, picture in zip(batch, draw(batch), strict=True):
            assert same(picture, alone[z.tobytes()])


def test_the_same_latent_gives_the_same_picture_to_the_byte(generator):
    check_one_latent_one_picture(lambda z: paint(generator, z), np.array_equal)


def test_in_floats_it_is_the_same_to_the_bit(generator, monkeypatch):
    monkeypatch.setattr(sampling, "to_uint8", lambda made: made)
    monkeypatch.setattr(sampling.np, "uint8", np.float32)
    check_one_latent_one_picture(lambda z: paint(generator, z), np.array_equal)


def test_without_fixed_batches_it_is_the_same_to_a_hundred_thousandth(generator):
    def forward(z):
        return generator.forward(tf.constant(z), training=False).numpy()

    check_one_latent_one_picture(forward, lambda one, other: np.allclose(one, other, rtol=0, atol=1e-5))


def test_that_check_sees_statistics_of_the_batch(generator):
    def painted_in_training(z):
        with generator.frozen_statistics():
            return to_uint8(generator.forward(tf.constant(z), training=True))

    with pytest.raises(AssertionError):
        check_one_latent_one_picture(painted_in_training, np.array_equal)


def test_sampling_moves_nothing(generator):
    before = as_bytes(generator.variables)
    sample(generator, 70, seed=1)
    assert as_bytes(generator.variables) == before


@pytest.mark.parametrize("count", [1, 2, CHUNK - 1, CHUNK, CHUNK + 1, COUNT])
def test_any_count_and_a_smaller_one_is_the_beginning_of_a_larger(generator, count):
    pictures = sample(generator, count, seed=3)
    assert pictures.shape == (count, *SHAPE)
    assert pictures.dtype == np.uint8
    assert np.array_equal(pictures, sample(generator, COUNT, seed=3)[:count])


def test_another_seed_gives_other_pictures(generator):
    assert not np.array_equal(sample(generator, 4, seed=3), sample(generator, 4, seed=4))


# ---- statistics ------------------------------------------------------------------------------------------------


def test_with_statistics_of_the_batch_a_picture_depends_on_its_neighbours(generator):
    def painted(z):
        return paint(generator, z, batch_statistics=True)

    with pytest.raises(AssertionError):
        check_one_latent_one_picture(painted, np.array_equal)
    assert np.array_equal(painted(Z), painted(Z))
    with generator.frozen_statistics():
        expected = to_uint8(generator.forward(tf.constant(Z[:CHUNK]), training=True))
    assert np.array_equal(painted(Z)[:CHUNK], expected)


@pytest.mark.parametrize("count", [1, CHUNK + 1])
def test_with_them_a_smaller_sample_is_still_the_beginning_of_a_larger(generator, count):
    larger = sample(generator, COUNT, seed=3, batch_statistics=True)
    assert np.array_equal(sample(generator, count, seed=3, batch_statistics=True), larger[:count])
    assert not np.array_equal(larger, sample(generator, COUNT, seed=3))


def test_with_statistics_measured_anew_one_latent_is_one_picture(generator):
    measured = reestimated(generator, BLUEPRINT)
    check_one_latent_one_picture(lambda z: paint(measured, z), np.array_equal)
    assert not np.array_equal(paint(measured, Z), paint(generator, Z))


def means_by_hand(generator) -> list[np.ndarray]:
    """The mean of every batch norm's batch means and variances, worked out layer by layer in double precision."""
    moments = []
    for number in range(statistics.BATCHES):
        x = latents.draw(TINY.seed, "statistics", number, TINY.batch_size, TINY.latent)
        moments.append([])
        for layer in generator.layers:
            if layer.norm is not None:
                y = np.asarray(layer._weigh(x), np.float64)
                axes = tuple(range(y.ndim - 1))
                moments[-1] += [y.mean(axes), y.var(axes)]
            with generator.frozen_statistics():
                x = layer.forward(x, training=True)
    return [np.mean(batch, axis=0) for batch in zip(*moments, strict=True)]


def check_reestimated(generator) -> None:
    expected = means_by_hand(generator)
    measured = reestimated(generator, BLUEPRINT)
    for variable, mean in zip(measured.running_statistics, expected, strict=True):
        np.testing.assert_allclose(variable, mean, rtol=1e-3, atol=1e-4 * np.abs(mean).max())
    assert as_bytes(measured.trainable_variables) == as_bytes(generator.trainable_variables)


def test_they_are_the_means_over_many_batches_wherever_they_began(generator):
    check_reestimated(generator)
    begun_elsewhere = Generator(BLUEPRINT)
    averages.copy(generator, begun_elsewhere)
    for variable in begun_elsewhere.running_statistics:
        variable.assign(variable + 100)
    check_reestimated(begun_elsewhere)


def test_that_comparison_sees_statistics_that_only_follow(generator, monkeypatch):
    def following(network, blueprint):
        measured = Generator(blueprint)
        averages.copy(network, measured)
        for number in range(statistics.BATCHES):
            z = latents.draw(TINY.seed, "statistics", number, TINY.batch_size, TINY.latent)
            measured.forward(z, training=True)
        return measured

    monkeypatch.setitem(globals(), "reestimated", following)
    with pytest.raises(AssertionError):
        check_reestimated(generator)


@pytest.mark.parametrize("choice", ["reestimated", "batch"])
def test_no_choice_of_statistics_moves_anything_and_training_goes_on_the_same(choice):
    real = tf.random.stateless_uniform((TINY.batch_size, *SHAPE), (1, 2), -1, 1)
    sampled, left = Trainer(BLUEPRINT), Trainer(BLUEPRINT)
    for trainer in (sampled, left):
        trainer.step(real)
    before = as_bytes(sampled.state)
    network = sampled.generator.network
    if choice == "reestimated":
        network = reestimated(network, BLUEPRINT)
    sample(network, 70, seed=1, batch_statistics=choice == "batch")
    assert as_bytes(sampled.state) == before
    for trainer in (sampled, left):
        trainer.step(real)
    assert as_bytes(sampled.state) == as_bytes(left.state)
