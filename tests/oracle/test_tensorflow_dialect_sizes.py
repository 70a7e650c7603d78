"""The TensorFlow dialect against the ops over random sizes: same shape, or both refuse.

The forms of the arguments are those that each op takes (test_tensorflow_dialect.py tries the others); sizes, kernels,
strides, dilations, paddings and wanted outputs are drawn, legal or not. A failure names the call; draws shrink by hand.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from convshape.frameworks import tensorflow as nn
from tests.engine_faults.tensorflow import FAULTS
from tests.oracle.test_tensorflow_dialect import _lacks, answered, executed

CALLS = 150
Call = dict[str, Any]
WITH_PAIRS = ("conv2d", "conv2d_transpose", "depthwise_conv2d", "separable_conv2d", "max_pool2d", "max_pool")


def drawn(op: str, rng: random.Random) -> Call:
    """Return a call of an op in a form that it takes, of random sizes."""
    rank = int(op[-2]) if op[-1] == "d" and op[-2].isdigit() else 2
    rank = int(op[4]) if op.startswith("conv") and op[4].isdigit() else rank
    if op in ("conv_transpose", "convolution", "pool", "max_pool", "avg_pool"):
        rank = rng.choice((1, 2, 3))
    sizes = [rng.randint(1, 7) for _ in range(rank)]
    kernel = [rng.randint(1, 4) for _ in range(rank)]
    strides = [rng.randint(1, 3)] * rank if "depthwise" in op or "separable" in op else [rng.randint(1, 3) for _ in range(rank)]  # fmt: skip
    padding: Any = rng.choice(("SAME", "VALID"))
    if op in WITH_PAIRS and rank == 2 and rng.random() < 0.3:
        padding = [[0, 0], *([rng.randint(0, 2), rng.randint(0, 2)] for _ in range(rank)), [0, 0]]
    x = (2, *sizes, 4)
    full = [1, *strides, 1]
    if op.startswith(("max_pool", "avg_pool")):
        return {"input": x, "ksize": kernel, "strides": strides, "padding": padding}
    if op == "pool":
        pooling = rng.choice(("MAX", "AVG"))
        return {
            "input": x,
            "window_shape": kernel,
            "pooling_type": pooling,
            "strides": strides,
            "padding": padding,
        }
    if "depthwise" in op:
        return {"input": x, "filter": (*kernel, 4, 2), "strides": full, "padding": padding}
    if "separable" in op:
        filters = {"depthwise_filter": (*kernel, 4, 2), "pointwise_filter": (1, 1, rng.choice((8, 8, 7)), 3)}
        return {"input": x, **filters, "strides": full, "padding": padding}
    if op == "atrous_conv2d":
        return {"value": x, "filters": (*kernel, 4, 3), "rate": rng.randint(1, 3), "padding": padding}
    call: Call = {"value" if "atrous" in op else "input": x, "filters": (*kernel, rng.choice((4, 4, 3)), 4)}
    if op == "atrous_conv2d_transpose":
        call["rate"] = rng.randint(1, 3)
        strides = [1] * rank
    elif op == "conv1d":
        call["stride"] = strides
    else:
        call["strides"] = full if rank == 3 and "convolution" not in op else strides
    if "transpose" in op:
        made = [max(1, size * step + rng.choice((0, 0, 0, -1, 1, k - 1, k - step))) for size, step, k in zip(sizes, strides, kernel, strict=True)]  # fmt: skip
        call["output_shape"] = (2, *made, call["filters"][-2])
    elif "convolution" in op and rng.random() < 0.3:
        call |= {"strides": [1] * rank, "dilations": [rng.randint(1, 2) for _ in range(rank)]}
    return {**call, "padding": padding}


def disagreements(op: str, answer: Callable[[str, Call], Any]) -> tuple[list[str], int]:
    """Return the calls on which an answer and the op differ, and how many calls were legal in both."""
    rng, found, legal = random.Random(op), [], 0
    for _ in range(CALLS):
        call = drawn(op, rng)
        ours, theirs = answer(op, call), executed(op, call)
        legal += ours == theirs is not None
        named = any(fault.covers(op, call) for fault in FAULTS)
        if ours != theirs and not named and not (theirs is None and _lacks(op, call)):
            found.append(f"{op} {call}: ours {ours}, TensorFlow's {theirs}")
    return found, legal


@pytest.mark.parametrize("op", nn.__all__)
def test_same_shape_or_both_refuse(op: str, record_property: Callable[[str, object], None]) -> None:
    found, legal = disagreements(op, answered)
    record_property("examples legal", legal)
    assert found == []
    assert legal > CALLS // 8


@pytest.mark.parametrize("op", ["conv2d", "conv3d_transpose", "avg_pool2d", "separable_conv2d"])
def test_a_size_one_too_large_is_found_out(op: str) -> None:
    def wrong(op: str, call: Call) -> Any:
        shape = answered(op, call)
        return shape and (shape[0], shape[1] + 1, *shape[2:])

    assert disagreements(op, wrong)[0]
