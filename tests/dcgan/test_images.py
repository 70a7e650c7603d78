"""Pictures to look at: bytes, sheets, and PNG files that are whole or not there."""

from __future__ import annotations

import errno
import math

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from dcgan.errors import DataError, RunError
from dcgan.images import BACKGROUND, grid, save_png, to_uint8
from dcgan.keeping.files import replacing

BYTES = np.arange(256, dtype=np.uint8)
FLOATS = BYTES.astype(np.float32) / np.float32(127.5) - np.float32(1)
MARKED = np.zeros((4, 6, 3), np.uint8)
MARKED[0, 0] = (255, 0, 0)
MARKED[0, -1] = (0, 255, 0)
MARKED[-1, 0] = (0, 0, 255)


def error_of(kind, call, *arguments, **options):
    with pytest.raises(kind) as caught:
        call(*arguments, **options)
    return str(caught.value)


# to bytes ---------------------------------------------------------------------------------------------------


def check_round_trip(back):
    np.testing.assert_array_equal(back(FLOATS), BYTES)


def test_every_byte_survives_the_round_trip():
    check_round_trip(to_uint8)
    assert to_uint8(FLOATS).dtype == np.uint8


WRONG_ROUNDINGS = {
    "cut off": lambda x: ((x + 1) * 127.5).astype(np.uint8),
    "scaled to 256": lambda x: np.rint((x + 1) * 128).astype(np.uint8),
    "scaled to 127": lambda x: np.rint((x + 1) * 127).astype(np.uint8),
}


@pytest.mark.parametrize("name", WRONG_ROUNDINGS)
def test_the_round_trip_sees_wrong_roundings(name):
    with pytest.raises(AssertionError):
        check_round_trip(WRONG_ROUNDINGS[name])


def test_a_tensor_and_half_precision_are_taken_too():
    import tensorflow as tf

    assert to_uint8(tf.constant([[-1.0, 1.0]])).tolist() == [[0, 255]]
    assert to_uint8(tf.constant([-1.0, 1.0], tf.bfloat16)).tolist() == [0, 255]


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ([0.0, 1.01], "the values go from 0 to 1.01."),
        ([-1.5], "the values go from -1.5 to -1.5."),
        ([math.inf], "the values go from inf to inf."),
        ([math.nan, 3.0, math.nan], "2 values are not numbers."),
        (BYTES, "the values go from 0 to 255."),
    ],
)
def test_values_that_are_no_picture_are_not_cut_off(values, problem):
    assert error_of(DataError, to_uint8, values) == (
        f"to_uint8: {problem}\n"
        "  legal: floats from -1 to 1\n"
        "  because: pictures come from tanh: -1 is black and 1 is white, and nothing is cut off to fit\n"
        "  fix: divide by 127.5 and subtract 1 if they are bytes; look for NaN losses if they are not numbers"
    )


# grid -------------------------------------------------------------------------------------------------------


def numbered(count, height, width, channels):
    """Pictures that differ from each other, from the background and from themselves turned in any way."""
    pictures = np.random.default_rng(count).integers(0, 96, (count, height, width, channels), dtype=np.uint8)
    pictures[:, 0, 0] = np.arange(100, 100 + count)[:, np.newaxis]
    return pictures


def check_grid(make, count, height, width, channels, columns, padding, scale):
    """Every picture stands in its place with its values, and everywhere else there is background."""
    pictures = numbered(count, height, width, channels)
    sheet = make(pictures, columns, padding=padding, scale=scale)
    across = columns or math.ceil(math.sqrt(count))
    down = -(-count // across)
    assert sheet.shape == (
        down * (height * scale + padding) + padding,
        across * (width * scale + padding) + padding,
        channels,
    )
    left_over = sheet.astype(int)
    for index in range(count):
        top = padding + index // across * (height * scale + padding)
        left = padding + index % across * (width * scale + padding)
        for y in range(height * scale):
            for x in range(width * scale):
                assert (sheet[top + y, left + x] == pictures[index, y // scale, x // scale]).all()
        left_over[top : top + height * scale, left : left + width * scale] = BACKGROUND
    assert (left_over == BACKGROUND).all()


LAYOUTS = [
    # count, height, width, channels, columns, padding, scale
    (1, 3, 4, 1, None, 2, 1),
    (2, 3, 4, 3, None, 0, 1),
    (7, 3, 4, 1, None, 2, 2),
    (13, 2, 5, 3, None, 1, 3),
    (13, 5, 2, 3, 4, 1, 1),
    (6, 1, 1, 1, 6, 0, 1),
    (5, 2, 3, 1, 1, 3, 1),
    (3, 2, 3, 1, 8, 1, 1),
    (64, 4, 4, 1, None, 2, 1),
]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_grid_shows_every_picture_in_its_place(layout):
    check_grid(grid, *layout)


def transposed_places(pictures, columns, *, padding, scale):
    across = columns or math.ceil(math.sqrt(len(pictures)))
    places = across * math.ceil(len(pictures) / across)
    full = np.concatenate([pictures, np.zeros((places - len(pictures), *pictures.shape[1:]), np.uint8)])
    turned = full.reshape(across, -1, *full.shape[1:]).swapaxes(0, 1).reshape(full.shape)
    return grid(turned, columns, padding=padding, scale=scale)


WRONG_GRIDS = {
    "column by column": transposed_places,
    "pictures transposed": lambda p, c, **o: grid(np.swapaxes(p, 1, 2), c, **o),
    "upside down": lambda p, c, **o: grid(p, c, **o)[::-1],
    "no last row": lambda p, c, **o: grid(p[: len(p) // 4 * 4], c, **o),
    "no outer padding": lambda p, c, padding, scale: grid(p, c, padding=padding, scale=scale)[padding:],
    "white between": lambda p, c, **o: np.where(grid(p, c, **o) == BACKGROUND, 255, grid(p, c, **o)),
}


@pytest.mark.parametrize("name", WRONG_GRIDS)
def test_the_check_of_a_grid_sees_wrong_ones(name):
    with pytest.raises(AssertionError):
        check_grid(WRONG_GRIDS[name], 7, 3, 4, 1, None, 2, 2)


@pytest.mark.parametrize(
    ("pictures", "what"),
    [
        (np.zeros((2, 4, 4, 2), np.uint8), "uint8 of shape (2, 4, 4, 2)"),
        (np.zeros((2, 4, 4), np.uint8), "uint8 of shape (2, 4, 4)"),
        (np.zeros((0, 4, 4, 1), np.uint8), "uint8 of shape (0, 4, 4, 1)"),
        (np.zeros((2, 4, 4, 1), np.float32), "float32 of shape (2, 4, 4, 1)"),
        ([[1]], "of type list"),
    ],
)
def test_a_grid_of_something_else_is_refused(pictures, what):
    assert error_of(DataError, grid, pictures) == (
        f"grid: pictures are {what}.\n"
        "  legal: uint8 of shape (N, H, W, 1) or (N, H, W, 3), none of them 0\n"
        "  because: a sheet shows grey pictures (1 channel) or coloured ones (3), a byte for each channel\n"
        "  fix: to_uint8 makes bytes of a network's floats; "
        "show other channels one at a time, as pictures[..., :1]"
    )


@pytest.mark.parametrize(
    ("name", "wrong", "least"),
    [("columns", 0, 1), ("columns", 2.0, 1), ("padding", -1, 0), ("scale", True, 1)],
)
def test_a_grid_with_an_impossible_number_is_refused(name, wrong, least):
    assert error_of(DataError, grid, numbered(2, 2, 2, 1), **{name: wrong}) == (
        f"grid: {name} cannot be {wrong!r}.\n"
        f"  legal: an int of at least {least}\n"
        "  because: pictures and pixels are counted\n"
        f"  fix: {name}={least}"
    )


# PNG --------------------------------------------------------------------------------------------------------


def files_in(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (3, "RGB")])
def test_a_png_has_the_values_and_is_not_turned(tmp_path, channels, mode):
    save_png(MARKED[..., :channels], tmp_path / "marked.png")
    with Image.open(tmp_path / "marked.png") as image:
        assert isinstance(image, PngImageFile)
        assert (image.size, image.mode) == ((6, 4), mode)
        np.testing.assert_array_equal(np.asarray(image).reshape(4, 6, channels), MARKED[..., :channels])
    assert files_in(tmp_path) == ["marked.png"]


def test_a_png_takes_the_place_of_an_older_one(tmp_path):
    save_png(MARKED, tmp_path / "a.png")
    save_png(255 - MARKED, str(tmp_path / "a.png"))
    with Image.open(tmp_path / "a.png") as image:
        np.testing.assert_array_equal(np.asarray(image), 255 - MARKED)
    assert files_in(tmp_path) == ["a.png"]


def check_leaves_all_as_it_was(write, folder):
    """A failure half way through leaves the old file whole and nothing beside it."""
    (folder / "a.png").write_bytes(b"old")
    with pytest.raises(RunError):
        write(folder / "a.png")
    assert files_in(folder) == ["a.png"]
    assert (folder / "a.png").read_bytes() == b"old"


def fill_the_disk(monkeypatch):
    def save(self, file, format):
        file.write(b"half of ")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", save)


def test_a_full_disk_leaves_the_old_picture(tmp_path, monkeypatch):
    fill_the_disk(monkeypatch)
    check_leaves_all_as_it_was(lambda path: save_png(MARKED, path), tmp_path)
    assert error_of(RunError, save_png, MARKED, tmp_path / "a.png") == (
        f"save: {tmp_path / 'a.png'} cannot be written: No space left on device.\n"
        "  legal: a file in a folder that can be written to, on a disk with room\n"
        "  because: the operating system refused it; what stood there before is as it was\n"
        f"  fix: make room in {tmp_path} or let yourself write there, or name another folder"
    )


def write_in_place(path):
    try:
        with path.open("wb") as file:
            Image.fromarray(MARKED).save(file, format="PNG")
    except OSError as error:
        raise RunError(error_record()) from error


def leave_the_half(path):
    half = path.with_name("half")
    try:
        with half.open("wb") as file:
            Image.fromarray(MARKED).save(file, format="PNG")
        half.replace(path)
    except OSError as error:
        raise RunError(error_record()) from error


def error_record():
    from dcgan.errors import Diagnosis

    return Diagnosis("save", "path", given="", legal="", problem="", reason="", remedy="")


@pytest.mark.parametrize("write", [write_in_place, leave_the_half])
def test_the_check_of_a_failure_sees_wrong_writers(tmp_path, monkeypatch, write):
    fill_the_disk(monkeypatch)
    with pytest.raises(AssertionError):
        check_leaves_all_as_it_was(write, tmp_path)


def test_an_interruption_leaves_nothing_behind(tmp_path):
    with pytest.raises(KeyboardInterrupt), replacing(tmp_path / "log.json") as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert files_in(tmp_path) == []


def test_a_folder_that_may_not_be_written_to_is_named(tmp_path, monkeypatch):
    def refuse(self, *arguments):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(type(tmp_path), "open", refuse)
    message = error_of(RunError, save_png, MARKED, tmp_path / "a.png")
    assert message.startswith(f"save: {tmp_path / 'a.png'} cannot be written: Permission denied.\n")
    assert files_in(tmp_path) == []


def test_a_place_that_is_not_there_is_refused(tmp_path):
    tail = (
        "\n  legal: a file in a folder that exists\n"
        "  because: folders are not made here, so that a misspelt one is noticed\n  fix: "
    )
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.png").mkdir()
    for parent, what in [("gone", "does not exist"), ("file", "is not a folder")]:
        path, folder = tmp_path / parent / "a.png", tmp_path / parent
        assert error_of(RunError, save_png, MARKED, path) == (
            f"save: {path} cannot be written: {folder} {what}.{tail}make the folder {folder}, or name another"
        )
    path = tmp_path / "folder.png"
    expected = f"save: {path} cannot be written: it is a folder.{tail}name a file in it"
    assert error_of(RunError, save_png, MARKED, path) == expected
    assert files_in(tmp_path) == ["file", "folder.png"]


def test_a_name_that_is_too_long_is_refused(tmp_path):
    message = error_of(RunError, save_png, MARKED, tmp_path / ("a" * 300 + ".png"))
    assert message.splitlines()[0].endswith("a.png cannot be written: File name too long.")


@pytest.mark.parametrize(("name", "problem"), [("a.jpg", "ends in .jpg"), ("a", "has no ending")])
def test_a_name_of_another_format_is_refused(tmp_path, name, problem):
    assert error_of(RunError, save_png, MARKED, tmp_path / name) == (
        f"save_png: the name {name} {problem}.\n"
        "  legal: a name that ends in .png\n"
        "  because: pictures are written as PNG, which loses nothing, and another ending would lie about it\n"
        f"  fix: --out {tmp_path / 'a.png'}"
    )
    assert files_in(tmp_path) == []


@pytest.mark.parametrize(
    "array", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 1)), np.zeros((4, 4, 4), np.uint8)]
)
def test_a_png_of_something_else_is_refused(tmp_path, array):
    message = error_of(DataError, save_png, array, tmp_path / "a.png")
    assert message.splitlines()[:2] == [
        f"save_png: picture is {array.dtype} of shape {array.shape}.",
        "  legal: uint8 of shape (H, W, 1) or (H, W, 3), none of them 0",
    ]
    assert files_in(tmp_path) == []
