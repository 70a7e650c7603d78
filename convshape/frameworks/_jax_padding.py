"""Padding as JAX and flax take it: words, or pairs of numbers that may be below zero."""

from __future__ import annotations

from convshape._errors import ArgumentError, SizeError
from convshape._reading import as_entries, as_index, as_text, near_integers, why_not_whole
from convshape._refusals import Refusal, Suggestion
from convshape._show import INT64_MAX, count, kind_of, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    Pair = tuple[int, int]
    Padding = str | tuple[Pair, ...]

FORWARD_WORDS = ("SAME", "VALID", "SAME_LOWER")
TRANSPOSED_WORDS = ("SAME", "VALID")


def read_padding(
    value: object,
    rank: int,
    words: tuple[str, ...],
    *,
    exact: tuple[str, ...] = (),
    numbers: bool = False,
    tuples: bool = False,
    why: str = "",
) -> Padding:
    """Return one of ``words``, or one pair a spatial axis; refuse all else.

    Args:
        value: What was passed.
        rank: The number of spatial axes.
        words: The words that are known.
        exact: Those of them that must be written as they stand.
        numbers: Whether a number stands for both sides, as in flax.
        tuples: Whether a pair must be a tuple.
        why: What to say of a word that is not known.
    """
    text = as_text(value)
    legal = _legal(rank, words, numbers)
    if text is not None:
        return _word(text, words, exact, legal, why)
    entries = as_entries(value)
    if entries is None:
        number = as_index(value)
        if number is not None and numbers and abs(number) <= INT64_MAX:
            return ((number, number),) * rank
        _refuse_single(value, number, rank, numbers, legal)
    if len(entries) != rank or not all(_is_entry(entry, numbers) for entry in entries):
        _refuse_entries(value, entries, rank, numbers, legal)
    return tuple(_pair(entries, place, tuples, legal) for place in range(rank))


def _legal(rank: int, words: tuple[str, ...], numbers: bool) -> str:
    pairs = "a list of one (low, high) pair" if rank == 1 else f"{rank} (low, high) pairs, one a spatial axis"
    shown = ", ".join(map(show, words))
    return f"{shown}, a number, or {pairs}" if numbers else f"{shown}, or {pairs}"


def _word(text: str, words: tuple[str, ...], exact: tuple[str, ...], legal: str, why: str) -> str:
    word = text.upper() if len(text) < 20 else ""
    if text in words or (word in words and word not in exact):
        return word
    from difflib import get_close_matches

    meant = get_close_matches(word.strip(), words, n=1, cutoff=0.3)
    spelt = word in words
    raise Refusal(
        "padding",
        given=text,
        problem=f"padding is {kind_of(text)}.",
        legal=legal,
        reason=why
        or ("this word is written in capitals." if spelt else "no other words mean a padding here."),
        suggestions=tuple(Suggestion({"padding": choice}) for choice in dict.fromkeys((*meant, *words[:2]))),
    )


def _is_entry(entry: object, numbers: bool) -> bool:
    halves = as_entries(entry)
    return numbers if halves is None else len(halves) == 2


def _pair(entries: tuple[object, ...], place: int, tuples: bool, legal: str) -> Pair:
    halves = as_entries(entries[place]) or (entries[place],) * 2
    low, high = map(as_index, halves)
    if low is None or high is None or max(abs(low), abs(high)) > INT64_MAX:
        wrong = halves[0] if low is None or abs(low) > INT64_MAX else halves[1]
        past = as_index(wrong) is not None
        mended = _nearest(entries)
        raise Refusal(
            "padding",
            given=entries,
            problem=f"padding {show(entries)} has {kind_of(wrong)}, at position {place}.",
            legal=legal,
            reason="it is past 2**63 - 1." if past else why_not_whole(wrong, "padding"),
            axis=place,
            kind=SizeError if past else ArgumentError,
            suggestions=() if mended is None else (Suggestion({"padding": mended}),),
        )
    if tuples and type(entries[place]) is not tuple:
        raise Refusal(
            "padding",
            given=entries,
            problem=f"padding {show(entries)} has {kind_of(entries[place])}, at position {place}.",
            legal=legal,
            reason="with use_consistent_padding=True, JAX takes a pair only as a tuple.",
            axis=place,
            suggestions=(Suggestion({"padding": _nearest(entries)}, "pairs as tuples"),),
        )
    return low, high


def _nearest(entries: tuple[object, ...]) -> tuple[object, ...] | None:
    pairs = []
    for entry in entries:
        halves = as_entries(entry) or (entry,)
        found = [near_integers(half)[:1] for half in halves[:2]]
        if not all(found):
            return None
        low, high = (one[0] for one in (found * 2)[:2])
        pairs.append((low, high))
    return tuple(pairs)


def _refuse_single(value: object, number: int | None, rank: int, numbers: bool, legal: str) -> NoReturn:
    choices: list[object] = []
    if number is not None and abs(number) <= INT64_MAX:
        choices.append(((number, number),) * rank)
        reason = "JAX takes a pair (low, high) for each spatial axis, no single number."
    elif number is not None:
        reason = "it is past 2**63 - 1."
    elif value is None:
        choices += ["VALID", "SAME"]
        reason = 'no padding at all is called "VALID".'
    else:
        near = near_integers(value)[:1]
        choices += [near[0] if numbers else (near * 2,) * rank] if near else []
        reason = why_not_whole(value, "padding")
    _refuse(value, f"padding is {kind_of(value)}.", reason, choices, legal)


def _refuse_entries(
    value: object, entries: tuple[object, ...], rank: int, numbers: bool, legal: str
) -> NoReturn:
    whole = [as_index(entry) for entry in entries]
    choices: list[object] = []
    if len(entries) == rank and None not in whole:  # (1, 1) for two axes: both sides alike
        choices.append(tuple((number, number) for number in whole))
    if len(entries) == 2 and None not in whole:
        choices.append((tuple(whole),) * rank)
    if len(entries) == 1 and None in whole:
        choices.append((entries[0],) * rank)
    if len(entries) == rank + 2:  # TensorFlow's full rank
        choices += [tuple(entries[1:-1]), tuple(entries[2:])]
    if len(set(map(show, entries))) == 1 and len(entries) > rank:
        choices.append(tuple(entries[:rank]))
    _refuse(
        value,
        f"padding {show(entries)} has {count(len(entries))}, not {_pairs(rank)}."
        if len(entries) != rank
        else f"padding {show(entries)} is not {_pairs(rank)}.",
        "batch and channels are not padded; every spatial axis has its own pair (low, high).",
        choices,
        legal,
    )


def _pairs(rank: int) -> str:
    return "one pair for the one spatial axis" if rank == 1 else f"{rank} pairs, one a spatial axis"


def _refuse(value: object, problem: str, reason: str, choices: list[object], legal: str) -> NoReturn:
    raise Refusal(
        "padding",
        given=value,
        problem=problem,
        legal=legal,
        reason=reason,
        suggestions=tuple(Suggestion({"padding": choice}) for choice in choices),
    )
