"""What the TensorFlow dialect accepts, the default build computes in the same shape.

What the dialect refuses is not run here: some of it ends the process (tests/oracle/deaths.py).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from convshape.frameworks import tensorflow as nn
from tests.oracle.test_tensorflow_dialect import answered, executed
from tests.oracle.test_tensorflow_dialect_sizes import CALLS, drawn


def disagreements(op: str, answer: Callable[[str, dict[str, Any]], Any]) -> tuple[list[str], int]:
    """Return the accepted calls on which an answer and the op differ, and how many were accepted."""
    rng, found, accepted = random.Random(op), [], 0
    for _ in range(CALLS):
        call = drawn(op, rng)
        ours = answer(op, call)
        if ours is None:
            continue
        accepted += 1
        theirs = executed(op, call)
        if ours != theirs:
            found.append(f"{op} {call}: ours {ours}, TensorFlow's {theirs}")
    return found, accepted


@pytest.mark.parametrize("op", nn.__all__)
def test_what_is_accepted_is_computed(op: str, record_property: Callable[[str, object], None]) -> None:
    found, accepted = disagreements(op, answered)
    record_property("examples accepted", accepted)
    assert found == []
    assert accepted > CALLS // 8


def test_a_size_one_too_large_is_found_out() -> None:
    def wrong(op: str, call: dict[str, Any]) -> Any:
        shape = answered(op, call)
        return shape and (*shape[:1], shape[1] + 1, *shape[2:])

    assert disagreements("conv2d", wrong)[0]
