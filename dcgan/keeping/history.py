"""history.json: how a run came about, with one entry for its beginning and one for each time that it was resumed.

An entry is what may be needed to do the same again: the command, the versions, the machine, the first and the last step
meant. Like the rest of a run it is whole or as it was before. TensorFlow is asked for its version only by :func:`record`.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from dcgan.computing.processor import uses_onednn, words
from dcgan.errors import Diagnosis, RunError
from dcgan.keeping.files import replacing
from dcgan.keeping.runs import Run


def read(run: Run) -> list[dict[str, Any]]:
    """Return the entries of a run, oldest first; none where it has no history, as runs of 0.1 have not.

    Args:
        run: The run.

    Raises:
        RunError: If there is one that cannot be read.
    """
    path = run.history
    try:
        entries = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _strange(path, f"cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise _strange(path, f"is not JSON: {error}") from error
    if not isinstance(entries, list) or not all(
        isinstance(entry, dict) and isinstance(entry.get("step"), int) for entry in entries
    ):
        raise _strange(path, "is not a list of objects that each have a step")
    return entries


def record(run: Run, step: int, command: str | None, pictures: Mapping[str, Any]) -> None:
    """Add an entry to a run's history.

    Args:
        run: The run.
        step: Steps done before.
        command: What was typed into a shell, or None where Python code has called.
        pictures: What was found and what became of it, as ``Pictures.account`` says it.

    Raises:
        RunError: If the history cannot be read or written.
    """
    entries = [*read(run), entry(run, step, command, pictures)]
    with replacing(run.history) as file:
        file.write((json.dumps(entries, indent=2) + "\n").encode())


def entry(run: Run, step: int, command: str | None, pictures: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entry of a training that begins now: as of :func:`record`."""
    return {
        "step": step,
        "until": run.config.steps,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "by": "python" if command is None else "command line",
        "command": command,
        "directory": str(Path.cwd()),
        "seed": run.config.seed,
        "pictures": dict(pictures),
        "versions": versions(),
        "platform": platform.platform(),
        "processors": os.cpu_count(),
        "onednn": uses_onednn(words(), os.environ),  # its kernels add up in another order
    }


def versions() -> Mapping[str, str]:
    """Return the versions of what a training depends on."""
    import keras
    import numpy as np
    import tensorflow as tf

    return {
        "python": platform.python_version(),
        "convshape": version("convshape"),  # dcgan is a part of that distribution
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "numpy": np.__version__,
    }


def _strange(path: Path, what: str) -> RunError:
    return RunError(
        Diagnosis(
            "resume",
            "run",
            given=str(path),
            legal="a JSON list with an object for each time that the run was trained",
            problem=f"{path} {what}.",
            reason="the history is added to, and nothing in it is thrown away",
            remedy=f"mend {path}, or move it out of the run: then a new one is begun",
        )
    )
