"""Pictures in a NumPy file: an .npy of pictures, or an .npz of pictures and perhaps labels. Nothing in it is guessed."""

from __future__ import annotations

import tokenize
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from dcgan.errors import DataError
from dcgan.pictures import Pictures
from dcgan.sources.array_refusals import refusal, unreadable
from dcgan.sources.array_values import to_bytes
from dcgan.sources.fitting import Wanted
from dcgan.sources.stacks import fitted

ENDINGS = (".npy", ".npz")
PAIRS = (("x_train", "y_train"), ("x", "y"), ("images", "labels"))
TEST_PAIR = ("x_test", "y_test")

# What NumPy raises on files that are cut short, damaged or of another kind.
_DAMAGE = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    EOFError,
    MemoryError,
    SyntaxError,
    RuntimeError,
    OverflowError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)


def load_array(file: Path, wanted: Wanted, *, progress: bool = True) -> Pictures:
    """Return the pictures of an .npy or .npz file.

    Pictures are ``(N, H, W)``, ``(N, H, W, 1)`` or ``(N, H, W, 3)``: uint8; bool, of which True is white; uint16
    from 0 to 65535; or floats from 0 to 1, or from -1 to 1. What could be read in two ways is refused. An .npz holds
    one array, or pictures with or without labels, under the names of one of ``PAIRS``; labels are ``(N,)`` whole
    numbers or texts, of which those that occur are the classes, in sorted order.

    An .npy of more than 2 GiB stays on disk, mapped; one of uint8 that is used as it is, in its own file.

    Args:
        file: It exists.
        wanted: Size and channels to bring the pictures to.
        progress: Show a progress bar (on a terminal only).

    Returns:
        The pictures, uint8 of shape ``(N, H, W, C)``, in their order.

    Raises:
        DataError: If the file cannot be read, or what it holds are no pictures or labels of these kinds.
    """
    labels, name = None, ""
    with _reading(file):
        pictures = np.load(
            file, mmap_mode="r", allow_pickle=False
        )  # what it is, its content says, not its ending
        if isinstance(pictures, np.lib.npyio.NpzFile):
            with pictures as arrays:
                name, label_name = _names(file, arrays.files)
                pictures = arrays[name]
                labels = arrays[label_name] if label_name else None
    return _made(file, wanted, (name, pictures), labels, None, progress=progress)


def load_test_array(file: Path, wanted: Wanted, *, progress: bool = True) -> Pictures | None:
    """Return the pictures that an .npz file keeps under ``x_test``, or None if it keeps none.

    Args:
        file: It exists.
        wanted: Size and channels to bring the pictures to.
        progress: Show a progress bar (on a terminal only).

    Raises:
        DataError: As of :func:`load_array`, and for a class that is not among those to train on.
    """
    with _reading(file):
        found = np.load(file, mmap_mode="r", allow_pickle=False)
    if not isinstance(found, np.lib.npyio.NpzFile):
        return None
    with _reading(file), found as arrays:
        name, label_name = TEST_PAIR
        if name not in arrays.files:
            return None
        pictures = arrays[name]
        labels = arrays[label_name] if label_name in arrays.files else None
        _, trained_on = _names(file, arrays.files)
        known = arrays[trained_on] if trained_on and labels is not None else None
    return _made(file, wanted, (name, pictures), labels, known, progress=progress)


def _made(
    file: Path,
    wanted: Wanted,
    named: tuple[str, np.ndarray],
    labels: np.ndarray | None,
    known: np.ndarray | None,
    *,
    progress: bool,
) -> Pictures:
    """Return pictures and labels as ``Pictures``; ``known`` are the labels that say which classes there are."""
    name, array = named
    where = f"{name} in {file}" if name else str(file)
    pictures = fitted(to_bytes(array, where), wanted, f"reading {file.name}", progress=progress)
    source = f"{file} (test)" if name == TEST_PAIR[0] else str(file)
    if labels is None:
        return Pictures(pictures, source)
    numbers, classes = _classes(file, labels, labels if known is None else known, len(pictures))
    return Pictures(pictures, source, labels=numbers, classes=classes)


def _names(file: Path, names: list[str]) -> tuple[str, str | None]:
    """Return the names of the pictures and of the labels in an .npz file; None where it has no labels."""
    pairs = [pair for pair in PAIRS if pair[0] in names]
    if len(pairs) == 1:
        pictures, labels = pairs[0]
        return pictures, labels if labels in names else None
    if len(names) == 1:
        return names[0], None
    raise refusal(
        given=", ".join(names),
        legal="one array, or pictures and labels called "
        + ", or ".join(" and ".join(pair) for pair in PAIRS),
        problem=f"{file} does not say which of its arrays are the pictures: {', '.join(names) or 'it has none'}.",
        reason="the names say what the arrays are, and nothing is guessed from their shapes",
        remedy="save it again: np.savez(file, x_train=pictures, y_train=labels)",
    )


def _classes(
    file: Path, labels: np.ndarray, known: np.ndarray, count: int
) -> tuple[np.ndarray, tuple[str, ...]]:
    labels, known = (array[:, 0] if array.shape[1:] == (1,) else array for array in (labels, known))
    are_texts, should_be = labels.dtype.kind == "U", known.dtype.kind == "U"
    is_legal = labels.dtype.kind in "iuU" and labels.ndim == 1 and are_texts == should_be
    if not is_legal or len(labels) != count:
        one_hot = labels.ndim == 2 and len(labels) == count
        raise refusal(
            given=labels.shape,
            legal=f"whole numbers or texts of shape ({count},), one for each picture",
            problem=f"the labels in {file} are {labels.dtype} of shape {labels.shape}, for {count} pictures.",
            reason="each picture is of one class, and the labels that occur are the classes",
            remedy="save labels.argmax(axis=1) in their place"
            if one_hot
            else "save one label for each picture",
        )
    classes = np.unique(known)
    unknown = np.setdiff1d(labels, classes)
    if len(unknown):
        raise refusal(
            given=str(unknown[0]),
            legal=f"the classes of the pictures to train on: {', '.join(map(str, classes))}",
            problem=f"no picture to train on in {file} is of class {unknown[0]}, and one of the test pictures is.",
            reason="a test is of the classes that were trained on",
            remedy="save the file again without these pictures, or with some of them to train on",
        )
    return np.searchsorted(classes, labels), tuple(map(str, classes))


@contextmanager
def _reading(file: Path) -> Iterator[None]:
    try:
        if not file.is_file():
            raise OSError("it is no regular file")
        yield
    except DataError:  # a ValueError too
        raise
    except _DAMAGE as error:
        raise unreadable(file, error) from error
