"""ONNX's operators with weights or windows as layers of a network, as ONNX Runtime computes them."""

from __future__ import annotations

from convshape._networks._constants import MatMul, WithConstant
from convshape._networks._dense import Dense
from convshape._networks._fixed import GlobalPool
from convshape._networks._same import BatchNormOf, Same
from convshape._networks._spec_block import SpecBlock
from convshape._readers._onnx_output import Wanted
from convshape._readers._wires import Constant, Unread, Wire
from convshape._readers._wiring import Wiring
from convshape.frameworks import _onnx_conv as forward
from convshape.frameworks import _onnx_pool as pools
from convshape.frameworks import _onnx_transposed as up
from convshape.frameworks._onnx_spec import ATTRIBUTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    Attributes = Mapping[str, Any]


def _told(op: str, given: Attributes) -> dict[str, Any]:
    """Return an operator's attributes, those that a node leaves out at their defaults."""
    return {name: given.get(name, default) for name, default in ATTRIBUTES[op].items()}


def _weight(value: object) -> Constant:
    if not isinstance(value, Constant):
        raise Unread("its weight is worked out")
    return value


def conv(wiring: Wiring, name: str, given: Attributes, x: Wire, w: object, b: object = None) -> Wire:
    """Read a ``Conv``."""
    told, weight = _told("Conv", given), _weight(w)
    spec = forward.forward_spec(weight.shape, None, **told)
    if b is not None:
        wiring.counts(_weight(b))
    return wiring.add(name, SpecBlock(spec, b is not None), x, again=not wiring.counts(weight))


def conv_transpose(wiring: Wiring, name: str, given: Attributes, x: Wire, w: object, b: object = None) -> Wire:  # fmt: skip
    """Read a ``ConvTranspose``; sizes that are asked for are checked against the input's."""
    told, weight = _told("ConvTranspose", given), _weight(w)
    bias = None if b is None else _weight(b)
    if bias is not None:
        wiring.counts(bias)
    new = wiring.counts(weight)
    plan = up.planned(weight.shape, None if bias is None else bias.shape, **told)
    if plan.sizes is None and plan.offsets is None:
        return wiring.add(name, SpecBlock(plan.spec, bias is not None), x, again=not new)
    attributes = tuple((key, one) for key, one in told.items() if one is not None)
    return wiring.add(name, Wanted(weight.shape, attributes, bias is not None), x, again=not new)


def pool(op: str) -> Callable[..., Wire | tuple[Wire, ...]]:
    """Return the reader of a ``MaxPool`` or an ``AveragePool``."""

    def read(wiring: Wiring, name: str, given: Attributes, x: Wire) -> Wire | tuple[Wire, ...]:
        told = _told(op, given)
        for flag in ("storage_order", "count_include_pad"):
            told.pop(flag, None)
        rank = len(told["kernel_shape"]) if told["kernel_shape"] is not None else x.rank - 2
        spec = pools.pool_spec(rank, **told)
        short = any(size < step for size, step in zip(spec.window_shape, spec.strides, strict=True))
        if spec.padding == "SAME" and op == "MaxPool" and short:
            raise Unread("SAME with a window smaller than its stride is refused at some sizes")
        made = wiring.add(name, SpecBlock(spec), x)
        return (made, made)

    return read


def lp_pool(wiring: Wiring, name: str, given: Attributes, x: Wire) -> Wire:
    """Read an ``LpPool``: an average pool in sizes."""
    told = {key: one for key, one in given.items() if key != "p"}
    made = pool("AveragePool")(wiring, name, told, x)
    return made[0] if isinstance(made, tuple) else made


def global_pool(wiring: Wiring, name: str, given: Attributes, x: Wire) -> Wire:
    """Read a pool over all spatial axes."""
    return wiring.add(name, GlobalPool(True), x)


def batch_norm(wiring: Wiring, name: str, given: Attributes, x: Wire, scale: object, b: object, mean: object, var: object) -> tuple[Wire, ...]:  # fmt: skip
    """Read a ``BatchNormalization``."""
    tensors = [_weight(one) for one in (scale, b, mean, var)]
    if len(tensors[0].shape) != 1:
        raise Unread("its scale is no list")
    news = [wiring.counts(one) for one in tensors[:2]]
    made = wiring.add(name, BatchNormOf(tensors[0].shape[0], True, True), x, again=not any(news))
    return (made,)


def norm(kind: str, first: int) -> Callable[..., Wire]:
    """Return the reader of a normalisation whose scale stands from position ``first`` on; 0 for the last axes."""

    def read(wiring: Wiring, name: str, given: Attributes, x: Wire, *tensors: object) -> Wire:
        known = [_weight(one) for one in tensors if one is not None]
        learned = tuple(
            (f"tensor_{place}", one.shape) for place, one in enumerate(known) if wiring.counts(one)
        )
        shape = known[0].shape if known else ()
        start = first or -len(shape)
        fits = tuple((start + place, size) for place, size in enumerate(shape) if size != 1 or first)
        return wiring.add(name, Same(kind, "", learned, fits if kind != "GroupNorm" else ()), x)

    return read


def gemm(wiring: Wiring, name: str, given: Attributes, a: object, b: object, c: object = None) -> Wire:
    """Read a ``Gemm`` with constant weights: a dense layer."""
    weight = _weight(b)
    if not isinstance(a, Wire) or given.get("transA", 0) or len(weight.shape) != 2:
        raise Unread("its first input is turned round or a constant")
    features, units = weight.shape[::-1] if given.get("transB", 0) else weight.shape
    bias = None if c is None else _weight(c)
    whole = bias is not None and bias.shape in ((units,), (1, units))
    again = not wiring.counts(weight)
    if bias is None or whole:
        if bias is not None:
            wiring.counts(bias)
        return wiring.add(name, Dense(units, features, whole), a, again=again)
    made = wiring.add(f"{name}.product", Dense(units, features, False), a, again=again)
    return wiring.add(name, WithConstant("Add", bias.shape, wiring.learned(bias)), made)


def matmul(wiring: Wiring, name: str, given: Attributes, a: object, b: object) -> Wire:
    """Read a matrix product: of two values, or of one and a constant matrix, which is a dense layer."""
    if isinstance(a, Wire) and isinstance(b, Wire):
        return wiring.add(name, MatMul(), a, b)
    weight = _weight(b)
    if not isinstance(a, Wire) or len(weight.shape) != 2:
        raise Unread("one of both is a constant that is no matrix")
    features, units = weight.shape
    return wiring.add(name, Dense(units, features, False), a, again=not wiring.counts(weight))


def prelu(wiring: Wiring, name: str, given: Attributes, x: Wire, slope: object) -> Wire:
    """Read a ``PRelu``."""
    tensor = _weight(slope)
    learned = (("slope", tensor.shape),) if wiring.counts(tensor) else ()
    place = -len(tensor.shape)
    fits = tuple((place + at, size) for at, size in enumerate(tensor.shape) if size != 1)
    return wiring.add(name, Same("PRelu", "", learned, fits), x)


def depth_to_space(sign: int) -> Callable[..., Wire]:
    """Return the reader of ``DepthToSpace``, or with -1 of ``SpaceToDepth``."""

    def read(wiring: Wiring, name: str, given: Attributes, x: Wire) -> Wire:
        from convshape._readers._sizing import shuffled

        kind = "DepthToSpace" if sign > 0 else "SpaceToDepth"
        return shuffled(wiring, name, kind, x, sign * int(given.get("blocksize", 0)))

    return read


LAYERS: dict[str, Callable[..., object]] = {
    "Conv": conv,
    "ConvTranspose": conv_transpose,
    "MaxPool": pool("MaxPool"),
    "AveragePool": pool("AveragePool"),
    "LpPool": lp_pool,
    **dict.fromkeys(("GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"), global_pool),
    "BatchNormalization": batch_norm,
    "InstanceNormalization": norm("InstanceNorm", 1),
    "GroupNormalization": norm("GroupNorm", 1),
    "LayerNormalization": norm("LayerNorm", 0),
    "Gemm": gemm,
    "MatMul": matmul,
    "PRelu": prelu,
    "DepthToSpace": depth_to_space(1),
    "SpaceToDepth": depth_to_space(-1),
}
