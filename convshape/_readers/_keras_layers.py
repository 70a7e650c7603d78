"""Keras's layers by their class names: what each is in a network, made of its configuration."""

from __future__ import annotations

from convshape import frameworks
from convshape._networks._adopting import as_block
from convshape._networks._dense import Dense, Flatten, Reshape
from convshape._networks._fixed import AdaptivePool
from convshape._networks._joins import Concat
from convshape._networks._plain import Activation, Dropout
from convshape._readers._keras_blocks import (
    Adapted,
    AxisBatchNorm,
    AxisNorm,
    Elementwise,
    Scaled,
    Sloped,
)
from convshape._readers._keras_built import Built, Spectral
from convshape._readers._keras_slices import Inserted
from convshape._readers._keras_turned import Turned
from convshape._readers._keras_values import Entry, entry_of, integers, shape_of
from convshape._show import kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from convshape._networks._block import Block

_RANKS = ("1D", "2D", "3D")
#: Layers that change no shape and learn nothing; those that end in a rank's digits stand without them.
SAME = {
    "Activation", "ActivityRegularization", "AugMix", "AutoContrast", "ELU", "Equalization", "GELU", "GaussianNoise",
    "Identity", "LeakyReLU", "Masking", "RandAugment", "RandomBrightness", "RandomColorDegeneration",
    "RandomColorJitter", "RandomContrast", "RandomErasing", "RandomFlip", "RandomGaussianBlur", "RandomGrayscale",
    "RandomHue", "RandomInvert", "RandomPerspective", "RandomPosterization", "RandomRotation", "RandomSaturation",
    "RandomSharpness", "RandomShear", "RandomTranslation", "RandomZoom", "ReLU", "Rescaling", "Softmax", "Solarization",
    "StochasticDepth", "ThresholdedReLU", "UnitNormalization",
}  # fmt: skip
_DROPOUTS = {
    "Dropout",
    "AlphaDropout",
    "GaussianDropout",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "SpatialDropout3D",
}
_JOINS = {"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"}


def layer_of(entry: Entry) -> Block | None:
    """Return the block that a layer is, None where its class is not known, or raise the bare ``Refusal``."""
    maker = _MAKERS.get(entry.kind)
    if maker is not None:
        return maker(entry)
    if entry.kind in SAME:
        return Activation(_word(entry))
    if entry.kind in frameworks.keras.__all__:
        return _dialect(entry)
    return None


def _dialect(entry: Entry) -> Block:
    """Return a layer of the Keras dialect, with the channels that it was built for."""
    cls = getattr(frameworks.keras, entry.kind)
    arguments = {name: entry.config[name] for name in cls._fields if name in entry.config}
    needed = [name for name in ("filters", "kernel_size", "pool_size") if name in cls._fields]
    for name in needed:
        if name not in arguments:
            entry.refuse(f"has no {name}.")
    own = cls(**arguments)
    block = as_block(own, "model")
    built = shape_of(entry.build)
    if "kernel_size" in needed and built is not None and len(built) == own.rank + 2:
        channels = built[1 if own.data_format == "channels_first" else -1]
        if channels:
            return Built(own, channels)
    return block


def _word(entry: Entry) -> str:
    """Return the name of an activation, for tables."""
    word = entry.config.get("activation") if entry.kind == "Activation" else None
    if isinstance(word, dict):
        word = word.get("class_name", word.get("config"))
    return word[:40] if isinstance(word, str) and word.isidentifier() else entry.kind


def _flag(entry: Entry, name: str, default: bool = True) -> bool:
    value = entry.config.get(name, default)
    if type(value) is not bool:
        entry.refuse(f"has {name} {kind_of(value)}.", "true or false")
    return value


def _axes(entry: Entry, name: str = "axis", default: object = -1) -> tuple[int, ...]:
    value = entry.config.get(name, default)
    axes = () if value is None else integers(value)
    if axes is None:
        entry.refuse(f"has {name} {kind_of(value)}.", "a number, or a list of numbers")
    return axes


def _dense(entry: Entry) -> Block:
    built = shape_of(entry.build)
    features = built[-1] if built else None
    return Dense(entry.config.get("units"), features or None, _flag(entry, "use_bias"))  # type: ignore[arg-type]


def _batch_norm(entry: Entry) -> Block:
    kept = 5 if _flag(entry, "renorm", False) else 2
    return AxisBatchNorm(_flag(entry, "center"), _flag(entry, "scale"), _axes(entry), kept)


def _layer_norm(entry: Entry) -> Block:
    axes = _axes(entry)
    rms = entry.kind == "RMSNormalization" or entry.config.get("rms_scaling") is True
    if entry.kind == "GroupNormalization" and len(axes) != 1:
        entry.refuse("has more than one axis.", "a number")
    return AxisNorm(
        not rms and _flag(entry, "center"), rms or _flag(entry, "scale"), axes, _NORMS[entry.kind]
    )


def _normalization(entry: Entry) -> Block:
    if entry.config.get("mean") is not None and entry.config.get("variance") is not None:
        return Activation("normalization")
    return Adapted(_axes(entry))


def _dropout(entry: Entry) -> Block:
    rate = entry.config.get("rate", 0.5)
    if type(rate) in (int, float) and rate == 1:
        return Activation("dropout")
    return Dropout(rate)  # type: ignore[arg-type]


def _prelu(entry: Entry) -> Block:
    return Sloped(_axes(entry, "shared_axes", None))


def _concatenate(entry: Entry) -> Block:
    return Concat(entry.config.get("axis", -1))  # type: ignore[arg-type]


def _elementwise(entry: Entry) -> Block:
    return Elementwise(entry.kind, True)


def _reshape(entry: Entry) -> Block:
    return Reshape(entry.config.get("target_shape"))  # type: ignore[arg-type]


def _permute(entry: Entry) -> Block:
    return Turned(entry.config.get("dims"))


def _fixed(entry: Entry) -> Block:
    size = [entry.config.get("height"), entry.config.get("width")]
    return AdaptivePool(size)  # type: ignore[arg-type]


def _adaptive(entry: Entry) -> Block:
    return AdaptivePool(entry.config.get("output_size"))  # type: ignore[arg-type]


def _layer_scale(entry: Entry) -> Block:
    units = entry.config.get("projection_dim")
    if type(units) is not int or units < 1:
        entry.refuse(f"has projection_dim {kind_of(units)}.", "a whole number, 1 or more")
    return Scaled("layer_scale", units)


def _repeated(entry: Entry) -> Block:
    number = entry.config.get("n")
    if type(number) is not int or number < 1:
        entry.refuse(f"has n {kind_of(number)}.", "a whole number, 1 or more")
    return Inserted(1, number, "RepeatVector")


def _spectral(entry: Entry) -> Block | None:
    """Return the layer inside, or None where that is not known."""
    inside = entry_of(entry.config.get("layer"), entry.told)
    if inside.own:
        return None
    block = layer_of(
        Entry(inside.name, inside.kind, inside.module, inside.config, inside.build or entry.build, [], None)
    )
    return None if block is None else Spectral(block)


def _flatten(entry: Entry) -> Block:
    return Flatten()


_NORMS = {
    "LayerNormalization": "LayerNorm",
    "GroupNormalization": "GroupNorm",
    "RMSNormalization": "RMSNorm",
}
_MAKERS: dict[str, Callable[[Entry], Block | None]] = {
    "BatchNormalization": _batch_norm,
    "BatchNormalizationV1": _batch_norm,
    "BatchNormalizationV2": _batch_norm,
    "Concatenate": _concatenate,
    "CenterCrop": _fixed,
    "CustomScaleLayer": _elementwise,
    "Dense": _dense,
    "Flatten": _flatten,
    "LayerScale": _layer_scale,
    "Normalization": _normalization,
    "PReLU": _prelu,
    "Permute": _permute,
    "RandomCrop": _fixed,
    "RepeatVector": _repeated,
    "Reshape": _reshape,
    "Resizing": _fixed,
    "SpectralNormalization": _spectral,
    **dict.fromkeys(_NORMS, _layer_norm),
    **dict.fromkeys(_DROPOUTS, _dropout),
    **dict.fromkeys(_JOINS, _elementwise),
    **{f"Adaptive{word}Pooling{rank}": _adaptive for word in ("Average", "Max") for rank in _RANKS},
}
