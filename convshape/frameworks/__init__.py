"""One module a framework: its own names, argument names, order and defaults, with shapes in place of tensors.

    convshape.frameworks.tensorflow    tf.nn
    convshape.frameworks.keras         keras.layers
    convshape.frameworks.torch         torch.nn.functional and torch.nn
    convshape.frameworks.jax           jax.lax and flax.linen
    convshape.frameworks.onnx          the ONNX operators, as ONNX Runtime computes them

None of them imports its framework. Each turns the framework's arguments into one spec and asks the core; what
the framework refuses is refused, and so is what it gets wrong in silence.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["jax", "keras", "onnx", "tensorflow", "torch"]


def __getattr__(name: str) -> ModuleType:
    if name in __all__:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
