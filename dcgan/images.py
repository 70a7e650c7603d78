"""Pictures to look at: a network's floats as bytes, many on one sheet, a PNG that is whole or not there."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from dcgan.errors import DataError, Diagnosis, RunError
from dcgan.keeping.files import replacing

BACKGROUND = 96  # a grey that is neither a digit's sheet nor its ink, so that an empty place is seen as one

WIDEST = 32  # columns of a sheet with one for each class


def to_uint8(pictures: Any) -> np.ndarray:  # noqa: ANN401 - whatever NumPy makes an array of, tensors included
    """Return pictures from [-1, 1] as bytes: -1 becomes 0 and 1 becomes 255, rounded to the nearest.

    Args:
        pictures: Floats of any shape, such as ``(N, H, W, C)``; a tensor or an array.

    Returns:
        uint8 of the same shape.

    Raises:
        DataError: If a value is not a number, or outside [-1, 1].

    >>> to_uint8([-1.0, 0.25, 1.0]).tolist()
    [0, 159, 255]
    >>> to_uint8([0.0, 255.0])
    Traceback (most recent call last):
        ...
    dcgan.errors.DataError: to_uint8: the values go from 0 to 255.
      legal: floats from -1 to 1
      because: pictures come from tanh: -1 is black and 1 is white, and nothing is cut off to fit
      fix: divide by 127.5 and subtract 1 if they are bytes; look for NaN losses if they are not numbers
    """
    values = np.asarray(pictures, np.float32)
    strange = int(np.isnan(values).sum())
    if strange or np.any(np.abs(values) > 1):
        raise DataError(
            Diagnosis(
                "to_uint8",
                "pictures",
                given=f"{values.dtype} of shape {values.shape}",
                legal="floats from -1 to 1",
                problem=f"{strange} values are not numbers."
                if strange
                else f"the values go from {values.min():g} to {values.max():g}.",
                reason="pictures come from tanh: -1 is black and 1 is white, and nothing is cut off to fit",
                remedy="divide by 127.5 and subtract 1 if they are bytes; "
                "look for NaN losses if they are not numbers",
            )
        )
    return np.rint((values + 1) * 127.5).astype(np.uint8)


def columns(classes: Sequence[str]) -> int | None:
    """Return how many columns a sheet of classes in turn has: one for each, where the sheet is not too wide then.

    >>> columns(("cat", "dog")), columns(())
    (2, None)
    """
    return len(classes) if 2 <= len(classes) <= WIDEST else None


def grid(pictures: np.ndarray, columns: int | None = None, *, padding: int = 2, scale: int = 1) -> np.ndarray:
    """Return pictures side by side, in rows from the upper left, with grey between and around them.

    Any number of pictures goes: places left over in the last row are grey.

    Args:
        pictures: uint8 of shape ``(N, H, W, C)``, C being 1 or 3.
        columns: Pictures per row; None makes the sheet about as many rows high.
        padding: Pixels between pictures and around them.
        scale: Each pixel becomes a square of this side.

    Returns:
        uint8 of shape ``(rows * (scale * H + padding) + padding, likewise for columns and W, C)``.

    Raises:
        DataError: If the pictures are not bytes of such a shape, or a number is too small.

    >>> grid(np.zeros((7, 28, 20, 1), np.uint8)).shape
    (92, 68, 1)
    >>> grid(np.zeros((7, 28, 20), np.uint8))
    Traceback (most recent call last):
        ...
    dcgan.errors.DataError: grid: pictures are uint8 of shape (7, 28, 20).
      legal: uint8 of shape (N, H, W, 1) or (N, H, W, 3), none of them 0
      because: a sheet shows grey pictures (1 channel) or coloured ones (3), a byte for each channel
      fix: to_uint8 makes bytes of a network's floats; show other channels one at a time, as pictures[..., :1]
    """
    _check_bytes("grid", "pictures", pictures, axes=4)
    count, height, width, channels = pictures.shape
    columns = math.ceil(math.sqrt(count)) if columns is None else columns
    for name, number, least in (("columns", columns, 1), ("padding", padding, 0), ("scale", scale, 1)):
        _check_least(name, number, least)
    high, wide = scale * height + padding, scale * width + padding
    rows = math.ceil(count / columns)
    sheet = np.full((rows * high + padding, columns * wide + padding, channels), BACKGROUND, np.uint8)
    for index, picture in enumerate(pictures):
        row, column = divmod(index, columns)
        top, left = row * high + padding, column * wide + padding
        large = picture.repeat(scale, axis=0).repeat(scale, axis=1)
        sheet[top : top + scale * height, left : left + scale * width] = large
    return sheet


def save_png(picture: np.ndarray, path: str | os.PathLike[str]) -> None:
    """Write a picture as PNG; a reader finds the file that was there before, or the whole new one.

    Args:
        picture: uint8 of shape ``(H, W, C)``, C being 1 or 3; row 0 is the top.
        path: Where to; the name ends in ``.png`` and its folder exists.

    Raises:
        DataError: If the picture is not bytes of such a shape.
        RunError: If the file cannot be written there, or its name ends otherwise.
    """
    _check_bytes("save_png", "picture", picture, axes=3)
    path = Path(path)
    if path.name and path.suffix.lower() != ".png":
        raise _not_png(path)
    image = Image.fromarray(picture[:, :, 0] if picture.shape[2] == 1 else picture)
    with replacing(path) as file:
        image.save(file, format="PNG")


def _check_bytes(operation: str, argument: str, array: object, axes: int) -> None:
    if isinstance(array, np.ndarray):
        right = array.dtype == np.uint8 and array.ndim == axes and array.size and array.shape[-1] in (1, 3)
        what = f"{array.dtype} of shape {array.shape}"
    else:
        right, what = False, f"of type {type(array).__name__}"
    if right:
        return
    front = "N, H, W" if axes == 4 else "H, W"
    verb, many = ("are", "pictures") if axes == 4 else ("is", "picture")
    raise DataError(
        Diagnosis(
            operation,
            argument,
            given=what,
            legal=f"uint8 of shape ({front}, 1) or ({front}, 3), none of them 0",
            problem=f"{argument} {verb} {what}.",
            reason="a sheet shows grey pictures (1 channel) or coloured ones (3), a byte for each channel",
            remedy="to_uint8 makes bytes of a network's floats; "
            f"show other channels one at a time, as {many}[..., :1]",
        )
    )


def _check_least(name: str, number: object, least: int) -> None:
    if isinstance(number, (int, np.integer)) and not isinstance(number, bool) and number >= least:
        return
    raise DataError(
        Diagnosis(
            "grid",
            name,
            given=number,
            legal=f"an int of at least {least}",
            problem=f"{name} cannot be {number!r}.",
            reason="pictures and pixels are counted",
            fix={name: least},
        )
    )


def _not_png(path: Path) -> RunError:
    ending = f"ends in {path.suffix}" if path.suffix else "has no ending"
    return RunError(
        Diagnosis(
            "save_png",
            "path",
            given=str(path),
            legal="a name that ends in .png",
            problem=f"the name {path.name} {ending}.",
            reason="pictures are written as PNG, which loses nothing, and another ending would lie about it",
            fix={"--out": str(path.with_suffix(".png"))},
        )
    )
