"""A generator whose pictures differ, for what is done with trained ones: six steps on noise leave nearly grey ones."""

from __future__ import annotations

from dcgan.blueprint import Blueprint
from dcgan.config import Config
from dcgan.keeping.runs import Run
from dcgan.models import Generator
from dcgan.planning import plan
from dcgan.trained import Trained


def lively(run: Run, factor: float = 20) -> Trained:
    """Return a generator for a run, with larger weights, and running statistics that are not those of the start."""
    blueprint: Blueprint = plan(run.image_shape, run.config, classes=len(run.classes))
    generator = Generator(blueprint)
    for layer in generator.layers:
        layer.weights.assign(layer.weights * factor)
    import tensorflow as tf

    for number in range(20):
        z = tf.random.stateless_uniform(
            (run.config.batch_size, generator.latent + generator.classes), (3, number), -1, 1
        )
        generator.forward(z, training=True)
    for layer in generator.layers:
        if layer.norm is not None:
            layer.norm.gamma.assign(layer.norm.gamma * 1.5)
            layer.norm.beta.assign_add(tf.linspace(-0.3, 0.4, layer.norm.channels))
        else:
            layer.bias.assign_add(tf.linspace(-0.2, 0.3, layer.output_shape[-1]))
    return Trained(run, blueprint, generator, step=6)


def made_up(folder, shape: tuple[int, int, int], **fields) -> Trained:
    """Return such a generator for pictures of any shape; there is no run on disk behind it."""
    return lively(Run(folder, Config(**fields), shape, "none"))
