"""The TensorFlow dialect against the ops: each form of each argument is executed, and both take it or both refuse it."""

from __future__ import annotations

import inspect
import itertools
from typing import Any

import pytest

import convshape as cs
from convshape.frameworks import tensorflow as nn
from tests.engine_faults.tensorflow import FAULTS
from tests.engines.tensorflow_ops import refusals, tensorflow, zeros

TENSORS = ("input", "value", "filters", "filter", "depthwise_filter", "pointwise_filter")
X = {1: (2, 8, 4), 2: (2, 8, 9, 4), 3: (2, 8, 9, 7, 4)}
K = {1: (3,), 2: (3, 3), 3: (3, 3, 3)}
P4 = [[0, 0], [1, 1], [2, 0], [0, 0]]
PADDINGS = ["SAME", "VALID", "same", "EXPLICIT", P4, [[0, 0], [1, 1], [0, 0]], [[1, 1], [1, 1]], [1, 1], 1, None,
            [[0, 0], [-1, 1], [1, 1], [0, 0]], [[0, 0], [9, 9], [1, 1], [0, 0]], [[0, 0], [1], [1, 1], [0, 0]]]  # fmt: skip
STEPS = [
    1,
    2,
    [2],
    [1, 2],
    [2, 2],
    [1, 2, 1],
    [2, 2, 2],
    [1, 2, 2, 1],
    [1, 1, 2, 2],
    [1, 2, 2, 2, 1],
    0,
    -1,
    "2",
]


def base(op: str) -> dict[str, Any]:
    """Return a plain legal call of an op."""
    if op.startswith(("max_pool", "avg_pool")):
        rank = int(op[8]) if len(op) > 8 else 2
        return {"input": X[rank], "ksize": 3, "strides": 1, "padding": "SAME"}
    if op == "pool":
        return {"input": X[2], "window_shape": [2, 2], "pooling_type": "MAX"}
    if op in ("depthwise_conv2d", "separable_conv2d"):
        call: dict[str, Any] = {"input": X[2], "strides": [1, 1, 1, 1], "padding": "SAME"}
        if op == "depthwise_conv2d":
            return {**call, "filter": (3, 3, 4, 2)}
        return {**call, "depthwise_filter": (3, 3, 4, 2), "pointwise_filter": (1, 1, 8, 3)}
    if op.startswith("atrous"):
        call = {"value": X[2], "filters": (3, 3, 4, 4), "rate": 2, "padding": "SAME"}
        return {**call, "output_shape": (2, 8, 9, 4)} if "transpose" in op else call
    rank = int(op[4]) if op[4].isdigit() else 2
    call = {"input": X[rank], "filters": (*K[rank], 4, 4), "padding": "SAME"}
    if "transpose" in op:
        call["output_shape"] = X[rank]
    call["stride" if op == "conv1d" else "strides"] = [1] * 5 if op == "conv3d" else 1
    return call


def calls() -> list[tuple[str, dict[str, Any]]]:
    """Return every op with each argument in each form, one changed at a time, paddings with dilations too."""
    found = []
    for op in nn.__all__:
        call = base(op)
        found.append((op, call))
        names = inspect.signature(getattr(nn, op)).parameters
        for name in ("stride", "strides", "ksize", "window_shape", "rate", "dilations"):
            if name in names:
                found += [(op, {**call, name: steps}) for steps in STEPS]
        found += [(op, {**call, "padding": padding}) for padding in PADDINGS]
        if "dilations" in names and "transpose" not in op and op != "conv3d":
            spread: Any = [2, 2] if op in ("depthwise_conv2d", "separable_conv2d", "pool") else 2
            found += [(op, {**call, "dilations": spread, "padding": padding}) for padding in PADDINGS[:6]]
        if "output_shape" in names:
            x = call["output_shape"]
            wrong = [
                x[1:-1],
                x[:-1],
                (3, *x[1:]),
                (*x[:-1], 5),
                (None, *x[1:]),
                (-1, *x[1:]),
                (2, x[1] - 1, *x[2:]),
            ]
            found += [(op, {**call, "output_shape": shape}) for shape in wrong]
        if "rate" in names:
            found += [(op, {**call, "rate": 1, "padding": padding}) for padding in PADDINGS[:5]]
    return found


def executed(op: str, call: dict[str, Any]) -> tuple[int, ...] | None:
    """Return the shape of the op's result on zeros, or None if it refuses or the result is empty."""
    given = {name: zeros(value) if name in TENSORS else value for name, value in call.items()}
    try:
        shape = tuple(getattr(tensorflow().nn, op)(**given).shape)
    except (*refusals(), AttributeError):
        return None
    return None if 0 in shape else shape


def answered(op: str, call: dict[str, Any]) -> tuple[Any, ...] | None:
    """Return the dialect's answer, or None if it refuses."""
    try:
        return getattr(nn, op)(**call)
    except cs.ShapeError:
        return None


#: What the native CPU kernels cannot compute; XLA can.
LACKS = (
    "Current CPU implementations do not yet support",
    "Current CPU implementation does not yet support",
    "only supports equal length",
    "currently only supports dilated",
)


def disagreements(answer: Any) -> list[str]:
    """Return the calls on which an answer and the op differ, less the named faults and what the CPU lacks."""
    found = []
    for op, call in calls():
        ours, theirs = answer(op, call), executed(op, call)
        if ours == theirs or any(fault.covers(op, call) for fault in FAULTS):
            continue
        if theirs is None and _lacks(op, call):
            continue
        found.append(f"{op} {call}: ours {ours}, TensorFlow's {theirs}")
    return found


def _lacks(op: str, call: dict[str, Any]) -> bool:
    given = {name: zeros(value) if name in TENSORS else value for name, value in call.items()}
    try:
        getattr(tensorflow().nn, op)(**given)
    except refusals() as error:
        return any(words in str(error) for words in LACKS)
    return False


def test_both_take_a_call_or_both_refuse_it() -> None:
    assert disagreements(answered) == []


def test_a_wrong_rule_fails() -> None:
    """A dialect that takes words in any case, or is off by one, is found out."""

    def any_case(op: str, call: dict[str, Any]) -> Any:
        padding = call.get("padding", "VALID")
        return answered(op, {**call, "padding": padding.upper()} if isinstance(padding, str) else call)

    assert disagreements(any_case)


@pytest.mark.parametrize("op", nn.__all__)
def test_signature_is_the_ops(op: str) -> None:
    ours = [p for p in inspect.signature(getattr(nn, op)).parameters.values() if p.name != "groups"]
    theirs = list(inspect.signature(getattr(tensorflow().nn, op)).parameters.values())
    assert [(p.name, p.default) for p in ours] == [(p.name, p.default) for p in theirs]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault_is_still_so(fault: Any) -> None:
    assert executed(*fault.call) == fault.engine_does
    assert answered(*fault.call) == fault.we_do


def test_every_fix_is_taken() -> None:
    count = 0
    for op, call in calls():
        try:
            getattr(nn, op)(**call)
        except cs.ShapeError as error:
            for fix in itertools.chain([error.fix] if error.fix else [], error.alternatives):
                getattr(nn, op)(**{**call, **fix})
                count += 1
    assert count > 300
