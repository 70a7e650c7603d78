"""dcgan evaluate: what judges, what the numbers are held against, what is kept, said and refused."""

from __future__ import annotations

import dataclasses
import math
import shutil
from pathlib import Path

import numpy as np
import pytest

from dcgan import cli
from dcgan.config import Config
from dcgan.data import load, load_test
from dcgan.errors import DataError, RunError
from dcgan.keeping.runs import Run
from dcgan.measuring import classifier, classifier_cache
from dcgan.measuring.classifier import Classifier, Trust
from dcgan.measuring.evaluating import evaluate
from dcgan.measuring.evaluation import Origin
from dcgan.measuring.evaluation_data import Real, blurred, chosen, real, training_of
from dcgan.measuring.evaluation_log import add, read
from dcgan.measuring.evaluation_table import table
from dcgan.measuring.features import ClassifierEye, DiscriminatorEye, has_classes
from dcgan.measuring.judging import Judge
from dcgan.models import Discriminator
from dcgan.pictures import Pictures
from dcgan.planning import plan
from dcgan.reports.report import render
from tests.dcgan.evaluate_support import CLASSES, write_classes
from tests.dcgan.labelled_runs import train, write_npz
from tests.dcgan.state import refused
from tests.dcgan.support import files, python, write_pictures

HERE = Origin(step=6, weights="last", statistics="running", seed=0, during=False, classes=0)


@pytest.fixture
def again(evaluated, tmp_path) -> Path:
    """A run that may be changed."""
    return Path(shutil.copytree(evaluated, tmp_path / "again"))


@pytest.fixture(scope="module")
def pictures(watched) -> Pictures:
    return load(watched.data, progress=False)


@pytest.fixture(scope="module")
def eye(pictures) -> ClassifierEye:
    return ClassifierEye(*classifier_cache.kept(pictures, progress=False))


def halved(pictures: Pictures) -> Real:
    """Every second picture held against the others."""
    array, labels = pictures.array, pictures.labels
    training = Pictures(array[::2], "half", labels=labels[::2], classes=pictures.classes)
    return Real(training, array[1::2], "the other half", True)


def noisy(array: np.ndarray, share: float) -> np.ndarray:
    """Mix pictures with noise."""
    noise = np.random.default_rng(0).integers(0, 256, array.shape)
    return ((1 - share) * array + share * noise).astype(np.uint8)


def test_real_pictures_are_nearest_and_noise_is_farthest(pictures, eye):
    judge = Judge(eye, halved(pictures))
    array = pictures.array[::2]

    def distances(made: np.ndarray):
        return judge.evaluate([made], HERE).distances

    marks = judge.marked(judge.evaluate([array], HERE)).marks
    near, far, noise = distances(noisy(array, 0.15)), distances(noisy(array, 0.5)), marks["uniform noise"]
    floor = marks["training pictures"]
    assert floor.frechet < near.frechet < far.frechet < noise.frechet
    assert floor.kernel < near.kernel < far.kernel < noise.kernel
    assert distances(array) == floor  # what was held against the reference were the training pictures
    blur = marks["training pictures, blurred"]
    assert floor.frechet < blur.frechet < noise.frechet


def test_one_training_picture_has_no_marks_of_its_own(pictures, eye):
    one = Pictures(pictures.array[:1], "one")
    beside = Real(one, pictures.array, "others", True)
    judge = Judge(eye, beside)
    marks = judge.marked(judge.evaluate([pictures.array], HERE)).marks
    assert "uniform noise" in marks and not any("training" in name for name in marks)


def test_parts_of_any_size_are_the_same_samples(pictures, eye):
    judge = Judge(eye, halved(pictures))
    whole = judge.evaluate([pictures.array], HERE)
    parts = judge.evaluate(iter(np.array_split(pictures.array, 5)), HERE)
    assert parts.samples == whole.samples == len(pictures)
    assert parts.distances.frechet == pytest.approx(whole.distances.frechet, abs=1e-4)


def test_classes_are_counted_and_held_against_what_samples_were_made_as(pictures, eye):
    judge = Judge(eye, halved(pictures))
    by_class = [pictures.array[pictures.labels == number] for number in range(3)]
    in_turn = np.stack(by_class, axis=1).reshape(-1, *pictures.image_shape)
    of_classes = dataclasses.replace(HERE, classes=3)
    found = judge.evaluate([in_turn], of_classes).classes
    assert found.names == CLASSES and sum(found.counts) == len(pictures)
    assert min(found.right) > 0.8 and found.share == 1 and found.entropy > 0.9 * math.log(3)
    shifted = judge.evaluate([np.roll(in_turn, 1, axis=0)], of_classes).classes
    assert max(shifted.right) < 0.2
    one = judge.evaluate([by_class[0]], HERE).classes
    assert one.right is None and one.share == pytest.approx(1 / 3) and one.entropy < 0.5


def test_a_classifier_is_the_same_each_time_it_is_trained(pictures, eye):
    other = Classifier(pictures.image_shape, 3)
    trust = other.train(pictures, progress=False)
    for one, two in zip(other.model.get_weights(), eye.classifier.model.get_weights(), strict=True):
        assert np.array_equal(one, two)
    assert trust == eye.trust and trust.doubt is None and trust.accuracy > 0.8


@pytest.mark.parametrize("shape", [(1, 3, 3), (130, 7, 1)])
def test_a_classifier_fits_pictures_of_any_size(shape):
    array = np.random.default_rng(0).integers(0, 256, (5, *shape), np.uint8)
    features, answers = Classifier(shape, 2).look(array)
    assert features.shape == (5, 64) and answers.shape == (5,) and np.isfinite(features).all()


@pytest.mark.parametrize(("side", "wanted"), [(8, 8), (64, 64), (65, 33), (256, 64)])
def test_a_longer_side_is_averaged_down(side, wanted):
    first = Classifier((side, 3, 1), 2).model.layers[1]
    shape = first.output.shape[1] if side > 64 else side
    assert shape == wanted


def test_a_classifier_that_failed_is_said_so(pictures, eye):
    doubted = ClassifierEye(eye.classifier, Trust(accuracy=0.36, chance=0.34))
    found = Judge(doubted, halved(pictures)).evaluate([pictures.array], HERE)
    assert "learned next to nothing" in found.notes[0]
    assert "learned next to nothing" in table(found.to_json())
    assert "wrong too often" in Trust(0.5, 0.34).doubt


def untrainable(*_, **__):
    raise AssertionError("it was trained again")


def test_a_classifier_is_kept(pictures, eye, monkeypatch, classifier_cache_file):
    monkeypatch.setattr(Classifier, "train", untrainable)
    kept, trust = classifier_cache.kept(pictures, progress=False)
    assert trust == eye.trust
    assert np.array_equal(kept.look(pictures.array)[0], eye.see(pictures.array).features)


def test_of_other_pictures_labels_or_settings_another_one_is_kept(pictures, monkeypatch):
    labels = np.roll(pictures.labels, 1)
    others = [
        Pictures(pictures.array[:-1], "fewer", labels=pictures.labels[:-1], classes=pictures.classes),
        Pictures(pictures.array, "rolled", labels=labels, classes=pictures.classes),
    ]
    assert len({classifier_cache.key(each) for each in (pictures, *others)}) == 3
    before = classifier_cache.key(pictures)
    monkeypatch.setattr(classifier, "RATE", 0.5)
    assert classifier_cache.key(pictures) != before


@pytest.fixture
def classifier_cache_file(pictures, eye) -> Path:
    return classifier_cache.folder() / f"{classifier_cache.key(pictures)}.npz"


@pytest.mark.parametrize("harm", ["cut", "flipped", "empty", "other"])
def test_a_damaged_one_is_trained_again(
    harm, pictures, eye, classifier_cache_file, capsys, tmp_path, monkeypatch
):
    monkeypatch.setattr(Classifier, "train", lambda *_, **__: eye.trust)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    whole = classifier_cache_file.read_bytes()
    middle = len(whole) // 2
    harmed = {
        "cut": whole[:middle],
        "flipped": whole[:middle]
        + bytes(255 - byte for byte in whole[middle : middle + 64])
        + whole[middle + 64 :],
        "empty": b"",
        "other": b"not a classifier at all",
    }[harm]
    file = classifier_cache.folder() / classifier_cache_file.name
    file.parent.mkdir(parents=True)
    file.write_bytes(harmed)
    _, trust = classifier_cache.kept(pictures, progress=False)
    assert trust == eye.trust
    assert f"{file} is damaged" in capsys.readouterr().err
    assert file.stat().st_size == len(whole)


def test_where_none_can_be_kept_it_says_so_and_goes_on(pictures, eye, tmp_path, monkeypatch, capsys):
    (tmp_path / "dcgan").write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(Classifier, "train", lambda *_, **__: eye.trust)
    classifier_cache.kept(pictures, progress=False)
    assert "the classifier is not kept" in capsys.readouterr().err


@pytest.mark.parametrize(
    "error", [PermissionError(13, "Permission denied"), RuntimeError("no home directory")]
)
def test_where_none_can_be_read_it_says_so_and_goes_on(error, pictures, eye, monkeypatch, capsys):
    def nowhere():
        raise error

    monkeypatch.setattr(classifier_cache, "folder", nowhere)
    monkeypatch.setattr(Classifier, "train", lambda *_, **__: eye.trust)
    assert classifier_cache.kept(pictures, progress=False)[1] == eye.trust
    said = capsys.readouterr().err
    assert "kept classifiers cannot be read" in said
    assert "the classifier is not kept" in said


def test_a_discriminator_sees_nothing_of_its_scale():
    shape = (9, 14, 3)
    made = np.random.default_rng(0).integers(0, 256, (40, *shape), np.uint8)
    discriminator = Discriminator(plan(shape, Config(width=4)))
    before = [variable.numpy() for variable in discriminator.variables]
    eye = DiscriminatorEye(discriminator, made)
    assert np.allclose(eye.see(made).features.std(axis=0), 1)
    for variable, old in zip(discriminator.variables, before, strict=True):
        assert np.array_equal(variable.numpy(), old)
    assert eye.see(made[:7]).features == pytest.approx(eye.see(made).features[:7], rel=1e-4)


def test_the_reference_is_said(pictures, watched, evaluated, tmp_path):
    run = Run.open(evaluated)
    own = real(run, pictures, progress=False)
    assert (own.words, own.apart) == ("the 72 training pictures themselves", False)
    other = real(run, pictures, str(write_pictures(tmp_path / "n", 5, (20, 20, 3))), progress=False)
    assert other.apart and other.words == f"the 5 pictures of {tmp_path / 'n'}"
    assert other.reference.shape == (5, 9, 14, 3)
    assert [len(part) for part in other.some(10)] == [10] and sum(map(len, other.some(999))) == 72
    assert [len(part) for part in other.noise(600)] == [256, 256, 88]


def test_blur_and_choice_leave_the_pictures_as_they_are(pictures):
    assert blurred(pictures.array).shape == pictures.array.shape
    assert blurred(np.full((1, 1, 1, 1), 7, np.uint8)).item() == 7
    few = chosen(pictures.array, 10)
    assert len(few) == 10 and np.array_equal(few, chosen(pictures.array, 10))


@pytest.mark.parametrize(("count", "classes", "wanted"), [(19, 2, False), (20, 2, True), (20, 1, False)])
def test_a_classifier_needs_classes_and_a_few_pictures(count, classes, wanted):
    array = np.zeros((count, 2, 2, 1), np.uint8)
    names = tuple("abc"[:classes])
    assert has_classes(Pictures(array, "x", labels=np.arange(count) % classes, classes=names)) == wanted
    assert not has_classes(Pictures(array, "x"))


def test_the_command_prints_a_table_and_writes_it_into_the_run(again, capsys):
    before = files(again)
    assert cli.main(["evaluate", str(again), "--samples", "80", "--seed", "3"]) == 0
    shown = capsys.readouterr().out
    last = read(Run.open(again))[-1]
    assert shown == table(last) + "\n"
    assert (last["samples"], last["seed"], last["during"]) == (80, 3, False)
    assert list(last["marks"]) == [
        "half of the pictures, from the other",
        "training pictures, blurred",
        "uniform noise",
    ]
    after = files(again)
    assert after.pop("evaluation.jsonl").startswith(before.pop("evaluation.jsonl"))
    assert after == before
    page = render(Run.open(again))
    assert "How far from real pictures" in page and "uniform noise (ceiling)" in page
    assert "<title>Frechet distance</title>" in page


def test_the_same_evaluation_twice_is_the_same_and_counts_once(again):
    run = Run.open(again)
    before = len(read(run))
    first = evaluate(again, samples=70, progress=False)
    assert evaluate(again, samples=70, progress=False) == first
    assert len(read(run)) == before + 1
    assert evaluate(again, samples=70, seed=1, progress=False).distances != first.distances


def test_a_torn_line_is_left_out_and_mended(again):
    run = Run.open(again)
    records = read(run)
    with run.evaluations.open("ab") as file:
        file.write(b'{"step": 7, "wei')
    assert read(run) == records
    add(run, records[-1] | {"seed": 9})
    assert [record["seed"] for record in read(run)] == [0, 0, 0, 9]


TABLE = """\
step 2000, the average of the weights, reestimated statistics, 10000 samples of seed 0
against the 10000 test pictures of mnist
in 64 features of a classifier of the training pictures, which is right about 98.9 % of those kept from it

                               Frechet         kernel x 1000
training pictures (floor)       0.0163            0.2 ± 0.31
samples                           3.73              95 ± 5.4
training pictures, blurred       0.295                12 ± 1
uniform noise (ceiling)            819           98000 ± 120

classes covered: 2 of 3; entropy 0.611 of at most 1.099; taken for what they were made as: 66.7 %
  a    70.0 %  100.0 % right
  bb   30.0 %  100.0 % right
  c     0.0 %    0.0 % right

note: one side is small."""


def test_a_table():
    def apart(frechet: float, kernel: float, deviation: float) -> dict[str, float]:
        return {"frechet": frechet, "kernel": kernel / 1000, "kernel_deviation": deviation / 1000}

    record = {
        "step": 2000, "weights": "ema", "statistics": "reestimated", "samples": 10_000, "seed": 0,
        "reference": "the 10000 test pictures of mnist", "judge": "classifier", "features": 64, "accuracy": 0.989,
        "distances": apart(3.7251, 95, 5.4),
        "marks": {"training pictures": apart(0.01634, 0.2, 0.31), "training pictures, blurred": apart(0.295, 12, 1),
                  "uniform noise": apart(819.26, 98_000, 120)},
        "classes": {"names": ["a", "bb", "c"], "counts": [7000, 3000, 0], "share": 2 / 3, "entropy": 0.611,
                    "right": [1.0, 1.0, 0.0]},
        "notes": ["one side is small"],
    }  # fmt: skip
    assert table(record) == TABLE
    assert "of the run's discriminator" in table(record | {"accuracy": None, "classes": None})


def test_what_cannot_be_is_refused_and_nothing_is_changed(again, tmp_path, watched):
    def asking(**given):
        return lambda: evaluate(again, progress=False, **given)

    refused(again, RunError, "64 samples are too few for 64 features", asking(samples=64))
    refused(again, RunError, "seed cannot be -1", asking(seed=-1))
    refused(again, RunError, "keeps no average", asking(weights="ema"))
    refused(again, RunError, "other pictures", asking(data=str(write_classes(tmp_path / "others", seed=1))))
    refused(again, DataError, "has one picture", asking(reference=str(write_pictures(tmp_path / "one", 1))))
    refused(again, DataError, "there is no data set", asking(reference=str(tmp_path / "nowhere")))
    Run.open(again).evaluations.write_text("nonsense\n")
    refused(again, RunError, "line 1 is not an evaluation", asking(samples=70))


def test_pictures_that_have_moved_are_found_with_data(tmp_path):
    run = train(write_npz(tmp_path / "pictures.npz", each=40), tmp_path / "run")
    here = evaluate(run, samples=70, progress=False)
    moved = str((tmp_path / "pictures.npz").rename(tmp_path / "moved.npz"))
    there = evaluate(run, samples=70, data=moved, progress=False)
    assert (here.distances, here.marks) == (there.distances, there.marks)
    assert there.reference == f"the 80 test pictures of {moved}"
    with pytest.raises(DataError, match="there is no data set"):
        evaluate(run, samples=70, progress=False)


def test_a_reference_has_its_test_pictures_taken_and_is_said_to_be_the_training_pictures(tmp_path):
    file = str(write_npz(tmp_path / "pictures.npz", each=40))
    run = Run.open(train(file, tmp_path / "run"))
    training = training_of(run, progress=False)
    beside = real(run, training, file, progress=False)
    assert beside.apart
    assert np.array_equal(beside.reference, load_test(file, progress=False).array)
    np.save(tmp_path / "same.npy", training.array)
    same = real(run, training, str(tmp_path / "same.npy"), progress=False)
    assert not same.apart
    assert np.array_equal(same.reference, training.array)


def test_it_starts_without_tensorflow():
    code = (
        "import sys; import dcgan.measuring.evaluating, dcgan.commands.evaluate_verb, dcgan.measuring.evaluation_table, dcgan.reports.report;"
        "print('tensorflow' in sys.modules)"
    )
    ran = python("-c", code)
    assert ran.stdout == "False\n", ran.stderr
