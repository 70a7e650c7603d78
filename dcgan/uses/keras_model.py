"""A generator said in Keras's own layers: the same numbers from the same latents, and no code of dcgan in it."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

import convshape as cs
from dcgan.batch_norm import BatchNorm
from dcgan.blueprint import Blueprint, Stage
from dcgan.layers import Layer
from dcgan.trained import Trained


def keras_model(trained: Trained) -> keras.Model:
    """Return the generator as a functional Keras model.

    What Keras calls each transposed convolution, its padding and output padding, and a crop after it where Keras
    cannot say the size otherwise, is convshape's answer.

    Args:
        trained: Whose generator.

    Returns:
        From latents ``(N, latent)`` to pictures in [-1, 1], ``(N, H, W, C)``; of classes, from ``latents`` and
        ``classes``, int32 of shape ``(N,)``.
    """
    blueprint = trained.blueprint
    entrance, joined = _entrance(trained)
    (project, *ups), (first, *others) = trained.generator.layers, blueprint.generator
    x = _project(joined, project, first)
    for layer, stage, call in zip(ups, others, _calls(blueprint), strict=True):
        x = _up(x, layer, stage, call)
    return keras.Model(entrance, x, name="generator")


def entries(inputs: np.ndarray, trained: Trained) -> np.ndarray | dict[str, np.ndarray]:
    """Return what the Keras model takes, of what the generator takes, ``(N, latent)`` or ``(N, latent + classes)``."""
    size = trained.run.config.latent
    if not trained.run.classes:
        return inputs
    return {"latents": inputs[:, :size], "classes": inputs[:, size:].argmax(axis=1).astype(np.int32)}


def _entrance(trained: Trained) -> tuple[Any, keras.KerasTensor]:
    latents = keras.Input((trained.run.config.latent,), name="latents")
    if not trained.run.classes:
        return latents, latents
    classes = keras.Input((), dtype="int32", name="classes")
    one_hot = keras.layers.CategoryEncoding(len(trained.run.classes), output_mode="one_hot", name="one_hot")
    joined = keras.layers.Concatenate(name="conditioned")([latents, one_hot(classes)])
    return {"latents": latents, "classes": classes}, joined


def _calls(blueprint: Blueprint) -> list[cs.Conversion]:
    downs = [stage.spec for stage in blueprint.discriminator if isinstance(stage.spec, cs.Conv)]
    mirror = cs.Chain(downs).mirror(("N", *blueprint.image_shape))
    return [call.conversion for call in mirror.calls("keras").calls if call.conversion is not None]


def _project(x: keras.KerasTensor, layer: Layer, stage: Stage) -> keras.KerasTensor:
    weights = np.asarray(layer.weights).reshape(*stage.input_shape, -1)
    dense = keras.layers.Dense(weights.shape[-1], use_bias=False, name=stage.name)
    flat = dense(x)
    dense.set_weights([weights])
    maps = keras.layers.Reshape(stage.output_shape, name=f"{stage.name}_maps")(flat)
    return _finish(maps, layer, stage)


def _up(x: keras.KerasTensor, layer: Layer, stage: Stage, call: cs.Conversion) -> keras.KerasTensor:
    biased = layer.norm is None
    conv = keras.layers.Conv2DTranspose(**{**call.arguments, "use_bias": biased}, name=stage.name)
    y = conv(x)
    conv.set_weights([np.asarray(layer.weights), *([np.asarray(layer.bias)] if biased else [])])
    if call.after is not None:
        y = keras.layers.Cropping2D(call.after.amounts, name=f"{stage.name}_crop")(y)
    return _finish(y, layer, stage)


def _finish(x: keras.KerasTensor, layer: Layer, stage: Stage) -> keras.KerasTensor:
    if layer.norm is not None:
        x = _normalised(x, layer.norm, stage)
    return keras.layers.Activation(stage.activation, name=f"{stage.name}_{stage.activation}")(x)


def _normalised(x: keras.KerasTensor, norm: BatchNorm, stage: Stage) -> keras.KerasTensor:
    same = keras.layers.BatchNormalization(
        momentum=norm.momentum, epsilon=norm.epsilon, name=f"{stage.name}_norm"
    )
    y = same(x)
    numbers = (norm.gamma, norm.beta, norm.moving_mean, norm.moving_variance)
    same.set_weights([np.asarray(number) for number in numbers])
    return y
