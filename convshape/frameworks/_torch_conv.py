"""``torch.nn.functional``'s convolutions, with shapes in place of tensors."""

from __future__ import annotations

from convshape._conv import Conv
from convshape._errors import ChannelError
from convshape._layouts import LAYOUTS, PICTURE_CHANNELS
from convshape._reading import as_entries, as_index, as_text, is_name
from convshape._refusals import Refusal, Suggestion
from convshape._transposed import ConvTranspose
from convshape.frameworks._known import recall
from convshape.frameworks._torch_checks import (
    check_bias,
    large_output_padding,
    longer,
    no_word,
    pairs,
    read_word,
    same_by_hand,
)
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

    Beyond = tuple[int, ...] | None


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
    try:
        spec = recall(forward_spec, rank, weight, bias, stride, padding, dilation, groups)
    except Refusal as refusal:
        if refusal.argument != "padding" or as_text(padding) != "same":
            raise
        kernel: tuple[int, ...] = FORWARD_WEIGHT[rank].read(weight, (rank + 2,))[2:]  # type: ignore[assignment]
        steps, spread = STRIDE.read(stride, rank), DILATION.read(dilation, rank)
        raise same_by_hand(refusal, as_entries(input) or (), kernel, steps, spread) from None
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
    """Return the forward convolution of a function's arguments, or raise the bare ``Refusal``."""
    out, inside, *kernel = FORWARD_WEIGHT[rank].read(weight, (rank + 2,))
    spec = forward_of(FORWARD, (*kernel, inside, out), stride, padding, dilation, groups)  # type: ignore[arg-type]
    check_bias(bias, spec._outside)
    return spec


def forward_of(
    words: TorchWords,
    filter_shape: tuple[int, ...],
    stride: object,
    padding: object,
    dilation: object,
    groups: object,
) -> Conv:
    """Return the forward convolution with a core filter and PyTorch's other arguments."""
    rank, word = len(filter_shape) - 2, as_text(padding)
    strides, dilations = STRIDE.read(stride, rank), DILATION.read(dilation, rank)
    numbers = pairs(PADDING.read(padding, rank)) if word is None else None
    return words.make(
        Conv,
        filter_shape=filter_shape,
        strides=strides,
        padding=numbers or read_word(word or "", strides, filter_shape[:-2], dilations),
        dilations=dilations,
        groups=groups,
        data_format=LAYOUTS[rank][1],
    )


def transposed_spec(
    rank: int,
    weight: object,
    bias: object,
    stride: object,
    padding: object,
    output_padding: object,
    groups: object,
    dilation: object,
) -> tuple[ConvTranspose, Beyond]:
    """Return the transposed convolution of a function's arguments, and what its output has beyond the spec's."""
    inside, out, *kernel = TRANSPOSED_WEIGHT[rank].read(weight, (rank + 2,))
    filter_shape: tuple[int, ...] = (*kernel, out, inside)  # type: ignore[arg-type]
    made = transposed_of(TRANSPOSED, filter_shape, stride, padding, output_padding, groups, dilation)
    check_bias(bias, made[0]._outside)
    return made


def transposed_of(
    words: TorchWords,
    filter_shape: tuple[int, ...],
    stride: object,
    padding: object,
    output_padding: object,
    groups: object,
    dilation: object,
) -> tuple[ConvTranspose, Beyond]:
    """Return the transposed convolution with a core filter, and what PyTorch's output has beyond the spec's.

    PyTorch takes an output padding below stride *or* dilation (aten/src/ATen/native/Convolution.cpp). What is
    past the stride leads to sizes whose forward twin does not give this input; no spec says that.
    """
    rank = len(filter_shape) - 2
    strides, dilations = STRIDE.read(stride, rank), DILATION.read(dilation, rank)
    if as_text(padding) is not None:
        raise no_word(padding)
    pads, extra = PADDING.read(padding, rank), OUTPUT_PADDING.read(output_padding, rank)
    for axis, (more, step, spread) in enumerate(zip(extra, strides, dilations, strict=True)):
        if more >= max(step, spread):
            raise large_output_padding(output_padding, extra, strides, dilations, axis)
    within = tuple(min(more, step - 1) for more, step in zip(extra, strides, strict=True))

    def made(pads: tuple[int, ...], output_padding: tuple[int, ...]) -> ConvTranspose:
        return words.make(
            ConvTranspose,
            filter_shape=filter_shape,
            strides=strides,
            padding=pairs(pads),
            dilations=dilations,
            groups=groups,
            output_padding=output_padding,
            data_format=LAYOUTS[rank][1],
        )

    spec = made(pads, within)
    if min(spec._reaches) < 1:
        # The core counts its output padding from a smallest size of at least 1, PyTorch from one that may be below.
        none = (0,) * rank
        return made(none, none), tuple(more - 2 * pad for more, pad in zip(extra, pads, strict=True))
    beyond = tuple(more - kept for more, kept in zip(extra, within, strict=True))
    return spec, beyond if any(beyond) else None


def answer(words: TorchWords, spec: Spec, input: object) -> Shape:
    """Return the spec's output for an input with or without a batch."""
    if type(input) is tuple and len(input) == spec._length:
        return words.answer(spec, input)
    entries = as_entries(input)
    if entries is None or len(entries) != spec._length - 1 or is_name(entries[0]):
        return words.answer(spec, input)  # only a batch has a name: then the channels are missing
    try:
        return spec.output((None, *entries))[1:]
    except Refusal as refusal:
        told = words.unbatched().retold(refusal, spec, (None, *entries))
        if refusal.kind is ChannelError and getattr(spec, "_inside", None) == 1:
            single = Suggestion({"input": (entries[0], 1, *entries[1:])}, "a batch, with a channel axis of 1")
            picture = as_index(entries[0]) in PICTURE_CHANNELS  # one, in colour, is likelier than so few
            told.suggestions = (*told.suggestions, single) if picture else (single, *told.suggestions)
        raise told from None
