"""A linear classifier on what a discriminator sees: the features, the machine, the division, the command."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from sklearn.svm import LinearSVC

from dcgan import cli
from dcgan.errors import DataError, RunError
from dcgan.measuring import activations, svm
from dcgan.measuring.activations import Scale, extract, pooled
from dcgan.measuring.held_out import Split, split
from dcgan.measuring.probe import _warmed, probe
from dcgan.models import Discriminator
from dcgan.pictures import Pictures
from dcgan.planning import plan
from tests.dcgan.labelled_runs import train, write_classes, write_npz
from tests.dcgan.support import SHAPE, TINY, files, write_pictures

# ---- features ----------------------------------------------------------------------------------------------------


def check_pooled(pool) -> None:
    chance = np.random.default_rng(0)
    for height, width in ((8, 12), (7, 5), (3, 9), (1, 1)):
        maps = chance.normal(size=(2, height, width, 3)).astype(np.float32)
        rows, columns = min(4, height), min(4, width)
        found = np.asarray(pool(tf.constant(maps)))
        assert found.shape == (2, rows, columns, 3)
        for row in range(rows):
            for column in range(columns):
                top, bottom = row * height // rows, int(np.ceil((row + 1) * height / rows))
                left, right = column * width // columns, int(np.ceil((column + 1) * width / columns))
                assert np.array_equal(found[:, row, column], maps[:, top:bottom, left:right].max(axis=(1, 2)))


def test_maps_are_pooled_to_four_by_four():
    check_pooled(pooled)
    with pytest.raises(AssertionError):
        check_pooled(lambda maps: -pooled(-maps))
    with pytest.raises(AssertionError):
        check_pooled(lambda maps: pooled(maps, grid=3))


def test_activations_are_those_of_every_convolution():
    network = Discriminator(plan(SHAPE, TINY))
    pictures = np.random.default_rng(0).integers(0, 256, (5, *SHAPE), np.uint8)
    x, seen = tf.constant(pictures / 127.5 - 1, tf.float32), []
    for layer in network.layers[:-1]:
        x = layer.forward(x, training=False)
        seen.append(pooled(x).numpy().reshape(5, -1))
    found = extract(activations.activations(network), pictures, np.array([4, 0, 2]), lambda count: None)
    assert np.allclose(found, np.concatenate(seen, axis=1)[[4, 0, 2]], atol=1e-6)
    assert found.shape[1] == 4 * 4 * 4 + 3 * 4 * 6


def test_the_statistics_of_one_never_trained_are_means_over_all_pictures(monkeypatch):
    pictures = Pictures(np.random.default_rng(0).integers(0, 256, (7, *SHAPE), np.uint8), "noise")
    every = Split(pictures, np.arange(7), pictures, np.arange(0), "none")
    found = []
    for chunk in (7, 3):  # of three batches the last is of one picture
        monkeypatch.setattr(activations, "CHUNK", chunk)
        found.append(_warmed(plan(SHAPE, TINY), every).norms[0].moving_mean)
    assert np.allclose(*found, atol=1e-6)


def test_large_features_go_to_a_file(monkeypatch):
    pictures = np.random.default_rng(0).integers(0, 256, (600, 2, 2, 1), np.uint8)
    inside = extract(activations.pixels, pictures, np.arange(600), lambda count: None)
    monkeypatch.setattr(activations, "LARGEST_IN_MEMORY", 100)
    outside = extract(activations.pixels, pictures, np.arange(600), lambda count: None)
    assert isinstance(outside, np.memmap)
    assert np.array_equal(inside, outside)
    monkeypatch.setattr(activations.shutil, "disk_usage", lambda folder: type("", (), {"free": 1000}))
    with pytest.raises(DataError, match="take fewer pictures with --labels-per-class"):
        extract(activations.pixels, pictures, np.arange(600), lambda count: None)


def test_a_scale_brings_features_to_mean_0_and_deviation_1():
    features = np.random.default_rng(0).normal(50, 7, (600, 4)).astype(np.float32)
    features[:, 2] = 3
    Scale.of(features).apply(features)
    assert np.allclose(features.mean(axis=0), 0, atol=1e-5)
    assert np.allclose(features.std(axis=0), [1, 1, 0, 1], atol=1e-5)


# ---- the machine -------------------------------------------------------------------------------------------------


def rows_of(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    labels = chance.integers(0, 3, count)
    rows = chance.normal(size=(count, 12)).astype(np.float32)
    rows[np.arange(count), labels] += 1.5
    return rows, labels


def check_machine(train_one) -> None:
    rows, labels = rows_of(300)
    for strength in (1e-3, 0.1):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            theirs = LinearSVC(C=strength, dual=False, tol=1e-8, max_iter=10_000).fit(rows, labels)
        ours = train_one(rows, labels, strength).weights
        assert np.allclose(ours[:-1].T, theirs.coef_, atol=2e-3)
        assert np.allclose(ours[-1], theirs.intercept_, atol=2e-3)


@pytest.mark.parametrize("part", [64, 4096])
def test_the_machine_is_that_of_scikit_learn(part, monkeypatch):
    monkeypatch.setattr(svm, "PART", part)
    check_machine(svm.trained)
    with pytest.raises(AssertionError):
        check_machine(lambda rows, labels, strength: svm.trained(rows, labels, 2 * strength))


def test_the_strength_that_does_best_on_rows_held_out_is_chosen():
    chance = np.random.default_rng(0)
    labels = np.arange(400) % 2
    noise = 3 * chance.normal(size=400)  # only the difference of the first two features says anything
    extra = chance.normal(size=(400, 50))
    rows = np.column_stack([labels + noise + 0.3 * extra[:, 0], noise, extra[:, 1:]]).astype(np.float32)
    tried: dict[float, float] = {}
    machine = svm.chosen(rows, labels, 100, tried=tried.__setitem__)
    assert machine.strength == max(tried, key=tried.get)
    assert machine.strength > min(tried)
    again = svm.trained(rows, labels, machine.strength)
    assert np.allclose(machine.weights, again.weights, atol=2e-3)  # trained on all rows in the end


# ---- who learns, who is tested ---------------------------------------------------------------------------------------


def pictures_of(*counts: int, name: str = "some") -> Pictures:
    labels = np.repeat(np.arange(len(counts)), counts)
    array = np.zeros((sum(counts), 2, 2, 1), np.uint8)
    return Pictures(array, name, labels=labels, classes=tuple("abcdef"[: len(counts)]))


def check_split(divide) -> None:
    pictures = pictures_of(50, 25, 10)
    divided = divide(pictures, None, 0)
    assert not set(divided.places) & set(divided.test_places)
    assert sorted([*divided.places, *divided.test_places]) == list(range(85))
    assert np.bincount(pictures.labels[divided.test_places]).tolist() == [10, 5, 2]
    last = pictures.labels[divided.places[-17:]]
    assert np.bincount(last, minlength=3).min() > 0  # those that choose C are of all classes
    assert divide(pictures, None, 0).places.tolist() == divided.places.tolist()
    assert divide(pictures, None, 1).places.tolist() != divided.places.tolist()


def test_one_in_five_of_each_class_is_kept_for_the_test():
    check_split(split)
    with pytest.raises(AssertionError):
        check_split(lambda pictures, tested, seed: split(pictures, pictures, seed))


def test_equally_many_are_learnt_from_and_all_test_pictures_are_used():
    divided = split(pictures_of(50, 25), pictures_of(3, 4, name="test"), 0, per_class=7)
    assert np.bincount(divided.learnt.labels[divided.places]).tolist() == [7, 7]
    assert divided.test_places.tolist() == list(range(7))


@pytest.mark.parametrize(
    ("counts", "tested", "per_class"), [((20, 9), None, 9), ((20, 4), None, None), ((20, 1), (1, 1), None)]
)
def test_a_class_with_too_few_pictures_is_refused(counts, tested, per_class, snapshot):
    with pytest.raises(DataError) as raised:
        split(pictures_of(*counts), tested and pictures_of(*tested), 0, per_class=per_class)
    assert str(raised.value) == snapshot


# ---- all of it ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A run, on pictures of which a half are bright and a half dark; others without classes."""
    place = tmp_path_factory.mktemp("probe")
    train(write_classes(place / "pictures", each=20), place / "run")
    write_pictures(place / "noise")
    write_classes(place / "one", classes=("bright",))
    write_classes(place / "others", seed=1)
    return place


def test_a_difference_that_is_seen_is_learnt(place):
    found = probe(place / "run", progress=False)
    assert (found.step, found.learnt, found.classes) == (6, 32, 2)
    assert {name: answer.accuracy for name, answer in found.answers.items()} == {
        "discriminator": 1, "untrained discriminator": 1, "pixels": 1,
    }  # fmt: skip
    assert found.answers["pixels"].features == np.prod(SHAPE)
    written = json.loads((place / "run" / "probe.json").read_text())
    assert written["answers"]["pixels"]["accuracy"] == 1


def test_a_discriminator_that_was_told_the_classes_is_said_to_have_been(place, tmp_path):
    run = train(place / "pictures", tmp_path / "run", conditional=True)
    assert "no test of it" in str(probe(run, labels_per_class=5, progress=False))
    others = str(write_classes(tmp_path / "others", seed=1))
    assert "no test of it" not in str(probe(run, data=others, labels_per_class=5, progress=False))


def test_labels_that_mean_nothing_are_not_learnt(place, tmp_path):
    for number in range(2):  # two times the same noise under the name of the other class
        write_classes(tmp_path / "data" / "ab"[number], each=20, classes=("x", "y"), seed=number)
    found = probe(place / "run", data=str(tmp_path / "data"), progress=False)
    assert all(answer.accuracy < 0.9 for answer in found.answers.values())


def test_the_command_prints_a_table(place, capsys):
    assert cli.main(["probe", str(place / "run"), "--labels-per-class", "5"]) == 0
    lines = capsys.readouterr().out.replace(str(place), "").splitlines()
    assert lines[0] == "linear L2-SVM, 2 classes, learnt from 10 pictures of /pictures,"
    assert lines[2].split() == ["features", "C", "right"]
    assert [line[2:25].rstrip() for line in lines[3:]] == [
        "discriminator",
        "untrained discriminator",
        "pixels",
    ]


REFUSED = {
    "no classes": ({"data": "noise"}, DataError),
    "one class": ({"data": "one"}, DataError),
    "those that are learnt from": ({"data": "others", "test": "others"}, DataError),
    "no number": ({"labels_per_class": 1}, RunError),
    "no seed": ({"seed": 1.5}, RunError),
    "no best": ({"best": True}, RunError),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_and_nothing_is_written(case, place, monkeypatch, snapshot):
    options, kind = REFUSED[case]
    monkeypatch.chdir(place)
    before = files(place)
    with pytest.raises(kind) as raised:
        probe("run", progress=False, **options)
    assert str(raised.value).replace(str(place), "PLACE") == snapshot
    assert files(place) == before


def test_a_run_that_cannot_be_written_to_is_refused_before_the_work(place, monkeypatch):
    def full(*_, **__):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("dcgan.keeping.files.TemporaryFile", full)
    monkeypatch.setattr("dcgan.measuring.probe._divided", lambda *_, **__: 1 / 0)
    with pytest.raises(RunError, match=r"probe.json cannot be written: Read-only file system"):
        probe(place / "run", progress=False)


def test_test_pictures_without_classes_are_no_test(place, tmp_path):
    arrays = dict(np.load(write_npz(tmp_path / "all.npz")))
    np.savez(tmp_path / "some.npz", **{name: array for name, array in arrays.items() if name != "y_test"})
    found = probe(place / "run", data=str(tmp_path / "some.npz"), progress=False)
    assert "one in 5 of each class" in found.tested
    found = probe(place / "run", data=str(tmp_path / "all.npz"), progress=False)
    assert found.tested.startswith("20 pictures")
