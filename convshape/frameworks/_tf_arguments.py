"""Arguments of ``tf.nn`` as its ops take them: numbers an axis, padding, layouts, filters."""

from __future__ import annotations

from convshape._arguments import read_data_format
from convshape._errors import ArgumentError, SizeError
from convshape._layouts import assemble, channel_axis
from convshape._reading import as_entries, as_index, as_text, near_integers, why_not_whole
from convshape._refusals import Refusal, Suggestion
from convshape._shapes import ShapeRule
from convshape._show import INT64_MAX, kind_of, show
from convshape.frameworks._numbers import Numbers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    Pair = tuple[int, int]
    Padding = str | tuple[Pair, ...]

WORDS = ("SAME", "VALID")


def any_form(argument: str, what: str) -> Numbers:
    """Return numbers as most ops take them (``_get_sequence`` in python/ops/nn_ops.py)."""
    return Numbers(argument, what, single=True, full=True, why="an op of tf.nn takes no other form.")


def full_only(argument: str, what: str, why: str) -> Numbers:
    """Return numbers for an op that hands its list on to the kernel as it is."""
    return Numbers(argument, what, scalar=False, each=False, full=True, why=why)


def each_only(argument: str, what: str, why: str) -> Numbers:
    """Return numbers for an op that wants one for each spatial axis."""
    return Numbers(argument, what, scalar=False, why=why)


def read_numbers(form: Numbers, value: object, data_format: str, *, none: bool = True) -> tuple[int, ...]:
    """Return one int a spatial axis; None is 1 on each where the op takes it."""
    rank = len(data_format) - 2
    if value is None and none:
        return (1,) * rank
    if form.full and not form.each and as_entries(value) is not None and not isinstance(value, (list, tuple)):
        raise Refusal(
            form.argument,
            given=value,
            problem=f"{form.argument} is {kind_of(value)}, not a list.",
            legal=form.legal(rank, channel_axis(data_format)),
            reason="this op takes a list or tuple; an array or other sequence it refuses.",
            suggestions=(Suggestion({form.argument: tuple(as_entries(value) or ())}),),
        )
    return form.read(value, rank, channel_axis(data_format))


def read_format(value: object, rank: int, *, aliases: bool = False, pool: bool = False) -> str:
    """Return the layout of a ``data_format``; ``conv1d`` understands the names of two axes too."""
    if aliases and rank == 1 and type(value) is str and value in ("NHWC", "NCHW"):
        return "NWC" if value == "NHWC" else "NCW"
    try:
        return read_data_format(value, rank)
    except Refusal as refusal:
        if pool and rank == 1 and as_text(value) is not None:
            refusal.reason += " TensorFlow reads every other word as NCW here, and says nothing."
        raise


def filter_rule(argument: str, pattern: str) -> ShapeRule:
    """Return what may stand in a filter argument."""
    return ShapeRule(argument, batched=False, unknown=False, pattern=pattern, channels=2)


def read_padding(value: object, data_format: str, *, explicit: bool, why: str = "") -> Padding:
    """Return a word or one pair a spatial axis.

    Args:
        value: What was passed.
        data_format: The layout, whose order the pairs have.
        explicit: Whether the op takes a list of pairs.
        why: Why it does not, if there is more to say.
    """
    word = as_text(value)
    if word is not None:
        return word if word in WORDS else _refuse_word(word)
    legal = _legal(data_format, explicit=explicit)
    if not isinstance(value, (list, tuple)) or not explicit:
        _refuse_other(value, data_format, legal, explicit=explicit, why=why)
    if len(value) != len(data_format) or not all(isinstance(pair, (list, tuple)) for pair in value):
        _refuse_other(value, data_format, legal, explicit=True, why="")
    pairs = tuple(_pair(pair, value, place, data_format, legal) for place, pair in enumerate(value))
    channel = channel_axis(data_format)
    spatial = tuple(pair for place, pair in enumerate(pairs) if place not in (0, channel))
    for place in (0, channel):
        if pairs[place] != (0, 0):
            moved = tuple(pair for pair in pairs if pair != (0, 0))
            choices = ([moved] if len(moved) == len(spatial) else []) + [spatial]
            raise Refusal(
                "padding",
                given=value,
                problem=f"padding {show(value)} pads the {'batch' if place == 0 else 'channels'}.",
                legal=legal,
                reason=f"only spatial axes are padded; the pairs follow {data_format}.",
                axis=place,
                suggestions=tuple(
                    Suggestion({"padding": full_padding(choice, data_format)}) for choice in choices
                ),
            )
    return spatial


def full_padding(pairs: tuple[Pair, ...], data_format: str) -> list[list[int]]:
    """Return explicit padding as TensorFlow takes it, batch and channels included."""
    return [list(pair) for pair in assemble((0, 0), pairs, (0, 0), data_format)]


def _legal(data_format: str, *, explicit: bool) -> str:
    if not explicit:
        return '"SAME" or "VALID"'
    example = show(full_padding(((1, 1),) * (len(data_format) - 2), data_format))
    return f'"SAME", "VALID", or {len(data_format)} pairs in the order of {data_format}: {example}'


def _refuse_word(word: str) -> NoReturn:
    meant = word.upper() if len(word) < 20 else ""
    choices: tuple[str, ...] = WORDS
    if meant in WORDS:
        reason, choices = "TensorFlow's words for padding are written in capitals.", (meant,)
    elif meant == "EXPLICIT":
        reason = "explicit padding is given as its numbers; the word alone does not say how much."
    else:
        reason = "TensorFlow knows these two words."
    raise Refusal(
        "padding",
        given=word,
        problem=f"padding is {kind_of(word)}.",
        legal='"SAME" or "VALID"',
        reason=reason,
        suggestions=tuple(Suggestion({"padding": choice}) for choice in choices),
    )


def _refuse_other(value: object, data_format: str, legal: str, *, explicit: bool, why: str) -> NoReturn:
    pairs = _meant_pairs(value, data_format)
    suggestions = []
    if pairs is not None:
        if set(pairs) == {(0, 0)}:
            suggestions.append(Suggestion({"padding": "VALID"}, "no padding"))
        if explicit:
            suggestions.append(Suggestion({"padding": full_padding(pairs, data_format)}))
    suggestions += [Suggestion({"padding": word}) for word in WORDS]
    if explicit:
        reason = (
            f"explicit padding is a list of {len(data_format)} pairs here, (0, 0) for batch and channels."
        )
    else:
        reason = why or "this op takes the two words alone; other padding goes into tf.pad before it."
    raise Refusal(
        "padding",
        given=value,
        problem=f"padding is {kind_of(value)}.",
        legal=legal,
        reason=reason,
        suggestions=tuple(suggestions),
    )


def _meant_pairs(value: object, data_format: str) -> tuple[Pair, ...] | None:
    """Return the pairs that somebody who wrote ``value`` may have meant."""
    rank = len(data_format) - 2
    number = as_index(value)
    if number is not None:
        return ((number, number),) * rank if 0 <= number <= INT64_MAX else None
    found: list[Pair] = []
    for entry in as_entries(value) or ():
        halves = [as_index(half) for half in as_entries(entry) or (entry, entry)]
        if len(halves) != 2 or None in halves or min(halves) < 0:  # type: ignore[type-var,operator]
            return None
        found.append((halves[0], halves[1]))  # type: ignore[arg-type]
    if len(found) == rank + 2:
        channel = channel_axis(data_format)
        found = [pair for place, pair in enumerate(found) if place not in (0, channel)]
    return tuple(found) if len(found) == rank else None


def _pair(
    value: list[object] | tuple[object, ...], given: object, place: int, data_format: str, legal: str
) -> Pair:
    amounts = [as_index(half) for half in value[:3]]
    if len(amounts) == 2 and all(amount is not None and 0 <= amount <= INT64_MAX for amount in amounts):
        return amounts[0], amounts[1]  # type: ignore[return-value]
    wrong = next(
        (half for half in value if (number := as_index(half)) is None or not 0 <= number <= INT64_MAX), value
    )
    number = as_index(wrong)
    nearest = [max(0, near[0]) for half in value[:2] if (near := near_integers(half))]
    choices = []
    if nearest and isinstance(given, (list, tuple)):
        pair = [nearest[0], nearest[-1]]
        choices.append([pair if at == place else other for at, other in enumerate(given)])
    if wrong is value:
        reason = "an axis has padding before and after it."
    elif number is None:
        reason = why_not_whole(wrong, "padding")
    else:
        reason = "padding adds elements; cropping is not part of a convolution."
    raise Refusal(
        "padding",
        given=given,
        problem=f"padding {show(given)} has {kind_of(wrong)}, at position {place}.",
        legal=legal,
        reason=reason,
        axis=place,
        kind=SizeError if number is not None and number > INT64_MAX else ArgumentError,
        suggestions=tuple(Suggestion({"padding": choice}) for choice in choices),
    )
