"""The bounds of a search as people pass them: numbers to try, paddings, sizes and channels; made plain or refused."""

from __future__ import annotations

from itertools import islice

from convshape._errors import ArgumentError, RankError
from convshape._frozen import Frozen
from convshape._paddings import WORDS
from convshape._reading import as_entries, as_index, as_text, near_integers, why_not_whole
from convshape._refusals import Refusal, Suggestion
from convshape._show import INT64_MAX, kind_of, show
from convshape._ways import Paddings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import NoReturn

_MOST_NUMBERS = 4096
_NO_LISTS = (str, bytes, bytearray, dict)


class Numbers(Frozen):
    """One bound: whole numbers to try.

    Attributes:
        argument: The argument's name.
        what: One of the numbers in words, "a kernel's size".
        least: The smallest legal one.
        default: What is tried where nothing is said.
    """

    __slots__ = ("argument", "default", "least", "what")
    _fields = ("argument", "what", "least", "default")
    argument: str
    what: str
    least: int
    default: Sequence[int]

    def __init__(self, argument: str, what: str, least: int, default: Sequence[int]) -> None:
        self._set(argument=argument, what=what, least=least, default=default)

    def read(self, value: object) -> Sequence[int]:
        """Return the numbers, growing and none twice; a plain range stays one, however long it is."""
        number = as_index(value)
        if type(value) is range and value.step == 1 and value:
            if self.least <= value.start and value.stop - 1 <= INT64_MAX:
                return value
            cut = range(max(self.least, value.start), min(value.stop, INT64_MAX + 1))
            wrong = value.start if value.start < self.least else value.stop - 1
            self._refuse(value, f"has {show(wrong)}", self._why(wrong), (cut,) if cut else ())
        entries = (value,) if number is not None else entries_of(value)
        if entries is None:
            meant = _range_in(value)
            self._refuse(
                value,
                f"is {kind_of(value)}",
                "it names the numbers to try.",
                () if meant is None else (meant,),
            )
        if not entries or len(entries) > _MOST_NUMBERS:
            self._refuse(
                value,
                f"has {'no number' if not entries else f'more than {_MOST_NUMBERS} numbers'}",
                "there must be something to try." if not entries else "so many are written as a range.",
                (),
            )
        numbers = list(map(as_index, entries))
        for entry, found in zip(entries, numbers, strict=True):
            if found is None or not self.least <= found <= INT64_MAX:
                legal = tuple(other for other in numbers if other is not None and self._takes(other))
                nearest = tuple(other for other in near_integers(entry)[:1] if self._takes(other))
                single = number is not None or len(entries) == 1
                self._refuse(
                    value,
                    f"has {kind_of(entry)}",
                    self._why(entry),
                    (nearest,) if single else (legal + nearest,),
                )
        return sorted({found for found in numbers if found is not None})

    def _takes(self, number: int) -> bool:
        return self.least <= number <= INT64_MAX

    def _why(self, entry: object) -> str:
        if as_index(entry) is None:
            return why_not_whole(entry, self.what)
        return f"{self.what} is at least {self.least} and at most 2**63 - 1."

    def _refuse(
        self, value: object, problem: str, reason: str, choices: tuple[Sequence[int], ...]
    ) -> NoReturn:
        suggestions = [Suggestion({self.argument: choice}) for choice in choices if choice]
        suggestions.append(Suggestion({self.argument: self.default}, "the default"))
        raise Refusal(
            self.argument,
            given=value,
            problem=f"{self.argument}={show(value, code=True)} {problem}.",
            legal=f"a whole number of at least {self.least}, or a range, tuple or list of them",
            reason=reason,
            suggestions=tuple(suggestions),
        )


KERNELS = Numbers("kernels", "a kernel's size", 1, range(1, 8))
STRIDES = Numbers("strides", "a stride", 1, range(1, 5))
DILATIONS = Numbers("dilations", "a dilation", 1, (1,))
AMOUNTS = Numbers("paddings", "padding", 0, range(4))


def entries_of(value: object) -> tuple[object, ...] | None:
    """Return what a sized sequence or a set holds, at most one more than a bound may; None if it is neither."""
    if issubclass(type(value), _NO_LISTS):
        return None
    try:
        len(value)  # type: ignore[arg-type]  # generators are used up by reading, so only sized things are read
        return tuple(islice(iter(value), _MOST_NUMBERS + 1))  # type: ignore[call-overload]
    except Exception:  # noqa: BLE001 - a foreign __len__ or __iter__ may raise anything; then this is no sequence
        return None


def _range_in(value: object) -> range | None:
    """Return the range that a text such as ``"1-7"`` spells."""
    first, _, last = (as_text(value) or "").strip().partition("-")
    if not (first.isascii() and first.isdigit() and len(first) < 19):
        return None
    if not last:
        return range(int(first), int(first) + 1)
    return range(int(first), int(last) + 1) if last.isascii() and last.isdigit() and len(last) < 19 else None


def read_paddings(value: object, asymmetric: bool) -> Paddings:
    """Return what may be tried of paddings: words, numbers for both sides, and ``(before, after)`` pairs.

    None is SAME, VALID, and every number that a kernel can make use of.
    """
    if value is None:
        return Paddings(asymmetric=asymmetric)
    if type(value) is range:
        return Paddings((), AMOUNTS.read(value), (), asymmetric)
    entries = (value,) if as_text(value) is not None or as_index(value) is not None else entries_of(value)
    if entries is None or not entries or len(entries) > _MOST_NUMBERS:
        problem = f"is {kind_of(value)}" if not entries else f"has more than {_MOST_NUMBERS} entries"
        _refuse_paddings(value, problem, "it names the paddings to try.", ())
    words, amounts, pairs = set(), set(), set()
    for entry in entries:
        word, number = (as_text(entry) or "").upper(), as_index(entry)
        pair = _pair(entry)
        if word in WORDS:
            words.add(word)
        elif number is not None and 0 <= number <= INT64_MAX:
            amounts.add(number)
        elif pair is not None:
            pairs.add(pair)
        else:
            others = [other for other in entries if other is not entry]
            _refuse_paddings(
                value, f"has {kind_of(entry)}", _why_no_padding(entry), (*_meant(entry), *others)
            )
    return Paddings(
        tuple(word for word in WORDS if word in words), sorted(amounts), tuple(sorted(pairs)), asymmetric
    )


def _pair(entry: object) -> tuple[int, int] | None:
    halves = as_entries(entry)
    if halves is None or len(halves) != 2:
        return None
    before, after = map(as_index, halves)
    if before is None or after is None or not (0 <= before <= INT64_MAX and 0 <= after <= INT64_MAX):
        return None
    return before, after


def _meant(entry: object) -> Iterable[object]:
    text = as_text(entry)
    if text is None:
        return [number for number in near_integers(entry) if number >= 0][:1]
    from difflib import get_close_matches

    return get_close_matches(text[:20].upper(), WORDS, n=1, cutoff=0.3)


def _why_no_padding(entry: object) -> str:
    number = as_index(entry)
    if number is not None:
        return "padding adds elements; cropping is not part of a convolution."
    if as_text(entry) is not None:
        return "only these two words mean a padding in TensorFlow."
    return "a number pads both sides alike; a pair is (before, after), and serves every axis."


def _refuse_paddings(value: object, problem: str, reason: str, choice: tuple[object, ...]) -> NoReturn:
    suggestions = [Suggestion({"paddings": choice})] if choice else []
    raise Refusal(
        "paddings",
        given=value,
        problem=f"paddings={show(value, code=True)} {problem}.",
        legal='"SAME", "VALID", numbers of elements, (before, after) pairs, in a tuple or list; or None for the default',
        reason=reason,
        suggestions=(*suggestions, Suggestion({"paddings": None}, "the default")),
    )


def read_channels(value: object) -> tuple[int, int]:
    """Return the channels ``(in, out)``."""
    entries = as_entries(value)
    if entries is not None and len(entries) == 2:
        inside, outside = map(as_index, entries)
        if inside and outside and 0 < inside <= INT64_MAX and 0 < outside <= INT64_MAX:
            return inside, outside
    number, choices = as_index(value), [(1, 1)]
    if number is not None and 0 < number <= INT64_MAX:
        choices.insert(0, (number, number))
    raise Refusal(
        "channels",
        given=value,
        problem=f"channels is {kind_of(value)}.",
        legal="(in, out), each at least 1",
        reason="the specs that come back are for an input of so many channels, and make so many.",
        suggestions=tuple(Suggestion({"channels": choice}) for choice in choices),
    )


def read_rank(value: object) -> int | None:
    """Return the number of spatial axes that was asked for, None where it follows from the sizes."""
    number = as_index(value)
    if value is None or number in (1, 2, 3):
        return number
    raise Refusal(
        "rank",
        given=value,
        problem=f"rank is {kind_of(value)}.",
        legal=(1, 2, 3, None),
        reason="it is the number of spatial axes, batch and channels not counted.",
        kind=RankError if number is not None else ArgumentError,
        suggestions=tuple(
            Suggestion({"rank": choice})
            for choice in dict.fromkeys([*near_integers(value), 2])
            if 1 <= choice <= 3
        ),
    )
