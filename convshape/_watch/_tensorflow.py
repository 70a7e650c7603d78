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

    @wraps(engine)
    def watched(*arguments: Any, **named: Any) -> Any:
        given = {**dict(zip(names, arguments, strict=False)), **named}
        refusal = _refusal(tf, checked, given)
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


def _refusal(tf: Any, checked: Callable[..., object], given: dict[str, Any]) -> ShapeError | None:
    """Return what convshape has against a call, or None where it has nothing or cannot tell."""
    seen: dict[str, object] = {}
    for name, value in given.items():
        if name in TENSORS:
            seen[name] = _shape_of(value)
            if seen[name] is None:
                return None
        else:
            seen[name], known = _value_of(tf, value)
            if not known:
                return None
    return refusal_of(lambda: checked(**seen))


def _shape_of(value: Any) -> tuple[int | None, ...] | None:
    """Return a tensor's shape as far as it is known; None for an unknown rank, or for what is no tensor."""
    shape = getattr(value, "shape", None)
    if shape is None and isinstance(value, (list, tuple, int, float)):
        return tuple(sys.modules["numpy"].shape(value))
    if shape is None or getattr(shape, "rank", 0) is None:
        return None
    return tuple(shape)


def _value_of(tf: Any, value: Any) -> tuple[object, bool]:
    """Return an argument that is no tensor, or a tensor's values where they are known, and whether they are."""
    if tf.is_tensor(value):
        static = tf.get_static_value(value)
        return (None, False) if static is None else (static.tolist(), True)
    entries = value if isinstance(value, (list, tuple)) else ()
    if any(tf.is_tensor(entry) for entry in entries):
        parts = [tf.get_static_value(entry) if tf.is_tensor(entry) else entry for entry in entries]
        if any(part is None for part in parts):
            return None, False
        return [part.item() if hasattr(part, "item") else part for part in parts], True
    return value, True


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
