"""Where Keras 3.15 on TensorFlow answers and the dialect refuses, on purpose."""

from __future__ import annotations

from typing import Any, NamedTuple


class Fault(NamedTuple):
    """One disagreement: a layer called with a shape, and what each side does."""

    engine: str
    version: str
    call: tuple[str, dict[str, Any], tuple[int, ...]]
    engine_does: tuple[int, ...]
    we_do: str
    why: str


KERAS = ("Keras", "3.15")
FAULTS = [
    Fault(
        *KERAS, ("MaxPooling1D", {"pool_size": 3}, (2, 2, 4)), (2, 0, 4), "refuse", "an empty pool, unsaid"
    ),
    Fault(*KERAS, ("AveragePooling2D", {"pool_size": 3}, (2, 2, 9, 4)), (2, 0, 3, 4), "refuse", "the same"),
    Fault(*KERAS, ("UpSampling1D", {"size": 2}, (2, 0, 4)), (2, 0, 4), "refuse", "an empty axis"),
    Fault(
        *KERAS,
        ("Conv2D", {"filters": 4, "kernel_size": True}, (2, 8, 8, 3)),
        (2, 8, 8, 4),
        "refuse",
        "a bool",
    ),
    Fault(
        *KERAS,
        ("MaxPooling2D", {"pool_size": 3, "strides": (2.5, 2)}, (2, 8, 8, 3)),
        (2, 3, 3, 3),
        "refuse",
        "a float stride, truncated",
    ),
    Fault(
        *KERAS,
        ("Conv2D", {"filters": 4, "kernel_size": {2, 3}}, (2, 8, 8, 3)),
        (2, 7, 6, 4),
        "refuse",
        "a set has no order",
    ),
    Fault(
        *KERAS, ("GlobalMaxPooling2D", {"keepdims": "yes"}, (2, 8, 8, 3)), (2, 1, 1, 3), "refuse", "no switch"
    ),
]
