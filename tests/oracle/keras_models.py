"""Models of Keras as people write them: U-Nets, DCGANs, autoencoders, and what stands around convolutions."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers, ops


def unet() -> Any:
    """A U-Net that takes multiples of four."""
    start = x = keras.Input((48, 64, 1))
    skips = []
    for filters in (4, 8):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        skips.append(x)
        x = layers.MaxPooling2D()(x)
    x = layers.Conv2D(16, 3, padding="same")(x)
    for filters, skip in ((8, skips[1]), (4, skips[0])):
        x = layers.Conv2DTranspose(filters, 2, strides=2)(x)
        x = layers.Concatenate()([x, skip])
        x = layers.SpatialDropout2D(0.1)(layers.BatchNormalization()(x))
    return keras.Model(start, layers.Conv2D(2, 1, activation="softmax")(x))


def generator() -> Any:
    """A DCGAN's generator, a Sequential."""
    return keras.Sequential(
        [
            keras.Input((100,)),
            layers.Dense(7 * 7 * 32, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(),
            layers.Reshape((7, 7, 32)),
            layers.Conv2DTranspose(16, 5, padding="same", use_bias=False),
            layers.BatchNormalization(scale=False),
            layers.Conv2DTranspose(8, 5, strides=2, padding="same", output_padding=0),
            layers.PReLU(shared_axes=[1, 2]),
            layers.UpSampling2D((2, 3), interpolation="bilinear"),
            layers.Conv2D(1, 3, activation="tanh", padding="same"),
        ]
    )


def discriminator() -> Any:
    """A DCGAN's discriminator, a Sequential, ended with a Flatten."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(8, 5, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.Dropout(0.3),
            layers.DepthwiseConv2D(3, depth_multiplier=2),
            layers.SeparableConv2D(8, 3, dilation_rate=2),
            layers.GroupNormalization(4),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )


def autoencoder() -> Any:
    """Models in a model, each with a name that its layers stand behind."""
    down = keras.Sequential(
        [layers.Conv2D(4, 3, 2, "same"), layers.PReLU(), layers.Conv2D(8, 3, 2)], name="encoder"
    )
    start = keras.Input((7, 9, 8))
    up = keras.Model(
        start, layers.Cropping2D(((0, 1), (1, 1)))(layers.Conv2DTranspose(3, 3, 4)(start)), name="decoder"
    )
    whole = keras.Input((32, 40, 3))
    return keras.Model(whole, up(down(whole)))


def others() -> Any:
    """Layers around convolutions, and functions of ``keras.ops``."""
    start = keras.Input((12, 18, 6))
    x = layers.Normalization(axis=(1, -1))(layers.Rescaling(1 / 255)(layers.RandomFlip()(start)))
    x = layers.LayerNormalization(axis=(1, 2))(x)
    x = layers.Permute((2, 1, 3))(layers.ZeroPadding2D(((1, 0), (2, 3)))(x))
    gate = layers.GlobalAveragePooling2D()(x)
    x = layers.Multiply()([x, layers.Dense(6, activation="sigmoid")(gate)])
    x = layers.Add()([x, ops.mean(x, axis=(1, 2), keepdims=True)])
    x = ops.relu6(x + 3.0) * (1 / 6)
    x = ops.concatenate([x, ops.maximum(x, layers.Conv2D(6, 1)(x))], axis=-1)
    x = ops.transpose(ops.pad(x, ((0, 0), (1, 2), (0, 1), (0, 0))), (0, 2, 1, 3))
    x = layers.AveragePooling2D(3, 2, "same")(layers.Softmax()(layers.UnitNormalization()(x)))
    x = layers.RMSNormalization()(layers.Resizing(9, 11)(x))
    x = layers.CenterCrop(6, 5)(layers.GaussianDropout(0.1)(layers.Identity()(x)))
    x = layers.Average()([x, layers.Subtract()([x, x]), layers.Minimum()([x, x])])
    return keras.Model(start, layers.Dense(3)(ops.sum(ops.reshape(x, (-1, 30, 12)), axis=1)))


def cut() -> Any:
    """Slices, axes put in and left out, pixels of channels."""
    start = keras.Input((13, 18, 8))
    x = start[:, 1:, ::2, :]
    x = ops.depth_to_space(x[:, :-3, 1:-1, ::-1], 2)
    x = layers.SpectralNormalization(layers.Conv2D(4, 3))(x[..., :2])
    x = layers.SpectralNormalization(layers.Conv2DTranspose(6, 3))(ops.image.resize(x, (9, 5)))
    y = ops.squeeze(ops.expand_dims(x[:, 0], 1), 1)
    y = layers.Conv1D(3, 3)(y)
    y = layers.RepeatVector(7)(y[:, -1])
    return keras.Model(start, layers.GlobalAveragePooling1D()(ops.concatenate([y, y[:, ::-1]], 1)))


def line() -> Any:
    """One spatial axis, causal."""
    return keras.Sequential(
        [
            keras.Input((64, 3)),
            layers.Conv1D(8, 5, padding="causal", dilation_rate=3),
            layers.MaxPooling1D(3),
            layers.SeparableConv1D(4, 3),
            layers.ZeroPadding1D((1, 2)),
            layers.UpSampling1D(3),
            layers.Conv1DTranspose(6, 4, 3),
            layers.GlobalMaxPooling1D(keepdims=True),
            layers.Dense(5),
        ]
    )


def volume() -> Any:
    """Three spatial axes, the channels first; TensorFlow computes none of it on a CPU, and Keras says the shapes."""
    first = "channels_first"
    return keras.Sequential(
        [
            keras.Input((2, 9, 13, 20)),
            layers.Conv3D(4, 3, (1, 2, 3), "same", first),
            layers.BatchNormalization(axis=1),
            layers.AveragePooling3D(2, data_format=first),
            layers.Conv3DTranspose(6, 3, 2, "valid", first),
            layers.Flatten(first),
            layers.Dense(3),
        ]
    )
