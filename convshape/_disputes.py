"""Shapes that are each fine but do not fit together: what to say, and what might mend it."""

from __future__ import annotations

from convshape._errors import ChannelError, RankError, SizeError
from convshape._layouts import (
    AXIS_NAMES,
    LAYOUTS,
    assemble,
    channel_axis,
    channels_first,
    filter_pattern,
    pattern,
    spatial_slice,
)
from convshape._reading import replace
from convshape._refusals import Refusal, Suggestion
from convshape._show import count, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from convshape._conv import Conv
    from convshape._pool import Pool
    from convshape._shapes import Shape, Size
    from convshape._transposed import ConvTranspose

    FilterSpec: TypeAlias = Conv | ConvTranspose

# What the channels of a picture are, when they stand where a height or a width should.
_PICTURE_CHANNELS = (1, 3, 4)
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


def too_large(spec: Conv | Pool, shape: Shape, axis: int, least: int, extent: int, stride: int) -> Refusal:
    """Return the refusal of a kernel or window that does not fit into the (padded) input."""
    size, name = shape[spatial_slice(spec.data_format)][axis], AXIS_NAMES[len(spec.data_format) - 2][axis]
    part = "kernel" if hasattr(spec, "filter_shape") else "window"
    padded = (
        "VALID does not pad" if spec.padding == "VALID" else f"padding {show(spec.padding)} is not enough"
    )
    reason = f"{padded}: a {part} that spans {extent} needs an input of at least {least}."
    if type(size) is int and size > least - 2 * stride:
        reason += " TensorFlow may compute 0 and not refuse it; its default build then returns memory of the input's shape."
    position = spatial_slice(spec.data_format).start + axis
    return Refusal(
        "input_shape",
        given=shape,
        problem=f"input_shape {show(shape)} has a {name} of {show(size)}, too small for a {part} that spans {extent}.",
        legal=f"a {name} of at least {least}",
        reason=reason,
        kind=SizeError,
        axis=position,
        suggestions=(
            *_looks_misplaced(spec, shape),
            Suggestion({"padding": "SAME"}, "pads as much as it needs"),
            *_smaller_window(spec, shape, axis),
            _larger_input(spec, shape),
        ),
    )


def too_big_result(argument: str, shape: Shape, data_format: str, axis: int) -> Refusal:
    """Return the refusal of a result that no tensor can have."""
    name = AXIS_NAMES[len(data_format) - 2][axis]
    return Refusal(
        argument,
        given=shape,
        problem=f"the result of {argument} {show(shape)} has a {name} past 2**63 - 1.",
        legal="sizes whose results are at most 2**63 - 1",
        reason="no tensor has an axis of more than 2**63 - 1 elements.",
        kind=SizeError,
        axis=spatial_slice(data_format).start + axis,
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


def _looks_misplaced(spec: Conv | Pool, shape: Shape) -> list[Suggestion]:
    """Suggest turning the axes where one spatial axis looks like a picture's channels.

    It does if it is 3, or if it is 1 or 4 and what remains is a square, or if the filter takes just as many.
    """
    spatial, channels = spec.spatial_of(shape), spec.channels_of(shape)
    small = [axis for axis, size in enumerate(spatial) if type(size) is int and size in _PICTURE_CHANNELS]
    ring = (*spatial, channels)  # turned, not sorted, so that the order of the other axes is kept
    if len(small) != 1:
        return []
    turned = (*ring[small[0] + 1 :], *ring[: small[0] + 1])
    others = [size for size in turned[:-1] if type(size) is int and size > max(_PICTURE_CHANNELS)]
    filter_shape = getattr(spec, "filter_shape", None)
    fits = filter_shape is not None and filter_shape[-2] == turned[-1]
    if len(others) != len(spatial) or not (fits or turned[-1] == 3 or len(set(others)) == 1 < len(others)):
        return []
    changes: dict[str, object] = {
        "input_shape": assemble(shape[0], turned[:-1], turned[-1], spec.data_format)
    }
    if filter_shape is not None and not fits:
        changes["filter_shape"] = (*filter_shape[:-2], turned[-1], filter_shape[-1])
    name = AXIS_NAMES[len(spatial)][small[0]]
    reason = f"a {name} of {show(turned[-1])} looks like a picture's channels, which {spec.data_format} has elsewhere."
    return [Suggestion(changes, f"channels moved to their place in {spec.data_format}", reason)]


def _smaller_window(spec: Conv | Pool, shape: Shape, axis: int) -> list[Suggestion]:
    """Suggest a kernel or window cut down to the input, on every axis where it is too large."""
    part = "filter_shape" if hasattr(spec, "filter_shape") else "window_shape"
    note = "a kernel that fits" if part == "filter_shape" else "a window that fits"
    found, window = [], list(getattr(spec, part))
    if spec.dilations[axis] > 1:
        found.append(Suggestion({"dilations": replace(spec.dilations, axis, 1)}, "not dilated"))
    for place, (size, least) in enumerate(zip(spec.spatial_of(shape), spec.smallest_inputs(), strict=True)):
        if isinstance(size, int) and size < least:
            window[place] = size
    return [*found, Suggestion({part: tuple(window)}, note)]


def _larger_input(spec: Conv | Pool, shape: Shape) -> Suggestion:
    sizes = tuple(
        max(size, least) if isinstance(size, int) else size
        for size, least in zip(spec.spatial_of(shape), spec.smallest_inputs(), strict=True)
    )
    larger = assemble(shape[0], sizes, spec.channels_of(shape), spec.data_format)
    return Suggestion({"input_shape": larger}, "the smallest input that fits")
