"""What a worker that is not the chief does of a training: the same steps, and no file."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from dcgan.looping import Loop


class NoLog:
    """Stands for the log where another worker writes it.

    Attributes:
        recent: No lines.
    """

    def __init__(self) -> None:
        self.recent: deque[dict[str, Any]] = deque()

    def write(self, step: int, measures: Mapping[str, float | str]) -> None:
        """Leave it to the chief."""

    def settle(self) -> None:
        """Leave it to the chief."""

    def __enter__(self) -> NoLog:
        return self

    def __exit__(self, *error: object) -> None:
        pass


class Helper(Loop):
    """A loop that leaves the log, the samples, the checkpoints and the progress bar to the chief.

    Its arguments are those of a :class:`dcgan.looping.Loop`, with a lock that locks nothing, and nothing to evaluate it.
    """

    def train(self, *, stopped: Callable[[], bool], progress: bool) -> None:
        """Take the same steps as the chief, up to the same one.

        Args:
            stopped: Asked after every step; once any worker says True, that is the end.
            progress: Of no effect: the chief shows it.

        Raises:
            TrainingError: If a loss or a weight is no longer a number.
            ClusterError: If another worker has been lost.
        """
        super().train(stopped=stopped, progress=False)

    def _log(self) -> NoLog:  # type: ignore[override]
        return NoLog()

    def _save(self, log: NoLog) -> None:  # type: ignore[override]
        pass

    def _draw(self) -> None:
        pass
