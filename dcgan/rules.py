"""What a field of a config may be: a test, the same in words, and why. No TensorFlow here."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple


class Rule(NamedTuple):
    """What a field may be: a test, the same in words, and what its command-line option reads.

    Attributes:
        holds: True for a legal value; may raise TypeError for something that is not even comparable.
        legal: The legal values in words.
        reason: Why others are not.
    """

    holds: Callable[[Any], bool]
    legal: str
    reason: str


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _real(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


COUNT = Rule(lambda value: _whole(value) and value >= 1, "an integer of at least 1", "it counts things")
MAYBE_COUNT = Rule(lambda value: value is None or COUNT.holds(value), f"{COUNT.legal}, or None", COUNT.reason)
STRIDE = Rule(
    lambda value: _whole(value) and value >= 2,
    "an integer of at least 2",
    "each layer must shrink the map, and a transposed convolution takes its forward twin's stride: 2, not 1/2",
)
SEED = Rule(
    lambda value: _whole(value) and 0 <= value < 2**32,
    "an integer from 0 to 2**32 - 1",
    "pictures, weights and latents are all drawn from it, and NumPy takes no larger one",
)
POSITIVE = Rule(
    lambda value: _real(value) and value > 0, "a number above 0", "0 or less of it trains nothing"
)
SHARE = Rule(
    lambda value: _real(value) and 0 <= value < 1, "a number from 0 to below 1", "it is a share kept"
)
TEXT = Rule(
    lambda value: isinstance(value, str) and value != "", "a name or a folder", "pictures come from it"
)
SWITCH = Rule(lambda value: isinstance(value, bool), "True or False", "it is a switch")
FIT = Rule(
    lambda value: value in ("crop", "pad", "stretch"), "crop, pad or stretch", "these are the ways there are"
)
PRECISION = Rule(
    lambda value: value in ("float32", "bfloat16"), "float32 or bfloat16", "these are the types there are"
)
KERNELS = Rule(
    lambda value: value in ("fast", "plain"),
    "fast or plain",
    "there are dcgan's forms beside TensorFlow's, and TensorFlow's alone",
)
CHANNELS = Rule(
    lambda value: value is None or (_whole(value) and value in (1, 3)),
    "1, 3, or None",
    "pictures are grey or coloured",
)
SIZES = Rule(
    lambda value: (
        value is None or (isinstance(value, tuple) and len(value) == 2 and all(map(COUNT.holds, value)))
    ),
    "a pair (height, width), or None",
    "pictures have two sides",
)
LOSS = Rule(
    lambda value: value in ("non_saturating", "hinge", "least_squares"),
    "non_saturating, hinge or least_squares",
    "these are the games that the two networks can play",
)
STRATEGY = Rule(
    lambda value: value in ("none", "mirrored", "multi_worker"),
    "none, mirrored or multi_worker",
    "a step is taken on one device, on all of this machine, or on several machines",
)
WIDTHS = Rule(
    lambda value: (
        value is None or (isinstance(value, tuple) and value != () and all(map(COUNT.holds, value)))
    ),
    "one number of maps for each layer, as a tuple, or None",
    "each layer needs its own",
)
