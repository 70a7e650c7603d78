"""From one sample to another: pictures of the latents on the arc between theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from dcgan.errors import Diagnosis, RunError
from dcgan.images import grid
from dcgan.samples import SCALE, Samples
from dcgan.trained import Trained

# Radians. Nearer than this to one direction, the arc is a straight line to float32; nearer to opposite
# directions, which of all half circles to take would be decided by rounding.
NARROW = 1e-4
MOST_STEPS = 10_000


def arc(first: np.ndarray, last: np.ndarray, count: int) -> np.ndarray:
    """Return latents from one to another in equal turns, both ends included.

    Between two latents the straight line passes through shorter vectors than any that the generator was trained
    on: in 100 dimensions all latents are about equally long. The arc keeps to their length (Shoemake 1985)::

        arc(t) = sin((1 - t) w) / sin(w) * first + sin(t w) / sin(w) * last

    with ``w`` the angle between them. Where ``w`` is 0 that is the straight line.

    Args:
        first: A latent, ``(latent,)``, not all 0.
        last: Another one.
        count: How many, at least 2.

    Returns:
        Latents, float32 of shape ``(count, latent)``; the first and the last are those given, to the bit.

    Raises:
        RunError: If they point in opposite directions, or one in none: no arc is shorter than the others.

    >>> (arc(np.array([5.0, 0.0]), np.array([3.0, 4.0]), 3) ** 2).round(3).tolist()
    [[25.0, 0.0], [20.0, 5.0], [9.0, 16.0]]
    """
    ends = np.asarray([first, last], np.float64)
    lengths = np.linalg.norm(ends, axis=1)
    if not lengths.all():
        raise _no_arc("one of them is 0 everywhere, and points nowhere")
    units = ends / lengths[:, None]
    # by the chord, not by the arc cosine, which loses half of the digits where the angle is small
    angle = 2 * np.arctan2(np.linalg.norm(units[1] - units[0]), np.linalg.norm(units[1] + units[0]))
    if np.pi - angle < NARROW:
        raise _no_arc("they point in opposite directions")
    t = np.linspace(0, 1, count)
    if angle < NARROW:
        shares = np.stack([1 - t, t], axis=1)
    else:
        shares = np.stack([np.sin((1 - t) * angle), np.sin(t * angle)], axis=1) / np.sin(angle)
    points = (shares @ ends).astype(np.float32)
    points[[0, -1]] = np.asarray([first, last], np.float32)
    return points


@dataclass(frozen=True, eq=False, repr=False)
class Way(Samples):
    """Pictures on the way from sample to sample, each once; ``columns`` is how many each leg has, both ends counted.

    Its :attr:`sheet` has a row for each leg, and so shows a sample between two legs twice.
    """

    columns: int = 2

    @property
    def sheet(self) -> np.ndarray:
        """A row for each leg, uint8 of shape ``(H', W', C)``."""
        steps = self.columns - 1
        legs = [self.array[start : start + self.columns] for start in range(0, len(self) - 1, steps)]
        return grid(np.concatenate(legs), self.columns, scale=SCALE)


def interpolate(trained: Trained, picks: Sequence[int] = (0, 1), *, steps: int = 8, seed: int = 0) -> Way:
    """Return pictures from sample to sample, along the arcs between their latents; classes fade into each other.

    Args:
        trained: Whose pictures.
        picks: Which samples to go through, by their number among the samples of the seed (from 0); at least two.
        steps: How many steps from one to the next.
        seed: Of the samples.

    Returns:
        ``(len(picks) - 1) * steps + 1`` pictures, those of the picks among them.

    Raises:
        RunError: For picks that are none, or are too few, or have no arc between them; for a number of steps that is none.
    """
    if not isinstance(steps, int) or isinstance(steps, bool) or not 1 <= steps <= MOST_STEPS:
        raise _wrong_steps(steps)
    z = trained.pick(picks, seed, least=2)
    size = trained.run.config.latent
    legs = [_leg(one, other, steps + 1, size)[:-1] for one, other in pairwise(z)]
    pictures = trained.paint(np.concatenate([*legs, z[-1:]]))
    return Way(pictures.array, pictures.latents, columns=steps + 1)


def _leg(one: np.ndarray, other: np.ndarray, count: int, size: int) -> np.ndarray:
    """Return the arc between two latents of ``size`` numbers; the classes behind them fade into each other evenly."""
    share = np.linspace(0, 1, count, dtype=np.float32)[:, None]
    classes = (1 - share) * one[size:] + share * other[size:]
    return np.concatenate([arc(one[:size], other[:size], count), classes], axis=1)


def _wrong_steps(steps: object) -> RunError:
    return RunError(
        Diagnosis(
            "interpolate",
            "steps",
            given=steps,
            legal=range(1, MOST_STEPS + 1),
            problem=f"steps cannot be {steps!r}.",
            reason="pictures between two samples are counted",
            fix={"--steps": 8},
        )
    )


def _no_arc(problem: str) -> RunError:
    return RunError(
        Diagnosis(
            "interpolate",
            "picks",
            given="two latents",
            legal="two latents that point in directions of which neither is the other's opposite",
            problem=f"there is no shortest arc between two of the latents: {problem}.",
            reason="every half circle from one to the other is as short as the next",
            remedy="go by way of a third sample",
        )
    )
