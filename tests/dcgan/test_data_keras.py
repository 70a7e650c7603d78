"""What Keras has fetched, or a user has put in its place: read there without a network, and never replaced."""

from __future__ import annotations

import gzip
import io
import os
import pickle
import struct
import tarfile

import keras
import numpy as np
import pytest

from dcgan.data import load, load_test
from dcgan.sources.keras_files import CLASSES
from tests.dcgan.data_support import error_of
from tests.dcgan.support import files

RANDOM = np.random.default_rng(5)
GREY = {
    part: RANDOM.integers(0, 256, (count, 28, 28), np.uint8) for part, count in (("train", 25), ("test", 12))
}
COLOUR = {
    part: RANDOM.integers(0, 256, (count, 32, 32, 3), np.uint8)
    for part, count in (("train", 25), ("test", 5))
}
LABELS = {"train": np.arange(25, dtype=np.uint8) * 3 % 10, "test": np.arange(12, dtype=np.uint8) * 7 % 10}


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """The folder of Keras's data sets, empty, with no network."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras home"))

    def fail():
        raise Exception("URL fetch failure on https://example.org: None -- no network")

    for name in CLASSES:
        monkeypatch.setattr(getattr(keras.datasets, name), "load_data", fail)
    (tmp_path / "keras home/datasets").mkdir(parents=True)
    return tmp_path / "keras home/datasets"


def idx(array):
    """MNIST's own format: https://yann.lecun.com/exdb/mnist, THE IDX FILE FORMAT."""
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


def batch(pictures, labels):
    """A batch of CIFAR-10 as its page describes it: a pickled dictionary, planes of red, green and blue."""
    rows = pictures.transpose(0, 3, 1, 2).reshape(len(pictures), -1)
    return pickle.dumps({b"data": rows, b"labels": labels.tolist(), b"batch_label": b"of 5"}, protocol=2)


def put_mnist(kept):
    arrays = {f"{x}_{part}": of[part] for x, of in (("x", GREY), ("y", LABELS)) for part in GREY}
    np.savez_compressed(kept / "mnist.npz", **arrays)


def put_fashion(kept):
    (kept / "fashion-mnist").mkdir()
    for part, called in (("train", "train"), ("test", "t10k")):
        for array, what in ((GREY[part], "images-idx3"), (LABELS[part], "labels-idx1")):
            (kept / f"fashion-mnist/{called}-{what}-ubyte.gz").write_bytes(gzip.compress(idx(array)))


def batches():
    starts = range(0, 25, 5)
    named = {
        f"data_batch_{start // 5 + 1}": batch(
            COLOUR["train"][start : start + 5], LABELS["train"][start : start + 5]
        )
        for start in starts
    }
    return {**named, "test_batch": batch(COLOUR["test"], LABELS["test"][:5])}


def put_cifar(kept):
    with tarfile.open(kept / "cifar-10-batches-py-target_archive", "w:gz") as archive:
        for name, content in batches().items():
            member = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def put_unpacked_cifar(kept):
    folder = kept / "cifar-10-batches-py-target/cifar-10-batches-py"
    folder.mkdir(parents=True)
    for name, content in batches().items():
        (folder / name).write_bytes(content)


PUT = {
    "mnist": ("mnist", put_mnist, GREY),
    "fashion_mnist": ("fashion_mnist", put_fashion, GREY),
    "cifar10": ("cifar10", put_cifar, COLOUR),
    "cifar10 unpacked": ("cifar10", put_unpacked_cifar, COLOUR),
}


@pytest.mark.parametrize("case", PUT)
def test_with_its_files_a_data_set_is_read_without_a_network(kept, case):
    name, put, pictures = PUT[case]
    put(kept)
    before = files(kept)
    for part, given in (("train", load(name)), ("test", load_test(name))):
        expected = pictures[part]
        np.testing.assert_array_equal(given.array, expected.reshape(*expected.shape[:3], -1))
        assert given.labels.tolist() == LABELS[part][: len(expected)].tolist()
        assert given.classes == CLASSES[name]
    assert files(kept) == before
    assert load(name, image_size=(9, 8), channels=1).image_shape == (9, 8, 1)


def test_the_names_of_the_classes_are_those_of_the_data_sets():
    assert all(len(names) == 10 for names in CLASSES.values())
    assert CLASSES["fashion_mnist"][9] == "Ankle boot"
    assert CLASSES["cifar10"][3] == "cat"
    assert load("digits").classes == CLASSES["mnist"] == tuple("0123456789")


def test_the_training_files_are_enough_to_train(kept):
    put_fashion(kept)
    for file in (kept / "fashion-mnist").glob("t10k-*"):
        file.unlink()
    assert load("fashion_mnist").used == 25
    assert f"no t10k-images-idx3-ubyte.gz in {kept / 'fashion-mnist'}" in error_of(load_test, "fashion_mnist")


def test_one_missing_file_of_several_is_the_one_that_is_named(kept):
    put_fashion(kept)
    (kept / "fashion-mnist/train-labels-idx1-ubyte.gz").unlink()
    before = files(kept)
    assert f"no train-labels-idx1-ubyte.gz in {kept / 'fashion-mnist'}" in error_of(load, "fashion_mnist")
    assert files(kept) == before


@pytest.mark.parametrize("left", ["a page", "all", "some"])
def test_what_a_failed_download_has_left_is_looked_at(kept, left, monkeypatch):
    def fetch():
        if left == "a page":
            (kept / "mnist.npz").write_bytes(b"<html>no</html>")
        else:
            put_fashion(kept)
            (kept / "fashion-mnist/t10k-labels-idx1-ubyte.gz").unlink()
        raise ValueError("Incomplete or corrupted file detected")

    name = "mnist" if left == "a page" else "fashion_mnist"
    monkeypatch.setattr(getattr(keras.datasets, name), "load_data", fetch)
    if left == "a page":
        assert f"{kept / 'mnist.npz'} is not MNIST" in error_of(load, name)
    elif left == "all":
        assert load(name).labels.tolist() == LABELS["train"].tolist()
    else:
        assert "no t10k-labels-idx1-ubyte.gz" in error_of(load_test, name)


def harmful(path):
    class Harm:
        def __reduce__(self):
            return os.mkdir, (str(path),)

    return pickle.dumps({b"data": Harm(), b"labels": []}, protocol=2)


FASHION = "fashion-mnist/train-images-idx3-ubyte.gz"
FASHION_LABELS = "fashion-mnist/train-labels-idx1-ubyte.gz"
ARCHIVE = "cifar-10-batches-py-target_archive"
UNPACKED = "cifar-10-batches-py-target/cifar-10-batches-py/data_batch_3"
BROKEN = {
    "cut": lambda whole: whole[: len(whole) * 2 // 3],
    "empty": lambda whole: b"",
    "a page of an error": lambda whole: b"<html>404</html>",
    "no bytes": lambda whole: bytes(len(whole)),
}


@pytest.mark.parametrize(
    ("case", "file"),
    [
        ("mnist", "mnist.npz"),
        ("fashion_mnist", FASHION),
        ("fashion_mnist", FASHION_LABELS),
        ("cifar10", ARCHIVE),
        ("cifar10 unpacked", UNPACKED),
    ],
)
@pytest.mark.parametrize("damage", BROKEN)
def test_a_broken_file_is_named_and_stays(kept, case, file, damage):
    name, put, _ = PUT[case]
    put(kept)
    (kept / file).write_bytes(BROKEN[damage]((kept / file).read_bytes()))
    before = files(kept)
    head, _, because, fix = error_of(load, name).split("\n")
    called = {"mnist": "MNIST", "fashion_mnist": "Fashion-MNIST", "cifar10": "CIFAR-10"}[name]
    assert head.startswith(f"load: {kept / file} is not {called}: ")
    assert because.endswith(
        "what stands where Keras keeps its data sets is used, and never replaced without a word"
    )
    assert fix == f"  fix: remove {kept / file} to have it downloaded, or put a whole one in its place"
    assert files(kept) == before


@pytest.mark.parametrize(
    ("file", "content", "why"),
    [
        (FASHION, gzip.compress(idx(GREY["train"])[:-1]), "cannot reshape array"),
        (FASHION, gzip.compress(idx(GREY["train"]) + b"\0"), "cannot reshape array"),
        (FASHION, gzip.compress(idx(LABELS["train"])), "its pictures are uint8 of shape (25,)"),
        (
            FASHION,
            gzip.compress(b"\0\0\x0d\3" + idx(GREY["train"])[4:]),
            "does not begin as an array of bytes does",
        ),
        (FASHION, gzip.compress(b"\0"), "index out of range"),
        (FASHION_LABELS, gzip.compress(idx(LABELS["test"])), "its labels are not 25 numbers from 0 to 9"),
        (
            FASHION_LABELS,
            gzip.compress(idx(LABELS["train"] + 1)),
            "its labels are not 25 numbers from 0 to 9",
        ),
    ],
)
def test_files_that_do_not_go_together_are_refused(kept, file, content, why):
    put_fashion(kept)
    (kept / file).write_bytes(content)
    assert why in error_of(load, "fashion_mnist").splitlines()[0]


def test_an_archive_of_something_else_is_refused(kept):
    with tarfile.open(kept / ARCHIVE, "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("elsewhere"))
    assert f"load: {kept / ARCHIVE} is not CIFAR-10: " in error_of(load, "cifar10")


def test_a_batch_can_call_nothing(kept, tmp_path):
    put_unpacked_cifar(kept)
    (kept / UNPACKED).write_bytes(harmful(tmp_path / "harm"))
    module = os.mkdir.__module__
    assert f"data_batch_3 is not CIFAR-10: it calls {module}.mkdir, which no array needs." in error_of(
        load, "cifar10"
    )
    pickle.loads((kept / UNPACKED).read_bytes())
    assert (tmp_path / "harm").is_dir()  # which it would have made


def test_a_batch_of_numpy_1_and_python_2_is_read(kept):
    """The original batches name numpy.core, which NumPy 2 has moved."""
    put_unpacked_cifar(kept)
    content = (kept / UNPACKED).read_bytes()
    assert b"numpy._core.multiarray" in content
    (kept / UNPACKED).write_bytes(content.replace(b"numpy._core.multiarray", b"numpy.core.multiarray"))
    assert load("cifar10").used == 25


def test_a_folder_with_the_name_of_a_data_set_is_reached_by_its_path(kept, tmp_path, monkeypatch):
    (tmp_path / "mnist").mkdir()
    monkeypatch.chdir(tmp_path)
    put_mnist(kept)
    assert load("mnist").used == 25
    assert "no picture in mnist" in error_of(load, "./mnist")
