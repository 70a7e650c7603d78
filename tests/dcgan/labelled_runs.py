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


def write_npz(file: Path, each: int = 10) -> Path:
    """Write the same kind of pictures into a file, as many to train on as to be tested on."""
    chance = np.random.default_rng(0)
    labels = np.repeat(np.arange(2), each)
    halves = (chance.integers(150 - 150 * labels, 250 - 150 * labels, (*SHAPE, 2 * each)) for _ in range(2))
    train, test = (np.moveaxis(half, -1, 0).astype(np.uint8) for half in halves)
    np.savez(file, x_train=train, y_train=labels, x_test=test, y_test=labels)
    return file


def train(data: Path, out: Path, **fields) -> Path:
    from dcgan import session

    session.train(dataclasses.replace(TINY, data=str(data), **fields), out, progress=False)
    return out
