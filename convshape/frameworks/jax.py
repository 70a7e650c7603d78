"""``jax.lax``'s convolutions and ``flax.linen``'s layers with shapes in place of tensors, without JAX.

Sizes are in elements, None where not known. The rules are those of JAX 0.10 and flax 0.12, measured, for one to
three spatial axes. What comes out empty is refused: JAX returns an array of size 0 and says nothing.
"""

from __future__ import annotations

from convshape._handing_out import hand_out
from convshape._refusals import Refusal
from convshape.frameworks import _jax_conv as raw
from convshape.frameworks._flax_conv import Conv
from convshape.frameworks._flax_transposed import ConvTranspose
from convshape.frameworks._words import mended

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import SupportsIndex

    from convshape._shapes import Shape
    from convshape._types import Entries, PaddingLike, ShapeLike

__all__ = [
    "Conv",
    "ConvTranspose",
    "conv",
    "conv_general_dilated",
    "conv_transpose",
    "conv_with_general_padding",
]

# What changes no shape is kept out of the check, and out of the fixes.
_NO_SHAPE = ("precision", "preferred_element_type", "out_sharding", "refusal")


def _checked(names: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in names.items() if name not in _NO_SHAPE}


def conv_general_dilated(
    lhs: ShapeLike,
    rhs: ShapeLike,
    window_strides: Entries[SupportsIndex],
    padding: PaddingLike,
    lhs_dilation: Entries[SupportsIndex] | None = None,
    rhs_dilation: Entries[SupportsIndex] | None = None,
    dimension_numbers: object = None,
    feature_group_count: SupportsIndex = 1,
    batch_group_count: SupportsIndex = 1,
    precision: object = None,
    preferred_element_type: object = None,
    out_sharding: object = None,
) -> Shape:
    """Return the shape of ``jax.lax.conv_general_dilated``'s result.

    Args:
        lhs: The input, ``(N, C, *spatial)`` where ``dimension_numbers`` does not say otherwise.
        rhs: The kernel, ``(out, in / groups, *kernel)`` likewise.
        window_strides: Elements from one window to the next, one number a spatial axis.
        padding: ``"SAME"``, ``"SAME_LOWER"``, ``"VALID"`` (any case), or ``(low, high)`` a spatial axis;
            negative numbers crop.
        lhs_dilation: Elements from one element of the input to the next, zeros between them; None is 1.
        rhs_dilation: Elements from one tap of the kernel to the next; None is 1.
        dimension_numbers: Three strings such as ``("NHWC", "HWIO", "NHWC")``, a ``ConvDimensionNumbers`` or an
            object like it, or None for ``("NCHW", "OIHW", "NCHW")``. Strides follow the spatial axes of rhs.
        feature_group_count: Into how many groups the channels are split.
        batch_group_count: Into how many groups the batch is split; the output's batch is so much smaller.
        precision: Changes no shape.
        preferred_element_type: Changes no shape.
        out_sharding: Changes no shape.

    Returns:
        The output's shape in its own layout, sizes ``floor(((i - 1) * lhs_dilation + 1 + low + high - (k - 1) *
        rhs_dilation - 1) / s) + 1`` (jax/_src/lax/convolution.py, ``conv_shape_tuple``).

    Raises:
        ShapeError: JAX would refuse the call, or return an empty array; the error names a fix that has been
            checked.

    Examples:
        >>> from convshape.frameworks import jax
        >>> jax.conv_general_dilated(("N", 3, 45, 61), (64, 3, 5, 5), (2, 2), "SAME")
        ('N', 64, 23, 31)
        >>> jax.conv_general_dilated(("N", 45, 61, 3), (5, 5, 3, 64), (2, 2), "SAME")
        Traceback (most recent call last):
        ...
        convshape.ChannelError: jax.lax.conv_general_dilated: rhs (5, 5, 3, 64) takes 5 channels, but the lhs (N, 45, 61, 3) has 45.
          legal: rhs (out, 45, 3, 64)
          because: dimension_numbers read lhs as NCHW, (N, C, height, width), and rhs as OIHW, (out, in, height, width).
          fix: dimension_numbers=("NHWC", "HWIO", "NHWC")    (if lhs is NHWC and rhs is HWIO)
          or: lhs=("N", 3, 45, 61), rhs=(64, 3, 5, 5)    (from NHWC and HWIO)
          or: rhs=(5, 45, 3, 64)    (a filter for the input's channels)
          or: lhs=("N", 5, 61, 3)    (an input for this filter)
    """
    try:
        return raw.conv_general_dilated(
            lhs,
            rhs,
            window_strides,
            padding,
            lhs_dilation,
            rhs_dilation,
            dimension_numbers,
            feature_group_count,
            batch_group_count,
        )
    except Refusal as refusal:
        arguments = _checked(locals())
        raise mended("jax.lax.conv_general_dilated", raw.conv_general_dilated, arguments, refusal) from None


def conv_with_general_padding(
    lhs: ShapeLike,
    rhs: ShapeLike,
    window_strides: Entries[SupportsIndex],
    padding: PaddingLike,
    lhs_dilation: Entries[SupportsIndex] | None,
    rhs_dilation: Entries[SupportsIndex] | None,
    precision: object = None,
    preferred_element_type: object = None,
) -> Shape:
    """As :func:`conv_general_dilated`, in JAX's own layouts ``(N, C, *spatial)`` and ``(out, in, *kernel)``.

    Returns:
        ``(N, out, *spatial)``.

    Raises:
        ShapeError: As :func:`conv_general_dilated`.

    Examples:
        >>> from convshape.frameworks import jax
        >>> jax.conv_with_general_padding(
        ...     ("N", 3, 8, 8), (4, 3, 3, 3), (1, 1), ((2, 2), (2, 2)), (2, 2), None
        ... )
        ('N', 4, 17, 17)
        >>> jax.conv_with_general_padding(("N", 3, 8, 8), (4, 3, 3, 3), (1, 1), "SAME", (2, 2), None)
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: jax.lax.conv_with_general_padding: padding is the string "SAME" with lhs_dilation (2, 2).
          legal: pairs (low, high), one a spatial axis
          because: JAX works a word out from the size before lhs_dilation, so it takes none; conv_transpose takes words.
          fix: lhs_dilation=None    (not dilated)
    """
    try:
        return raw.conv_general_dilated(lhs, rhs, window_strides, padding, lhs_dilation, rhs_dilation)
    except Refusal as refusal:
        arguments = _checked(locals())
        operation = "jax.lax.conv_with_general_padding"
        raise mended(operation, raw.conv_general_dilated, arguments, refusal) from None


def conv(
    lhs: ShapeLike,
    rhs: ShapeLike,
    window_strides: Entries[SupportsIndex],
    padding: PaddingLike,
    precision: object = None,
    preferred_element_type: object = None,
) -> Shape:
    """As :func:`conv_general_dilated`, without dilations and in JAX's own layouts.

    Returns:
        ``(N, out, *spatial)``.

    Raises:
        ShapeError: As :func:`conv_general_dilated`.

    Examples:
        >>> from convshape.frameworks import jax
        >>> jax.conv(("N", 3, 45, 61), (64, 3, 5, 5), (2, 2), "SAME")
        ('N', 64, 23, 31)
        >>> jax.conv(("N", 3, 45, 61), (64, 3, 5, 5), 2, "SAME")
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: jax.lax.conv: window_strides is one int, which is not a form that is taken here.
          legal: 2 numbers, one a spatial axis
          because: JAX takes a sequence of one number a spatial axis, in the order of rhs.
          fix: window_strides=(2, 2)
    """
    try:
        return raw.conv_general_dilated(lhs, rhs, window_strides, padding)
    except Refusal as refusal:
        arguments = _checked(locals())
        raise mended("jax.lax.conv", raw.conv_general_dilated, arguments, refusal) from None


def conv_transpose(
    lhs: ShapeLike,
    rhs: ShapeLike,
    strides: Entries[SupportsIndex],
    padding: PaddingLike,
    rhs_dilation: Entries[SupportsIndex] | None = None,
    dimension_numbers: object = None,
    transpose_kernel: bool = False,
    precision: object = None,
    preferred_element_type: object = None,
    use_consistent_padding: bool = False,
) -> Shape:
    """Return the shape of ``jax.lax.conv_transpose``'s result.

    No shape shows whether the kernel is flipped. ``transpose_kernel=True`` is needed where rhs is the forward
    convolution's kernel, as TensorFlow's, Keras's and PyTorch's are: without it lax flips nothing, and where in
    equals out a wrong answer of the right shape comes back.

    Args:
        lhs: The input, ``(N, *spatial, C)`` where ``dimension_numbers`` does not say otherwise.
        rhs: The kernel, ``(*kernel, in, out)`` likewise; ``(*kernel, out, in)`` with ``transpose_kernel=True``.
        strides: The forward twin's strides, one number a spatial axis.
        padding: ``"SAME"``, ``"VALID"`` (in capitals), or ``(low, high)`` a spatial axis. Numbers pad the dilated
            input, unlike every other framework's; negative ones crop it.
        rhs_dilation: Elements from one tap of the kernel to the next; None is 1.
        dimension_numbers: As in :func:`conv_general_dilated`; None is ``("NHWC", "HWIO", "NHWC")``.
        transpose_kernel: Whether rhs is the forward convolution's kernel, to be flipped and turned round.
        precision: Changes no shape.
        preferred_element_type: Changes no shape.
        use_consistent_padding: Whether numbers in ``padding`` (pairs as tuples) are the forward convolution's.

    Returns:
        The output's shape in its own layout: SAME ``i * s``, VALID ``(i - 1) * s + max(k_eff, s)``, numbers
        ``(i - 1) * s + 1 + low + high - k_eff + 1``, consistent ones ``(i - 1) * s + k_eff - low - high``
        (jax/_src/lax/convolution.py, ``_conv_transpose_padding``).

    Raises:
        ShapeError: JAX would refuse the call, or return an empty array; the error names a fix that has been
            checked.

    Examples:
        >>> from convshape.frameworks import jax
        >>> jax.conv_transpose(("N", 8, 8, 64), (5, 5, 64, 32), (2, 2), "SAME")
        ('N', 16, 16, 32)
        >>> jax.conv_transpose((4, 2, 2, 32), (3, 3, 32, 128), (1, 1), ((0, 0), (0, 0)))
        Traceback (most recent call last):
        ...
        convshape.SizeError: jax.lax.conv_transpose: padding ((0, 0), (0, 0)) leaves nothing of the height: the kernel spans 3, and lhs (4, 2, 2, 32) is dilated to 2 and padded to 2.
          legal: padding of at least 1 in all, low and high
          because: its numbers pad the dilated input: they are not the forward twin's. JAX 0.10 returns an empty array, and says nothing.
          fix: padding="VALID"    (which pads by ((2, 2), (2, 2)), or more for a stride above the kernel)
          or: use_consistent_padding=True    (if the numbers are the forward convolution's)
          or: padding="SAME"
    """
    try:
        return raw.conv_transpose(
            lhs,
            rhs,
            strides,
            padding,
            rhs_dilation,
            dimension_numbers,
            transpose_kernel,
            use_consistent_padding,
        )
    except Refusal as refusal:
        arguments = _checked(locals())
        raise mended("jax.lax.conv_transpose", raw.conv_transpose, arguments, refusal) from None


hand_out(__name__, __all__, globals())
