"""``read`` on each of Keras's layers alone: its shape and its weights are Keras's, or it is named."""

from __future__ import annotations

from typing import Any

import keras
import pytest
from keras import layers

import convshape as cs
from tests.oracle.keras_zoo import check

PICTURE = (12, 14, 4)
OF_RANK = {1: (12, 4), 2: PICTURE, 3: (12, 10, 12, 4)}
CONVOLUTIONS = {
    f"{kind}{rank}D{behind}": (3, 3)
    for kind, behind in (("Conv", ""), ("Conv", "Transpose"), ("SeparableConv", ""))
    for rank in (1, 2, 3)
    if (kind, rank) != ("SeparableConv", 3)
}
OTHERS = {
    f"{kind}{rank}D": arguments
    for kind, arguments in {
        "AdaptiveAveragePooling": (3,),
        "AdaptiveMaxPooling": (3,),
        "AveragePooling": (3,),
        "Cropping": (2,),
        "GlobalAveragePooling": (),
        "GlobalMaxPooling": (),
        "MaxPooling": (2,),
        "SpatialDropout": (0.5,),
        "UpSampling": (3,),
        "ZeroPadding": (2,),
    }.items()
    for rank in (1, 2, 3)
}
PLAIN: dict[str, tuple[Any, ...]] = {
    "Activation": ("gelu",), "ActivityRegularization": (), "AlphaDropout": (0.5,), "BatchNormalization": (),
    "CenterCrop": (5, 6), "Dense": (3,), "DepthwiseConv2D": (3,), "Dropout": (1.0,), "ELU": (), "Flatten": (),
    "GaussianDropout": (0.5,), "GaussianNoise": (0.5,), "GroupNormalization": (2,), "Identity": (),
    "LayerNormalization": (), "LeakyReLU": (), "Masking": (), "Normalization": (), "PReLU": (),
    "Permute": ((3, 1, 2),), "RMSNormalization": (), "RandomBrightness": (0.1,), "RandomContrast": (0.1,),
    "RandomCrop": (5, 6), "RandomFlip": (), "RandomRotation": (0.1,), "RandomZoom": (0.1,), "ReLU": (),
    "Rescaling": (2,), "Reshape": ((-1, 2),), "Resizing": (20, 3), "Softmax": (), "UnitNormalization": (),
}  # fmt: skip
JOINS = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate")
NAMED: dict[str, tuple[Any, ...]] = {
    "CategoryEncoding": (3,), "Discretization": ((0, 1),), "EinsumDense": ("abcd,de->abce", (None, None, 3)),
    "Embedding": (10, 4), "Lambda": (lambda x: x,), "Pipeline": ([layers.ReLU()],), "TimeDistributed": (layers.Dense(3),),
}  # fmt: skip


@pytest.mark.parametrize("name", [*CONVOLUTIONS, *OTHERS, *PLAIN])
def test_each_layer(name: str) -> None:
    arguments = {**CONVOLUTIONS, **OTHERS, **PLAIN}[name]
    rank = next((rank for rank in OF_RANK if f"{rank}D" in name), 2)
    start = keras.Input(OF_RANK[rank])
    model = keras.Model(start, getattr(layers, name)(*arguments)(start))
    check(model, cs.read(model))


@pytest.mark.parametrize("name", JOINS)
@pytest.mark.parametrize("other", [PICTURE, (1, 1, 4), (4,)])
def test_each_join(name: str, other: tuple[int, ...]) -> None:
    """A vector beside a picture is stretched behind the batch."""
    start = keras.Input(PICTURE)
    gate = (
        layers.Reshape(other)(layers.GlobalAveragePooling2D()(start))
        if other != PICTURE
        else layers.ReLU()(start)
    )
    if name == "Concatenate" and other != PICTURE:
        return
    model = keras.Model(start, getattr(layers, name)()([start, gate]))
    check(model, cs.read(model))


@pytest.mark.parametrize(
    "norm",
    [
        layers.BatchNormalization(axis=1, scale=False, renorm=True),
        layers.LayerNormalization(axis=(1, -1), center=False),
        layers.GroupNormalization(3, axis=1),
        layers.Normalization(axis=None),
        layers.Normalization(axis=(1, 2)),
        layers.Normalization(mean=0.0, variance=1.0),
        layers.PReLU(shared_axes=(1, 3)),
    ],
    ids=lambda norm: norm.name,
)
def test_axes_of_norms(norm: Any) -> None:
    start = keras.Input(PICTURE)
    model = keras.Model(start, norm(start))
    check(model, cs.read(model))


@pytest.mark.parametrize("name", NAMED)
def test_what_is_not_known_is_named(name: str) -> None:
    start = keras.Input((3,) if name == "Embedding" else (5, 5, 3))
    layer = getattr(layers, name)(*NAMED[name], name="it")
    with pytest.raises(cs.ArgumentError, match=rf'a layer is not known: "it" \({name}\)'):
        cs.read(keras.Model(start, layer(start)))


@pytest.mark.parametrize("policy", ["mixed_float16", "bfloat16", "float64"])
def test_a_policy_of_types_changes_no_shape(policy: str) -> None:
    start = keras.Input(PICTURE)
    model = keras.Model(start, layers.Conv2D(3, 3, dtype=policy)(start))
    check(model, cs.read(model))
