"""Data sets by name: the digits are whole and crisp, and what Keras cannot fetch is said plainly."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits

from dcgan.data import load
from dcgan.errors import DataError
from dcgan.sources.datasets import draw_digit

COUNTS = load_digits().images  # (1797, 8, 8) of 0 to 16


def check_shows(picture, counts):
    """A picture shows its squares if the mean over each square's place is near the count, and the rest is dark."""
    shown = np.asarray(Image.fromarray(picture).convert("F").resize((10, 10), Image.Resampling.BOX)) / 255
    assert np.abs(shown[1:-1, 1:-1] - counts / 16).mean() < 0.06
    assert max(shown[0].max(), shown[-1].max(), shown[:, 0].max(), shown[:, -1].max()) < 0.35


def test_digits_are_the_default_size_and_all_there():
    digits = load("digits")
    assert digits.array.shape == (1797, 28, 28, 1)
    assert (digits.name, digits.found, digits.skipped, digits.ignored) == ("digits", 1797, (), 0)
    assert digits.array.max() == 255
    assert digits.array.min() == 0
    for index in range(0, 1797, 50):
        check_shows(digits.array[index, :, :, 0], COUNTS[index])


@pytest.mark.parametrize("size", [(32, 32), (45, 61), (61, 45), (20, 20), (100, 100)])
def test_a_digit_is_whole_at_any_size(size):
    height, width = size
    side = min(size)
    for index in range(0, 1797, 200):
        picture = draw_digit(COUNTS[index], (height, width, 1))[:, :, 0]
        top, left = (height - side) // 2, (width - side) // 2
        check_shows(picture[top : top + side, left : left + side], COUNTS[index])
        assert picture.sum() == picture[top : top + side, left : left + side].sum()


WRONG_DRAWINGS = {
    "full ink wraps round to none": lambda counts: (np.pad(counts, 1) * 16).astype(np.int64).astype(np.uint8),
    "transposed": lambda counts: draw_digit(counts.T, (28, 28, 1))[:, :, 0],
    "upside down": lambda counts: draw_digit(counts[::-1], (28, 28, 1))[:, :, 0],
    "cut at the edge": lambda counts: draw_digit(counts, (40, 40, 1))[6:34, 6:34, 0],
    "half as dark": lambda counts: draw_digit(counts, (28, 28, 1))[:, :, 0] // 2,
    "inverted": lambda counts: 255 - draw_digit(counts, (28, 28, 1))[:, :, 0],
}


@pytest.mark.parametrize("name", WRONG_DRAWINGS)
def test_the_check_of_a_drawing_sees_wrong_ones(name):
    with pytest.raises(AssertionError):
        for index in range(0, 1797, 200):
            check_shows(WRONG_DRAWINGS[name](COUNTS[index]), COUNTS[index])


def test_digits_are_crisp():
    """Most pixels are sheet or ink; a plain enlargement leaves twice as many in between."""
    digits = load("digits").array[:200]
    assert ((digits > 25) & (digits < 230)).mean() < 0.14
    plain = np.stack(
        [Image.fromarray(np.float32(255 / 16 * np.pad(c, 1))).resize((28, 28)) for c in COUNTS[:200]]
    )
    assert ((plain > 25) & (plain < 230)).mean() > 0.27


def test_digits_stretch_and_colour_when_asked():
    picture = load("digits", image_size=(20, 40), fit="stretch", channels=3).array[3]
    check_shows(np.asarray(Image.fromarray(picture[:, :, 0]).resize((40, 40))), COUNTS[3])
    assert (picture[:, :, 0] == picture[:, :, 2]).all()


def test_pictures_from_keras_keep_their_values_and_leave_the_test_set_out(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    grey = np.arange(2 * 28 * 28, dtype=np.uint32).reshape(2, 28, 28).astype(np.uint8)
    colour = np.arange(2 * 32 * 32 * 3, dtype=np.uint32).reshape(2, 32, 32, 3).astype(np.uint8)
    for name, train in [("mnist", grey), ("fashion_mnist", grey), ("cifar10", colour)]:
        answer = ((train, np.zeros(2)), (train[:1], np.zeros(1)))
        monkeypatch.setattr(getattr(keras.datasets, name), "load_data", lambda answer=answer: answer)
        pictures = load(name)
        assert pictures.name == name
        np.testing.assert_array_equal(pictures.array, train.reshape(*train.shape[:3], -1))
    assert load("cifar10", image_size=(8, 4), channels=1).image_shape == (8, 4, 1)


@pytest.mark.parametrize(
    ("name", "missing", "what"),
    [
        ("mnist", "mnist.npz", "mnist.npz at {}/mnist.npz"),
        (
            "fashion_mnist",
            "fashion-mnist/train-images-idx3-ubyte.gz",
            "the four *-ubyte.gz files of Fashion-MNIST into {}/fashion-mnist",
        ),
        (
            "cifar10",
            "cifar-10-batches-py-target_archive",
            "the original cifar-10-python.tar.gz at {}/cifar-10-batches-py-target_archive",
        ),
    ],
)
def test_a_failed_download_says_where_to_put_the_file(monkeypatch, tmp_path, name, missing, what):
    def fail():
        raise Exception("URL fetch failure on https://example.org: None -- no network")  # as Keras does

    monkeypatch.setattr(getattr(keras.datasets, name), "load_data", fail)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    kept = tmp_path / "datasets"
    with pytest.raises(DataError) as caught:
        load(name)
    assert str(caught.value) == (
        f"load: {name} cannot be fetched: URL fetch failure on https://example.org: None -- no network.\n"
        f"  legal: {name} where Keras keeps it, or a network to fetch it from\n"
        f"  because: Keras found no {(kept / missing).name} in {(kept / missing).parent}, and its download failed\n"
        f"  fix: --data digits    (needs no download; or put {what.format(kept)})"
    )


def test_an_mnist_file_is_read_where_keras_keeps_it_whoever_packed_it(monkeypatch, tmp_path):
    pictures = np.arange(3 * 28 * 28, dtype=np.uint32).reshape(3, 28, 28).astype(np.uint8)
    (tmp_path / "datasets").mkdir()
    np.savez_compressed(tmp_path / "datasets/mnist.npz", x_train=pictures, x_test=pictures[:1])
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delattr(
        keras.datasets.mnist, "load_data"
    )  # it would delete the file, for its hash is another
    np.testing.assert_array_equal(load("mnist").array[..., 0], pictures)


@pytest.mark.parametrize("damage", ["cut", "empty", "text", "other names", "other values"])
def test_a_file_that_is_not_mnist_is_named_and_left_alone(monkeypatch, tmp_path, damage):
    place = tmp_path / "datasets/mnist.npz"
    place.parent.mkdir()
    pictures = np.zeros((3, 28, 28), np.float64 if damage == "other values" else np.uint8)
    np.savez_compressed(place, **{"pictures" if damage == "other names" else "x_train": pictures})
    whole = place.read_bytes()
    place.write_bytes({"cut": whole[:-30], "empty": b"", "text": b"404"}.get(damage, whole))
    before = place.read_bytes()
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with pytest.raises(DataError) as caught:
        load("mnist")
    head, *tail = str(caught.value).split("\n")
    assert head.startswith(f"load: {place} is not MNIST: ")
    legal = (
        "  legal: an .npz file with uint8 pictures of shape (N, H, W) under the name x_train, labels under y_train,"
        " and x_test and y_test likewise"
    )
    assert tail == [
        legal,
        "  because: what stands where Keras keeps its data sets is used, and never replaced without a word",
        f"  fix: remove {place} to have it downloaded, or put a whole one in its place",
    ]
    assert place.read_bytes() == before
