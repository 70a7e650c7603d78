"""ONNX's operators that move, join, cut and combine values, as layers of a network."""

from __future__ import annotations

from convshape._networks._amounts import amount, product
from convshape._networks._plain import Activation, Dropout
from convshape._networks._same import Same
from convshape._readers import _moving as moving
from convshape._readers._onnx_grid import Grid, many, numbers
from convshape._readers._onnx_sizes import expand, pad, resize, tile
from convshape._readers._wires import Constant, Unread, Wire
from convshape._readers._wiring import Wiring

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    Attributes = Mapping[str, Any]

UNARY = (
    "Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Cast", "CastLike", "Ceil", "Celu", "Clip", "Cos", "Cosh",
    "DequantizeLinear", "Elu", "Erf", "Exp", "Floor", "Gelu", "HardSigmoid", "HardSwish", "Hardmax", "IsInf", "IsNaN", "LRN",
    "LeakyRelu", "Log", "LogSoftmax", "LpNormalization", "MeanVarianceNormalization", "Mish", "Neg", "Not", "QuantizeLinear",
    "Reciprocal", "Relu", "Round", "Selu", "Shrink", "Sigmoid", "Sign", "Sin", "Sinh", "Softmax", "Softplus", "Softsign",
    "Sqrt", "Swish", "Tan", "Tanh", "ThresholdedRelu",
)  # fmt: skip

BINARY = (
    "Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Sum", "Mean", "And", "Or", "Xor", "Equal", "Greater", "GreaterOrEqual",
    "Less", "LessOrEqual", "Mod", "Where",
)  # fmt: skip

REDUCTIONS = tuple(f"Reduce{one}" for one in ("Mean", "Sum", "Max", "Min", "Prod", "L1", "L2", "LogSum", "LogSumExp", "SumSquare"))  # fmt: skip


def reshape(wiring: Wiring, name: str, given: Attributes, x: Wire, target: object = None) -> Wire:
    """Read a ``Reshape``: 0 keeps a size, -1 is what is left."""
    wanted = many(target) if target is not None else tuple(map(amount, given["shape"]))
    told = []
    for place, one in enumerate(wanted):
        if one.number == 0 and given.get("allowzero", 0):
            raise Unread("it makes an axis of no element")
        told.append(x.size(place) if one.number == 0 else one)
    return moving.reshape(wiring, name, x, told)


def flatten(wiring: Wiring, name: str, given: Attributes, x: Wire) -> Wire:
    """Read a ``Flatten``: two axes, cut in front of ``axis``."""
    axis = int(given.get("axis", 1))
    if axis == 1:
        return moving.flatten(wiring, name, x, 1, -1)
    place = axis % x.rank if axis < 0 else axis
    front = amount(1)
    for size in x.all_sizes()[:place]:
        front = product(front, size)
    return moving.reshape(wiring, name, x, [front, amount(-1)])


def transpose(wiring: Wiring, name: str, given: Attributes, x: Wire) -> Wire:
    """Read a ``Transpose``."""
    return moving.transpose(wiring, name, x, given.get("perm") or range(x.rank - 1, -1, -1))


def _axes(given: Attributes, tensor: object) -> tuple[int, ...] | None:
    """Return axes, from an attribute or, in later versions, from an input."""
    if tensor is not None:
        return numbers(tensor)
    return given.get("axes")


def squeeze(wiring: Wiring, name: str, given: Attributes, x: Wire, axes: object = None) -> Wire:
    """Read a ``Squeeze``."""
    places = _axes(given, axes)
    if places is None:
        raise Unread("whether it leaves the batch out depends on the batch; give axes")
    return moving.squeeze(wiring, name, x, places, strict=True)


def unsqueeze(wiring: Wiring, name: str, given: Attributes, x: Wire, axes: object = None) -> Wire:
    """Read an ``Unsqueeze``."""
    return moving.unsqueeze(wiring, name, x, _axes(given, axes) or ())


def reduction(op: str) -> Callable[..., Wire]:
    """Return the reader of a reduction over axes."""

    def read(wiring: Wiring, name: str, given: Attributes, x: Wire, axes: object = None) -> Wire:
        places = _axes(given, axes)
        if not places:
            if given.get("noop_with_empty_axes", 0):
                return wiring.add(name, Same(op), x)
            raise Unread("it reduces all axes, the batch too")
        return moving.reduce(wiring, name, op, x, places, bool(given.get("keepdims", 1)))

    return read


def argument(wiring: Wiring, name: str, given: Attributes, x: Wire) -> Wire:
    """Read an ``ArgMax`` or an ``ArgMin``."""
    return moving.reduce(
        wiring, name, "ArgMax", x, (int(given.get("axis", 0)),), bool(given.get("keepdims", 1))
    )


def concat(wiring: Wiring, name: str, given: Attributes, *values: object) -> Wire:
    """Read a ``Concat``."""
    return moving.concat(wiring, name, values, int(given["axis"]))


def split(wiring: Wiring, name: str, given: Attributes, x: Wire, sizes: object = None) -> tuple[Wire, ...]:
    """Read a ``Split``."""
    axis = int(given.get("axis", 0))
    told = given.get("split") if sizes is None else numbers(sizes)
    if told is not None and len(told) != given["outputs"]:
        raise Unread("it has not as many outputs as pieces")
    if told is not None:
        return moving.pieces(wiring, name, x, axis, [amount(one) for one in told])
    count, size = int(given.get("num_outputs", given["outputs"])), x.size(axis).number
    if size is None or count != given["outputs"]:
        raise Unread("into which pieces it cuts depends on a size that is not known")
    return moving.pieces(wiring, name, x, axis, moving.equal_pieces(x, axis, -(-size // count)))


def cut(wiring: Wiring, name: str, given: Attributes, x: Wire, *ends: object) -> Wire:
    """Read a ``Slice``."""
    if ends:
        starts, stops = many(ends[0]), many(ends[1])
        axes = numbers(ends[2]) if len(ends) > 2 and ends[2] is not None else tuple(range(len(starts)))
        steps = numbers(ends[3]) if len(ends) > 3 and ends[3] is not None else (1,) * len(starts)
    else:
        starts, stops = (tuple(map(amount, given[end])) for end in ("starts", "ends"))
        axes, steps = given.get("axes") or tuple(range(len(starts))), (1,) * len(starts)
    sizes, needs = list(x.all_sizes()), []
    for first, last, axis, step in zip(starts, stops, axes, steps, strict=True):
        place = x.axis(axis)
        stop = None if last.number is not None and last.number >= 2**31 - 1 else last
        sizes[place], more = moving.sliced(sizes[place], None if first.number == 0 else first, stop, step)
        needs += more
    return wiring.shaped(name, "Slice", x, sizes, needs)


def gather(wiring: Wiring, name: str, given: Attributes, x: Wire, index: object) -> Wire:
    """Read a ``Gather`` of constant places along one axis."""
    if not isinstance(index, Constant | Grid):
        raise Unread("its indices depend on the input")
    new = map(amount, index.shape)
    place, sizes = x.axis(int(given.get("axis", 0))), x.all_sizes()
    return wiring.shaped(name, "Gather", x, [*sizes[:place], *new, *sizes[place + 1 :]])


def dropout(wiring: Wiring, name: str, given: Attributes, x: Wire, ratio: object = None, mode: object = None) -> tuple[Wire, Wire]:  # fmt: skip
    """Read a ``Dropout``."""
    share = given.get("ratio", 0.5)
    if isinstance(ratio, Constant) and ratio.values and len(ratio.values) == 1:
        share = ratio.values[0]
    made = wiring.add(name, Dropout(share) if 0 <= share < 1 else Same("Dropout"), x)
    return made, made


def unary(op: str) -> Callable[..., Wire]:
    """Return the reader of a function of each element."""
    return lambda wiring, name, given, x, *rest: wiring.add(name, Activation(op), x)


def combined(op: str) -> Callable[..., Wire | Constant]:
    """Return the reader of an operation of several values, element by element."""
    return lambda wiring, name, given, *values: moving.elementwise(
        wiring, name, op, [_tensor(one) for one in values]
    )


def _tensor(value: object) -> object:
    return Constant(value.shape) if isinstance(value, Grid) else value


SHAPES: dict[str, Callable[..., object]] = {
    **{op: unary(op) for op in UNARY},
    **{op: combined(op) for op in BINARY},
    **{op: reduction(op) for op in REDUCTIONS},
    **dict.fromkeys(("ArgMax", "ArgMin"), argument),
    **dict.fromkeys(("Resize", "Upsample"), resize),
    "Identity": lambda wiring, name, given, x: wiring.add(name, Same("Identity"), x),
    "Reshape": reshape, "Flatten": flatten, "Transpose": transpose, "Squeeze": squeeze, "Unsqueeze": unsqueeze,
    "Concat": concat, "Split": split, "Slice": cut, "Gather": gather, "Pad": pad, "Expand": expand, "Tile": tile,
    "Dropout": dropout,
}  # fmt: skip
