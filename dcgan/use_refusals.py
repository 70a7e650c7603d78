"""Why a trained run cannot be used like that."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dcgan.errors import Diagnosis, RunError


def wrong(argument: str, given: object, legal: object, reason: str, instead: object) -> RunError:
    """Refuse a number of samples, a seed, or numbers that are to name samples.

    Args:
        argument: Which of them.
        given: Its value.
        legal: Which values are.
        reason: Why others are not.
        instead: One that is.
    """
    return RunError(
        Diagnosis(
            "sample",
            argument,
            given=given,
            legal=legal,
            problem=f"{argument} cannot be {given!r}.",
            reason=reason,
            fix={f"--{argument}": instead},
        )
    )


def no_latents(z: np.ndarray, size: int, folder: Path) -> RunError:
    """Refuse an array that is no latents of a generator.

    Args:
        z: The array.
        size: Numbers in one latent.
        folder: The run's.
    """
    numbers = z.dtype.kind in "fiu"
    strange = "" if not numbers or np.isfinite(z).all() else ", and some of them are not finite"
    return RunError(
        Diagnosis(
            "paint",
            "latents",
            given=f"{z.dtype} of shape {z.shape}",
            legal=f"finite floats of shape (N, {size}), N at least 1",
            problem=f"latents are {z.dtype} of shape {z.shape}{strange}.",
            reason=f"one picture of {folder} is made from {size} numbers",
            remedy=f"give {size} numbers for each picture; one latent z alone is z[None]",
        )
    )


def no_own_picture(operation: str) -> RunError:
    """Refuse to use a generator latent by latent while batch norm uses the batch's statistics.

    Args:
        operation: For what.
    """
    return RunError(
        Diagnosis(
            operation,
            "statistics",
            given="batch",
            legal="running or reestimated",
            problem="with the batch's statistics no latent has a picture of its own.",
            reason="each picture then depends on those that are made beside it",
            fix={"--statistics": "reestimated"},
        )
    )
