"""``torch.nn``'s modules as layers of a network; what they hold is read, nothing is run."""

from __future__ import annotations

from convshape._networks._amounts import Amount, amount
from convshape._networks._dense import Dense
from convshape._networks._plain import Activation, Dropout
from convshape._networks._same import BatchNormOf, Same
from convshape._readers import _moving as moving
from convshape._readers import _sizing as sizing
from convshape._readers._torch_parametrized import beside
from convshape._readers._wires import Unread, Wire
from convshape._readers._wiring import Wiring
from convshape.frameworks import torch as dialect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Read = Callable[[Wiring, str, Any, Wire], Wire]

ACTIVATIONS = (
    "CELU", "ELU", "GELU", "Hardshrink", "Hardsigmoid", "Hardswish", "Hardtanh", "LeakyReLU", "LogSigmoid",
    "LogSoftmax", "Mish", "RReLU", "ReLU", "ReLU6", "SELU", "SiLU", "Sigmoid", "Softmax", "Softmax2d", "Softmin",
    "Softplus", "Softshrink", "Softsign", "Tanh", "Tanhshrink", "Threshold",
)  # fmt: skip
KEEPING = ("Identity", "LocalResponseNorm", "CrossMapLRN2d", "ChannelShuffle")
DROPOUTS = ("Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout")
PADDINGS = {"ZeroPad": "constant", "ConstantPad": "constant", "ReflectionPad": "reflect", "ReplicationPad": "replicate", "CircularPad": "circular"}  # fmt: skip


def convolution(kind: str, module: Any) -> object:
    """Return the dialect's layer of a convolution module, or raise the bare ``Refusal``."""
    names = ("in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups", "padding_mode")  # fmt: skip
    arguments = {name: getattr(module, name) for name in names}
    if "Transpose" in kind:
        arguments["output_padding"] = module.output_padding
    return getattr(dialect, kind)._checked(**arguments, bias=module.bias is not None)


def pool(kind: str, module: Any) -> object:
    """Return the dialect's layer of a pool module, or raise the bare ``Refusal``."""
    layer = getattr(dialect, kind)
    return layer._checked(**{name: _plain(getattr(module, name)) for name in layer._fields if hasattr(module, name)})  # fmt: skip


def _plain(value: Any) -> Any:
    """Return AvgPool1d's lists of one as they are written."""
    return value[0] if isinstance(value, tuple | list) and len(value) == 1 else value


def _learned(module: Any) -> tuple[tuple[str, tuple[int, ...]], ...]:
    return tuple((name, tuple(one.shape)) for name, one in module.named_parameters(recurse=False))


def _norm(wiring: Wiring, name: str, module: Any, wire: Wire, again: bool) -> Wire:
    kind, learned = type_of(module), _learned(module)
    if "BatchNorm" in kind:
        own = {one for one, _ in learned}
        layer: object = BatchNormOf(module.num_features, "bias" in own, "weight" in own, module.running_mean is not None)  # fmt: skip
    elif kind in ("LayerNorm", "RMSNorm"):
        shape = tuple(module.normalized_shape)
        fits = tuple((place - len(shape), size) for place, size in enumerate(shape))
        layer = Same(kind, ", ".join(map(str, shape)), learned, fits)
    elif kind == "GroupNorm":
        note = f"{module.num_groups} groups of {module.num_channels}"
        layer = Same(kind, note, learned, ((1, module.num_channels),))
    else:
        kept = 0 if module.running_mean is None else 2 * module.num_features
        fits = ((1, module.num_features),) if learned or kept else ()
        layer = Same("InstanceNorm", f"{module.num_features}", learned, fits, kept)
    return wiring.add(name, layer, wire, again=again)


def _upsample(wiring: Wiring, name: str, module: Any, wire: Wire) -> Wire:
    return resized(wiring, name, wire, module.size, module.scale_factor, module.mode)


def resized(wiring: Wiring, name: str, wire: Wire, size: object, factor: object, mode: str) -> Wire:
    """Read a size or a factor, one number or one a spatial axis."""
    given = factor if size is None else size
    entries = tuple(given) if isinstance(given, tuple | list) else None
    if entries is None:
        entries = (given,) * (wire.rank - 2)
    if size is None:
        factors = [float(one) for one in entries if isinstance(one, int | float)]
        if len(factors) != len(entries):
            raise Unread("its factor depends on sizes")
        return sizing.resize_by(wiring, name, wire, factors, mode, single=False)
    return sizing.resize_to(wiring, name, wire, [_sized(one) for one in entries], mode)


def _sized(value: object) -> Amount:
    if isinstance(value, Amount):
        return value
    if type(value) is int:
        return amount(value)
    raise Unread("a size in it is not known")


def adaptive(wiring: Wiring, name: str, wire: Wire, size: object, rank: int) -> Wire:
    """Read the size of an adaptive pool."""
    entries = tuple(size) if isinstance(size, tuple | list) else (size,)
    entries = entries * rank if len(entries) == 1 else entries
    return sizing.adapt(wiring, name, wire, [None if one is None else _sized(one) for one in entries])


def padded(wiring: Wiring, name: str, module: Any, wire: Wire, mode: str) -> Wire:
    """Read a padding module: the last axis first."""
    flat = module.padding
    pairs = [(amount(flat[at]), amount(flat[at + 1])) for at in range(0, len(flat), 2)]
    return sizing.pad(wiring, name, wire, pairs[::-1], mode)


def type_of(module: Any) -> str:
    """Return the name of the class of torch.nn that a module is, or is made of without another ``forward``."""
    own: Any = type(module)
    for cls in own.__mro__:
        if cls.__module__.startswith("torch.nn.modules"):
            return cls.__name__ if own.forward is cls.forward else ""
    return ""


def known(kind: str) -> bool:
    """Return whether a class of torch.nn is read."""
    stem = kind[:-2] if kind[-2:] in ("1d", "2d", "3d") else kind
    return (
        kind in (*ACTIVATIONS, *KEEPING, *DROPOUTS, *OTHERS)
        or stem in ("Conv", "ConvTranspose", "MaxPool", "AvgPool", "AdaptiveAvgPool", "AdaptiveMaxPool", "BatchNorm", "InstanceNorm", *PADDINGS)
        or kind in ("SyncBatchNorm", "LayerNorm", "RMSNorm", "GroupNorm")
    )  # fmt: skip


def read_module(wiring: Wiring, name: str, module: Any, wire: Wire) -> Wire:
    """Put a known module behind a wire, or raise ``Unread`` or the bare ``Refusal``."""
    kind, again = type_of(module), wiring.seen(("module", id(module)))
    stem, rank = (kind[:-2], int(kind[-2])) if kind[-2:] in ("1d", "2d", "3d") else (kind, 0)
    if not known(kind):
        raise Unread("")
    if kind in ACTIVATIONS:
        return wiring.add(name, Activation(kind), wire)
    if kind in KEEPING:
        return wiring.add(name, Same(kind), wire)
    if kind in DROPOUTS:
        return wiring.add(name, Dropout(module.p) if 0 <= module.p < 1 else Same("Dropout"), wire)
    if stem in ("Conv", "ConvTranspose"):
        layer: Any = convolution(kind, module)
        return _weighed(wiring, name, module, layer, wire, layer.weight_shapes, again)
    if stem in ("MaxPool", "AvgPool"):
        return wiring.add(name, pool(kind, module), wire)
    if stem.startswith("Adaptive"):
        return adaptive(wiring, name, wire, module.output_size, rank)
    if stem in PADDINGS:
        return padded(wiring, name, module, wire, PADDINGS[stem])
    if kind == "Linear":
        dense = Dense(module.out_features, module.in_features, module.bias is not None)
        shapes = {
            "weight": (dense.units, dense.in_features),
            **({"bias": (dense.units,)} if dense.use_bias else {}),
        }
        return _weighed(wiring, name, module, dense, wire, shapes, again)  # type: ignore[arg-type]
    if kind in OTHERS:
        return OTHERS[kind](wiring, name, module, wire)
    return _norm(wiring, name, module, wire, again)


def _weighed(wiring: Wiring, name: str, module: Any, layer: object, wire: Wire, shapes: dict[str, tuple[int, ...]], again: bool) -> Wire:  # fmt: skip
    """Put a layer with weights behind a wire, and what it learns beside them."""
    more = None if again else beside(module, shapes)
    made = wiring.add(name, layer, wire, again=again)
    return made if more is None else wiring.add(f"{name}.{more.name}", more, made)


OTHERS: dict[str, Read] = {
    "Linear": lambda wiring, name, module, wire: wire,
    "Flatten": lambda wiring, name, module, wire: moving.flatten(
        wiring, name, wire, module.start_dim, module.end_dim
    ),
    "Unflatten": lambda wiring, name, module, wire: moving.unflatten(
        wiring, name, wire, module.dim, tuple(map(_sized, module.unflattened_size))
    ),
    "PReLU": lambda wiring, name, module, wire: wiring.add(
        name,
        Same(
            "PReLU", "", _learned(module), ((1, module.num_parameters),) if module.num_parameters > 1 else ()
        ),
        wire,
        again=wiring.seen(("prelu", id(module))),
    ),
    "Upsample": _upsample,
    "UpsamplingNearest2d": _upsample,
    "UpsamplingBilinear2d": _upsample,
    "PixelShuffle": lambda wiring, name, module, wire: sizing.shuffled(
        wiring, name, "PixelShuffle", wire, module.upscale_factor
    ),
    "PixelUnshuffle": lambda wiring, name, module, wire: sizing.shuffled(
        wiring, name, "PixelUnshuffle", wire, -module.downscale_factor
    ),
}
