"""The value that every source of pictures ends in: one array of 8-bit pictures, and where it came from."""

from __future__ import annotations

import hashlib
import math
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from dcgan.errors import DataError, Diagnosis

LARGEST_IN_MEMORY = 2 * 2**30  # bytes; one more and the pictures live in a temporary file
MOST_NAMED = 20  # files named in one line or error; those beyond are counted
_HASHED_AT_ONCE = 64 * 2**20  # bytes


@dataclass(frozen=True, eq=False)
class Pictures:
    """Pictures of one size, ready to be trained on; nothing in them can be changed.

    Attributes:
        array: The pictures, uint8 of shape ``(N, H, W, C)``, read-only; C is 1 (grey) or 3 (colour).
        name: Where they came from: the name of a data set, or a folder as it was given.
        skipped: Pictures that could not be read and were left out, as paths inside the folder.
        ignored: How many other files stood between the pictures.
        labels: The class of each picture, as its place in ``classes``: int32 of shape ``(N,)``, read-only; None
            where the source names no classes.
        classes: The names of the classes, in order; empty where the source names none.

    >>> pictures = Pictures(np.zeros((7, 2, 3, 1), np.uint8), "zeros")
    >>> pictures.image_shape, pictures.found, pictures.used
    ((2, 3, 1), 7, 7)
    >>> print(pictures)
    pictures of 2x3x1 from zeros: found 7, used 7
    >>> Pictures(np.zeros((7, 2, 3), np.uint8), "flat")
    Traceback (most recent call last):
        ...
    TypeError: pictures are uint8 of shape (N, H, W, 1 or 3), N at least 1, not uint8 of shape (7, 2, 3)
    >>> Pictures(
    ...     np.zeros((7, 2, 3, 1), np.uint8), "zeros", labels=np.arange(7) % 2, classes=("cat", "dog")
    ... ).labels
    array([0, 1, 0, 1, 0, 1, 0], dtype=int32)
    """

    array: np.ndarray
    name: str
    skipped: tuple[str, ...] = ()
    ignored: int = 0
    labels: np.ndarray | None = None
    classes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        shape, dtype = self.array.shape, self.array.dtype
        if len(shape) != 4 or shape[0] < 1 or shape[3] not in (1, 3) or dtype != np.uint8:
            raise TypeError(
                f"pictures are uint8 of shape (N, H, W, 1 or 3), N at least 1, not {dtype} of shape {shape}"
            )
        view = self.array.view()
        view.setflags(write=False)
        object.__setattr__(self, "array", view)
        if self.labels is not None:
            self._keep_labels(np.asarray(self.labels))

    def _keep_labels(self, labels: np.ndarray) -> None:
        if labels.shape != (len(self.array),) or not np.isin(labels, range(len(self.classes))).all():
            raise TypeError(
                f"labels are one of 0..{len(self.classes) - 1} for each of {len(self.array)} pictures"
            )
        kept = labels.astype(np.int32)  # a copy
        kept.setflags(write=False)
        object.__setattr__(self, "labels", kept)

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Height, width and channels of every picture, ``(H, W, C)``."""
        _, height, width, channels = self.array.shape
        return height, width, channels

    @property
    def used(self) -> int:
        """How many pictures there are to train on."""
        return len(self.array)

    @property
    def found(self) -> int:
        """How many pictures the source had, those that could not be read included."""
        return self.used + len(self.skipped)

    @cached_property
    def fingerprint(self) -> str:
        """What the pictures are, in 32 hexadecimal digits, equal for equal pictures in equal order.

        It depends on shapes and values alone, not on the name, the place or the machine, so a run can be
        resumed from a copy of its folder, and is not resumed on other pictures.
        """
        digest = hashlib.blake2b(repr(self.array.shape).encode(), digest_size=16)
        step = max(1, _HASHED_AT_ONCE // math.prod(self.image_shape))
        for start in range(0, len(self.array), step):
            digest.update(np.ascontiguousarray(self.array[start : start + step]))
        return digest.hexdigest()

    @cached_property
    def labels_fingerprint(self) -> str | None:
        """The same of the labels and the names of the classes; None where there are none."""
        if self.labels is None:
            return None
        names = repr((self.classes, self.labels.shape)).encode()
        digest = hashlib.blake2b(names, digest_size=16)
        digest.update(self.labels)
        return digest.hexdigest()

    @property
    def account(self) -> dict[str, Any]:
        """Counts of what was found and what became of it, with the names of the skipped, as ``json.dumps`` takes them."""
        return {
            "found": self.found,
            "used": self.used,
            "skipped": list(self.skipped),
            "ignored": self.ignored,
        }

    def __len__(self) -> int:
        return self.used

    def __str__(self) -> str:
        size = "x".join(map(str, self.image_shape))
        used = f"used {self.used}"
        if self.skipped:
            used += f" ({len(self.skipped)} skipped: {listed(self.skipped)})"
        counts = [f"found {self.found}", used]
        if self.ignored:
            counts.append(f"{counted(self.ignored, 'other file')} ignored")
        if self.classes:
            counts.append(counted(len(self.classes), "class", "es"))
        return f"pictures of {size} from {shown(self.name)}: {', '.join(counts)}"

    def __repr__(self) -> str:
        return f"<{self}>"


def shown(name: str) -> str:
    r"""Return a name as it is, or in quotes with escapes if it holds what does not print, such as a line's end.

    >>> print(shown("cat.png"), shown("cat\n.png"), shown("cat\udcff.png"))
    cat.png 'cat\n.png' 'cat\udcff.png'
    """
    return name if name.isprintable() else repr(name)


def counted(count: int, what: str, more: str = "s") -> str:
    """Return a count with its noun.

    >>> counted(1, "picture"), counted(2, "class", "es")
    ('1 picture', '2 classes')
    """
    return f"{count} {what}{more if count != 1 else ''}"


def listed(names: Sequence[str], most: int = MOST_NAMED) -> str:
    """Return names in a row, and how many there are beyond the first ``most``.

    >>> listed(["a.png", "b.png", "c.png"]), listed(["a.png", "b.png", "c.png"], 1)
    ('a.png, b.png, c.png', 'a.png and 2 more')
    """
    row = ", ".join(shown(name) for name in names[:most])
    return f"{row} and {len(names) - most} more" if len(names) > most else row


def empty_array(shape: tuple[int, int, int, int]) -> np.ndarray:
    """Return room for pictures, uint8 of ``shape`` ``(N, H, W, C)``, its values not yet set.

    Up to 2 GiB it is in memory. Above, it is a temporary file without a name, mapped: the operating system
    keeps in memory what fits, and the file is gone with the array.

    Raises:
        DataError: If the temporary folder has no room for it.
    """
    needed = math.prod(shape)
    if needed <= LARGEST_IN_MEMORY:
        return np.empty(shape, np.uint8)
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    # A mapped file that outgrows its disk kills the process, so this is asked beforehand.
    if needed > free:
        raise DataError(
            Diagnosis(
                "load",
                "image_size",
                given=shape[1:3],
                legal=f"pictures that take at most {free / 2**30:.1f} GiB together",
                problem=f"{shape[0]} pictures of {'x'.join(map(str, shape[1:]))} take "
                f"{needed / 2**30:.1f} GiB, and {folder} has room for {free / 2**30:.1f} GiB.",
                reason="each takes a byte per pixel and channel, and more than 2 GiB go to a temporary file",
                fix={"--image-size": _largest_that_fits(shape, free)},
                notes=("or set TMPDIR to a folder on a larger disk",),
            )
        )
    return np.memmap(tempfile.TemporaryFile(), np.uint8, mode="w+", shape=shape)


def _largest_that_fits(shape: tuple[int, int, int, int], room: int) -> str:
    count, height, width, channels = shape
    shrink = math.sqrt(room / (count * height * width * channels))
    return f"{max(1, math.floor(height * shrink))}x{max(1, math.floor(width * shrink))}"
