"""Runs that cannot begin or go on: a clear error each, and nothing on disk is changed."""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
from pathlib import Path

import pytest
import tensorflow as tf

from dcgan import session
from dcgan.errors import DataError, PlanError, RunError
from dcgan.keeping.checkpoints import Checkpoints
from dcgan.keeping.runs import Run
from dcgan.planning import plan
from dcgan.training import Trainer
from tests.dcgan.state import all_of, refused, weights_of
from tests.dcgan.support import as_bytes, write_pictures


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


@pytest.mark.parametrize(
    "fields",
    [
        {"widths": [4, 8]},
        {"latent": 7},
        {"seed": 1},
        {"learning_rate": 1e-3},
        {"loss": "hinge"},
        {"ema": 0.9},
        {"flip": True},
    ],
)
def test_a_checkpoint_of_another_configuration_is_refused(fields, copy):
    edit_config(copy, **fields, steps=9)
    (name,) = fields
    refused(
        copy, RunError, f"another configuration: it has {name}", lambda: session.resume(copy, progress=False)
    )
    refused(copy, RunError, "another configuration", lambda: session.sample(copy, 4, copy / "new.png"))


def test_an_average_that_was_not_kept_is_refused(copy):
    refused(
        copy,
        RunError,
        "keeps no average of its generator",
        lambda: session.sample(copy, 4, copy / "new.png", weights="ema"),
    )


@pytest.mark.parametrize(
    "choice", [{"weights": "best"}, {"weights": ""}, {"statistics": "moving"}, {"statistics": ""}]
)
def test_weights_and_statistics_that_there_are_not_are_refused(choice, copy):
    ((name, _),) = choice.items()
    match = rf"there are no .* {name}[\s\S]*fix: --{name}"
    refused(copy, RunError, match, lambda: session.sample(copy, 4, copy / "new.png", **choice))


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
    match = r"no checkpoint in .*, and log.jsonl tells of 6 steps"
    refused(copy, RunError, match, lambda: session.resume(copy, steps=9, progress=False))
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


def do_what_it_says(error: RunError) -> None:
    """Run the command that the fix begins with."""
    subprocess.run(error.diagnosis.remedy.partition("    (")[0], shell=True, check=True)


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
    do_what_it_says(caught.value)
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


def test_of_several_damaged_ones_it_says_what_to_delete_up_to_one_that_is_whole(copy):
    session.resume(copy, steps=8, progress=False)
    for step in (6, 8):
        flip(copy / f"checkpoints/ckpt-{step}.data-00000-of-00001", 0.3)
    with pytest.raises(RunError, match="the one of step 4 is whole") as caught:
        session.resume(copy, steps=9, progress=False)
    do_what_it_says(caught.value)
    assert session.resume(copy, steps=9, progress=False).step == 9


def move(folder: Path, old: int, new: int) -> None:
    for kind in ("index", "data-00000-of-00001"):
        (folder / f"ckpt-{old}.{kind}").rename(folder / f"ckpt-{new}.{kind}")


def of_another_program(folder: Path) -> None:
    for file in folder.glob("ckpt-6.*"):
        file.unlink()
    tf.train.Checkpoint(identity=tf.Variable(3.0)).write(str(folder / "ckpt-6"))


FOREIGN = {
    "of another step": (lambda folder: move(folder, 6, 9), "it is that of step 6, under another name"),
    "of another program": (of_another_program, "it was not written by dcgan"),
}


@pytest.mark.parametrize(("change", "match"), FOREIGN.values(), ids=FOREIGN)
def test_a_foreign_checkpoint_is_refused(change, match, copy):
    change(copy / "checkpoints")
    refused(copy, RunError, match, lambda: session.resume(copy, steps=12, progress=False))
    refused(copy, RunError, match, lambda: session.sample(copy, 4, copy / "new.png"))


def test_a_checkpoint_of_other_networks_is_refused(copy, snapshot):
    """As of a version of dcgan that names its layers in another way; the identity is the same."""
    run = Run.open(copy)
    trainer = Trainer(plan(run.image_shape, run.config))
    trainer.steps_done.assign(6)
    parts = trainer.parts
    parts["generator"], parts["discriminator"] = parts["discriminator"], parts["generator"]
    Checkpoints(run.checkpoints, parts, run.identity).save(6, [])
    refused(copy, RunError, "does not fit", lambda: session.resume(copy, steps=9, progress=False))
    with pytest.raises(RunError) as caught:
        session.sample(copy, 4, copy / "new.png")
    assert str(caught.value).replace(str(copy), "RUN") == snapshot


def test_a_checkpoint_that_a_training_removes_while_it_is_read_makes_way_for_the_newest(copy, monkeypatch):
    run = Run.open(copy)
    checkpoints, read = Checkpoints(run.checkpoints, {}, run.identity), []
    damage = Checkpoints._damage

    def removed_meanwhile(checkpoints, folder, step):
        read.append(step)
        if len(read) == 1:
            for file in run.checkpoints.glob("ckpt-6.*"):
                file.unlink()
        return damage(checkpoints, folder, step)

    monkeypatch.setattr(Checkpoints, "_damage", removed_meanwhile)
    assert checkpoints.restore() == 4
    assert read[0] == 6 and read[-1] == 4


def test_a_run_killed_before_its_first_checkpoint_begins_again(finished, copy):
    """Its first weights follow from the seed, so nothing is lost; until then there is nothing to sample from."""
    shutil.rmtree(copy / "checkpoints")
    lines = (copy / "log.jsonl").read_text().splitlines(keepends=True)
    (copy / "log.jsonl").write_text("".join(lines[:3]))
    with pytest.raises(RunError, match=r"fix: train it up to its first one: dcgan train --resume"):
        session.sample(copy, 4, copy / "new.png")
    resumed = session.resume(copy, progress=False)
    assert as_bytes(all_of(resumed.trainer)) == weights_of(finished)
    assert (copy / "log.jsonl").read_bytes() == (finished / "log.jsonl").read_bytes()


def test_a_log_that_is_not_one_is_refused(copy):
    lines = (copy / "log.jsonl").read_text().splitlines()
    lines[2] = "something else"
    (copy / "log.jsonl").write_text("\n".join(lines) + "\n")
    refused(copy, RunError, "line 3 of", lambda: session.resume(copy, steps=9, progress=False))
