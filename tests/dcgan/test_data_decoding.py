"""One picture file: every format and mode, upright, fitted, or named as unreadable."""

from __future__ import annotations

import io
import os

import numpy as np
import pytest
from PIL import Image

from dcgan.sources.decoding import FORMATS, UnreadableError, read_header, read_picture
from dcgan.sources.fitting import fit, is_grey

UPRIGHT = np.zeros((6, 9, 3), np.uint8)  # higher than wide would hide nothing that wider than high shows
UPRIGHT[:3, :3] = (200, 20, 20)  # upper left
UPRIGHT[:3, 6:] = (20, 200, 20)  # upper right
UPRIGHT[3:, :3] = (20, 20, 200)  # lower left

# How the pixels of UPRIGHT are stored under each value of EXIF's orientation tag, after the tag's definition:
# the name says where row 0 and column 0 of the stored picture are in the one to be seen.
STORED = {
    1: lambda upright: upright,  # top, left
    2: lambda upright: upright[:, ::-1],  # top, right
    3: lambda upright: upright[::-1, ::-1],  # bottom, right
    4: lambda upright: upright[::-1],  # bottom, left
    5: lambda upright: upright.transpose(1, 0, 2),  # left, top
    6: lambda upright: upright[:, ::-1].transpose(1, 0, 2),  # right, top
    7: lambda upright: upright[::-1, ::-1].transpose(1, 0, 2),  # right, bottom
    8: lambda upright: upright[::-1].transpose(1, 0, 2),  # left, bottom
}


def save(path, array, **options):
    Image.fromarray(np.ascontiguousarray(array)).save(path, **options)
    return path


def check_is_upright(picture):
    np.testing.assert_array_equal(picture, UPRIGHT)


@pytest.mark.parametrize("ending", ["png", "bmp", "gif", "tiff", "ppm", "webp", "jp2"])
def test_a_picture_without_loss_keeps_its_values_and_is_not_turned(tmp_path, ending):
    path = save(tmp_path / f"picture.{ending}", UPRIGHT, **({"lossless": True} if ending == "webp" else {}))
    assert read_header(path).size == (6, 9)
    check_is_upright(read_picture(path, (6, 9, 3), "crop"))


@pytest.mark.parametrize("ending", ["jpg", "webp", "avif"])
def test_a_picture_with_loss_is_close_and_is_not_turned(tmp_path, ending):
    path = save(tmp_path / f"picture.{ending}", UPRIGHT.repeat(8, 0).repeat(8, 1), quality=95)
    picture = read_picture(path, (48, 72, 3), "crop")
    assert np.abs(picture.astype(int) - UPRIGHT.repeat(8, 0).repeat(8, 1)).mean() < 4


@pytest.mark.parametrize("turn", [lambda p: p[::-1], lambda p: p[:, ::-1], lambda p: p.transpose(1, 0, 2)])
def test_the_check_for_upright_sees_every_turn(turn):
    with pytest.raises(AssertionError):
        check_is_upright(turn(UPRIGHT))


@pytest.mark.parametrize("ending", ["png", "tiff", "webp"])
@pytest.mark.parametrize("orientation", STORED)
def test_a_picture_is_set_upright_as_its_exif_says(tmp_path, orientation, ending):
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"lossless": True} if ending == "webp" else {}
    path = save(tmp_path / f"turned.{ending}", STORED[orientation](UPRIGHT), exif=exif, **options)
    assert read_header(path).size == (6, 9)
    check_is_upright(read_picture(path, (6, 9, 3), "crop"))


@pytest.mark.parametrize("orientation", [0, 9, 99])
def test_an_orientation_that_there_is_not_turns_nothing(tmp_path, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = save(tmp_path / "strange.png", UPRIGHT, exif=exif)
    assert read_header(path).size == (6, 9)
    check_is_upright(read_picture(path, (6, 9, 3), "crop"))


@pytest.mark.parametrize("ending", ["jpg", "avif"])
@pytest.mark.parametrize("orientation", STORED)
def test_a_large_photograph_is_set_upright_too(tmp_path, orientation, ending):
    exif = Image.Exif()
    exif[0x0112] = orientation
    large = UPRIGHT.repeat(40, 0).repeat(40, 1)  # of which a JPEG is decoded at an eighth
    path = save(tmp_path / f"photograph.{ending}", STORED[orientation](large), exif=exif, quality=95)
    assert read_header(path).size == (240, 360)
    picture = read_picture(path, (6, 9, 3), "crop")
    assert np.abs(picture.astype(int) - UPRIGHT)[1:5:3, 1::3].max() < 8  # in the middle of each patch


def test_the_first_frame_of_an_animation_is_read(tmp_path):
    frames = [Image.new("RGB", (4, 3), colour) for colour in ("red", "blue")]
    for name in ("moving.gif", "moving.webp", "moving.tiff", "moving.png"):
        lossless = {"lossless": True} if name.endswith("webp") else {}
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:], **lossless)
        assert read_picture(tmp_path / name, (3, 4, 3), "crop").tolist() == [[[255, 0, 0]] * 4] * 3, name


@pytest.mark.parametrize(
    ("image", "grey", "value"),
    [
        (Image.new("1", (2, 2), 1), True, 255),
        (Image.new("L", (2, 2), 77), True, 77),
        (Image.new("LA", (2, 2), (0, 255)), True, 0),
        (Image.new("LA", (2, 2), (0, 0)), True, 255),  # nothing over white
        (Image.new("RGB", (2, 2), (10, 20, 30)), False, (10, 20, 30)),
        (Image.new("RGB", (2, 2), (7, 7, 7)), False, (7, 7, 7)),  # stored in colour
        (Image.new("RGBA", (2, 2), (10, 20, 30, 255)), False, (10, 20, 30)),
        (Image.new("RGBA", (2, 2), (0, 100, 200, 51)), False, (204, 224, 244)),  # a fifth over white
        (Image.new("CMYK", (2, 2), (255, 0, 0, 0)), False, (0, 255, 255)),
        (Image.new("PA", (2, 2), (0, 0)), False, 255),
        (Image.new("YCbCr", (2, 2), (90, 128, 128)), False, 90),
        (Image.new("HSV", (2, 2), (0, 255, 255)), False, (255, 0, 0)),
        (Image.fromarray(np.full((2, 2), 65535, np.uint16)), True, 255),
        (Image.fromarray(np.full((2, 2), 257 * 100 + 128, np.uint16)), True, 100),
        (Image.fromarray(np.full((2, 2), 257 * 100 + 129, np.uint16)), True, 101),
        (Image.fromarray(np.full((2, 2), 257 * 100, ">u2")), True, 100),
    ],
    ids=lambda value: getattr(value, "mode", ""),
)
def test_every_mode_becomes_eight_bits(image, grey, value):
    assert is_grey(image) is grey
    assert fit(image, (2, 2, 3))[1, 0].tolist() == list(value if isinstance(value, tuple) else (value,) * 3)


def test_a_palette_is_grey_or_coloured_as_its_colours_are(tmp_path):
    ramp = np.arange(0, 256, 16, dtype=np.uint8).reshape(4, 4)
    grey = Image.fromarray(ramp).convert("P")
    coloured = Image.fromarray(UPRIGHT).quantize(8)
    assert is_grey(grey)
    assert not is_grey(coloured)
    np.testing.assert_array_equal(fit(grey, (4, 4, 1))[:, :, 0], ramp)
    np.testing.assert_array_equal(fit(coloured, (6, 9, 3)), UPRIGHT)


def test_a_transparent_palette_colour_is_laid_over_white(tmp_path):
    image = Image.fromarray(np.array([[0, 1]], np.uint8)).convert("P")
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.save(tmp_path / "clear.png", transparency=1)
    assert read_picture(tmp_path / "clear.png", (1, 2, 3), "crop").tolist() == [
        [[255, 0, 0], [255, 255, 255]]
    ]


def test_photographs_for_print_are_read(tmp_path):
    """Of ink: a JPEG of four inks is stored inverted by Photoshop and not by Pillow; both say so in the file."""
    cyan = Image.new("CMYK", (16, 16), (255, 0, 0, 0))
    cyan.save(tmp_path / "ink.jpg", quality=100)
    cyan.save(tmp_path / "ink.tiff")
    for name in ("ink.jpg", "ink.tiff"):
        assert not read_header(tmp_path / name).grey
        picture = read_picture(tmp_path / name, (16, 16, 3), "crop").astype(int)
        assert np.abs(picture - [0, 255, 255]).max() <= 3, name


@pytest.mark.parametrize("name", ["light.png", "light.gif", "light.webp", "light.tiff"])
def test_what_is_transparent_in_a_file_is_laid_over_white(tmp_path, name):
    half = np.zeros((4, 4, 4), np.uint8)
    half[:, :2] = (10, 20, 30, 255)
    options = {"lossless": True} if name.endswith("webp") else {}
    Image.fromarray(half).save(tmp_path / name, **options)
    picture = read_picture(tmp_path / name, (4, 4, 3), "crop")
    assert (picture[:, 2:] == 255).all()
    assert np.abs(picture[:, :2].astype(int) - [10, 20, 30]).max() <= 4  # a GIF has few colours


def test_sixteen_bit_files_keep_their_scale(tmp_path):
    levels = np.array([[0, 257 * 10, 257 * 200, 65535]], np.uint16)
    for name in ("deep.png", "deep.tiff"):
        save(tmp_path / name, levels)
    (tmp_path / "deep.pgm").write_bytes(b"P5 4 1 65535\n" + levels.astype(">u2").tobytes())
    for name in ("deep.png", "deep.tiff", "deep.pgm"):
        assert read_picture(tmp_path / name, (1, 4, 1), "crop")[0, :, 0].tolist() == [0, 10, 200, 255], name


def test_colour_becomes_grey_by_luma():
    # 0.299 red + 0.587 green + 0.114 blue
    assert fit(Image.new("RGB", (1, 1), (100, 200, 50)), (1, 1, 1)).item() == round(29.9 + 117.4 + 5.7)


def test_crop_covers_and_cuts_to_the_centre():
    wide = np.zeros((4, 8, 1), np.uint8)
    wide[:, 2:6] = 200
    assert (fit(Image.fromarray(wide[:, :, 0]), (4, 4, 1), "crop") == 200).all()
    high = wide.transpose(1, 0, 2)
    assert (fit(Image.fromarray(high[:, :, 0]), (4, 4, 1), "crop") == 200).all()


def test_pad_fits_inside_on_black():
    picture = fit(Image.new("L", (8, 4), 200), (8, 8, 1), "pad")[:, :, 0]
    assert picture[:, 0].tolist() == [0, 0, 200, 200, 200, 200, 0, 0]


def test_stretch_scales_each_side_by_itself():
    halves = np.zeros((4, 8), np.uint8)
    halves[:, 4:] = 200
    picture = fit(Image.fromarray(halves), (40, 8, 1), "stretch")[:, :, 0]
    np.testing.assert_array_equal(picture, halves[:1].repeat(40, axis=0))


def test_a_picture_of_another_size_has_height_before_width():
    assert fit(Image.new("L", (90, 60)), (5, 7, 1), "crop").shape == (5, 7, 1)


@pytest.mark.parametrize("mode", ["F", "I"])
def test_pixels_without_a_stated_black_and_white_are_not_guessed(tmp_path, mode):
    path = tmp_path / "deep.tiff"
    Image.new(mode, (2, 2), 1).save(path)
    with pytest.raises(UnreadableError, match=r"^32-bit pixels have no stated black and white$"):
        read_picture(path, (2, 2, 1), "crop")


@pytest.mark.parametrize("limit", [53, 26])  # one more pixel than Pillow warns of, and than it refuses
def test_a_picture_made_to_exhaust_memory_is_not_decoded(tmp_path, monkeypatch, limit):
    path = save(tmp_path / "bomb.png", UPRIGHT)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
    with pytest.raises(UnreadableError, match="54 pixels"):
        read_header(path)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 54)
    assert read_header(path).size == (6, 9)


def test_pipes_and_folders_are_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "folder.png").mkdir()
    for name in ("pipe.png", "folder.png"):
        for read in (read_header, lambda path: read_picture(path, (1, 1, 1), "crop")):
            with pytest.raises(UnreadableError, match=r"^it is no regular file$"):
                read(tmp_path / name)


def test_what_is_no_picture_says_so(tmp_path):
    path = tmp_path / "letter.jpg"
    path.write_text("dear reader")
    with pytest.raises(UnreadableError, match=r"^nothing in its 11 bytes is recognised as a picture$"):
        read_header(path)
    with pytest.raises(UnreadableError, match=r"^No such file or directory$"):
        read_header(tmp_path / "nothing.jpg")


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("name", FORMATS)
def test_a_damaged_file_raises_one_exception_whatever_is_wrong_with_it(tmp_path, name):
    """Files cut short or with bytes overwritten either read or raise UnreadableError, and nothing else."""
    noise = np.random.default_rng(3).integers(0, 256, (13, 17, 3), dtype=np.uint8)
    whole = io.BytesIO()
    Image.fromarray(noise).save(whole, name)
    path = tmp_path / "damaged"
    random = np.random.default_rng(4)
    refused = 0
    for _ in range(60):
        content = bytearray(whole.getvalue())
        if random.random() < 0.5:
            content = content[: random.integers(len(content))]
        else:
            for _ in range(4):
                content[random.integers(min(len(content), 100))] = random.integers(256)
        path.write_bytes(content)
        try:
            picture = read_picture(path, (8, 9, 3), "crop")
        except UnreadableError:
            refused += 1
        else:
            assert picture.shape == (8, 9, 3)
            assert picture.dtype == np.uint8
    assert refused > 10
