"""What the tests of dcgan share: small plans, snapshots to the byte, a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import numpy as np
from hypothesis import strategies as st
from PIL import Image

from dcgan.config import Config

ROOT = Path(__file__).parents[2]
SHAPE = (9, 14, 3)
TINY = Config(
    latent=6,
    widths=(4, 6),
    batch_size=5,
    kernel_size=3,
    steps=6,
    samples=4,
    sample_every=3,
    checkpoint_every=4,
)


def hold(record_property: Callable, examples: int, *strategies, check: Callable) -> None:
    """Check a property on that many examples, and leave the number that were run for the report."""
    ran = []

    @hypothesis.settings(max_examples=examples)
    @hypothesis.given(st.tuples(*strategies))
    def run(drawn):
        ran.append(drawn)
        check(*drawn)

    run()
    record_property("examples", len(ran))


def write_pictures(folder: Path, count: int = 17, shape: tuple[int, int, int] = SHAPE, seed: int = 0) -> Path:
    """Fill a folder with pictures of noise."""
    folder.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 256, (count, *shape), np.uint8)
    for number, picture in enumerate(pixels):
        Image.fromarray(picture).save(folder / f"{number:03d}.png")
    return folder


def as_bytes(variables: Iterable) -> list[bytes]:
    return [np.asarray(variable).tobytes() for variable in variables]


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with what is in it."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def python(*arguments: str, cwd: Path = ROOT, first: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own, with this checkout to import from, and ``first`` before it."""
    places = [str(ROOT)] if first is None else [str(first), str(ROOT)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
    del environment["TF_CPP_MIN_LOG_LEVEL"]  # set for the tests; the command has to be quiet by itself
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def dcgan(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return python("-m", "dcgan", *arguments, cwd=cwd)


@contextmanager
def counted_variables():
    """Count the variables that TensorFlow is asked to create in this block, eagerly or in a graph."""
    import tensorflow as tf

    created = []

    def creator(next_creator, **kwargs):
        created.append(kwargs.get("name"))
        return next_creator(**kwargs)

    with tf.variable_creator_scope(creator):
        yield created
