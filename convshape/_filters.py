"""The verbs about filters: their layouts, and the padding that SAME stands for."""

from __future__ import annotations

from convshape._arguments import check_groups, read_groups
from convshape._errors import RankError
from convshape._mending import mend
from convshape._reading import as_entries, as_index, near_integers, read_whole
from convshape._refusals import Refusal, Suggestion
from convshape._shapes import ShapeRule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import SupportsIndex

    from convshape._types import PerAxisLike


_KERNEL = ShapeRule(
    "kernel_size",
    batched=False,
    unknown=False,
    channels=0,
    pattern="an int for a square of two axes, or one size a spatial axis, each at least 1",
)


def conv_filter(
    kernel_size: PerAxisLike,
    in_channels: SupportsIndex,
    out_channels: SupportsIndex,
    *,
    groups: SupportsIndex = 1,
) -> tuple[int, ...]:
    """Return the filter shape of a forward convolution, ``(*kernel, in, out)``.

    Args:
        kernel_size: One size a spatial axis, in elements; an int is a square of two axes.
        in_channels: Channels of the input, all groups together.
        out_channels: Channels of the output, all groups together.
        groups: Into how many groups both are split; a filter sees ``in_channels / groups``.

    Returns:
        The filter shape, as ``tf.nn.conv1d``, ``conv2d`` and ``conv3d`` take it.

    Raises:
        ShapeError: A size is not legal, or ``groups`` does not divide both numbers of channels.

    Examples:
        >>> import convshape as cs
        >>> cs.conv_filter((5, 5), 32, 64)
        (5, 5, 32, 64)
        >>> cs.conv_filter((5, 5), 32, 64, groups=3)
        Traceback (most recent call last):
        ...
        convshape.ChannelError: conv_filter: groups 3 does not divide the 32 input channels.
          legal: (1, 2, 4, 8, 16, 32)
          because: every group has the same number of channels.
          fix: groups=2
          or: groups=1
    """
    arguments = {
        "kernel_size": kernel_size,
        "in_channels": in_channels,
        "out_channels": out_channels,
        "groups": groups,
    }
    try:
        return _conv_filter(**arguments)
    except Refusal as refusal:
        raise mend("conv_filter", _conv_filter, arguments, refusal) from None


def transpose_filter(
    kernel_size: PerAxisLike,
    in_channels: SupportsIndex,
    out_channels: SupportsIndex,
    *,
    groups: SupportsIndex = 1,
) -> tuple[int, ...]:
    """Return the filter shape of a transposed convolution, ``(*kernel, out, in)``: out before in.

    It is the forward twin's filter, and the twin goes from our output to our input.

    Args:
        kernel_size: One size a spatial axis, in elements; an int is a square of two axes.
        in_channels: Channels of the transposed convolution's input, all groups together.
        out_channels: Channels of its output, all groups together.
        groups: Into how many groups both are split; a filter makes ``out_channels / groups``.

    Returns:
        The filter shape, as ``tf.nn.conv1d_transpose``, ``conv2d_transpose`` and ``conv3d_transpose`` take it.

    Raises:
        ShapeError: A size is not legal, or ``groups`` does not divide both numbers of channels.

    Examples:
        >>> import convshape as cs
        >>> cs.transpose_filter((5, 5), 32, 64)
        (5, 5, 64, 32)
        >>> cs.transpose_filter((5, 5), 32.0, 64)
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: transpose_filter: in_channels is 32.0, of type float.
          legal: a whole number, 1 or more
          because: a number of channels is a whole number; TensorFlow truncates a float or fails, so none is rounded here.
          fix: in_channels=32
    """
    arguments = {
        "kernel_size": kernel_size,
        "in_channels": in_channels,
        "out_channels": out_channels,
        "groups": groups,
    }
    try:
        return _transpose_filter(**arguments)
    except Refusal as refusal:
        raise mend("transpose_filter", _transpose_filter, arguments, refusal) from None


def _kernel(kernel_size: object) -> tuple[int, ...]:
    if as_index(kernel_size) is not None:
        return (read_whole("kernel_size", kernel_size, what="a kernel's size", least=1),) * 2
    entries = as_entries(kernel_size)
    if entries is None and near_integers(kernel_size):  # 5.0, "5" or True: a number, but no whole one
        read_whole("kernel_size", kernel_size, what="a kernel's size", least=1)
    if entries is not None and len(entries) in (4, 5):
        suggestion = Suggestion({"kernel_size": entries[:-2]}, "the kernel's axes alone")
        raise Refusal(
            "kernel_size",
            given=entries,
            problem=f"kernel_size has {len(entries)} entries.",
            legal=_KERNEL.pattern,
            reason="channels are arguments of their own.",
            kind=RankError,
            suggestions=(suggestion,),
        )
    return _KERNEL.read(kernel_size, (1, 2, 3))  # type: ignore[return-value]


def _channels(in_channels: object, out_channels: object, groups: object) -> tuple[int, int, int]:
    inside = read_whole("in_channels", in_channels, what="a number of channels", least=1)
    outside = read_whole("out_channels", out_channels, what="a number of channels", least=1)
    count = read_groups(groups)
    check_groups(count, inside, "groups", "input channels")
    check_groups(count, outside, "groups", "output channels")
    return inside, outside, count


def _conv_filter(
    kernel_size: object, in_channels: object, out_channels: object, groups: object
) -> tuple[int, ...]:
    inside, outside, count = _channels(in_channels, out_channels, groups)
    return (*_kernel(kernel_size), inside // count, outside)


def _transpose_filter(
    kernel_size: object, in_channels: object, out_channels: object, groups: object
) -> tuple[int, ...]:
    inside, outside, count = _channels(in_channels, out_channels, groups)
    return (*_kernel(kernel_size), outside // count, inside)
