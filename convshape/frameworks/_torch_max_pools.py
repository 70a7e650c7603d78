"""``torch.nn.functional``'s maximum pools, with shapes in place of tensors."""

from __future__ import annotations

from functools import partial

from convshape._refusals import Refusal
from convshape.frameworks import _torch_pool as pools
from convshape.frameworks._words import mended

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape
    from convshape._types import PerAxisLike, ShapeLike


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
