"""``tf.nn``'s transposed convolutions, with shapes in place of tensors; what they refuse is a bare ``Refusal``."""

from __future__ import annotations

from convshape._layouts import assemble
from convshape._output_disputes import check_wanted
from convshape._reading import as_entries
from convshape._refusals import Refusal
from convshape._transposed import ConvTranspose
from convshape.frameworks._known import recall
from convshape.frameworks._numbers import Numbers
from convshape.frameworks._tf_arguments import any_form, filter_rule, read_format, read_numbers, read_padding
from convshape.frameworks._tf_conv import NAMES
from convshape.frameworks._tf_words import TensorFlowWords

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape

TRANSPOSED = {**NAMES, "output_shape": "output_shape"}
RANKS = {
    "conv1d_transpose": (1,),
    "conv2d_transpose": (2,),
    "conv3d_transpose": (3,),
    "conv_transpose": (1, 2, 3),
}
FORMS = {"strides": any_form("strides", "a stride"), "dilations": any_form("dilations", "a dilation")}
RATE = Numbers("rate", "a rate", each=False, why="tf.nn.atrous_conv2d_transpose takes one int.")
FILTERS = filter_rule("filters", "(*kernel, out, in), each at least 1: (5, 5, 32, 64)")


def conv_transpose(
    op: str,
    input: object,
    filters: object,
    output_shape: object,
    strides: object,
    padding: object,
    data_format: object,
    dilations: object,
    groups: object = 1,
) -> Shape:
    """Return ``output_shape`` if the op can make it, or raise the bare ``Refusal``."""
    words, spec = recall(transposed_spec, op, filters, strides, padding, data_format, dilations, groups)
    return check(words, spec, input, output_shape, short=op == "conv2d_transpose")


def atrous_transpose(
    value: object, filters: object, output_shape: object, rate: object, padding: object
) -> Shape:
    """Return ``output_shape`` if ``tf.nn.atrous_conv2d_transpose`` can make it."""
    words, spec = recall(atrous_spec, filters, rate, padding)
    return check(words, spec, value, output_shape, short=set(spec.dilations) == {1})


def transposed_spec(
    op: str,
    filters: object,
    strides: object,
    padding: object,
    data_format: object,
    dilations: object,
    groups: object = 1,
) -> tuple[TensorFlowWords, ConvTranspose]:
    """Return the words and the spec of a transposed op's arguments, or raise the bare ``Refusal``."""
    sizes = FILTERS.read(filters, tuple(rank + 2 for rank in RANKS[op]))
    layout = read_format(data_format, len(sizes) - 2)
    explicit = len(sizes) == 4
    names = {**TRANSPOSED, "groups": "groups"} if op == "conv2d_transpose" else TRANSPOSED
    words = TensorFlowWords(names, layout, FORMS, explicit=explicit)
    spec = words.make(
        ConvTranspose,
        filter_shape=sizes,
        strides=read_numbers(FORMS["strides"], strides, layout),
        padding=read_padding(padding, layout, explicit=explicit),
        dilations=read_numbers(FORMS["dilations"], dilations, layout),
        groups=groups,
        data_format=layout,
    )
    return words, spec


def atrous_spec(filters: object, rate: object, padding: object) -> tuple[TensorFlowWords, ConvTranspose]:
    """Return the words and the spec of ``tf.nn.atrous_conv2d_transpose``'s arguments."""
    sizes = FILTERS.read(filters, (4,))
    spread = read_numbers(RATE, rate, "NHWC", none=False)
    explicit = max(spread) == 1  # the op is then conv2d_transpose
    names = {**TRANSPOSED, "input_shape": "value", "dilations": "rate"}
    del names["strides"], names["data_format"]
    words = TensorFlowWords(names, "NHWC", {"dilations": RATE}, explicit=explicit)
    padding = read_padding(padding, "NHWC", explicit=explicit)
    return words, words.make(ConvTranspose, filter_shape=sizes, padding=padding, dilations=spread)


def check(
    words: TensorFlowWords, spec: ConvTranspose, input: object, output_shape: object, *, short: bool
) -> Shape:
    """Return the wanted shape if the spec can make it; ``short`` allows its spatial sizes alone."""
    if type(output_shape) is list:
        output_shape = tuple(output_shape)
    if spec.makes(input, output_shape):
        return output_shape  # type: ignore[return-value]
    entries = as_entries(output_shape)
    if not short or entries is None or len(entries) != 2:
        try:
            return check_wanted(spec, input, output_shape)
        except Refusal as refusal:
            raise words.retold(refusal, spec, input) from None
    words = words.but(short=True)
    try:
        batch = spec.read_input(input)[0]
        named = (
            "N" if batch is None else batch
        )  # an output_shape has no None; any name stands for an unknown batch
        full = assemble(named, entries, spec._outside, spec.data_format)
        made = check_wanted(spec, input, full)
    except Refusal as refusal:
        raise words.retold(refusal, spec, input) from None
    return (batch, *made[1:])
