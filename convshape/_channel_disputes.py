"""Input and filter that are each fine but do not fit together: what to say, and what might mend it."""

from __future__ import annotations

from math import gcd

from convshape._errors import ChannelError
from convshape._layouts import channel_axis, channels_first, filter_pattern
from convshape._orders import from_pytorch, other_layout
from convshape._reading import replace
from convshape._refusals import Refusal, Suggestion
from convshape._show import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from convshape._conv import Conv
    from convshape._shapes import Shape
    from convshape._transposed import ConvTranspose

    FilterSpec: TypeAlias = Conv | ConvTranspose

TWIN_FILTER = (
    "a transposed convolution borrows its forward twin's filter, {}: the twin's output is our input."
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
    plain = f"a forward convolution's filter is {layout}: every filter reads all channels of its group."
    ahead, behind = from_pytorch(spec, shape, plain)
    suggestions = [*ahead, _swapped(spec, plain), *_moved_channels(spec, shape, inside * spec.groups)]
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
    suggestions += [_with_channels(spec, shape, inside * spec.groups), *behind]
    grouped = f" a group, {inside * spec.groups} in all" if spec.groups > 1 else ""
    return _channel_refusal(
        spec,
        f"filter_shape {show(spec.filter_shape)} takes {inside} channels{grouped}, but the input {show(shape)} has {channels}.",
        _legal_forward(spec, channels),
        reason,
        suggestions,
    )


def _legal_forward(spec: Conv, channels: int) -> str:
    """Return the filters that are legal for so many channels; where the groups do not divide them, the groups too."""
    *kernel, _, outside = spec.filter_shape
    if channels % spec.groups == 0:
        return show((*kernel, channels // spec.groups, "out"))
    both = gcd(channels, outside)
    groups = tuple(count for count in range(1, min(both, 4096) + 1) if both % count == 0)
    return f"{show((*kernel, f'{channels} / groups', 'out'))}, with groups {show(groups)}"


def transposed_channels(spec: ConvTranspose, shape: Shape, channels: int) -> Refusal:
    """Return the refusal of an input whose channels are not the last axis of a transposed filter."""
    *kernel, outside, inside = spec.filter_shape
    reason = TWIN_FILTER.format(filter_pattern(len(kernel), transposed=True))
    ahead, behind = from_pytorch(spec, shape, reason)
    suggestions = [
        *ahead,
        _swapped(spec, reason),
        *_moved_channels(spec, shape, inside),
        Suggestion({"filter_shape": (*kernel, outside, channels)}, "a filter for the input's channels"),
        _with_channels(spec, shape, inside),
        *behind,
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
    other, moved = other_layout(shape, spec.data_format)
    if moved[channel_axis(spec.data_format)] != wanted:
        return []
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
