"""The verbs of forward convolutions and pools: each makes a spec of its arguments and calls it."""

from __future__ import annotations

from convshape._memo import conv_spec, pool_spec
from convshape._mending import mend, without
from convshape._paddings import before_and_after
from convshape._reading import as_entries
from convshape._refusals import Refusal
from convshape._shapes import INPUT
from convshape._sizes import effective_kernel, same_padding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import SupportsIndex

    from convshape._shapes import Shape
    from convshape._types import PaddingLike, PerAxisLike, ShapeLike


def conv_output(
    input_shape: ShapeLike,
    filter_shape: ShapeLike,
    strides: PerAxisLike = 1,
    padding: PaddingLike = "SAME",
    *,
    dilations: PerAxisLike = 1,
    groups: SupportsIndex = 1,
    data_format: str | None = None,
) -> Shape:
    """Return the output shape of a forward convolution.

    Sizes in elements; an axis of size ``i`` under a kernel that spans ``k``, dilated, becomes ``ceil(i / s)``
    with SAME and ``floor((i + before + after - k) / s) + 1`` otherwise (arXiv:1603.07285, relationship 6).

    Args:
        input_shape: ``(N, *spatial, C)``; None where a size is not known; the batch may be a name.
        filter_shape: ``(*kernel, in, out)``, where ``in`` is the channels of one group.
        strides: An int, one a spatial axis, or full rank with 1 for batch and channels.
        padding: ``"SAME"``, ``"VALID"``, a number of elements, one ``(before, after)`` a spatial axis, or full
            rank with ``(0, 0)`` for batch and channels.
        dilations: Written as the strides are.
        groups: Into how many groups the channels are split.
        data_format: TensorFlow's name of the layout, such as ``"NCHW"``; None is channels-last.

    Returns:
        The output shape, a tuple, in the layout of the input.

    Raises:
        ShapeError: The call cannot be made; the error names a fix that has been checked.

    Examples:
        >>> import convshape as cs
        >>> cs.conv_output(("N", 28, 28, 1), (5, 5, 1, 64), strides=2)
        ('N', 14, 14, 64)
        >>> cs.conv_output(("N", 28, 28, 1), (5, 5, 64, 1), strides=2)
        Traceback (most recent call last):
        ...
        convshape.ChannelError: conv_output: filter_shape (5, 5, 64, 1) takes 64 channels, but the input (N, 28, 28, 1) has 1.
          legal: (5, 5, 1, out)
          because: a forward convolution's filter is (height, width, in, out): every filter reads all channels of its group.
          fix: filter_shape=(5, 5, 1, 64)    (in and out were swapped)
          or: filter_shape=(5, 5, 1, 1)    (a filter for the input's channels)
          or: input_shape=("N", 28, 28, 64)    (an input for this filter)
    """
    try:
        return conv_spec(filter_shape, strides, padding, dilations, groups, data_format).output(input_shape)
    except Refusal as refusal:
        raise mend("conv_output", _conv_output, without(locals()), refusal) from None


def pool_output(
    input_shape: ShapeLike,
    window_shape: PerAxisLike,
    strides: PerAxisLike | None = None,
    padding: PaddingLike = "VALID",
    *,
    dilations: PerAxisLike = 1,
    ceil_mode: bool = False,
    data_format: str | None = None,
) -> Shape:
    """Return the output shape of a maximum or average pool.

    Sizes in elements; as a forward convolution's, channels unchanged (arXiv:1603.07285, relationship 15). In
    ceil mode a last window may hang over the end, as long as it starts inside the input or the padding before.

    Args:
        input_shape: ``(N, *spatial, C)``; None where a size is not known; the batch may be a name.
        window_shape: An int, one size a spatial axis, or full rank with 1 for batch and channels.
        strides: Written as the window is; None for the window itself.
        padding: ``"SAME"``, ``"VALID"``, a number of elements, or one ``(before, after)`` a spatial axis, each
            smaller than the window.
        dilations: Written as the window is.
        ceil_mode: Whether sizes are rounded up instead of down.
        data_format: TensorFlow's name of the layout, such as ``"NCHW"``; None is channels-last.

    Returns:
        The output shape, a tuple, in the layout of the input.

    Raises:
        ShapeError: The call cannot be made; the error names a fix that has been checked.

    Examples:
        >>> import convshape as cs
        >>> cs.pool_output(("N", 112, 112, 64), 2)
        ('N', 56, 56, 64)
        >>> cs.pool_output(("N", 112, 112, 64), 2, padding="SAMME")
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: pool_output: padding is the string "SAMME".
          legal: "SAME", "VALID", a number of elements, or one (before, after) a spatial axis
          because: only these two words mean a padding in TensorFlow.
          fix: padding="SAME"
    """
    try:
        return _pool_output(
            input_shape,
            window_shape,
            strides,
            padding,
            dilations=dilations,
            ceil_mode=ceil_mode,
            data_format=data_format,
        )
    except Refusal as refusal:
        raise mend("pool_output", _pool_output, without(locals()), refusal) from None


def padding_amounts(
    input_shape: ShapeLike,
    filter_shape: ShapeLike,
    strides: PerAxisLike = 1,
    padding: PaddingLike = "SAME",
    *,
    dilations: PerAxisLike = 1,
    data_format: str | None = None,
) -> tuple[tuple[int | None, int | None], ...]:
    """Return how many elements a forward convolution's padding adds before and after each spatial axis.

    SAME adds ``max(0, (ceil(i / s) - 1) * s + k - i)`` in all, for a kernel that spans ``k``, and puts the odd
    one after (TensorFlow's ``GetWindowedOutputSizeVerbose``).

    Args:
        input_shape: ``(N, *spatial, C)``, in elements; None where a size is not known; the batch may be a name.
        filter_shape: ``(*kernel, in, out)``; padding does not depend on groups, so any that fit are taken.
        strides: An int, one a spatial axis, or full rank with 1 for batch and channels.
        padding: As in :func:`conv_output`.
        dilations: Written as the strides are.
        data_format: TensorFlow's name of the layout, such as ``"NCHW"``; None is channels-last.

    Returns:
        One ``(before, after)`` a spatial axis; ``(None, None)`` where it depends on a size that is not known.

    Raises:
        ShapeError: The convolution cannot be made; the error names a fix that has been checked.

    Examples:
        >>> import convshape as cs
        >>> cs.padding_amounts(("N", 224, 224, 3), (7, 7, 3, 64), strides=2)
        ((2, 3), (2, 3))
        >>> cs.padding_amounts(("N", 224, 224, 3), (7, 7, 3, 64), strides=2, padding="same!")
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: padding_amounts: padding is the string "same!".
          legal: "SAME", "VALID", a number of elements, or one (before, after) a spatial axis
          because: only these two words mean a padding in TensorFlow.
          fix: padding="SAME"
    """
    try:
        return _padding_amounts(input_shape, filter_shape, strides, padding, dilations, data_format)
    except Refusal as refusal:
        raise mend("padding_amounts", _padding_amounts, without(locals()), refusal) from None


# The same calls without the mending, for trying a fix: they return, or raise the bare Refusal.


def _conv_output(
    input_shape: object,
    filter_shape: object,
    strides: object = 1,
    padding: object = "SAME",
    *,
    dilations: object = 1,
    groups: object = 1,
    data_format: object = None,
) -> Shape:
    return conv_spec(filter_shape, strides, padding, dilations, groups, data_format).output(input_shape)


def _pool_output(input_shape: object, *arguments: object, **named: object) -> Shape:
    return pool_spec(input_shape, *arguments, **named).output(input_shape)


def _padding_amounts(
    input_shape: object,
    filter_shape: object,
    strides: object,
    padding: object,
    dilations: object,
    data_format: object,
) -> tuple[tuple[int | None, int | None], ...]:
    spec = conv_spec(filter_shape, strides, padding, dilations, 1, data_format)
    entries = as_entries(input_shape)
    if entries is not None and len(entries) != len(spec.data_format):
        spec.output(input_shape)  # which says what is missing
    shape: Shape = INPUT.read(input_shape)
    if len(shape) == len(spec.data_format):
        spec = conv_spec(
            filter_shape,
            strides,
            padding,
            dilations,
            _groups(spec.filter_shape, spec.channels_of(shape)),
            data_format,
        )
    spec.output(shape)
    amounts: list[tuple[int | None, int | None]] = []
    for axis, size in enumerate(spec.spatial_of(shape)):
        pair = before_and_after(spec.padding, axis)
        extent, stride = effective_kernel(spec.filter_shape[axis], spec.dilations[axis]), spec.strides[axis]
        if pair == "VALID":
            amounts.append((0, 0))
        elif pair != "SAME":
            amounts.append(pair)  # type: ignore[arg-type]
        elif isinstance(size, int):
            amounts.append(same_padding(size, extent, stride))
        else:  # with stride 1 SAME's padding does not depend on the size
            amounts.append(same_padding(extent, extent, 1) if stride == 1 else (None, None))
    return tuple(amounts)


def _groups(filter_shape: tuple[int, ...], channels: object) -> int:
    """Return the number of groups with which a filter fits these channels; 1 where none does."""
    inside, outside = filter_shape[-2:]
    if isinstance(channels, int) and channels % inside == 0 and outside % (channels // inside) == 0:
        return channels // inside
    return 1
