"""Every small line: all sizes, kernels, strides, dilations and paddings up to a bound, none left to chance.

A line is one spatial axis. In two dimensions each line is paired with a distant one, so that an axis that
listened to its neighbour would be heard.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

import convshape as cs
from tests.engines.operation import read
from tests.engines.tensorflow_engine import oracle_shape
from tests.engines.tensorflow_ops import EngineRefused
from tests.holding import Holder
from tests.oracle import wrong
from tests.oracle.properties import accepts_exactly

Line = tuple[int, int, int, int, Any]
PAIRS = ((0, 1), (1, 0), (2, 2), (0, 5))


def lines(
    sizes: int, kernels: int, strides: int, dilations: int, paddings: tuple[Any, ...]
) -> Iterator[Line]:
    """Yield `(size, kernel, stride, dilation, padding)` up to the bounds."""
    ranges = (range(1, bound + 1) for bound in (sizes, kernels, strides, dilations))
    return itertools.product(*ranges, paddings)


def paired(one: list[Line]) -> Iterator[tuple[Line, Line]]:
    """Pair each line with a distant one of the same kind of padding."""
    kinds: dict[str, list[Line]] = {}
    for line in one:
        kinds.setdefault(line[-1] if isinstance(line[-1], str) else "explicit", []).append(line)
    for members in kinds.values():
        half = len(members) // 2
        yield from zip(members, members[half:] + members[:half], strict=True)


def call_of(verb: str, *axes: Line) -> dict[str, Any]:
    """Return the call for one line an axis, one channel."""
    sizes, kernel, strides, dilations, padding = zip(*axes, strict=True)
    word = padding[0] if isinstance(padding[0], str) else padding
    call = {"input_shape": (1, *sizes, 1), "strides": strides, "padding": word, "dilations": dilations}
    return call | ({"window_shape": kernel} if verb == "pool_output" else {"filter_shape": (*kernel, 1, 1)})


def agree(implementation: Any, verb: str, call: dict[str, Any]) -> None:
    """Both make the same shape, or both refuse."""
    try:
        made: Any = oracle_shape(verb, call)
    except EngineRefused:
        made = "refused"
    try:
        said: Any = getattr(implementation, verb)(**call)
    except cs.ShapeError:
        said = "refused"
    assert said == made, f"{call}: said {said}, the op {made}"


def forward_grid(implementation: Any, verb: str) -> int:
    """Hold every small line and every pair of lines, and return their number."""
    every = list(lines(9, 5, 4, 2, ("SAME", "VALID", *(PAIRS if verb == "conv_output" else ()))))
    calls = [call_of(verb, line) for line in every]
    calls += [call_of(verb, *pair) for pair in paired(list(lines(7, 4, 3, 2, ("SAME", "VALID"))))]
    for call in calls:
        agree(implementation, verb, call)
    return len(calls)


def transposed_grid(implementation: Any) -> int:
    """Hold every candidate of every small line, and return the number of lines."""
    number = 0
    for line in lines(5, 5, 4, 1, ("SAME", "VALID", *PAIRS)):
        call = call_of("transpose_output", line)
        accepts_exactly(implementation, call)
        number += 1
    return number


@pytest.mark.parametrize("verb", ["conv_output", "pool_output"])
def test_every_forward_line(hold: Holder, verb: str) -> None:
    hold.count(f"grid of {verb}", forward_grid(cs, verb))


def test_every_transposed_line(hold: Holder) -> None:
    hold.count("grid of check_transpose, all candidates of", transposed_grid(cs))


def test_the_grid_reaches_both_sides() -> None:
    """Under VALID some kernels are larger than their input and some are not."""
    refused = 0
    for line in lines(9, 5, 4, 2, ("VALID",)):
        size, kernel, _, dilation, _ = line
        refused += size < (kernel - 1) * dilation + 1
    assert 0 < refused < 9 * 5 * 4 * 2


@pytest.mark.parametrize("verb", ["conv_output", "pool_output"])
@pytest.mark.parametrize("change", [wrong.floor_for_ceil, None], ids=["floor for ceil", "off by one"])
def test_a_wrong_formula_fails_the_grid(verb: str, change: Any) -> None:
    with pytest.raises(AssertionError):
        forward_grid(wrong.with_result(verb, change or wrong.one_more(verb)), verb)


@pytest.mark.parametrize("shift", [(0, 1), (0, -1), (1, 1)])
def test_a_wrong_set_fails_the_grid(shift: tuple[int, int]) -> None:
    outputs = wrong.shifted_outputs(*shift)
    with pytest.raises(AssertionError):
        transposed_grid(wrong.Instead(check_transpose=wrong.checking(outputs)))


def test_calls_are_read_as_they_are_written() -> None:
    operation = read("conv_output", call_of("conv_output", (9, 3, 2, 1, (0, 5)), (7, 2, 1, 2, (1, 0))))
    assert (operation.sizes, operation.kernel, operation.strides) == ((9, 7), (3, 2), (2, 1))
    assert (operation.dilations, operation.padding) == ((1, 2), ((0, 5), (1, 0)))
