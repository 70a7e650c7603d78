"""``torch.nn.functional``'s forward convolutions, with shapes in place of tensors."""

from __future__ import annotations

from functools import partial

from convshape._mending import without
from convshape._refusals import Refusal
from convshape.frameworks import _torch_conv as raw
from convshape.frameworks._words import mended

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import SupportsIndex

    from convshape._shapes import Shape
    from convshape._types import PerAxisLike, ShapeLike


def conv2d(
    input: ShapeLike,
    weight: ShapeLike,
    bias: ShapeLike | None = None,
    stride: PerAxisLike = 1,
    padding: str | PerAxisLike = 0,
    dilation: PerAxisLike = 1,
    groups: SupportsIndex = 1,
) -> Shape:
    """Return the shape of ``torch.nn.functional.conv2d``'s result.

    Args:
        input: ``(N, C, height, width)`` or ``(C, height, width)``.
        weight: ``(out, in / groups, *kernel)``.
        bias: ``(out,)``, or None.
        stride: Elements from one window to the next, one number or one an axis.
        padding: Elements on both sides of each axis, ``"valid"``, or ``"same"`` (stride 1 only).
        dilation: Elements from one tap of the kernel to the next.
        groups: Into how many groups the channels are split.

    Returns:
        ``(N, out, *spatial)``, sizes ``floor((i + 2p - (k - 1) * d - 1) / s) + 1``
        (pytorch.org/docs, ``torch.nn.Conv2d``).

    Raises:
        ShapeError: PyTorch would refuse the call; the error names a fix that has been checked.

    Examples:
        >>> from convshape.frameworks import torch
        >>> torch.conv2d(("N", 3, 45, 61), (64, 3, 5, 5), stride=2, padding=2)
        ('N', 64, 23, 31)
        >>> torch.conv2d((3, 45, 61), (64, 1, 5, 5))
        Traceback (most recent call last):
        ...
        convshape.ChannelError: torch.nn.functional.conv2d: weight (64, 1, 5, 5) takes 1 channels, but the input (3, 45, 61) has 3.
          legal: weight (out, 3, 5, 5)
          because: PyTorch's forward filter is (out, in / groups, *kernel): every filter reads all channels of its group.
          fix: weight=(64, 3, 5, 5)    (a filter for the input's channels)
          or: input=(1, 45, 61)    (an input for this filter)
          or: input=(3, 1, 45, 61)    (a batch, with a channel axis of 1)
    """
    try:
        return raw.conv(2, input, weight, bias, stride, padding, dilation, groups)
    except Refusal as refusal:
        raise mended("torch.nn.functional.conv2d", partial(raw.conv, 2), without(locals()), refusal) from None


def conv1d(
    input: ShapeLike,
    weight: ShapeLike,
    bias: ShapeLike | None = None,
    stride: PerAxisLike = 1,
    padding: str | PerAxisLike = 0,
    dilation: PerAxisLike = 1,
    groups: SupportsIndex = 1,
) -> Shape:
    """Return the shape of ``torch.nn.functional.conv1d``'s result.

    Arguments are PyTorch's, with shapes for tensors; ``input`` may lack its batch.

    Raises:
        ShapeError: PyTorch would refuse the call; the error names a fix that has been checked.

    Examples:
        >>> from convshape.frameworks import torch
        >>> torch.conv1d(("N", 3, 8), (6, 3, 3))
        ('N', 6, 6)
    """
    try:
        return raw.conv(1, input, weight, bias, stride, padding, dilation, groups)
    except Refusal as refusal:
        arguments = {
            "input": input,
            "weight": weight,
            "bias": bias,
            "stride": stride,
            "padding": padding,
            "dilation": dilation,
            "groups": groups,
        }
        raise mended("torch.nn.functional.conv1d", partial(raw.conv, 1), arguments, refusal) from None


def conv3d(
    input: ShapeLike,
    weight: ShapeLike,
    bias: ShapeLike | None = None,
    stride: PerAxisLike = 1,
    padding: str | PerAxisLike = 0,
    dilation: PerAxisLike = 1,
    groups: SupportsIndex = 1,
) -> Shape:
    """Return the shape of ``torch.nn.functional.conv3d``'s result.

    Arguments are PyTorch's, with shapes for tensors; ``input`` may lack its batch.

    Raises:
        ShapeError: PyTorch would refuse the call; the error names a fix that has been checked.

    Examples:
        >>> from convshape.frameworks import torch
        >>> torch.conv3d(("N", 3, 8, 8, 8), (6, 3, 3, 3, 3))
        ('N', 6, 6, 6, 6)
    """
    try:
        return raw.conv(3, input, weight, bias, stride, padding, dilation, groups)
    except Refusal as refusal:
        arguments = {
            "input": input,
            "weight": weight,
            "bias": bias,
            "stride": stride,
            "padding": padding,
            "dilation": dilation,
            "groups": groups,
        }
        raise mended("torch.nn.functional.conv3d", partial(raw.conv, 3), arguments, refusal) from None
