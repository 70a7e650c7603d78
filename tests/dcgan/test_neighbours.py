"""Real pictures named after the nearest sample: that it is the nearest, and of a sample that the run would make."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import dcgan
from dcgan import cli
from dcgan.errors import DataError, RunError
from dcgan.measuring import nearest, neighbours
from dcgan.measuring.nearest import Nearest
from tests.dcgan.labelled_runs import CLASSES, train, write_classes, write_npz
from tests.dcgan.support import SHAPE, files


def plainly(pictures: np.ndarray, others: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The label of the first of the nearest, in whole numbers."""
    flat, rest = (each.reshape(len(each), -1).astype(np.int64) for each in (pictures, others))
    return np.array([labels[((rest - one) ** 2).sum(axis=1).argmin()] for one in flat])


def check_nearest(made, shape: tuple[int, int, int]) -> None:
    chance = np.random.default_rng(0)
    pictures, others = (chance.integers(0, 256, (count, *shape), np.uint8) for count in (30, 50))
    others[40:] = others[:10]  # ties, whose first one counts
    others[20:30] = pictures[:10]
    labels = np.arange(50)
    found = made(pictures)
    for start in range(0, 50, 17):
        found.see(others[start : start + 17], labels[start : start + 17])
    assert found.labels.tolist() == plainly(pictures, others, labels).tolist()


@pytest.mark.parametrize("part", [7, 1024])
@pytest.mark.parametrize("shape", [(3, 5, 1), (20, 21, 3)])
def test_the_nearest_is_found_through_all_parts(part, shape, monkeypatch):
    monkeypatch.setattr(nearest, "PART", part)
    check_nearest(Nearest, shape)


def test_forgetting_a_part_and_the_last_of_a_tie_are_noticed():
    class Forgetful(Nearest):
        def see(self, others, labels):
            self._closest[:] = np.inf
            super().see(others, labels)

    class Latest(Nearest):
        def see(self, others, labels):
            super().see(others[::-1], labels[::-1])

    for wrong in (Forgetful, Latest):
        with pytest.raises(AssertionError):
            check_nearest(wrong, (1, 1, 1))


def test_distances_are_exact_where_float32_is_not():
    picture = np.zeros((1, 64, 64, 3), np.uint8)
    picture[0, 0, 0, 0] = 255
    others = np.full((2, 64, 64, 3), 255, np.uint8)
    others[0, 0, 0, 0] = 254  # further away, by 1 of 798,000,000
    found = Nearest(picture)
    found.see(others, np.array([0, 1]))
    assert found.labels.tolist() == [1]
    apart = others.reshape(2, -1).astype(np.float32) - picture.reshape(1, -1)
    assert (apart**2).sum(axis=1).argmin() == 0  # added up in float32, both are as far


def test_each_picture_needs_a_label():
    with pytest.raises(ValueError, match="before others have been seen"):
        _ = Nearest(np.zeros((1, 2, 2, 1), np.uint8)).labels
    with pytest.raises(ValueError, match="2 labels for 3 pictures"):
        Nearest(np.zeros((1, 2, 2, 1), np.uint8)).see(np.zeros((3, 2, 2, 1), np.uint8), np.zeros(2, int))


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A run on classes, test pictures of the same ones, of others, and of none."""
    place = tmp_path_factory.mktemp("neighbours")
    train(write_classes(place / "pictures"), place / "run", conditional=True)
    train(place / "pictures", place / "plain")
    write_classes(place / "test", seed=1)
    write_classes(place / "others", classes=("bright", "grey", "dark"))
    return place


@pytest.mark.parametrize("statistics", ["running", "batch"])
def test_samples_are_those_of_the_run_and_errors_are_counted(statistics, place, monkeypatch):
    monkeypatch.setattr(neighbours, "_AT_ONCE", 1)  # 64 at once
    found = neighbours.neighbours(
        place / "run", samples=151, seed=3, test=str(place / "test"), statistics=statistics, progress=False
    )
    made = dcgan.load(place / "run", statistics=statistics).sample(151, seed=3).array
    test, real = (dcgan.data.load(place / name, progress=False) for name in ("test", "pictures"))
    answers = plainly(test.array, made, np.arange(151) % 2)
    assert found.error == (answers != test.labels).mean()
    assert np.sum(found.confusion) == 20
    assert np.trace(found.confusion) == (answers == test.labels).sum()
    wanted = plainly(test.array, real.array, real.labels)
    assert found.training_error == (wanted != test.labels).mean() == 0
    written = json.loads((place / "run" / "neighbours.json").read_text())
    assert (written["error"], written["step"], tuple(written["classes"])) == (found.error, 6, CLASSES)


def test_the_command_prints_a_table(place, capsys):
    words = ["neighbours", str(place / "run"), "--samples", "40", "--test", str(place / "test")]
    assert cli.main(words) == 0
    lines = capsys.readouterr().out.replace(str(place), "").splitlines()
    assert lines[0] == "1-nearest neighbours of the 20 pictures of /test, after 6 steps"
    assert lines[1].startswith("  of 40 samples: ")
    assert lines[2] == "  of 20 training pictures:   0.00% wrong"
    assert lines[4].split() == ["taken", "for", "bright", "dark", "wrong"]
    assert [line.split()[0] for line in lines[5:]] == list(CLASSES)


REFUSED = {
    "unconditional": ("plain", {"test": "test"}, RunError),
    "no test pictures": ("run", {}, DataError),
    "other classes": ("run", {"test": "others"}, DataError),
    "the pictures that it was trained on": ("run", {"test": "pictures"}, DataError),
    "too few samples": ("run", {"test": "test", "samples": 1}, RunError),
    "no seed": ("run", {"test": "test", "seed": -1}, RunError),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_and_nothing_is_written(case, place, monkeypatch, snapshot):
    run, options, kind = REFUSED[case]
    monkeypatch.chdir(place)
    before = files(place)
    with pytest.raises(kind) as raised:
        neighbours.neighbours(run, progress=False, **options)
    assert str(raised.value).replace(str(place), "PLACE") == snapshot
    assert files(place) == before


def test_a_file_that_has_moved_brings_its_test_pictures_with_it(tmp_path):
    run = train(write_npz(tmp_path / "pictures.npz"), tmp_path / "run", conditional=True)
    here = neighbours.neighbours(run, samples=40, progress=False)
    moved = str((tmp_path / "pictures.npz").rename(tmp_path / "moved.npz"))
    there = neighbours.neighbours(run, samples=40, data=moved, progress=False)
    named = neighbours.neighbours(run, samples=40, data=moved, test=moved, progress=False)
    assert np.sum(here.confusion) == 20
    assert here.confusion == there.confusion == named.confusion
    assert here.test != there.test == named.test == f"20 pictures of {dcgan.data.load_test(moved).name}"


def test_shapes_of_the_test_pictures_are_those_of_the_run(place):
    assert dcgan.data.load(place / "test", progress=False).image_shape == SHAPE


def test_a_run_that_cannot_be_written_to_is_refused_before_the_work(place, monkeypatch):
    def full(*_, **__):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("dcgan.keeping.files.TemporaryFile", full)
    monkeypatch.setattr(neighbours, "_nearest", lambda *_: 1 / 0)
    with pytest.raises(RunError, match=r"neighbours.json cannot be written: Read-only file system"):
        neighbours.neighbours(place / "run", test=str(place / "test"), progress=False)
