"""``torch.nn.functional`` and ``torch.nn`` with shapes in place of tensors, without PyTorch.

Inputs are channels-first, ``(N, C, *spatial)``, or without a batch, ``(C, *spatial)``; sizes in elements, None
where not known. The rules are those of PyTorch 2.13, measured.
"""

from __future__ import annotations

from functools import partial

from convshape._handing_out import hand_out
from convshape._mending import without
from convshape._refusals import Refusal
from convshape.frameworks import _torch_conv as raw
from convshape.frameworks import _torch_pool as pools
from convshape.frameworks._torch_modules import Conv1d, Conv2d, Conv3d
from convshape.frameworks._torch_pool_modules import (
    AvgPool1d,
    AvgPool2d,
    AvgPool3d,
    MaxPool1d,
    MaxPool2d,
    MaxPool3d,
)
from convshape.frameworks._torch_transposed_modules import ConvTranspose1d, ConvTranspose2d, ConvTranspose3d
from convshape.frameworks._words import mended

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import SupportsIndex

    from convshape._shapes import Shape
    from convshape._types import PerAxisLike, ShapeLike

__all__ = [
    "AvgPool1d",
    "AvgPool2d",
    "AvgPool3d",
    "Conv1d",
    "Conv2d",
    "Conv3d",
    "ConvTranspose1d",
    "ConvTranspose2d",
    "ConvTranspose3d",
    "MaxPool1d",
    "MaxPool2d",
    "MaxPool3d",
    "avg_pool1d",
    "avg_pool2d",
    "avg_pool3d",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
    "max_pool1d",
    "max_pool2d",
    "max_pool3d",
]


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


def conv_transpose1d(
    input: ShapeLike,
    weight: ShapeLike,
    bias: ShapeLike | None = None,
    stride: PerAxisLike = 1,
    padding: PerAxisLike = 0,
    output_padding: PerAxisLike = 0,
    groups: SupportsIndex = 1,
    dilation: PerAxisLike = 1,
) -> Shape:
    """Return the shape of ``torch.nn.functional.conv_transpose1d``'s result.

    Arguments are PyTorch's, with shapes for tensors; ``input`` may lack its batch.

    Raises:
        ShapeError: PyTorch would refuse the call; the error names a fix that has been checked.

    Examples:
        >>> from convshape.frameworks import torch
        >>> torch.conv_transpose1d(("N", 64, 8), (64, 32, 4), stride=2, padding=1)
        ('N', 32, 16)
    """
    try:
        return raw.conv_transpose(1, input, weight, bias, stride, padding, output_padding, groups, dilation)
    except Refusal as refusal:
        arguments = {
            "input": input,
            "weight": weight,
            "bias": bias,
            "stride": stride,
            "padding": padding,
            "output_padding": output_padding,
            "groups": groups,
            "dilation": dilation,
        }
        raise mended(
            "torch.nn.functional.conv_transpose1d", partial(raw.conv_transpose, 1), arguments, refusal
        ) from None


def conv_transpose2d(
    input: ShapeLike,
    weight: ShapeLike,
    bias: ShapeLike | None = None,
    stride: PerAxisLike = 1,
    padding: PerAxisLike = 0,
    output_padding: PerAxisLike = 0,
    groups: SupportsIndex = 1,
    dilation: PerAxisLike = 1,
) -> Shape:
    """Return the shape of ``torch.nn.functional.conv_transpose2d``'s result.

    Arguments are PyTorch's, with shapes for tensors; ``input`` may lack its batch.

    Raises:
        ShapeError: PyTorch would refuse the call; the error names a fix that has been checked.

    Examples:
        >>> from convshape.frameworks import torch
        >>> torch.conv_transpose2d(("N", 64, 8, 8), (64, 32, 4, 4), stride=2, padding=1)
        ('N', 32, 16, 16)
    """
    try:
        return raw.conv_transpose(2, input, weight, bias, stride, padding, output_padding, groups, dilation)
    except Refusal as refusal:
        arguments = {
            "input": input,
            "weight": weight,
            "bias": bias,
            "stride": stride,
            "padding": padding,
            "output_padding": output_padding,
            "groups": groups,
            "dilation": dilation,
        }
        raise mended(
            "torch.nn.functional.conv_transpose2d", partial(raw.conv_transpose, 2), arguments, refusal
        ) from None


def conv_transpose3d(
    input: ShapeLike,
    weight: ShapeLike,
    bias: ShapeLike | None = None,
    stride: PerAxisLike = 1,
    padding: PerAxisLike = 0,
    output_padding: PerAxisLike = 0,
    groups: SupportsIndex = 1,
    dilation: PerAxisLike = 1,
) -> Shape:
    """Return the shape of ``torch.nn.functional.conv_transpose3d``'s result.

    Arguments are PyTorch's, with shapes for tensors; ``input`` may lack its batch.

    Raises:
        ShapeError: PyTorch would refuse the call; the error names a fix that has been checked.

    Examples:
        >>> from convshape.frameworks import torch
        >>> torch.conv_transpose3d(("N", 64, 8, 8, 8), (64, 32, 4, 4, 4), stride=2, padding=1)
        ('N', 32, 16, 16, 16)
    """
    try:
        return raw.conv_transpose(3, input, weight, bias, stride, padding, output_padding, groups, dilation)
    except Refusal as refusal:
        arguments = {
            "input": input,
            "weight": weight,
            "bias": bias,
            "stride": stride,
            "padding": padding,
            "output_padding": output_padding,
            "groups": groups,
            "dilation": dilation,
        }
        raise mended(
            "torch.nn.functional.conv_transpose3d", partial(raw.conv_transpose, 3), arguments, refusal
        ) from None


def max_pool1d(
    input: ShapeLike,
    kernel_size: PerAxisLike,
    stride: PerAxisLike | None = None,
    padding: PerAxisLike = 0,
    dilation: PerAxisLike = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Shape:
    """Return the shape of ``torch.nn.functional.max_pool1d``'s result.

    Arguments are PyTorch's, with shapes for tensors; ``input`` may lack its batch.

    Raises:
        ShapeError: PyTorch would refuse the call; the error names a fix that has been checked.

    Examples:
        >>> from convshape.frameworks import torch
        >>> torch.max_pool1d(("N", 3, 7), 2, ceil_mode=True)
        ('N', 3, 4)
    """
    try:
        return pools.max_pool(1, input, kernel_size, stride, padding, dilation, ceil_mode)
    except Refusal as refusal:
        arguments = {
            "input": input,
            "kernel_size": kernel_size,
            "stride": stride,
            "padding": padding,
            "dilation": dilation,
            "ceil_mode": ceil_mode,
        }
        raise mended(
            "torch.nn.functional.max_pool1d", partial(pools.max_pool, 1), arguments, refusal
        ) from None


def max_pool2d(
    input: ShapeLike,
    kernel_size: PerAxisLike,
    stride: PerAxisLike | None = None,
    padding: PerAxisLike = 0,
    dilation: PerAxisLike = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Shape:
    """Return the shape of ``torch.nn.functional.max_pool2d``'s result.

    Arguments are PyTorch's, with shapes for tensors; ``input`` may lack its batch.

    Raises:
        ShapeError: PyTorch would refuse the call; the error names a fix that has been checked.

    Examples:
        >>> from convshape.frameworks import torch
        >>> torch.max_pool2d(("N", 3, 7, 7), 2, ceil_mode=True)
        ('N', 3, 4, 4)
    """
    try:
        return pools.max_pool(2, input, kernel_size, stride, padding, dilation, ceil_mode)
    except Refusal as refusal:
        arguments = {
            "input": input,
            "kernel_size": kernel_size,
            "stride": stride,
            "padding": padding,
            "dilation": dilation,
            "ceil_mode": ceil_mode,
        }
        raise mended(
            "torch.nn.functional.max_pool2d", partial(pools.max_pool, 2), arguments, refusal
        ) from None


def max_pool3d(
    input: ShapeLike,
    kernel_size: PerAxisLike,
    stride: PerAxisLike | None = None,
    padding: PerAxisLike = 0,
    dilation: PerAxisLike = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Shape:
    """Return the shape of ``torch.nn.functional.max_pool3d``'s result.

    Arguments are PyTorch's, with shapes for tensors; ``input`` may lack its batch.

    Raises:
        ShapeError: PyTorch would refuse the call; the error names a fix that has been checked.

    Examples:
        >>> from convshape.frameworks import torch
        >>> torch.max_pool3d(("N", 3, 7, 7, 7), 2, ceil_mode=True)
        ('N', 3, 4, 4, 4)
    """
    try:
        return pools.max_pool(3, input, kernel_size, stride, padding, dilation, ceil_mode)
    except Refusal as refusal:
        arguments = {
            "input": input,
            "kernel_size": kernel_size,
            "stride": stride,
            "padding": padding,
            "dilation": dilation,
            "ceil_mode": ceil_mode,
        }
        raise mended(
            "torch.nn.functional.max_pool3d", partial(pools.max_pool, 3), arguments, refusal
        ) from None


def avg_pool1d(
    input: ShapeLike,
    kernel_size: PerAxisLike,
    stride: PerAxisLike | None = None,
    padding: PerAxisLike = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Shape:
    """Return the shape of ``torch.nn.functional.avg_pool1d``'s result.

    Arguments are PyTorch's, with shapes for tensors; ``input`` may lack its batch.

    Raises:
        ShapeError: PyTorch would refuse the call; the error names a fix that has been checked.

    Examples:
        >>> from convshape.frameworks import torch
        >>> torch.avg_pool1d(("N", 3, 7), 2)
        ('N', 3, 3)
    """
    try:
        return pools.avg_pool(1, input, kernel_size, stride, padding, ceil_mode, None)
    except Refusal as refusal:
        arguments = {
            "input": input,
            "kernel_size": kernel_size,
            "stride": stride,
            "padding": padding,
            "ceil_mode": ceil_mode,
            "divisor_override": None,
        }
        raise mended(
            "torch.nn.functional.avg_pool1d", partial(pools.avg_pool, 1), arguments, refusal
        ) from None


def avg_pool2d(
    input: ShapeLike,
    kernel_size: PerAxisLike,
    stride: PerAxisLike | None = None,
    padding: PerAxisLike = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: SupportsIndex | None = None,
) -> Shape:
    """Return the shape of ``torch.nn.functional.avg_pool2d``'s result.

    Arguments are PyTorch's, with shapes for tensors; ``input`` may lack its batch.

    Raises:
        ShapeError: PyTorch would refuse the call; the error names a fix that has been checked.

    Examples:
        >>> from convshape.frameworks import torch
        >>> torch.avg_pool2d(("N", 3, 7, 7), 2)
        ('N', 3, 3, 3)
    """
    try:
        return pools.avg_pool(2, input, kernel_size, stride, padding, ceil_mode, divisor_override)
    except Refusal as refusal:
        arguments = {
            "input": input,
            "kernel_size": kernel_size,
            "stride": stride,
            "padding": padding,
            "ceil_mode": ceil_mode,
            "divisor_override": divisor_override,
        }
        raise mended(
            "torch.nn.functional.avg_pool2d", partial(pools.avg_pool, 2), arguments, refusal
        ) from None


def avg_pool3d(
    input: ShapeLike,
    kernel_size: PerAxisLike,
    stride: PerAxisLike | None = None,
    padding: PerAxisLike = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: SupportsIndex | None = None,
) -> Shape:
    """Return the shape of ``torch.nn.functional.avg_pool3d``'s result.

    Arguments are PyTorch's, with shapes for tensors; ``input`` may lack its batch.

    Raises:
        ShapeError: PyTorch would refuse the call; the error names a fix that has been checked.

    Examples:
        >>> from convshape.frameworks import torch
        >>> torch.avg_pool3d(("N", 3, 7, 7, 7), 2)
        ('N', 3, 3, 3, 3)
    """
    try:
        return pools.avg_pool(3, input, kernel_size, stride, padding, ceil_mode, divisor_override)
    except Refusal as refusal:
        arguments = {
            "input": input,
            "kernel_size": kernel_size,
            "stride": stride,
            "padding": padding,
            "ceil_mode": ceil_mode,
            "divisor_override": divisor_override,
        }
        raise mended(
            "torch.nn.functional.avg_pool3d", partial(pools.avg_pool, 3), arguments, refusal
        ) from None


hand_out(__name__, __all__, globals())
