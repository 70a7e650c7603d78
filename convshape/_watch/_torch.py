"""PyTorch's functions and modules: asked for a diagnosis only once they have raised."""

from __future__ import annotations

import sys
from functools import wraps
from inspect import signature

from convshape._watch._notes import explain, refusal_of
from convshape.frameworks import torch as dialect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from convshape._watch._patches import Patches


def watch(patches: Patches) -> None:
    """Have the errors of ``torch.nn.functional``'s convolutions and pools, and of their modules, explained."""
    torch = sys.modules["torch"]
    functional, modules = sys.modules["torch.nn.functional"], sys.modules["torch.nn"]
    for name in dialect.__all__:
        checked = getattr(dialect, name)
        if isinstance(checked, type):
            module = getattr(modules, name)
            patches.put(module, "__init__", _explained_making(module.__init__, checked))
            patches.put(module, "forward", _explained_forward(module.forward, checked))
            continue
        for owner in (functional, torch):
            engine = getattr(owner, name, None)
            if callable(engine):
                patches.put(owner, name, _explained(engine, checked))


def _shape_or_value(value: Any) -> Any:
    """Return a tensor's shape; all else stays as it is."""
    shape = getattr(value, "shape", None)
    return value if shape is None else tuple(shape)


def _explained(engine: Callable[..., Any], checked: Callable[..., object]) -> Callable[..., Any]:
    @wraps(engine)
    def watched(*arguments: Any, **named: Any) -> Any:
        try:
            return engine(*arguments, **named)
        except Exception as error:
            shapes = [_shape_or_value(value) for value in arguments]
            others = {name: _shape_or_value(value) for name, value in named.items()}
            explain(error, refusal_of(lambda: checked(*shapes, **others)))
            raise

    return watched


def _explained_making(make: Callable[..., None], checked: type) -> Callable[..., None]:
    @wraps(make)
    def watched(module: Any, *arguments: Any, **named: Any) -> None:
        try:
            make(module, *arguments, **named)
        except Exception as error:
            explain(error, refusal_of(lambda: checked(*arguments, **named)))
            raise

    return watched


def _explained_forward(forward: Callable[..., Any], checked: type) -> Callable[..., Any]:
    names = [name for name in signature(checked).parameters if name != "bias"]

    @wraps(forward)
    def watched(module: Any, *arguments: Any, **named: Any) -> Any:
        try:
            return forward(module, *arguments, **named)
        except Exception as error:
            made = {name: vars(module)[name] for name in names if name in vars(module)}
            shapes = [_shape_or_value(value) for value in arguments]
            others = {name: _shape_or_value(value) for name, value in named.items()}
            explain(error, refusal_of(lambda: checked(**made)(*shapes, **others)))
            raise

    return watched
