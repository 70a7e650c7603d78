"""Models of Keras for its reader: what their layers make, asked of Keras, and their files."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import keras

import convshape as cs
from convshape._networks._trace import Trace


def saved(model: Any, path: Path) -> Path:
    """Write a model as ``.keras`` without its weights, which may be hundreds of megabytes."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": keras.__version__}))
        archive.writestr("config.json", model.to_json())
    return path


def shapes_by_keras(model: Any, prefix: str = "") -> dict[str, tuple[Any, ...]]:
    """Return the output shape of every layer but inputs, by the names that the reader gives."""
    found: dict[str, tuple[Any, ...]] = {}
    for layer in getattr(model, "operations", model.layers):
        if isinstance(layer, keras.layers.InputLayer):
            continue
        if hasattr(layer, "layers"):
            found |= shapes_by_keras(layer, f"{prefix}{layer.name}.")
        else:
            found[f"{prefix}{layer.name}"] = tuple(layer.output.shape)
    return found


def at(model: Any, height: int, width: int, channels: int = 3) -> Any:
    """Return the same layers called with an input of another size."""
    return keras.models.clone_model(model, input_tensors=keras.Input((height, width, channels)))


def shapes_by_convshape(trace: Trace) -> dict[str, tuple[Any, ...]]:
    """Return the output shape of every layer by its name."""
    return {row.name: row.output_shape for row in trace.rows}


def counted(trace: Trace) -> int:
    """Return what Keras counts: what is learned and what is kept."""
    return trace.parameters + sum(row.statistics for row in trace.rows)


def input_of(model: Any) -> tuple[Any, ...]:
    """Return the shape that a model takes."""
    return tuple(model.inputs[0].shape)


def check(model: Any, network: cs.Chain | cs.Graph) -> None:
    """Hold every layer's shape, and the number of weights, against Keras's own."""
    trace = network.trace(input_of(model))
    assert shapes_by_convshape(trace) == shapes_by_keras(model)
    assert counted(trace) == model.count_params()
