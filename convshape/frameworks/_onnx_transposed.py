"""ONNX's ``ConvTranspose``, with shapes in place of tensors."""

from __future__ import annotations

from convshape._errors import OutputShapeError, SizeError
from convshape._reading import as_index
from convshape._refusals import Refusal, Suggestion
from convshape._show import INT64_MAX, show
from convshape._transposed import ConvTranspose
from convshape.frameworks._known import recall
from convshape.frameworks._onnx_output import large_output_padding, read_output_shape, x_needed
from convshape.frameworks._onnx_pads import not_both, read_auto_pad, read_pads
from convshape.frameworks._onnx_words import (
    DILATIONS,
    OUTPUT_PADDING,
    STRIDES,
    TRANSPOSED,
    TRANSPOSED_W,
    check_bias,
    check_kernel_shape,
    check_rank,
    layout,
    per_axis,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape, Size
    from convshape.frameworks._onnx_pads import Pairs

FOUR = "convshape knows one to three axes; ONNX Runtime convolves over more."


class Plan:
    """A call's attributes, read.

    Attributes:
        spec: Strides, filter and channels; its padding and output padding only where ``sizes`` is None.
        pairs: The padding before and after each axis, where there is no ``output_shape``.
        extra: ``output_padding``, one number a spatial axis.
        lower: Whether an odd element of padding goes to the beginning.
        sizes: ``output_shape``, or None.
        offsets: What an output is beyond the spec's (which is unpadded then), where the core counts otherwise.
    """

    __slots__ = ("extra", "lower", "offsets", "pairs", "sizes", "spec")

    def __init__(
        self,
        spec: ConvTranspose,
        pairs: Pairs,
        extra: tuple[int, ...],
        lower: bool,
        sizes: tuple[int, ...] | None,
        offsets: tuple[int, ...] | None,
    ) -> None:
        self.spec = spec
        self.pairs = pairs
        self.extra = extra
        self.lower = lower
        self.sizes = sizes
        self.offsets = offsets


def conv_transpose(
    X: object,
    W: object,
    B: object,
    auto_pad: object,
    dilations: object,
    group: object,
    kernel_shape: object,
    output_padding: object,
    output_shape: object,
    pads: object,
    strides: object,
) -> Shape:
    """Return the output shape of ``ConvTranspose``, or raise the bare ``Refusal``."""
    plan = recall(
        planned,
        W,
        B,
        auto_pad,
        dilations,
        group,
        kernel_shape,
        output_padding,
        output_shape,
        pads,
        strides,
    )
    output = TRANSPOSED.answer(plan.spec, X)
    if plan.sizes is not None:
        return _explicit(plan, output)
    return output if plan.offsets is None else _offset(output, plan.offsets)


def planned(
    W: object,
    B: object,
    auto_pad: object,
    dilations: object,
    group: object,
    kernel_shape: object,
    output_padding: object,
    output_shape: object,
    pads: object,
    strides: object,
) -> Plan:
    """Return what ONNX's attributes mean, or raise the bare ``Refusal``."""
    check_rank("W", W, FOUR)
    inside, out, *kernel = TRANSPOSED_W.read(W)
    rank = len(kernel)
    word = read_auto_pad(auto_pad)
    if word != "NOTSET" and pads is not None:
        raise not_both(word, pads, "ONNX Runtime does not load a ConvTranspose that has both.")
    steps = per_axis(STRIDES, strides, rank, 1)
    extra = per_axis(OUTPUT_PADDING, output_padding, rank, 0)
    for axis, (more, step) in enumerate(zip(extra, steps, strict=True)):
        if more >= step:
            raise large_output_padding(output_padding, extra, steps, axis)
    sizes = None if output_shape is None else read_output_shape(output_shape, rank)
    none = ((0, 0),) * rank
    fields = {
        "filter_shape": (*kernel, out, inside),
        "strides": steps,
        "dilations": per_axis(DILATIONS, dilations, rank, 1),
        "groups": group,
        "data_format": layout(rank),
    }
    spec = TRANSPOSED.make(ConvTranspose, **fields, padding=none, output_padding=None)
    check_kernel_shape(kernel_shape, spec.filter_shape[:-2])
    check_bias(B, spec._outside)
    if sizes is not None:  # pads beside it are read, and ignored: the operator's text has them generated
        if pads is not None:
            read_pads(pads, rank)
        return Plan(spec, none, extra, word != "SAME_UPPER", sizes, None)
    if word.startswith("SAME"):
        # i * stride, or the natural size where that is less: the total does not depend on i.
        totals = (max(0, spec.extent(axis) + extra[axis] - steps[axis]) for axis in range(rank))
        pairs = tuple(split(total, word == "SAME_LOWER") for total in totals)
    else:
        pairs = read_pads(pads, rank)
    padded = TRANSPOSED.make(
        ConvTranspose, **fields, padding=pairs, output_padding=extra if any(extra) else None
    )
    if min(padded._reaches) >= 1 or not any(extra):
        return Plan(padded, pairs, extra, False, None, None)
    # The core counts its output padding from a smallest size of at least 1, ONNX Runtime from one that may be below.
    offsets = tuple(more - before - after for more, (before, after) in zip(extra, pairs, strict=True))
    return Plan(spec, pairs, extra, False, None, offsets)


def split(total: int, lower: bool) -> tuple[int, int]:
    """Return padding before and after, the odd element at the beginning for ``lower``."""
    return (total - total // 2, total // 2) if lower else (total // 2, total - total // 2)


def placed(plan: Plan, X: object) -> ConvTranspose:
    """Return the spec with its elements where ONNX Runtime puts them, or raise the bare ``Refusal``.

    With an ``output_shape`` the padding is worked out from X (ONNX Runtime, conv_transpose_attributes.h).
    """
    spec = plan.spec
    if plan.sizes is None and plan.offsets is None:
        return spec
    rank = len(plan.extra)
    natural: tuple[Size, ...] = (None,) * rank
    if X is not None:
        natural = spec.spatial_of(TRANSPOSED.answer(spec, X))
    pairs, extras = [], []
    for axis, size in enumerate(natural):
        whole, more = as_index(size), plan.extra[axis]
        if whole is None:
            raise x_needed(X)
        pair, wanted = plan.pairs[axis], whole - sum(plan.pairs[axis]) + more
        if plan.sizes is not None:
            wanted = plan.sizes[axis]
            pair = split(max(0, whole + more - wanted), plan.lower)
        pairs.append(pair)
        extras.append(wanted - max(1, whole - sum(pair)))
    if plan.sizes is not None:
        _explicit(plan, TRANSPOSED.answer(spec, X))
    elif plan.offsets is not None:
        _offset(TRANSPOSED.answer(spec, X), plan.offsets)
    fields = {**spec._values(), "padding": tuple(pairs), "output_padding": tuple(extras)}
    return TRANSPOSED.make(ConvTranspose, **fields)


def _explicit(plan: Plan, natural: Shape) -> Shape:
    """Return the shape of ``output_shape``, checked against the unpadded one."""
    sizes, strides = plan.sizes or (), plan.spec.strides
    for axis, (wanted, size) in enumerate(zip(sizes, natural[2:], strict=True)):
        whole = as_index(size)
        if whole is not None and wanted > whole + strides[axis] - 1:
            most = tuple(
                one if as_index(full) is None else min(one, full + step - 1)  # type: ignore[operator]
                for one, full, step in zip(sizes, natural[2:], strides, strict=True)
            )
            raise Refusal(
                "output_shape",
                given=sizes,
                problem=f"output_shape {show(sizes)} has {wanted}, too large for this X and W.",
                legal=range(1, whole + strides[axis]),
                reason=f"without padding the result has {whole}; less than a stride, {strides[axis]}, can lie above"
                " it. onnx.shape_inference lets any size pass, ONNX Runtime refuses it.",
                axis=axis,
                kind=OutputShapeError,
                suggestions=(
                    Suggestion({"output_shape": most}, "the largest"),
                    Suggestion({"output_shape": None}, "the size that follows"),
                ),
            )
    return (*natural[:2], *sizes)


def _offset(output: Shape, offsets: tuple[int, ...]) -> Shape:
    sizes = tuple(
        None if size is None else size + more  # type: ignore[operator]
        for size, more in zip(output[2:], offsets, strict=True)
    )
    for size in sizes:
        if size is not None and not 1 <= size <= INT64_MAX:
            raise Refusal(
                "pads",
                given=None,
                problem=f"the result would have a size of {show(size)}, on the spatial axes {show(sizes)}.",
                legal="pads that leave at least 1 element on each axis",
                reason="pads are taken off both ends of (i - 1) * stride + dilation * (k - 1) + 1.",
                kind=SizeError,
                suggestions=(Suggestion({"pads": None}, "no padding"),),
            )
    return (*output[:2], *sizes)
