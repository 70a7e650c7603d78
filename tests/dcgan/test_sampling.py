"""Pictures from a generator: the same latent, the same picture, whatever else is asked for."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from dcgan import latents, sampling
from dcgan.images import to_uint8
from dcgan.planning import plan
from dcgan.sampling import CHUNK, paint, sample
from dcgan.training import Trainer
from tests.dcgan.support import SHAPE, TINY, as_bytes

COUNT = 2 * CHUNK + 9
Z = latents.draw(0, "test", 0, COUNT, TINY.latent).numpy()
BATCHES = [Z[:1], Z[1:2], Z[:7], Z[3:70], Z[::-1], np.roll(Z, 5, axis=0), np.concatenate([Z[:3]] * 30)]


@pytest.fixture(scope="module")
def generator():
    """One that has been trained a little, so that its running statistics are not those of the beginning."""
    trainer = Trainer(plan(SHAPE, TINY))
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
    monkeypatch.setattr(sampling, "to_uint8", lambda made: made.numpy())
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
