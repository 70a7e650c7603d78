"""``tf.nn``'s forward convolutions, with shapes in place of tensors; what they refuse is a bare ``Refusal``."""

from __future__ import annotations

from convshape._conv import Conv
from convshape._reading import as_entries
from convshape._refusals import Refusal, Suggestion
from convshape._show import show
from convshape.frameworks._known import recall
from convshape.frameworks._tf_arguments import (
    any_form,
    filter_rule,
    full_only,
    read_format,
    read_numbers,
    read_padding,
)
from convshape.frameworks._tf_words import TensorFlowWords

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape
    from convshape._spec import Spec
    from convshape.frameworks._numbers import Numbers

NAMES = {
    "input_shape": "input",
    "filter_shape": "filters",
    "strides": "strides",
    "padding": "padding",
    "dilations": "dilations",
    "data_format": "data_format",
}
WHY_FULL = "tf.nn.conv3d hands the list on to its kernel, which wants all five."
STRIDES, DILATIONS = any_form("strides", "a stride"), any_form("dilations", "a dilation")
RANKS = {"conv1d": (1,), "conv2d": (2,), "conv3d": (3,), "convolution": (1, 2, 3), "atrous_conv2d": (2,)}
FORMS: dict[str, dict[str, Numbers]] = {
    "conv1d": {"strides": any_form("stride", "a stride"), "dilations": DILATIONS},
    "conv2d": {"strides": STRIDES, "dilations": DILATIONS},
    "conv3d": {
        "strides": full_only("strides", "a stride", WHY_FULL),
        "dilations": full_only("dilations", "a dilation", WHY_FULL),
    },
    "convolution": {"strides": STRIDES, "dilations": DILATIONS},
}
RATE = any_form("rate", "a rate")
FILTERS = filter_rule("filters", "(*kernel, in, out), each at least 1: (5, 5, 3, 64)")
ONLY_DILATED = "this op takes a list of pairs in two dimensions with some dilation above 1 alone; tf.nn.conv2d takes one always."


def names_of(op: str) -> dict[str, str]:
    """Return a forward op's argument names by the core's."""
    if op == "conv1d":
        return {**NAMES, "strides": "stride"}
    return {**NAMES, "groups": "groups"} if op == "conv2d" else NAMES


def conv(
    op: str,
    input: object,
    filters: object,
    strides: object,
    padding: object,
    data_format: object,
    dilations: object,
    groups: object = 1,
) -> Shape:
    """Return the output shape of ``tf.nn.conv1d``, ``conv2d``, ``conv3d`` or ``convolution``."""
    if type(strides) is list:  # the usual form: recall would look at every argument twice
        strides = tuple(strides)
    words, spec = recall(forward_spec, op, filters, strides, padding, data_format, dilations, groups)
    if type(input) is tuple and len(input) == spec._length:
        return words.answer(spec, input)
    shape = answer(words, spec, input)
    if op == "convolution" and len(shape) > spec._length and spec._channel == 1 and max(spec.strides) > 1:
        raise Refusal(
            "strides",
            given=strides,
            problem=f"strides is {show(strides)}, for channels first and {len(shape)} axes.",
            legal="1 on every axis",
            reason="tf.nn.convolution puts strides in the wrong places there, and then refuses its own call; tf.nn.conv2d does not.",
            suggestions=(Suggestion({"strides": 1}),),
        )
    return shape


def atrous(value: object, filters: object, rate: object, padding: object) -> Shape:
    """Return the output shape of ``tf.nn.atrous_conv2d``."""
    words, spec = recall(atrous_spec, filters, rate, padding)
    return answer(words, spec, value)


def forward_spec(
    op: str,
    filters: object,
    strides: object,
    padding: object,
    data_format: object,
    dilations: object,
    groups: object = 1,
) -> tuple[TensorFlowWords, Conv]:
    """Return the words and the spec of a forward op's arguments, or raise the bare ``Refusal``."""
    sizes = FILTERS.read(filters, tuple(rank + 2 for rank in RANKS[op]))
    layout = read_format(data_format, len(sizes) - 2, aliases=op in ("conv1d", "convolution"))
    forms = FORMS[op]
    steps = read_numbers(forms["strides"], strides, layout, none=op != "conv3d")
    spread = read_numbers(forms["dilations"], dilations, layout)
    if op == "convolution" and max(steps) > 1 and max(spread) > 1:
        raise strided_and_dilated("tf.nn.convolution", strides, dilations, "tf.nn.conv2d computes it.")
    explicit = op == "conv2d" or (op == "convolution" and len(sizes) == 4 and max(spread) > 1)
    why = ONLY_DILATED if op == "convolution" else ""
    words = TensorFlowWords(names_of(op), layout, forms, explicit=explicit)
    spec = words.make(
        Conv,
        filter_shape=sizes,
        strides=steps,
        padding=read_padding(padding, layout, explicit=explicit, why=why),
        dilations=spread,
        groups=groups,
        data_format=layout,
    )
    return words, spec


def atrous_spec(filters: object, rate: object, padding: object) -> tuple[TensorFlowWords, Conv]:
    """Return the words and the spec of ``tf.nn.atrous_conv2d``'s arguments, or raise the bare ``Refusal``."""
    sizes = FILTERS.read(filters, (4,))
    entries = as_entries(rate)
    if entries is not None and len(entries) == 4:  # np.broadcast_to(rate, (2,)) takes no four
        raise Refusal(
            "rate",
            given=rate,
            problem=f"rate is {show(rate)}.",
            legal="a whole number of at least 1, or one for height and one for width",
            reason="a rate belongs to a spatial axis; batch and channels have none here.",
            suggestions=(Suggestion({"rate": entries[1:3]}),),
        )
    spread = read_numbers(RATE, rate, "NHWC", none=False)
    explicit = max(spread) > 1
    names = {**NAMES, "input_shape": "value", "dilations": "rate"}
    del names["strides"], names["data_format"]
    words = TensorFlowWords(names, "NHWC", {"dilations": RATE}, explicit=explicit)
    spec = words.make(
        Conv,
        filter_shape=sizes,
        padding=read_padding(padding, "NHWC", explicit=explicit, why=ONLY_DILATED),
        dilations=spread,
    )
    return words, spec


def answer(words: TensorFlowWords, spec: Spec, input: object) -> Shape:
    """Return the spec's output for an input that may have more batch axes in front."""
    entries = as_entries(input)
    if entries is None or len(entries) <= spec._length or len(entries) >= 16:
        return words.answer(spec, input)
    cut = len(entries) - spec._length + 1
    lead, inner = entries[:cut], entries[cut:]
    told = words.but(lead=lead)
    shape: Shape = ()
    for batch in lead:
        shape = told.answer(spec, (batch, *inner))
    return (*lead, *shape[1:])  # type: ignore[arg-type]


def strided_and_dilated(op: str, strides: object, dilations: object, reason: str) -> Refusal:
    """Return the refusal of strides and dilations above 1 in one call."""
    return Refusal(
        "strides",
        given=strides,
        problem=f"strides {show(strides)} stand beside dilations {show(dilations)}.",
        legal="strides of 1, or dilations of 1",
        reason=f"{op} does not take both above 1; {reason}",
        suggestions=(
            Suggestion({"dilations": None}, "not dilated"),
            Suggestion({"strides": 1}, "not strided"),
            Suggestion({"strides": (1, 1, 1, 1)}, "not strided"),
            Suggestion({"strides": None}, "not strided"),
        ),
    )
