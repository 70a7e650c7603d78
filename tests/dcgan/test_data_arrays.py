"""NumPy's files: what is taken keeps its values; what could be read in two ways, or not at all, is refused."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile

import numpy as np
import pytest
from PIL import Image

from dcgan import pictures as pictures_module
from dcgan.data import load, load_test
from dcgan.sources import array_values, stacks
from dcgan.sources.fitting import fit
from tests.dcgan.data_support import error_of

GREY = np.random.default_rng(0).integers(0, 256, (7, 5, 6), np.uint8)
COLOUR = np.random.default_rng(1).integers(0, 256, (7, 5, 6, 3), np.uint8)


def npy(tmp_path, array, name="a.npy"):
    np.save(tmp_path / name, array, allow_pickle=True)
    return tmp_path / name


def npz(tmp_path, **arrays):
    np.savez_compressed(tmp_path / "a.npz", **arrays)
    return tmp_path / "a.npz"


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (GREY, GREY[..., None]),
        (GREY[..., None], GREY[..., None]),
        (COLOUR, COLOUR),
        (np.asfortranarray(COLOUR), COLOUR),
        (GREY > 127, np.where(GREY > 127, 255, 0)[..., None]),
        (GREY.astype(np.uint16) * 257, GREY[..., None]),
        (GREY.astype(">u2") * 257, GREY[..., None]),
        (GREY.astype(np.uint16) * 257 + 128, GREY[..., None]),  # rounds down
        (np.array([[[0, 127, 128, 384, 65535]]], np.uint16), np.array([[[0, 0, 0, 1, 255]]])[..., None]),
        (GREY / np.float32(255), GREY[..., None]),
        (GREY / 255, GREY[..., None]),
        ((COLOUR / 127.5 - 1).astype(np.float32), COLOUR),
        ((COLOUR / 127.5 - 1).astype(">f8"), COLOUR),
        ((np.arange(256).reshape(1, 16, 16) / 255).astype(np.float16), np.arange(256).reshape(1, 16, 16, 1)),
        (np.zeros((2, 4, 5)), np.zeros((2, 4, 5, 1))),
    ],
    ids=lambda array: f"{array.dtype}{array.shape}",
)
def test_values_that_mean_one_thing_become_bytes(tmp_path, array, expected):
    pictures = load(npy(tmp_path, array))
    np.testing.assert_array_equal(pictures.array, expected)
    assert (pictures.found, pictures.labels, pictures.classes) == (len(array), None, ())
    np.testing.assert_array_equal(load(npz(tmp_path, whatever=array)).array, expected)


FLAT = "save array.reshape(-1, 4, 4) in its place, if its rows are pictures of 4x4"
FIRST = "save np.moveaxis(array, 1, -1) in its place: its channels come first"
ONE = "save array[np.newaxis] if it is one picture, or array[..., np.newaxis] if all are as narrow as that"
OPACITY = "save array[..., :3] in its place, or lay it over a background first: its fourth channel is opacity"
OTHER = "reshape it: one picture after another, each (H, W) or (H, W, channels)"
NONE = "save an array with pictures in it"


@pytest.mark.parametrize(
    ("shape", "remedy"),
    [
        ((7, 3, 8, 9), FIRST),
        ((7, 1, 8, 9), FIRST),
        ((7, 8, 9, 4), OPACITY),
        ((7, 8, 9, 2), OTHER),
        ((8, 9, 3), ONE),
        ((8, 9, 1), ONE),
        ((7, 16), FLAT),
        ((7, 15), OTHER),
        ((7,), OTHER),
        ((), OTHER),
        ((2, 7, 8, 9, 3), OTHER),
        ((0, 8, 9), NONE),
        ((7, 0, 9, 3), NONE),
    ],
)
def test_other_shapes_are_refused_with_what_to_save(tmp_path, shape, remedy):
    path = npy(tmp_path, np.zeros(shape, np.uint8))
    assert error_of(load, path) == (
        f"load: {path} is of shape {shape}.\n"
        "  legal: (N, H, W), (N, H, W, 1) or (N, H, W, 3), each at least 1\n"
        "  because: pictures come one after another, rows before columns, and channels last\n"
        f"  fix: {remedy}"
    )


@pytest.mark.parametrize(
    ("array", "mended"),
    [
        (COLOUR.transpose(0, 3, 1, 2), lambda array: np.moveaxis(array, 1, -1)),
        (COLOUR[0], lambda array: array[np.newaxis]),
        (np.zeros((4, 25), np.uint8), lambda array: array.reshape(-1, 5, 5)),
        (GREY.astype(np.int64), lambda array: array.astype(np.uint8)),
        (GREY.astype(np.float32), lambda array: array.round().astype(np.uint8)),
        (GREY / 255 - 0.01, lambda array: array.clip(0, 1)),
        (GREY / 255 - 0.01, lambda array: (array + 1) / 2),
        (
            np.where(GREY[5].max() == GREY, np.nan, GREY / 255),
            lambda array: array[np.isfinite(array).all(axis=(1, 2))],
        ),
    ],
)
def test_the_fixes_of_arrays_really_work(tmp_path, array, mended):
    error_of(load, npy(tmp_path, array))
    assert load(npy(tmp_path, mended(array))).used >= 1


BYTES = "save array.astype(np.uint8) in its place, if 0 is black and 255 is white"
FLOAT_BYTES = "save array.round().astype(np.uint8) in its place, if 0 is black and 255 is white"
NEARLY = "save array.clip(0, 1) in its place if 0 is black, or (array + 1) / 2 if -1 is"
SCALE = "scale it first, so that black is 0 and white is 1, and save that"


@pytest.mark.parametrize(
    ("values", "dtype", "between", "remedy"),
    [
        ([0, 255], np.int64, "run from 0 to 255", BYTES),
        ([0, 1], np.int32, "run from 0 to 1", BYTES),
        ([0, 200], np.uint16, "run from 0 to 200", BYTES),  # eight bits, or sixteen and all but black?
        ([-128, 127], np.int8, "run from -128 to 127", SCALE),
        ([0, 40000], np.int32, "run from 0 to 40000", SCALE),
        ([0, 255], np.float32, "run from 0 to 255", FLOAT_BYTES),
        ([0, 1.5], np.float32, "run from 0 to 1.5", FLOAT_BYTES),
        ([-0.25, 1], np.float64, "run from -0.25 to 1", NEARLY),  # from -1, or from 0 and a little beyond?
        ([-3, 3], np.float64, "run from -3 to 3", SCALE),
        ([1j, 0], np.complex64, "are no numbers from black to white", "save it as one of these"),
        (["a", "b"], "U1", "are no numbers from black to white", "save it as one of these"),
    ],
)
def test_values_that_could_be_read_in_two_ways_are_refused(tmp_path, values, dtype, between, remedy):
    path = npy(tmp_path, np.array(values, dtype).reshape(1, 1, 2))
    assert error_of(load, path) == (
        f"load: the values of {path}, {np.dtype(dtype)}, {between}.\n"
        "  legal: uint8, bool, uint16 from 0 to 65535, or floats from 0 to 1 or from -1 to 1\n"
        "  because: they could be read in several ways, and a wrong guess would change every picture\n"
        f"  fix: {remedy}"
    )


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_refused_and_the_first_picture_named(tmp_path, bad, monkeypatch):
    monkeypatch.setattr(array_values, "_AT_ONCE", 2 * 5 * 6 * 8)  # two pictures
    array = GREY / 255
    array[5, 4, 3] = bad
    path = npy(tmp_path, array)
    head = error_of(load, path).splitlines()[0]
    assert head == f"load: {path} holds values that are not numbers, first in picture 5."


def damaged(name, path):
    whole = io.BytesIO()
    if path.suffix == ".npy":
        np.save(whole, GREY)
    else:
        np.savez_compressed(whole, x=GREY, y=np.arange(7))
    whole = whole.getvalue()
    listed = io.BytesIO()
    np.savez(listed, x=np.array([[1], [2, 3]], object))
    objects = io.BytesIO()
    np.save(objects, np.array([[1], [2, 3]], object))
    content = {
        "empty": b"",
        "text": b"404 Not Found",
        "cut in its head": whole[:20],
        "cut in its middle": whole[: len(whole) // 2],
        "cut at its end": whole[:-1],
        "objects": (objects if path.suffix == ".npy" else listed).getvalue(),
        "zeros": bytes(500),
    }[name]
    path.write_bytes(content)


@pytest.mark.parametrize("ending", [".npy", ".npz"])
@pytest.mark.parametrize(
    "name",
    ["empty", "text", "cut in its head", "cut in its middle", "cut at its end", "objects", "zeros"],
)
def test_files_that_are_not_whole_or_hold_objects_are_refused(tmp_path, ending, name):
    path = tmp_path / f"a{ending}"
    damaged(name, path)
    before = path.read_bytes()
    head, legal, because, fix = error_of(load, path).split("\n")
    assert head.startswith(f"load: {path} cannot be read: ")
    assert ("it is empty." in head) == (name == "empty")
    if name == "objects":
        assert head.endswith(": it holds Python objects, or is no file of NumPy's at all.")
        assert (
            fix == "  fix: save one array of numbers with np.save, never a list or pictures of several sizes"
        )
    assert legal == "  legal: an .npy or .npz file, whole, of numbers"
    assert because == "  because: objects are never loaded, because loading one can run any program"
    assert path.read_bytes() == before


def test_a_pickle_is_never_run(tmp_path):
    class Harm:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "harm"),)

    error_of(load, npy(tmp_path, np.array([Harm()], object)))
    error_of(load, npz(tmp_path, x=np.array([Harm()], object)))
    assert not (tmp_path / "harm").exists()


def test_damage_anywhere_in_a_file_is_one_kind_of_error(tmp_path):
    random = np.random.default_rng(2)
    for path in npy(tmp_path, GREY), npz(tmp_path, x=GREY, y=np.arange(7)):
        whole = path.read_bytes()
        refused = 0
        for _ in range(150):
            content = bytearray(whole)
            for _ in range(3):
                content[random.integers(len(content))] = random.integers(256)
            path.write_bytes(content)
            try:
                load(path)
            except ValueError as error:
                refused += 1
                assert str(error).startswith("load: ")
        assert refused > 20


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.npy")
    assert "it is no regular file" in error_of(load, tmp_path / "a.npy")


def test_an_archive_that_needs_a_password_is_refused(tmp_path):
    path = npz(tmp_path, x=GREY)
    content = bytearray(path.read_bytes())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + at] |= 1
    path.write_bytes(content)
    assert zipfile.ZipFile(path).infolist()[0].flag_bits & 1
    assert "cannot be read" in error_of(load, path)


LABELS = np.array([3, 1, 10, 3, 1, 1, 10])


@pytest.mark.parametrize(("pictures", "labels"), [("x_train", "y_train"), ("x", "y"), ("images", "labels")])
def test_labels_become_classes_in_sorted_order(tmp_path, pictures, labels):
    given = load(npz(tmp_path, **{pictures: COLOUR, labels: LABELS}))
    assert given.classes == ("1", "3", "10")
    assert [int(given.classes[label]) for label in given.labels] == LABELS.tolist()
    np.testing.assert_array_equal(given.array, COLOUR)
    column = load(npz(tmp_path, **{pictures: COLOUR, labels: LABELS[:, None].astype(np.uint8)}))
    assert column.labels_fingerprint == given.labels_fingerprint
    names = load(npz(tmp_path, **{pictures: COLOUR, labels: np.array(["cat", "ant"])[LABELS % 2]}))
    assert (names.classes, names.labels.tolist()) == (("ant", "cat"), (1 - LABELS % 2).tolist())
    assert load(npz(tmp_path, **{pictures: COLOUR})).labels is None


@pytest.mark.parametrize(
    ("labels", "remedy"),
    [
        (np.eye(7), "save labels.argmax(axis=1) in their place"),
        (LABELS[:-1], "save one label for each picture"),
        (LABELS * 1.0, "save one label for each picture"),
        (np.int64(3), "save one label for each picture"),
    ],
)
def test_labels_that_are_not_one_for_each_picture_are_refused(tmp_path, labels, remedy):
    path = npz(tmp_path, x=GREY, y=labels)
    labels = np.asarray(labels)
    assert error_of(load, path) == (
        f"load: the labels in {path} are {labels.dtype} of shape {labels.shape}, for 7 pictures.\n"
        "  legal: whole numbers or texts of shape (7,), one for each picture\n"
        "  because: each picture is of one class, and the labels that occur are the classes\n"
        f"  fix: {remedy}"
    )


def test_an_archive_that_does_not_say_what_is_what_is_refused(tmp_path):
    path = npz(tmp_path, faces=GREY, ages=LABELS)
    assert error_of(load, path) == (
        f"load: {path} does not say which of its arrays are the pictures: faces, ages.\n"
        "  legal: one array, or pictures and labels called x_train and y_train, or x and y, or images and labels\n"
        "  because: the names say what the arrays are, and nothing is guessed from their shapes\n"
        "  fix: save it again: np.savez(file, x_train=pictures, y_train=labels)"
    )
    assert "are the pictures: x, images." in error_of(load, npz(tmp_path, x=GREY, images=GREY))
    assert "are the pictures: it has none." in error_of(load, npz(tmp_path))


def test_the_test_pictures_of_an_archive_have_the_classes_of_the_others(tmp_path):
    path = npz(tmp_path, x_train=GREY, y_train=LABELS, x_test=GREY[:2], y_test=np.array([10, 3]))
    tests = load_test(path, image_size=(4, 4))
    assert (tests.image_shape, tests.used, tests.name) == ((4, 4, 1), 2, f"{path} (test)")
    assert tests.classes == load(path).classes
    assert tests.labels.tolist() == [2, 1]
    path = npz(tmp_path, x_train=GREY, y_train=LABELS, x_test=GREY[:2], y_test=np.array([10, 4]))
    assert error_of(load_test, path).startswith(f"load: no picture to train on in {path} is of class 4, ")
    assert load_test(npz(tmp_path, x=GREY)) is None
    assert load_test(npy(tmp_path, GREY)) is None
    assert load_test(tmp_path) is None


@pytest.mark.parametrize("how", ["crop", "pad", "stretch"])
@pytest.mark.parametrize("channels", [None, 1, 3])
@pytest.mark.parametrize("array", [GREY, COLOUR], ids=["grey", "colour"])
def test_arrays_are_fitted_as_pictures_of_a_folder_are(tmp_path, array, channels, how):
    for number, picture in enumerate(array):
        Image.fromarray(picture).save(tmp_path / f"{number}.png")
    options = {"image_size": (8, 4), "fit": how, "channels": channels}
    expected = load(tmp_path, **options).array
    np.testing.assert_array_equal(load(npy(tmp_path, array), **options).array, expected)


def test_without_a_size_nothing_is_changed(tmp_path):
    assert load(npy(tmp_path, GREY), fit="stretch").array.shape == (7, 5, 6, 1)


@pytest.mark.parametrize("array", [COLOUR, COLOUR / 255], ids=["bytes", "floats"])
def test_a_large_array_stays_on_disk_and_reads_the_same(tmp_path, monkeypatch, array):
    path = npy(tmp_path, array)
    small = load(path)
    assert not isinstance(small.array.base, np.memmap)
    for module in (pictures_module, stacks):
        monkeypatch.setattr(module, "LARGEST_IN_MEMORY", COLOUR.size - 1)
    monkeypatch.setattr(array_values, "_AT_ONCE", 2 * COLOUR[0].size * array.itemsize)
    large = load(path)
    assert isinstance(large.array, np.memmap)
    np.testing.assert_array_equal(large.array, small.array)
    assert large.fingerprint == small.fingerprint
    np.testing.assert_array_equal(
        load(path, image_size=(4, 4)).array[3], fit(Image.fromarray(COLOUR[3]), (4, 4, 3))
    )


def test_an_array_in_memory_is_not_changed_with_its_file(tmp_path):
    pictures = load(npy(tmp_path, COLOUR))
    (tmp_path / "a.npy").write_bytes(bytes((tmp_path / "a.npy").stat().st_size))
    np.testing.assert_array_equal(pictures.array, COLOUR)


SPARSE = """
import resource, sys
import numpy as np
from dcgan.data import load
file = np.lib.format.open_memmap(sys.argv[1], "w+", np.uint8, (3000, 1024, 1024))
file[1234, 5, 6] = 7
file.flush()
del file
resource.setrlimit(resource.RLIMIT_DATA, (2**30, 2**30))  # less than a third of it
pictures = load(sys.argv[1], progress=False)
assert pictures.array.shape == (3000, 1024, 1024, 1) and pictures.array[1234, 5, 6, 0] == 7
"""


def test_a_file_larger_than_memory_is_mapped(tmp_path):
    """3 GiB that are a hole in the file system, in a process that may hold 1 GiB."""
    run = subprocess.run(
        [sys.executable, "-c", SPARSE, str(tmp_path / "a.npy")], check=False, capture_output=True
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("kinds", [(np.uint8, np.int64), (np.int32, np.uint16)])
def test_whole_numbers_of_any_kind_are_the_same_classes(tmp_path, kinds):
    labels = [np.arange(7, dtype=kind) % 3 for kind in kinds]
    file = npz(tmp_path, x_train=GREY, y_train=labels[0], x_test=GREY, y_test=labels[1])
    assert load_test(file).labels.tolist() == load(file).labels.tolist() == labels[0].tolist()
    texts = npz(tmp_path, x_train=GREY, y_train=labels[0], x_test=GREY, y_test=labels[1].astype(str))
    assert "for 7 pictures" in error_of(load_test, texts)


def test_what_a_file_is_its_content_says(tmp_path):
    labels = np.arange(7) % 3
    archive = npz(tmp_path, x_train=GREY, y_train=labels, x_test=COLOUR, y_test=labels)
    archive.rename(tmp_path / "b.npy")
    assert load(tmp_path / "b.npy").labels.tolist() == labels.tolist()
    np.testing.assert_array_equal(load_test(tmp_path / "b.npy").array, COLOUR)
    npy(tmp_path, GREY).rename(tmp_path / "c.npz")
    np.testing.assert_array_equal(load(tmp_path / "c.npz").array, GREY[..., None])
    assert load_test(tmp_path / "c.npz") is None
