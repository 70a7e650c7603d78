"""What evaluations refuse, word for word; and a disk that is full in the middle of a line."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from dcgan.choices import best_of
from dcgan.config import Config
from dcgan.errors import DCGANError, RunError
from dcgan.keeping import checkpoint_refusals
from dcgan.keeping.runs import Run
from dcgan.measuring import best, evaluation_data, evaluation_log
from dcgan.measuring.evaluation_refusals import check_samples
from dcgan.pictures import Pictures
from tests.dcgan.state import check_four_parts

RUN = Run(Path("runs/digits-1"), Config(), (28, 28, 1), "none")
RECORD = {"step": 2, "weights": "last", "statistics": "running", "samples": 70, "seed": 0, "during": True,
          "reference": "them", "judge": "classifier", "classifier": "0123456789abcdef", "distances": {"frechet": 1.5}, "classes": None}  # fmt: skip


def raised(action) -> DCGANError:
    with pytest.raises(DCGANError) as caught:
        action()
    return caught.value


def errors() -> dict[str, DCGANError]:
    watched = dataclasses.replace(RUN, config=Config(evaluate_every=100))
    damaged = checkpoint_refusals.damaged(RUN.best, 200, "Data loss", [200], None)
    return {
        "too few samples": raised(lambda: check_samples(64, 64, "--samples")),
        "no number of samples": raised(lambda: check_samples(True, 64, "--evaluate-samples")),
        "other pictures": evaluation_data._other_pictures(RUN, "photos", "pictures"),
        "other classes": evaluation_data._other_pictures(RUN, "photos", "classes of its pictures"),
        "one picture": evaluation_data._one_picture(Pictures(np.zeros((1, 2, 2, 1), np.uint8), "alone")),
        "never evaluated": raised(lambda: best_of(RUN)),
        "not yet evaluated": raised(lambda: best_of(watched)),
        "best damaged": best._unusable(RUN, damaged),
        "not an evaluation": evaluation_log._unreadable(RUN.evaluations, "line 3 is not an evaluation"),
        "disk full": evaluation_log._unwritable(RUN.evaluations, OSError(28, "No space left on device")),
        "step not kept": checkpoint_refusals.not_kept(RUN.checkpoints, 5, [2, 4, 6]),
    }


def test_errors_word_for_word(snapshot):
    for error in errors().values():
        check_four_parts(error)
    assert {name: str(error) for name, error in errors().items()} == snapshot


@pytest.mark.parametrize("size", [1, 6, 64, 1000])
def test_the_fix_of_too_few_samples_is_enough(size):
    (option, count), *_ = raised(lambda: check_samples(1, size, "--samples")).diagnosis.fix.items()
    check_samples(count, size, option)


@pytest.fixture
def run(tmp_path) -> Run:
    return dataclasses.replace(RUN, folder=tmp_path)


def test_a_disk_that_is_full_in_the_middle_of_a_line_loses_none_before(run, monkeypatch):
    evaluation_log.add(run, RECORD)
    opened = Path.open

    class Full:
        def __init__(self, *arguments, **named):
            self.file = opened(*arguments, **named)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.file.close()

        def write(self, line: bytes) -> int:
            return self.file.write(line[:20])

    with monkeypatch.context() as patch:
        patch.setattr(
            Path,
            "open",
            lambda path, mode="r", **named: (Full if mode == "ab" else opened)(path, mode, **named),
        )
        with pytest.raises(RunError, match="No space left on device"):
            evaluation_log.add(run, RECORD | {"step": 4})
    assert evaluation_log.read(run) == [RECORD]
    evaluation_log.add(run, RECORD | {"step": 6})
    assert [record["step"] for record in evaluation_log.read(run)] == [2, 6]


@pytest.mark.parametrize("line", ["nonsense", "[1]", '{"step": 2}', '{"distances": {"frechet": null}}'])
def test_what_is_no_evaluation_is_named_by_its_line(line, run):
    evaluation_log.add(run, RECORD)
    with run.evaluations.open("a") as file:
        file.write(line + "\n")
    with pytest.raises(RunError, match="line 2 is not an evaluation"):
        evaluation_log.read(run)


def test_only_what_a_training_measured_after_a_step_is_forgotten(run):
    for step in (2, 4):
        for during in (True, False):
            evaluation_log.add(run, RECORD | {"step": step, "during": during})
    evaluation_log.forget_after(run, 2)
    kept = [(record["step"], record["during"]) for record in evaluation_log.read(run)]
    assert kept == [(2, True), (2, False), (4, False)]


def test_what_can_be_compared_is_grouped(run):
    records = [RECORD | {"step": step, "samples": samples} for step in (2, 4) for samples in (70, 80)]
    groups = evaluation_log.comparable(records)
    assert [[(record["step"], record["samples"]) for record in group] for group in groups] == [
        [(2, 70), (4, 70)],
        [(2, 80), (4, 80)],
    ]


@pytest.mark.parametrize("where", ["the folder", "the file"])
def test_what_cannot_be_added_to_is_refused_before_the_work(where, run, monkeypatch):
    def refuse(*_, **__):
        raise OSError(30, "Read-only file system")

    run.evaluations.touch()
    evaluation_log.check(run)
    if where == "the folder":
        monkeypatch.setattr("dcgan.keeping.files.TemporaryFile", refuse)
    else:
        usual = Path.open
        monkeypatch.setattr(
            Path, "open", lambda self, mode="r", *more: refuse() if "a" in mode else usual(self, mode, *more)
        )
    with pytest.raises(RunError, match=r"evaluation.jsonl cannot be written: Read-only file system"):
        evaluation_log.check(run)
