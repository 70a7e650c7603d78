"""Values that have been seen where a number, a shape, a padding or a layout belongs."""

from __future__ import annotations

import numpy as np

#: Where a whole number belongs.
ENTRIES = (
    None, True, False, 0, -1, -2, 0.5, 1 / 3, 2.0, 2.5, float("nan"), float("inf"), np.float32(2),
    np.float64(4), np.bool_(True), np.int64(3), "2", "N", "", b"2", 2**31, 2**32 + 6, 2**63 - 1, 2**63, 2**70,
    (2,), [], {}, 1j, -(2**70), np.uint8(2), np.array(2), np.array([2]),
    object(), Ellipsis, slice(2), {2}, iter(()), len,
)  # fmt: skip
#: Where a shape, strides or padding belong; single entries too, of course.
WHOLES = (
    (), (1,), (2, 2), (1, 2, 2, 1), [8, 8, 64], (None, 8, 8, 64), ("N", 8, 8, 64), (1,) * 7, range(4), {2: 2},
    "SAME", "valid", "8,8", "(2, 8, 8, 3)", [[2, 2], [2, 2]], ((1, 1), (1, 1)), np.array([2, 2]),
    np.zeros((2, 2)), np.ones((1, 4, 4, 3), int), range(10**12), "x" * 10**5, [[]], (((),),), *ENTRIES,
)  # fmt: skip
MISSPELT = (
    "SMAE", "VALD", "same ", "S", "", "FULL", "CAUSAL", "EXPLICIT", "SAME_UPPER", "pad", "reflect", "0", "2",
)  # fmt: skip
LAYOUTS = (
    "NHWC", "NCHW", "NWC", "NCW", "NDHWC", "NCDHW", "nhwc", "NHCW", "channels_last", "channels_first", "",
)  # fmt: skip
