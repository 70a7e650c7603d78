"""Keras's layers: asked for a diagnosis once they have raised, in the words of the layer."""

from __future__ import annotations

import sys
from functools import wraps
from inspect import signature

from convshape._errors import ShapeError
from convshape._watch._notes import explain, refusal_of
from convshape.frameworks import keras as dialect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from convshape._watch._patches import Patches


def watch(patches: Patches) -> None:
    """Have the errors of Keras's convolutional, pooling and reshaping layers explained."""
    layers = sys.modules["keras"].layers
    for name in dialect.__all__:
        layer, checked = getattr(layers, name, None), getattr(dialect, name)
        if isinstance(layer, type) and layer.__name__ == name:  # not its aliases again
            patches.put(layer, "__init__", _explained_making(layer.__init__, checked))  # type: ignore[misc]
            patches.put(layer, "__call__", _explained_call(layer.__call__, checked))


def _explained_making(make: Callable[..., None], checked: Callable[..., Any]) -> Callable[..., None]:
    @wraps(make)
    def watched(self: Any, *arguments: Any, **named: Any) -> None:
        try:
            make(self, *arguments, **named)
        except Exception as error:
            explain(error, refusal_of(lambda: checked(*arguments, **named)))
            raise

    # Keras reads the constructor's signature when a layer is made (Operation.__new__ in keras/src/ops/operation.py).
    watched.__signature__ = signature(make)  # type: ignore[attr-defined]
    return watched


def _explained_call(call: Callable[..., Any], checked: Callable[..., Any]) -> Callable[..., Any]:
    names = set(signature(checked).parameters)

    @wraps(call)
    def watched(self: Any, *arguments: Any, **named: Any) -> Any:
        try:
            return call(self, *arguments, **named)
        except Exception as error:
            inputs = arguments[0] if arguments else named.get("inputs")
            refusal = refusal_of(lambda: _ask(checked, names, self, inputs))
            if isinstance(error, ShapeError) and refusal is not None:
                raise refusal from error  # the call inside was refused before it started: told in the layer's words
            explain(error, refusal)
            raise

    return watched


def _ask(checked: Callable[..., Any], names: set[str], layer: Any, inputs: Any) -> None:
    """Ask the dialect's layer of the same configuration; it raises what it has against the inputs."""
    config = {name: value for name, value in layer.get_config().items() if name in names}
    checked(**config).compute_output_shape(tuple(inputs.shape))
