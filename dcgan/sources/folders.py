"""A folder of pictures: what is in it, and all of it as one array."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np
from tqdm import tqdm

from dcgan.errors import DataError
from dcgan.pictures import Pictures, empty_array
from dcgan.sources.decoding import ENDINGS, Header, UnreadableError, read_header, read_picture
from dcgan.sources.fitting import Wanted
from dcgan.sources.folder_refusals import broken_pictures, mixed_sizes, no_pictures, unlistable

T = TypeVar("T")


def load_folder(
    folder: Path, wanted: Wanted, *, skip_broken: bool = False, progress: bool = True
) -> Pictures:
    """Read every picture in a folder and its sub-folders, in the order of their relative paths.

    Links are followed, hidden files and folders are passed over, and files without a picture's ending are
    counted and ignored. All headers are read first, so that what does not go together is said before the
    decoding begins; what cannot be read is said at the end, all of it at once. The pictures are grey if every one of them is, and otherwise in colour. If all of them lie in
    sub-folders, those of the first level are their classes.

    Args:
        folder: Where the pictures are; it exists.
        wanted: Size and channels to bring them to.
        skip_broken: Leave out what cannot be read, and count it.
        progress: Show progress bars (on a terminal only).

    Returns:
        The pictures, uint8 of shape ``(N, H, W, C)``.

    Raises:
        DataError: If the folder cannot be listed, holds no pictures, holds some that cannot be read (without
            ``skip_broken``), or pictures of several sizes (without ``wanted.image_size``).
    """
    listing = _list(folder)
    reading = _Reading(folder, skip_broken, progress, found=len(listing.pictures))
    headers = dict(reading.each(listing.pictures, read_header, "reading headers"))
    if skip_broken:  # what is left out decides nothing
        headers = reading.without_broken(headers, _deciding(headers, wanted))
    size = wanted.image_size or _the_size(folder, headers.values())
    channels = wanted.channels or (1 if all(header.grey for header in headers.values()) else 3)
    array = empty_array((len(headers), *size, channels))

    def read(path: Path) -> np.ndarray:
        return read_picture(path, (*size, channels), wanted.fit, header=headers[path])

    used = []
    for path, picture in reading.each(headers, read, "reading pictures"):
        array[len(used)] = picture
        used.append(path)
    skipped = reading.settled()
    labels, classes = _classes(folder, used)
    return Pictures(array[: len(used)], str(folder), skipped, listing.others.total(), labels, classes)


def _deciding(headers: Mapping[Path, Header], wanted: Wanted) -> list[Path]:
    """Return the pictures that might decide, alone of all, which size or which channels the others are to have."""
    if wanted.image_size is None and len({header.size for header in headers.values()}) > 1:
        return list(headers)
    coloured = [path for path, header in headers.items() if not header.grey]
    return coloured if wanted.channels is None and len(coloured) < len(headers) else []


def _classes(folder: Path, used: Sequence[Path]) -> tuple[np.ndarray | None, tuple[str, ...]]:
    """Return the classes that sub-folders say: none, if a picture lies in the folder itself."""
    insides = [path.relative_to(folder).parts for path in used]
    if any(len(parts) == 1 for parts in insides):
        return None, ()
    classes, labels = np.unique([parts[0] for parts in insides], return_inverse=True)
    return labels, tuple(classes.tolist())


@dataclass
class _Listing:
    """What a folder holds: its pictures in order, its other files by ending, and hidden entries."""

    pictures: list[Path] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    hidden: int = 0


def _list(folder: Path) -> _Listing:
    listing = _Listing()
    for path in _walk(folder, (), listing):
        # What is no file and is not there either is a broken link, or one to where one may not go.
        if _is_named_picture(path) and (os.path.isfile(path) or not os.path.exists(path)):  # noqa: PTH110, PTH113 - pathlib's raise
            listing.pictures.append(path)
        else:
            listing.others[path.suffix.lower() or "without an ending"] += 1
    listing.pictures.sort(key=lambda path: path.relative_to(folder).as_posix())
    if not listing.pictures:
        raise no_pictures(folder, listing.others, listing.hidden)
    return listing


def _walk(folder: Path, above: tuple[Path, ...], listing: _Listing) -> Iterator[Path]:
    here = folder.resolve()
    if here in above:  # a link back to a folder that is being walked
        return
    try:
        entries = list(folder.iterdir())
    except OSError as error:
        raise unlistable(folder, error) from error
    for entry in entries:
        if entry.name.startswith("."):
            listing.hidden += 1
        elif _is_folder(entry):
            yield from _walk(entry, (*above, here), listing)
        else:
            yield entry


def _is_named_picture(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS


def _is_folder(entry: Path) -> bool:
    """Whether an entry is a folder to walk through.

    Raises:
        DataError: If that cannot be told, and its name does not say that it is a picture.
    """
    try:
        return entry.is_dir()
    except OSError as error:
        if _is_named_picture(entry):  # which is then one that cannot be read
            return False
        raise unlistable(entry, error) from error


@dataclass
class _Reading:
    """One reading of a folder: the rule about broken pictures, and which ones there were, with what is wrong."""

    folder: Path
    skip_broken: bool
    progress: bool
    broken: dict[Path, str] = field(default_factory=dict)
    found: int = 0

    def each(self, paths: Iterable[Path], read: Callable[[Path], T], label: str) -> Iterator[tuple[Path, T]]:
        """Yield each path with what ``read`` makes of it, without those that cannot be read.

        Raises:
            DataError: After the last one, if none could be read, and so nothing is left to train on.
        """
        nothing = True
        # disable=None shows the bar on a terminal and nowhere else
        for path in tqdm(
            list(paths), label, unit="picture", leave=False, disable=None if self.progress else True
        ):
            try:
                result = read(path)
            except UnreadableError as error:
                self.broken[path] = str(error)
            else:
                nothing = False
                yield path, result
        if nothing:
            raise self._refusal()

    def without_broken(self, headers: Mapping[Path, Header], suspects: Sequence[Path]) -> dict[Path, Header]:
        """Return the headers of what can be read to its end, of all that are not suspects, too.

        Raises:
            DataError: If none is left.
        """
        doubted = set(suspects)
        left = {
            path: head for path, head in headers.items() if path not in doubted or self._opens(path, head)
        }
        if not left:
            raise self._refusal()
        return left

    def _opens(self, path: Path, header: Header) -> bool:
        try:
            read_picture(path, (*header.size, 3), "stretch", header=header)
        except UnreadableError as error:
            self.broken[path] = str(error)
            return False
        return True

    def settled(self) -> tuple[str, ...]:
        """Return the names of the pictures that are left out.

        Raises:
            DataError: If there are some, and they are not to be left out.
        """
        if self.broken and not self.skip_broken:
            raise self._refusal()
        return tuple(self._named())

    def _named(self) -> dict[str, str]:
        named = {path.relative_to(self.folder).as_posix(): why for path, why in self.broken.items()}
        return dict(sorted(named.items()))

    def _refusal(self) -> DataError:
        return broken_pictures(self.folder, self._named(), self.found)


def _the_size(folder: Path, headers: Iterable[Header]) -> tuple[int, int]:
    sizes = Counter(header.size for header in headers)
    if len(sizes) > 1:
        raise mixed_sizes(folder, sizes)
    return next(iter(sizes))
