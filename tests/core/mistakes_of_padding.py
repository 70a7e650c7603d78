"""Mistakes in padding, output padding, layouts, and arguments that changed places."""

from __future__ import annotations

import numpy as np

import convshape as cs
from tests.core.calls import FILTER, FORWARD_INPUT, INPUT
from tests.core.mistake import FORWARD, POOLS, TRANSPOSED, WINDOWED, Mistake, mistakes

_ONE, _ZERO = (1, 1), (0, 0)
_SETTABLE = tuple(whole for whole in TRANSPOSED if whole != "check_transpose")
_PADDED = (*FORWARD, "transpose_output", "ConvTranspose", *POOLS)
PADDINGS: list[Mistake] = [
    *mistakes("SAME misspelt", WINDOWED, {"padding": "SMAE"}, {"padding": "SAME"}),
    *mistakes("SAME with a space", WINDOWED, {"padding": "same "}, {"padding": "SAME"}),
    *mistakes("VALID misspelt", _PADDED, {"padding": "VALDI"}, {"padding": "VALID"}),
    *mistakes("another framework's word", _PADDED, {"padding": "full"}, {"padding": "SAME"}),
    *mistakes("EXPLICIT without numbers", WINDOWED, {"padding": "EXPLICIT"}, {"padding": "SAME"}),
    *mistakes("empty padding", _PADDED, {"padding": ""}, {"padding": "SAME"}),
    *mistakes("None for padding", _PADDED, {"padding": None}, {"padding": "VALID"}),
    *mistakes("bool for padding", _PADDED, {"padding": True}, {"padding": 1}),
    *mistakes("float padding", _PADDED, {"padding": 1.0}, {"padding": 1}),
    *mistakes("numpy float padding", _PADDED, {"padding": np.float64(1)}, {"padding": 1}),
    *mistakes("negative padding", _PADDED, {"padding": -1}, {"padding": 1}),
    *mistakes("padding past int64", _PADDED, {"padding": 2**63}, {"padding": 0}, kind=cs.SizeError),
    *mistakes("a number an axis, not a pair", _PADDED, {"padding": (1, 1)}, {"padding": (_ONE, _ONE)}, axis=0),
    *mistakes("one pair for two axes", _PADDED, {"padding": (_ONE,)}, {"padding": (_ONE, _ONE)}),
    *mistakes("three pairs", _PADDED, {"padding": (_ONE, _ONE, _ONE)}, {"padding": (_ONE, _ONE)}),
    *mistakes("a pair of three", _PADDED, {"padding": (_ONE, (1, 1, 1))}, {"padding": (_ONE, _ONE)}, axis=1),
    *mistakes("negative in a pair", _PADDED, {"padding": (_ONE, (1, -1))}, {"padding": (_ONE, (1, 0))}, axis=1),
    *mistakes("float in a pair", _PADDED, {"padding": (_ONE, (1.0, 1))}, {"padding": (_ONE, _ONE)}, axis=1),
    *mistakes("bool in a pair", _PADDED, {"padding": (_ONE, (True, 1))}, {"padding": (_ONE, _ONE)}, axis=1),
    *mistakes("None in a pair", _PADDED, {"padding": (_ONE, (1, None))}, {"padding": (_ONE, _ONE)}, axis=1),
    *mistakes("padding of the batch", _PADDED, {"padding": (_ONE, _ONE, _ZERO, _ZERO)}, {"padding": (_ONE, _ONE)}, axis=0),
    *mistakes("padding of the channels", _PADDED, {"padding": (_ZERO, _ONE, _ONE, _ONE)},
              {"padding": (_ZERO, _ONE, _ONE, _ZERO)}, axis=3),
    *mistakes("pool padded by its window", POOLS, {"padding": 2}, {"padding": (_ONE, _ONE)}, kind=cs.SizeError),
    *mistakes("nothing left of the output", ("transpose_output",), {"input_shape": (1, 1, 1, 64), "padding": 3},
              {"padding": 0}, argument="padding", kind=cs.SizeError),
    *mistakes("nothing left of a spec's output", ("ConvTranspose()",), {"input_shape": (1, 1, 1, 64), "padding": 3},
              {"padding": 0}, argument="padding", axis=0, kind=cs.SizeError),
]  # fmt: skip
OUTPUT_PADDINGS: list[Mistake] = [
    *mistakes("output_padding too large", _SETTABLE, {"output_padding": 2}, {"output_padding": (1, 1)}, kind=cs.OutputShapeError),
    *mistakes("output_padding too large in one axis", _SETTABLE, {"output_padding": (1, 2)}, {"output_padding": (1, 1)},
              axis=1, kind=cs.OutputShapeError),
    *mistakes("negative output_padding", _SETTABLE, {"output_padding": -1}, {"output_padding": 1}),
    *mistakes("float output_padding", _SETTABLE, {"output_padding": 1.0}, {"output_padding": 1}),
    *mistakes("bool output_padding", _SETTABLE, {"output_padding": True}, {"output_padding": 1}),
    *mistakes("a word for output_padding", _SETTABLE, {"output_padding": "SAME"}, {"output_padding": 0}),
    *mistakes("output_padding of the wrong length", _SETTABLE, {"output_padding": (1, 1, 1)}, {"output_padding": (1, 1)}),
    *mistakes("output_padding of the batch", _SETTABLE, {"output_padding": (1, 1, 0, 0)}, {"output_padding": (0, 1, 1, 0)}, axis=0),
]  # fmt: skip
LAYOUTS: list[Mistake] = [
    *mistakes("letters in the wrong order", WINDOWED, {"data_format": "NHCW"}, {"data_format": "NHWC"}),
    *mistakes("layout in small letters", WINDOWED, {"data_format": "nhwc"}, {"data_format": "NHWC"}),
    *mistakes("Keras's word", WINDOWED, {"data_format": "channels_last"}, {"data_format": "NHWC"}),
    *mistakes("layout of one axis", (*FORWARD, *TRANSPOSED), {"data_format": "NWC"}, {"data_format": "NHWC"}),
    *mistakes("layout of three axes", (*FORWARD, *TRANSPOSED), {"data_format": "NDHWC"}, {"data_format": "NHWC"}),
    *mistakes("empty layout", WINDOWED, {"data_format": ""}, {"data_format": "NHWC"}),
    *mistakes("layout a number", WINDOWED, {"data_format": 1}, {"data_format": "NHWC"}),
    *mistakes("layout a tuple", WINDOWED, {"data_format": ("N", "H", "W", "C")}, {"data_format": "NHWC"}),
    *mistakes("Keras's channels_first", ("conv_output",), {"data_format": "channels_first"},
              {"data_format": "NCHW", "input_shape": ("N", 32, 8, 8)}),
]  # fmt: skip
_SWAPPED = {"strides": 2, "padding": "SAME"}
PLACES: list[Mistake] = [
    *mistakes("strides and padding changed places", WINDOWED, {"strides": "SAME", "padding": 2}, _SWAPPED),
    *mistakes("padding in the place of strides", ("conv_output", "padding_amounts", "transpose_output"), {"strides": "SAME"},
              {"strides": 1}),
    *mistakes("padding in the place of a pool's strides", ("pool_output",), {"strides": "SAME"},
              {"strides": None, "padding": "SAME"}),
    *mistakes("strides and output_shape changed places", ("check_transpose",), {"strides": ("N", 16, 16, 32), "output_shape": 2},
              {"strides": 2, "output_shape": ("N", 16, 16, 32)}, axis=0),
    *mistakes("strides in full rank and output_shape changed places", ("check_transpose",),
              {"strides": ("N", 16, 16, 32), "output_shape": (1, 2, 2, 1)},
              {"strides": (1, 2, 2, 1), "output_shape": ("N", 16, 16, 32)}, axis=0),
    *mistakes("filter and strides changed places", ("conv_output", "transpose_output"), {"filter_shape": 2, "strides": FILTER},
              {"filter_shape": FILTER, "strides": 2}),
    *mistakes("input and filter changed places", ("conv_output",), {"filter_shape": FORWARD_INPUT, "input_shape": FILTER},
              {"input_shape": FORWARD_INPUT, "filter_shape": FILTER}, axis=0),
    *mistakes("input and filter changed places", ("transpose_output",), {"filter_shape": INPUT, "input_shape": FILTER},
              {"input_shape": INPUT, "filter_shape": FILTER}, axis=0),
    *mistakes("input and filter changed places, batch unknown", ("transpose_output",),
              {"filter_shape": (None, 8, 8, 64), "input_shape": FILTER},
              {"input_shape": (None, 8, 8, 64), "filter_shape": FILTER}, axis=0),
]  # fmt: skip
PADDING = (*PADDINGS, *OUTPUT_PADDINGS, *LAYOUTS, *PLACES)
