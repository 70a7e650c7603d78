"""Pictures to train on: from a name or a folder to one array, and from there to batches."""

from __future__ import annotations

import os
import shlex
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from dcgan.errors import DataError, Diagnosis
from dcgan.pictures import Pictures, counted
from dcgan.pipeline import batches, labelled_batches
from dcgan.sources import arrays
from dcgan.sources.arrays import load_array, load_test_array
from dcgan.sources.datasets import NAMES, load_named
from dcgan.sources.decoding import ENDINGS
from dcgan.sources.fitting import FITS, Wanted
from dcgan.sources.folders import load_folder

__all__ = [
    "FITS",
    "NAMES",
    "Pictures",
    "announcement",
    "batches",
    "labelled_batches",
    "load",
    "load_apart",
    "load_test",
]


def load(
    source: str | os.PathLike[str],
    *,
    image_size: tuple[int, int] | None = None,
    fit: str = "crop",
    channels: int | None = None,
    skip_broken: bool = False,
    progress: bool = True,
) -> Pictures:
    """Return the pictures of a data set, a folder or a NumPy file as one array, with their classes if it names any.

    A name is a data set before it is a folder: ``"digits"`` is scikit-learn's digits, ``"./digits"`` a
    folder. Up to 2 GiB of pictures are held in memory, more in a temporary file that is mapped into it.

    Args:
        source: One of ``NAMES``; or a folder of pictures (jpg, png, bmp, gif, webp, tiff and more, mixed as they
            come), searched with all its sub-folders, which are classes if no picture lies beside them; or an .npy or
            .npz file, as :func:`dcgan.sources.arrays.load_array` takes it.
        image_size: Height and width in pixels to bring every picture to; None leaves them as they are.
        fit: How: ``"crop"`` covers the size and cuts to the centre, ``"pad"`` fits inside on black,
            ``"stretch"`` scales each side by itself.
        channels: 1 for grey, 3 for colour; None takes colour if any picture has it.
        skip_broken: Leave out pictures that cannot be read, and count them; otherwise one is an error.
        progress: Show progress bars (on a terminal only).

    Returns:
        The pictures: ``array`` is uint8 of shape ``(N, H, W, C)``.

    Raises:
        DataError: If there is no such data set, folder or file; if the folder holds no pictures, or unreadable
            ones, or several sizes and no ``image_size`` is given; if a file's values could be read in several ways;
            if a download fails; if an argument is not legal.

    >>> load("digits", image_size=(20, 20), progress=False)
    <pictures of 20x20x1 from digits: found 1797, used 1797, 10 classes>
    >>> load("digit")
    Traceback (most recent call last):
        ...
    dcgan.errors.DataError: load: there is no data set, folder or file digit.
      legal: digits, mnist, fashion_mnist, cifar10, a folder of pictures, or an .npy or .npz file
      because: pictures are read from there
      fix: --data digits
    """
    wanted = Wanted(image_size, fit, channels)
    if isinstance(source, str) and source in NAMES:
        return load_named(source, wanted, progress=progress)
    place = _there(source)
    if place.is_dir():
        return load_folder(place, wanted, skip_broken=skip_broken, progress=progress)
    if place.suffix.lower() in arrays.ENDINGS:
        return load_array(place, wanted, progress=progress)
    raise _not_a_folder(place)


def load_test(
    source: str | os.PathLike[str],
    *,
    image_size: tuple[int, int] | None = None,
    fit: str = "crop",
    channels: int | None = None,
    progress: bool = True,
) -> Pictures | None:
    """Return the pictures that a data set keeps apart for tests, or None if it keeps none.

    ``mnist``, ``fashion_mnist`` and ``cifar10`` have test pictures, and an .npz file if it has an ``x_test``; digits
    and folders have none.

    Args:
        source: As of :func:`load`.
        image_size: As of :func:`load`.
        fit: As of :func:`load`.
        channels: As of :func:`load`.
        progress: As of :func:`load`.

    Returns:
        The pictures, of the same classes as those to train on.

    Raises:
        DataError: As of :func:`load`; but a folder is not looked into.

    >>> print(load_test("digits"))
    None
    """
    wanted = Wanted(image_size, fit, channels)
    if isinstance(source, str) and source in NAMES:
        return None if source == "digits" else load_named(source, wanted, test=True, progress=progress)
    place = _there(source)
    is_array = not place.is_dir() and place.suffix.lower() in arrays.ENDINGS
    return load_test_array(place, wanted, progress=progress) if is_array else None


def load_apart(source: str | os.PathLike[str], *, skip_broken: bool = False, **how: Any) -> Pictures:  # noqa: ANN401 - as load
    """Return pictures that others are compared with or tested on: the test pictures of a source; all, if it keeps none apart.

    Args:
        source: As of :func:`load`.
        skip_broken: As of :func:`load`.
        **how: As of :func:`load_test`.

    Raises:
        DataError: As of :func:`load`.

    >>> len(load_apart("digits", progress=False)) == len(load("digits", progress=False))
    True
    """
    kept = load_test(source, **how)
    return load(source, skip_broken=skip_broken, **how) if kept is None else kept


def announcement(pictures: Pictures, batch_size: int) -> str:
    """Return what is to be said of pictures before they are trained on: what was found, and what is left out.

    Args:
        pictures: The pictures.
        batch_size: How many of them a step shows.

    >>> print(announcement(load("digits", progress=False), 64))
    pictures of 28x28x1 from digits: found 1797, used 1797, 10 classes
    each epoch of 28 batches leaves out 5 of 1797 pictures, others each time
    """
    batches, left = divmod(len(pictures), batch_size)
    if left == 0 or batches == 0:
        return str(pictures)
    rest = f"each epoch of {counted(batches, 'batch', 'es')} leaves out {left} of {counted(len(pictures), 'picture')}"
    return f"{pictures}\n{rest}, others each time"


def _there(source: str | os.PathLike[str]) -> Path:
    """Return the path of a folder or file.

    Raises:
        DataError: If there is none.
    """
    place = Path(source)
    try:
        is_there = place.exists()
    except (
        OSError,
        ValueError,
    ) as error:  # too long a name, a folder above that may not be entered; a null byte
        raise _nothing_there(place, f" ({getattr(error, 'strerror', error)})") from error
    if not is_there:
        raise _nothing_there(place)
    return place


_LEGAL = f"{', '.join(NAMES)}, a folder of pictures, or an .npy or .npz file"
_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")


def _nothing_there(place: Path, why: str = "") -> DataError:
    names = NAMES if place.parent == Path() else ()
    nearest = get_close_matches(place.name, (*names, *_sources_in(place.parent)), n=1)
    return DataError(
        Diagnosis(
            "load",
            "source",
            given=str(place),
            legal=_LEGAL,
            problem=f"there is no data set, folder or file {place}{why}.",
            reason="pictures are read from there",
            fix={"--data": str(place.parent / nearest[0])} if nearest else None,
            remedy=None if nearest else "give one of the names, or a folder or file that is there",
        )
    )


def _sources_in(folder: Path) -> list[str]:
    try:
        return [
            entry.name
            for entry in folder.iterdir()
            if entry.suffix.lower() in arrays.ENDINGS or entry.is_dir()
        ]
    except (OSError, ValueError):  # nothing to propose from there
        return []


def _not_a_folder(file: Path) -> DataError:
    is_picture = file.suffix.lower() in ENDINGS
    unpacked = file.with_suffix("")
    remedy = f"give the folder that its pictures are in, or save them as an array: np.save({'pictures.npy'!r}, array)"
    if file.suffix.lower() in _ARCHIVES:
        remedy = (
            f"unpack it, for instance into {unpacked}, and give that: --data {shlex.quote(str(unpacked))}"
        )
    return DataError(
        Diagnosis(
            "load",
            "source",
            given=str(file),
            legal=_LEGAL,
            problem=f"{file} is {'an archive' if file.suffix.lower() in _ARCHIVES else 'not a folder'}.",
            reason="pictures are read from a folder and its sub-folders, or from NumPy's files, never from other files",
            fix={"--data": str(file.parent)} if is_picture else None,
            remedy=None if is_picture else remedy,
        )
    )
