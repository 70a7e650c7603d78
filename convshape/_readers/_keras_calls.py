"""Which tensors a layer was called with, in the forms that Keras writes: its third version's, and the lists before it."""

from __future__ import annotations

from convshape._readers._keras_values import broken
from convshape._show import kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

#: A tensor: the layer that made it, in which of its calls, and which of the call's results it is.
Tensor = tuple[str, int, int]
_DEEPEST = 12
# A mask is of the shape of what it belongs to, or of less; no output depends on it.
_NOT_DATA = ("mask", "training")


def tensors_of(call: object) -> list[Tensor]:
    """Return the tensors of one call, in their order."""
    if isinstance(call, dict):
        kwargs = call.get("kwargs")
        named = kwargs if isinstance(kwargs, dict) else {}
        return [
            *_inside(call.get("args")),
            *_inside([one for name, one in named.items() if name not in _NOT_DATA]),
        ]
    return list(listed(call))


def _inside(value: object, depth: int = 0) -> Iterator[Tensor]:
    """Yield the tensors in arguments: lists and dicts of them, however nested."""
    if depth > _DEEPEST:
        raise broken("a layer's arguments are nested too deeply.", "tensors, and lists and dicts of them")
    if isinstance(value, list):
        for one in value:
            yield from _inside(one, depth + 1)
    elif isinstance(value, dict):
        config = value.get("config")
        if value.get("class_name") == "__keras_tensor__":
            yield _history(config.get("keras_history") if isinstance(config, dict) else None)
        else:
            for name in sorted(value):  # as Keras flattens dicts
                yield from _inside(value[name], depth + 1)


def _history(value: object) -> Tensor:
    if isinstance(value, list) and len(value) >= 3:
        name, call, result = value[:3]
        if isinstance(name, str) and type(call) is int and type(result) is int and call >= 0 <= result:
            return name, call, result
    raise broken(f"a tensor comes from {kind_of(value)}.", "a layer's name and two numbers")


def listed(value: object, depth: int = 0) -> Iterator[Tensor]:
    """Yield the tensors of a list or dict of ``["name", 0, 0]``, however nested, or of one of them."""
    if depth > _DEEPEST:
        raise broken("a list of tensors is nested too deeply.", '["name", 0, 0], and lists of these')
    if isinstance(value, dict):
        value = [value[name] for name in sorted(value)]
    if not isinstance(value, list):
        raise broken(f"{kind_of(value)} stands for a tensor.", '["name", 0, 0], and lists of these')
    if value and isinstance(value[0], str):
        yield _history(value)
        return
    for one in value:
        yield from listed(one, depth + 1)
