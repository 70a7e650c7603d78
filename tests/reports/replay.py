"""Calls out of bug reports, as the dialects take them: shapes in, a shape or a ShapeError out."""

from __future__ import annotations

from typing import Any

import convshape as cs
from convshape.frameworks import jax, keras, onnx, tensorflow, torch

# the names of the replays for what stands first in the real call
FIRST = ("input_shape", "lhs_shape")
SECOND = ("filter_shape", "weight_shape", "rhs_shape", "filters_shape")
HOMES = {
    "tf.nn": tensorflow,
    "keras.layers": keras,
    "torch.nn.functional": torch,
    "torch.nn": torch,
    "jax.lax": jax,
    "onnx": onnx,
}


def known(operation: str) -> bool:
    """Return whether a dialect has this operation; chains of layers are what their steps are."""
    home, _, name = operation.rpartition(".")
    return name == "network" or (home in HOMES and name in HOMES[home].__all__)


def frozen(value: Any) -> Any:
    """Return lists as tuples, all the way down."""
    return tuple(map(frozen, value)) if isinstance(value, list) else value


def replay(operation: str, arguments: dict[str, Any]) -> tuple[Any, ...]:
    """Return what the dialect says of a call."""
    home, _, name = operation.rpartition(".")
    arguments = {key: frozen(value) for key, value in arguments.items()}
    if name == "network":
        return _network(HOMES[{"keras": "keras.layers", "torch": "torch.nn"}[home]], **arguments)
    tensors = [arguments.pop(key) for keys in (FIRST, SECOND) for key in keys if key in arguments]
    called = getattr(HOMES[home], name)
    if isinstance(called, type):
        return called(**arguments)(*tensors)
    return called(*tensors, **arguments)


def _network(home: Any, input_shape: Any, steps: Any) -> tuple[Any, ...]:
    saved: dict[str, Any] = {}
    shape = input_shape
    for given in steps:
        step = {key: frozen(value) for key, value in given.items()}
        kind = step.pop("op")
        if kind == "save":
            saved[step["name"]] = shape
        elif "like" in step:
            size = saved[step.pop("like")][2:]
            shape = getattr(home, kind)(**step)(shape, output_size=size)
        else:
            shape = getattr(home, kind)(**step)(shape)
    return shape


def answer(operation: str, arguments: dict[str, Any]) -> tuple[Any, ...] | cs.ShapeError:
    """Return the shape, or the error in its place."""
    try:
        return replay(operation, arguments)
    except cs.ShapeError as error:
        return error
