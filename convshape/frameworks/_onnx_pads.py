"""ONNX's padding: one of four words, or a list of all beginnings and then all ends."""

from __future__ import annotations

from convshape._errors import ArgumentError, SizeError
from convshape._reading import as_entries, as_index, as_text
from convshape._refusals import Refusal, Suggestion
from convshape._show import kind_of, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    Pairs = tuple[tuple[int, int], ...]

AUTO_PADS = ("NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID")


def read_auto_pad(auto_pad: object) -> str:
    """Return one of ONNX's four words, or raise the bare ``Refusal``."""
    word = as_text(auto_pad)
    if word in AUTO_PADS:
        return word
    meant = {"same": ("SAME_UPPER", "SAME_LOWER"), "valid": ("VALID",), "explicit": ("NOTSET",)}
    close = next(
        (words for key, words in meant.items() if word and word[:20].lower().startswith(key)), AUTO_PADS[:1]
    )
    if word and word[:20].upper() in AUTO_PADS:
        close = (word.upper(),)
    raise Refusal(
        "auto_pad",
        given=auto_pad,
        problem=f"auto_pad is {kind_of(auto_pad)}.",
        legal=", ".join(f'"{one}"' for one in AUTO_PADS),
        reason="ONNX knows these four words, in capitals; SAME_UPPER puts the odd element at the end.",
        suggestions=tuple(Suggestion({"auto_pad": one}) for one in close),
    )


def read_pads(pads: object, rank: int) -> Pairs:
    """Return one pair a spatial axis of ONNX's flat list, or raise the bare ``Refusal``."""
    if pads is None:
        return ((0, 0),) * rank
    entries = as_entries(pads)
    numbers = [] if entries is None else [as_index(entry) for entry in entries]
    if len(numbers) == 2 * rank and all(number is not None and 0 <= number < 2**63 for number in numbers):
        return tuple(zip(numbers[:rank], numbers[rank:], strict=True))  # type: ignore[arg-type]
    raise _wrong_pads(pads, entries, rank)


def _wrong_pads(pads: object, entries: tuple[object, ...] | None, rank: int) -> Refusal:
    suggestions: list[Suggestion] = []
    kind: type[ArgumentError | SizeError] = ArgumentError
    axis = None
    reason = "ONNX lists the padding before each spatial axis, then the padding after each."
    number, word = as_index(pads), as_text(pads)
    if word is not None:
        reason = "pads are numbers; the words belong to auto_pad."
        auto = {"valid": "VALID"}.get(word.lower()[:9], "SAME_UPPER")
        suggestions.append(Suggestion({"auto_pad": auto, "pads": None}))
        problem = f"pads is {kind_of(pads)}."
    elif entries is None:
        problem = f"pads is {kind_of(pads)}."
        if number is not None and number >= 0:
            suggestions.append(Suggestion({"pads": (number,) * (2 * rank)}))
    elif len(entries) != 2 * rank or all(as_entries(entry) is not None for entry in entries):
        problem = f"pads {show(entries)} has {len(entries)} entries, not {2 * rank} numbers."
        halves = [as_entries(entry) for entry in entries]
        if len(entries) == rank and all(half is not None and len(half) == 2 for half in halves):
            starts = tuple(half[0] for half in halves if half)
            ends = tuple(half[1] for half in halves if half)
            suggestions.append(Suggestion({"pads": (*starts, *ends)}))
        elif len(entries) == rank:
            suggestions.append(Suggestion({"pads": entries * 2}, "the same on both sides"))
        elif len(entries) and len(set(map(as_index, entries))) == 1:
            suggestions.append(Suggestion({"pads": (entries[0],) * (2 * rank)}))
    else:
        axis = next(
            place
            for place, entry in enumerate(entries)
            if not 0 <= (-1 if as_index(entry) is None else as_index(entry)) < 2**63  # type: ignore[operator]
        )
        problem = f"pads {show(entries)} has {kind_of(entries[axis])}, at position {axis}."
        reason = "padding counts elements: whole numbers of at least 0; ONNX's shape inference refuses others at load."
        wrong = as_index(entries[axis])
        kind = SizeError if wrong is not None and wrong > 0 else ArgumentError
        nearest = tuple(
            max(0, as_index(entry) or 0) if (as_index(entry) or 0) < 2**63 else 0 for entry in entries
        )
        suggestions.append(Suggestion({"pads": nearest}))
    return Refusal(
        "pads",
        given=pads,
        problem=problem,
        legal=f"{2 * rank} numbers of at least 0, all beginnings and then all ends, or None",
        reason=reason,
        kind=kind,
        axis=axis,
        suggestions=(*suggestions, Suggestion({"pads": None}, "no padding")),
    )


def not_both(auto_pad: str, pads: object, does: str) -> Refusal:
    """Return the refusal of padding that is given twice."""
    return Refusal(
        "pads",
        given=pads,
        problem=f'pads {show(pads)} and auto_pad "{auto_pad}" are given together.',
        legal="None beside an auto_pad other than NOTSET",
        reason=f"auto_pad works the padding out, pads are its numbers: {does}",
        suggestions=(
            Suggestion({"pads": None}),
            Suggestion({"auto_pad": "NOTSET"}),
        ),
    )
