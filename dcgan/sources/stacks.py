"""A stack of pictures of one size, brought to the wanted size and channels, one after another."""

from __future__ import annotations

import numpy as np
from PIL import Image
from tqdm import tqdm

from dcgan.pictures import LARGEST_IN_MEMORY, empty_array
from dcgan.sources.fitting import Wanted, fit


def fitted(stack: np.ndarray, wanted: Wanted, label: str, *, progress: bool = True) -> np.ndarray:
    """Return a stack of pictures as a stack of others.

    Args:
        stack: uint8 of shape ``(N, H, W, C)``, C being 1 or 3.
        wanted: Size and channels to bring the pictures to.
        label: What a progress bar says.
        progress: Show one (on a terminal only).

    Returns:
        uint8 of the wanted shape. If nothing is to be changed it is a copy in memory, so that no file that is
        written over meanwhile can change it; or, of more than 2 GiB, the very stack.

    >>> stack = np.full((2, 4, 8, 1), 200, np.uint8)
    >>> fitted(stack, Wanted((4, 4), "crop", 3), "fitting").shape
    (2, 4, 4, 3)
    """
    count, *size, channels = stack.shape
    shape = (*(wanted.image_size or size), wanted.channels or channels)
    if shape == (*size, channels):
        return stack if stack.nbytes > LARGEST_IN_MEMORY else np.array(stack, order="C")
    array = empty_array((count, *shape))
    # disable=None shows the bar on a terminal and nowhere else
    bar = tqdm(stack, label, unit="picture", leave=False, disable=None if progress else True)
    for index, picture in enumerate(bar):
        pixels = np.ascontiguousarray(picture[..., 0] if channels == 1 else picture)
        array[index] = fit(Image.fromarray(pixels), shape, wanted.fit)
    return array
