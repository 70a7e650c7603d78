"""From step to step: the log, the verdict, the sheets of samples, the checkpoints, and the end."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import tensorflow as tf
from tqdm import tqdm

from dcgan import latents
from dcgan.data import Pictures, batches, labelled_batches
from dcgan.distributed.strategies import Team
from dcgan.health import NOT_NUMBERS, WINDOW, Health
from dcgan.images import columns, grid, save_png
from dcgan.keeping.checkpoints import Checkpoints, not_numbers
from dcgan.keeping.logs import Log
from dcgan.keeping.runs import Run
from dcgan.sampling import inputs, paint
from dcgan.training import Trainer

if TYPE_CHECKING:
    from dcgan.measuring.watch import Watch


class Loop:
    """A run that is being trained.

    Args:
        run: Where it is kept, and its config.
        pictures: What it is trained on.
        trainer: Both players; those of a resumed run come restored.
        checkpoints: Where their state goes.
        lock: The run's, held from now on; given back when the training ends, and taken again by another.
        team: On what it is trained.
        watch: What evaluates it on the way; None for nothing.

    Attributes:
        run: As given.
        pictures: As given.
        trainer: As given.
        step: Steps done.

    Raises:
        DataError: If there are too few pictures for one batch.
    """

    def __init__(
        self,
        run: Run,
        pictures: Pictures,
        trainer: Trainer,
        checkpoints: Checkpoints,
        lock: AbstractContextManager[object],
        team: Team,
        watch: Watch | None = None,
    ) -> None:
        self.run = run
        self.pictures = pictures
        self.trainer = trainer
        self.checkpoints = checkpoints
        self.lock = lock
        self.team = team
        self.watch = watch
        self.step = int(trainer.steps_done.numpy())
        self._batches()  # refuses a batch that cannot be, before anything is written
        config = run.config
        z = latents.draw(config.seed, "grid", 0, config.samples, config.latent)
        self._inputs = inputs(trainer.generator.network, z)

    def train(self, *, stopped: Callable[[], bool], progress: bool) -> None:
        """Train until the config's number of steps is reached, or until told to stop.

        Args:
            stopped: Asked after every step; once it says True, a checkpoint is written, and that is the end.
            progress: Show a progress bar, and what to do where the training is not well.

        Raises:
            TrainingError: If a loss or a weight is no longer a number.
            RunError: If something cannot be written, or an earlier call was interrupted in the middle of a step.
            ClusterError: If a worker of the team has been lost.
        """
        config = self.run.config
        self.checkpoints.check_whole_steps(self.step, int(self.trainer.steps_done.numpy()))
        stream = self._batches()
        bar = tqdm(total=config.steps, initial=self.step, unit="step", disable=not progress)
        together = self.team.held_together(self.run, lambda: self.step)
        with self.lock, together, self._log() as log, bar:
            health = Health(log.recent)
            while self.step < config.steps:
                measures = self._advance(next(stream))
                ending = self.step == config.steps or self.team.any(stopped())
                drawing = self.step % config.sample_every == 0 or self.step == config.steps
                saving = self.step % config.checkpoint_every == 0 or ending
                evaluating = self.watch is not None and self.watch.due(self.step)
                self._check_numbers(measures, log, weights=drawing or saving or evaluating)
                line = _line(measures, health)
                if self.watch is not None and evaluating:
                    line |= self.watch.evaluate(self.step)
                log.write(self.step, line)
                bar.set_postfix(_shown(line), refresh=False)
                bar.update()
                if progress and "advice" in line:
                    bar.write(f"step {self.step}: {line['health']}: {line['advice']}", file=sys.stderr)
                if drawing:
                    self._draw()
                if saving:
                    self._save(log)
                if ending:
                    break

    def _batches(self) -> Iterator[tuple[tf.Tensor, ...]]:
        """Yield the batches from the next step on, whatever has been yielded before: a step may have been interrupted."""
        config = self.run.config
        shown = (self.pictures, config.batch_size, config.seed)
        if config.conditional:
            return labelled_batches(*shown, start_step=self.step, flip=config.flip)
        return zip(batches(*shown, start_step=self.step, flip=config.flip), strict=True)

    def _advance(self, batch: tuple[tf.Tensor, ...]) -> dict[str, float]:
        measures = {name: float(value) for name, value in self.trainer.step(*batch).items()}
        self.step += 1
        return measures

    def _check_numbers(self, measures: Mapping[str, float], log: Log, *, weights: bool) -> None:
        """Make sure that measures are numbers, and the weights where they are about to be used or kept."""
        ruined = [
            f"{name} is {value}, and measures are"
            for name, value in measures.items()
            if not math.isfinite(value)
        ]
        if weights:
            ruined += [f"{name} has values that are not" for name in self.trainer.ruined()]
        if ruined:
            log.write(self.step, {"health": NOT_NUMBERS})
            raise not_numbers(self.step, ruined[0], self.checkpoints)

    def _log(self) -> Log:
        """Open the log, from the step on that is next.

        Raises:
            RunError: If it cannot be written, or the newest checkpoint is not the one of the last step done here.
        """
        self.checkpoints.check_newest(self.step)
        if self.watch is not None:
            self.watch.begin(self.step)
        return Log(self.run.log, self.step, recent=WINDOW)

    def _save(self, log: Log) -> None:
        log.settle()
        self.checkpoints.save(self.step, self.trainer.state)

    def _draw(self) -> None:
        sheet = grid(paint(self.trainer.painter(), self._inputs), columns(self.run.classes), scale=2)
        save_png(sheet, self.run.grid(self.step))


def _line(measures: Mapping[str, float], health: Health) -> dict[str, float | str]:
    """Return what the log says of a step: its measures, the verdict, and advice where that is a new one."""
    before, verdict = health.last, health.follow(measures)
    line: dict[str, float | str] = {**measures, "health": verdict.name}
    if verdict.advice is not None and verdict.name != before:
        line["advice"] = verdict.advice
    return line


def _shown(line: Mapping[str, float | str]) -> dict[str, str]:
    """Return a line of the log, short enough for the progress bar."""
    return {
        name: value if isinstance(value, str) else f"{value:.2f}"
        for name, value in line.items()
        if name != "advice"
    }
