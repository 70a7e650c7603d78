"""An ONNX file, or a model of the ``onnx`` package, as a network: read, never run, its weights left where they are."""

from __future__ import annotations

from convshape._errors import ArgumentError
from convshape._readers._onnx_walk import OnnxWalk
from convshape._readers._wires import unread
from convshape._refusals import Refusal
from convshape._show import kind_of, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from convshape._networks._chain import Chain
    from convshape._networks._graph import Graph

# protobuf itself reads no message of 2 GiB; larger models have their weights in files beside them
_MOST_BYTES = 2**31 - 1
RULES = 'rules={"MyOp": function}, where function takes the node\'s attributes, a dict, and returns a spec, a layer or a chain'


def read_onnx(
    path_or_model: Any,
    rules: Mapping[str, Callable[[dict[str, object]], object]] | None = None,
) -> Chain | Graph:
    """Return the network that a model is, or raise the bare ``Refusal``.

    Args:
        path_or_model: A path to a file, or an ``onnx.ModelProto``.
        rules: For operators that are not known, by name, with their domain if it is not ONNX's own: functions from
            a node's attributes to a layer.
    """
    model = path_or_model if hasattr(path_or_model, "graph") else _loaded(path_or_model)
    try:
        walk = OnnxWalk(model, rules or {})
        output = walk.follow()
    except (AttributeError, TypeError) as error:
        raise _refused(f"the model is not whole: {error}.") from None
    if walk.found:
        raise unread("the model", walk.found, RULES)
    return walk.wiring.network(output)


def _loaded(path: Any) -> Any:
    """Return the model in a file: its graph, and those weights that stand in it."""
    try:
        import onnx
    except ImportError:
        raise _without() from None
    from os import PathLike, fspath
    from pathlib import Path

    if not isinstance(path, str | PathLike):
        raise _refused(f"the model is {kind_of(path)}.")
    try:
        size = Path(path).stat().st_size
    except (OSError, ValueError) as error:
        raise _refused(
            f"{show(fspath(path))} cannot be read: {getattr(error, 'strerror', None) or error}."
        ) from None
    if size > _MOST_BYTES:
        raise _refused(f"{show(fspath(path))} has {size} bytes, more than a message can have.")
    try:
        model = onnx.load(path, load_external_data=False)
    except Exception as error:  # noqa: BLE001 - protobuf raises what it likes of what is no model
        line = (str(error).splitlines() or [""])[0]
        raise _refused(f"{show(fspath(path))} is no ONNX model: {type(error).__name__}: {line}") from None
    if not model.graph.output or not model.graph.node:
        raise _refused(
            f"{show(fspath(path))} has no nodes or no outputs: it is no ONNX model, or an empty one."
        )
    return model


def _without() -> Refusal:
    return Refusal(
        "model",
        given=None,
        problem="the package onnx, which reads such files, is not installed.",
        legal='pip install "convshape[onnx]"',
        reason="an ONNX file is a protobuf message; convshape alone needs nothing but Python.",
        kind=ArgumentError,
    )


def _refused(problem: str) -> Refusal:
    return Refusal(
        "model",
        given=None,
        problem=problem,
        legal="the path of an ONNX file, or an onnx.ModelProto",
        reason="a model is read as the graph of nodes that it is.",
        kind=ArgumentError,
    )
