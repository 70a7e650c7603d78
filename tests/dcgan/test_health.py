"""The verdict: each kind made to happen, seen in the log, told once, and the same after a resume."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
import tensorflow as tf

from dcgan import health, looping, session
from dcgan.diversity import diversity, nearest
from dcgan.health import ALIKE, APART, COLLAPSED, DISCRIMINATOR_WINS, EARLY, GOOD, WINDOW, Health
from dcgan.training import Trainer
from tests.dcgan.state import log, stopping_after

WELL = {"d_loss": 1.2, "g_loss": 0.9, "d_real": 0.6, "d_fake": 0.4, "diversity": 0.9}
FEW = 5  # steps to a verdict, in the tests that train


def after(*lines: dict, steps: int = WINDOW) -> health.Verdict:
    """The verdict after so many steps of such measures, those of the last one last."""
    followed = Health([])
    *_, verdict = (followed.follow(line) for line in itertools.islice(itertools.cycle(lines), steps))
    return verdict


# ---- the rule --------------------------------------------------------------------------------------------------


def test_before_the_window_is_full_nothing_is_said():
    assert after({**WELL, "diversity": 0.0}, steps=WINDOW - 1) is EARLY
    assert after({**WELL, "diversity": 0.0}) is COLLAPSED


@pytest.mark.parametrize(
    ("measures", "verdict"),
    [
        ({}, GOOD),
        ({"diversity": ALIKE - 0.001}, COLLAPSED),
        ({"diversity": ALIKE + 0.001}, GOOD),
        ({"d_real": 1.0, "d_fake": 0.999 - APART}, DISCRIMINATOR_WINS),
        ({"d_real": 1.0, "d_fake": 1.001 - APART}, GOOD),
        ({"d_real": 0.0, "d_fake": 1.0}, GOOD),  # always mistaken is not winning
        ({"d_real": 1.0, "d_fake": 0.0, "diversity": 0.0}, COLLAPSED),  # the worse of the two
    ],
)
def test_verdicts(measures, verdict):
    assert after({**WELL, **measures}) is verdict
    assert (verdict.advice is None) == (verdict is GOOD)


def test_a_verdict_is_about_the_mean_of_the_window_and_forgets_what_was_before():
    followed = Health([])
    for _ in range(WINDOW):
        followed.follow({**WELL, "diversity": 0.0})
    back = [followed.follow({**WELL, "diversity": 1.0}).name for _ in range(WINDOW)]
    assert back == ["collapsed"] * (round(ALIKE * WINDOW) - 1) + ["good"] * (
        WINDOW - round(ALIKE * WINDOW) + 1
    )


def test_without_a_diversity_nothing_is_said_of_collapse():
    """As in batches of one, and in what a log of version 0.1 has."""
    measures = {name: value for name, value in WELL.items() if name != "diversity"}
    assert after(measures) is GOOD
    assert after(measures, {**WELL, "diversity": 0.0}) is GOOD


@pytest.mark.parametrize("stop", [1, 50, 99, 100, 101, 250])
def test_verdicts_go_on_from_the_lines_of_the_log(stop):
    drawn = ALIKE + np.random.default_rng(0).uniform(-0.05, 0.05, 300) + 0.05 * np.sin(np.arange(300) / 40)
    lines = [{**WELL, "diversity": value} for value in drawn.tolist()]
    whole = Health([])
    verdicts = [whole.follow(line).name for line in lines]
    assert len(set(verdicts)) == 3
    logged = [{**line, "health": name} for line, name in zip(lines, verdicts, strict=True)]
    resumed = Health(logged[:stop])
    assert resumed.last == verdicts[stop - 1]
    assert [resumed.follow(line).name for line in lines[stop:]] == verdicts[stop:]


# ---- diversity -------------------------------------------------------------------------------------------------


def nearest_by_numpy(pictures: np.ndarray) -> float:
    pictures = np.asarray(pictures, np.float64)
    apart = np.sqrt(((pictures[:, None] - pictures) ** 2).mean(axis=(2, 3, 4)))
    np.fill_diagonal(apart, np.inf)
    return float(apart.min(axis=1).mean())


@pytest.mark.parametrize(("count", "offset"), [(2, 0.0), (7, 0.0), (64, 0.0), (64, 100.0)])
def test_nearest_is_what_its_definition_says(count, offset):
    pictures = offset + np.random.default_rng(count).uniform(-1, 1, (count, 9, 14, 3))
    np.testing.assert_allclose(
        nearest(tf.constant(pictures, tf.float32)), nearest_by_numpy(pictures), rtol=1e-3
    )


def check_diversity(measure) -> None:
    """Fail unless a measure tells pictures that differ from copies of one, and of a few."""
    real, others = tf.unstack(tf.random.stateless_uniform((2, 64, 9, 14, 3), (1, 2), -1, 1))
    assert 0.9 < measure(others, real) < 1.1
    assert measure(tf.repeat(others[:1], 64, axis=0), real) < 0.01
    assert measure(tf.repeat(others[:4], 16, axis=0), real) < 0.01
    assert 0.45 < measure(others / 2, real) < 0.55


def test_diversity_sees_one_picture_and_four():
    check_diversity(diversity)


def spread(pictures: tf.Tensor) -> tf.Tensor:
    return tf.reduce_mean(tf.math.reduce_std(pictures, axis=0))


def test_that_check_sees_a_mean_over_all_pairs():
    """Four pictures are as far apart as many, on average."""
    with pytest.raises(AssertionError):
        check_diversity(lambda fake, real: spread(fake) / spread(real))


def test_where_real_pictures_are_all_the_same_no_diversity_is_missed():
    same = tf.ones((5, 9, 14, 3))
    assert diversity(same, same) == 1
    assert np.isfinite(diversity(tf.random.stateless_normal(same.shape, (1, 2)), same))


# ---- in a run --------------------------------------------------------------------------------------------------


@pytest.fixture
def soon(monkeypatch):
    """Verdicts after a few steps, so that runs can be short."""
    monkeypatch.setattr(health, "WINDOW", FEW)
    monkeypatch.setattr(looping, "WINDOW", FEW)


def verdicts(folder) -> list[str]:
    return [line["health"] for line in log(folder)]


def told(folder) -> list[int]:
    return [line["step"] for line in log(folder) if "advice" in line]


@pytest.mark.usefixtures("soon")
def test_a_generator_that_collapses_is_seen_and_told_once(config, tmp_path, monkeypatch, capfd):
    """Latents that are all the same make it collapse: batch norm is left with nothing but its offset."""
    same = lambda trainer, count: tf.zeros((count, trainer.blueprint.config.latent))  # noqa: E731
    monkeypatch.setattr(Trainer, "step_latents", same)
    longer = dataclasses.replace(config, steps=9, checkpoint_every=7)
    session.train(longer, tmp_path / "run", progress=True)
    assert verdicts(tmp_path / "run") == ["early"] * 4 + ["collapsed"] * 5
    assert told(tmp_path / "run") == [5]
    shown = capfd.readouterr().err
    assert shown.count("step 5: collapsed: the generated pictures have become alike") == 1
    assert "health=collapsed" in shown


@pytest.mark.usefixtures("soon")
def test_a_discriminator_that_wins_is_seen(config, tmp_path):
    """It learns with a rate at which it soon tells its few pictures from all others."""
    eager = dataclasses.replace(config, steps=60, learning_rate=0.01, checkpoint_every=60, loss="hinge")
    session.train(eager, tmp_path / "run", progress=False)
    assert "discriminator wins" in verdicts(tmp_path / "run")
    first = verdicts(tmp_path / "run").index("discriminator wins") + 1
    assert first in told(tmp_path / "run")


@pytest.mark.usefixtures("soon")
def test_advice_is_told_once_after_a_resume_too(config, tmp_path, monkeypatch):
    sides = itertools.cycle([1.0, 0.0])
    monkeypatch.setattr(
        looping.Loop,
        "_advance",
        lambda loop, real, advance=looping.Loop._advance: {
            **advance(loop, real),
            "d_real": next(sides),
            "d_fake": next(sides),
            "diversity": 0.9,
        },
    )
    whole, parted = tmp_path / "whole", tmp_path / "parted"
    longer = dataclasses.replace(config, steps=12)
    session.train(longer, whole, progress=False)
    session.train(longer, parted, stopped=stopping_after(7), progress=False)
    session.resume(parted, progress=False)
    assert verdicts(whole) == ["early"] * 4 + ["discriminator wins"] * 8
    assert told(whole) == [5]
    assert (parted / "log.jsonl").read_bytes() == (whole / "log.jsonl").read_bytes()


def test_a_batch_of_one_is_trained_without_a_diversity(config, tmp_path):
    session.train(dataclasses.replace(config, batch_size=1, steps=2), tmp_path / "run", progress=False)
    assert all("diversity" not in line and line["health"] == "early" for line in log(tmp_path / "run"))
