"""A run opened from Python: its pictures, how they show themselves, and every one by itself on disk."""

from __future__ import annotations

import dataclasses
import io

import numpy as np
import pytest
from PIL import Image

import dcgan
from dcgan import session, trained
from dcgan.errors import RunError
from dcgan.images import grid
from dcgan.keeping.runs import Run
from dcgan.sampling import CHUNK
from tests.dcgan.state import check_four_parts, refused
from tests.dcgan.support import SHAPE, TINY, as_bytes, files
from tests.dcgan.trained_support import lively


@pytest.fixture(scope="module")
def opened(finished):
    return dcgan.load(finished)


@pytest.fixture(scope="module")
def alive(finished):
    return lively(Run.open(finished))


def read(path) -> np.ndarray:
    with Image.open(path) as image:
        pixels = np.asarray(image)
    return pixels if pixels.ndim == 3 else pixels[:, :, None]


def test_load_opens_the_newest_checkpoint_and_says_what_it_is(opened, finished):
    assert opened.step == 6
    assert repr(opened) == f"<{finished} after 6 steps: 9x14x3 from 6 numbers>"
    assert opened.blueprint.image_shape == SHAPE


def test_samples_are_those_of_the_command(opened, finished, tmp_path):
    session.sample(finished, 7, tmp_path / "sheet.png", seed=3)
    opened.sample(7, seed=3).save(tmp_path / "mine.png")
    assert (tmp_path / "mine.png").read_bytes() == (tmp_path / "sheet.png").read_bytes()
    opened.sample(7, seed=4).save(tmp_path / "other.png")
    assert (tmp_path / "other.png").read_bytes() != (tmp_path / "sheet.png").read_bytes()


def test_using_it_changes_nothing(opened, finished):
    before, on_disk = as_bytes(opened.generator.variables), files(finished)
    opened.sample(70)
    opened.paint(np.zeros((3, TINY.latent)))
    assert as_bytes(opened.generator.variables) == before
    assert files(finished) == on_disk


@pytest.mark.parametrize("count", [1, CHUNK, CHUNK + 1])
def test_any_count_with_latents_that_give_the_same_pictures(alive, count):
    samples = alive.sample(count, seed=5)
    assert samples.array.shape == (count, *SHAPE) and samples.array.dtype == np.uint8
    assert samples.latents.shape == (count, TINY.latent)
    assert np.array_equal(alive.paint(samples.latents).array, samples.array)
    assert np.array_equal(samples.array, alive.sample(2 * CHUNK, seed=5).array[:count])


def test_picks_are_the_latents_of_those_samples(alive):
    picks = [0, 2 * CHUNK + 3, CHUNK - 1, CHUNK]
    latents = alive.latents(3 * CHUNK, seed=9)
    assert np.array_equal(alive.pick(picks, seed=9), latents[picks])
    assert not np.array_equal(alive.pick(picks, seed=8), latents[picks])


def test_a_notebook_shows_the_sheet(alive):
    samples = alive.sample(5)
    shown = np.asarray(Image.open(io.BytesIO(samples._repr_png_())))
    assert np.array_equal(shown, grid(samples.array, scale=2))
    assert repr(samples) == "<5 samples of 9x14x3>"


def test_samples_cannot_be_changed_and_are_sliced(alive):
    samples = alive.sample(5)
    with pytest.raises(ValueError, match="read-only"):
        samples.array[0] = 0
    part = samples[1:3]
    assert np.array_equal(part.array, samples.array[1:3])
    assert np.array_equal(part.latents, samples.latents[1:3])
    assert [picture.shape for picture in samples] == [SHAPE] * 5
    with pytest.raises(TypeError, match=r"samples\.array\[2\]"):
        samples[2]


def test_each_by_itself(alive, tmp_path):
    count = CHUNK + 3
    (tmp_path / "empty").mkdir()
    for folder in ("new", "empty"):
        assert alive.save_separately(tmp_path / folder, count, seed=1) == count
        written = sorted((tmp_path / folder).iterdir())
        assert [path.name for path in written] == [f"{number:04d}.png" for number in range(count)]
        pictures = np.stack([read(path) for path in written])
        assert np.array_equal(pictures, alive.sample(count, seed=1).array)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "new"]


@pytest.mark.parametrize("folder", ["full", "full/kept.txt", "no folder/new"])
def test_nothing_is_written_over_or_into_a_place_that_is_not_there(alive, folder, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full/kept.txt").write_text("kept")
    refused(tmp_path, RunError, "cannot be written", lambda: alive.save_separately(tmp_path / folder, 3))


def test_a_disk_that_is_full_in_the_middle_leaves_nothing(alive, tmp_path, monkeypatch):
    usual, written = Image.Image.save, []

    def save(image, file, **kwargs):
        written.append(file)
        if len(written) == 3:
            raise OSError(28, "No space left on device")
        usual(image, file, **kwargs)

    monkeypatch.setattr(Image.Image, "save", save)
    refused(tmp_path, RunError, "No space left", lambda: alive.save_separately(tmp_path / "new", 5))
    assert list(tmp_path.iterdir()) == []
    assert len(written) == 3


def test_ctrl_c_in_the_middle_leaves_nothing(alive, tmp_path, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(Image.Image, "save", interrupt)
    with pytest.raises(KeyboardInterrupt):
        alive.save_separately(tmp_path / "new", 5)
    assert list(tmp_path.iterdir()) == []


WRONG = {
    "no pictures": lambda alive: alive.sample(0),
    "more than an array can be": lambda alive: alive.sample(10**12),
    "half a picture": lambda alive: alive.sample(2.5),
    "a count that is True": lambda alive: alive.sample(True),
    "a seed below 0": lambda alive: alive.sample(2, seed=-1),
    "a pick below 0": lambda alive: alive.pick([0, -1]),
    "no pick": lambda alive: alive.pick([]),
    "a pick that is no number": lambda alive: alive.pick(["1"]),
    "latents of another size": lambda alive: alive.paint(np.zeros((2, TINY.latent + 1))),
    "one latent alone": lambda alive: alive.paint(np.zeros(TINY.latent)),
    "no latents": lambda alive: alive.paint(np.zeros((0, TINY.latent))),
    "latents that are no numbers": lambda alive: alive.paint(np.full((2, TINY.latent), np.nan)),
    "latents of text": lambda alive: alive.paint(np.full((2, TINY.latent), "z")),
}


@pytest.mark.parametrize("action", WRONG.values(), ids=WRONG)
def test_what_cannot_be_is_refused(action, alive):
    with pytest.raises(RunError) as caught:
        action(alive)
    check_four_parts(caught.value)


def test_weights_and_statistics_are_chosen_as_in_the_command(finished, tmp_path):
    for statistics in ("running", "reestimated", "batch"):
        session.sample(finished, 70, tmp_path / "sheet.png", statistics=statistics)
        dcgan.load(finished, statistics=statistics).sample(70).save(tmp_path / "mine.png")
        assert (tmp_path / "mine.png").read_bytes() == (tmp_path / "sheet.png").read_bytes()
    refused(tmp_path, RunError, "keeps no average", lambda: dcgan.load(finished, weights="ema"))
    refused(tmp_path, RunError, "statistics", lambda: dcgan.load(finished, statistics="moving"))


def test_of_an_average_the_defaults_are_the_command_s(config, tmp_path):
    averaging = dataclasses.replace(config, ema=0.5, steps=4)
    session.train(averaging, tmp_path / "run", progress=False)
    sheets = {}
    for statistics in (None, "running"):
        session.sample(tmp_path / "run", 70, tmp_path / "sheet.png", statistics=statistics)
        dcgan.load(tmp_path / "run", statistics=statistics).sample(70).save(tmp_path / "mine.png")
        sheets[statistics] = (tmp_path / "sheet.png").read_bytes()
        assert (tmp_path / "mine.png").read_bytes() == sheets[statistics]
    assert sheets[None] != sheets["running"]


def test_with_the_batch_s_statistics_no_latent_has_a_picture_of_its_own(finished):
    trained.check_alone(dcgan.load(finished), "export")
    with pytest.raises(RunError, match="export: with the batch's statistics") as caught:
        trained.check_alone(dcgan.load(finished, statistics="batch"), "export")
    check_four_parts(caught.value)


def test_no_run_and_a_run_without_checkpoint_are_refused(tmp_path, copy):
    refused(tmp_path, RunError, "is not a run", lambda: dcgan.load(tmp_path / "nowhere"))
    for path in (copy / "checkpoints").iterdir():
        path.unlink()
    refused(tmp_path, RunError, "no checkpoint", lambda: dcgan.load(copy))
