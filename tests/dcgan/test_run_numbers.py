"""Losses and weights that are numbers no longer: the run ends, and the last good checkpoint stays."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

import dcgan
from dcgan import session
from dcgan.errors import TrainingError
from dcgan.keeping.checkpoints import Checkpoints
from dcgan.keeping.runs import Run
from dcgan.looping import Loop
from dcgan.training import Trainer
from tests.dcgan.state import check_four_parts, log, refused
from tests.dcgan.support import files


def test_nan_losses_end_the_run_and_leave_the_last_good_checkpoint(copy, monkeypatch):
    before = {name: content for name, content in files(copy).items() if name.startswith("checkpoints")}
    advance = Loop._advance

    def poisoned(loop, real):
        if loop.step == 7:
            weights = loop.trainer.generator.variables[0]
            weights.assign(weights * float("nan"))
        return advance(loop, real)

    monkeypatch.setattr(Loop, "_advance", poisoned)
    with pytest.raises(TrainingError, match="at step 8, d_loss is nan") as caught:
        session.resume(copy, steps=20, progress=False)
    check_four_parts(caught.value)
    assert "the checkpoint of step 6 is whole" in str(caught.value)
    after = {name: content for name, content in files(copy).items() if name.startswith("checkpoints")}
    assert after == before
    assert [line["step"] for line in log(copy)] == list(range(1, 9))
    assert log(copy)[-1] == {"step": 8, "health": "not numbers"}
    monkeypatch.undo()
    session.sample(copy, 4, copy / "still.png")
    assert (copy / "still.png").exists()


@pytest.mark.parametrize("step", [9, 12])  # a sheet is due at the first, a checkpoint as well at the second
def test_weights_that_are_no_numbers_are_seen_before_a_sheet_is_drawn(step, copy, monkeypatch):
    """The losses of the step that ruins them are numbers yet."""
    advance = Loop._advance

    def poisoned(loop, real):
        measures = advance(loop, real)
        if loop.step == step:
            weights = loop.trainer.generator.variables[0]
            weights.assign(weights * float("nan"))
        return measures

    monkeypatch.setattr(Loop, "_advance", poisoned)
    with pytest.raises(
        TrainingError, match=rf"at step {step}, generator/project/\w+ has values that are not"
    ):
        session.resume(copy, steps=20, progress=False)
    assert not Run.open(copy).grid(step).exists()
    assert log(copy)[-1] == {"step": step, "health": "not numbers"}
    assert [line["step"] for line in log(copy)] == list(range(1, step + 1))
    monkeypatch.undo()
    assert session.resume(copy, steps=20, progress=False).step == 20
    assert all(line["health"] == "early" for line in log(copy))


@pytest.mark.parametrize("loss", ["hinge", "least_squares"])
def test_the_other_losses_end_the_same_way(loss, config, tmp_path):
    wild = dataclasses.replace(config, learning_rate=1e30, steps=50, loss=loss, ema=0.9)
    with pytest.raises(TrainingError, match="finite numbers"):
        session.train(wild, tmp_path / "run", progress=False)
    assert log(tmp_path / "run")[-1]["health"] == "not numbers"


def test_a_learning_rate_that_is_far_too_large_ends_the_same_way(config, tmp_path):
    """Nothing is made up here: these losses do go out of all bounds."""
    wild = dataclasses.replace(config, learning_rate=1e30, steps=50, checkpoint_every=1)
    with pytest.raises(TrainingError, match="finite numbers"):
        session.train(wild, tmp_path / "run", progress=False)
    for path in (tmp_path / "run/checkpoints").glob("ckpt-*.index"):
        reader = tf.train.load_checkpoint(str(path.with_suffix("")))
        for name in reader.get_variable_to_shape_map():
            tensor = reader.get_tensor(name)
            assert not isinstance(tensor, np.ndarray) or tensor.dtype.kind != "f" or np.isfinite(tensor).all()


def test_ruined_weights_never_take_the_place_of_a_good_checkpoint(copy):
    run = Run.open(copy)
    trainer = Trainer(dcgan.plan(run.image_shape, run.config))
    checkpoints = Checkpoints(run.checkpoints, trainer.parts, run.identity)
    checkpoints.restore()
    trainer.generator.variables[0].assign(trainer.generator.variables[0] * float("inf"))
    refused(copy, TrainingError, "values that are not finite", lambda: checkpoints.save(7, trainer.state))
