"""``tf.nn``'s functions, checked before they start, and the ``tf.function`` objects in which they run later."""

from __future__ import annotations

import sys
from collections import deque
from functools import wraps
from inspect import signature

from convshape._errors import OutputShapeError, RankError, ShapeError, SizeError
from convshape._reading import as_entries, as_index
from convshape._watch._notes import explain, refusal_of
from convshape.frameworks import tensorflow as dialect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from convshape._watch._patches import Patches

TENSORS = {"input", "value", "filters", "filter", "depthwise_filter", "pointwise_filter"}
_MOST_ELEMENTS = 2**63 - 1
_MOST_TRACED = 64
_PLAIN = {int, str, type(None), float, bool}


def watch(patches: Patches) -> None:
    """Have ``tf.nn``'s convolutions and pools checked, and what a ``tf.function`` raises explained."""
    tf = sys.modules["tensorflow"]
    # What tf.functions have traced that will be refused when it runs: TensorFlow's tracing lets most of it pass.
    traced: deque[ShapeError] = deque(maxlen=_MOST_TRACED)
    for name in dialect.__all__:
        engine, checked = getattr(tf.nn, name, None), getattr(dialect, name)
        if callable(engine):
            patches.put(tf.nn, name, _checked_first(tf, name, engine, checked, traced))
    function = type(tf.function(_nothing))
    patches.put(function, "__call__", _explained(function.__call__, traced))


def _nothing() -> None:
    pass


def _checked_first(
    tf: Any,
    name: str,
    engine: Callable[..., Any],
    checked: Callable[..., object],
    traced: deque[ShapeError],
) -> Callable[..., Any]:
    names = tuple(signature(checked).parameters)
    tensors = tuple(name in TENSORS for name in names)

    def ask(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        seen = [
            _shape_of(value) if tensor else _value_of(tf, value)
            for tensor, value in zip(tensors, arguments, strict=False)
        ]
        others = {
            name: _shape_of(value) if name in TENSORS else _value_of(tf, value)
            for name, value in named.items()
        }
        checked(*seen, **others)

    @wraps(engine)
    def watched(*arguments: Any, **named: Any) -> Any:
        refusal = refusal_of(ask, arguments, named)
        if refusal is not None and deadly(name, refusal):
            raise refusal
        try:
            result = engine(*arguments, **named)
        except Exception as error:
            explain(error, refusal)
            raise
        if refusal is not None and not tf.executing_eagerly():
            traced.append(refusal)
        return result

    return watched


class _NotKnown(Exception):
    """A shape or a value that is not known yet: the call cannot be judged."""


def _shape_of(value: Any) -> tuple[int | None, ...]:
    """Return a tensor's shape as far as it is known; a rank that is not known cannot be judged."""
    shape = getattr(value, "shape", None)
    if shape is None:
        return tuple(sys.modules["numpy"].shape(value))
    if getattr(shape, "rank", 0) is None:
        raise _NotKnown
    return tuple(shape)


def _value_of(tf: Any, value: Any) -> object:
    """Return an argument that is no tensor, or a tensor's values where they are known."""
    kind = type(value)
    if kind in _PLAIN or (kind in (tuple, list) and _PLAIN.issuperset(map(type, value))):
        return value
    if isinstance(value, (list, tuple)):
        return kind(_value_of(tf, entry) for entry in value) if kind in (list, tuple) else value
    if not tf.is_tensor(value):
        return value
    static = tf.get_static_value(value)
    if static is None:
        raise _NotKnown
    return static.tolist()


def deadly(name: str, refusal: ShapeError) -> bool:
    """Return whether the refused call may end the process in one of TensorFlow 2.21's builds.

    An ``output_shape`` of the wrong rank or with a size below 0 fails a CHECK of the oneDNN kernels
    (core/util/tensor_format.h and mkl_conv_grad_input_ops.cc); so does an input of the wrong rank. A stride of 0 in
    a ``tf.function``, and a maximum over a window that fits nowhere, divide by zero. An empty input of
    ``conv3d_transpose`` reads past its memory in the native kernel.
    """
    if refusal.argument == "output_shape":
        return _kills(refusal)
    if refusal.argument in ("strides", "stride"):
        numbers = as_entries(refusal.given) or (refusal.given,)
        return "transpose" in name and any(as_index(number) == 0 for number in numbers)
    if refusal.argument in ("input", "value"):
        if isinstance(refusal, RankError):
            return True
        if isinstance(refusal, SizeError):
            return name.startswith(("max_pool", "pool")) or name in ("conv3d_transpose", "conv_transpose")
    return False


def _kills(refusal: ShapeError) -> bool:
    entries = as_entries(refusal.given)
    if entries is None or refusal.axis is None:  # no shape at all, or one of the wrong length
        return isinstance(refusal, OutputShapeError)
    numbers = [as_index(entry) for entry in entries]
    elements = 1
    for number in numbers:
        elements *= max(1, number or 1)
    return elements > _MOST_ELEMENTS or any(number is not None and number < 0 for number in numbers[1:])


def _explained(call: Callable[..., Any], traced: deque[ShapeError]) -> Callable[..., Any]:
    @wraps(call)
    def watched(function: Any, *arguments: Any, **named: Any) -> Any:
        try:
            return call(function, *arguments, **named)
        except Exception as error:
            if not isinstance(error, ShapeError) and not getattr(error, "__notes__", None):
                # The error of an execution names the operation, not the place: what was refused of that name last.
                text = str(error)
                about = [one for one in traced if one.operation.rpartition(".")[2] in text]
                explain(error, about[-1] if about else None)
            raise

    return watched
