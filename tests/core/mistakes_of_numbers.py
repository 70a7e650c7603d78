"""Mistakes in strides, dilations, windows, groups and the other whole numbers."""

from __future__ import annotations

import numpy as np

import convshape as cs
from tests.core.calls import FILTER
from tests.core.mistake import FILTERS, FORWARD, POOLS, TRANSPOSED, WINDOWED, Mistake, mistakes

_NOT_CHECK = tuple(whole for whole in WINDOWED if whole != "check_transpose")
STRIDES: list[Mistake] = [
    *mistakes("stride 0.5", TRANSPOSED, {"strides": 0.5}, {"strides": 2}),
    *mistakes("stride 1/3", ("transpose_output", "ConvTranspose"), {"strides": 1 / 3}, {"strides": 3}),
    *mistakes("strides 0.5 per axis", TRANSPOSED, {"strides": (0.5, 0.5)}, {"strides": (2, 2)}, axis=0),
    *mistakes("strides 0.5 in full rank", TRANSPOSED, {"strides": [1, 0.5, 0.5, 1]}, {"strides": (1, 2, 2, 1)}, axis=1),
    *mistakes("stride 0.5, forward", (*FORWARD, *POOLS), {"strides": 0.5}, {"strides": 1}),
    *mistakes("stride 0", _NOT_CHECK, {"strides": 0}, {"strides": 1}),
    *mistakes("strides 0 in one axis", _NOT_CHECK, {"strides": (2, 0)}, {"strides": (2, 1)}, axis=1),
    *mistakes("negative stride", WINDOWED, {"strides": -2}, {"strides": 2}),
    *mistakes("negative stride in one axis", WINDOWED, {"strides": (2, -2)}, {"strides": (2, 2)}, axis=1),
    *mistakes("float stride", WINDOWED, {"strides": 2.0}, {"strides": 2}),
    *mistakes("float stride in one axis", WINDOWED, {"strides": (2, 2.0)}, {"strides": (2, 2)}, axis=1),
    *mistakes("numpy float stride", WINDOWED, {"strides": np.float32(2)}, {"strides": 2}),
    *mistakes("bool stride", _NOT_CHECK, {"strides": True}, {"strides": 1}),
    *mistakes("text stride", WINDOWED, {"strides": "2"}, {"strides": 2}),
    *mistakes("None stride", (*FORWARD, "transpose_output", "ConvTranspose"), {"strides": None}, {"strides": 1}),
    *mistakes("NaN stride", _NOT_CHECK, {"strides": float("nan")}, {"strides": 1}),
    *mistakes("one stride too few", WINDOWED, {"strides": (2,)}, {"strides": (2, 2)}),
    *mistakes("one stride too many", WINDOWED, {"strides": (2, 2, 2)}, {"strides": (2, 2)}),
    *mistakes("five strides", WINDOWED, {"strides": (1, 2, 2, 2, 1)}, {"strides": (2, 2)}),
    *mistakes("no strides", _NOT_CHECK, {"strides": ()}, {"strides": 1}),
    *mistakes("stride in the batch place", WINDOWED, {"strides": (2, 2, 1, 1)}, {"strides": (1, 2, 2, 1)}, axis=0),
    *mistakes("stride in the channel place", WINDOWED, {"strides": (1, 1, 2, 2)}, {"strides": (1, 2, 2, 1)}, axis=3),
    *mistakes("stride everywhere", WINDOWED, {"strides": (2, 2, 2, 2)}, {"strides": (1, 2, 2, 1)}, axis=0),
    *mistakes(
        "a shape where a stride belongs",
        ("transpose_output", "transpose_outputs"),
        {"strides": ("N", 16, 16, 32)},
        {"strides": (2, 2)},
        axis=0,
    ),
    *mistakes(
        "a shape of numbers where a stride belongs",
        ("transpose_output", "transpose_outputs"),
        {"strides": (1, 16, 16, 32)},
        {"strides": (2, 2)},
        axis=3,
    ),
    *mistakes("stride past int64", _NOT_CHECK, {"strides": 2**63}, None, kind=cs.SizeError),
]  # fmt: skip
DILATIONS: list[Mistake] = [
    *mistakes("dilation 0", WINDOWED, {"dilations": 0}, {"dilations": 1}),
    *mistakes("float dilation", WINDOWED, {"dilations": 1.0}, {"dilations": 1}),
    *mistakes("bool dilation", WINDOWED, {"dilations": (1, True)}, {"dilations": (1, 1)}, axis=1),
    *mistakes("None dilation", WINDOWED, {"dilations": None}, {"dilations": 1}),
    *mistakes("dilations of the wrong length", WINDOWED, {"dilations": (2, 2, 2)}, {"dilations": (2, 2)}),
    *mistakes("dilation in the batch place", WINDOWED, {"dilations": (2, 1, 1, 1)}, {"dilations": (1, 2, 2, 1)}, axis=0),
    *mistakes("dilated past int64", (*FORWARD, *TRANSPOSED), {"dilations": 2**62}, {"dilations": 1}, kind=cs.SizeError),
]  # fmt: skip
WINDOWS: list[Mistake] = [
    *mistakes("window 0", POOLS, {"window_shape": 0}, {"window_shape": 1}),
    *mistakes("negative window", POOLS, {"window_shape": -2}, {"window_shape": 2}),
    *mistakes("float window", POOLS, {"window_shape": 2.0}, {"window_shape": 2}),
    *mistakes("text window", POOLS, {"window_shape": "2"}, {"window_shape": 2}),
    *mistakes("no window", POOLS, {"window_shape": None}, {"window_shape": 1}),
    *mistakes("window in the batch place", POOLS, {"window_shape": (2, 2, 1, 1)}, {"window_shape": (1, 2, 2, 1)}, axis=0),
    *mistakes("window in the channel place", POOLS, {"window_shape": (1, 2, 2, 2)}, {"window_shape": (1, 2, 2, 1)}, axis=3),
    *mistakes("window of three axes for two", ("pool_output",), {"window_shape": (2, 2, 2)}, {"window_shape": (2, 2)}),
    *mistakes("window of six axes", ("Pool",), {"window_shape": (2,) * 6}, {"window_shape": (2, 2)}, kind=cs.RankError),
    *mistakes("ceil_mode a number", POOLS, {"ceil_mode": 1}, {"ceil_mode": True}),
    *mistakes("ceil_mode a word", POOLS, {"ceil_mode": "yes"}, {"ceil_mode": False}),
    *mistakes("ceil_mode None", POOLS, {"ceil_mode": None}, {"ceil_mode": False}),
]  # fmt: skip
_GROUPED = ("conv_output", "Conv", *TRANSPOSED, *FILTERS)
GROUPS: list[Mistake] = [
    *mistakes("groups 0", _GROUPED, {"groups": 0}, {"groups": 1}),
    *mistakes("negative groups", _GROUPED, {"groups": -1}, {"groups": 1}),
    *mistakes("float groups", _GROUPED, {"groups": 1.0}, {"groups": 1}),
    *mistakes("bool groups", _GROUPED, {"groups": True}, {"groups": 1}),
    *mistakes("None groups", _GROUPED, {"groups": None}, {"groups": 1}),
    *mistakes("groups per axis", _GROUPED, {"groups": (1, 1)}, {"groups": 1}),
    *mistakes("groups that do not divide", ("Conv", *TRANSPOSED, *FILTERS), {"groups": 3}, {"groups": 2}, kind=cs.ChannelError,
              but={"check_transpose": {"groups": 1}}),
    *mistakes("groups that do not divide", ("conv_output",), {"groups": 3}, {"groups": 1}, kind=cs.ChannelError),
]  # fmt: skip
FILTER_NUMBERS: list[Mistake] = [
    *mistakes("kernel 0", FILTERS, {"kernel_size": 0}, {"kernel_size": 1}),
    *mistakes("negative kernel", FILTERS, {"kernel_size": -5}, {"kernel_size": 5}),
    *mistakes("float kernel", FILTERS, {"kernel_size": 5.0}, {"kernel_size": 5}),
    *mistakes("bool kernel", FILTERS, {"kernel_size": True}, {"kernel_size": 1}),
    *mistakes("text kernel", FILTERS, {"kernel_size": "5"}, {"kernel_size": 5}),
    *mistakes("no kernel", FILTERS, {"kernel_size": None}, None),
    *mistakes("float kernel in one axis", FILTERS, {"kernel_size": (5, 5.0)}, {"kernel_size": (5, 5)}, axis=1),
    *mistakes("kernel 0 in one axis", FILTERS, {"kernel_size": (5, 0)}, {"kernel_size": (5, 5)}, axis=1, kind=cs.SizeError),
    *mistakes("a whole filter for a kernel", FILTERS, {"kernel_size": FILTER}, {"kernel_size": (5, 5)}, kind=cs.RankError),
    *mistakes("channels 0", FILTERS, {"in_channels": 0}, {"in_channels": 1}),
    *mistakes("negative channels", FILTERS, {"in_channels": -32}, {"in_channels": 32}),
    *mistakes("float channels", FILTERS, {"out_channels": 64.0}, {"out_channels": 64}),
    *mistakes("numpy float channels", FILTERS, {"out_channels": np.float64(64)}, {"out_channels": 64}),
    *mistakes("None channels", FILTERS, {"in_channels": None}, {"in_channels": 1}),
    *mistakes("channels past int64", FILTERS, {"in_channels": 2**63}, {"in_channels": 1}, kind=cs.SizeError),
]  # fmt: skip
NUMBERS = (*STRIDES, *DILATIONS, *WINDOWS, *GROUPS, *FILTER_NUMBERS)
