"""The verbs that go backwards: from two sizes to the convolutions that join them."""

from __future__ import annotations

from convshape._bounds import DILATIONS, KERNELS, STRIDES
from convshape._mending import mend, without
from convshape._questions import read_question
from convshape._refusals import Refusal
from convshape._search import search
from convshape._solutions import Solutions
from convshape._solve_disputes import unsolved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, SupportsIndex

    from convshape._conv import Conv
    from convshape._transposed import ConvTranspose
    from convshape._types import Entries, PerAxisLike

    NumbersLike = SupportsIndex | Sequence[SupportsIndex]
    PaddingsLike = str | SupportsIndex | Sequence[str | SupportsIndex | Entries[SupportsIndex]]


def solve_conv(
    input_size: PerAxisLike,
    output_size: PerAxisLike,
    *,
    kernels: NumbersLike = KERNELS.default,
    strides: NumbersLike = STRIDES.default,
    dilations: NumbersLike = DILATIONS.default,
    paddings: PaddingsLike | None = None,
    asymmetric: bool = False,
    channels: Entries[SupportsIndex] = (1, 1),
    rank: SupportsIndex | None = None,
    framework: str | None = None,
) -> Solutions[Conv]:
    """Return every forward convolution within the bounds that takes one size to another, best first.

    The rule of the order: even overlap first (every element meets as many taps: the stride divides the kernel,
    Odena et al., distill.pub/2016/deconv-checkerboard), then symmetric padding, then the small kernel; then
    less lopsided padding, the smaller dilation, the smaller stride, the padding that begins later. Settings
    that come to the same windows at these sizes, such as SAME and the numbers that it stands for, are one
    answer, written with the smallest stride that serves, as SAME, else VALID, else numbers; the other
    writings are in its ``also``.

    Args:
        input_size: One number for all spatial axes, which then get the same setting, or one an axis, ``(7, 9)``,
            each of which gets a stride and padding of its own under a common kernel.
        output_size: Written likewise.
        kernels: Sizes of a square kernel to try: a number, or a range, tuple or list.
        strides: Strides to try.
        dilations: Dilations to try.
        paddings: Out of ``"SAME"``, ``"VALID"``, numbers of elements for both sides, and ``(before, after)``
            pairs; None for SAME, VALID, and all numbers below what the kernel spans.
        asymmetric: Whether to try every pair of the numbers, too.
        channels: ``(in, out)`` of the specs that are returned.
        rank: How many spatial axes one number stands for; None for 2.
        framework: ``"tensorflow"``, ``"keras"``, ``"torch"``, ``"jax"`` or ``"onnx"``: only what it says with no pad
            before and no crop after, each with the call to write there. None for all.

    Returns:
        The specs with the facts that rank them; each was called with the input's size, and gave the output's.

    Raises:
        ShapeError: Nothing within the bounds does it, and the error says which sizes near by can be reached
            and which bound to widen; or a bound is none.

    Examples:
        >>> from convshape import solve_conv
        >>> solve_conv(28, 14, kernels=range(2, 6), strides=2)
        solve_conv: 6 ways from 28 to 14, best first (even overlap, then symmetric padding, then small kernel)
             kernel  stride  padding  overlap  before:after
          0  2x2     2       SAME     even     0:0
          1  4x4     2       SAME     even     1:1
          2  3x3     2       SAME     uneven   0:1
          3  3x3     2       1        uneven   1:0
          4  5x5     2       SAME     uneven   1:2
          5  5x5     2       2        uneven   2:1
        >>> solve_conv(28, 5, kernels=3)
        Traceback (most recent call last):
        ...
        convshape.OutputShapeError: solve_conv: nothing within the bounds takes 28 to 5.
          legal: 7, the nearest that can be reached
          because: a convolution makes floor((i + padding - span) / stride) + 1, here with kernel 3 and stride 1..4.
          fix: strides=range(1, 7)    (strides that do it)
          or: kernels=9    (kernels that do it)
          or: output_size=7    (the nearest output)
          or: input_size=22    (the nearest input)
    """
    try:
        return _solve_conv(**without(locals()))
    except Refusal as refusal:
        raise mend("solve_conv", _solve_conv, without(locals()), refusal) from None


def solve_transpose(
    input_size: PerAxisLike,
    output_size: PerAxisLike,
    *,
    kernels: NumbersLike = KERNELS.default,
    strides: NumbersLike = STRIDES.default,
    dilations: NumbersLike = DILATIONS.default,
    paddings: PaddingsLike | None = None,
    asymmetric: bool = False,
    channels: Entries[SupportsIndex] = (1, 1),
    rank: SupportsIndex | None = None,
    framework: str | None = None,
) -> Solutions[ConvTranspose]:
    """Return every transposed convolution within the bounds that takes one size to another, best first.

    The order, what counts as one answer, and the bounds are those of :func:`solve_conv`; strides and padding are
    the forward twin's. A spec has an ``output_padding`` where the wanted size is not its default one.

    Args:
        input_size: One number for all spatial axes, or one an axis.
        output_size: Written likewise.
        kernels: Sizes of a square kernel to try.
        strides: Strides to try.
        dilations: Dilations to try.
        paddings: As in :func:`solve_conv`.
        asymmetric: Whether to try every pair of the numbers, too.
        channels: ``(in, out)`` of the specs that are returned.
        rank: How many spatial axes one number stands for; None for 2.
        framework: ``"tensorflow"``, ``"keras"``, ``"torch"``, ``"jax"`` or ``"onnx"``: only what it says with no pad
            before and no crop after, each with the call to write there. None for all.

    Returns:
        The specs with the facts that rank them; each was called with the input's size, and gave the output's.

    Raises:
        ShapeError: As in :func:`solve_conv`.

    Examples:
        >>> from convshape import solve_transpose
        >>> solve_transpose(7, 28, kernels=(2, 4, 5), strides=(2, 4), paddings="SAME")
        solve_transpose: 3 ways from 7 to 28, best first (even overlap, then symmetric padding, then small kernel)
             kernel  stride  padding  overlap  before:after  left over
          0  4x4     4       SAME     even     0:0           0
          1  2x2     4       SAME     uneven   0:0           2
          2  5x5     4       SAME     uneven   0:1           0
        >>> solve_transpose(7, 56)
        Traceback (most recent call last):
        ...
        convshape.OutputShapeError: solve_transpose: nothing within the bounds takes 7 to 56.
          legal: 34, the nearest that can be reached
          because: a transposed convolution makes (i - 1) * stride + span - padding, and up to stride - 1 more, here with kernel 1..7 and stride 1..4.
          fix: strides=range(1, 9)    (strides that do it)
          or: kernels=range(1, 30)    (kernels that do it)
          or: output_size=34    (the nearest output)
          or: input_size=13    (the nearest input)
    """
    try:
        return _solve_transpose(**without(locals()))
    except Refusal as refusal:
        raise mend("solve_transpose", _solve_transpose, without(locals()), refusal) from None


# The same calls without the mending, for trying a fix: they return, or raise the bare Refusal.


def _solve_conv(**arguments: object) -> Solutions[Conv]:
    return _solve("solve_conv", transposed=False, **arguments)


def _solve_transpose(**arguments: object) -> Solutions[ConvTranspose]:
    return _solve("solve_transpose", transposed=True, **arguments)


def _solve(operation: str, framework: object = None, **arguments: Any) -> Solutions[Any]:  # noqa: ANN401 - read one by one
    word = None
    if framework is not None:
        from convshape._solve_framework import read_framework

        word = read_framework(framework)  # at once: a search may take its time
    question = read_question(**arguments)
    facts = search(question)
    if not facts:
        raise unsolved(question, arguments)
    if word is not None:
        from convshape._solve_framework import said_by

        facts = said_by(word, question, facts)
    source: int | tuple[int, ...] = question.inputs
    wanted: int | tuple[int, ...] = question.outputs
    if question.alike:
        source, wanted = question.inputs[0], question.outputs[0]
    return Solutions(operation, source, wanted, tuple(facts))
