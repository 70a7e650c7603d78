"""How the tests call convshape: by the name of a verb or a spec, with all arguments by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import convshape as cs

VERBS = (
    "conv_output", "transpose_output", "transpose_outputs", "check_transpose", "pool_output",
    "conv_filter", "transpose_filter", "padding_amounts",
)  # fmt: skip
#: Making a spec ("Conv") and calling one ("Conv()", with an input_shape among the arguments).
SPECS = ("Conv", "ConvTranspose", "Pool")
SPEC_CALLS = ("Conv()", "ConvTranspose()", "Pool()")
WHOLES = (*VERBS, *SPECS, *SPEC_CALLS)

INPUT, FILTER, FORWARD_INPUT = ("N", 8, 8, 64), (5, 5, 32, 64), ("N", 8, 8, 32)
_FORWARD = {"input_shape": FORWARD_INPUT, "filter_shape": FILTER, "strides": 2}
_TRANSPOSED = {"input_shape": INPUT, "filter_shape": FILTER, "strides": 2}
_FILTER = {"kernel_size": 5, "in_channels": 32, "out_channels": 64}
#: One legal call of each, the seed example where it applies.
LEGAL: dict[str, dict[str, Any]] = {
    "conv_output": _FORWARD,
    "transpose_output": _TRANSPOSED,
    "transpose_outputs": _TRANSPOSED,
    "check_transpose": {**_TRANSPOSED, "output_shape": ("N", 16, 16, 32)},
    "pool_output": {"input_shape": INPUT, "window_shape": 2},
    "conv_filter": _FILTER,
    "transpose_filter": _FILTER,
    "padding_amounts": _FORWARD,
    "Conv": {"filter_shape": FILTER, "strides": 2},
    "ConvTranspose": {"filter_shape": FILTER, "strides": 2},
    "Pool": {"window_shape": 2},
    "Conv()": _FORWARD,
    "ConvTranspose()": _TRANSPOSED,
    "Pool()": {"input_shape": INPUT, "window_shape": 2},
}
#: Every argument of each, those that may be left out included.
_REST = ("strides", "padding", "dilations", "groups", "data_format")
_POOL_REST = ("strides", "padding", "dilations", "ceil_mode", "data_format")
ARGUMENTS: dict[str, tuple[str, ...]] = {
    "conv_output": ("input_shape", "filter_shape", *_REST),
    "transpose_output": ("input_shape", "filter_shape", *_REST, "output_padding"),
    "transpose_outputs": ("input_shape", "filter_shape", *_REST, "output_padding"),
    "check_transpose": ("input_shape", "filter_shape", "output_shape", *_REST),
    "pool_output": ("input_shape", "window_shape", *_POOL_REST),
    "conv_filter": ("kernel_size", "in_channels", "out_channels", "groups"),
    "transpose_filter": ("kernel_size", "in_channels", "out_channels", "groups"),
    "padding_amounts": ("input_shape", "filter_shape", "strides", "padding", "dilations", "data_format"),
    "Conv": ("filter_shape", *_REST),
    "ConvTranspose": ("filter_shape", *_REST, "output_padding"),
    "Pool": ("window_shape", *_POOL_REST),
    "Conv()": ("input_shape", "filter_shape", *_REST),
    "ConvTranspose()": ("input_shape", "filter_shape", *_REST, "output_padding"),
    "Pool()": ("input_shape", "window_shape", *_POOL_REST),
}


def run(whole: str, call: Mapping[str, Any], implementation: Any = cs) -> Any:
    """Return what a verb, a spec's constructor or a spec's call makes of these arguments."""
    if not whole.endswith("()"):
        return getattr(implementation, whole)(**call)
    fields = {name: value for name, value in call.items() if name != "input_shape"}
    return getattr(implementation, whole[:-2])(**fields)(call["input_shape"])


def refusal(whole: str, call: Mapping[str, Any]) -> cs.ShapeError | None:
    """Return the ShapeError of a call, or None if it returns; any other exception is the test's to fail on."""
    try:
        run(whole, call)
    except cs.ShapeError as error:
        return error
    return None
