"""From sample to sample, sums of latents, and the way back from a picture to its latent."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import strategies as st
from PIL import Image

from dcgan.errors import DataError, RunError
from dcgan.images import BACKGROUND, grid
from dcgan.keeping.runs import Run
from dcgan.uses.animations import save_gif
from dcgan.uses.arithmetic import NEARBY, combine
from dcgan.uses.interpolation import arc, interpolate
from dcgan.uses.inversion import invert, read
from tests.dcgan.state import check_four_parts, refused
from tests.dcgan.support import SHAPE, hold
from tests.dcgan.trained_support import lively, made_up


@pytest.fixture(scope="module")
def alive(finished):
    return lively(Run.open(finished))


def straight(first, last, count):
    t = np.linspace(0, 1, count)[:, None]
    return ((1 - t) * first + t * last).astype(np.float32)


def check_arc(way, seed, size, count) -> None:
    """Fail unless both ends are exact, all turns are equal, and lengths go from one to the other without a dip."""
    first, last = np.random.default_rng(seed).uniform(-1, 1, (2, size)).astype(np.float32)
    last = last * np.float32(np.linalg.norm(first) / np.linalg.norm(last))
    points = way(first, last, count)
    assert points.dtype == np.float32 and points.shape == (count, size)
    assert np.array_equal(points[0], first) and np.array_equal(points[-1], last)
    lengths = np.linalg.norm(points.astype(np.float64), axis=1)
    np.testing.assert_allclose(lengths, np.linalg.norm(first.astype(np.float64)), rtol=1e-5)
    units = points / lengths[:, None]
    turns = [math.acos(min(1.0, float(one @ other))) for one, other in pairwise(units)]
    np.testing.assert_allclose(turns, turns[0], atol=2e-3)


def test_an_arc_keeps_length_and_turns_evenly(record_property):
    """Shrinks towards seed 0, two numbers, three points."""
    seeds, sizes, counts = st.integers(0, 999), st.integers(3, 120), st.integers(3, 20)
    hold(record_property, 60, seeds, sizes, counts, check=lambda *drawn: check_arc(arc, *drawn))


def test_that_check_sees_a_straight_line():
    with pytest.raises(AssertionError):
        check_arc(straight, 0, 20, 5)


def test_between_equal_directions_it_is_a_straight_line():
    z = np.random.default_rng(0).uniform(-1, 1, 10).astype(np.float32)
    np.testing.assert_allclose(arc(z, 2 * z, 5), straight(z, 2 * z, 5), rtol=1e-5)
    assert np.array_equal(arc(z, z, 4), np.stack([z] * 4))


@pytest.mark.parametrize("last", [-1.0, -0.5, 0.0])
def test_where_no_arc_is_the_shortest_it_is_refused(last):
    z = np.random.default_rng(0).uniform(-1, 1, 10).astype(np.float32)
    with pytest.raises(RunError, match="no shortest arc") as caught:
        arc(z, np.float32(last) * z, 5)
    check_four_parts(caught.value)


def test_the_way_goes_through_the_picks(alive):
    way = interpolate(alive, (0, 70, 3), steps=4, seed=2)
    samples = alive.sample(71, seed=2).array
    assert way.array.shape == (9, *SHAPE)
    for place, pick in ((0, 0), (4, 70), (8, 3)):
        assert np.array_equal(way.array[place], samples[pick])
    assert len({picture.tobytes() for picture in way.array}) == 9
    legs = np.concatenate([way.array[:5], way.array[4:]])
    assert np.array_equal(way.sheet, grid(legs, 5, scale=2))


@pytest.mark.parametrize("picks", [(0,), (), (0, -1), (0, 10**12)])
def test_picks_that_are_none_are_refused(picks, alive):
    with pytest.raises(RunError, match="picks") as caught:
        interpolate(alive, picks)
    check_four_parts(caught.value)


@pytest.mark.parametrize("steps", [0, -1, 2.5, True, 10**6])
def test_steps_that_are_none_are_refused(steps, alive):
    with pytest.raises(RunError, match="steps") as caught:
        interpolate(alive, steps=steps)
    check_four_parts(caught.value)


def frames(path) -> np.ndarray:
    with Image.open(path) as image:
        assert image.info["loop"] == 0
        found = []
        for number in range(image.n_frames):
            image.seek(number)
            assert image.info["duration"] == 80
            found.append(np.asarray(image.convert("RGB")))
    return np.stack(found)


@pytest.mark.parametrize(("channels", "off"), [(1, 0), (3, 40)])
def test_a_gif_has_every_frame(channels, off, tmp_path):
    pictures = made_up(tmp_path, (9, 14, channels), latent=6, widths=(4, 6)).sample(6).array
    save_gif(pictures, tmp_path / "way.gif", scale=2)
    found = frames(tmp_path / "way.gif")
    wanted = np.broadcast_to(pictures.repeat(2, axis=1).repeat(2, axis=2), found.shape)
    difference = np.abs(found.astype(int) - wanted)
    assert difference.max() <= off
    # each frame is itself and no other one
    apart = [[np.abs(one.astype(int) - other).mean() for other in wanted] for one in found]
    assert [int(np.argmin(row)) for row in apart] == list(range(6))


@pytest.mark.parametrize(
    ("name", "delay", "match"),
    [("way.png", 8, "end in .gif"), ("no folder/way.gif", 8, "not a folder"), ("way.gif", 0, "delay"), ("way.gif", 2**16, "delay")],
)  # fmt: skip
def test_a_gif_that_cannot_be_is_refused(name, delay, match, tmp_path):
    pictures = np.zeros((3, 4, 4, 1), np.uint8)
    refused(tmp_path, RunError, match, lambda: save_gif(pictures, tmp_path / name, delay=delay))


def test_equal_pictures_in_a_row_are_one_frame_with_a_time_that_a_gif_must_hold(tmp_path):
    pictures = np.zeros((9, 4, 4, 1), np.uint8)
    refused(
        tmp_path,
        RunError,
        "9 equal pictures in a row are one frame",
        lambda: save_gif(pictures, tmp_path / "way.gif", delay=8000),
    )
    save_gif(pictures, tmp_path / "way.gif", delay=(2**16 - 1) // 9)
    pictures[4:] += 1
    save_gif(pictures, tmp_path / "way.gif", delay=8000)


def check_arithmetic(combining, alive) -> None:
    """Fail unless the result is mean(a) - mean(b) + mean(c)."""
    z = alive.latents(10, seed=4).astype(np.float64)
    wanted = z[[0, 1, 2]].mean(0) - z[[3, 4]].mean(0) + z[[5, 6, 9]].mean(0)
    np.testing.assert_allclose(combining([0, 1, 2], [3, 4], [5, 6, 9]).latent, wanted, atol=1e-6)


def test_arithmetic_is_a_less_b_and_c(alive):
    check_arithmetic(lambda a, b, c: combine(alive, a, b, c, seed=4), alive)
    with pytest.raises(AssertionError):
        check_arithmetic(lambda a, b, c: combine(alive, b, a, c, seed=4), alive)


def test_the_sheet_of_arithmetic_shows_the_steps(alive, tmp_path):
    done = combine(alive, [0, 1, 2], [3, 4], [5], seed=4)
    samples, z = alive.sample(6, seed=4).array, alive.latents(6, seed=4)
    blank = np.full((1, *SHAPE), BACKGROUND, np.uint8)
    means = [alive.paint(z[part].mean(0, keepdims=True)).array for part in ([0, 1, 2], [3, 4], [5])]
    cells = [samples[:3], means[0], samples[3:5], blank, means[1], samples[5:6], blank, blank, means[2]]
    assert np.array_equal(done.sheet, grid(np.concatenate([*cells, done.result.array]), 4, scale=2))
    assert len(done.result) == 4
    near = np.abs(done.result.latents[1:] - done.latent)
    assert 0 < near.max() <= NEARBY + 1e-6
    done.save(tmp_path / "sum.png")
    assert np.array_equal(np.asarray(Image.open(tmp_path / "sum.png")), done.sheet)
    assert done._repr_png_() == (tmp_path / "sum.png").read_bytes()


@pytest.mark.parametrize("picks", [([], [0], [0]), ([0], [-1], [0]), ([0], [0], [10**12])])
def test_arithmetic_on_no_samples_is_refused(picks, alive):
    with pytest.raises(RunError) as caught:
        combine(alive, *picks)
    check_four_parts(caught.value)
    assert (
        caught.value.diagnosis.argument
        == "abc"[[[], [-1], [10**12]].index(next(p for p in picks if p != [0]))]
    )


@pytest.fixture(scope="module")
def gentle(finished):
    """Weights that are a little larger only, so that there is a way down from everywhere."""
    return lively(Run.open(finished), factor=6)


def test_the_latent_of_a_picture_of_its_own_is_found(gentle):
    target = gentle.sample(40, seed=7).array[33]
    found = invert(gentle, target, steps=400)
    others = np.sqrt(np.mean((gentle.sample(64).array.astype(float) - target) ** 2, axis=(1, 2, 3)))
    assert found.error < 0.15 * others.min()
    assert found.error == found.errors.min() and len(found.errors) == 16
    assert np.array_equal(gentle.paint(found.latent[None]).array, found.nearest.array)
    assert np.abs(found.latent).max() <= 1
    assert np.array_equal(found.sheet, grid(np.stack([target, found.nearest.array[0]]), 2, scale=2))


def test_that_it_is_the_steps_that_find_it_and_the_best_start_counts(gentle):
    target = gentle.sample(40, seed=7).array[33]
    early, late = (invert(gentle, target, steps=steps) for steps in (1, 400))
    assert early.error > 3 * late.error
    assert early.error == early.errors.min() < early.errors.max()
    difference = early.nearest.array[0].astype(float) - target
    assert early.error == pytest.approx(np.sqrt(np.mean(difference**2)))


def test_one_start_does_not_depend_on_the_others(gentle):
    target = gentle.sample(1, seed=8).array[0]
    many, one = (invert(gentle, target, starts=starts, steps=20) for starts in (5, 1))
    assert abs(many.errors[0] - one.errors[0]) < 0.05


def test_a_step_size_may_be_a_whole_number(gentle):
    picture = gentle.sample(1).array[0]
    found = [invert(gentle, picture, starts=1, steps=2, learning_rate=rate).error for rate in (1, 1.0)]
    assert found[0] == found[1]


def test_an_inversion_is_saved_with_its_latent(gentle, tmp_path):
    found = invert(gentle, gentle.sample(1).array[0], starts=2, steps=3)
    assert found.save(tmp_path / "pair.png") == tmp_path / "pair.npy"
    assert np.array_equal(np.load(tmp_path / "pair.npy"), found.latent)
    assert np.array_equal(np.asarray(Image.open(tmp_path / "pair.png")), found.sheet)


def test_a_picture_file_is_brought_to_the_size(gentle, tmp_path):
    Image.new("L", (50, 40), 200).save(tmp_path / "grey.png")
    assert read(gentle, tmp_path / "grey.png").tolist() == np.full(SHAPE, 200).tolist()
    (tmp_path / "torn.png").write_bytes((tmp_path / "grey.png").read_bytes()[:60])
    for name in ("torn.png", "nowhere.png"):
        refused(tmp_path, DataError, name, lambda name=name: read(gentle, tmp_path / name))


@pytest.mark.parametrize(
    ("picture", "options", "kind"),
    [
        (np.zeros((9, 14, 1), np.uint8), {}, DataError),
        (np.zeros(SHAPE, np.float32), {}, DataError),
        ("picture.png", {}, DataError),
        (np.zeros(SHAPE, np.uint8), {"starts": 0}, RunError),
        (np.zeros(SHAPE, np.uint8), {"steps": 0}, RunError),
        (np.zeros(SHAPE, np.uint8), {"steps": 2.5}, RunError),
        (np.zeros(SHAPE, np.uint8), {"learning_rate": 0}, RunError),
        (np.zeros(SHAPE, np.uint8), {"learning_rate": float("nan")}, RunError),
        (np.zeros(SHAPE, np.uint8), {"seed": -1}, RunError),
    ],
)
def test_an_inversion_that_cannot_be_is_refused(picture, options, kind, gentle):
    with pytest.raises(kind) as caught:
        invert(gentle, picture, **options)
    check_four_parts(caught.value)
