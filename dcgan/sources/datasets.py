"""Data sets by name: handwritten digits that need no download, and three that Keras fetches."""

from __future__ import annotations

import numpy as np
from PIL import Image
from tqdm import tqdm

from dcgan.pictures import Pictures, empty_array
from dcgan.sources.fitting import Wanted
from dcgan.sources.keras_files import CLASSES, DIGITS, read_set
from dcgan.sources.stacks import fitted

DIGITS_SIZE = (28, 28)  # as MNIST has it; at 32 the strokes look the same and a step costs a third more
_FULL_INK = 16  # a square of scikit-learn's digits counts the inked points of a 4x4 block
_MARGIN = 1  # squares of empty sheet added on each side, because strokes reach the edge of the 8x8 grid

NAMES = ("digits", *CLASSES)


def load_named(name: str, wanted: Wanted, *, test: bool = False, progress: bool = True) -> Pictures:
    """Return the training or the test pictures of a data set.

    The ``digits`` are scikit-learn's: 1797 digits written by 13 people, 8x8 squares each, enlarged here
    (to 28x28 unless another size is wanted). ``mnist`` and ``fashion_mnist`` (60,000 of 28x28x1) and
    ``cifar10`` (50,000 of 32x32x3) are downloaded by Keras the first time. These three have 10,000 test pictures
    each, which are never among the others.

    Args:
        name: One of ``NAMES``.
        wanted: Size and channels to bring the pictures to.
        test: The test pictures; the digits have none.
        progress: Show a progress bar (on a terminal only).

    Returns:
        The pictures, uint8 of shape ``(N, H, W, C)``, in the data set's own order, with its labels and its own
        names of the classes.

    Raises:
        DataError: If a download fails, or a file that is there is not of the data set.
    """
    if name == "digits":
        squares, labels = _digits()
        return Pictures(_drawn(squares, wanted, progress), name, labels=labels, classes=DIGITS)
    stack, labels = read_set(name, test=test)
    array = fitted(
        stack if stack.ndim == 4 else stack[..., np.newaxis], wanted, f"reading {name}", progress=progress
    )
    classes = () if labels is None else CLASSES[name]
    return Pictures(array, f"{name} (test)" if test else name, labels=labels, classes=classes)


def _drawn(squares: np.ndarray, wanted: Wanted, progress: bool) -> np.ndarray:
    shape = (*(wanted.image_size or DIGITS_SIZE), wanted.channels or 1)
    array = empty_array((len(squares), *shape))
    # disable=None shows the bar on a terminal and nowhere else
    bar = tqdm(squares, "drawing digits", unit="picture", leave=False, disable=None if progress else True)
    for index, counts in enumerate(bar):
        array[index] = draw_digit(counts, shape, wanted.fit)
    return array


def draw_digit(squares: np.ndarray, shape: tuple[int, int, int], how: str = "crop") -> np.ndarray:
    """Return a digit of 8x8 squares as a picture, white on black: uint8 of ``shape`` ``(H, W, C)``.

    The squares count inked points of the original scan, so its strokes end where a smooth surface through the
    counts (Lanczos) passes one half. Doubling the contrast around one half brings those edges back. The sheet
    is endless: ``"crop"`` and ``"pad"`` both show the whole digit, centred; ``"stretch"`` fills the picture.

    Args:
        squares: Counts from 0 to 16, of shape ``(8, 8)``.
        shape: Height, width and channels of the picture.
        how: One of ``"crop"``, ``"pad"``, ``"stretch"``.

    >>> draw_digit(np.full((8, 8), 16.0), (10, 20, 1))[:, :, 0].max(axis=0).tolist()
    [0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0]
    """
    height, width, _ = shape
    side = min(height, width)
    tall, wide = (height, width) if how == "stretch" else (side, side)
    sheet = np.pad(np.asarray(squares, np.float32) / _FULL_INK, _MARGIN)
    surface = np.asarray(Image.fromarray(sheet).resize((wide, tall), Image.Resampling.LANCZOS))
    ink = np.clip(2 * surface - 0.5, 0, 1)  # the surface swings past 0 and 1 at the edges of strokes
    picture = np.zeros(shape, np.uint8)
    top, left = (height - tall) // 2, (width - wide) // 2
    picture[top : top + tall, left : left + wide] = np.rint(255 * ink)[:, :, np.newaxis]
    return picture


def _digits() -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import load_digits

    digits = load_digits()
    return digits.images, digits.target
