"""A run on disk, without TensorFlow: its folder, its config.json, its log.

RUN/config.json         the config, the shape of the pictures and their fingerprint
RUN/history.json        which commands and versions made it, and where each began
RUN/log.jsonl           one line for each step: its number and its losses
RUN/samples/            a sheet of pictures every so often, always of the same latents
RUN/checkpoints/        the newest few, and in best/ the one that did best, if any was evaluated
RUN/evaluation.jsonl    what evaluations have measured; see dcgan.measuring.evaluation_log
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dcgan.config import Config
from dcgan.errors import DCGANError, Diagnosis, RunError
from dcgan.keeping import checkpoint_files
from dcgan.keeping.files import replacing, sweep
from dcgan.keeping.places import check_empty, not_made

# A run may be moved, with its pictures, may be made longer, and may go on on other devices.
NOT_IDENTITY = ("data", "steps", "strategy")


@dataclass(frozen=True)
class Run:
    """One training, and where it is kept.

    Attributes:
        folder: Where.
        config: What it depends on.
        image_shape: Of every picture, ``(H, W, C)``.
        fingerprint: Of the pictures that it is trained on.
        classes: The names of the classes that it is trained on, in order; empty where it is trained on none.
        labels: Fingerprint of the labels, where there are classes.
    """

    folder: Path
    config: Config
    image_shape: tuple[int, int, int]
    fingerprint: str
    classes: tuple[str, ...] = ()
    labels: str | None = None

    @classmethod
    def open(cls, folder: Path) -> Run:
        """Return the run that is kept in a folder.

        Args:
            folder: Where it is.

        Raises:
            RunError: If there is none, or its config.json cannot be understood.
        """
        file = folder / "config.json"
        try:
            written = json.loads(file.read_text("utf-8"))
            config = Config.from_json(written["config"])
            classes, labels = tuple(written.get("classes", ())), written.get("labels")
            return cls(folder, config, tuple(written["image_shape"]), written["pictures"], classes, labels)
        except OSError as error:
            raise _no_run(folder, f"{file} cannot be read: {error.strerror}") from error
        except DCGANError as error:
            raise _no_run(folder, f"{file} is not a config: {error.diagnosis.problem.rstrip('.')}") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise _no_run(folder, f"{file} is not a config: {error}") from error

    @property
    def checkpoints(self) -> Path:
        """The folder of the checkpoints."""
        return self.folder / "checkpoints"

    @property
    def identity(self) -> dict[str, Any]:
        """What must be the same for a checkpoint to belong to this run."""
        config = {name: value for name, value in self.config.departures().items() if name not in NOT_IDENTITY}
        return {**config, **self._facts}

    @property
    def _facts(self) -> dict[str, Any]:
        classes = {"classes": list(self.classes), "labels": self.labels} if self.classes else {}
        return {"image_shape": list(self.image_shape), "pictures": self.fingerprint, **classes}

    @property
    def best(self) -> Path:
        """The folder of the best checkpoint."""
        return self.checkpoints / checkpoint_files.BEST

    @property
    def evaluations(self) -> Path:
        """The file of what evaluations have measured."""
        return self.folder / "evaluation.jsonl"

    @property
    def log(self) -> Path:
        """The log."""
        return self.folder / "log.jsonl"

    @property
    def history(self) -> Path:
        """The file that says how it came about; see ``dcgan.keeping.history``."""
        return self.folder / "history.json"

    def grid(self, step: int) -> Path:
        """Return the file of the sheet of samples made after a step."""
        return self.folder / "samples" / f"step-{step:06d}.png"

    def make_folder(self) -> None:
        """Make the folder, if it is not there.

        Raises:
            RunError: If it is not empty, or cannot be made.
        """
        check_empty(self.folder)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise not_made(self.folder, error) from error

    def begin(self) -> None:
        """Write config.json, then make the folder of the sheets. Only for who holds the run's lock.

        Raises:
            RunError: If something has been written there meanwhile, or cannot be written.
        """
        check_empty(self.folder)
        self.write()
        self.tidy()

    def tidy(self) -> None:
        """Take away what a process that died has left half written. Only for who holds the run's lock.

        Raises:
            RunError: If that cannot be done, or the folder of the sheets cannot be made.
        """
        try:
            self.grid(0).parent.mkdir(exist_ok=True)
            checkpoint_files.sweep(self.checkpoints)
            checkpoint_files.sweep(self.best)
            for path in (
                self.folder / "config.json",
                self.history,
                self.log,
                self.evaluations,
                self.grid(0).with_name("step-*.png"),
            ):
                sweep(path)
        except OSError as error:
            raise not_made(self.folder, error) from error

    def write(self) -> None:
        """Write config.json, whole or not at all.

        Raises:
            RunError: If it cannot be written.
        """
        written = {
            "config": self.config.to_json(),
            **self._facts,
        }
        with replacing(self.folder / "config.json") as file:
            file.write((json.dumps(written, indent=2) + "\n").encode())

    def changed(self, **fields: Any) -> Run:  # noqa: ANN401 - as dataclasses.replace
        """Return the same run with another value of some fields of its config."""
        return dataclasses.replace(self, config=dataclasses.replace(self.config, **fields))


def _no_run(folder: Path, problem: str) -> RunError:
    return RunError(
        Diagnosis(
            "open",
            "run",
            given=str(folder),
            legal="a folder that dcgan train has made",
            problem=f"{folder} is not a run: {problem}.",
            reason="config.json says which networks the checkpoints are of",
            remedy="name the folder that dcgan train has printed, such as runs/digits-1",
        )
    )
