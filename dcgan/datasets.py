"""Data sets by name: handwritten digits that need no download, and three that Keras fetches."""

from __future__ import annotations

import os
import zipfile
import zlib
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from dcgan.errors import DataError, Diagnosis
from dcgan.fitting import Wanted, fit
from dcgan.pictures import Pictures, empty_array

DIGITS_SIZE = (28, 28)  # as MNIST has it; at 32 the strokes look the same and a step costs a third more
_FULL_INK = 16  # a square of scikit-learn's digits counts the inked points of a 4x4 block
_MARGIN = 1  # squares of empty sheet added on each side, because strokes reach the edge of the 8x8 grid

# Where Keras looks for a data set before it downloads it, among its data sets; and what it would download.
_KERAS_FILES = {
    "mnist": ("mnist.npz", "mnist.npz"),
    "fashion_mnist": ("fashion-mnist", "the four *-ubyte.gz files of Fashion-MNIST"),
    "cifar10": ("cifar-10-batches-py-target_archive", "the original cifar-10-python.tar.gz"),
}
NAMES = ("digits", *_KERAS_FILES)


def load_named(name: str, wanted: Wanted, *, progress: bool = True) -> Pictures:
    """Return the training pictures of a data set.

    The ``digits`` are scikit-learn's: 1797 digits written by 13 people, 8x8 squares each, enlarged here
    (to 28x28 unless another size is wanted). ``mnist`` and ``fashion_mnist`` (60,000 of 28x28x1) and
    ``cifar10`` (50,000 of 32x32x3) are downloaded by Keras the first time. Test pictures are left out.

    Args:
        name: One of ``NAMES``.
        wanted: Size and channels to bring the pictures to.
        progress: Show a progress bar (on a terminal only).

    Returns:
        The pictures, uint8 of shape ``(N, H, W, C)``, in the data set's own order.

    Raises:
        DataError: If a download fails, or the MNIST file that is there is not MNIST.
    """
    if name == "digits":
        originals, size, draw = _digits(), DIGITS_SIZE, draw_digit
    else:
        originals = _from_keras(name)
        size, draw = originals.shape[1:3], _draw_picture
    channels = wanted.channels or (3 if originals.ndim == 4 else 1)
    height, width = wanted.image_size or size
    array = empty_array((len(originals), height, width, channels))
    # disable=None shows the bar on a terminal and nowhere else
    bar = tqdm(originals, f"drawing {name}", unit="picture", leave=False, disable=None if progress else True)
    for index, original in enumerate(bar):
        array[index] = draw(original, (height, width, channels), wanted.resize)
    return Pictures(array, name)


def draw_digit(squares: np.ndarray, shape: tuple[int, int, int], resize: str = "crop") -> np.ndarray:
    """Return a digit of 8x8 squares as a picture, white on black: uint8 of ``shape`` ``(H, W, C)``.

    The squares count inked points of the original scan, so its strokes end where a smooth surface through the
    counts (Lanczos) passes one half. Doubling the contrast around one half brings those edges back. The sheet
    is endless: ``"crop"`` and ``"pad"`` both show the whole digit, centred; ``"stretch"`` fills the picture.

    Args:
        squares: Counts from 0 to 16, of shape ``(8, 8)``.
        shape: Height, width and channels of the picture.
        resize: One of ``"crop"``, ``"pad"``, ``"stretch"``.

    >>> draw_digit(np.full((8, 8), 16.0), (10, 20, 1))[:, :, 0].max(axis=0).tolist()
    [0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0]
    """
    height, width, _ = shape
    side = min(height, width)
    tall, wide = (height, width) if resize == "stretch" else (side, side)
    sheet = np.pad(np.asarray(squares, np.float32) / _FULL_INK, _MARGIN)
    surface = np.asarray(Image.fromarray(sheet).resize((wide, tall), Image.Resampling.LANCZOS))
    ink = np.clip(2 * surface - 0.5, 0, 1)  # the surface swings past 0 and 1 at the edges of strokes
    picture = np.zeros(shape, np.uint8)
    top, left = (height - tall) // 2, (width - wide) // 2
    picture[top : top + tall, left : left + wide] = np.rint(255 * ink)[:, :, np.newaxis]
    return picture


def _draw_picture(pixels: np.ndarray, shape: tuple[int, int, int], resize: str) -> np.ndarray:
    return fit(Image.fromarray(pixels), shape, resize)


def _digits() -> np.ndarray:
    from sklearn.datasets import load_digits

    return load_digits().images


def _from_keras(name: str) -> np.ndarray:
    place = _place(name)
    # Keras deletes an mnist.npz whose bytes are not those it knows before it tries to download its own, and
    # there are several packings of the same pictures: what stands there is read here.
    if name == "mnist" and place.exists():
        return _read_mnist(place)

    from keras import datasets

    try:
        (pictures, _), _ = getattr(datasets, name).load_data()
    except Exception as error:  # a failed download is a bare Exception in Keras
        raise _not_fetched(name, place, error) from error
    return pictures


def _place(name: str) -> Path:
    return Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser() / "datasets" / _KERAS_FILES[name][0]


def _read_mnist(place: Path) -> np.ndarray:
    try:
        with np.load(place) as arrays:
            pictures = arrays["x_train"]
        if pictures.dtype != np.uint8 or pictures.ndim != 3:
            raise ValueError(f"x_train is {pictures.dtype} of shape {pictures.shape}")
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(
            Diagnosis(
                "load",
                "source",
                given="mnist",
                legal="an .npz file with uint8 pictures of shape (N, H, W) under the name x_train",
                problem=f"{place} is not MNIST: {error}.",
                reason="what stands where Keras keeps its data sets is used, and never replaced without a word",
                remedy=f"remove {place} to have it downloaded, or put a whole one in its place",
            )
        ) from error
    return pictures


def _not_fetched(name: str, place: Path, error: Exception) -> DataError:
    return DataError(
        Diagnosis(
            "load",
            "source",
            given=name,
            legal=f"{name} where Keras keeps it, or a network to fetch it from",
            problem=f"{name} cannot be fetched: {error}.",
            reason=f"Keras found nothing usable at {place}, and its download failed",
            fix={"--data": "digits"},
            notes=(f"needs no download; or put {_KERAS_FILES[name][1]} at {place}",),
        )
    )
