"""A folder of pictures as one array: what is found, in which order, and what is said when it cannot be."""

from __future__ import annotations

import os

import numpy as np
import pytest

from dcgan import pictures as pictures_module
from dcgan.data import load
from dcgan.pictures import Pictures
from tests.dcgan.data_support import error_of, picture, values


def test_pictures_come_in_the_order_of_their_relative_paths(tmp_path):
    for value, name in enumerate(["a.png", "b/a.png", "b/c/z.png", "b0.png", "c.png"]):
        picture(tmp_path / name, value)
    assert values(load(tmp_path)) == [0, 1, 2, 3, 4]


def test_the_order_does_not_hang_on_the_order_of_the_folder(tmp_path, monkeypatch):
    for value in range(5):
        picture(tmp_path / f"{value}.png", value)
    listed = type(tmp_path).iterdir
    monkeypatch.setattr(type(tmp_path), "iterdir", lambda path: sorted(listed(path), reverse=True))
    assert values(load(tmp_path)) == [0, 1, 2, 3, 4]


def test_any_mix_of_formats_endings_and_depths_is_read_and_the_rest_counted(tmp_path):
    for value, name in enumerate(["a.PNG", "b.bmp", "deep/er/c.tif", "d.webp", "e.gif"]):
        picture(tmp_path / name, value, mode="L")
    (tmp_path / "f.jpg").write_bytes((tmp_path / "a.PNG").read_bytes())  # a PNG by its content
    picture(tmp_path / ".hidden.png", 9)
    picture(tmp_path / ".thumbnails/x.png", 9)
    (tmp_path / "labels.csv").write_text("a,b")
    (tmp_path / "deep/README").write_text("hello")
    os.mkfifo(tmp_path / "pipe.png")  # opening it would wait for ever
    pictures = load(tmp_path)
    assert (pictures.found, pictures.used, pictures.skipped, pictures.ignored) == (6, 6, (), 3)
    assert str(pictures) == f"pictures of 3x5x3 from {tmp_path}: found 6, used 6, 3 other files ignored"
    assert pictures.array.dtype == np.uint8
    assert np.abs(np.array(values(pictures)) - [0, 1, 2, 3, 4, 0]).max() <= 1  # WebP rounds


def test_links_are_followed_and_loops_are_not(tmp_path):
    picture(tmp_path / "elsewhere/far.png", 1)
    picture(tmp_path / "data/near.png", 2)
    (tmp_path / "data/a").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "data/b.png").symlink_to(tmp_path / "elsewhere/far.png")
    (tmp_path / "data/loop").symlink_to(tmp_path / "data")
    (tmp_path / "elsewhere/back").symlink_to(tmp_path / "data")
    assert values(load(tmp_path / "data")) == [1, 1, 2]


def test_all_grey_is_one_channel_and_any_colour_is_three(tmp_path):
    picture(tmp_path / "a.png", 40)
    picture(tmp_path / "b.png", 1, mode="1")
    assert load(tmp_path).image_shape == (3, 5, 1)
    picture(tmp_path / "c.png", (10, 20, 30), mode="RGB")
    coloured = load(tmp_path)
    assert coloured.image_shape == (3, 5, 3)
    assert coloured.array[:, 2, 4].tolist() == [[40, 40, 40], [255, 255, 255], [10, 20, 30]]


@pytest.mark.parametrize("channels", [1, 3])
def test_channels_can_be_forced(tmp_path, channels):
    picture(tmp_path / "a.png", 40)
    picture(tmp_path / "b.png", (200, 200, 200), mode="RGB")
    pictures = load(tmp_path, channels=channels)
    assert pictures.image_shape == (3, 5, channels)
    assert values(pictures) == [40, 200]


def test_pictures_are_resized_only_when_asked(tmp_path):
    picture(tmp_path / "a.png", 10, size=(4, 8))
    picture(tmp_path / "b.png", 20, size=(6, 3))
    assert error_of(load, tmp_path) == (
        f"load: the pictures in {tmp_path} have 2 sizes: 4x8 (1), 6x3 (1).\n"
        "  legal: pictures of one size, or an image size to bring them to\n"
        "  because: a batch has one height and width, and no picture is resized or cut unless you ask\n"
        "  fix: --image-size 4x8    (height x width: pictures are made to cover it, then cut to the centre)"
    )
    for fit in ("crop", "pad", "stretch"):
        pictures = load(tmp_path, image_size=(5, 7), fit=fit)
        assert pictures.image_shape == (5, 7, 1)
        assert pictures.array[:, 2, 3, 0].tolist() == [10, 20]
    assert load(tmp_path, image_size=(4, 8)).array[0].min() == 10  # the fix is legal


def test_mixed_sizes_name_the_most_common_and_propose_one_that_trains(tmp_path):
    for number in range(12):
        picture(tmp_path / f"{number}.png", 0, size=(200, 100 + number // 2 * (number > 3)))
    message = error_of(load, tmp_path)
    assert "have 5 sizes: 200x100 (4), 200x102 (2), 200x103 (2), 200x104 (2), 200x105 (2)." in message
    assert "fix: --image-size 64x64 " in message


def test_a_long_list_of_sizes_is_cut_short(tmp_path):
    for number in range(1, 12):
        picture(tmp_path / f"{number}.png", 0, size=(10, number))
    assert "have 11 sizes: " in error_of(load, tmp_path)
    assert error_of(load, tmp_path).splitlines()[0].endswith(", and 3 more.")


def test_sub_folders_are_classes_if_no_picture_lies_beside_them(tmp_path):
    for value, name in enumerate(["b/1.png", "a/deep/er/1.png", "a/2.png", "c d/1.png"]):
        picture(tmp_path / name, value)
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken/1.png").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("not a picture")
    pictures = load(tmp_path, skip_broken=True)
    assert pictures.classes == ("a", "b", "c d")
    assert [pictures.classes[label] for label in pictures.labels] == ["a", "a", "b", "c d"]
    assert values(pictures) == [2, 1, 0, 3]
    assert str(pictures).endswith(", 1 other file ignored, 3 classes")
    picture(tmp_path / "z.png", 4)
    beside = load(tmp_path, skip_broken=True)
    assert (beside.labels, beside.classes, beside.used) == (None, (), 5)


def test_linked_folders_are_classes_too(tmp_path):
    picture(tmp_path / "elsewhere/1.png", 1)
    (tmp_path / "data").mkdir()
    (tmp_path / "data/linked").symlink_to(tmp_path / "elsewhere")
    picture(tmp_path / "data/near/1.png", 2)
    assert load(tmp_path / "data").classes == ("linked", "near")


def test_an_empty_folder_says_what_was_looked_for_and_what_was_found(tmp_path):
    tail = (
        "\n  legal: a folder with at least one .apng, .avif, .bmp, .dib, .gif, .j2k, .jfif, .jp2, .jpe, .jpeg, "
        ".jpg, .mpo, .pbm, .pgm, .png, .pnm, .ppm, .tif, .tiff, .webp"
        "\n  because: pictures are looked for by these endings, in the folder and in all its sub-folders"
        f"\n  fix: put pictures into {tmp_path} (unpack archives first), or give the folder they are in"
    )
    assert error_of(load, tmp_path) == f"load: there is no picture in {tmp_path}: it holds nothing." + tail
    for name in ("a.zip", "b.txt", "c.txt", ".d.png", "sub"):
        (tmp_path / name).write_text("")
    found = "it holds 4 other files, .txt (2), .zip (1), without an ending (1); 1 hidden."
    assert error_of(load, tmp_path) == f"load: there is no picture in {tmp_path}: {found}" + tail


def test_a_missing_folder_proposes_the_nearest_name(tmp_path, monkeypatch):
    (tmp_path / "photos").mkdir()
    monkeypatch.chdir(tmp_path)
    tail = (
        "\n  legal: digits, mnist, fashion_mnist, cifar10, a folder of pictures, or an .npy or .npz file"
        "\n  because: {}\n  fix: {}"
    )
    away = "pictures are read from there"
    (tmp_path / "faces.npz").write_bytes(b"")
    nearest = {
        "minst": "mnist",
        "photo": "photos",
        "face.npz": "faces.npz",
        f"{tmp_path}/phots": f"{tmp_path}/photos",
    }
    for given, near in nearest.items():
        assert error_of(load, given) == f"load: there is no data set, folder or file {given}." + tail.format(
            away, f"--data {near}"
        )
    remedy = "give one of the names, or a folder or file that is there"
    for given, why in [("qqqqq", ""), ("gone/qqqqq", ""), ("q" * 300, " (File name too long)")]:
        expected = f"load: there is no data set, folder or file {given}{why}." + tail.format(away, remedy)
        assert error_of(load, given) == expected


def test_a_file_is_not_a_folder(tmp_path):
    tail = (
        "\n  legal: digits, mnist, fashion_mnist, cifar10, a folder of pictures, or an .npy or .npz file\n"
        "  because: pictures are read from a folder and its sub-folders, or from NumPy's files, never from other files"
        "\n  fix: "
    )
    path = picture(tmp_path / "one.png", 0)
    assert error_of(load, path) == f"load: {path} is not a folder.{tail}--data {tmp_path}"
    (tmp_path / "all.csv").write_text("")
    remedy = (
        "give the folder that its pictures are in, or save them as an array: np.save('pictures.npy', array)"
    )
    assert (
        error_of(load, tmp_path / "all.csv") == f"load: {tmp_path / 'all.csv'} is not a folder.{tail}{remedy}"
    )
    (tmp_path / "all.zip").write_text("")
    remedy = f"unpack it, for instance into {tmp_path / 'all'}, and give that: --data {tmp_path / 'all'}"
    assert (
        error_of(load, tmp_path / "all.zip") == f"load: {tmp_path / 'all.zip'} is an archive.{tail}{remedy}"
    )


def test_a_folder_that_cannot_be_listed_is_not_left_out(tmp_path, monkeypatch):
    picture(tmp_path / "a.png", 0)
    (tmp_path / "locked").mkdir()
    listed = type(tmp_path).iterdir

    def refuse(path):
        if path.name == "locked":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(type(tmp_path), "iterdir", refuse)
    assert error_of(load, tmp_path) == (
        f"load: {tmp_path / 'locked'} cannot be listed: Permission denied.\n"
        "  legal: a folder that you may read, with all its sub-folders\n"
        "  because: a sub-folder left out without a word would make the data smaller than you think\n"
        f"  fix: let yourself read {tmp_path / 'locked'}, or move it out of the data"
    )


@pytest.mark.parametrize(
    ("options", "problem", "legal", "because", "fix"),
    [
        (
            {"image_size": size},
            f"image_size {size!r} is not a height and a width.",
            "(height, width), two ints of at least 1",
            "every picture is brought to one size in whole pixels",
            "--image-size 64x64",
        )
        for size in [(0, 8), (8,), (8, 8, 3), (8.0, 8), (True, 8), 8, "8x8", (-1, 8)]
    ]
    + [
        (
            {"fit": "cut"},
            "fit cannot be 'cut'.",
            "'crop', 'pad', 'stretch'",
            "a picture is cut, set on black, or stretched",
            'fit="crop"',
        )
    ]
    + [
        (
            {"channels": channels},
            f"channels cannot be {channels!r}.",
            "None, 1, 3",
            "pictures are grey (1) or red, green and blue (3)",
            "channels=3",
        )
        for channels in (0, 2, 4, True, "3")
    ],
)
def test_an_argument_that_is_not_legal_is_refused(options, problem, legal, because, fix):
    expected = f"load: {problem}\n  legal: {legal}\n  because: {because}\n  fix: {fix}"
    assert error_of(load, "digits", **options) == expected


def test_nothing_is_printed_where_there_is_no_terminal(tmp_path, capfd):
    picture(tmp_path / "a.png", 0)
    load(tmp_path)
    assert capfd.readouterr() == ("", "")


def test_a_large_set_lives_in_a_file_and_reads_the_same(tmp_path, monkeypatch):
    for value in range(4):
        picture(tmp_path / f"{value}.png", value)
    small = load(tmp_path)
    monkeypatch.setattr(pictures_module, "LARGEST_IN_MEMORY", 4 * 3 * 5 - 1)
    monkeypatch.setattr(pictures_module, "_HASHED_AT_ONCE", 15)
    large = load(tmp_path)
    assert isinstance(large.array, np.memmap)
    assert not isinstance(small.array, np.memmap)
    np.testing.assert_array_equal(large.array, small.array)
    assert large.fingerprint == small.fingerprint


def test_a_set_that_no_disk_holds_is_refused_before_it_is_read(tmp_path, monkeypatch):
    picture(tmp_path / "a.png", 0, size=(8, 16))
    monkeypatch.setattr(pictures_module, "LARGEST_IN_MEMORY", 0)
    monkeypatch.setattr(pictures_module.shutil, "disk_usage", lambda folder: Usage())
    monkeypatch.setattr(pictures_module.tempfile, "gettempdir", lambda: "/small")
    assert error_of(load, tmp_path) == (
        "load: 1 pictures of 8x16x1 take 0.0 GiB, and /small has room for 0.0 GiB.\n"
        "  legal: pictures that take at most 0.0 GiB together\n"
        "  because: each takes a byte per pixel and channel, and more than 2 GiB go to a temporary file\n"
        "  fix: --image-size 4x8    (or set TMPDIR to a folder on a larger disk)"
    )


class Usage:
    free = 4 * 8


def test_the_fingerprint_is_of_values_and_order_and_of_nothing_else():
    array = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4, 1)
    print_of = {
        "same": Pictures(array.copy(), "other name", skipped=("x",)).fingerprint,
        "reversed": Pictures(array[::-1], "a").fingerprint,
        "reshaped": Pictures(array.reshape(2, 4, 3, 1), "a").fingerprint,
        "one value": Pictures(np.where(array == 5, 6, array).astype(np.uint8), "a").fingerprint,
    }
    whole = Pictures(array, "a").fingerprint
    assert len(whole) == 32
    assert [name for name, found in print_of.items() if found == whole] == ["same"]


def test_pictures_cannot_be_changed():
    pictures = Pictures(np.zeros((2, 3, 4, 1), np.uint8), "zeros")
    with pytest.raises(ValueError, match="read-only"):
        pictures.array[0] = 1
    with pytest.raises(AttributeError):
        pictures.name = "ones"
