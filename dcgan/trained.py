"""A trained run, opened to be used: its generator, and pictures from it."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from copy import copy
from itertools import cycle, islice
from typing import TYPE_CHECKING

import numpy as np

from dcgan.blueprint import Blueprint
from dcgan.class_names import numbers_of
from dcgan.keeping.runs import Run
from dcgan.outputs import new_folder
from dcgan.rules import SEED
from dcgan.samples import Samples
from dcgan.use_refusals import no_latents, no_own_picture, wrong

if TYPE_CHECKING:
    from dcgan.models import Generator

LARGEST = 2 * 2**30  # bytes of one array of pictures, or of latents
MOST = 10**9  # samples of one seed


class Trained:
    """A run's generator as its newest checkpoint has it. Using it changes nothing, in it or in the run.

    Args:
        run: Where it was trained.
        blueprint: Both of its networks, as shapes.
        generator: The restored generator.
        step: The step that the checkpoint was written after.
        batch_statistics: Whether batch norm uses the statistics of the pictures that are made together.
        wanted: Which classes are made, in turn, each by its number among those of the run; None for all.

    Attributes:
        run: As given.
        blueprint: As given.
        generator: As given.
        step: As given.
        batch_statistics: As given.
        wanted: As given.
    """

    def __init__(
        self,
        run: Run,
        blueprint: Blueprint,
        generator: Generator,
        step: int,
        *,
        batch_statistics: bool = False,
        wanted: tuple[int, ...] | None = None,
    ) -> None:
        self.run = run
        self.blueprint = blueprint
        self.generator = generator
        self.step = step
        self.batch_statistics = batch_statistics
        self.wanted = wanted

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes that are made, in turn; empty where the run knows none."""
        every = self.run.classes
        return every if self.wanted is None else tuple(every[number] for number in self.wanted)

    def of(self, *classes: str) -> Trained:
        """Return the same generator, for pictures of some classes: ``trained.of("3").sample(16)``.

        Sample 0 is then of the first of them, sample 1 of the second, and so on in turn; without :meth:`of`, of all
        classes in turn. One sample has the same latent in whichever class it is made.

        Args:
            classes: Names of classes of the run, at least one.

        Raises:
            RunError: For a name that none of them has, or where the run was not trained on classes.
        """
        chosen = copy(self)
        chosen.wanted = numbers_of(classes, self.run)
        return chosen

    def sample(self, count: int = 64, seed: int = 0) -> Samples:
        """Return new pictures: the same ones that ``dcgan sample`` writes.

        Args:
            count: How many.
            seed: Which; the first pictures of a larger sample of one seed are those of a smaller one.

        Returns:
            The pictures, ``array`` of shape ``(count, H, W, C)``, their latents and their classes.

        Raises:
            RunError: If the count or the seed cannot be.
        """
        self._check(count, seed, most=LARGEST // math.prod(self.run.image_shape))
        from dcgan import sampling

        array = sampling.sample(
            self.generator, count, seed, classes=self.wanted, batch_statistics=self.batch_statistics
        )
        names = tuple(islice(cycle(self.classes), count))
        return Samples(array, self.latents(count, seed), names)

    def latents(self, count: int, seed: int = 0) -> np.ndarray:
        """Return what the first ``count`` samples of a seed are made from, float32 of shape ``(count, latent)``.

        Of a run that was trained on classes, each has a one behind it in the place of its class:
        ``(count, latent + classes)``.
        """
        self._check(count, seed, most=LARGEST // (4 * self.inputs))
        from dcgan import sampling

        parts = [self._part(part, seed) for part in range(math.ceil(count / sampling.CHUNK))]
        return np.concatenate(parts)[:count]

    def pick(
        self, picks: Sequence[int], seed: int = 0, *, least: int = 1, called: str = "picks"
    ) -> np.ndarray:
        """Return the latents of some samples of a seed.

        Args:
            picks: Their numbers, from 0, as they stand on the sheet of :meth:`sample` by rows from the upper left.
            seed: Of the samples.
            least: How many there must be.
            called: What an error calls them.

        Returns:
            float32 of shape ``(len(picks), latent)``, or ``(len(picks), latent + classes)``.

        Raises:
            RunError: If there are too few, or one is no number of a sample, or the seed is none.
        """
        numbers = tuple(picks)
        if len(numbers) < least or not all(_whole(number) and 0 <= number < MOST for number in numbers):
            legal = f"at least {least} of the numbers from 0 to {MOST - 1}"
            reason = "they name samples of the seed, by their number"
            raise wrong(called, numbers, legal, reason, ",".join(map(str, range(max(least, 2)))))
        self._check_seed(seed)
        from dcgan import sampling

        return np.stack(
            [self._part(number // sampling.CHUNK, seed)[number % sampling.CHUNK] for number in numbers]
        )

    def paint(self, latents: np.ndarray) -> Samples:
        """Return the pictures of these latents.

        Args:
            latents: Floats of shape ``(N, latent)``, of a run that was trained on classes ``(N, latent + classes)``;
                any N of at least 1.

        Returns:
            The pictures, ``array`` of shape ``(N, H, W, C)``; each depends on its own latent alone.

        Raises:
            RunError: If they are no latents of this generator.
        """
        from dcgan import sampling

        z = self._read(latents)
        return Samples(sampling.paint(self.generator, z, batch_statistics=self.batch_statistics), z)

    def save_separately(self, folder: str | os.PathLike[str], count: int, seed: int = 0) -> int:
        """Write samples as one PNG each: the same pictures as :meth:`sample`, in their own size, numbered from 0.

        Any number goes: no more of them are held in memory than the generator makes at once.

        Args:
            folder: Where to; not there yet, or empty. It is whole or not there.
            count: How many.
            seed: Which.

        Returns:
            How many were written.

        Raises:
            RunError: If the folder cannot be written, or the count or the seed cannot be.
        """
        from dcgan import sampling
        from dcgan.images import save_png

        self._check(count, seed, most=MOST)
        digits = max(4, len(str(count - 1)))
        with new_folder(folder, "sample") as waiting:
            for part, start in enumerate(range(0, count, sampling.CHUNK)):
                z = self._part(part, seed)
                made = sampling.paint(self.generator, z, batch_statistics=self.batch_statistics)
                for number, picture in enumerate(made[: count - start], start):
                    save_png(picture, waiting / f"{number:0{digits}d}.png")
        return count

    def _part(self, part: int, seed: int) -> np.ndarray:
        from dcgan import latents, sampling

        z = latents.draw(seed, "sample", part, sampling.CHUNK, self.run.config.latent)
        return np.asarray(sampling.inputs(self.generator, z, self.wanted, start=part * sampling.CHUNK))

    @property
    def inputs(self) -> int:
        """Numbers that one picture is made from, those of a latent and one for each class of the run."""
        return self.run.config.latent + len(self.run.classes)

    def _check(self, count: int, seed: int, *, most: int) -> None:
        if not _whole(count) or not 1 <= count <= most:
            raise wrong("count", count, range(1, most + 1), "pictures are counted, and need room", 64)
        self._check_seed(seed)

    def _check_seed(self, seed: int) -> None:
        if not SEED.holds(seed):
            raise wrong("seed", seed, SEED.legal, SEED.reason, 0)

    def _read(self, latents: np.ndarray) -> np.ndarray:
        size = self.inputs
        z = np.asarray(latents)
        if z.ndim == 2 and len(z) and z.shape[1] == size and z.dtype.kind in "fiu" and np.isfinite(z).all():
            return z.astype(np.float32)
        raise no_latents(z, size, self.run.folder)

    def __repr__(self) -> str:
        size = "x".join(map(str, self.run.image_shape))
        classes = f", of {len(self.classes)} classes" if self.classes else ""
        return f"<{self.run.folder} after {self.step} steps: {size} from {self.run.config.latent} numbers{classes}>"


def check_alone(trained: Trained, operation: str) -> None:
    """Make sure that a latent has a picture of its own, whatever is made beside it.

    Args:
        trained: What is to be used.
        operation: For what.

    Raises:
        RunError: If batch norm was told to use the batch's statistics.
    """
    if trained.batch_statistics:
        raise no_own_picture(operation)


def _whole(number: object) -> bool:
    return isinstance(number, int | np.integer) and not isinstance(number, bool)
