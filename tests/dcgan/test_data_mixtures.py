"""Folders of any mixture: every file is accounted for, and every picture is as Pillow itself decodes it."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import strategies as st
from PIL import Image

from dcgan.data import load
from tests.dcgan.support import hold

SIZE = (6, 9)
WHOLE = (
    "L.png",
    "RGB.png",
    "RGBA.png",
    "LA.png",
    "P.gif",
    "1.png",
    "1.tiff",
    "I;16.png",
    "I;16.tiff",
    "CMYK.jpg",
)
WHOLE += ("RGB.jpg", "L.jpg", "RGB.webp", "RGB.bmp", "L.pgm", "RGB.JPEG", "RGB.png.jpg")
BROKEN = ("cut.png", "cut.jpg", "empty.bmp", "text.png", "link.gif")
OTHER = ("notes.txt", "table.csv", "bare")
# What is tried first is what shrinks: no files, then whole ones, near the top of the folder.
ENTRY = st.tuples(
    st.sampled_from(WHOLE + BROKEN + OTHER), st.sampled_from(["a", "b/deep", "c d", ""]), st.integers(0, 99)
)
ENTRIES = st.lists(ENTRY, max_size=12)


def put(folder: Path, number: int, kind: str, below: str, seed: int) -> Path:
    path = folder / below / f"{number:02d}-{kind}"
    path.parent.mkdir(parents=True, exist_ok=True)
    mode, _, ending = kind.partition(".")
    random = np.random.default_rng(seed)
    if kind in OTHER or mode in ("empty", "text"):
        path.write_text("" if mode == "empty" else "hello")
    elif mode == "link":
        path.symlink_to(folder / "nowhere")
    elif mode == "cut":
        Image.fromarray(random.integers(0, 256, (*SIZE, 3), np.uint8)).save(path)
        os.truncate(path, path.stat().st_size * 2 // 3)
    elif mode == "I;16":
        Image.fromarray(random.integers(0, 2**16, SIZE, np.uint16)).save(path)
    else:
        colour = Image.fromarray(random.integers(0, 256, (*SIZE, 4), np.uint8))
        image = colour if mode == "RGBA" else colour.convert("RGB").convert(mode)
        image.save(path, format="PNG" if ending == "png.jpg" else None)
    return path


def by_pillow(path: Path) -> np.ndarray:
    """The picture over white in red, green and blue, by Pillow's reader and plain arithmetic."""
    with Image.open(path) as image:
        if image.mode.startswith("I"):
            return np.rint(np.asarray(image) / 257)[..., None].repeat(3, axis=2)
        if image.mode in ("RGBA", "LA"):
            values = np.asarray(image.convert("RGBA")).astype(float)
            opaque = values[..., 3:] / 255
            return np.rint(values[..., :3] * opaque + 255 * (1 - opaque))
        return np.asarray(image.convert("RGB"))


def check_accounts(entries, read=load) -> None:
    """Found is used and skipped; classes are the first folders; each picture is Pillow's, in the order of paths."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        Image.new("RGB", SIZE[::-1]).save(put(folder, 99, "RGB.png", "z", 0))  # one at least
        paths = [put(folder, number, *entry) for number, entry in enumerate(entries)]
        pictures = read(folder, skip_broken=True, channels=3)
        paths = sorted(
            [*paths, folder / "z/99-RGB.png"], key=lambda path: path.relative_to(folder).as_posix()
        )
        kinds = {path: path.name.partition("-")[2] for path in paths}
        whole = [path for path in paths if kinds[path] in WHOLE]
        broken = [str(path.relative_to(folder)) for path in paths if kinds[path] in BROKEN]
        assert pictures.found == pictures.used + len(pictures.skipped) == len(whole) + len(broken)
        assert list(pictures.skipped) == broken
        assert pictures.ignored == len(paths) - pictures.found
        for path, array in zip(whole, pictures.array, strict=True):
            assert np.abs(array - by_pillow(path)).max() <= 1, path  # of rounding, where there is opacity
        firsts = [path.relative_to(folder).parts[0] for path in whole]
        if any(path.parent == folder for path in whole):
            assert pictures.labels is None
        else:
            assert pictures.classes == tuple(sorted(set(firsts)))
            assert [pictures.classes[label] for label in pictures.labels] == firsts


def test_every_file_is_accounted_for_and_every_picture_as_pillow_decodes_it(record_property):
    hold(record_property, 40, ENTRIES, check=check_accounts)


def upside_down(folder, **options):
    pictures = load(folder, **options)
    return dataclasses.replace(pictures, array=pictures.array[:, ::-1])


def uncounted(folder, **options):
    return dataclasses.replace(load(folder, **options), skipped=())


def inverted(folder, **options):
    pictures = load(folder, **options)
    return dataclasses.replace(pictures, array=255 - pictures.array)


@pytest.mark.parametrize("wrong", [upside_down, uncounted, inverted])
def test_that_check_sees_wrong_readings(wrong):
    with pytest.raises(AssertionError):
        check_accounts([("RGB.png", "a", 1), ("cut.png", "b/deep", 2)], wrong)
