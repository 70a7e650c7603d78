"""Pictures to train on: from a name or a folder to one array, and from there to batches."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path

from dcgan.datasets import NAMES, load_named
from dcgan.decoding import ENDINGS
from dcgan.errors import DataError, Diagnosis
from dcgan.fitting import FITS, Wanted
from dcgan.folders import load_folder
from dcgan.pictures import Pictures
from dcgan.pipeline import batches, labelled_batches

__all__ = ["FITS", "NAMES", "Pictures", "batches", "labelled_batches", "load", "load_test"]


def load(
    source: str | os.PathLike[str],
    *,
    image_size: tuple[int, int] | None = None,
    fit: str = "crop",
    channels: int | None = None,
    skip_broken: bool = False,
    progress: bool = True,
) -> Pictures:
    """Return the pictures of a data set or a folder as one array.

    A name is a data set before it is a folder: ``"digits"`` is scikit-learn's digits, ``"./digits"`` a
    folder. Up to 2 GiB of pictures are held in memory, more in a temporary file that is mapped into it.

    Args:
        source: One of ``NAMES``, or a folder of pictures (jpg, png, bmp, gif, webp, tiff and more, mixed as
            they come), searched with all its sub-folders.
        image_size: Height and width in pixels to bring every picture to; None leaves them as they are.
        fit: How: ``"crop"`` covers the size and cuts to the centre, ``"pad"`` fits inside on black,
            ``"stretch"`` scales each side by itself.
        channels: 1 for grey, 3 for colour; None takes colour if any picture has it.
        skip_broken: Leave out pictures that cannot be read, and count them; otherwise one is an error.
        progress: Show progress bars (on a terminal only).

    Returns:
        The pictures: ``array`` is uint8 of shape ``(N, H, W, C)``.

    Raises:
        DataError: If there is no such data set or folder; if the folder holds no pictures, or unreadable
            ones, or several sizes and no ``image_size`` is given; if a download fails; if an argument is
            not legal.

    >>> load("digits", image_size=(20, 20), progress=False)
    <pictures of 20x20x1 from digits: found 1797, used 1797, 10 classes>
    >>> load("digit")
    Traceback (most recent call last):
        ...
    dcgan.errors.DataError: load: there is no data set and no folder digit.
      legal: digits, mnist, fashion_mnist, cifar10, or a folder of pictures
      because: pictures are read from there
      fix: --data digits
    """
    wanted = Wanted(image_size, fit, channels)
    if isinstance(source, str) and source in NAMES:
        return load_named(source, wanted, progress=progress)
    folder = Path(source)
    try:
        is_folder, is_there = folder.is_dir(), folder.exists()
    except OSError as error:  # a name too long for any file, a folder above that may not be entered
        raise _nothing_there(folder, f" ({error.strerror})") from error
    if not is_folder:
        raise _not_a_folder(folder) if is_there else _nothing_there(folder)
    return load_folder(folder, wanted, skip_broken=skip_broken, progress=progress)


def load_test(
    source: str | os.PathLike[str],
    *,
    image_size: tuple[int, int] | None = None,
    fit: str = "crop",
    channels: int | None = None,
    progress: bool = True,
) -> Pictures | None:
    """Return the pictures that a data set keeps apart for tests, or None if it keeps none.

    ``mnist``, ``fashion_mnist`` and ``cifar10`` have test pictures; digits and folders have none.

    Args:
        source: As of :func:`load`.
        image_size: As of :func:`load`.
        fit: As of :func:`load`.
        channels: As of :func:`load`.
        progress: As of :func:`load`.

    Returns:
        The pictures, of the same classes as those to train on.

    Raises:
        DataError: As of :func:`load`, for a data set; a folder is not looked at.

    >>> print(load_test("digits"))
    None
    """
    wanted = Wanted(image_size, fit, channels)
    if not isinstance(source, str) or source not in NAMES or source == "digits":
        return None
    return load_named(source, wanted, test=True, progress=progress)


def _nothing_there(folder: Path, why: str = "") -> DataError:
    names = NAMES if folder.parent == Path() else ()
    nearest = get_close_matches(folder.name, (*names, *_folders_in(folder.parent)), n=1)
    return DataError(
        Diagnosis(
            "load",
            "source",
            given=str(folder),
            legal=f"{', '.join(NAMES)}, or a folder of pictures",
            problem=f"there is no data set and no folder {folder}{why}.",
            reason="pictures are read from there",
            fix={"--data": str(folder.parent / nearest[0])} if nearest else None,
            remedy=None if nearest else "give one of the names, or a folder that is there",
        )
    )


def _folders_in(folder: Path) -> list[str]:
    try:
        return [entry.name for entry in folder.iterdir() if entry.is_dir()]
    except OSError:  # nothing to propose from there
        return []


def _not_a_folder(file: Path) -> DataError:
    is_picture = file.suffix.lower() in ENDINGS
    return DataError(
        Diagnosis(
            "load",
            "source",
            given=str(file),
            legal=f"{', '.join(NAMES)}, or a folder of pictures",
            problem=f"{file} is not a folder.",
            reason="pictures are read from a folder and its sub-folders, never from one file",
            fix={"--data": str(file.parent)} if is_picture else None,
            remedy=None if is_picture else "unpack it if it is an archive, and give the folder",
        )
    )
