"""Input and filter that are each fine but do not fit together: what to say, and what might mend it."""

from __future__ import annotations

from convshape._errors import ChannelError, RankError
from convshape._layouts import (
    LAYOUTS,
    assemble,
    channel_axis,
    channels_first,
    filter_pattern,
    pattern,
)
from convshape._reading import replace
from convshape._refusals import Refusal, Suggestion
from convshape._show import count, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from convshape._conv import Conv
    from convshape._shapes import Shape, Size
    from convshape._transposed import ConvTranspose

    FilterSpec: TypeAlias = Conv | ConvTranspose

TWIN_FILTER = (
    "a transposed convolution borrows its forward twin's filter, {}: the twin's output is our input."
)


def rank_dispute(entries: tuple[object, ...], data_format: str, channels: Size, whose: str) -> Refusal:
    """Return the refusal of an input that has not as many axes as the filter or window is made for."""
    wanted = len(data_format)
    suggestions = []
    if len(entries) == wanted - 1:
        with_batch = Suggestion(
            {"input_shape": (None, *entries)}, "with a batch in front, here of unknown size"
        )
        with_channels = (
            ()
            if channels is None
            else (Suggestion({"input_shape": (*entries, channels)}, "with its channels"),)
        )
        suggestions = [with_batch, *with_channels]
    elif len(entries) == wanted - 2:
        suggestions = [
            Suggestion(
                {"input_shape": assemble(None, entries, channels, data_format)}, "with batch and channels"
            )
        ]
    elif len(entries) == wanted + 1:
        ones = [axis for axis in range(1, wanted) if type(entries[axis]) is int and entries[axis] == 1]
        shorter = [(*entries[:axis], *entries[axis + 1 :]) for axis in (*ones, wanted, 0)]
        notes = ["without the axis of 1"] * len(ones) + ["without its last axis", "without its first axis"]
        suggestions = [
            Suggestion({"input_shape": shape}, note) for shape, note in zip(shorter, notes, strict=True)
        ]
    return Refusal(
        "input_shape",
        given=entries,
        problem=f"input_shape {show(entries)} has {count(len(entries))}, but {whose} belongs to an input of {wanted}.",
        legal=pattern(data_format),
        reason=f"{wanted - 2} spatial {'axis stands' if wanted == 3 else 'axes stand'} beside batch and channels.",
        kind=RankError,
        suggestions=tuple(suggestions),
    )


def forward_channels(spec: Conv, shape: Shape, channels: int) -> Refusal:
    """Return the refusal of an input whose channels are not what a forward filter takes."""
    *kernel, inside, outside = spec.filter_shape
    layout = filter_pattern(len(kernel), transposed=False)
    silent = spec.groups == 1 and channels % inside == 0 and outside % (channels // inside) == 0
    reason = f"a forward convolution's filter is {layout}: every filter reads all channels of its group."
    if silent:
        reason += (
            f" TensorFlow would read {channels} channels and a filter of {inside} as {channels // inside} groups,"
            " and say nothing."
        )
    suggestions = [
        _swapped(
            spec, f"a forward convolution's filter is {layout}: every filter reads all channels of its group."
        ),
        *_moved_channels(spec, shape, inside * spec.groups),
    ]
    if channels % spec.groups == 0:
        right = (*kernel, channels // spec.groups, outside)
        suggestions.append(Suggestion({"filter_shape": right}, "a filter for the input's channels"))
    if channels % inside == 0:
        suggestions.append(
            Suggestion(
                {"groups": channels // inside},
                "if groups are meant" if channels > inside else "without groups",
            )
        )
    suggestions.append(_with_channels(spec, shape, inside * spec.groups))
    grouped = f" a group, {inside * spec.groups} in all" if spec.groups > 1 else ""
    return _channel_refusal(
        spec,
        f"filter_shape {show(spec.filter_shape)} takes {inside} channels{grouped}, but the input {show(shape)} has {channels}.",
        show(
            (*spec.filter_shape[:-2], channels // spec.groups if channels % spec.groups == 0 else "in", "out")
        ),
        reason,
        suggestions,
    )


def transposed_channels(spec: ConvTranspose, shape: Shape, channels: int) -> Refusal:
    """Return the refusal of an input whose channels are not the last axis of a transposed filter."""
    *kernel, outside, inside = spec.filter_shape
    reason = TWIN_FILTER.format(filter_pattern(len(kernel), transposed=True))
    suggestions = [
        _swapped(spec, reason),
        *_moved_channels(spec, shape, inside),
        Suggestion({"filter_shape": (*kernel, outside, channels)}, "a filter for the input's channels"),
        _with_channels(spec, shape, inside),
    ]
    return _channel_refusal(
        spec,
        f"filter_shape {show(spec.filter_shape)} has {inside} channels last, but the input {show(shape)} has {channels}.",
        show((*kernel, "out", channels)),
        reason,
        suggestions,
    )


def _channel_refusal(
    spec: FilterSpec, problem: str, legal: str, reason: str, suggestions: list[Suggestion]
) -> Refusal:
    return Refusal(
        "filter_shape",
        given=spec.filter_shape,
        problem=problem,
        legal=legal.replace('"', ""),
        reason=reason,
        kind=ChannelError,
        suggestions=tuple(suggestions),
    )


def _swapped(spec: FilterSpec, reason: str) -> Suggestion:
    *kernel, one, other = spec.filter_shape
    return Suggestion({"filter_shape": (*kernel, other, one)}, "in and out were swapped", reason)


def _moved_channels(spec: FilterSpec, shape: Shape, wanted: int) -> list[Suggestion]:
    """Suggest the other layout where the wanted channels stand in its place."""
    first = channels_first(spec.data_format)
    if shape[-1 if first else 1] != wanted:
        return []
    other = LAYOUTS[len(shape) - 2][0 if first else 1]
    moved = (shape[0], shape[-1], *shape[1:-1]) if first else (shape[0], *shape[2:], shape[1])
    looks = "last" if first else "first"
    reason = f"the input looks channels-{looks}, and {spec.data_format} reads its channels {'second' if first else 'last'}."
    return [
        Suggestion({"input_shape": moved}, f"transposed to {spec.data_format}", reason),
        Suggestion({"data_format": other}, "if the data stays as it is", reason),
    ]


def _with_channels(spec: FilterSpec, shape: Shape, channels: int) -> Suggestion:
    return Suggestion(
        {"input_shape": replace(shape, channel_axis(spec.data_format), channels)}, "an input for this filter"
    )
