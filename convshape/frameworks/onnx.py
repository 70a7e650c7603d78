"""The ONNX operators with shapes in place of tensors, as ONNX Runtime computes them, without either.

Tensors are channels-first, ``(N, C, *spatial)``; sizes in elements, None where not known. An attribute is a list of
one number a spatial axis, None where the node does not have it. The rules are those of ONNX Runtime 1.32's CPU
provider for a model that says all its shapes, measured; where onnx.shape_inference says otherwise, it is wrong.
"""

from __future__ import annotations

from convshape._handing_out import hand_out
from convshape._mending import without
from convshape._refusals import Refusal
from convshape.frameworks import _onnx_conv as raw
from convshape.frameworks import _onnx_pool as pools
from convshape.frameworks import _onnx_spec as specs
from convshape.frameworks import _onnx_transposed as up
from convshape.frameworks._words import mended

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import SupportsIndex

    from convshape._conv import Conv as ConvSpec
    from convshape._pool import Pool
    from convshape._shapes import Shape
    from convshape._transposed import ConvTranspose as ConvTransposeSpec
    from convshape._types import ShapeLike

__all__ = ["AveragePool", "Conv", "ConvTranspose", "GlobalAveragePool", "GlobalMaxPool", "MaxPool", "spec"]


def Conv(
    X: ShapeLike,
    W: ShapeLike,
    B: ShapeLike | None = None,
    *,
    auto_pad: str = "NOTSET",
    dilations: Sequence[int] | None = None,
    group: SupportsIndex = 1,
    kernel_shape: Sequence[int] | None = None,
    pads: Sequence[int] | None = None,
    strides: Sequence[int] | None = None,
) -> Shape:
    """Return the shape of ONNX's ``Conv``.

    Args:
        X: ``(N, C, *spatial)``, sizes in elements.
        W: ``(out, in / group, *kernel)``.
        B: ``(out,)``, or None.
        auto_pad: ``"NOTSET"`` (``pads`` count), ``"VALID"``, ``"SAME_UPPER"`` or ``"SAME_LOWER"``.
        dilations: Elements from one tap of the kernel to the next, one number a spatial axis.
        group: Into how many groups the channels are split.
        kernel_shape: The kernel of W, or None.
        pads: Elements of padding, all beginnings and then all ends.
        strides: Elements from one window to the next, one number a spatial axis.

    Returns:
        ``(N, out, *spatial)``, sizes ``floor((i + pads - ((k - 1) * d + 1)) / s) + 1``; ``ceil(i / s)`` for SAME_*
        (onnx.ai/onnx/operators, ``Conv``).

    Raises:
        ShapeError: ONNX Runtime would refuse the call; the error names a fix that has been checked.

    Examples:
        >>> from convshape.frameworks import onnx
        >>> onnx.Conv(("N", 3, 45, 61), (64, 3, 5, 5), strides=(2, 2), pads=(2, 2, 2, 2))
        ('N', 64, 23, 31)
        >>> onnx.Conv(("N", 3, 45, 61), (64, 3, 5, 5), pads=2)
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: onnx.Conv: pads is 2.
          legal: 4 numbers of at least 0, all beginnings and then all ends, or None
          because: ONNX lists the padding before each spatial axis, then the padding after each.
          fix: pads=(2, 2, 2, 2)
          or: pads=None    (no padding)
    """
    try:
        return raw.conv(X, W, B, auto_pad, dilations, group, kernel_shape, pads, strides)
    except Refusal as refusal:
        raise mended("onnx.Conv", raw.conv, without(locals()), refusal) from None


def ConvTranspose(
    X: ShapeLike,
    W: ShapeLike,
    B: ShapeLike | None = None,
    *,
    auto_pad: str = "NOTSET",
    dilations: Sequence[int] | None = None,
    group: SupportsIndex = 1,
    kernel_shape: Sequence[int] | None = None,
    output_padding: Sequence[int] | None = None,
    output_shape: Sequence[int] | None = None,
    pads: Sequence[int] | None = None,
    strides: Sequence[int] | None = None,
) -> Shape:
    """Return the shape of ONNX's ``ConvTranspose``, as ONNX Runtime computes it.

    Args:
        X: ``(N, C, *spatial)``, sizes in elements.
        W: ``(in, out / group, *kernel)``.
        B: ``(out,)``, or None.
        auto_pad: ``"NOTSET"`` (``pads`` count), ``"VALID"``, ``"SAME_UPPER"`` or ``"SAME_LOWER"``.
        dilations: Elements from one tap of the kernel to the next, one number a spatial axis.
        group: Into how many groups the channels are split.
        kernel_shape: The kernel of W, or None.
        output_padding: Elements more at the end, each smaller than its stride.
        output_shape: The spatial sizes of the result; the padding is worked out from them.
        pads: Elements taken off the result, all beginnings and then all ends; beside an ``output_shape`` they
            count for nothing, as the operator's text says.
        strides: The forward twin's strides, one number a spatial axis.

    Returns:
        ``(N, out, *spatial)``, sizes ``(i - 1) * s + (k - 1) * d + 1 - pads + output_padding``
        (onnx.ai/onnx/operators, ``ConvTranspose``); for SAME_* ``i * s``, or the unpadded size if that is smaller,
        where ONNX's text has ``i * s`` always.

    Raises:
        ShapeError: ONNX Runtime would refuse the call; the error names a fix that has been checked.

    Examples:
        >>> from convshape.frameworks import onnx
        >>> onnx.ConvTranspose(("N", 64, 8, 8), (64, 32, 4, 4), strides=(2, 2), pads=(1, 1, 1, 1))
        ('N', 32, 16, 16)
        >>> onnx.ConvTranspose(("N", 64, 8), (64, 32, 3), strides=(2,), output_padding=(2,))
        Traceback (most recent call last):
        ...
        convshape.OutputShapeError: onnx.ConvTranspose: output_padding (2,) has 2, with stride 2.
          legal: 0..1
          because: the forward convolution would give another size than X's; ONNX Runtime refuses it when it runs, onnx.shape_inference does not.
          fix: output_padding=(1,)
          or: output_padding=None
    """
    try:
        return up.conv_transpose(
            X, W, B, auto_pad, dilations, group, kernel_shape, output_padding, output_shape, pads, strides
        )
    except Refusal as refusal:
        raise mended("onnx.ConvTranspose", up.conv_transpose, without(locals()), refusal) from None


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


def spec(
    op: str, W: ShapeLike | None = None, X: ShapeLike | None = None, **attributes: object
) -> ConvSpec | ConvTransposeSpec | Pool:
    """Return the spec of a node: what convshape knows of it, to be converted or asked for its output.

    Args:
        op: ``"Conv"``, ``"ConvTranspose"``, ``"MaxPool"``, ``"AveragePool"``, or a global pool.
        W: The filter of a convolution.
        X: The input; needed where the padding depends on its size: SAME_LOWER with strides, an ``output_shape``,
            a global pool. The spec then holds for this input.
        attributes: The node's attributes.

    Returns:
        A spec whose layout is channels-first.

    Raises:
        ShapeError: The node is none that ONNX Runtime runs, or X is needed.

    Examples:
        >>> from convshape.frameworks import onnx
        >>> node = onnx.spec("Conv", (64, 3, 3, 3), strides=(2, 2), pads=(0, 0, 1, 1))
        >>> node.padding, node(("N", 3, 8, 8))
        (((0, 1), (0, 1)), ('N', 64, 4, 4))
        >>> onnx.spec("Conv", (64, 3, 3), strides=(2,), auto_pad="SAME_LOWER")
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: onnx.spec: X None does not say every spatial size, with auto_pad "SAME_LOWER" and strides.
          legal: a shape with known spatial sizes
          because: how much of the padding goes to which side depends on the input's size: X is needed.
          fix: auto_pad="SAME_UPPER"    (the odd element at the end)
          or: auto_pad="VALID"
    """
    arguments = {"op": op, "W": W, "X": X, **specs.defaults(op), **attributes}
    try:
        return specs.spec_of(**arguments)
    except Refusal as refusal:
        raise mended("onnx.spec", specs.spec_of, arguments, refusal) from None


hand_out(__name__, __all__, globals())
