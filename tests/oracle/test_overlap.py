"""How often each element is written: TensorFlow's own transposed convolutions of ones by ones, executed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import convshape as cs
from tests.engines.definition import define
from tests.engines.operation import read
from tests.engines.tensorflow_ops import call_op, tensorflow
from tests.holding import Holder, must_fail
from tests.oracle.wrong import Instead
from tests.strategies import check_calls, conv_calls, transpose_calls_with_extra

# What the native kernels execute as it is: explicit padding has no op in one and three dimensions.
EXECUTED: dict[str, Any] = {"channels_first": False, "max_groups": 1, "max_dilation": 1}


def table(found: Any) -> Any:
    """Return the number of every element: the product of its axes' counts."""
    counts = [np.array(axis, np.float64) for axis in found.counts]
    return math.prod(np.ix_(*counts)) if len(counts) > 1 else counts[0]


def plain(call: dict[str, Any]) -> dict[str, Any]:
    """Return the call on one picture with one channel, so that the values are counts."""
    spatial = call["input_shape"][1:-1]
    filter_shape = (*call["filter_shape"][:-2], 1, 1)
    changed = {**call, "input_shape": (1, *spatial, 1), "filter_shape": filter_shape, "groups": 1}
    if "output_shape" in call:
        changed["output_shape"] = (1, *call["output_shape"][1:-1], 1)
    return changed


def spec_of(call: dict[str, Any]) -> Any:
    """Return the spec that makes a call's output_shape."""
    arguments = {name: call[name] for name in ("filter_shape", "strides", "padding", "dilations")}
    smallest = cs.transpose_outputs(call["input_shape"], **arguments).ranges
    wanted = call["output_shape"][1:-1]
    extras = tuple(size - sizes.start for size, sizes in zip(wanted, smallest, strict=True) if sizes)
    return cs.ConvTranspose(**arguments, output_padding=extras)


def writes_what_is_counted(implementation: Any, call: dict[str, Any]) -> None:
    call = plain(call)
    tf, operation = tensorflow(), read("check_transpose", call)
    ones = tf.ones(operation.input_shape), tf.ones(operation.filter_shape)
    written = call_op(operation, "", *ones).numpy()[0, ..., 0]
    found = implementation.overlap(spec_of(call), call["input_shape"])
    np.testing.assert_array_equal(table(found), written)


def reads_what_is_counted(implementation: Any, call: dict[str, Any]) -> None:
    """The gradient of a sum of a convolution with ones: how often each element is read."""
    call = plain(call)
    tf, operation = tensorflow(), read("conv_output", call)
    picture, ones = tf.ones(operation.input_shape), tf.ones(operation.filter_shape)
    with tf.GradientTape() as tape:
        tape.watch(picture)
        total = tf.reduce_sum(call_op(operation, "", picture, ones))
    gradient = tape.gradient(total, picture).numpy()[0, ..., 0]
    arguments = {name: call[name] for name in ("filter_shape", "strides", "padding", "dilations")}
    found = implementation.overlap(cs.Conv(**arguments), call["input_shape"])
    np.testing.assert_array_equal(table(found), gradient)


def adds_up_what_is_counted(implementation: Any, call: dict[str, Any]) -> None:
    """The same against the definition, which has every dilation and padding."""
    call = plain(call)
    arguments = {name: value for name, value in call.items() if name != "input_shape"}
    spec = cs.ConvTranspose(**arguments)
    written = define(spec, np.ones(call["input_shape"]), np.ones(spec.filter_shape))[0, ..., 0]
    np.testing.assert_array_equal(table(implementation.overlap(spec, call["input_shape"])), written)


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_transposed_convolutions(hold: Holder, rank: int) -> None:
    kinds = ("SAME", "VALID", "explicit") if rank == 2 else ("SAME", "VALID")
    hold(writes_what_is_counted, cs, check_calls(ranks=(rank,), kinds=kinds, **EXECUTED), examples=200)


@pytest.mark.parametrize("rank", [1, 2])
def test_gradients_of_convolutions(hold: Holder, rank: int) -> None:
    kinds = ("SAME", "VALID", "explicit") if rank == 2 else ("SAME", "VALID")
    hold(reads_what_is_counted, cs, conv_calls(ranks=(rank,), kinds=kinds, **EXECUTED), examples=200)


def test_the_definition(hold: Holder) -> None:
    calls = transpose_calls_with_extra(channels_first=False, max_groups=1, roomy=True)
    hold(adds_up_what_is_counted, cs, calls, examples=300)


def test_a_wrong_count_is_found_out() -> None:
    class Shifted:
        """As if the odd element of SAME's padding went before."""

        def __init__(self, counts: Any) -> None:
            self.counts = tuple(axis[1:] + axis[:1] for axis in counts)

    wrong = Instead(overlap=lambda spec, shape: Shifted(cs.overlap(spec, shape).counts))
    same = check_calls(ranks=(2,), kinds=("SAME",), **EXECUTED)
    must_fail(writes_what_is_counted, wrong, same, examples=50)
    must_fail(reads_what_is_counted, wrong, conv_calls(ranks=(2,), kinds=("SAME",), **EXECUTED), examples=50)
    calls = transpose_calls_with_extra(channels_first=False, max_groups=1, roomy=True)
    must_fail(adds_up_what_is_counted, wrong, calls, examples=50)
