"""Pictures in sub-folders, bright ones and dark ones, and runs on them."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
from PIL import Image

from tests.dcgan.support import SHAPE, TINY

CLASSES = ("bright", "dark")


def write_classes(folder: Path, each: int = 10, classes: tuple[str, ...] = CLASSES, seed: int = 0) -> Path:
    """Fill a folder with sub-folders of noise: each class has a brightness of its own."""
    chance = np.random.default_rng(seed)
    for number, name in enumerate(classes):
        (folder / name).mkdir(parents=True)
        low = 150 - 150 * number // max(1, len(classes) - 1)
        for picture in range(each):
            pixels = chance.integers(low, low + 100, SHAPE, np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{picture:02d}.png")
    return folder


def train(data: Path, out: Path, **fields) -> Path:
    from dcgan import session

    session.train(dataclasses.replace(TINY, data=str(data), **fields), out, progress=False)
    return out
