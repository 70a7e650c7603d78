"""``torch.nn.functional``'s average pools, with shapes in place of tensors."""

from __future__ import annotations

from functools import partial

from convshape._refusals import Refusal
from convshape.frameworks import _torch_pool as pools
from convshape.frameworks._words import mended

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import SupportsIndex

    from convshape._shapes import Shape
    from convshape._types import PerAxisLike, ShapeLike


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
