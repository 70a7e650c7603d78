"""Padding as people pass it: a word, an int, a pair a spatial axis, or TensorFlow's full-rank list of pairs."""

from __future__ import annotations

from convshape._errors import ArgumentError, SizeError
from convshape._layouts import channel_axis, spatial_slice
from convshape._reading import as_entries, as_index, as_text, near_integers, why_not_whole
from convshape._refusals import Refusal, Suggestion
from convshape._show import INT64_MAX, count, kind_of, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from convshape._errors import ShapeError

    Pair = tuple[int, int]
    Padding = str | tuple[Pair, ...]

WORDS = ("SAME", "VALID")
LEGAL = '"SAME", "VALID", a number of elements, or one (before, after) a spatial axis'


def read_padding(value: object, data_format: str) -> Padding:
    """Return ``"SAME"``, ``"VALID"``, or a tuple of one ``(before, after)`` a spatial axis."""
    rank = len(data_format) - 2
    text = as_text(value)
    if text is not None:
        return _word(text)
    number = as_index(value)
    if number is not None and 0 <= number <= INT64_MAX:
        return ((number, number),) * rank
    entries = as_entries(value)
    if entries is None:
        _refuse_scalar(value, number)
    if rank == 1 and len(entries) == 2 and all(as_index(entry) is not None for entry in entries):
        return (
            _pair(entries, (entries,), 0),
        )  # the only axis' pair, without the brackets of a list around it
    if len(entries) not in (rank, rank + 2):
        _refuse_length(entries, rank)
    pairs = tuple(_pair(entry, entries, position) for position, entry in enumerate(entries))
    if len(pairs) == rank:
        return pairs
    for position in (0, channel_axis(data_format)):
        if pairs[position] != (0, 0):
            _refuse_place(pairs, position, data_format)
    return pairs[spatial_slice(data_format)]


def before_and_after(padding: Padding, axis: int) -> str | Pair:
    """Return the padding of one axis: a word, or its pair."""
    return padding if isinstance(padding, str) else padding[axis]


def _word(value: str) -> str:
    word = value.upper() if len(value) < 20 else ""
    if word in WORDS:
        return word
    if word == "EXPLICIT":
        reason = "explicit padding is given as its numbers; the word alone does not say how much."
        meant: list[str] = ["SAME", "VALID"]
    else:
        from difflib import get_close_matches

        reason = "only these two words mean a padding in TensorFlow."
        meant = get_close_matches(word.strip(), WORDS, n=1, cutoff=0.3) or ["SAME", "VALID"]
    _refuse(
        value,
        f"padding is {kind_of(value)}.",
        reason,
        tuple(Suggestion({"padding": choice}) for choice in meant),
    )


def _pair(value: object, entries: tuple[object, ...], position: int) -> Pair:
    halves = as_entries(value)
    if halves is None or len(halves) != 2:
        problem = f"padding {show(entries)} has {kind_of(value)}, at position {position}, not a pair."
        reason = "an axis has padding before and after it, and the two need not be equal."
        _refuse(entries, problem, reason, _mended(entries), position)
    before, after = map(_amount, halves)
    if before is None or after is None:
        wrong = halves[1] if before is not None else halves[0]
        number = as_index(wrong)
        problem = f"padding {show(entries)} has {kind_of(wrong)}, at position {position}."
        reason = why_not_whole(wrong, "padding") if number is None else _why_not_number(number)
        kind = SizeError if number is not None and number > 0 else ArgumentError
        _refuse(entries, problem, reason, _mended(entries), position, kind)
    return before, after


def _amount(value: object) -> int | None:
    """Return a legal amount of padding as a plain int, or None."""
    number = as_index(value)
    return number if number is not None and 0 <= number <= INT64_MAX else None


def _mended(entries: tuple[object, ...]) -> tuple[Suggestion, ...]:
    """Suggest the nearest legal pair in place of each entry, if there is one for all."""
    pairs = []
    for entry in entries:
        halves = as_entries(entry)
        amounts = [_nearest(half) for half in ((entry,) if halves is None else halves[:2])]
        known = [amount for amount in amounts if amount is not None]
        if not known:
            return ()
        pairs.append(tuple(known[0] if amount is None else amount for amount in (amounts * 2)[:2]))
    return (Suggestion({"padding": tuple(pairs)}),)


def _nearest(value: object) -> int | None:
    meant = near_integers(value)
    return max(0, meant[0]) if meant else None


def _why_not_number(number: int) -> str:
    return (
        "padding adds elements; cropping is not part of a convolution."
        if number < 0
        else "it is past 2**63 - 1."
    )


def _refuse_scalar(value: object, number: int | None) -> NoReturn:
    if number is not None:
        meant: list[object] = [0] if number > 0 else [-number, 0]
        reason = _why_not_number(number)
    elif value is None:
        meant, reason = ["VALID", "SAME"], 'no padding at all is called "VALID".'
    else:
        meant, reason = (
            [choice for choice in near_integers(value) if choice >= 0],
            why_not_whole(value, "padding"),
        )
    suggestions = tuple(Suggestion({"padding": choice}) for choice in meant)
    kind = SizeError if number is not None and number > 0 else ArgumentError
    _refuse(value, f"padding is {kind_of(value)}.", reason, suggestions, kind=kind)


def _refuse_length(entries: tuple[object, ...], rank: int) -> NoReturn:
    distinct = list(dict.fromkeys(show(entry) for entry in entries))
    inner = entries[1 : 1 + rank]
    choices = [(entries[0],) * rank] if len(distinct) == 1 else []
    if len(inner) == rank:
        choices.append(inner)
    if len(entries) == 2 and all(as_index(entry) is not None for entry in entries):
        choices.insert(0, (entries,) * rank)
    _refuse(
        entries,
        f"padding {show(entries)} has {count(len(entries))}, not {rank} or {rank + 2}.",
        "one pair belongs to each spatial axis; in the full-rank form batch and channels have (0, 0).",
        tuple(Suggestion({"padding": choice}) for choice in choices),
    )


def _refuse_place(pairs: tuple[Pair, ...], position: int, data_format: str) -> NoReturn:
    place = "batch" if position == 0 else "channels"
    mended = tuple(
        (0, 0) if axis in (0, channel_axis(data_format)) else pair for axis, pair in enumerate(pairs)
    )
    moved = tuple(pair for pair in pairs if pair != (0, 0))
    choices = [moved] if len(moved) == len(data_format) - 2 else []
    _refuse(
        pairs,
        f"padding {show(pairs)} pads the {place}.",
        f"only spatial axes are padded; the pairs follow {data_format}.",
        tuple(Suggestion({"padding": choice}) for choice in (*choices, mended)),
        position,
    )


def _refuse(
    value: object,
    problem: str,
    reason: str,
    suggestions: tuple[Suggestion, ...],
    axis: int | None = None,
    kind: type[ShapeError] = ArgumentError,
) -> NoReturn:
    raise Refusal(
        "padding",
        given=value,
        problem=problem,
        legal=LEGAL,
        reason=reason,
        kind=kind,
        axis=axis,
        suggestions=suggestions,
    )
