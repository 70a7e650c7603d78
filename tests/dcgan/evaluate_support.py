"""Pictures of three classes that a classifier learns in a few steps, and runs on them that are evaluated."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dcgan.config import Config
from tests.dcgan.support import TINY

CLASSES = ("dark", "left", "right")
SIZE = (9, 14)
STEPS = 25  # of the classifier


def write_classes(folder: Path, each: int = 24, seed: int = 0) -> Path:
    """Fill a folder with pictures that are dark, light on the left, or light on the right; with noise."""
    chance = np.random.default_rng(seed)
    for name in CLASSES:
        (folder / name).mkdir(parents=True)
        for number in range(each):
            picture = chance.integers(0, 90, (*SIZE, 3), np.uint8)
            if name != "dark":
                half = slice(None, 7) if name == "left" else slice(7, None)
                picture[:, half] += np.uint8(140)
            Image.fromarray(picture).save(folder / name / f"{number:03d}.png")
    return folder


@pytest.fixture(scope="session")
def classifier_cache(tmp_path_factory) -> Iterator[Path]:
    """A folder of classifiers for the tests alone, which are trained for a few steps only."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        patch.setattr("dcgan.measuring.classifier.STEPS", STEPS)
        yield folder


@pytest.fixture(scope="session")
def watched(classifier_cache, tmp_path_factory) -> Config:
    """Six steps on three classes, evaluated after every second."""
    folder = write_classes(tmp_path_factory.mktemp("classes") / "three")
    return dataclasses.replace(TINY, data=str(folder), evaluate_every=2, evaluate_samples=70)


@pytest.fixture(scope="session")
def evaluated(watched, tmp_path_factory) -> Path:
    """Such a run, never to be changed; the weights that it ended with are beside it."""
    from dcgan import session
    from tests.dcgan.state import all_of

    folder = tmp_path_factory.mktemp("evaluated") / "run"
    loop = session.train(watched, folder, progress=False)
    np.savez(folder.parent / "weights.npz", *[np.asarray(variable) for variable in all_of(loop.trainer)])
    return folder
