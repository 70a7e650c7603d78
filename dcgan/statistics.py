"""Which mean and variance batch norm uses when pictures are made, and the generator that has them.

    running       those that training has kept: they follow its last steps
    reestimated   those of this very generator, from many batches of latents, always the same ones
    batch         those of the pictures that are made together: a picture depends on its neighbours

No choice changes anything of the generator that was trained: what has to be measured anew is measured in a copy.
"""

from __future__ import annotations

from dcgan import averages, latents
from dcgan.blueprint import Blueprint
from dcgan.conditions import conditioned, in_turn
from dcgan.models import Generator, Network

BATCHES = 16  # of the batch size of training; the spread of their mean is a quarter of that of one batch


def reestimated(network: Network, blueprint: Blueprint) -> Generator:
    """Return a copy of a generator whose running statistics are averages over many batches of its own.

    Every batch norm gets the mean of the batches' means and the mean of their (biased) variances, each batch
    normalised by itself, as in training. The latents follow from the seed of the run alone.

    Args:
        network: A generator; nothing of it is changed.
        blueprint: What it was made from.

    >>> from dcgan.planning import plan
    >>> blueprint = plan((9, 14, 3))
    >>> generator = Generator(blueprint)
    >>> generator.running_statistics[1].numpy().min()  # a variance, as at the beginning
    np.float32(1.0)
    >>> bool(reestimated(generator, blueprint).running_statistics[1].numpy().max() < 0.1)
    True
    """
    config = blueprint.config
    measured = Generator(blueprint.in_float32)
    averages.copy(network, measured)
    for number in range(BATCHES):
        for norm in measured.norms:
            norm.momentum = number / (number + 1)  # a running mean that gives each batch the same weight
        z = latents.draw(config.seed, "statistics", number, config.batch_size, config.latent)
        if measured.classes:  # over all batches, as many of each class as there can be
            turn = in_turn(config.batch_size, measured.classes, number * config.batch_size)
            z = conditioned(z, turn, measured.classes)
        measured.forward(z, training=True)
    for norm in measured.norms:
        norm.momentum = config.momentum
    return measured
