"""What an evaluation refuses. No TensorFlow here."""

from __future__ import annotations

from dcgan.errors import Diagnosis, RunError


def check_samples(count: object, size: int, option: str) -> None:
    """Make sure that there are samples enough for a distance.

    Args:
        count: How many are to be made.
        size: How many features there are, or classes, if those are more.
        option: The option that says how many.

    Raises:
        RunError: If it is no integer, or not above ``size``.
    """
    if isinstance(count, int) and not isinstance(count, bool) and count > size:
        return
    raise RunError(
        Diagnosis(
            "evaluate",
            option.removeprefix("--").replace("-", "_"),
            given=count,
            legal=f"an integer of at least {size + 1}",
            problem=f"{count!r} samples are too few for {size} features.",
            reason="the spread of so many features can be told only from more samples than there are features",
            fix={option: max(2000, 10 * size)},
        )
    )
