"""``tf.nn``'s pools, with shapes in place of tensors; what they refuse is a bare ``Refusal``."""

from __future__ import annotations

from convshape._layouts import channel_axis
from convshape._pool import Pool
from convshape._reading import as_entries, as_index, as_text
from convshape._refusals import Refusal, Suggestion
from convshape._show import kind_of, show
from convshape.frameworks._known import recall
from convshape.frameworks._tf_arguments import any_form, each_only, read_format, read_numbers, read_padding
from convshape.frameworks._tf_conv import strided_and_dilated
from convshape.frameworks._tf_words import TensorFlowWords

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape

NAMES = {
    "input_shape": "input",
    "window_shape": "ksize",
    "strides": "strides",
    "padding": "padding",
    "data_format": "data_format",
}
FORMS = {"window_shape": any_form("ksize", "a window's size"), "strides": any_form("strides", "a stride")}
WHY_EACH = "tf.nn.pool takes a list of one number a spatial axis."
LISTS = {
    "window_shape": each_only("window_shape", "a window's size", WHY_EACH),
    "strides": each_only("strides", "a stride", WHY_EACH),
    "dilations": each_only("dilations", "a dilation", WHY_EACH),
}


def ranked_pool(
    kind: str,
    rank: int,
    input: object,
    ksize: object,
    strides: object,
    padding: object,
    data_format: object,
) -> Shape:
    """Return the output shape of ``tf.nn.max_pool``, ``avg_pool`` or a ranked form; rank 0 is the input's."""
    if rank == 0:
        entries = as_entries(input)
        rank = len(entries) - 2 if entries is not None and 3 <= len(entries) <= 5 else 2
    if kind == "max" and rank == 2 and type(ksize) in (list, tuple) and len(ksize) == 4:  # type: ignore[arg-type]
        across = across_channels(input, ksize, strides, padding, data_format)
        if across is not None:
            return across
    words, spec = recall(pool_spec, kind, rank, ksize, strides, padding, data_format)
    return words.answer(spec, input)


def pool_spec(
    kind: str, rank: int, ksize: object, strides: object, padding: object, data_format: object
) -> tuple[TensorFlowWords, Pool]:
    """Return the words and the spec of a pool's arguments, or raise the bare ``Refusal``."""
    layout = read_format(data_format, rank, pool=True)
    for argument, value in (("ksize", ksize), ("strides", strides)):
        if value is None:
            raise _no_none(argument, ksize)
    explicit = kind == "max" and rank < 3
    words = TensorFlowWords(NAMES, layout, FORMS, explicit=explicit)
    spec = words.make(
        Pool,
        window_shape=read_numbers(FORMS["window_shape"], ksize, layout),
        strides=read_numbers(FORMS["strides"], strides, layout),
        padding=read_padding(padding, layout, explicit=explicit),
        data_format=layout,
    )
    return words, spec


def pool(
    input: object,
    window_shape: object,
    pooling_type: object,
    strides: object,
    padding: object,
    data_format: object,
    dilations: object,
) -> Shape:
    """Return the output shape of ``tf.nn.pool``, or raise the bare ``Refusal``."""
    words, spec = recall(general_spec, window_shape, pooling_type, strides, padding, data_format, dilations)
    return words.answer(spec, input)


def general_spec(
    window_shape: object,
    pooling_type: object,
    strides: object,
    padding: object,
    data_format: object,
    dilations: object,
) -> tuple[TensorFlowWords, Pool]:
    """Return the words and the spec of ``tf.nn.pool``'s arguments, or raise the bare ``Refusal``."""
    if as_text(pooling_type) not in ("MAX", "AVG"):
        meant = (as_text(pooling_type) or "").upper()[:3]
        raise Refusal(
            "pooling_type",
            given=pooling_type,
            problem=f"pooling_type is {kind_of(pooling_type)}.",
            legal=("MAX", "AVG"),
            reason="tf.nn.pool knows these two, in capitals.",
            suggestions=tuple(
                Suggestion({"pooling_type": word})
                for word in sorted(("MAX", "AVG"), key=lambda w: w != meant)
            ),
        )
    entries = as_entries(window_shape)
    rank = len(entries) if entries is not None and 1 <= len(entries) <= 3 else 2
    layout = read_format(data_format, rank)
    window = read_numbers(LISTS["window_shape"], window_shape, layout, none=False)
    steps = read_numbers(LISTS["strides"], strides, layout)
    spread = read_numbers(LISTS["dilations"], dilations, layout)
    if max(spread) > 1:
        if max(steps) > 1:
            raise strided_and_dilated("tf.nn.pool", strides, dilations, "neither does max_pool or avg_pool.")
        if as_text(padding) == "SAME":
            raise Refusal(
                "padding",
                given=padding,
                problem=f'padding is "SAME" with dilations {show(dilations)}.',
                legal='"VALID" where a dilation is above 1',
                reason="tf.nn.pool has no SAME for dilated windows.",
                suggestions=(
                    Suggestion({"padding": "VALID"}),
                    Suggestion({"dilations": None}, "not dilated"),
                ),
            )
    for axis, (step, size) in enumerate(zip(steps, window, strict=True)):
        if step > size:
            raise Refusal(
                "strides",
                given=strides,
                problem=f"strides {show(strides)} has {step}, larger than the window's {size}.",
                legal=range(1, size + 1),
                reason="tf.nn.pool refuses strides that skip elements; tf.nn.max_pool and avg_pool take them.",
                axis=axis,
                suggestions=(
                    Suggestion({"strides": tuple(map(min, steps, window))}),
                    Suggestion(
                        {"window_shape": tuple(map(max, steps, window))}, "a window as long as the stride"
                    ),
                ),
            )
    explicit = as_text(pooling_type) == "MAX" and rank == 2 and max(spread) == 1
    names = {**NAMES, "window_shape": "window_shape", "dilations": "dilations"}
    words = TensorFlowWords(names, layout, LISTS, explicit=explicit)
    why = (
        "tf.nn.pool pads a dilated window's input with zeros that count as elements."
        if max(spread) > 1
        else ""
    )
    spec = words.make(
        Pool,
        window_shape=window,
        strides=steps,
        padding=read_padding(padding, layout, explicit=explicit, why=why),
        dilations=spread,
        data_format=layout,
    )
    return words, spec


def across_channels(
    input: object, ksize: object, strides: object, padding: object, data_format: object
) -> Shape | None:
    """Return the shape of a maximum over groups of channels, ``ksize=(1, 1, 1, k)``; None if it is none.

    TensorFlow wants the channels' stride to equal the window and to divide the channels
    (``MaxPoolParameters`` in core/kernels/pooling_ops_common.cc); strides along the picture it ignores.
    """
    layout = read_format(data_format, 2, pool=True)
    window = [as_index(size) for size in as_entries(ksize) or ()]
    place = channel_axis(layout)
    span = window[place]
    if span is None or span < 2 or [size for at, size in enumerate(window) if at != place] != [1, 1, 1]:
        return None
    read_padding(padding, layout, explicit=True)
    if layout != "NHWC" or [as_index(step) for step in as_entries(strides) or ()] != window:
        raise Refusal(
            "strides",
            given=strides,
            problem=f"strides {show(strides)} stand beside ksize {show(ksize)}, a window over channels.",
            legal="the window itself, channels last",
            reason="a maximum over channels goes from group to group; TensorFlow ignores strides along the picture there.",
            suggestions=(Suggestion({"strides": tuple(as_entries(ksize) or ())}),),
        )
    words = TensorFlowWords(NAMES, layout, FORMS, explicit=True)
    shape = words.answer(words.make(Pool, window_shape=(1, 1), data_format=layout), input)
    channels = shape[place]
    if isinstance(channels, int) and channels % span:
        raise Refusal(
            "ksize",
            given=ksize,
            problem=f"ksize {show(ksize)} takes {span} channels at a time, but the input {show(shape)} has {channels}.",
            legal=f"a divisor of {channels}",
            reason="a maximum over channels splits them into equal groups.",
            suggestions=(Suggestion({"ksize": (1, 1, 1, channels), "strides": (1, 1, 1, channels)}),),
        )
    return (*shape[:place], channels // span if isinstance(channels, int) else None)


def _no_none(argument: str, ksize: object) -> Refusal:
    choices = [1] if ksize is None or argument == "ksize" else [ksize, 1]
    return Refusal(
        argument,
        given=None,
        problem=f"{argument} is None.",
        legal=FORMS["strides"].legal(2),
        reason="TensorFlow reads None as 1 on every axis here, not as the window, and says nothing.",
        suggestions=tuple(Suggestion({argument: choice}) for choice in choices),
    )
