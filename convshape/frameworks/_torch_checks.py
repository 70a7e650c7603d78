"""What PyTorch refuses of its convolutions' arguments beyond what the core does."""

from __future__ import annotations

from convshape._errors import ArgumentError, ChannelError, OutputShapeError, SizeError
from convshape._reading import as_entries, as_index
from convshape._refusals import Refusal, Suggestion
from convshape._show import INT64_MAX, kind_of, show
from convshape._sizes import effective_kernel, same_padding
from convshape.frameworks._torch_words import PADDING, alike

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape


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
    number = as_index(bias)
    meant = (
        () if number is None else (Suggestion({"bias": None, "stride": number}, "stride comes after bias"),)
    )
    raise Refusal(
        "bias",
        given=bias,
        problem=f"bias {show(bias)} is not the shape of {outside} numbers.",
        legal=f"({outside},) or None",
        reason="a bias is one number an output channel.",
        kind=ChannelError,
        suggestions=(
            *meant,
            Suggestion({"bias": (outside,)}),
            Suggestion({"bias": None}, "without a bias"),
        ),
    )


def read_word(
    word: str, strides: tuple[int, ...], kernel: tuple[int, ...], dilations: tuple[int, ...]
) -> str:
    """Return the core's word for PyTorch's."""
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
        axes = enumerate(zip(strides, kernel, dilations, strict=True))
        axis, (step, size, dilation) = next(one for one in axes if one[1][0] != 1)
        where = f" on axis {axis}" if len(strides) > 1 else ""
        raise Refusal(
            "padding",
            given=word,
            problem=f'padding is "same" with stride {show(strides)}.',
            legal='"same" with stride 1, or numbers',
            reason='PyTorch computes "same" for stride 1 only: what it pads otherwise depends on the input. Of size i'
            f"{where}, pad max((ceil(i / {step}) - 1) * {step} + {effective_kernel(size, dilation)} - i, 0) in all with"
            " F.pad, the odd element at the end, then padding=0.",
            suggestions=(Suggestion({"stride": 1}), Suggestion({"padding": "valid"})),
        )
    return word.upper()


def same_by_hand(
    refusal: Refusal,
    entries: tuple[object, ...],
    kernel: tuple[int, ...],
    strides: tuple[int, ...],
    dilations: tuple[int, ...],
) -> Refusal:
    """Return the refusal of "same" with a stride, with the numbers that do it for this input."""
    rank = len(kernel)
    before, sizes = entries[:-rank], [as_index(size) for size in entries[-rank:]]
    if len(entries) not in (rank + 1, rank + 2) or any(size is None or size < 1 for size in sizes):
        return refusal
    pads = [
        same_padding(size, effective_kernel(taps, dilation), step)  # type: ignore[arg-type]
        for size, taps, dilation, step in zip(sizes, kernel, dilations, strides, strict=True)
    ]
    padded = (*before, *(size + sum(pad) for size, pad in zip(sizes, pads, strict=True)))  # type: ignore[operator]
    call = f"F.pad(input, {show(tuple(number for pad in reversed(pads) for number in pad))})"
    refusal.reason = (
        f'PyTorch computes "same" for stride 1 only. For input {show(entries)} it is {call}, the odd element at the end'
        " and the last axis first, then padding=0."
    )
    by_hand = Suggestion({"input": padded, "padding": 0}, f"after {call}")
    refusal.suggestions = (by_hand, *refusal.suggestions)
    return refusal


def no_word(padding: object) -> Refusal:
    """Return the refusal of a word where PyTorch takes numbers alone."""
    return Refusal(
        "padding",
        given=padding,
        problem=f"padding is {kind_of(padding)}.",
        legal=PADDING.legal(2),
        reason="PyTorch's transposed convolution takes numbers; the words are the forward convolution's.",
        kind=ArgumentError,
        suggestions=(Suggestion({"padding": 0}, "what valid means"),),
    )


def large_output_padding(
    given: object, extra: tuple[int, ...], strides: tuple[int, ...], dilations: tuple[int, ...], axis: int
) -> Refusal:
    """Return the refusal of an output padding that is below neither stride nor dilation."""
    room = tuple(max(step, more + 1) for step, more in zip(strides, extra, strict=True))
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
        suggestions=(
            Suggestion({"output_padding": alike(cut)}),
            Suggestion({"stride": alike(room)}, "a stride with room for it"),
            Suggestion({"output_padding": 0}),
        ),
    )
