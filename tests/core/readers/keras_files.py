"""Keras's configurations and files, written without Keras."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any


def layer(
    kind: str, name: str, *calls: Any, module: str = "keras.layers", build: Any = None, **config: Any
) -> dict[str, Any]:
    """Return a layer as Keras writes it; each call is the list of the layers that it takes, or a call as it is."""
    return {
        "module": module,
        "class_name": kind,
        "config": {"name": name, **config},
        "registered_name": None if module.startswith("keras") else f"Own>{kind}",
        "build_config": {"input_shape": build} if build else {},
        "name": name,
        "inbound_nodes": [
            {"args": [[tensor(one) for one in call]], "kwargs": {}} if isinstance(call, list) else call
            for call in calls
        ],
    }


def tensor(name: Any, call: int = 0, result: int = 0) -> dict[str, Any]:
    """Return a tensor as Keras writes it, of a layer's name; what is none stays as it is."""
    if isinstance(name, dict):
        return name
    return {"class_name": "__keras_tensor__", "config": {"keras_history": [name, call, result]}}


def start(name: str = "start", shape: Any = (None, 32, 32, 3)) -> dict[str, Any]:
    """Return an input layer."""
    return layer("InputLayer", name, batch_shape=list(shape))


def conv(name: str, *calls: Any, **config: Any) -> dict[str, Any]:
    """Return a convolution of 8 filters, 3x3."""
    return layer("Conv2D", name, *calls, **{"filters": 8, "kernel_size": [3, 3], **config})


def functional(
    layers: list[Any], output: Any = None, source: Any = ("start", 0, 0), name: str = "net"
) -> dict[str, Any]:
    """Return a functional model; its output is its last layer's unless told."""
    ends = [layers[-1]["name"], 0, 0] if output is None else output
    config = {"name": name, "layers": layers, "input_layers": list(source), "output_layers": ends}
    return {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": config,
        "name": name,
    }


def sequential(layers: list[Any], name: str = "net", **config: Any) -> dict[str, Any]:
    """Return a Sequential."""
    return {
        "module": "keras",
        "class_name": "Sequential",
        "config": {"name": name, "layers": layers, **config},
        "name": name,
    }


def written(path: Path, model: Any, **members: Any) -> Path:
    """Write a ``.keras`` file: of a model, or of the text or bytes that shall stand in config.json."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata.json", '{"keras_version": "3.15.1"}')
        archive.writestr("config.json", model if isinstance(model, str | bytes) else json.dumps(model))
        for name, content in members.items():
            archive.writestr(name, content)
    return path
