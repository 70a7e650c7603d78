"""``torch.nn.functional``'s layers, called with weights that stand in the module, as layers of a network."""

from __future__ import annotations

from convshape._networks._amounts import Amount, amount
from convshape._networks._dense import Dense
from convshape._networks._fixed import GlobalPool
from convshape._networks._same import BatchNormOf, Same
from convshape._readers import _sizing as sizing
from convshape._readers._torch_modules import adaptive, resized
from convshape._readers._wires import Constant, Unread, Wire
from convshape._readers._wiring import Wiring
from convshape.frameworks import torch as dialect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def number(value: object) -> Amount:
    """Return a whole number of a program as an amount."""
    if isinstance(value, Amount):
        return value
    if type(value) is int:
        return amount(value)
    raise Unread("a size in it is not known")


def plain(value: object) -> Any:
    """Return an argument as the dialect takes it; sizes that depend on the input are none."""
    if isinstance(value, Amount):
        if value.number is None:
            raise Unread("an argument of it depends on sizes")
        return value.number
    if isinstance(value, tuple | list):
        return tuple(plain(one) for one in value)
    if isinstance(value, Wire | Constant):
        raise Unread("an argument of it is a tensor")
    return value


def _weight(value: object) -> Constant:
    if not isinstance(value, Constant) or len(value.shape) < 2:
        raise Unread("its weight is worked out")
    return value


def _filled(*tensors: object) -> bool:
    return all(isinstance(one, Constant) for one in tensors if one is not None)


def convolution(transposed: bool, rank: int) -> Callable[..., Wire]:
    """Return the reader of a functional convolution."""

    def read(wiring: Wiring, name: str, input: Wire, weight: object, bias: object = None, stride: object = 1, padding: object = 0, *rest: object, **named: object) -> Wire:  # fmt: skip
        order = ("output_padding", "groups", "dilation") if transposed else ("dilation", "groups")
        others = {**dict(zip(order, rest, strict=False)), **named}
        tensor = _weight(weight)
        if not _filled(bias) or len(tensor.shape) != rank + 2:
            raise Unread("its bias is worked out")
        groups = plain(others.get("groups", 1))
        first, second = tensor.shape[:2]
        inside, out = (first, second * groups) if transposed else (second * groups, first)
        arguments: dict[str, Any] = {
            "in_channels": inside,
            "out_channels": out,
            "kernel_size": tensor.shape[2:],
            "stride": _one(stride, 1),
            "padding": _one(padding, 0),
            "dilation": _one(others.get("dilation", 1), 1),
            "groups": groups,
            "bias": bias is not None,
            "padding_mode": "zeros",
        }
        if transposed:
            arguments["output_padding"] = _one(others.get("output_padding", 0), 0)
        layer = getattr(dialect, f"Conv{'Transpose' if transposed else ''}{rank}d")._checked(**arguments)
        new = wiring.learned(tensor)
        if isinstance(bias, Constant):
            wiring.learned(bias)
        return wiring.add(name, layer, input, again=not new)

    return read


def _one(value: object, default: int) -> Any:
    told = plain(value)
    if isinstance(told, tuple):
        return told[0] if len(told) == 1 else told or default
    return told


def pool(kind: str, rank: int, indices: bool = False) -> Callable[..., Wire | tuple[Wire, ...]]:
    """Return the reader of a functional pool."""

    def read(wiring: Wiring, name: str, input: Wire, kernel_size: object, stride: object = None, padding: object = 0, *rest: object, **named: object) -> Wire | tuple[Wire, ...]:  # fmt: skip
        if stride is None and padding == 0 and _is_whole(wiring, input, kernel_size):
            return wiring.add(name, GlobalPool(True), input)
        layer = getattr(dialect, f"{kind}Pool{rank}d")
        order = ("dilation", "ceil_mode", "return_indices") if kind == "Max" else ("ceil_mode", "count_include_pad", "divisor_override")  # fmt: skip
        others = {**dict(zip(order, rest, strict=False)), **named}
        told: dict[str, Any] = {
            "kernel_size": _one(kernel_size, 1),
            "stride": None if stride is None or plain(stride) == () else _one(stride, 1),
            "padding": _one(padding, 0),
            "dilation": _one(others.get("dilation", 1), 1),
            "ceil_mode": plain(others.get("ceil_mode", False)),
            "return_indices": False,
            "count_include_pad": plain(others.get("count_include_pad", True)),
            "divisor_override": plain(others.get("divisor_override")),
        }
        made = wiring.add(name, layer._checked(**{key: told[key] for key in layer._fields}), input)
        return (made, made) if indices or others.get("return_indices") else made

    return read


def _is_whole(wiring: Wiring, input: Wire, kernel_size: object) -> bool:
    """Return whether a window is just the input's own sizes."""
    if not isinstance(kernel_size, tuple | list) or input.sizes is None:
        return False
    sized = all(isinstance(one, Amount) for one in kernel_size)
    return sized and len(kernel_size) == input.rank - 2 and wiring.alike(input, kernel_size)


def linear(wiring: Wiring, name: str, input: Wire, weight: object, bias: object = None) -> Wire:
    """Read a dense layer."""
    tensor = _weight(weight)
    if not _filled(bias) or len(tensor.shape) != 2:
        raise Unread("its bias is worked out")
    units, features = tensor.shape
    new = wiring.learned(tensor)
    if isinstance(bias, Constant):
        wiring.learned(bias)
    return wiring.add(name, Dense(units, features, bias is not None), input, again=not new)


def batch_norm(wiring: Wiring, name: str, input: Wire, running_mean: object, running_var: object, weight: object = None, bias: object = None, *rest: object, **named: object) -> Wire:  # fmt: skip
    """Read a batch normalisation, in the order of torch.nn.functional."""
    known = [one for one in (running_mean, running_var, weight, bias) if isinstance(one, Constant)]
    if not _filled(running_mean, running_var, weight, bias) or not known:
        raise Unread("its numbers are worked out")
    features = known[0].shape[0] if len(known[0].shape) == 1 else 0
    news = [wiring.learned(one) for one in (weight, bias) if isinstance(one, Constant)]
    layer = BatchNormOf(features, bias is not None, weight is not None, running_mean is not None)
    return wiring.add(name, layer, input, again=bool(news) and not any(news))


def aten_batch_norm(wiring: Wiring, name: str, input: Wire, weight: object, bias: object, mean: object, var: object, *rest: object) -> Wire:  # fmt: skip
    """Read a batch normalisation, in the order of ATen."""
    return batch_norm(wiring, name, input, mean, var, weight, bias)


def _norm(kind: str, first: int) -> Callable[..., Wire]:
    def read(wiring: Wiring, name: str, input: Wire, *rest: object, **named: object) -> Wire:
        tensors = [one for one in (*rest, *named.values()) if isinstance(one, Constant)]
        if any(isinstance(one, Wire) for one in (*rest, *named.values())):
            raise Unread("its numbers are worked out")
        learned = tuple((f"weight_{place}" if place else "weight", one.shape) for place, one in enumerate(tensors) if wiring.learned(one))  # fmt: skip
        shape = tensors[0].shape if tensors else ()
        fits = tuple(
            (first - (len(shape) if first == 0 else 0) + place, size) for place, size in enumerate(shape)
        )
        return wiring.add(name, Same(kind, ", ".join(map(str, shape)), learned, fits), input)

    return read


def prelu(wiring: Wiring, name: str, input: Wire, weight: object) -> Wire:
    """Read a PReLU with its slopes."""
    if not isinstance(weight, Constant):
        raise Unread("its slopes are worked out")
    learned = (("weight", weight.shape),) if wiring.learned(weight) else ()
    fits = ((1, weight.shape[0]),) if weight.shape and weight.shape[0] > 1 else ()
    return wiring.add(name, Same("PReLU", "", learned, fits), input)


def interpolate(wiring: Wiring, name: str, input: Wire, size: object = None, scale_factor: object = None, mode: object = "nearest", *rest: object, **named: object) -> Wire:  # fmt: skip
    """Read a resize to a size or by a factor."""
    if size is None and scale_factor is None:
        raise Unread("neither its size nor its factor is given")
    return resized(wiring, name, input, size, scale_factor, str(mode))


def upsample(mode: str, corners: bool) -> Callable[..., Wire]:
    """Return the reader of ATen's upsampling: a size or factors, behind a switch where it has one."""

    def read(wiring: Wiring, name: str, input: Wire, output_size: object, *rest: object) -> Wire:
        factors = rest[1 if corners else 0] if len(rest) > (1 if corners else 0) else None
        return interpolate(wiring, name, input, output_size, factors, mode)

    return read


def pad(wiring: Wiring, name: str, input: Wire, pad: object, mode: object = "constant", *rest: object, **named: object) -> Wire:  # fmt: skip
    """Read a padding: the last axis first."""
    if not isinstance(pad, tuple | list) or len(pad) % 2:
        raise Unread("its amounts are not known")
    if not isinstance(mode, str):  # ATen's constant_pad_nd has the value here
        mode = "constant"
    flat = [number(one) for one in pad]
    pairs = [(flat[at], flat[at + 1]) for at in range(0, len(flat), 2)]
    return sizing.pad(wiring, name, input, pairs[::-1], mode)


def _adaptive(rank: int) -> Callable[..., Wire]:
    return lambda wiring, name, input, output_size, *rest: adaptive(wiring, name, input, output_size, rank)


LAYERS: dict[str, Callable[..., object]] = {
    **{f"conv{rank}d": convolution(False, rank) for rank in (1, 2, 3)},
    **{f"conv_transpose{rank}d": convolution(True, rank) for rank in (1, 2, 3)},
    **{f"max_pool{rank}d": pool("Max", rank) for rank in (1, 2, 3)},
    **{f"max_pool{rank}d_with_indices": pool("Max", rank, True) for rank in (1, 2, 3)},
    **{f"avg_pool{rank}d": pool("Avg", rank) for rank in (1, 2, 3)},
    **{f"adaptive_avg_pool{rank}d": _adaptive(rank) for rank in (1, 2, 3)},
    **{f"adaptive_max_pool{rank}d": _adaptive(rank) for rank in (1, 2, 3)},
    "linear": linear,
    "batch_norm": batch_norm,
    "layer_norm": _norm("LayerNorm", 0),
    "rms_norm": _norm("RMSNorm", 0),
    "group_norm": _norm("GroupNorm", 1),
    "instance_norm": _norm("InstanceNorm", 1),
    "prelu": prelu,
    "interpolate": interpolate,
    "upsample": interpolate,
    "pad": pad,
    "constant_pad_nd": pad,
    "pixel_shuffle": lambda wiring, name, input, factor: sizing.shuffled(
        wiring, name, "PixelShuffle", input, plain(factor)
    ),
    "pixel_unshuffle": lambda wiring, name, input, factor: sizing.shuffled(
        wiring, name, "PixelUnshuffle", input, -plain(factor)
    ),
}
ATEN: dict[str, Callable[..., object]] = {
    "batch_norm": aten_batch_norm,
    **{f"upsample_nearest{rank}d": upsample("nearest", False) for rank in (1, 2, 3)},
    "upsample_linear1d": upsample("linear", True),
    "upsample_bilinear2d": upsample("bilinear", True),
    "upsample_bicubic2d": upsample("bicubic", True),
    "upsample_trilinear3d": upsample("trilinear", True),
}
