"""Evaluations during a training: they change nothing of it, are done again exactly, and keep the best checkpoint."""

from __future__ import annotations

import dataclasses
import json
import math
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

import dcgan as library
from dcgan import cli, session
from dcgan.errors import RunError
from dcgan.keeping.checkpoint_files import steps_in
from dcgan.keeping.runs import Run
from dcgan.measuring import features
from dcgan.measuring.best import Best
from dcgan.measuring.evaluating import evaluate
from dcgan.measuring.evaluation import Evaluation
from dcgan.measuring.evaluation_log import comparable, read
from dcgan.planning import plan
from dcgan.reports.report import render
from dcgan.training import Trainer
from tests.dcgan.state import all_of, log, refused, stopping_after, weights_of
from tests.dcgan.support import as_bytes, files


@pytest.fixture
def again(evaluated, tmp_path) -> Path:
    """One that may be changed."""
    return Path(shutil.copytree(evaluated, tmp_path / "again"))


def best_files(run: Path) -> dict[str, bytes]:
    return files(run / "checkpoints" / "best")


def found(run: Path) -> dict[int, float]:
    return {record["step"]: record["distances"]["frechet"] for record in read(Run.open(run))}


def test_it_changes_not_a_byte_of_what_is_trained(evaluated, watched, tmp_path):
    plain = session.train(
        dataclasses.replace(watched, evaluate_every=None), tmp_path / "plain", progress=False
    )
    assert as_bytes(all_of(plain.trainer)) == weights_of(evaluated)
    lines = [{name: value for name, value in line.items() if name != "frechet"} for line in log(evaluated)]
    assert lines == log(tmp_path / "plain")
    assert not (tmp_path / "plain" / "evaluation.jsonl").exists()


def test_every_so_many_steps_it_is_in_the_log_too(evaluated):
    assert list(found(evaluated)) == [2, 4, 6]
    assert {line["step"]: line["frechet"] for line in log(evaluated) if "frechet" in line} == found(evaluated)


def test_the_last_one_has_marks_and_the_report_draws_the_floor(evaluated):
    *others, last = read(Run.open(evaluated))
    assert not any(record["marks"] for record in others)
    floor = last["marks"]["half of the pictures, from the other"]
    again = evaluate_again(evaluated)
    assert (again.marks["uniform noise"].frechet, again.distances.frechet) == (
        last["marks"]["uniform noise"]["frechet"],
        last["distances"]["frechet"],
    )
    page = render(Run.open(evaluated))
    assert page.count("<title>half of the pictures, from the other</title>") == 2  # both distances
    assert 0 < floor["frechet"] < last["marks"]["uniform noise"]["frechet"]


def evaluate_again(run: Path) -> Evaluation:
    """Evaluate a copy by hand, as the training did."""
    with TemporaryDirectory() as place:
        copy = shutil.copytree(run, Path(place) / "copy")
        return evaluate(copy, samples=Run.open(run).config.evaluate_samples, progress=False)


def test_the_best_checkpoint_is_that_of_the_smallest_distance(evaluated):
    distances = found(evaluated)
    best = min(distances, key=distances.__getitem__)
    assert steps_in(evaluated / "checkpoints" / "best") == [best]
    assert library.load(evaluated, best=True).step == best
    assert library.load(evaluated).step == 6
    run = Run.open(evaluated)
    kept = Best(run, Trainer(plan(run.image_shape, run.config)).parts, read(run)[0]["classifier"], never)
    assert kept.distance == distances[best]


@pytest.mark.parametrize("stop", [1, 4])
def test_a_stop_and_a_resume_measure_the_same(stop, evaluated, watched, tmp_path):
    folder = tmp_path / "stopped"
    session.train(watched, folder, stopped=stopping_after(stop), progress=False)
    loop = session.resume(folder, progress=False)
    assert as_bytes(all_of(loop.trainer)) == weights_of(evaluated)
    assert Run.open(folder).evaluations.read_bytes() == Run.open(evaluated).evaluations.read_bytes()
    assert log(folder) == log(evaluated)
    assert best_files(folder) == best_files(evaluated)


def test_a_best_checkpoint_that_is_ahead_of_the_log_comes_out_the_same(evaluated, watched, tmp_path):
    """A process was killed right after the best checkpoint, or the evaluation, was written."""
    session.train(watched, tmp_path / "killed", stopped=stopping_after(3), progress=False)
    for name in ("best", "best and evaluation"):
        folder = Path(shutil.copytree(tmp_path / "killed", tmp_path / name))
        shutil.rmtree(folder / "checkpoints" / "best")
        shutil.copytree(evaluated / "checkpoints" / "best", folder / "checkpoints" / "best")
        if name != "best":
            shutil.copy(Run.open(evaluated).evaluations, Run.open(folder).evaluations)
        session.resume(folder, progress=False)
        assert Run.open(folder).evaluations.read_bytes() == Run.open(evaluated).evaluations.read_bytes()
        assert best_files(folder) == best_files(evaluated)


def test_evaluating_afterwards_gives_the_same_number(again):
    during = read(Run.open(again))[-1]
    after = evaluate(again, samples=70, progress=False).to_json()
    assert after["distances"] == during["distances"] and after["step"] == during["step"] == 6
    best = evaluate(again, samples=70, best=True, progress=False)
    distances = found(again)
    assert best.distances.frechet == min(distances.values()) == distances[best.step]
    kept = evaluate(again, samples=70, step=4, progress=False)
    assert (kept.step, kept.distances.frechet) == (4, distances[4])
    refused(again, RunError, "no checkpoint of step 5", lambda: evaluate(again, samples=70, step=5))


def never() -> float:
    raise AssertionError("it is measured again")


def test_the_best_is_measured_again_by_another_classifier(evaluated, tmp_path, monkeypatch, capsys):
    folder = Path(shutil.copytree(evaluated, tmp_path / "again"))
    distances = found(folder)
    monkeypatch.setattr(features, "fingerprint", lambda weights: "another")
    session.resume(folder, steps=7, progress=False)
    said = f"the best checkpoint is {min(distances.values()):.4g} away by its features"
    assert said in capsys.readouterr().err
    records = read(Run.open(folder))
    assert [record["classifier"] for record in records] == [
        *[records[0]["classifier"]] * len(distances),
        "another",
    ]
    assert len(comparable(records)) == 2


def offered(tmp_path: Path, watched, *distances: float) -> tuple[list[bool], Best]:
    run = Run(tmp_path, watched, (9, 14, 3), "none")
    trainer = Trainer(plan(run.image_shape, run.config))
    best = Best(run, trainer.parts, None, never)
    return [best.offer(step, distance, trainer.state) for step, distance in enumerate(distances, 1)], best


def test_what_is_no_number_never_wins_and_of_two_equal_ones_the_older_stays(watched, tmp_path):
    answers, best = offered(tmp_path, watched, math.nan, 3.0, 3.0, math.inf, math.nan, 2.0, 4.0)
    assert answers == [False, True, False, False, False, True, False]
    assert steps_in(tmp_path / "checkpoints" / "best") == [6] and best.distance == 2.0


def test_a_better_one_of_an_earlier_step_takes_the_place_of_a_later_one(watched, tmp_path):
    """After a stop, a training that goes on from further back may come to other numbers, on another machine."""
    _, best = offered(tmp_path, watched, 5.0, 4.0, 3.0)
    assert best.offer(1, 2.0, ())
    assert steps_in(tmp_path / "checkpoints" / "best") == [1] and best.distance == 2.0


def test_no_best_checkpoint_is_told_from_none_yet(evaluated, finished, again, capsys):
    refused(finished, RunError, "has been kept as its best", lambda: library.load(finished, best=True))
    assert cli.main(["sample", str(finished), "--best", "--out", "x.png"]) == 1
    assert "trained without --evaluate-every" in capsys.readouterr().err
    shutil.rmtree(again / "checkpoints" / "best")
    refused(again, RunError, "has been kept as its best", lambda: library.load(again, best=True))


def test_sample_shows_the_best(evaluated, tmp_path):
    assert (
        cli.main(["sample", str(evaluated), "--count", "4", "--best", "--out", str(tmp_path / "b.png")]) == 0
    )
    library.load(evaluated, best=True).sample(4).save(tmp_path / "wanted.png")
    assert (tmp_path / "b.png").read_bytes() == (tmp_path / "wanted.png").read_bytes()


def test_a_damaged_best_checkpoint_stops_a_resume_and_the_fix_works(again):
    for data in (again / "checkpoints" / "best").glob("*.data-*"):
        data.write_bytes(data.read_bytes()[:100])
    refused(again, RunError, "the best checkpoint cannot be used", lambda: session.resume(again, steps=8))
    (again / "checkpoints" / "best").rename(again.parent / "away")
    session.resume(again, steps=8, progress=False)
    assert steps_in(again / "checkpoints" / "best") == [8]


def test_a_damaged_best_checkpoint_is_left_out_to_use_the_newest(again):
    data = next((again / "checkpoints" / "best").glob("*.data-*"))
    data.write_bytes(data.read_bytes()[:100])
    with pytest.raises(RunError) as caught:
        library.load(again, best=True)
    assert str(caught.value).endswith("fix: leave out --best, for its newest checkpoint")
    assert caught.value.diagnosis.given == str(again)
    assert library.load(again).step == 6


def test_too_few_samples_are_refused_before_there_is_a_run(watched, tmp_path):
    config = dataclasses.replace(watched, evaluate_samples=64)
    refused(
        tmp_path,
        RunError,
        "64 samples are too few",
        lambda: session.train(config, tmp_path / "r", progress=False),
    )


def test_without_classes_the_discriminator_judges_and_after_the_last_step_too(config, tmp_path):
    changed = dataclasses.replace(config, evaluate_every=4, evaluate_samples=30)
    session.train(changed, tmp_path / "run", progress=False)
    records = read(Run.open(tmp_path / "run"))
    assert [(record["step"], record["judge"], record["features"]) for record in records] == [
        (4, "discriminator", 6),
        (6, "discriminator", 6),
    ]
    assert all(record["classes"] is None and "opponent" in record["notes"][0] for record in records)


def test_a_run_that_was_never_evaluated_holds_no_trace_of_it(finished):
    assert not (finished / "evaluation.jsonl").exists()
    assert not (finished / "checkpoints" / "best").exists()
    assert all("frechet" not in line for line in log(finished))
    assert json.loads((finished / "config.json").read_text())["config"]["evaluate_every"] is None
    assert np.isfinite(log(finished)[-1]["d_loss"])
