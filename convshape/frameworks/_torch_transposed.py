"""``torch.nn.functional``'s transposed convolutions, with shapes in place of tensors."""

from __future__ import annotations

from functools import partial

from convshape._refusals import Refusal
from convshape.frameworks import _torch_conv as raw
from convshape.frameworks._words import mended

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import SupportsIndex

    from convshape._shapes import Shape
    from convshape._types import PerAxisLike, ShapeLike


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
