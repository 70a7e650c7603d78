"""Adam in one operation is Keras's Adam: values, moments and checkpoints; and `--kernels plain` has Keras's own."""

from __future__ import annotations

from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf

from dcgan import Config, plan
from dcgan.computing.adam import FusedAdam
from dcgan.training import Trainer

SHAPES = [(3, 5), (7,), (2, 2, 3, 4)]
STEPS = 12


def gradients(step: int) -> list[tf.Tensor]:
    """Gradients of very different sizes, one of them zero at first."""
    scales = [10.0**-step, 1e3, 0.0 if step < 3 else 1.0]
    return [
        scale * tf.random.stateless_normal(shape, (step, number))
        for number, (shape, scale) in enumerate(zip(SHAPES, scales, strict=True))
    ]


class Contestant:
    """Variables and the optimizer that moves them, in a graph or not."""

    def __init__(self, kind: type[keras.optimizers.Adam], **options: float) -> None:
        self.variables = [tf.Variable(tf.random.stateless_normal(shape, (9, 9))) for shape in SHAPES]
        self.optimizer = kind(**{"learning_rate": 0.01, "beta_1": 0.5} | options)
        self.optimizer.build(self.variables)

    def move(self, steps: range, *, in_graph: bool = False) -> Contestant:
        """Take steps."""
        apply = self.optimizer.apply_gradients
        if in_graph:
            apply = tf.function(apply, autograph=False)
        for step in steps:
            apply(list(zip(gradients(step), self.variables, strict=True)))
        return self

    @property
    def numbers(self) -> list[np.ndarray]:
        """Those of the variables and of both moments, and the count of steps."""
        return [np.asarray(each) for each in (*self.variables, *self.optimizer.variables)]


def check_equal(one: Contestant, other: Contestant) -> None:
    for ours, theirs in zip(one.numbers, other.numbers, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=2e-5, atol=3e-6 * np.abs(theirs).max())


@pytest.mark.parametrize("in_graph", [False, True])
@pytest.mark.parametrize("options", [{}, {"beta_1": 0.9}, {"learning_rate": 1.0, "epsilon": 1e-2}], ids=str)
def test_it_moves_as_keras_does(options, in_graph):
    ours = Contestant(FusedAdam, **options).move(range(STEPS), in_graph=in_graph)
    check_equal(ours, Contestant(keras.optimizers.Adam, **options).move(range(STEPS)))


class Late(FusedAdam):
    """Wrong: the step of the bias correction is one too late."""

    def update_step(self, gradient, variable, learning_rate):
        self.iterations.assign_add(1)
        super().update_step(gradient, variable, learning_rate)
        self.iterations.assign_sub(1)


class Doubled(FusedAdam):
    """Wrong: twice the gradient, which Adam's steps hide and its moments do not."""

    def update_step(self, gradient, variable, learning_rate):
        super().update_step(2 * gradient, variable, learning_rate)


@pytest.mark.parametrize("wrong", [Late, Doubled])
def test_that_the_check_fails_for_a_wrong_step(wrong):
    with pytest.raises(AssertionError):
        check_equal(
            Contestant(wrong).move(range(STEPS)), Contestant(keras.optimizers.Adam).move(range(STEPS))
        )


@pytest.mark.parametrize(
    ("first", "then"), [(FusedAdam, keras.optimizers.Adam), (keras.optimizers.Adam, FusedAdam)]
)
def test_a_checkpoint_of_one_is_read_by_the_other(tmp_path, first, then):
    half = Contestant(first).move(range(STEPS // 2))
    path = tf.train.Checkpoint(optimizer=half.optimizer, variables=half.variables).write(
        str(tmp_path / "half")
    )
    other = Contestant(then)
    saved = tf.train.Checkpoint(optimizer=other.optimizer, variables=other.variables)
    saved.read(path).assert_consumed()
    check_equal(other.move(range(STEPS // 2, STEPS)), Contestant(keras.optimizers.Adam).move(range(STEPS)))


def test_plain_kernels_have_adam_by_keras():
    blueprint = plan((8, 8, 1), Config(width=4, batch_size=4))
    plain = replace(blueprint, config=replace(blueprint.config, kernels="plain"))
    for given, kind in ((blueprint, FusedAdam), (plain, keras.optimizers.Adam)):
        trainer = Trainer(given)
        assert {type(player.optimizer) for player in (trainer.generator, trainer.discriminator)} == {kind}
