"""An input that has not as many axes as it needs: which of them were left out, or came in between."""

from __future__ import annotations

from math import isqrt

from convshape._errors import RankError
from convshape._layouts import PICTURE_CHANNELS, assemble, channels_first, pattern
from convshape._reading import as_index
from convshape._refusals import Refusal, Suggestion
from convshape._show import count, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Size

    Entries = tuple[object, ...]


def rank_dispute(
    entries: Entries, data_format: str, channels: Size, whose: str, *, grows: bool = False
) -> Refusal:
    """Return the refusal of an input that has not as many axes as the filter or window is made for.

    Args:
        entries: The input's entries, unread.
        data_format: The layout that they should have.
        channels: How many channels are taken, or None where any are.
        whose: What takes it, in words.
        grows: Whether a vector is a likely input, as it is of a decoder's first layer.
    """
    wanted = len(data_format)
    missing = wanted - len(entries)
    suggestions: list[Suggestion] = []
    if missing == 1:
        suggestions = _one_short(entries, data_format, channels)
    elif missing > 1 and entries:
        suggestions = _shorter(entries, data_format, channels, grows=grows)
    elif missing == -1:
        suggestions = _one_long(entries, wanted)
    return Refusal(
        "input_shape",
        given=entries,
        problem=f"input_shape {show(entries)} has {count(len(entries))}, but {whose} belongs to an input of {wanted}.",
        legal=pattern(data_format),
        reason=f"{wanted - 2} spatial {'axis stands' if wanted == 3 else 'axes stand'} beside batch and channels.",
        kind=RankError,
        suggestions=tuple(suggestions),
    )


def _is_batch(entry: object) -> bool:
    """Return whether an entry in front is the batch: it has a name, or its size is not known."""
    return entry is None or type(entry) is str


def _one_short(entries: Entries, layout: str, channels: Size) -> list[Suggestion]:
    """Suggest the batch, the channels or a spatial axis, whichever is missing."""
    batch, rest = entries[0], entries[1:]
    with_batch = _input((None, *entries), "with a batch in front, here of unknown size")
    with_channels = _input(
        assemble(batch, rest, channels or 1, layout),
        "with a channel axis of 1" if channels is None else "with its channels",
    )
    if not _is_batch(batch):
        if channels is None:
            return _batch_or_channels(entries, layout, with_batch, with_channels)
        return [with_batch, with_channels]
    first, found = channels_first(layout), [with_channels]
    own, sizes = (rest[0], rest[1:]) if first else (rest[-1], rest[:-1])
    has_channels = _are_channels(own, channels)
    if has_channels:
        found.insert(0, _input(assemble(batch, (*sizes, 1), own, layout), "with a spatial axis of 1"))
    if batch is None and not first and (has_channels or (channels is None and rest[0] is None)):
        found.insert(0, with_batch)  # before what may be whole, None may be a size that is not known
    return found


def _batch_or_channels(
    entries: Entries, layout: str, with_batch: Suggestion, with_channels: Suggestion
) -> list[Suggestion]:
    """Tell a picture without a batch from pictures without channels, of a shape that is all numbers."""
    first = channels_first(layout)
    if _are_channels(entries[0 if first else -1], None):
        return [with_batch]
    alone, together = _is_square(entries[1:] if first else entries[:-1]), _is_square(entries[1:])
    if alone != together:
        return [with_batch if alone else with_channels]
    return [with_batch, with_channels]


def _are_channels(size: object, channels: Size) -> bool:
    """Return whether a size is that of the channels; where any are taken, whether it looks like a picture's."""
    number = as_index(size)
    return number in PICTURE_CHANNELS if channels is None else number == channels


def _is_square(sizes: Entries) -> bool:
    numbers = [as_index(size) for size in sizes]
    return numbers.count(numbers[0]) == len(numbers)


def _shorter(entries: Entries, layout: str, channels: Size, *, grows: bool) -> list[Suggestion]:
    """Suggest what a shape of two axes too few, or more, may be: spatial sizes alone, or a batch of vectors."""
    rank, batch = len(layout) - 2, entries[0]
    spatial = [
        _input(
            assemble(None, entries, channels or 1, layout),
            "with a batch, and a channel axis of 1" if channels is None else "with batch and channels",
        )
    ] * (len(entries) == rank)
    size = as_index(entries[1]) if len(entries) == 2 else None
    if size is None:
        return [] if type(batch) is str else spatial
    vectors = [
        _input(assemble(batch, (1,) * rank, size, layout), "each vector as the channels of one element")
    ]
    if (grows and channels is None) or size == channels:
        return vectors if _is_batch(batch) else [*vectors, *spatial]
    squares = _squares(batch, size, layout, channels)
    if _is_batch(batch):
        return [*squares, *vectors]
    return spatial if _is_square(entries) else [*spatial, *squares]


def _squares(batch: object, size: int, layout: str, channels: Size) -> list[Suggestion]:
    """Suggest pictures whose elements stand in one row."""
    if len(layout) != 4 or size < 1:
        return []
    found = []
    for number in (1, 3) if channels is None else (as_index(channels) or 1,):
        side = isqrt(size // number)
        if side > 1 and side * side * number == size:
            shape = assemble(batch, (side, side), number, layout)
            found.append(
                _input(shape, f"if each row is a square picture of {number} channel{'s' * (number > 1)}")
            )
    return found


def _one_long(entries: Entries, wanted: int) -> list[Suggestion]:
    """Suggest a shape without an axis, or with frames that are pictures of the batch."""
    # The last axis of 1 is a picture's channels, except where the picture is to be a line.
    ones = [axis for axis in range(1, wanted + (wanted == 3)) if as_index(entries[axis]) == 1]
    found = [_input(_without(entries, axis), "without the axis of 1") for axis in ones]
    if 1 not in ones:
        batch, frames = as_index(entries[0]), as_index(entries[1])
        both = None if batch is None or frames is None else batch * frames
        found.append(_input((both, *entries[2:]), "its second axis folded into the batch"))
    return [
        *found,
        _input(_without(entries, wanted), "without its last axis"),
        _input(_without(entries, 0), "without its first axis"),
    ]


def _without(entries: Entries, axis: int) -> Entries:
    return (*entries[:axis], *entries[axis + 1 :])


def _input(shape: Entries, note: str) -> Suggestion:
    return Suggestion({"input_shape": shape}, note)
