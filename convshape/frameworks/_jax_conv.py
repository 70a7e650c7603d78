"""``jax.lax``'s convolutions, with shapes in place of tensors."""

from __future__ import annotations

from convshape._arguments import read_flag
from convshape._errors import ArgumentError, ChannelError
from convshape._reading import as_entries, as_text, read_whole
from convshape._refusals import Refusal, Suggestion
from convshape._show import kind_of, show
from convshape._sizes import effective_kernel
from convshape.frameworks._jax_dimensions import (
    FORWARD_DEFAULT,
    TRANSPOSED_DEFAULT,
    Dimensions,
    read_dimensions,
)
from convshape.frameworks._jax_padding import FORWARD_WORDS, TRANSPOSED_WORDS, read_padding
from convshape.frameworks._jax_specs import CroppedTranspose, DilatedConv
from convshape.frameworks._jax_words import (
    FORWARD_NAMES,
    LHS_DILATION,
    RHS,
    RHS_DILATION,
    STRIDES,
    TRANSPOSED_NAMES,
    WINDOW_STRIDES,
    JaxTransposedWords,
    JaxWords,
)
from convshape.frameworks._known import recall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape
    from convshape._spec import Spec
    from convshape.frameworks._numbers import Numbers

OTHER_CASE = (
    "lax.conv_transpose knows these two words in capitals; any other goes on to the forward convolution, which"
    " is refused for strides above 1 and is not transposed for strides of 1."
)
WITH_DILATION = (
    "JAX works a word out from the size before lhs_dilation, so it takes none; conv_transpose takes words."
)


def conv_general_dilated(
    lhs: object,
    rhs: object,
    window_strides: object,
    padding: object,
    lhs_dilation: object = None,
    rhs_dilation: object = None,
    dimension_numbers: object = None,
    feature_group_count: object = 1,
    batch_group_count: object = 1,
) -> Shape:
    """Return the output shape of ``lax.conv_general_dilated``, or raise the bare ``Refusal``."""
    words, spec, batch_groups = recall(
        forward_call,
        rhs,
        window_strides,
        padding,
        lhs_dilation,
        rhs_dilation,
        dimension_numbers,
        feature_group_count,
        batch_group_count,
    )
    output = answer(words, spec, lhs)
    return output if batch_groups == 1 else batches(words.dimensions, output, lhs, batch_groups)


def conv_transpose(
    lhs: object,
    rhs: object,
    strides: object,
    padding: object,
    rhs_dilation: object = None,
    dimension_numbers: object = None,
    transpose_kernel: object = False,
    use_consistent_padding: object = False,
) -> Shape:
    """Return the output shape of ``lax.conv_transpose``, or raise the bare ``Refusal``."""
    words, spec = recall(
        transposed_call,
        rhs,
        strides,
        padding,
        rhs_dilation,
        dimension_numbers,
        transpose_kernel,
        use_consistent_padding,
    )
    return answer(words, spec, lhs)


def forward_call(
    rhs: object,
    window_strides: object,
    padding: object,
    lhs_dilation: object,
    rhs_dilation: object,
    dimension_numbers: object,
    feature_group_count: object,
    batch_group_count: object,
) -> tuple[JaxWords, DilatedConv, int]:
    """Return what a forward call's arguments mean: its words, its convolution, its groups of batches."""
    sizes = RHS.read(rhs)
    rank = len(sizes) - 2
    dimensions = read_dimensions(dimension_numbers, rank, FORWARD_DEFAULT[rank])
    words = JaxWords(FORWARD_NAMES, dimensions)
    spread = or_ones(LHS_DILATION, lhs_dilation, rank)
    amounts = read_padding(padding, rank, FORWARD_WORDS)
    if isinstance(amounts, str) and set(spread) != {1}:
        raise word_with_dilation(padding, lhs_dilation, "lhs_dilation")
    groups = read_whole("feature_group_count", feature_group_count, what="the number of groups", least=1)
    batches = read_whole("batch_group_count", batch_group_count, what="the number of groups", least=1)
    spec = words.make(
        DilatedConv,
        filter_shape=dimensions.filter_in(sizes),
        strides=WINDOW_STRIDES.read(window_strides, rank),
        padding="SAME" if amounts == "SAME_LOWER" else amounts,
        dilations=or_ones(RHS_DILATION, rhs_dilation, rank),
        groups=groups,
        data_format=dimensions.data_format,
        lhs_dilation=spread,
    )
    if batches > 1:
        _check_batch_groups(batches, groups, spec._outside)
    return words, spec, batches


def transposed_call(
    rhs: object,
    strides: object,
    padding: object,
    rhs_dilation: object,
    dimension_numbers: object,
    transpose_kernel: object,
    use_consistent_padding: object,
) -> tuple[JaxTransposedWords, CroppedTranspose]:
    """Return what a transposed call's arguments mean: its words and its transposed convolution."""
    sizes = RHS.read(rhs)
    rank = len(sizes) - 2
    dimensions = read_dimensions(dimension_numbers, rank, TRANSPOSED_DEFAULT[rank])
    flipped = read_flag("transpose_kernel", transpose_kernel)
    consistent = read_flag("use_consistent_padding", use_consistent_padding)
    words = JaxTransposedWords(TRANSPOSED_NAMES, dimensions, flipped=flipped, consistent=consistent)
    *kernel, first, last = dimensions.filter_in(sizes)
    dilations = or_ones(RHS_DILATION, rhs_dilation, rank)
    amounts = read_padding(
        padding, rank, TRANSPOSED_WORDS, exact=TRANSPOSED_WORDS, tuples=consistent, why=OTHER_CASE
    )
    spec = words.make(
        CroppedTranspose,
        filter_shape=(*kernel, first, last) if flipped else (*kernel, last, first),
        strides=STRIDES.read(strides, rank),
        padding=amounts if consistent else twin_padding(amounts, tuple(kernel), dilations),
        dilations=dilations,
        data_format=dimensions.data_format,
    )
    return words, spec


def twin_padding(
    amounts: str | tuple[tuple[int, int], ...], kernel: tuple[object, ...], dilations: tuple[int, ...]
) -> str | tuple[tuple[int, int], ...]:
    """Return the forward twin's padding of pads that stand around the dilated input: ``k_eff - 1 - pad``.

    The twin's ``before`` takes off the front of the full output what ``k_eff - 1`` zeros would make of it
    (jax/_src/lax/convolution.py, ``_conv_transpose_padding``, read backwards).
    """
    if isinstance(amounts, str):
        return amounts
    ends = [effective_kernel(size, dilation) - 1 for size, dilation in zip(kernel, dilations, strict=True)]  # type: ignore[arg-type]
    return tuple((end - low, end - high) for end, (low, high) in zip(ends, amounts, strict=True))


def or_ones(numbers: Numbers, value: object, rank: int) -> tuple[int, ...]:
    """Return one number a spatial axis; None is 1 for all."""
    return (1,) * rank if value is None else numbers.read(value, rank)


def answer(words: JaxWords, spec: Spec, lhs: object) -> Shape:
    """Return the spec's output for an lhs in its own layout."""
    dimensions = words.dimensions
    if dimensions.straight:
        return words.answer(spec, lhs)
    entries = as_entries(lhs)
    shape = words.answer(spec, lhs if entries is None else dimensions.shape_in(entries))
    return dimensions.output_of(shape)  # type: ignore[return-value]


def batches(dimensions: Dimensions, output: Shape, lhs: object, groups: int) -> Shape:
    """Return an output whose batch is divided by the number of groups."""
    place = dimensions.out[0]
    batch = output[place]
    if not isinstance(batch, int):
        return (*output[:place], None, *output[place + 1 :])
    if batch % groups:
        fitting = [count for count in range(1, min(batch, 4096) + 1) if batch % count == 0]
        nearest = min(fitting, key=lambda count: abs(count - groups))
        raise Refusal(
            "batch_group_count",
            given=groups,
            problem=f"batch_group_count {groups} does not divide the batch of {batch} in lhs {show(lhs)}.",
            legal=show(tuple(fitting)),
            reason="every group has as much of the batch as every other.",
            kind=ChannelError,
            suggestions=tuple(
                Suggestion({"batch_group_count": count}) for count in dict.fromkeys((nearest, 1))
            ),
        )
    return (*output[:place], batch // groups, *output[place + 1 :])


def word_with_dilation(padding: object, dilation: object, argument: str) -> Refusal:
    """Return the refusal of a word of padding beside an input with zeros between its elements."""
    return Refusal(
        "padding",
        given=padding,
        problem=f"padding is {kind_of(as_text(padding))} with {argument} {show(dilation)}.",
        legal="pairs (low, high), one a spatial axis",
        reason=WITH_DILATION,
        kind=ArgumentError,
        suggestions=(Suggestion({argument: None}, "not dilated"),),
    )


def _check_batch_groups(batches: int, groups: int, outside: int) -> None:
    if groups > 1:
        raise Refusal(
            "batch_group_count",
            given=batches,
            problem=f"batch_group_count is {batches} with feature_group_count {groups}.",
            legal="1, or feature_group_count 1",
            reason="JAX groups either the batch or the channels.",
            suggestions=(Suggestion({"batch_group_count": 1}), Suggestion({"feature_group_count": 1})),
        )
    if outside % batches:
        raise Refusal(
            "batch_group_count",
            given=batches,
            problem=f"batch_group_count {batches} does not divide the {outside} output channels of rhs.",
            legal=f"a divisor of {outside}",
            reason="every group of the batch has as many output channels as every other.",
            kind=ChannelError,
            suggestions=(Suggestion({"batch_group_count": 1}),),
        )
