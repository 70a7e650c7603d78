"""What is said of folders that cannot be looked into, hold no pictures, broken ones, or some of several sizes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from dcgan.errors import DataError, Diagnosis
from dcgan.pictures import MOST_NAMED, counted, shown
from dcgan.sources.decoding import ENDINGS, FORMATS

_MOST_LISTED = 8  # sizes or endings named in one error
_EASY_SIDE = 128  # pixels; a fix does not propose larger pictures, because they train slowly


def unlistable(folder: Path, error: OSError) -> DataError:
    """Return the error that a folder cannot be looked into."""
    return DataError(
        Diagnosis(
            "load",
            "source",
            given=str(folder),
            legal="a folder that you may read, with all its sub-folders",
            problem=f"{folder} cannot be listed: {error.strerror}.",
            reason="a sub-folder left out without a word would make the data smaller than you think",
            remedy=f"let yourself read {folder}, or move it out of the data",
        )
    )


def no_pictures(folder: Path, others: Counter[str], hidden: int) -> DataError:
    """Return the error that a folder holds no pictures, but so many other files of each ending, and hidden ones."""
    count = others.total()
    found = [f"{counted(count, 'other file')}, {_counts(others)}"] if count else []
    found += [f"{hidden} hidden"] if hidden else []
    return DataError(
        Diagnosis(
            "load",
            "source",
            given=str(folder),
            legal="a folder with at least one " + ", ".join(sorted(ENDINGS)),
            problem=f"there is no picture in {folder}: it holds {'; '.join(found) or 'nothing'}.",
            reason="pictures are looked for by these endings, in the folder and in all its sub-folders",
            remedy=f"put pictures into {folder} (unpack archives first), or give the folder they are in",
        )
    )


def broken_pictures(folder: Path, broken: dict[str, str], found: int) -> DataError:
    """Return the error that some pictures cannot be read: names inside the folder, each with what is wrong."""
    named = "; ".join(f"{shown(name)} ({why})" for name, why in list(broken.items())[:MOST_NAMED])
    more = f"; and {len(broken) - MOST_NAMED} more" if len(broken) > MOST_NAMED else ""
    return DataError(
        Diagnosis(
            "load",
            "source",
            given=str(folder),
            legal="whole pictures in the formats " + ", ".join(FORMATS),
            problem=f"{len(broken)} of {counted(found, 'picture')} in {folder} cannot be read: {named}{more}.",
            reason="a picture left out without a word would make the data smaller than you think",
            fix={"--skip-broken": True} if len(broken) < found else None,
            remedy="put whole pictures in their place" if len(broken) == found else None,
            notes=("leaves such pictures out, names and counts them",) if len(broken) < found else (),
        )
    )


def mixed_sizes(folder: Path, sizes: Counter[tuple[int, int]]) -> DataError:
    """Return the error that pictures have several sizes, ``(height, width)``, so many of each."""
    height, width = min(sizes, key=lambda size: (-sizes[size], size))
    if max(height, width) > _EASY_SIDE:
        height, width = 64, 64
    listed = {f"{size[0]}x{size[1]}": count for size, count in sorted(sizes.items())}
    return DataError(
        Diagnosis(
            "load",
            "image_size",
            given=None,
            legal="pictures of one size, or an image size to bring them to",
            problem=f"the pictures in {folder} have {len(sizes)} sizes: {_counts(Counter(listed))}.",
            reason="a batch has one height and width, and no picture is resized or cut unless you ask",
            fix={"--image-size": f"{height}x{width}"},
            notes=("height x width: pictures are made to cover it, then cut to the centre",),
        )
    )


def _counts(counts: Counter[str]) -> str:
    most_first = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    listed = [f"{what} ({count})" for what, count in most_first[:_MOST_LISTED]]
    if len(counts) > _MOST_LISTED:
        listed.append(f"and {len(counts) - _MOST_LISTED} more")
    return ", ".join(listed)
