"""The properties of sizes, each a function of the implementation that is on trial and one call."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping
from typing import Any

from convshape import ShapeError
from tests.engines.operation import Operation, read
from tests.engines.tensorflow_engine import accepts, oracle_shape, path_of
from tests.engines.tensorflow_ops import EngineRefused, tensorflow

Call = Mapping[str, Any]
#: Paths on which one shape costs too much to try the whole grid of candidates: about 50 ms against 0.3.
SLOW = ("transpose compiled", "transpose by groups")


def output_is_executed(implementation: Any, call: Call, *, verb: str, pool: str = "max") -> None:
    """The shape that a forward verb returns is the shape of the op's result."""
    said = getattr(implementation, verb)(**call)
    try:
        made = oracle_shape(verb, call, pool=pool)
    except EngineRefused as refusal:
        raise AssertionError(f"said {said}, but the op refuses: {refusal}") from refusal
    assert said == made, f"said {said}, the op made {made}"


def transpose_output_is_taken(implementation: Any, call: Call) -> None:
    """The op takes the default output as its output_shape, and makes it."""
    said = implementation.transpose_output(**call)
    operation = read("transpose_output", call)
    assert accepts(operation, operation.canonical(said)), f"the op does not take {said}"


def default_is_keras(implementation: Any, call: Call) -> None:
    """The default output under SAME and VALID is what Keras makes when it is told no output_padding."""
    tensorflow()
    import keras

    operation = read("transpose_output", call)
    made = keras.ops.conv_transpose(
        keras.ops.zeros(operation.input_shape),
        keras.ops.zeros(operation.filter_shape),
        operation.strides,
        padding=operation.padding.lower(),
    )
    said = implementation.transpose_output(**call)
    assert said == tuple(made.shape), f"said {said}, Keras made {tuple(made.shape)}"


def accepts_exactly(implementation: Any, call: Call) -> None:
    """Of all candidates around the legal range, check_transpose takes what the op takes and nothing else."""
    operation = read("transpose_output", call)
    for candidate, taken in judged(operation).items():
        shape = operation.laid_out(candidate)
        try:
            said = implementation.check_transpose(**call, output_shape=shape)
        except ShapeError as refusal:
            assert not taken, f"the op takes {shape}, refused with: {refusal}"
        else:
            assert taken, f"the op does not take {shape}"
            assert said == shape and type(said) is tuple


def outputs_are_the_accepted(implementation: Any, call: Call) -> None:
    """transpose_outputs holds exactly the shapes that the op takes, in growing order."""
    operation = read("transpose_output", call)
    outputs = implementation.transpose_outputs(**call)
    members, verdicts = list(outputs), judged(operation)
    taken = {operation.laid_out(shape) for shape, verdict in verdicts.items() if verdict}
    assert taken <= set(members), f"the op takes {sorted(taken - set(members))} too"
    if path_of(operation).name in SLOW:
        assert not {operation.laid_out(shape) for shape in verdicts} & set(members) - taken
    else:
        assert len(outputs) == len(taken), f"{len(outputs)} members, the op takes {len(taken)}"
    assert len(members) == len(outputs) == len(set(members)) and members == sorted(members)
    assert all(
        (shape in outputs) == verdicts[operation.canonical(shape)]
        for shape in map(operation.laid_out, verdicts)
    )
    spatial = [tuple(operation.canonical(shape)[1:-1]) for shape in members]
    assert spatial == list(itertools.product(*outputs.ranges))
    assert outputs.default in members or (outputs.default is None and operation.explicit)


def batch_and_channels_are_its_own(implementation: Any, call: Call) -> None:
    """An output_shape of another batch or other channels is taken by neither."""
    operation = read("transpose_output", call)
    batch, *spatial, channels = operation.canonical(next(iter(implementation.transpose_outputs(**call))))
    others = [
        (batch + 1, *spatial, channels),
        (batch, *spatial, channels + 1),
        (batch, *spatial, 2 * channels),
    ]
    others += [(batch - 1, *spatial, channels)] if batch else []
    for candidate in others:
        shape = operation.laid_out(candidate)
        try:
            implementation.check_transpose(**call, output_shape=shape)
        except ShapeError:
            said = False
        else:
            said = True
        assert said == accepts(operation, candidate), f"{shape}: {said} is not what the op says"


def forward_undoes_transpose(implementation: Any, call: Call) -> None:
    """The forward twin takes each member of transpose_outputs back to the input; the last is executed."""
    outputs = list(implementation.transpose_outputs(**call))
    assert outputs
    for output in outputs:
        twin = {**call, "input_shape": output}
        back = implementation.conv_output(**twin)
        assert back == tuple(call["input_shape"]), f"{output} goes back to {back}"
    assert oracle_shape("conv_output", twin) == tuple(call["input_shape"])


def output_padding_counts(implementation: Any, call: Call) -> None:
    """Output_padding p makes the p-th smallest size of each axis that the op takes."""
    operation = read("transpose_output", call)
    amounts = range(min(operation.strides))
    said = [operation.canonical(implementation.transpose_output(**call, output_padding=p)) for p in amounts]
    first = said[0]
    for axis in range(1, operation.rank + 1):
        if first[axis] > 1:
            below = (*first[:axis], first[axis] - 1, *first[axis + 1 :])
            assert not accepts(operation, below), f"{first} is not the smallest on axis {axis}"
    for amount, shape in zip(amounts, said, strict=True):
        assert shape[1:-1] == tuple(size + amount for size in first[1:-1])
        assert accepts(operation, shape), f"output_padding {amount}: the op does not take {shape}"


@functools.lru_cache(maxsize=4)
def judged(operation: Operation) -> dict[tuple[int, ...], bool]:
    """Ask the op about every candidate around the legal range: `(N, *spatial, C)` to whether it takes it.

    The range itself is only where we look, two sizes further on either side; a wrong range would show.
    """
    channels = operation.groups * operation.channels[0]
    around = [_around(operation, axis) for axis in range(operation.rank)]
    if path_of(operation).name in SLOW:
        largest = [sizes[-3] for sizes in around]  # legal: the last two are the ones beyond the range
        grid = {
            (*largest[:axis], size, *largest[axis + 1 :])
            for axis, sizes in enumerate(around)
            for size in sizes
        }
    else:
        grid = set(itertools.product(*around))
    batch = operation.input_shape[0]
    return {
        (batch, *spatial, channels): accepts(operation, (batch, *spatial, channels))
        for spatial in sorted(grid)
    }


def _around(operation: Operation, axis: int) -> list[int]:
    size, stride = operation.sizes[axis], operation.strides[axis]
    extent = (operation.kernel[axis] - 1) * operation.dilations[axis] + 1
    padding = operation.padding
    reach = {"SAME": 1, "VALID": extent}[padding] if isinstance(padding, str) else extent - sum(padding[axis])
    smallest = (size - 1) * stride + reach
    return [wanted for wanted in range(smallest - 2, smallest + stride + 2) if wanted >= 1]
