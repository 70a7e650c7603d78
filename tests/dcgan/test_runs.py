"""Training, stopping, resuming, sampling: the same weights whichever way, and nothing lost whatever goes wrong."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import dcgan
from dcgan import session
from dcgan.checkpoints import Checkpoints
from dcgan.errors import DataError, PlanError, RunError, TrainingError
from dcgan.looping import Loop
from dcgan.runs import Run
from dcgan.training import Trainer
from tests.dcgan.support import TINY, as_bytes, files, write_pictures


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return dataclasses.replace(TINY, data=str(write_pictures(tmp_path_factory.mktemp("pictures") / "noise")))


@pytest.fixture(scope="module")
def finished(config, tmp_path_factory) -> Path:
    """A run of six steps, never to be changed; its weights are beside it."""
    folder = tmp_path_factory.mktemp("finished") / "run"
    loop = session.train(config, folder, progress=False)
    np.savez(folder.parent / "weights.npz", *[np.asarray(variable) for variable in all_of(loop.trainer)])
    return folder


@pytest.fixture
def copy(finished, tmp_path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "copy"))


def all_of(trainer: Trainer) -> list[tf.Variable]:
    players = (trainer.generator, trainer.discriminator)
    optimizers = [variable.value for player in players for variable in player.optimizer.variables]
    return [*trainer.state, *optimizers, trainer.steps_done]


def weights_of(finished: Path) -> list[bytes]:
    with np.load(finished.parent / "weights.npz") as saved:
        return [saved[name].tobytes() for name in saved.files]


def log(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def stopping_after(steps: int):
    """What is asked after every step whether to stop: yes, after so many."""
    asked = []
    return lambda: asked.append(None) or len(asked) == steps


def check_four_parts(error) -> None:
    assert [label for label, _ in error.diagnosis.parts()][:3] == ["legal", "because", "fix"]


# ---- a run -----------------------------------------------------------------------------------------------------


def test_a_run_leaves_config_log_samples_and_checkpoints(finished, config):
    assert sorted(files(finished)) == [
        "checkpoints/checkpoint",
        "checkpoints/ckpt-4.data-00000-of-00001",
        "checkpoints/ckpt-4.index",
        "checkpoints/ckpt-6.data-00000-of-00001",
        "checkpoints/ckpt-6.index",
        "config.json",
        "log.jsonl",
        "samples/step-000003.png",
        "samples/step-000006.png",
    ]
    assert Run.open(finished).config == config
    assert [line["step"] for line in log(finished)] == [1, 2, 3, 4, 5, 6]
    assert all(line.keys() == {"step", "d_loss", "g_loss", "d_real", "d_fake"} for line in log(finished))
    assert all(np.isfinite(list(line.values())).all() for line in log(finished))
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


@pytest.mark.parametrize(
    "forgotten", ["generator_optimizer", "discriminator_optimizer", "steps_done", "generator"]
)
def test_that_comparison_sees_what_a_checkpoint_forgets(forgotten, finished, config, tmp_path, monkeypatch):
    kept = Trainer.parts.fget
    forgetful = property(
        lambda trainer: {name: part for name, part in kept(trainer).items() if name != forgotten}
    )
    monkeypatch.setattr(Trainer, "parts", forgetful)
    session.train(config, tmp_path / "run", stopped=stopping_after(4), progress=False)
    resumed = session.resume(tmp_path / "run", progress=False)
    assert as_bytes(all_of(resumed.trainer)) != weights_of(finished)


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


# ---- what is refused, and leaves everything as it was ----------------------------------------------------------


def refused(folder: Path, kind: type, match: str, action) -> None:
    """Fail unless the action is refused with such an error, and no file in the folder is changed by it."""
    before = files(folder)
    with pytest.raises(kind, match=match) as caught:
        action()
    check_four_parts(caught.value)
    assert files(folder) == before


def test_a_folder_that_is_not_empty_is_refused(copy, config):
    refused(copy, RunError, "is a run", lambda: session.train(config, copy, progress=False))
    (copy / "config.json").unlink()
    refused(copy, RunError, "is not empty", lambda: session.train(config, copy, progress=False))
    refused(copy, RunError, "is a file", lambda: session.train(config, copy / "log.jsonl", progress=False))


def test_an_empty_folder_is_not(config, tmp_path):
    (tmp_path / "run").mkdir()
    assert session.train(dataclasses.replace(config, steps=1), tmp_path / "run", progress=False).step == 1


def test_nothing_is_made_for_a_run_that_cannot_begin(config, tmp_path):
    for kind, fields in (
        (PlanError, {"layers": 9, "widths": None}),
        (DataError, {"batch_size": 99}),
        (DataError, {"data": str(tmp_path / "nothing")}),
    ):
        wrong = dataclasses.replace(config, **fields)
        refused(
            tmp_path, kind, "fix", lambda wrong=wrong: session.train(wrong, tmp_path / "run", progress=False)
        )
        assert not (tmp_path / "run").exists()


def test_a_run_that_is_done_is_refused(copy):
    refused(copy, RunError, "--steps 12", lambda: session.resume(copy, progress=False))
    refused(copy, RunError, "has done 6 steps", lambda: session.resume(copy, steps=6, progress=False))


def test_what_is_no_run_is_refused(tmp_path, copy):
    refused(
        tmp_path, RunError, "cannot be read", lambda: session.resume(tmp_path / "nothing", progress=False)
    )
    for text in (
        "",
        "{",
        "[]",
        "null",
        '{"config": {}}',
        '{"config": {"steps": 0}, "image_shape": [9, 14, 3]}',
    ):
        (copy / "config.json").write_text(text)
        refused(copy, RunError, "is not a config", lambda: session.resume(copy, progress=False))
        refused(copy, RunError, "is not a config", lambda: session.sample(copy, 4, copy / "new.png"))
    written = {"config": {"no_such_field": 3}, "image_shape": [9, 14, 3], "pictures": ""}
    (copy / "config.json").write_text(json.dumps(written))
    refused(copy, RunError, "no_such_field", lambda: session.resume(copy, progress=False))


def edit_config(folder: Path, **fields) -> None:
    written = json.loads((folder / "config.json").read_text())
    written["config"] |= fields
    (folder / "config.json").write_text(json.dumps(written))


@pytest.mark.parametrize("fields", [{"widths": [4, 8]}, {"latent": 7}, {"seed": 1}, {"learning_rate": 1e-3}])
def test_a_checkpoint_of_another_configuration_is_refused(fields, copy):
    edit_config(copy, **fields, steps=9)
    (name,) = fields
    refused(
        copy, RunError, f"another configuration: it has {name}", lambda: session.resume(copy, progress=False)
    )
    refused(copy, RunError, "another configuration", lambda: session.sample(copy, 4, copy / "new.png"))


def test_other_pictures_are_refused(copy, config, tmp_path):
    other = str(write_pictures(tmp_path / "other", seed=1))
    refused(
        copy, RunError, "other pictures", lambda: session.resume(copy, steps=9, data=other, progress=False)
    )
    changed = Path(shutil.copytree(config.data, tmp_path / "changed"))
    (changed / "003.png").unlink()
    refused(
        copy,
        RunError,
        "other pictures",
        lambda: session.resume(copy, steps=9, data=str(changed), progress=False),
    )


def test_a_run_without_a_checkpoint_is_refused(copy):
    shutil.rmtree(copy / "checkpoints")
    refused(copy, RunError, "no checkpoint", lambda: session.resume(copy, steps=9, progress=False))
    refused(copy, RunError, "no checkpoint", lambda: session.sample(copy, 4, copy / "new.png"))


def truncate(file: Path, size: int) -> None:
    file.write_bytes(file.read_bytes()[:size])


def flip(file: Path, place: float) -> None:
    content = bytearray(file.read_bytes())
    content[int(place * len(content))] ^= 0x10
    file.write_bytes(content)


DAMAGE = {
    "data cut short": lambda folder: truncate(folder / "ckpt-6.data-00000-of-00001", 2000),
    "data empty": lambda folder: truncate(folder / "ckpt-6.data-00000-of-00001", 0),
    "data gone": lambda folder: (folder / "ckpt-6.data-00000-of-00001").unlink(),
    "one bit of the data": lambda folder: flip(folder / "ckpt-6.data-00000-of-00001", 0.3),
    "index cut short": lambda folder: truncate(folder / "ckpt-6.index", 100),
    "index empty": lambda folder: truncate(folder / "ckpt-6.index", 0),
    "one bit of the index": lambda folder: flip(folder / "ckpt-6.index", 0.4),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_checkpoint_is_refused_and_the_one_before_still_works(damage, copy, finished):
    damage(copy / "checkpoints")
    refused(
        copy,
        RunError,
        "checkpoint of step 6 is damaged",
        lambda: session.resume(copy, steps=9, progress=False),
    )
    with pytest.raises(RunError, match="the one of step 4 is whole") as caught:
        session.sample(copy, 4, copy / "new.png")
    assert f"delete {copy / 'checkpoints/ckpt-6'}.*" in str(caught.value)
    for file in (copy / "checkpoints").glob("ckpt-6.*"):
        file.unlink()
    resumed = session.resume(copy, progress=False)
    assert as_bytes(all_of(resumed.trainer)) == weights_of(finished)


def test_when_all_checkpoints_are_damaged_it_says_so(copy):
    for step in (4, 6):
        truncate(copy / f"checkpoints/ckpt-{step}.data-00000-of-00001", 100)
    refused(
        copy,
        RunError,
        "no other checkpoint in it is whole",
        lambda: session.sample(copy, 4, copy / "new.png"),
    )


def test_a_log_that_is_not_one_is_refused(copy):
    lines = (copy / "log.jsonl").read_text().splitlines()
    lines[2] = "something else"
    (copy / "log.jsonl").write_text("\n".join(lines) + "\n")
    log_before = (copy / "log.jsonl").read_bytes()
    with pytest.raises(RunError, match="line 3 of"):
        session.resume(copy, steps=9, progress=False)
    assert (copy / "log.jsonl").read_bytes() == log_before


# ---- numbers that are numbers no longer ------------------------------------------------------------------------


def test_nan_losses_end_the_run_and_leave_the_last_good_checkpoint(copy, monkeypatch):
    before = {name: content for name, content in files(copy).items() if name.startswith("checkpoints")}
    advance = Loop._advance

    def poisoned(loop, real, log):
        if loop.step == 7:
            weights = loop.trainer.generator.variables[0]
            weights.assign(weights * float("nan"))
        return advance(loop, real, log)

    monkeypatch.setattr(Loop, "_advance", poisoned)
    with pytest.raises(TrainingError, match="at step 8, d_loss is nan") as caught:
        session.resume(copy, steps=20, progress=False)
    check_four_parts(caught.value)
    assert "the checkpoint of step 6 is whole" in str(caught.value)
    after = {name: content for name, content in files(copy).items() if name.startswith("checkpoints")}
    assert after == before
    assert [line["step"] for line in log(copy)] == list(range(1, 8))
    monkeypatch.undo()
    session.sample(copy, 4, copy / "still.png")
    assert (copy / "still.png").exists()


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


# ---- sampling --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 5, 130])
def test_any_count_of_samples(count, finished, tmp_path):
    session.sample(finished, count, tmp_path / "new.png")
    with Image.open(tmp_path / "new.png") as sheet:
        columns = int(np.ceil(np.sqrt(count)))
        assert sheet.size == (columns * 30 + 2, int(np.ceil(count / columns)) * 20 + 2)


def test_one_seed_one_sheet(finished, tmp_path):
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        session.sample(finished, 6, tmp_path / f"{name}.png", seed=seed)
    a, b, c = ((tmp_path / f"{name}.png").read_bytes() for name in "abc")
    assert a == b != c


def test_sampling_changes_nothing_in_the_run(finished, tmp_path):
    before = files(finished)
    session.sample(finished, 6, tmp_path / "new.png")
    assert files(finished) == before


@pytest.mark.parametrize(
    ("count", "out", "kind"),
    [
        (0, "new.png", RunError),
        (-3, "new.png", RunError),
        (10**12, "new.png", RunError),
        (2.5, "new.png", RunError),
        (4, "no folder/new.png", RunError),
        (4, "new.jpg", RunError),
        (4, ".", RunError),
    ],
)
def test_a_sample_that_cannot_be_written_is_refused(count, out, kind, finished, tmp_path):
    (tmp_path / "kept.png").write_bytes(b"kept")
    refused(tmp_path, kind, "fix", lambda: session.sample(finished, count, tmp_path / out))


def test_a_seed_that_is_none_is_refused(finished, tmp_path):
    refused(tmp_path, PlanError, "seed", lambda: session.sample(finished, 4, tmp_path / "new.png", seed=-1))


def test_a_sheet_is_replaced_whole_or_not_at_all(finished, tmp_path, monkeypatch):
    session.sample(finished, 4, tmp_path / "new.png")
    monkeypatch.setattr(
        Image.Image, "save", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space left"))
    )
    refused(tmp_path, RunError, "No space left", lambda: session.sample(finished, 5, tmp_path / "new.png"))
