"""The generator's average: its formula, that it is only ever written, and that samples are made from it on request."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from dcgan import averages, session
from dcgan.images import grid
from dcgan.keeping.checkpoints import Checkpoints
from dcgan.keeping.runs import Run
from dcgan.models import Generator
from dcgan.planning import plan
from dcgan.sampling import paint, sample
from dcgan.training import Trainer
from tests.dcgan.support import SHAPE, TINY, as_bytes, files

KEEP = 0.6
AVERAGED = dataclasses.replace(TINY, ema=KEEP)
BLUEPRINT = plan(SHAPE, AVERAGED)
REAL = [tf.random.stateless_uniform((TINY.batch_size, *SHAPE), (1, number), -1, 1) for number in range(8)]


def values(network) -> list[np.ndarray]:
    return [np.asarray(variable, np.float64) for variable in network.variables]


def check_average(steps: int = 8) -> None:
    """Fail unless the average is the weighted sum of all that the generator has been, weights and statistics."""
    trainer = Trainer(BLUEPRINT)
    expected = values(trainer.generator.network)
    for number in range(steps):
        trainer.step(REAL[number])
        kept = min(KEEP, (2 + number) / (11 + number))
        now = values(trainer.generator.network)
        expected = [kept * mean + (1 - kept) * value for mean, value in zip(expected, now, strict=True)]
    moved = [
        np.abs(mean - value).max()
        for mean, value in zip(expected, values(trainer.generator.network), strict=True)
    ]
    assert min(moved) > 1e-6  # so that the next line says something of every variable
    for variable, mean in zip(trainer.average.variables, expected, strict=True):
        np.testing.assert_allclose(variable, mean, rtol=1e-4, atol=1e-7, err_msg=variable.name)


def test_it_is_the_weighted_sum_of_all_that_the_generator_has_been():
    assert KEEP > 2 / 11  # so the first steps are averaged with shares of their own
    assert KEEP < 9 / 18 + 0.2
    check_average()


def constant(average, network, keep, updates):
    for mean, now in zip(average.variables, network.variables, strict=True):
        mean.assign_sub((1 - keep) * (mean - now))


def weights_only(average, network, keep, updates, follow=averages.follow):
    statistics = [tf.identity(variable) for variable in average.running_statistics]
    follow(average, network, keep, updates)
    for variable, before in zip(average.running_statistics, statistics, strict=True):
        variable.assign(before)


def the_other_way(average, network, keep, updates, follow=averages.follow):
    follow(average, network, 1 - keep, updates)


@pytest.mark.parametrize("wrong", [constant, weights_only, the_other_way])
def test_that_comparison_sees_wrong_averages(wrong, monkeypatch):
    monkeypatch.setattr(averages, "follow", wrong)
    with pytest.raises(AssertionError):
        check_average()


def test_training_never_reads_it():
    with_one, without = Trainer(BLUEPRINT), Trainer(plan(SHAPE, TINY))
    assert without.average is None
    for real in REAL:
        measures = with_one.step(real)
        others = without.step(real)
    assert as_bytes(measures.values()) == as_bytes(others.values())
    for one, other in (
        (with_one.generator, without.generator),
        (with_one.discriminator, without.discriminator),
    ):
        assert as_bytes(one.network.variables) == as_bytes(other.network.variables)


def test_each_player_alone_leaves_it_alone():
    trainer = Trainer(BLUEPRINT)
    before = as_bytes(trainer.average.variables)
    z = trainer.step_latents(TINY.batch_size)
    trainer.discriminator_step(REAL[0], z)
    trainer.generator_step(z)
    assert as_bytes(trainer.average.variables) == before


def test_it_belongs_to_no_optimizer_and_is_watched_for_what_is_no_number():
    trainer = Trainer(BLUEPRINT)
    owned = {
        id(variable) for player in (trainer.generator, trainer.discriminator) for variable in player.variables
    }
    assert not owned & {id(variable) for variable in trainer.average.variables}
    assert trainer.ruined() == []
    trainer.average.variables[0].assign(trainer.average.variables[0] * float("nan"))
    assert len(trainer.ruined()) == 1


# ---- in a run --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def averaged(config, tmp_path_factory):
    """A run that keeps an average, with steps so large that it shows."""
    folder = tmp_path_factory.mktemp("averaged") / "run"
    loop = session.train(dataclasses.replace(config, ema=0.9, learning_rate=0.01), folder, progress=False)
    return folder, loop


def sheet(folder, out, **choice) -> np.ndarray:
    session.sample(folder, 9, out, seed=3, **choice)
    with Image.open(out) as picture:
        return np.asarray(picture)


def test_samples_are_the_averages_or_the_last_ones_by_choice(averaged, tmp_path):
    folder, loop = averaged
    expected = {
        "ema": grid(sample(loop.trainer.painter(), 9, 3), scale=2),
        "last": grid(sample(loop.trainer.generator.network, 9, 3), scale=2),
    }
    assert not np.array_equal(expected["ema"], expected["last"])
    before = files(folder)
    for weights in ("ema", "last"):
        assert np.array_equal(
            sheet(folder, tmp_path / "new.png", weights=weights), expected[weights].squeeze()
        )
    assert np.array_equal(sheet(folder, tmp_path / "new.png"), expected["ema"].squeeze())
    kept = grid(sample(loop.trainer.average, 9, 3), scale=2).squeeze()
    assert not np.array_equal(kept, expected["ema"].squeeze())
    assert np.array_equal(sheet(folder, tmp_path / "new.png", weights="ema", statistics="running"), kept)
    assert files(folder) == before


def test_sheets_of_a_training_are_the_averages(averaged):
    folder, loop = averaged
    with Image.open(folder / "samples/step-000006.png") as picture:
        assert np.array_equal(
            np.asarray(picture), grid(paint(loop.trainer.painter(), loop._inputs), scale=2).squeeze()
        )


def test_a_checkpoint_holds_both(averaged):
    folder, loop = averaged
    run = Run.open(folder)
    for part, network in (("generator", loop.trainer.generator.network), ("average", loop.trainer.average)):
        read = Generator(plan(run.image_shape, run.config))
        Checkpoints(run.checkpoints, {part: read}, run.identity).restore()
        assert as_bytes(read.variables) == as_bytes(network.variables)
