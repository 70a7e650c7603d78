"""Legal calls made wrong, one or two places at a time, in every way that people have been seen to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests import strategies as legal
from tests.oracle import junk

SEQUENCES = ("input_shape", "filter_shape", "window_shape", "output_shape", "strides", "dilations", "padding")


@dataclass(frozen=True)
class Mutated:
    """A call that was legal until some of its arguments were exchanged.

    Attributes:
        verb: The function of convshape.
        call: Its arguments, most likely wrong.
        legal: The arguments before.
        names: The mutations, in the order they were made.
    """

    verb: str
    call: dict[str, Any]
    legal: dict[str, Any]
    names: tuple[str, ...]


@st.composite
def mutated_calls(
    draw: st.DrawFn,
    *,
    verbs: Sequence[str] = tuple(legal.CALLS),
    first: str | None = None,
    **options: Any,
) -> Mutated:
    """Wrong calls of any verb. Shrinks towards one mutation of the smallest legal call.

    Args:
        draw: Given by Hypothesis.
        verbs: Which functions to call.
        first: Which mutation to begin with, where the call has what it needs; None for any.
        options: Passed on to the strategies of legal calls.
    """
    verb = draw(st.sampled_from(tuple(verbs)))
    right = draw(legal.CALLS[verb](**options))
    wrong, names = dict(right), []
    for _ in range(draw(st.sampled_from((1, 1, 1, 2)))):
        able = [name for name, (needs, _) in MUTATIONS.items() if needs is None or needs in right]
        name = first if first in able and not names else draw(st.sampled_from(able))
        wrong |= MUTATIONS[name][1](draw, wrong)
        names.append(name)
    return Mutated(verb, wrong, right, tuple(names))


Mutation = Callable[[st.DrawFn, dict[str, Any]], dict[str, Any]]
#: Name of a mutation to the argument that the call must have, and how it is made.
MUTATIONS: dict[str, tuple[str | None, Mutation]] = {}


def _mutation(needs: str | None = None) -> Callable[[Mutation], Mutation]:
    def listed(mutation: Mutation) -> Mutation:
        MUTATIONS[mutation.__name__] = (needs, mutation)
        return mutation

    return listed


def _entries(value: Any) -> list[Any]:
    """Return the entries of a sequence, a single value as a sequence of one."""
    return list(value) if isinstance(value, (tuple, list)) else [value]


def _any(draw: st.DrawFn, choices: Sequence[Any]) -> Any:
    return choices[draw(st.integers(0, len(choices) - 1))]  # sampled_from wants to hash some of them


def _place(draw: st.DrawFn, entries: Sequence[Any]) -> int:
    return draw(st.integers(0, max(0, len(entries) - 1)))


def _one_of(draw: st.DrawFn, call: dict[str, Any], names: Sequence[str] = SEQUENCES) -> str:
    return draw(st.sampled_from([name for name in names if name in call]))


def _with(entries: Sequence[Any], place: int, entry: Any) -> tuple[Any, ...]:
    return (*entries[:place], entry, *entries[place + 1 :])


@_mutation()
def whole_argument(draw: st.DrawFn, call: dict[str, Any]) -> dict[str, Any]:
    return {draw(st.sampled_from(sorted(call))): _any(draw, junk.WHOLES)}


@_mutation()
def junk_entry(draw: st.DrawFn, call: dict[str, Any]) -> dict[str, Any]:
    name = _one_of(draw, call)
    entries = _entries(call[name])
    return {name: _with(entries, _place(draw, entries), _any(draw, junk.ENTRIES))}


@_mutation()
def entry_dropped(draw: st.DrawFn, call: dict[str, Any]) -> dict[str, Any]:
    name = _one_of(draw, call)
    entries = _entries(call[name])
    place = _place(draw, entries)
    return {name: (*entries[:place], *entries[place + 1 :])}


@_mutation()
def entry_added(draw: st.DrawFn, call: dict[str, Any]) -> dict[str, Any]:
    name = _one_of(draw, call)
    entries = _entries(call[name])
    place = _place(draw, entries)
    return {name: (*entries[:place], draw(st.integers(1, 3)), *entries[place:])}


@_mutation()
def entry_nudged(draw: st.DrawFn, call: dict[str, Any]) -> dict[str, Any]:
    name = _one_of(draw, call)
    entries = _entries(call[name])
    place = _place(draw, entries)
    if type(entries[place : place + 1] and entries[place]) is not int:
        return {}
    return {name: _with(entries, place, entries[place] + draw(st.sampled_from((1, -1, 2, -2, 3, -3))))}


@_mutation()
def entries_rotated(draw: st.DrawFn, call: dict[str, Any]) -> dict[str, Any]:
    """Among others: channels where the other layout has them."""
    name = _one_of(draw, call)
    entries = _entries(call[name])
    return {name: (*entries[1:], *entries[:1])}


@_mutation()
def entries_exchanged(draw: st.DrawFn, call: dict[str, Any]) -> dict[str, Any]:
    name = _one_of(draw, call)
    entries = _entries(call[name])
    one, other = _place(draw, entries), _place(draw, entries)
    if not entries:
        return {}
    return {name: _with(_with(entries, one, entries[other]), other, entries[one])}


@_mutation()
def channels_moved(draw: st.DrawFn, call: dict[str, Any]) -> dict[str, Any]:
    """The input in the other layout, data_format as it was."""
    shape = call["input_shape"]
    if not isinstance(shape, tuple) or len(shape) < 3:
        return {}
    return {
        "input_shape": draw(
            st.sampled_from(((shape[0], shape[-1], *shape[1:-1]), (shape[0], *shape[2:], shape[1])))
        )
    }


@_mutation()
def argument_of_another(draw: st.DrawFn, call: dict[str, Any]) -> dict[str, Any]:
    """A shape where strides belong, strides where a size belongs."""
    return {draw(st.sampled_from(sorted(call))): call[draw(st.sampled_from(sorted(call)))]}


@_mutation("filter_shape")
def filter_swapped(draw: st.DrawFn, call: dict[str, Any]) -> dict[str, Any]:
    *kernel, one, other = (
        _entries(call["filter_shape"]) if len(_entries(call["filter_shape"])) > 2 else (1, 1, 1)
    )
    return {"filter_shape": (*kernel, other, one)}


@_mutation("filter_shape")
def channels_as_groups(draw: st.DrawFn, call: dict[str, Any]) -> dict[str, Any]:
    """A filter for a part of the channels: TensorFlow reads it as groups that nobody asked for."""
    *kernel, one, other = (
        _entries(call["filter_shape"]) if len(_entries(call["filter_shape"])) > 2 else (1, 1, 1)
    )
    times = draw(st.integers(2, 3))
    factor = [size * times if type(size) is int else size for size in (one, other)]
    return {"filter_shape": draw(st.sampled_from(((*kernel, one, factor[1]), (*kernel, factor[0], other))))}


@_mutation()
def stride_as_fraction(draw: st.DrawFn, call: dict[str, Any]) -> dict[str, Any]:
    fraction = 1 / draw(st.integers(2, 4))
    return {"strides": draw(st.sampled_from((fraction, (fraction, fraction), (1, fraction, fraction, 1))))}


@_mutation()
def factor_misplaced(draw: st.DrawFn, call: dict[str, Any]) -> dict[str, Any]:
    """Strides or dilations that step over the batch or the channels."""
    name = _one_of(draw, call, ("strides", "dilations"))
    rank = max(1, min(3, len(_entries(call["input_shape"])) - 2))
    return {name: draw(st.permutations([1, *[2] * rank, 1])).copy()}


@_mutation("padding")
def padding_misspelt(draw: st.DrawFn, call: dict[str, Any]) -> dict[str, Any]:
    return {"padding": draw(st.sampled_from(junk.MISSPELT))}


@_mutation("padding")
def padding_of_pairs(draw: st.DrawFn, call: dict[str, Any]) -> dict[str, Any]:
    """Pairs in any number and place, negative ones too."""
    return {"padding": draw(st.lists(st.tuples(*[st.integers(-2, 9)] * 2), max_size=6))}


@_mutation()
def other_layout(draw: st.DrawFn, call: dict[str, Any]) -> dict[str, Any]:
    return {"data_format": draw(st.sampled_from(junk.LAYOUTS))}


@_mutation("groups")
def other_groups(draw: st.DrawFn, call: dict[str, Any]) -> dict[str, Any]:
    return {"groups": draw(st.integers(-1, 6))}


@_mutation()
def kernel_too_large(draw: st.DrawFn, call: dict[str, Any]) -> dict[str, Any]:
    """Under VALID, by exactly one or by more."""
    name = "window_shape" if "window_shape" in call else "filter_shape"
    shape, rank = _entries(call["input_shape"]), len(_entries(call["input_shape"])) - 2
    sizes = [size + draw(st.integers(0, 4)) for size in shape[1:-1] if type(size) is int]
    tail = () if name == "window_shape" else tuple(_entries(call[name])[-2:])
    return {name: (*sizes, *tail), "padding": "VALID"} if len(sizes) == rank else {}


@_mutation("output_shape")
def other_output(draw: st.DrawFn, call: dict[str, Any]) -> dict[str, Any]:
    """An output_shape further off, or written as only its spatial part."""
    shape = _entries(call["output_shape"])
    doubled = [size * 2 if type(size) is int else size for size in shape]
    forms = (shape[1:-1], shape[1:], shape[:-1], shape[:1], shape[::-1], [*shape, 1], doubled)
    return {"output_shape": tuple(_any(draw, forms))}


@_mutation("output_padding")
def other_output_padding(draw: st.DrawFn, call: dict[str, Any]) -> dict[str, Any]:
    return {"output_padding": draw(st.one_of(st.integers(-1, 5), st.lists(st.integers(-1, 5), max_size=5)))}


@_mutation("window_shape")
def other_ceil_mode(draw: st.DrawFn, call: dict[str, Any]) -> dict[str, Any]:
    return {"ceil_mode": _any(draw, junk.WHOLES)}
