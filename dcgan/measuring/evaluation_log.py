"""RUN/evaluation.jsonl: one evaluation a line, as JSON. No TensorFlow here.

Lines are only ever added, so that an evaluation by hand and a training can both write; of two evaluations of the same thing
the later one counts.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from dcgan.errors import Diagnosis, RunError
from dcgan.keeping.files import check_writable, replacing
from dcgan.keeping.runs import Run

Record: TypeAlias = dict[str, Any]
# What makes two evaluations two measurements of the same thing.
SAME = ("step", "weights", "statistics", "samples", "seed", "during", "reference", "judge", "classifier")
_COMPARABLE = tuple(name for name in SAME if name not in ("step", "during"))


def add(run: Run, record: Mapping[str, Any]) -> None:
    """Add an evaluation to those of a run.

    Args:
        run: The run.
        record: The evaluation, as :meth:`dcgan.measuring.evaluation.Evaluation.to_json` gives it.

    Raises:
        RunError: If the file cannot be written, or a line in it is not an evaluation.
    """
    file = run.evaluations
    line = (json.dumps(record) + "\n").encode()
    try:
        if file.exists() and not file.read_bytes().endswith(b"\n"):
            _rewrite(file, read(run))  # the machine went down in the middle of a line
        with file.open("ab", buffering=0) as opened:
            if opened.write(line) < len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    except OSError as error:
        raise _unwritable(file, error) from error


def check(run: Run) -> None:
    """Make sure that an evaluation can be added.

    Args:
        run: The run.

    Raises:
        RunError: If the file cannot be written, or a line in it is not an evaluation.
    """
    read(run)
    check_writable(run.evaluations)
    try:
        if run.evaluations.exists():
            run.evaluations.open("ab").close()
    except OSError as error:
        raise _unwritable(run.evaluations, error) from error


def read(run: Run) -> list[Record]:
    """Return the evaluations of a run, by their steps, each thing measured once.

    Args:
        run: The run; a torn last line is left out.

    Raises:
        RunError: If the file cannot be read, or a line in it is not an evaluation.
    """
    file = run.evaluations
    try:
        lines = file.read_bytes().split(b"\n")[:-1] if file.exists() else []
    except OSError as error:
        raise _unreadable(file, error.strerror or str(error)) from error
    found: dict[tuple[Any, ...], Record] = {}
    for number, line in enumerate(lines, 1):
        try:
            record = json.loads(line)
            float(record["distances"]["frechet"])
            record.setdefault("classifier", None)  # it was not always written down
            key = tuple(record[name] for name in SAME)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise _unreadable(file, f"line {number} is not an evaluation") from error
        found.pop(key, None)
        found[key] = record
    return sorted(found.values(), key=lambda record: int(record["step"]))


def forget_after(run: Run, step: int) -> None:
    """Take out what was measured in a training after a step: those steps are done again.

    Args:
        run: The run.
        step: The last step whose evaluations stay. Those made by hand stay all.

    Raises:
        RunError: If the file cannot be read or written.
    """
    records = read(run)
    kept = [record for record in records if record["step"] <= step or not record["during"]]
    if len(kept) < len(records):
        _rewrite(run.evaluations, kept)


def comparable(records: list[Record]) -> list[list[Record]]:
    """Return evaluations in groups whose numbers can be compared over the steps, each step once, newest group last."""
    groups: dict[tuple[Any, ...], dict[int, Record]] = {}
    for record in records:
        groups.setdefault(tuple(record[name] for name in _COMPARABLE), {})[record["step"]] = record
    return [list(group.values()) for group in groups.values()]


def _rewrite(file: Path, records: list[Record]) -> None:
    with replacing(file) as opened:
        opened.writelines((json.dumps(record) + "\n").encode() for record in records)


def _unwritable(file: Path, error: OSError) -> RunError:
    return RunError(
        Diagnosis(
            "evaluate",
            "run",
            given=str(file),
            legal="a file that can be written to, on a disk with room",
            problem=f"{file} cannot be written: {error.strerror or error}.",
            reason="every evaluation is kept with the run; the checkpoints are as they were",
            remedy=f"make room there, or let yourself write to {file.parent}",
        )
    )


def _unreadable(file: Path, problem: str) -> RunError:
    return RunError(
        Diagnosis(
            "evaluate",
            "run",
            given=str(file),
            legal="one evaluation in each line, as JSON",
            problem=f"{file} cannot be read: {problem}.",
            reason="evaluations are added to it, and it is never thrown away without a word",
            remedy=f"mend {file}, or move it away: it is begun anew",
        )
    )
