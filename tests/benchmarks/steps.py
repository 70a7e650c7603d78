"""What training.py times: one training step of the same two networks, by dcgan, by Keras layers, and by PyTorch.

All have the paper's recipe: batch norm in both networks but next to the pictures, no dropout, Adam with 2e-4 and 0.5,
weights from N(0, 0.02), one forward pass of the generator, real and generated pictures apart, both updated at once.
Nothing is imported before the step that needs it is made, so that each can have a process to itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import convshape as cs
from dcgan import Blueprint, Config, plan
from dcgan.blueprint import Stage

BATCH, RATE, BETA = 64, 2e-4, 0.5
Step = Callable[[], object]


def blueprint(net: str, precision: str = "float32", kernels: str = "fast") -> Blueprint:
    """Return the networks: ``28`` for 28x28x1, as in TensorFlow's tutorial, ``64`` for 64x64x3, as in PyTorch's."""
    common = {"batch_size": BATCH, "precision": precision, "kernels": kernels}
    if net == "64":
        return plan((64, 64, 3), Config(widths=(64, 128, 256, 512), kernel_size=4, **common))
    planned = plan((28, 28, 1), Config(widths=(64, 128), kernel_size=5, **common))
    project, *ups = (
        planned.generator
    )  # the tutorial has one more, of stride 1, which no plan of ours would have
    first = Stage(
        name="up_0",
        input_shape=(7, 7, 256),
        output_shape=(7, 7, 128),
        spec=cs.ConvTranspose(cs.transpose_filter((5, 5), 256, 128), 1),
        norm=True,
        activation="relu",
    )
    return replace(planned, generator=(replace(project, output_shape=(7, 7, 256)), first, *ups))


def operations(net: str) -> float:
    """Return the multiplications and additions of one step, taps in the padding left out, times two."""
    planned = blueprint(net)
    once, twice = (
        {stage.name: BATCH * _products(stage) for stage in stages}
        for stages in (planned.generator, planned.discriminator)
    )
    up = (
        3 * sum(once.values()) - once["project"]
    )  # forward, to the weights, and to all inputs but the latents
    seen = 2 * 3 * sum(twice.values()) - 2 * twice["down_1"]  # real and generated, for the discriminator
    return 2.0 * (up + seen + sum(twice.values()))  # and through it to the generated pictures


def _products(stage: Stage) -> int:
    if stage.spec is None:
        return math.prod(stage.weights_shape)
    large, small = stage.input_shape, stage.output_shape
    if isinstance(stage.spec, cs.ConvTranspose):
        large, small = small, large
    filter_shape, strides = stage.spec.filter_shape, stage.spec.strides
    padding = cs.padding_amounts(("N", *large), filter_shape, strides)
    products = large[-1] * small[-1]
    for size, places, taps, stride, (before, _) in zip(
        large[:2], small[:2], filter_shape[:2], strides, padding, strict=True
    ):
        products *= sum(0 <= i * stride + t - before < size for i in range(places) for t in range(taps))
    return products


def ours(net: str, precision: str, kernels: str = "fast") -> Step:
    """Return dcgan's own step."""
    import tensorflow as tf

    from dcgan.training import Trainer

    planned = blueprint(net, precision, kernels)
    trainer = Trainer(planned)
    real = tf.random.uniform((BATCH, *planned.image_shape), -1, 1)
    return lambda: float(trainer.step(real)["d_loss"])


def tutorial(net: str, precision: str) -> Step:
    """Return a step of plain Keras layers, two tapes in one tf.function, as TensorFlow's DCGAN tutorial has it."""
    import keras
    import tensorflow as tf

    planned = blueprint(net)
    keras.config.set_dtype_policy("mixed_bfloat16" if precision == "bfloat16" else "float32")
    normal = keras.initializers.RandomNormal(stddev=0.02)

    def network(stages: tuple[Stage, ...]) -> keras.Sequential:
        layers = [keras.Input(stages[0].input_shape)]
        for stage in stages:
            common = {"use_bias": not stage.norm, "kernel_initializer": normal}
            if stage.name == "project":
                layers += [
                    keras.layers.Dense(math.prod(stage.output_shape), **common),
                    keras.layers.Reshape(stage.output_shape),
                ]
            elif stage.name == "logit":
                layers += [keras.layers.Flatten(), keras.layers.Dense(1, **common)]
            else:
                kind = keras.layers.Conv2D if stage.name.startswith("down") else keras.layers.Conv2DTranspose
                kernel, strides = stage.spec.filter_shape[:2], stage.spec.strides
                layers.append(kind(stage.output_shape[-1], kernel, strides, padding="same", **common))
            if stage.norm:
                layers.append(keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-5))
            if stage.activation == "leaky_relu":
                layers.append(keras.layers.LeakyReLU(0.2))
            elif stage.activation != "none":
                layers.append(keras.layers.Activation(stage.activation))
        layers.append(keras.layers.Activation("linear", dtype="float32"))
        return keras.Sequential(layers)

    generator, discriminator = network(planned.generator), network(planned.discriminator)
    assert generator.output_shape == (None, *planned.image_shape)
    adams = [keras.optimizers.Adam(RATE, beta_1=BETA) for _ in range(2)]
    cost = keras.losses.BinaryCrossentropy(from_logits=True)

    @tf.function
    def step(images: tf.Tensor) -> tf.Tensor:
        noise = tf.random.normal((BATCH, 100))
        with tf.GradientTape() as up, tf.GradientTape() as down:
            made = generator(noise, training=True)
            on_real, on_made = discriminator(images, training=True), discriminator(made, training=True)
            g_loss = cost(tf.ones_like(on_made), on_made)
            d_loss = cost(tf.ones_like(on_real), on_real) + cost(tf.zeros_like(on_made), on_made)
        for adam, tape, loss, player in (
            (adams[0], up, g_loss, generator),
            (adams[1], down, d_loss, discriminator),
        ):
            weights = player.trainable_variables
            adam.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        return d_loss

    real = tf.random.uniform((BATCH, *planned.image_shape), -1, 1)
    return lambda: float(step(real))
