"""Training, stopping, resuming: the same weights, losses and pictures whichever way."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from dcgan import opening, session
from dcgan.errors import RunError
from dcgan.keeping.runs import Run
from dcgan.training import Trainer
from tests.dcgan.state import all_of, check_four_parts, log, stopping_after, weights_of
from tests.dcgan.support import TINY, as_bytes, files, write_pictures


def test_a_run_leaves_config_log_samples_and_checkpoints(finished, config):
    assert sorted(files(finished)) == [
        "checkpoints/checkpoint",
        "checkpoints/ckpt-4.data-00000-of-00001",
        "checkpoints/ckpt-4.index",
        "checkpoints/ckpt-6.data-00000-of-00001",
        "checkpoints/ckpt-6.index",
        "config.json",
        "history.json",
        "log.jsonl",
        "samples/step-000003.png",
        "samples/step-000006.png",
    ]
    assert Run.open(finished).config == config
    assert [line["step"] for line in log(finished)] == [1, 2, 3, 4, 5, 6]
    measures = {"step", "d_loss", "g_loss", "d_real", "d_fake", "diversity"}
    assert all(line.keys() == {*measures, "health"} for line in log(finished))
    assert all(np.isfinite([line[name] for name in measures]).all() for line in log(finished))
    assert all(line["health"] == "early" for line in log(finished))
    sheet = np.asarray(Image.open(finished / "samples/step-000006.png"))
    assert sheet.shape == (2 * (2 * 9 + 2) + 2, 2 * (2 * 14 + 2) + 2, 3)


def test_sample_sheets_are_of_the_same_latents(finished):
    """Pictures of one place change a little in three steps; they do not change places."""
    early, late = (np.asarray(Image.open(finished / f"samples/step-00000{n}.png"), float) for n in (3, 6))
    cells = [
        sheet[2 + 20 * r : 20 + 20 * r, 2 + 30 * c : 30 + 30 * c]
        for sheet in (early, late)
        for r in (0, 1)
        for c in (0, 1)
    ]
    for place in range(4):
        distances = [np.abs(cells[4 + place] - cells[other]).mean() for other in range(4)]
        assert int(np.argmin(distances)) == place


def test_two_runs_of_one_seed_have_the_same_losses_and_weights(finished, config, tmp_path):
    loop = session.train(config, tmp_path / "again", progress=False)
    assert as_bytes(all_of(loop.trainer)) == weights_of(finished)
    for name in ("log.jsonl", "samples/step-000006.png"):
        assert (tmp_path / "again" / name).read_bytes() == (finished / name).read_bytes()


def test_another_seed_has_other_losses_from_the_first_step_on(finished, config, tmp_path):
    session.train(dataclasses.replace(config, seed=1, steps=1), tmp_path / "other", progress=False)
    assert log(tmp_path / "other")[0] != log(finished)[0]


@pytest.mark.parametrize("stop", [1, 5])
def test_stop_and_resume_gives_the_same_weights_as_no_stop(stop, finished, config, tmp_path):
    folder = tmp_path / "run"
    loop = session.train(config, folder, stopped=stopping_after(stop), progress=False)
    assert loop.step == stop
    assert len(log(folder)) == stop
    resumed = session.resume(folder, progress=False)
    assert resumed.step == 6
    assert as_bytes(all_of(resumed.trainer)) == weights_of(finished)
    for name in ("log.jsonl", "config.json", "samples/step-000003.png", "samples/step-000006.png"):
        assert (folder / name).read_bytes() == (finished / name).read_bytes()


@pytest.mark.parametrize("forgotten", ["generator_optimizer", "discriminator_optimizer", "generator"])
def test_that_comparison_sees_what_a_checkpoint_forgets(forgotten, finished, config, tmp_path, monkeypatch):
    kept = Trainer.parts.fget
    forgetful = property(
        lambda trainer: {name: part for name, part in kept(trainer).items() if name != forgotten}
    )
    monkeypatch.setattr(Trainer, "parts", forgetful)
    session.train(config, tmp_path / "run", stopped=stopping_after(4), progress=False)
    resumed = session.resume(tmp_path / "run", progress=False)
    assert as_bytes(all_of(resumed.trainer)) != weights_of(finished)


def test_a_checkpoint_that_does_not_say_its_step_is_refused(config, tmp_path, monkeypatch):
    kept = Trainer.parts.fget
    forgetful = property(lambda trainer: {n: part for n, part in kept(trainer).items() if n != "steps_done"})
    monkeypatch.setattr(Trainer, "parts", forgetful)
    session.train(config, tmp_path / "run", stopped=stopping_after(4), progress=False)
    with pytest.raises(RunError, match="not written by dcgan"):
        session.resume(tmp_path / "run", progress=False)


# All that a run may have beside the defaults, so that each of them resumes.
MORE = {"loss": "hinge", "ema": 0.9, "flip": True}


@pytest.fixture(scope="module")
def finished_with_more(config, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("more") / "run"
    loop = session.train(dataclasses.replace(config, **MORE), folder, progress=False)
    np.savez(folder.parent / "weights.npz", *[np.asarray(variable) for variable in all_of(loop.trainer)])
    return folder


@pytest.mark.parametrize("stop", [1, 2, 4, 5])
def test_with_an_average_mirrored_pictures_and_another_loss_too(stop, finished_with_more, config, tmp_path):
    folder = tmp_path / "run"
    more = dataclasses.replace(config, **MORE)
    session.train(more, folder, stopped=stopping_after(stop), progress=False)
    resumed = session.resume(folder, progress=False)
    assert resumed.trainer.average is not None
    assert as_bytes(all_of(resumed.trainer)) == weights_of(finished_with_more)
    for name in ("log.jsonl", "config.json", "samples/step-000003.png", "samples/step-000006.png"):
        assert (folder / name).read_bytes() == (finished_with_more / name).read_bytes()


def test_that_comparison_sees_an_average_that_is_forgotten(finished_with_more, config, tmp_path, monkeypatch):
    kept = Trainer.parts.fget
    forgetful = property(lambda trainer: {n: part for n, part in kept(trainer).items() if n != "average"})
    monkeypatch.setattr(Trainer, "parts", forgetful)
    more = dataclasses.replace(config, **MORE)
    session.train(more, tmp_path / "run", stopped=stopping_after(4), progress=False)
    resumed = session.resume(tmp_path / "run", progress=False)
    assert as_bytes(all_of(resumed.trainer)) != weights_of(finished_with_more)
    assert as_bytes(resumed.trainer.generator.variables) != as_bytes(
        resumed.trainer.average.trainable_variables
    )


def test_a_run_of_version_0_1_goes_on(copy):
    """It wrote neither these fields of its config nor them into its checkpoints."""
    newer = ("loss", "ema", "flip")
    written = json.loads((copy / "config.json").read_text())
    identity = json.loads(
        tf.train.load_checkpoint(str(copy / "checkpoints/ckpt-6")).get_tensor(
            "identity/.ATTRIBUTES/VARIABLE_VALUE"
        )
    )
    assert not identity.keys() & set(newer)
    written["config"] = {name: value for name, value in written["config"].items() if name not in newer}
    (copy / "config.json").write_text(json.dumps(written))
    lines = [{n: v for n, v in line.items() if n not in ("diversity", "health")} for line in log(copy)]
    (copy / "log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    loop = session.resume(copy, steps=8, progress=False)
    assert loop.step == 8
    assert log(copy)[:6] == lines


def test_a_longer_run_goes_on_from_a_finished_one(copy, finished):
    loop = session.resume(copy, steps=8, progress=False)
    assert (loop.step, Run.open(copy).config.steps) == (8, 8)
    assert log(copy)[:6] == log(finished)
    assert [line["step"] for line in log(copy)] == list(range(1, 9))


def test_steps_after_the_last_checkpoint_are_done_again_and_logged_once(copy, finished):
    """As after a crash: the log is ahead of the checkpoints, and its last line is torn."""
    for file in (copy / "checkpoints").glob("ckpt-6.*"):
        file.unlink()
    with (copy / "log.jsonl").open("a") as file:
        file.write('{"step": 7, "d_l')
    session.resume(copy, progress=False)
    assert (copy / "log.jsonl").read_bytes() == (finished / "log.jsonl").read_bytes()


def test_a_run_can_be_moved_with_its_pictures(copy, config, tmp_path):
    moved = Path(shutil.move(copy, tmp_path / "elsewhere"))
    pictures = Path(shutil.copytree(config.data, tmp_path / "moved pictures"))
    loop = session.resume(moved, steps=7, data=str(pictures), progress=False)
    assert loop.step == 7
    assert Run.open(moved).config.data == str(pictures)


def test_no_more_checkpoints_are_kept_than_three(config, tmp_path):
    session.train(dataclasses.replace(config, steps=5, checkpoint_every=1), tmp_path / "run", progress=False)
    assert [path.name for path in sorted((tmp_path / "run/checkpoints").glob("*.index"))] == [
        "ckpt-3.index",
        "ckpt-4.index",
        "ckpt-5.index",
    ]


def test_without_a_folder_the_next_free_one_is_taken(config, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for number in (1, 2):
        loop = session.train(dataclasses.replace(config, steps=1), progress=False)
        assert loop.run.folder == Path(f"runs/noise-{number}")
    assert Run.open(Path("runs/noise-2")).config.steps == 1


def test_a_relative_folder_of_pictures_is_found_again_from_everywhere(config, tmp_path, monkeypatch):
    monkeypatch.chdir(Path(config.data).parent)
    relative = dataclasses.replace(config, data="noise", steps=1)
    session.train(relative, tmp_path / "run", progress=False)
    monkeypatch.chdir(tmp_path)
    assert session.resume("run", steps=2, progress=False).step == 2


def test_a_loop_that_was_interrupted_in_its_first_step_goes_on_with_the_same_batch(
    finished, config, tmp_path, monkeypatch
):
    loop = opening.begin(config, tmp_path / "run", progress=False)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(loop.trainer, "step", interrupted)
        loop.train(stopped=lambda: False, progress=False)
    loop.train(stopped=lambda: False, progress=False)
    assert log(tmp_path / "run") == log(finished)


def interrupted(*batch):
    raise KeyboardInterrupt


@pytest.mark.parametrize("done", [0, 4])
def test_a_loop_that_was_interrupted_within_a_step_is_to_be_opened_again(done, config, tmp_path, monkeypatch):
    """Python hears Ctrl-C when TensorFlow has returned: the weights have moved then, and no step has been written down."""
    loop = opening.begin(config, tmp_path / "run", progress=False)
    if done:
        loop.train(stopped=stopping_after(done), progress=False)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        step = loop.trainer.step
        patch.setattr(loop.trainer, "step", lambda *batch: interrupted(step(*batch)))
        loop.train(stopped=lambda: False, progress=False)
    before = files(tmp_path)
    with pytest.raises(RunError) as caught:
        loop.train(stopped=lambda: False, progress=False)
    check_four_parts(caught.value)
    assert f"its weights have taken {done + 1}, and its log has {done}" in str(caught.value)
    assert files(tmp_path) == before
    if done:
        assert "--resume" in caught.value.diagnosis.remedy
        assert session.resume(tmp_path / "run", progress=False).step == config.steps


@pytest.mark.parametrize("name", ["run[1]", "what?", "a*b", "back\\slash"])
def test_a_folder_whose_name_is_a_pattern_is_a_run_like_others(name, config, finished, tmp_path):
    short = dataclasses.replace(config, steps=4)
    session.train(short, tmp_path / name, progress=False)
    session.resume(tmp_path / name, steps=6, progress=False)
    session.sample(tmp_path / name, 4, tmp_path / "new.png")
    session.sample(finished, 4, tmp_path / "wanted.png")
    assert (tmp_path / "new.png").read_bytes() == (tmp_path / "wanted.png").read_bytes()


def test_two_that_begin_at_once_get_a_folder_each(config, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    others = []

    def meanwhile(*_, **__):
        if not others:
            others.append(None)
            others.append(session.train(dataclasses.replace(config, steps=1), progress=False).run.folder)
        return usual(*_, **__)

    usual = opening._loop
    monkeypatch.setattr(opening, "_loop", meanwhile)
    loop = session.train(dataclasses.replace(config, steps=1), progress=False)
    assert (loop.run.folder, others[1]) == (Path("runs/noise-1"), Path("runs/noise-2"))


def test_a_beginning_that_fails_leaves_no_folder(config, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(opening, "_loop", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        session.train(config, progress=False)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "runs").write_text("in the way")
    with pytest.raises(RunError) as caught:
        session.train(config, progress=False)
    check_four_parts(caught.value)


def test_a_folder_that_is_called_as_a_home_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_pictures(Path("~nobody at all"))
    loop = session.train(dataclasses.replace(TINY, data="~nobody at all", steps=1), "run", progress=False)
    assert loop.run.config.data == str(tmp_path / "~nobody at all")
