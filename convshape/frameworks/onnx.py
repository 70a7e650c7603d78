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
from convshape.frameworks import _onnx_spec as specs
from convshape.frameworks import _onnx_transposed as up
from convshape.frameworks._onnx_pools import AveragePool, GlobalAveragePool, GlobalMaxPool, MaxPool
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
