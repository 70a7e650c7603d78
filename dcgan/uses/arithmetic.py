"""The paper's vector arithmetic: what some samples have, less what others have, and more of what third ones have."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dcgan.images import BACKGROUND, grid, save_png
from dcgan.samples import SCALE, Samples, png
from dcgan.trained import Trained

NEARBY = (
    0.25  # the paper's: pictures near the result are made of it plus uniform noise of this width each way
)


@dataclass(frozen=True, eq=False)
class Arithmetic:
    """A sum of means of latents, and the way to it. As the last line of a notebook's cell it shows itself.

    Attributes:
        rows: The samples of a, of b (taken away) and of c (added), each followed by the picture of their mean.
        result: The picture of ``mean(a) - mean(b) + mean(c)``, then pictures near it.
    """

    rows: tuple[Samples, Samples, Samples]
    result: Samples

    @property
    def latent(self) -> np.ndarray:
        """What the result is made from, float32 of shape ``(latent,)``."""
        return self.result.latents[0]

    @property
    def sheet(self) -> np.ndarray:
        """The three rows, means in the last column, then the result, as uint8 of shape ``(H', W', C)``."""
        columns = max(map(len, self.rows))
        cells = []
        for row in self.rows:
            gap = np.full((columns - len(row), *row.array.shape[1:]), BACKGROUND, np.uint8)
            cells += [row.array[:-1], gap, row.array[-1:]]
        return grid(np.concatenate([*cells, self.result.array]), columns, scale=SCALE)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write :attr:`sheet` as PNG; raises RunError if it cannot be written."""
        save_png(self.sheet, Path(path))

    def _repr_png_(self) -> bytes:
        return png(self.sheet)


def combine(
    trained: Trained, a: Sequence[int], b: Sequence[int], c: Sequence[int], *, seed: int = 0
) -> Arithmetic:
    """Return ``mean(a) - mean(b) + mean(c)`` of the latents of picked samples, as pictures.

    If a are smiling women, b women who do not smile, and c such men, the result may be a smiling man. The paper takes
    three samples of each, because the arithmetic of single ones is unsteady. The result may leave the cube that latents
    are drawn from; nothing is cut off.

    Args:
        trained: Whose samples.
        a: Some of them, by their number among the samples of the seed (from 0, by rows on the sheet).
        b: Those to take away.
        c: Those to add.
        seed: Of the samples, and of the noise near the result.

    Returns:
        The result, and a sheet with the steps.

    Raises:
        RunError: For numbers that are no samples, or a seed that is none.
    """
    rows = [trained.pick(picks, seed, called=name) for name, picks in (("a", a), ("b", b), ("c", c))]
    means = [row.mean(axis=0) for row in rows]
    result = means[0] - means[1] + means[2]
    size = trained.run.config.latent
    noise = np.random.default_rng(seed).uniform(-NEARBY, NEARBY, (max(map(len, rows)), size))
    noise = np.pad(noise, ((0, 0), (0, len(result) - size)))  # the classes are added up, and have no noise
    first, second, third = (
        trained.paint(np.concatenate([row, mean[None]])) for row, mean in zip(rows, means, strict=True)
    )
    near = np.concatenate([result[None], result + noise.astype(np.float32)])
    return Arithmetic((first, second, third), trained.paint(near))
