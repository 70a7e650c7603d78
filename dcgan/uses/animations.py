"""Pictures one after another, as a GIF that is whole or not there."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image

from dcgan.errors import Diagnosis, RunError
from dcgan.keeping.files import replacing
from dcgan.outputs import check_file

MOST = 2**16 - 1  # hundredths of a second that one frame can be shown


def save_gif(pictures: np.ndarray, path: str | os.PathLike[str], *, delay: int = 8, scale: int = 1) -> None:
    """Write pictures as the frames of a GIF that plays for ever.

    Grey pictures keep their very values; of coloured ones each frame is brought to the 256 colours that suit it
    best, which is all that a GIF can hold.

    Args:
        pictures: uint8 of shape ``(N, H, W, C)``, C being 1 or 3.
        path: Where to; the name ends in ``.gif`` and its folder exists.
        delay: How long each frame is shown, in hundredths of a second.
        scale: Each pixel becomes a square of this side.

    Raises:
        RunError: If the file cannot be written there, its name ends otherwise, or the delay is none that a GIF has, of
            equal pictures in a row in all.
    """
    check_file(path, [".gif"], "save_gif")
    check_delay(delay, _longest(pictures))
    large = pictures.repeat(scale, axis=1).repeat(scale, axis=2)
    first, *rest = (Image.fromarray(frame[:, :, 0] if frame.shape[2] == 1 else frame) for frame in large)
    with replacing(Path(path)) as file:
        first.save(file, format="GIF", save_all=True, append_images=rest, duration=10 * delay, loop=0)


def _longest(pictures: np.ndarray) -> int:
    """Return how many equal pictures stand in a row, at most: Pillow makes one frame of them."""
    longest = here = 1
    for one, next_one in pairwise(pictures):
        here = here + 1 if np.array_equal(one, next_one) else 1
        longest = max(longest, here)
    return longest


def check_delay(delay: int, equal: int = 1) -> None:
    """Make sure that a GIF can show its pictures for so many hundredths of a second.

    Args:
        delay: So many.
        equal: How many equal pictures stand in a row, at most: they are one, shown for as long as all of them.

    Raises:
        RunError: If it cannot.
    """
    most = MOST // equal
    if isinstance(delay, int) and not isinstance(delay, bool) and 1 <= delay <= most:
        return
    told = "" if equal == 1 else f", and {equal} equal pictures in a row are one frame"
    raise RunError(
        Diagnosis(
            "save_gif",
            "delay",
            given=delay,
            legal=range(1, most + 1),
            problem=f"delay cannot be {delay!r}.",
            reason=f"a GIF counts the time of a frame in hundredths of a second, in 16 bits{told}",
            fix={"--delay": min(8, most)},
        )
    )
