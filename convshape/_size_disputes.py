"""Sizes that do not fit: a kernel too large, a result too small or past what a tensor can have."""

from __future__ import annotations

from convshape._errors import OutputShapeError, SizeError
from convshape._layouts import AXIS_NAMES, PICTURE_CHANNELS, assemble, spatial_slice
from convshape._reading import replace
from convshape._refusals import Refusal, Suggestion
from convshape._show import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._conv import Conv
    from convshape._pool import Pool
    from convshape._shapes import Shape
    from convshape._transposed import ConvTranspose

TOO_SMALL = "an input too small for its kernel or window"


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
        about=TOO_SMALL,
        suggestions=(
            *_looks_misplaced(spec, shape),
            Suggestion({"padding": "SAME"}, "pads as much as it needs"),
            *_smaller_window(spec, shape, axis),
            _larger_input(spec, shape),
            *_square(spec, shape, axis),
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


def _looks_misplaced(spec: Conv | Pool, shape: Shape) -> list[Suggestion]:
    """Suggest turning the axes where one spatial axis looks like a picture's channels.

    It does if it is 3, or if it is 1 or 4 and what remains is a square, or if the filter takes just as many.
    """
    spatial, channels = spec.spatial_of(shape), spec.channels_of(shape)
    small = [axis for axis, size in enumerate(spatial) if type(size) is int and size in PICTURE_CHANNELS]
    ring = (*spatial, channels)  # turned, not sorted, so that the order of the other axes is kept
    if len(small) != 1:
        return []
    turned = (*ring[small[0] + 1 :], *ring[: small[0] + 1])
    others = [size for size in turned[:-1] if type(size) is int and size > max(PICTURE_CHANNELS)]
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


def _square(spec: Conv | Pool, shape: Shape, axis: int) -> list[Suggestion]:
    """Suggest a square where one axis of a picture is a single element and the other a whole side: one was lost."""
    spatial = spec.spatial_of(shape)
    if len(spatial) != 2 or spatial[axis] != 1 or spatial[1 - axis] in (1, None):
        return []
    square = assemble(shape[0], (spatial[1 - axis],) * 2, spec.channels_of(shape), spec.data_format)
    return [Suggestion({"input_shape": square}, "if the picture is square")]


def _larger_input(spec: Conv | Pool, shape: Shape) -> Suggestion:
    sizes = tuple(
        max(size, least) if isinstance(size, int) else size
        for size, least in zip(spec.spatial_of(shape), spec.smallest_inputs(), strict=True)
    )
    larger = assemble(shape[0], sizes, spec.channels_of(shape), spec.data_format)
    return Suggestion({"input_shape": larger}, "the smallest input that fits")


def large_output_padding(spec: ConvTranspose, axis: int) -> Refusal:
    """Return the refusal of an output padding that the stride leaves no room for."""
    extra = spec.output_padding or ()
    return Refusal(
        "output_padding",
        given=extra,
        problem=f"output_padding {show(extra)} has {extra[axis]}, too large for a stride of {spec.strides[axis]}.",
        legal=range(spec.strides[axis]),
        reason="it picks one of the sizes that the twin takes to this input, and they are as many as the stride.",
        axis=axis,
        kind=OutputShapeError,
        suggestions=(
            Suggestion({"output_padding": tuple(map(min, extra, (stride - 1 for stride in spec.strides)))}),
            Suggestion({"output_padding": None}, "the default size"),
        ),
    )


def nothing_left(spec: ConvTranspose, shape: Shape, axis: int, result: int) -> Refusal:
    """Return the refusal of padding that takes an output below one element."""
    size, name = spec.spatial_of(shape)[axis], AXIS_NAMES[len(shape) - 2][axis]
    stride, extent = spec.strides[axis], spec.extent(axis)
    natural = (size - 1) * stride + extent if isinstance(size, int) else extent
    return Refusal(
        "padding",
        given=spec.padding,
        problem=f"padding {show(spec.padding)} leaves an output with a {name} of {result} from the input {show(shape)}.",
        legal=f"padding of at most {natural - 1} in all, before and after",
        reason=f"padding is taken off the output of ({show(size)} - 1) * {stride} + {extent} elements.",
        axis=axis,
        kind=SizeError,
        suggestions=(
            Suggestion({"output_padding": 0}, "the smallest legal size"),
            Suggestion({"padding": 0}),
            Suggestion({"padding": "SAME"}),
        ),
    )
