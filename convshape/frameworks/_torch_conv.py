"""``torch.nn.functional``'s convolutions, with shapes in place of tensors."""

from __future__ import annotations

from convshape._conv import Conv
from convshape._errors import ArgumentError, ChannelError, OutputShapeError, SizeError
from convshape._layouts import LAYOUTS
from convshape._reading import as_entries, as_index, as_text
from convshape._refusals import Refusal, Suggestion
from convshape._show import INT64_MAX, kind_of, show
from convshape._transposed import ConvTranspose
from convshape.frameworks._known import recall
from convshape.frameworks._torch_words import (
    DILATION,
    FORWARD,
    FORWARD_WEIGHT,
    OUTPUT_PADDING,
    PADDING,
    STRIDE,
    TRANSPOSED,
    TRANSPOSED_WEIGHT,
    TorchWords,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape
    from convshape._spec import Spec


def conv(
    rank: int,
    input: object,
    weight: object,
    bias: object,
    stride: object,
    padding: object,
    dilation: object,
    groups: object,
) -> Shape:
    """Return the output shape of ``torch.nn.functional.conv{rank}d``, or raise the bare ``Refusal``."""
    spec = recall(forward_spec, rank, weight, bias, stride, padding, dilation, groups)
    return answer(FORWARD, spec, input)


def conv_transpose(
    rank: int,
    input: object,
    weight: object,
    bias: object,
    stride: object,
    padding: object,
    output_padding: object,
    groups: object,
    dilation: object,
) -> Shape:
    """Return the output shape of ``torch.nn.functional.conv_transpose{rank}d``, or raise the bare ``Refusal``."""
    spec, beyond = recall(
        transposed_spec, rank, weight, bias, stride, padding, output_padding, groups, dilation
    )
    output = answer(TRANSPOSED, spec, input)
    return output if beyond is None else longer(output, beyond)


def forward_spec(
    rank: int, weight: object, bias: object, stride: object, padding: object, dilation: object, groups: object
) -> Conv:
    """Return the forward convolution of PyTorch's arguments, or raise the bare ``Refusal``."""
    out, inside, *kernel = FORWARD_WEIGHT.read(weight, (rank + 2,))
    strides = STRIDE.read(stride, rank)
    word = as_text(padding)
    spec = FORWARD.make(
        Conv,
        filter_shape=(*kernel, inside, out),
        strides=strides,
        padding=pairs(PADDING.read(padding, rank)) if word is None else _word(word, strides),
        dilations=DILATION.read(dilation, rank),
        groups=groups,
        data_format=LAYOUTS[rank][1],
    )
    check_bias(bias, spec._outside)
    return spec


def transposed_spec(
    rank: int,
    weight: object,
    bias: object,
    stride: object,
    padding: object,
    output_padding: object,
    groups: object,
    dilation: object,
) -> tuple[ConvTranspose, tuple[int, ...] | None]:
    """Return the transposed convolution of PyTorch's arguments, and what its output has beyond the spec's.

    PyTorch takes an output padding below stride *or* dilation (aten/src/ATen/native/Convolution.cpp). What is
    past the stride leads to sizes whose forward twin does not give this input; no spec says that.
    """
    inside, out, *kernel = TRANSPOSED_WEIGHT.read(weight, (rank + 2,))
    strides, dilations = STRIDE.read(stride, rank), DILATION.read(dilation, rank)
    if as_text(padding) is not None:
        raise _no_word(padding)
    extra = OUTPUT_PADDING.read(output_padding, rank)
    for axis, (more, step, spread) in enumerate(zip(extra, strides, dilations, strict=True)):
        if more >= max(step, spread):
            raise _large_output_padding(output_padding, extra, strides, dilations, axis)
    within = tuple(min(more, step - 1) for more, step in zip(extra, strides, strict=True))
    spec = TRANSPOSED.make(
        ConvTranspose,
        filter_shape=(*kernel, out, inside),
        strides=strides,
        padding=pairs(PADDING.read(padding, rank)),
        dilations=dilations,
        groups=groups,
        output_padding=within,
        data_format=LAYOUTS[rank][1],
    )
    check_bias(bias, spec._outside)
    if min(spec._reaches) < 1:
        # The core counts its output padding from a smallest size of at least 1, PyTorch from one that may be below.
        taken = tuple(2 * number for number in PADDING.read(padding, rank))
        spec = TRANSPOSED.make(
            ConvTranspose,
            filter_shape=(*kernel, out, inside),
            strides=strides,
            padding=pairs((0,) * rank),
            dilations=dilations,
            groups=groups,
            output_padding=0,
            data_format=LAYOUTS[rank][1],
        )
        return spec, tuple(more - less for more, less in zip(extra, taken, strict=True))
    beyond = tuple(more - kept for more, kept in zip(extra, within, strict=True))
    return spec, beyond if any(beyond) else None


def answer(words: TorchWords, spec: Spec, input: object) -> Shape:
    """Return the spec's output for an input with or without a batch."""
    if type(input) is tuple and len(input) == spec._length:
        return words.answer(spec, input)
    entries = as_entries(input)
    if entries is None or len(entries) != spec._length - 1:
        return words.answer(spec, input)
    try:
        return spec.output((None, *entries))[1:]
    except Refusal as refusal:
        unbatched = type(words)(words.names)
        unbatched.shape_of = lambda shape: shape[1:]  # type: ignore[method-assign]
        raise unbatched.retold(refusal, spec, (None, *entries)) from None


def longer(output: Shape, beyond: tuple[int, ...]) -> Shape:
    """Return an output with so many elements more on its spatial axes, which are its last."""
    start = len(output) - len(beyond)
    sizes = tuple(
        None if size is None else size + more  # type: ignore[operator]
        for size, more in zip(output[start:], beyond, strict=True)
    )
    for size in sizes:
        if size is not None and not 1 <= size <= INT64_MAX:
            raise Refusal(
                "padding",
                given=None,
                problem=f"the result would have a size of {show(size)}, on the spatial axes {show(sizes)}.",
                legal="padding that leaves at least 1 element on each axis",
                reason="padding is taken off both sides of the output of (i - 1) * stride + dilation * (k - 1) + 1.",
                kind=SizeError,
                suggestions=(Suggestion({"padding": 0}),),
            )
    return (*output[:start], *sizes)


def pairs(numbers: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """Return symmetric padding as the core writes it."""
    return tuple((number, number) for number in numbers)


def check_bias(bias: object, outside: int) -> None:
    """Refuse a bias that has not one entry an output channel."""
    if bias is None:
        return
    entries = as_entries(bias)
    if entries is not None and len(entries) == 1 and as_index(entries[0]) == outside:
        return
    raise Refusal(
        "bias",
        given=bias,
        problem=f"bias {show(bias)} is not the shape of {outside} numbers.",
        legal=f"({outside},) or None",
        reason="a bias is one number an output channel.",
        kind=ChannelError,
        suggestions=(Suggestion({"bias": (outside,)}), Suggestion({"bias": None}, "without a bias")),
    )


def _word(word: str, strides: tuple[int, ...]) -> str:
    if word not in ("same", "valid"):
        meant = word.lower() if word.lower() in ("same", "valid") else "same"
        raise Refusal(
            "padding",
            given=word,
            problem=f"padding is {kind_of(word)}.",
            legal='"same", "valid", or one number for all spatial axes, or one each',
            reason="PyTorch knows these two words, in small letters.",
            suggestions=(Suggestion({"padding": meant}), Suggestion({"padding": 0})),
        )
    if word == "same" and set(strides) != {1}:
        raise Refusal(
            "padding",
            given=word,
            problem=f'padding is "same" with stride {show(strides)}.',
            legal='"same" with stride 1, or numbers',
            reason='PyTorch computes "same" for stride 1 only: what it would pad depends on the input\'s size otherwise.',
            suggestions=(Suggestion({"stride": 1}), Suggestion({"padding": "valid"})),
        )
    return word.upper()


def _no_word(padding: object) -> Refusal:
    return Refusal(
        "padding",
        given=padding,
        problem=f"padding is {kind_of(padding)}.",
        legal=PADDING.legal(2),
        reason="PyTorch's transposed convolution takes numbers; the words are the forward convolution's.",
        kind=ArgumentError,
        suggestions=(Suggestion({"padding": 0}, "what valid means"),),
    )


def _large_output_padding(
    given: object, extra: tuple[int, ...], strides: tuple[int, ...], dilations: tuple[int, ...], axis: int
) -> Refusal:
    most = tuple(max(pair) for pair in zip(strides, dilations, strict=True))
    cut = tuple(min(more, limit - 1) for more, limit in zip(extra, most, strict=True))
    return Refusal(
        "output_padding",
        given=given,
        problem=f"output_padding {show(given)} has {extra[axis]}, with stride {strides[axis]} and dilation {dilations[axis]}.",
        legal=range(most[axis]),
        reason="PyTorch takes an output padding smaller than either stride or dilation.",
        axis=axis,
        kind=OutputShapeError,
        suggestions=(Suggestion({"output_padding": cut}), Suggestion({"output_padding": 0})),
    )
