"""Mistakes in the shapes of inputs and filters, and between them."""

from __future__ import annotations

import numpy as np

import convshape as cs
from tests.core.calls import FILTER
from tests.core.mistake import (
    FORWARD,
    FORWARD_INPUT,
    POOL_INPUT,
    TRANSPOSED,
    TRANSPOSED_INPUT,
    Mistake,
    mistakes,
)

_MADE = (*FORWARD, *TRANSPOSED)
_WITHOUT_CHECK = ("transpose_output", "transpose_outputs", "ConvTranspose()")
_ALL_INPUTS = (*FORWARD_INPUT, *_WITHOUT_CHECK, *POOL_INPUT)
_SWAPPED = {"filter_shape": (5, 5, 64, 32)}
CHANNELS: list[Mistake] = [
    *mistakes("in and out swapped", FORWARD_INPUT, _SWAPPED, {"filter_shape": FILTER}, kind=cs.ChannelError,
              but={"Conv()": {"filter_shape": FILTER}}),
    *mistakes("in and out swapped", TRANSPOSED_INPUT, _SWAPPED, {"filter_shape": FILTER}, kind=cs.ChannelError),
    *mistakes("channels read as groups", ("conv_output", "Conv()"), {"filter_shape": (5, 5, 16, 64)},
              {"filter_shape": (5, 5, 32, 64)}, kind=cs.ChannelError),
    *mistakes("a filter of other channels", (*FORWARD_INPUT, ), {"filter_shape": (5, 5, 3, 64)},
              {"filter_shape": (5, 5, 32, 64)}, kind=cs.ChannelError),
    *mistakes("a filter of other channels", TRANSPOSED_INPUT, {"filter_shape": (5, 5, 32, 3)},
              {"filter_shape": (5, 5, 32, 64)}, kind=cs.ChannelError),
    *mistakes("groups forgotten in the filter", ("conv_output", "Conv()"), {"groups": 2}, {"filter_shape": (5, 5, 16, 64)},
              argument="filter_shape", kind=cs.ChannelError),
    *mistakes("groups that do not divide the channels", ("conv_output", "Conv()"),
              {"input_shape": ("N", 8, 8, 6), "filter_shape": (5, 5, 3, 32), "groups": 4}, {"groups": 2},
              argument="filter_shape", kind=cs.ChannelError),
]  # fmt: skip
_FIRST_IN, _FIRST_OUT = {"input_shape": ("N", 32, 8, 8)}, {"input_shape": ("N", 64, 8, 8)}
LAYOUTS: list[Mistake] = [
    *mistakes("channels-first input", FORWARD_INPUT, _FIRST_IN, {"input_shape": ("N", 8, 8, 32)},
              argument="filter_shape", kind=cs.ChannelError),
    *mistakes("channels-first input", TRANSPOSED_INPUT, _FIRST_OUT, {"input_shape": ("N", 8, 8, 64)},
              argument="filter_shape", kind=cs.ChannelError),
    *mistakes("channels-last input", ("conv_output", "Conv()"), {"data_format": "NCHW"}, {"input_shape": ("N", 32, 8, 8)},
              argument="filter_shape", kind=cs.ChannelError),
    *mistakes("channels-last input", ("transpose_output", "ConvTranspose()"), {"data_format": "NCHW"},
              {"input_shape": ("N", 64, 8, 8)}, argument="filter_shape", kind=cs.ChannelError),
    *mistakes("PyTorch's filter", FORWARD_INPUT, {"filter_shape": (64, 32, 5, 5)}, {"filter_shape": FILTER}, kind=cs.ChannelError),
    *mistakes("PyTorch's filter", TRANSPOSED_INPUT, {"filter_shape": (64, 32, 5, 5)}, {"filter_shape": FILTER},
              kind=cs.ChannelError),
    *mistakes("PyTorch's filter and input", FORWARD_INPUT, {"filter_shape": (64, 32, 5, 5), **_FIRST_IN},
              {"filter_shape": FILTER, "input_shape": ("N", 8, 8, 32)}, kind=cs.ChannelError),
    *mistakes("PyTorch's filter and input", TRANSPOSED_INPUT, {"filter_shape": (64, 32, 5, 5), **_FIRST_OUT},
              {"filter_shape": FILTER, "input_shape": ("N", 8, 8, 64)}, kind=cs.ChannelError),
    *mistakes("channels-first picture", ("conv_output",), {"input_shape": ("N", 3, 224, 224), "filter_shape": (7, 7, 3, 64)},
              {"input_shape": ("N", 224, 224, 3)}, argument="filter_shape", kind=cs.ChannelError),
    *mistakes("channels-first picture, pooled", POOL_INPUT, {"input_shape": ("N", 3, 224, 224), "window_shape": 5},
              {"input_shape": ("N", 224, 224, 3)}, axis=1, kind=cs.SizeError),
]  # fmt: skip
_VALID = {"padding": "VALID"}
FITTING: list[Mistake] = [
    *mistakes("kernel larger than the input", FORWARD_INPUT, {"input_shape": ("N", 2, 2, 32), **_VALID}, {"padding": "SAME"},
              axis=1, kind=cs.SizeError),
    *mistakes("kernel larger by exactly one", FORWARD_INPUT, {"input_shape": ("N", 8, 4, 32), **_VALID}, {"padding": "SAME"},
              axis=2, kind=cs.SizeError),
    *mistakes("kernel larger by exactly one, square", FORWARD_INPUT, {"input_shape": ("N", 4, 4, 32), **_VALID},
              {"padding": "SAME"}, axis=1, kind=cs.SizeError),
    *mistakes("dilated kernel larger than the input", FORWARD_INPUT, {"dilations": 2, **_VALID}, {"padding": "SAME"},
              argument="input_shape", axis=1, kind=cs.SizeError),
    *mistakes("window larger than the input", POOL_INPUT, {"window_shape": 9}, {"padding": "SAME"},
              argument="input_shape", axis=1, kind=cs.SizeError),
    *mistakes("padding not enough", FORWARD_INPUT, {"input_shape": ("N", 2, 2, 32), "padding": 1}, {"padding": "SAME"},
              axis=1, kind=cs.SizeError),
]  # fmt: skip


def _input(*shape: object) -> dict[str, object]:
    return {"input_shape": shape}


_PATTERNED = {
    "transpose_output": 64,
    "transpose_outputs": 64,
    "ConvTranspose()": 64,
    "pool_output": 64,
    "Pool()": 64,
}
ENTRIES: list[Mistake] = [
    *mistakes("empty axis", _ALL_INPUTS, _input("N", 0, 8, None), _input("N", None, 8, None), axis=1, kind=cs.SizeError),
    *mistakes("-1 for an unknown size", _ALL_INPUTS, _input("N", -1, 8, None), _input("N", None, 8, None), axis=1),
    *mistakes("-1 for an unknown batch", _ALL_INPUTS, _input(-1, 8, 8, None), _input(None, 8, 8, None), axis=0),
    *mistakes("negative size", _ALL_INPUTS, _input("N", 8, -8, None), _input("N", 8, 8, None), axis=2),
    *mistakes("float size", _ALL_INPUTS, _input("N", 8.0, 8, None), _input("N", 8, 8, None), axis=1),
    *mistakes("numpy float size", _ALL_INPUTS, _input("N", np.float64(8), 8, None), _input("N", 8, 8, None), axis=1),
    *mistakes("bool size", _ALL_INPUTS, _input("N", 8, True, None), _input("N", 8, 1, None), axis=2,
              but={whole: _input("N", 8, None, None) for whole in POOL_INPUT}),
    *mistakes("text size", _ALL_INPUTS, _input("N", "8", 8, None), _input("N", 8, 8, None), axis=1),
    *mistakes("a name inside", _ALL_INPUTS, _input("N", "H", 8, None), _input("N", None, 8, None), axis=1),
    *mistakes("a batch that is no name", _ALL_INPUTS, _input("not a name", 8, 8, None), _input(None, 8, 8, None), axis=0),
    *mistakes("size past int64", _ALL_INPUTS, _input("N", 8, 2**63, None), _input("N", 8, None, None), axis=2, kind=cs.SizeError),
    *mistakes("size of 5000 digits", _ALL_INPUTS, _input("N", 8, 10**4999, None), _input("N", 8, None, None), axis=2,
              kind=cs.SizeError),
    *mistakes("batch past int64", _ALL_INPUTS, _input(2**63, 8, 8, None), _input(None, 8, 8, None), axis=0, kind=cs.SizeError),
    *mistakes("no channels", FORWARD_INPUT, _input("N", 8, 8, 0), _input("N", 8, 8, 32), axis=3, kind=cs.SizeError),
]  # fmt: skip
RANKS: list[Mistake] = [
    *mistakes("batch forgotten", FORWARD_INPUT, _input(8, 8, 32), _input(None, 8, 8, 32), kind=cs.RankError),
    *mistakes("batch forgotten", TRANSPOSED_INPUT, _input(8, 8, 64), _input(None, 8, 8, 64), kind=cs.RankError),
    *mistakes("channels forgotten", FORWARD_INPUT, _input("N", 8, 8), _input("N", 8, 8, 32), kind=cs.RankError),
    *mistakes("channels forgotten, of any batch", FORWARD_INPUT, _input(None, 8, 8), _input(None, 8, 8, 32), kind=cs.RankError),
    *mistakes("channels forgotten, pooled", ("Pool()",), _input("N", 8, 8), _input("N", 8, 8, 1), kind=cs.RankError),
    *mistakes("a batch of vectors", _WITHOUT_CHECK, _input("N", 64), _input("N", 1, 1, 64), kind=cs.RankError),
    *mistakes("frames", FORWARD_INPUT, _input(4, 10, 8, 8, 32), _input(40, 8, 8, 32), kind=cs.RankError),
    *mistakes("only spatial sizes", FORWARD_INPUT, _input(8, 8), _input(None, 8, 8, 32), kind=cs.RankError),
    *mistakes("one axis too many", FORWARD_INPUT, _input("N", 1, 8, 8, 32), _input("N", 8, 8, 32), kind=cs.RankError),
    *mistakes("no axes", FORWARD_INPUT, _input(), None, kind=cs.RankError),
    *mistakes("no shape", _ALL_INPUTS, {"input_shape": None}, None),
    *mistakes("a number for a shape", _ALL_INPUTS, {"input_shape": 8}, None),
    *mistakes("a shape as text", FORWARD_INPUT, {"input_shape": "N,8,8,32"}, _input("N", 8, 8, 32)),
    *mistakes("filter without channels", ("conv_output",), {"filter_shape": (5, 5)}, {"filter_shape": (5, 5, 32, 32)},
              kind=cs.RankError),
    *mistakes("a filter of six", _MADE, {"filter_shape": (5, 5, 5, 5, 32, 64)}, None, kind=cs.RankError),
    *mistakes("no filter", _MADE, {"filter_shape": None}, None),
    *mistakes("a number for a filter", _MADE, {"filter_shape": 5}, None),
    *mistakes("a filter as text", _MADE, {"filter_shape": "(5, 5, 32, 64)"}, {"filter_shape": FILTER}),
]  # fmt: skip


def _filter(*shape: object) -> dict[str, object]:
    return {"filter_shape": shape}


FILTER_ENTRIES: list[Mistake] = [
    *mistakes("kernel 0", _MADE, _filter(5, 0, 32, 64), _filter(5, 5, 32, 64), axis=1, kind=cs.SizeError),
    *mistakes("negative kernel", _MADE, _filter(5, -5, 32, 64), _filter(5, 5, 32, 64), axis=1),
    *mistakes("float kernel", _MADE, _filter(5.0, 5, 32, 64), _filter(5, 5, 32, 64), axis=0),
    *mistakes("numpy float kernel", _MADE, _filter(np.float64(5), 5, 32, 64), _filter(5, 5, 32, 64), axis=0),
    *mistakes("text in a filter", _MADE, _filter(5, 5, "32", 64), _filter(5, 5, 32, 64), axis=2),
    *mistakes("None kernel", _MADE, _filter(None, 5, 32, 64), _filter(5, 5, 32, 64), axis=0),
    *mistakes("bool kernel", _MADE, _filter(True, 5, 32, 64), _filter(1, 5, 32, 64), axis=0),
    *mistakes("None for the input's channels", ("conv_output", "padding_amounts"), _filter(5, 5, None, 64),
              _filter(5, 5, 32, 64), axis=2),
    *mistakes("None for the input's channels", ("transpose_output", "transpose_outputs", "check_transpose"), _filter(5, 5, 32, None),
              _filter(5, 5, 32, 64), axis=3),
    *mistakes("kernel past int64", _MADE, _filter(2**63, 5, 32, 64), _filter(1, 5, 32, 64), axis=0, kind=cs.SizeError),
]  # fmt: skip
RESULTS: list[Mistake] = [
    *mistakes("result past int64", ("transpose_output", "transpose_outputs", "ConvTranspose()"), _input("N", 2**62, 8, 64),
              None, axis=1, kind=cs.SizeError),
    *mistakes("padded result past int64", ("conv_output",), {"input_shape": ("N", 2**63 - 1, 8, 32), "padding": 2**62, "strides": 1},
              None, axis=1, kind=cs.SizeError),
]  # fmt: skip
SHAPES = (*CHANNELS, *LAYOUTS, *FITTING, *ENTRIES, *RANKS, *FILTER_ENTRIES, *RESULTS)
