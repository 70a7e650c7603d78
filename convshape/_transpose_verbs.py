"""The verbs of transposed convolutions: each makes a spec of its arguments and asks it."""

from __future__ import annotations

from convshape._memo import transpose_spec
from convshape._mending import mend, without
from convshape._output_disputes import check_wanted
from convshape._refusals import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import SupportsIndex

    from convshape._outputs import OutputSet
    from convshape._shapes import Shape
    from convshape._types import PaddingLike, PerAxisLike, ShapeLike


def transpose_output(
    input_shape: ShapeLike,
    filter_shape: ShapeLike,
    strides: PerAxisLike = 1,
    padding: PaddingLike = "SAME",
    *,
    dilations: PerAxisLike = 1,
    groups: SupportsIndex = 1,
    output_padding: PerAxisLike | None = None,
    data_format: str | None = None,
) -> Shape:
    """Return the default output shape of a transposed convolution.

    Filter, strides and padding are those of the forward twin, whose input is our output. Sizes in elements; an
    axis of size ``i`` under a kernel that spans ``k`` becomes ``i * s`` with SAME,
    ``i * s + max(k - s, 0)`` with VALID (what Keras and JAX use), ``(i - 1) * s + k - before - after`` with
    explicit padding (arXiv:1603.07285, relationships 13 and 14).

    Args:
        input_shape: ``(N, *spatial, C)``; None where a size is not known; the batch may be a name.
        filter_shape: ``(*kernel, out, in)``, where ``out`` is the channels of one group.
        strides: An int, one a spatial axis, or full rank with 1 for batch and channels.
        padding: ``"SAME"``, ``"VALID"``, a number of elements, one ``(before, after)`` a spatial axis, or full
            rank with ``(0, 0)`` for batch and channels.
        dilations: Written as the strides are.
        groups: Into how many groups the channels are split.
        output_padding: How far above its smallest legal size the output lies, an int or one a spatial axis;
            None for the default.
        data_format: TensorFlow's name of the layout, such as ``"NCHW"``; None is channels-last.

    Returns:
        The output shape, a tuple, in the layout of the input.

    Raises:
        ShapeError: The call cannot be made; the error names a fix that has been checked.

    Examples:
        >>> import convshape as cs
        >>> cs.transpose_output(("N", 8, 8, 64), (5, 5, 32, 64), strides=2)
        ('N', 16, 16, 32)
        >>> cs.transpose_output(("N", 8, 8, 64), (5, 5, 64, 32), strides=2)
        Traceback (most recent call last):
        ...
        convshape.ChannelError: transpose_output: filter_shape (5, 5, 64, 32) has 32 channels last, but the input (N, 8, 8, 64) has 64.
          legal: (5, 5, out, 64)
          because: a transposed convolution borrows its forward twin's filter, (height, width, out, in): the twin's output is our input.
          fix: filter_shape=(5, 5, 32, 64)    (in and out were swapped)
          or: filter_shape=(5, 5, 64, 64)    (a filter for the input's channels)
          or: input_shape=("N", 8, 8, 32)    (an input for this filter)
    """
    try:
        return transpose_spec(
            filter_shape, strides, padding, dilations, groups, output_padding, data_format
        ).output(input_shape)
    except Refusal as refusal:
        raise mend("transpose_output", _transpose_output, without(locals()), refusal) from None


def transpose_outputs(
    input_shape: ShapeLike,
    filter_shape: ShapeLike,
    strides: PerAxisLike = 1,
    padding: PaddingLike = "SAME",
    *,
    dilations: PerAxisLike = 1,
    groups: SupportsIndex = 1,
    output_padding: PerAxisLike | None = None,
    data_format: str | None = None,
) -> OutputSet:
    """Return every legal ``output_shape`` of a transposed convolution.

    The forward twin rounds down, so ``s`` sizes an axis come back to the same input: ``(i - 1) * s + 1`` to
    ``i * s`` with SAME, ``(i - 1) * s + k`` and up with VALID, less the padding where it is explicit (what
    TensorFlow's own check accepts: ``GetWindowedOutputSize`` of the wanted size must give the input's).

    Args:
        input_shape: ``(N, *spatial, C)``, in elements; None where a size is not known; the batch may be a name.
        filter_shape: ``(*kernel, out, in)``, where ``out`` is the channels of one group.
        strides: An int, one a spatial axis, or full rank with 1 for batch and channels.
        padding: As in :func:`transpose_output`.
        dilations: Written as the strides are.
        groups: Into how many groups the channels are split.
        output_padding: Decides the set's ``default``, as in :func:`transpose_output`.
        data_format: TensorFlow's name of the layout, such as ``"NCHW"``; None is channels-last.

    Returns:
        The set of legal shapes; it answers ``in`` and ``len``, and is iterated in growing order.

    Raises:
        ShapeError: The call cannot be made; the error names a fix that has been checked.

    Examples:
        >>> import convshape as cs
        >>> outputs = cs.transpose_outputs(("N", 8, 8, 64), (5, 5, 32, 64), strides=2)
        >>> len(outputs), outputs.ranges
        (4, (range(15, 17), range(15, 17)))
        >>> cs.transpose_outputs(("N", 8, 8, 64), (5, 5, 32, 64), strides=0)
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: transpose_outputs: strides is 0.
          legal: a whole number of at least 1, 2 numbers for the spatial axes, or full rank such as (1, 2, 2, 1)
          because: a stride is at least 1.
          fix: strides=1
    """
    try:
        return _transpose_outputs(
            input_shape,
            filter_shape,
            strides,
            padding,
            dilations=dilations,
            groups=groups,
            output_padding=output_padding,
            data_format=data_format,
        )
    except Refusal as refusal:
        raise mend("transpose_outputs", _transpose_outputs, without(locals()), refusal) from None


def check_transpose(
    input_shape: ShapeLike,
    filter_shape: ShapeLike,
    output_shape: ShapeLike,
    strides: PerAxisLike = 1,
    padding: PaddingLike = "SAME",
    *,
    dilations: PerAxisLike = 1,
    groups: SupportsIndex = 1,
    data_format: str | None = None,
) -> Shape:
    """Return ``output_shape`` if the transposed convolution can make it, or say what it can make.

    It accepts what TensorFlow's kernels accept by their own check, before any tensor exists: tracing a
    ``tf.function`` does not check it at all.

    Args:
        input_shape: ``(N, *spatial, C)``, in elements; None where a size is not known; the batch may be a name.
        filter_shape: ``(*kernel, out, in)``, where ``out`` is the channels of one group.
        output_shape: ``(N, *spatial, C)``, every size written out; the batch may be the input's name.
        strides: An int, one a spatial axis, or full rank with 1 for batch and channels.
        padding: As in :func:`transpose_output`.
        dilations: Written as the strides are.
        groups: Into how many groups the channels are split.
        data_format: TensorFlow's name of the layout, such as ``"NCHW"``; None is channels-last.

    Returns:
        The output shape as a plain tuple, to be handed on as it is.

    Raises:
        ShapeError: The output cannot be made; the error names the legal sizes and a fix that has been checked.

    Examples:
        >>> import convshape as cs
        >>> cs.check_transpose(("N", 4, 4, 256), (5, 5, 128, 256), ("N", 7, 7, 128), strides=2)
        ('N', 7, 7, 128)
        >>> cs.check_transpose(("N", 3, 3, 256), (5, 5, 128, 256), ("N", 7, 7, 128), strides=2)
        Traceback (most recent call last):
        ...
        convshape.OutputShapeError: check_transpose: output_shape (N, 7, 7, 128) has a height of 7, which 3 cannot become with stride 2, SAME.
          legal: 5..6
          because: its forward twin takes 7 to 4, not 3. For 7: an input height of 4, or stride 3.
          fix: output_shape=("N", 6, 6, 128)    (the nearest legal size)
          or: input_shape=("N", 4, 4, 256)    (an input that reaches it)
          or: strides=(3, 3)    (strides that reach it)
    """
    try:
        return _check_transpose(
            input_shape,
            filter_shape,
            output_shape,
            strides,
            padding,
            dilations=dilations,
            groups=groups,
            data_format=data_format,
        )
    except Refusal as refusal:
        raise mend("check_transpose", _check_transpose, without(locals()), refusal) from None


# The same calls without the mending, for trying a fix: they return, or raise the bare Refusal.


def _transpose_output(input_shape: object, **arguments: object) -> Shape:
    return transpose_spec(**arguments).output(input_shape)


def _transpose_outputs(
    input_shape: object, filter_shape: object, strides: object, padding: object, **rest: object
) -> OutputSet:
    return transpose_spec(filter_shape, strides, padding, **rest).outputs(input_shape)


def _check_transpose(
    input_shape: object,
    filter_shape: object,
    output_shape: object,
    strides: object,
    padding: object,
    **rest: object,
) -> Shape:
    spec = transpose_spec(filter_shape, strides, padding, output_padding=None, **rest)
    if spec.makes(input_shape, output_shape):
        return output_shape  # type: ignore[return-value]
    return check_wanted(spec, input_shape, output_shape)
