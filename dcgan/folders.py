"""A folder of pictures: what is in it, and all of it as one array."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np
from tqdm import tqdm

from dcgan.decoding import ENDINGS, FORMATS, Header, UnreadableError, read_header, read_picture
from dcgan.errors import DataError, Diagnosis
from dcgan.fitting import Wanted
from dcgan.pictures import MOST_NAMED, Pictures, counted, empty_array, shown

T = TypeVar("T")
_MOST_LISTED = 8  # sizes or endings named in one error
_EASY_SIDE = 128  # pixels; a fix does not propose larger pictures, because they train slowly


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
        if path.suffix.lower() in ENDINGS and (
            path.is_file() or not path.exists()
        ):  # the latter: a broken link
            listing.pictures.append(path)
        else:
            listing.others[path.suffix.lower() or "without an ending"] += 1
    listing.pictures.sort(key=lambda path: path.relative_to(folder).as_posix())
    if not listing.pictures:
        raise _no_pictures(folder, listing)
    return listing


def _walk(folder: Path, above: tuple[Path, ...], listing: _Listing) -> Iterator[Path]:
    here = folder.resolve()
    if here in above:  # a link back to a folder that is being walked
        return
    try:
        entries = list(folder.iterdir())
    except OSError as error:
        raise _unlistable(folder, error) from error
    for entry in entries:
        if entry.name.startswith("."):
            listing.hidden += 1
        elif entry.is_dir():
            yield from _walk(entry, (*above, here), listing)
        else:
            yield entry


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
        return _broken(self.folder, self._named(), self.found)


def _the_size(folder: Path, headers: Iterable[Header]) -> tuple[int, int]:
    sizes = Counter(header.size for header in headers)
    if len(sizes) > 1:
        raise _mixed_sizes(folder, sizes)
    return next(iter(sizes))


def _unlistable(folder: Path, error: OSError) -> DataError:
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


def _no_pictures(folder: Path, listing: _Listing) -> DataError:
    count = listing.others.total()
    found = [f"{count} other file{'s' * (count != 1)}, {_counts(listing.others)}"] if count else []
    found += [f"{listing.hidden} hidden"] if listing.hidden else []
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


def _broken(folder: Path, broken: dict[str, str], found: int) -> DataError:
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


def _mixed_sizes(folder: Path, sizes: Counter[tuple[int, int]]) -> DataError:
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
