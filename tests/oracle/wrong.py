"""Implementations that are wrong on purpose: each property has to fail for the ones that concern it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import convshape as cs
from tests.engines.operation import Operation, read

Change = Callable[[Any, Mapping[str, Any]], Any]


class Instead:
    """convshape, but for the verbs that are given.

    Args:
        verbs: A function of the call's arguments for each verb that is exchanged.
    """

    def __init__(self, **verbs: Callable[..., Any]) -> None:
        self.__dict__.update(verbs)

    def __getattr__(self, name: str) -> Any:
        return getattr(cs, name)


class Outputs:
    """An OutputSet made of any ranges, to be wrong with."""

    def __init__(self, operation: Operation, ranges: list[range]) -> None:
        self.ranges, self._operation = tuple(ranges), operation
        shapes = [()]
        for sizes in ranges:
            shapes = [(*shape, size) for shape in shapes for size in sizes]
        channels = operation.groups * operation.channels[0]
        self._shapes = [operation.laid_out((operation.input_shape[0], *shape, channels)) for shape in shapes]
        self.default = self._shapes[-1] if self._shapes else None

    def __iter__(self) -> Any:
        return iter(self._shapes)

    def __len__(self) -> int:
        return len(self._shapes)

    def __contains__(self, shape: object) -> bool:
        return shape in self._shapes


def with_result(verb: str, change: Change) -> Instead:
    """Return convshape with a verb whose result is changed by a function of the result and the call."""
    return Instead(**{verb: lambda **call: change(getattr(cs, verb)(**call), call)})


def with_arguments(verb: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Instead:
    """Return convshape with a verb that is asked about changed arguments."""
    return Instead(**{verb: lambda **call: getattr(cs, verb)(**{**call, **change(call)})})


def one_more(verb: str) -> Callable[[Any, Mapping[str, Any]], tuple[int, ...]]:
    """Off by one: the last spatial size is one larger."""

    def change(shape: Any, call: Mapping[str, Any]) -> tuple[int, ...]:
        operation = read(verb, call)
        *rest, size, channels = operation.canonical(shape)
        return operation.laid_out((*rest, size + 1, channels))

    return change


def one_off(shape: Any, call: Mapping[str, Any]) -> tuple[Any, ...]:
    """Off by one in the first entry after the batch, without reading the call; unknown sizes stay so."""
    return (shape[0], shape[1] if shape[1] is None else shape[1] + 1, *shape[2:])


def floor_for_ceil(shape: Any, call: Mapping[str, Any]) -> tuple[int, ...]:
    """Under SAME the forward size is ceil(i / s); this takes the floor."""
    operation = read("conv_output" if "filter_shape" in call else "pool_output", call)
    if operation.padding != "SAME":
        return tuple(shape)
    sizes = [size // stride for size, stride in zip(operation.sizes, operation.strides, strict=True)]
    made = operation.canonical(shape)
    return operation.laid_out((made[0], *sizes, made[-1]))


def swapped_filter(call: dict[str, Any]) -> dict[str, Any]:
    """Read the filter with its channels the other way round."""
    *kernel, one, other = call["filter_shape"]
    return {"filter_shape": (*kernel, other, one)}


def floor_for_ceil_outputs(**call: Any) -> Outputs:
    """The outputs of a twin that takes the floor under SAME: `[i * s, (i + 1) * s - 1]`."""
    return Outputs(
        operation := read("transpose_output", call),
        [range(i * s, (i + 1) * s) for i, s in zip(operation.sizes, operation.strides, strict=True)],
    )


def shifted_outputs(low: int, high: int) -> Callable[..., Outputs]:
    """Return a verb whose ranges begin `low` and end `high` too late."""

    def outputs(**call: Any) -> Outputs:
        ranges = cs.transpose_outputs(**call).ranges
        return Outputs(
            read("transpose_output", call), [range(max(1, r.start + low), r.stop + high) for r in ranges]
        )

    return outputs


def checking(outputs: Callable[..., Any]) -> Callable[..., tuple[int, ...]]:
    """Return a check_transpose that takes what a wrong transpose_outputs holds."""

    def check_transpose(*, output_shape: Any, **call: Any) -> tuple[int, ...]:
        if output_shape not in outputs(**call):
            cs.check_transpose(output_shape=None, **call)  # raises a ShapeError, as the real one does
        return tuple(output_shape)

    return check_transpose
