"""One picture file: its header, then its pixels, or one plain exception for whatever is wrong with it."""

from __future__ import annotations

import stat
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageOps

from dcgan.sources.fitting import fit, is_grey

# Formats by Pillow's names, with the endings they go by. Only these are ever opened: some of Pillow's other
# readers are stubs, and one starts another program. What a file is, its content says, not its ending.
FORMATS = {
    "AVIF": (".avif",),
    "BMP": (".bmp", ".dib"),
    "GIF": (".gif",),
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
    "JPEG2000": (".jp2", ".j2k"),
    "PNG": (".png", ".apng"),
    "PPM": (".pbm", ".pgm", ".ppm", ".pnm"),
    "TIFF": (".tif", ".tiff"),
    "WEBP": (".webp",),
}
ENDINGS = frozenset(ending for endings in FORMATS.values() for ending in endings)

# What Pillow's readers raise on damaged files: seen by damaging 100,000 files at random, and in their source.
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    RuntimeError,
    MemoryError,
    EOFError,
    IndexError,
    OverflowError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


class UnreadableError(Exception):
    """A file that cannot be read as a picture; the text says why, without naming the file."""


@dataclass(frozen=True)
class Header:
    """What the head of a picture file says: ``(height, width)`` once upright, and whether it is grey."""

    size: tuple[int, int]
    grey: bool


def read_header(path: Path) -> Header:
    """Return size and kind of a picture without decoding it, where its format allows that.

    Args:
        path: A file in one of ``FORMATS``.

    Raises:
        UnreadableError: If it is no picture, or has so many pixels that it looks made to exhaust memory
            (``PIL.Image.MAX_IMAGE_PIXELS``, about 89 million).
    """
    with _reading(path) as image:
        return _header(image)


def _header(image: Image.Image) -> Header:
    width, height = image.size
    # 5 to 8 are the orientations that lie on their side; of a TIFF, Pillow gives the upright size itself
    if image.format != "TIFF" and image.getexif().get(ExifTags.Base.Orientation) in (5, 6, 7, 8):
        width, height = height, width
    return Header((height, width), is_grey(image))


def read_picture(
    path: Path, shape: tuple[int, int, int], how: str, *, header: Header | None = None
) -> np.ndarray:
    """Return the first frame of a picture file, upright, as uint8 of ``shape`` ``(H, W, C)``.

    Args:
        path: A file in one of ``FORMATS``.
        shape: Height, width and channels to bring the picture to.
        how: One of ``FITS``; see :class:`dcgan.sources.fitting.Wanted`.
        header: What its head said before, on which ``shape`` may depend; None where it has not been read.

    Raises:
        UnreadableError: If it is no picture, damaged or truncated, or of pixels with no stated black and
            white; or if its head no longer says the same.
    """
    with _reading(path) as image:
        if header is not None and _header(image) != header:
            raise UnreadableError("it changed while the folder was being read")
        # A JPEG can be decoded at a half, a quarter or an eighth: at least twice the wanted size is plenty.
        reach = 2 * max(shape[:2])
        if min(image.size) > reach:
            image.draft(None, (reach, reach))
        image.load()
        ImageOps.exif_transpose(image, in_place=True)
        return fit(image, shape, how)


@contextmanager
def _reading(path: Path) -> Iterator[Image.Image]:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for ever
            raise UnreadableError("it is no regular file")
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=tuple(FORMATS)) as image:
                yield image
    except Image.UnidentifiedImageError as error:
        raise UnreadableError(f"nothing in its {status.st_size} bytes is recognised as a picture") from error
    except _DAMAGE as error:
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise UnreadableError(why) from error
