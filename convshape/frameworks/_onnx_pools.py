"""ONNX's pools, with shapes in place of tensors."""

from __future__ import annotations

from convshape._mending import without
from convshape._refusals import Refusal
from convshape.frameworks import _onnx_pool as pools
from convshape.frameworks._words import mended

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import SupportsIndex

    from convshape._shapes import Shape
    from convshape._types import ShapeLike


def MaxPool(
    X: ShapeLike,
    *,
    auto_pad: str = "NOTSET",
    ceil_mode: SupportsIndex = 0,
    dilations: Sequence[int] | None = None,
    kernel_shape: Sequence[int] | None = None,
    pads: Sequence[int] | None = None,
    storage_order: SupportsIndex = 0,
    strides: Sequence[int] | None = None,
) -> Shape:
    """Return the shape of ONNX's ``MaxPool``; its second output, the indices, has the same.

    Args:
        X: ``(N, C, *spatial)``, sizes in elements.
        auto_pad: ``"NOTSET"`` (``pads`` count), ``"VALID"``, ``"SAME_UPPER"`` or ``"SAME_LOWER"``.
        ceil_mode: 1 if a last window may hang over the end.
        dilations: Elements from one tap of the window to the next, one number a spatial axis.
        kernel_shape: The window's sizes; required.
        pads: Elements of padding, all beginnings and then all ends, each smaller than its window.
        storage_order: Of the indices: 0 or 1.
        strides: Elements from one window to the next; 1 each if None.

    Returns:
        ``(N, C, *spatial)``, sizes as of ``Conv`` (onnx.ai/onnx/operators, ``MaxPool``).

    Raises:
        ShapeError: ONNX Runtime would refuse the call, or answer it wrongly in silence.

    Examples:
        >>> from convshape.frameworks import onnx
        >>> onnx.MaxPool(("N", 3, 7, 7), kernel_shape=(2, 2), strides=(2, 2), ceil_mode=1)
        ('N', 3, 4, 4)
        >>> onnx.MaxPool((1, 3, 5), kernel_shape=(6,), strides=(2,))
        Traceback (most recent call last):
        ...
        convshape.SizeError: onnx.MaxPool: X (1, 3, 5) has a width of 5, too small for a window that spans 6.
          legal: a width of at least 6
          because: there is no padding: this window needs a width of at least 6. ONNX Runtime's pools divide towards zero: they return a size of 1 or 0 in silence, and refuse only what lies further below.
          fix: auto_pad="SAME_UPPER"    (pads as much as it needs)
          or: kernel_shape=(5,)    (a window that fits)
          or: X=(1, 3, 6)    (the smallest input that fits)
    """
    try:
        return pools.max_pool(X, auto_pad, ceil_mode, dilations, kernel_shape, pads, storage_order, strides)
    except Refusal as refusal:
        raise mended("onnx.MaxPool", pools.max_pool, without(locals()), refusal) from None


def AveragePool(
    X: ShapeLike,
    *,
    auto_pad: str = "NOTSET",
    ceil_mode: SupportsIndex = 0,
    count_include_pad: SupportsIndex = 0,
    dilations: Sequence[int] | None = None,
    kernel_shape: Sequence[int] | None = None,
    pads: Sequence[int] | None = None,
    strides: Sequence[int] | None = None,
) -> Shape:
    """Return the shape of ONNX's ``AveragePool``.

    As :func:`MaxPool`; ``count_include_pad`` (0 or 1) changes values only.

    Raises:
        ShapeError: ONNX Runtime would refuse the call, or answer it wrongly in silence.

    Examples:
        >>> from convshape.frameworks import onnx
        >>> onnx.AveragePool(("N", 3, 7, 7), kernel_shape=(2, 2), strides=(2, 2))
        ('N', 3, 3, 3)
    """
    try:
        return pools.average_pool(
            X, auto_pad, ceil_mode, count_include_pad, dilations, kernel_shape, pads, strides
        )
    except Refusal as refusal:
        raise mended("onnx.AveragePool", pools.average_pool, without(locals()), refusal) from None


def GlobalMaxPool(
    X: ShapeLike,
) -> Shape:
    """Return the shape of ONNX's ``GlobalMaxPool``: one element a spatial axis.

    Raises:
        ShapeError: X is no ``(N, C, *spatial)`` of one to three spatial axes.

    Examples:
        >>> from convshape.frameworks import onnx
        >>> onnx.GlobalMaxPool(("N", 3, 7, None))
        ('N', 3, 1, 1)
    """
    try:
        return pools.global_pool(X)
    except Refusal as refusal:
        raise mended("onnx.GlobalMaxPool", pools.global_pool, without(locals()), refusal) from None


def GlobalAveragePool(
    X: ShapeLike,
) -> Shape:
    """Return the shape of ONNX's ``GlobalAveragePool``: one element a spatial axis.

    Raises:
        ShapeError: X is no ``(N, C, *spatial)`` of one to three spatial axes.

    Examples:
        >>> from convshape.frameworks import onnx
        >>> onnx.GlobalAveragePool(("N", 3, 7, None))
        ('N', 3, 1, 1)
    """
    try:
        return pools.global_pool(X)
    except Refusal as refusal:
        raise mended("onnx.GlobalAveragePool", pools.global_pool, without(locals()), refusal) from None
