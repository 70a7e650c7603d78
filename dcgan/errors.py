"""What can go wrong while planning, reading pictures, running and training, and what to do about it.

    DCGANError (ValueError)
    ├── PlanError       a network that cannot be built for these pictures
    ├── DataError       pictures that are not there, cannot be read, or do not go together
    ├── RunError        a run folder, checkpoint or output file that cannot be used or written
    ├── TrainingError   training that has gone wrong: losses that are no longer numbers
    └── ClusterError    workers that cannot be joined, do not agree, or have been lost

Each is made from a :class:`Diagnosis`: convshape's record, rendered by convshape, whose fix may also be
options of the ``dcgan`` command or something to do by hand. Nothing here needs TensorFlow.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

import convshape


class Diagnosis(convshape.Diagnosis):
    """One mistake, as data: convshape's record with two more ways of saying the fix.

    A fix whose names begin with ``--`` is written as options of the ``dcgan`` command (``True`` stands for an
    option without a value); other names are written as Python arguments. Where no argument can help,
    ``remedy`` says in words what to do.

    Attributes:
        remedy: What to do by hand, or None. Given either instead of ``fix`` or not at all.

    >>> record = Diagnosis(
    ...     "load",
    ...     "source",
    ...     given="x",
    ...     legal="a folder",
    ...     problem="x is empty.",
    ...     reason="nothing can be learnt from nothing",
    ...     fix={"--data": "my photos", "--quiet": True},
    ... )
    >>> print(record.text())
    load: x is empty.
      legal: a folder
      because: nothing can be learnt from nothing
      fix: --data 'my photos' --quiet
    """

    __slots__ = ("remedy",)
    _fields = (*convshape.Diagnosis._fields, "remedy")
    remedy: str | None

    def __init__(self, operation: str, argument: str, *, remedy: str | None = None, **record: Any) -> None:  # noqa: ANN401
        if (record.get("fix") is None) == (remedy is None):
            raise TypeError("a Diagnosis takes either a fix or a remedy: every error says what to do")
        super().__init__(operation, argument, **record)
        self._set(remedy=remedy)

    def parts(self) -> list[tuple[str, str]]:
        """Return the labelled parts below the problem, in their fixed order: legal, because, fix, or."""
        rows = super().parts()
        if self.fix is None:
            return [*rows[:-1], ("fix", str(self.remedy))]
        fixes = (self.fix, *self.alternatives)
        before = len(rows) - len(fixes)
        for place, changes in enumerate(fixes, start=before):
            label, written = rows[place]
            _, bracket, note = written.partition("    (")
            if all(name.startswith("--") for name in changes):
                rows[place] = (label, _as_options(changes) + bracket + note)
        return rows


class DCGANError(ValueError):
    """Whatever dcgan refuses to do; it carries its :class:`Diagnosis` and reads as one.

    >>> record = Diagnosis(
    ...     "load",
    ...     "source",
    ...     given="cats",
    ...     legal="a folder",
    ...     problem="there is no cats.",
    ...     reason="pictures are read from it",
    ...     remedy="make the folder cats",
    ... )
    >>> raise DataError(record)
    Traceback (most recent call last):
        ...
    dcgan.errors.DataError: load: there is no cats.
      legal: a folder
      because: pictures are read from it
      fix: make the folder cats
    """

    def __init__(self, diagnosis: convshape.Diagnosis) -> None:
        super().__init__(diagnosis)
        self.diagnosis = diagnosis

    def __str__(self) -> str:
        return self.diagnosis.text()

    def _repr_html_(self) -> str:
        return self.diagnosis.html()

    def to_json(self) -> dict[str, object]:
        """Return the error as a dict that ``json.dumps`` takes as it is, its kind included."""
        return {"error": type(self).__name__, **self.diagnosis.to_json(), "text": str(self)}


class PlanError(DCGANError):
    """A network that cannot be built for these pictures."""


class DataError(DCGANError):
    """Pictures that are not there, cannot be read, or do not go together."""


class RunError(DCGANError):
    """A run folder, checkpoint or output file that cannot be used or written."""


class TrainingError(DCGANError):
    """Training that has gone wrong: losses that are no longer numbers."""


class ClusterError(DCGANError):
    """Workers that cannot be joined, do not agree, or have been lost."""


def _as_options(changes: Mapping[str, object]) -> str:
    words = []
    for name, value in changes.items():
        words.append(name)
        if value is not True:
            words.append(shlex.quote(str(value)))
    return " ".join(words)
