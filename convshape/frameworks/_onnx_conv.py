"""ONNX's ``Conv``, with shapes in place of tensors."""

from __future__ import annotations

from convshape._conv import Conv
from convshape._reading import as_index
from convshape._refusals import Refusal, Suggestion
from convshape._show import show
from convshape._sizes import forward_size
from convshape.frameworks._known import recall
from convshape.frameworks._onnx_pads import not_both, read_auto_pad, read_pads
from convshape.frameworks._onnx_words import (
    DILATIONS,
    FORWARD,
    FORWARD_W,
    STRIDES,
    check_bias,
    check_kernel_shape,
    check_rank,
    layout,
    per_axis,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape

FOUR = "convshape knows one to three axes; ONNX Runtime convolves over more."


def conv(
    X: object,
    W: object,
    B: object,
    auto_pad: object,
    dilations: object,
    group: object,
    kernel_shape: object,
    pads: object,
    strides: object,
) -> Shape:
    """Return the output shape of ``Conv``, or raise the bare ``Refusal``."""
    spec = recall(forward_spec, W, B, auto_pad, dilations, group, kernel_shape, pads, strides)
    return FORWARD.answer(spec, X)


def forward_spec(
    W: object,
    B: object,
    auto_pad: object,
    dilations: object,
    group: object,
    kernel_shape: object,
    pads: object,
    strides: object,
) -> Conv:
    """Return the convolution of ONNX's attributes, SAME for both SAME_*, or raise the bare ``Refusal``."""
    check_rank("W", W, FOUR)
    out, inside, *kernel = FORWARD_W.read(W)
    rank = len(kernel)
    word = read_auto_pad(auto_pad)
    if word != "NOTSET" and pads is not None:
        raise not_both(word, pads, "ONNX Runtime does not load a Conv that has both.")
    spread = per_axis(DILATIONS, dilations, rank, 1)
    if word.startswith("SAME") and max(spread) > 1:
        raise Refusal(
            "dilations",
            given=dilations,
            problem=f'dilations {show(spread)} and auto_pad "{word}" are given together.',
            legal=show((1,) * rank),
            reason="ONNX Runtime pads a Conv by a SAME word without dilation only, and refuses others when it runs.",
            suggestions=(
                *(_as_pads(kernel, spread, word, strides)),  # type: ignore[arg-type]
                Suggestion({"dilations": None}),
                Suggestion({"auto_pad": "VALID"}),
            ),
        )
    spec = FORWARD.make(
        Conv,
        filter_shape=(*kernel, inside, out),
        strides=per_axis(STRIDES, strides, rank, 1),
        padding="SAME" if word.startswith("SAME") else read_pads(pads, rank),
        dilations=spread,
        groups=group,
        data_format=layout(rank),
    )
    check_kernel_shape(kernel_shape, spec.filter_shape[:-2])
    check_bias(B, spec._outside)
    return spec


def _as_pads(
    kernel: list[int], spread: tuple[int, ...], word: str, strides: object
) -> tuple[Suggestion, ...]:
    """Return the pads that a SAME word would mean; only without strides do they not depend on X."""
    if set(per_axis(STRIDES, strides, len(kernel), 1)) != {1}:
        return ()
    totals = [(size - 1) * step for size, step in zip(kernel, spread, strict=True)]
    less, more = tuple(total // 2 for total in totals), tuple(total - total // 2 for total in totals)
    told = (*more, *less) if word == "SAME_LOWER" else (*less, *more)
    return (Suggestion({"auto_pad": "NOTSET", "pads": told}, "the same as numbers"),)


def placed(spec: Conv, X: object, auto_pad: object) -> Conv:
    """Return the convolution with its elements where ONNX Runtime puts them, or raise the bare ``Refusal``.

    SAME_LOWER puts an odd element at the beginning. Where the stride leaves elements out between windows, both
    words pad by less than nothing, half of it at the beginning: the windows then start inside the input
    (ONNX Runtime, core/providers/common.h, ``ComputePad``).
    """
    if not isinstance(spec.padding, str):
        return spec
    lower = read_auto_pad(auto_pad) == "SAME_LOWER"
    axes = tuple(zip(spec.filter_shape[:-2], spec.strides, strict=True))
    if not lower and all(size >= step - 1 for size, step in axes):
        return spec
    sizes = spec.spatial_of(_read_x(spec, X)) if X is not None else (None,) * len(axes)
    pairs = []
    for axis, ((kernel, stride), size) in enumerate(zip(axes, sizes, strict=True)):
        known = as_index(size)
        if known is None and stride > 1:
            raise _x_needed(X, auto_pad)
        total = (
            kernel - 1 if known is None else (forward_size(known, 1, stride) - 1) * stride + kernel - known
        )
        if total < -1:
            raise _crops(auto_pad, kernel, stride, known, axis)
        total = max(0, total)
        pairs.append((total - total // 2, total // 2) if lower else (total // 2, total - total // 2))
    fields = {**spec._values(), "padding": tuple(pairs)}
    return FORWARD.make(Conv, **fields)


def _read_x(spec: Conv, X: object) -> Shape:
    FORWARD.answer(spec, X)
    return spec._entries(X, spec._inside, "W")


def _x_needed(X: object, auto_pad: object) -> Refusal:
    return Refusal(
        "X",
        given=X,
        problem=f"X {show(X)} does not say every spatial size, with auto_pad {show(auto_pad, code=True)} and strides.",
        legal="a shape with known spatial sizes",
        reason="how much of the padding goes to which side depends on the input's size: X is needed.",
        suggestions=(
            Suggestion({"auto_pad": "SAME_UPPER"}, "the odd element at the end"),
            Suggestion({"auto_pad": "VALID"}),
        ),
    )


def _crops(auto_pad: object, kernel: int, stride: int, size: int | None, axis: int) -> Refusal:
    return Refusal(
        "auto_pad",
        given=auto_pad,
        problem=f"a kernel of {kernel} with stride {stride} on {size} elements leaves elements out between windows.",
        legal="NOTSET or VALID here",
        reason="ONNX Runtime pads by less than nothing here: the first window starts inside the input, which no"
        " padding says. The output's size is that of SAME.",
        axis=axis,
        suggestions=(Suggestion({"auto_pad": "NOTSET"}, "the first window at the beginning"),),
    )
