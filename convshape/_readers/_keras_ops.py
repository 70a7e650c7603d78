"""Functions of ``keras.ops`` in a model: what each is in a network, made of its configuration and of one call."""

from __future__ import annotations

from convshape._networks._dense import Reshape
from convshape._networks._fixed import AdaptivePool
from convshape._networks._joins import Concat
from convshape._networks._plain import Activation
from convshape._networks._resizing import ZeroPadding
from convshape._readers._keras_blocks import Elementwise, Reduced
from convshape._readers._keras_slices import WHOLE, Inserted, Shuffled, Sliced, Squeezed
from convshape._readers._keras_turned import Turned
from convshape._readers._keras_values import integers
from convshape._show import kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from convshape._networks._block import Block
    from convshape._readers._keras_values import Entry

#: Functions of one tensor, element by element.
SAME = {
    "Abs", "Absolute", "Cast", "Ceil", "Celu", "Clip", "Copy", "Cos", "Elu", "Erf", "Exp", "Expm1", "Floor", "Gelu",
    "HardShrink", "HardSigmoid", "HardSilu", "HardTanh", "Identity", "Isfinite", "Isinf", "Isnan",
    "LeakyRelu", "Log", "Log10", "Log1p", "Log2", "LogSigmoid", "LogSoftmax", "LogicalNot", "Negative", "NanToNum",
    "OnesLike", "Reciprocal", "Relu", "Relu6", "Round", "Rsqrt", "Selu", "Sigmoid", "Sign", "Silu", "Sin",
    "SoftShrink", "Softmax", "Softplus", "Softsign", "SparsePlus", "Sqrt", "Square", "SquarePlus", "Squareplus",
    "StopGradient", "Tan", "Tanh", "TanhShrink", "Threshold", "ZerosLike",
}  # fmt: skip
#: Functions of two tensors, or of a tensor and a number.
_TWO = {
    "Add", "Arctan2", "Divide", "DivideNoNan", "Equal", "FloorDivide", "Greater", "GreaterEqual", "Less", "LessEqual",
    "LogicalAnd", "LogicalOr", "LogicalXor", "Logaddexp", "Maximum", "Minimum", "Mod", "Multiply", "NotEqual", "Power",
    "Subtract", "TrueDivide",
}  # fmt: skip
_REDUCING = {"Amax", "Amin", "Max", "Mean", "Min", "Prod", "Std", "Sum", "Var"}


def operation_of(entry: Entry, call: object, tensors: int) -> Block | None:
    """Return the block that a function is, None where it is not known, or raise the bare ``Refusal``."""
    if entry.kind in SAME:
        return Activation(entry.kind.lower())
    if entry.kind in _TWO:
        return _of_two(entry, call, tensors)
    if entry.kind in _REDUCING:
        return _reduced(entry)
    if entry.kind == "GetItem":
        return _sliced(call)
    maker = _MAKERS.get(entry.kind)
    return None if maker is None else maker(entry)


def _of_two(entry: Entry, call: object, tensors: int) -> Block | None:
    if tensors > 1:
        return Elementwise(entry.kind, False)
    arguments = call.get("args") if isinstance(call, dict) else None
    others = [one for one in arguments if not isinstance(one, dict)] if isinstance(arguments, list) else []
    alone = [one for one in others if type(one) in (int, float, bool)]
    if len(others) == len(alone) == 1:  # a number changes no shape; an array might, and is not read
        return Activation(f"{entry.kind.lower()} {alone[0]:.4g}")
    return None


def _reduced(entry: Entry) -> Block | None:
    axes, keepdims = entry.config.get("axis"), entry.config.get("keepdims", False)
    if axes is None:
        return None  # one number for the whole batch
    numbers = integers(axes)
    if numbers is None or type(keepdims) is not bool:
        entry.refuse(f"has axis {kind_of(axes)}, keepdims {kind_of(keepdims)}.", "numbers, and true or false")
    return Reduced(keepdims, numbers, entry.kind)


def _concatenate(entry: Entry) -> Block:
    return Concat(entry.config.get("axis", 0))  # type: ignore[arg-type]


def _reshape(entry: Entry) -> Block | None:
    shape = entry.config.get("newshape", entry.config.get("shape"))
    if not isinstance(shape, list | tuple) or len(shape) < 2:
        entry.refuse(f"has newshape {kind_of(shape)}.", "a list of sizes")
    batch, *rest = shape
    if batch not in (-1, None):
        return None  # the batch is mixed with other axes, or fixed
    return Reshape([-1 if one is None else one for one in rest])


def _transpose(entry: Entry) -> Block | None:
    axes = integers(entry.config.get("axes"))
    if not axes or axes[0] != 0:
        return None
    return Turned(axes[1:])


def _pad(entry: Entry) -> Block | None:
    width = entry.config.get("pad_width")
    if not isinstance(width, list) or len(width) < 3 or width[0] != [0, 0] or width[-1] != [0, 0]:
        return None
    return ZeroPadding(width[1:-1])


def _sliced(call: object) -> Block | None:
    """Return ``x[...]``, None where an index is neither slices nor numbers or touches the batch."""
    arguments = call.get("args") if isinstance(call, dict) else None
    if not isinstance(arguments, list) or len(arguments) != 2 or not isinstance(arguments[1], list):
        return None
    written = _without_ellipsis(arguments[1], arguments[0])
    cuts = [_cut(one) for one in written]
    if None in cuts or cuts[:1] != [WHOLE]:
        return None
    return Sliced(tuple(cuts))  # type: ignore[arg-type]


def _without_ellipsis(written: list[Any], tensor: Any) -> list[Any]:
    """Return indices with whole slices in the place of an ellipsis: as many as the tensor's shape, which stands there, has."""
    config = tensor.get("config") if isinstance(tensor, dict) else None
    shape = config.get("shape") if isinstance(config, dict) else None
    spots = [
        place
        for place, one in enumerate(written)
        if isinstance(one, dict) and one.get("class_name") == "__ellipsis__"
    ]
    if len(spots) != 1 or not isinstance(shape, list) or not len(written) - 1 <= len(shape) <= 16:
        return written
    whole = {"class_name": "__slice__", "config": {}}
    return [*written[: spots[0]], *[whole] * (len(shape) - len(written) + 1), *written[spots[0] + 1 :]]


def _cut(written: object) -> tuple[int | None, int | None, int] | int | None:
    if type(written) is int:
        return written
    config = (
        written.get("config")
        if isinstance(written, dict) and written.get("class_name") == "__slice__"
        else None
    )
    if not isinstance(config, dict):
        return None
    start, stop, step = (config.get(name) for name in ("start", "stop", "step"))
    step = 1 if step is None else step
    if (
        any(one is not None and type(one) is not int for one in (start, stop))
        or type(step) is not int
        or not step
    ):
        return None
    return start, stop, step


def _expanded(entry: Entry) -> Block | None:
    axes = integers(entry.config.get("axis"))
    return Inserted(axes[0], 1, "ExpandDims") if axes and len(axes) == 1 else None


def _squeezed(entry: Entry) -> Block | None:
    axes = integers(entry.config.get("axis"))
    return Squeezed(axes) if axes else None


def _shuffled(entry: Entry) -> Block | None:
    block = entry.config.get("block_size")
    return Shuffled(block) if type(block) is int and 1 <= block <= 2**31 else None


def _resized(entry: Entry) -> Block:
    return AdaptivePool(entry.config.get("size"))  # type: ignore[arg-type]


_MAKERS: dict[str, Callable[[Entry], Block | None]] = {
    "Concatenate": _concatenate,
    "DepthToSpace": _shuffled,
    "ExpandDims": _expanded,
    "Pad": _pad,
    "Reshape": _reshape,
    "Resize": _resized,
    "Squeeze": _squeezed,
    "Transpose": _transpose,
}
