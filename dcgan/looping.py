"""From step to step: the log, the sheets of samples, the checkpoints, and the end."""

from __future__ import annotations

import math
from collections.abc import Callable

import tensorflow as tf
from tqdm import tqdm

from dcgan import latents
from dcgan.checkpoints import Checkpoints, not_numbers
from dcgan.data import Pictures, batches
from dcgan.images import grid, save_png
from dcgan.logs import Log
from dcgan.runs import Run
from dcgan.sampling import paint
from dcgan.training import Trainer


class Loop:
    """A run that is being trained.

    Args:
        run: Where it is kept, and its config.
        pictures: What it is trained on.
        trainer: Both players; those of a resumed run come restored.
        checkpoints: Where their state goes.

    Attributes:
        run: As given.
        trainer: As given.
        step: Steps done.

    Raises:
        DataError: If there are too few pictures for one batch.
    """

    def __init__(self, run: Run, pictures: Pictures, trainer: Trainer, checkpoints: Checkpoints) -> None:
        self.run = run
        self.trainer = trainer
        self.checkpoints = checkpoints
        self.step = int(trainer.steps_done)
        config = run.config
        self._batches = batches(pictures, config.batch_size, config.seed, start_step=self.step)
        self._latents = latents.draw(config.seed, "grid", 0, config.samples, config.latent)

    def train(self, *, stopped: Callable[[], bool], progress: bool) -> None:
        """Train until the config's number of steps is reached, or until told to stop.

        Args:
            stopped: Asked after every step; once it says True, a checkpoint is written, and that is the end.
            progress: Show a progress bar.

        Raises:
            TrainingError: If a loss or a weight is no longer a number.
            RunError: If something cannot be written.
        """
        config = self.run.config
        stream = iter(self._batches)
        bar = tqdm(total=config.steps, initial=self.step, unit="step", disable=not progress)
        with Log(self.run.log, self.step) as log, bar:
            while self.step < config.steps:
                bar.set_postfix(self._advance(next(stream), log), refresh=False)
                bar.update()
                ending = self.step == config.steps or stopped()
                if self.step % config.sample_every == 0 or self.step == config.steps:
                    self._draw()
                if self.step % config.checkpoint_every == 0 or ending:
                    self.checkpoints.save(self.step, self.trainer.state)
                if ending:
                    break

    def _advance(self, real: tf.Tensor, log: Log) -> dict[str, str]:
        measures = {name: float(value) for name, value in self.trainer.step(real).items()}
        self.step += 1
        for name, value in measures.items():
            if not math.isfinite(value):
                raise not_numbers(self.step, f"{name} is {value}, and losses are", self.checkpoints)
        log.write(self.step, measures)
        return {name: f"{value:.2f}" for name, value in measures.items()}

    def _draw(self) -> None:
        sheet = grid(paint(self.trainer.generator.network, self._latents), scale=2)
        save_png(sheet, self.run.grid(self.step))
