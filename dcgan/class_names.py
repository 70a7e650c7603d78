"""Classes by name: which of a run's are meant. No TensorFlow here."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from dcgan.errors import Diagnosis, RunError
from dcgan.keeping.runs import Run


def numbers_of(classes: Sequence[str], run: Run) -> tuple[int, ...]:
    """Return the numbers of some classes of a run.

    Args:
        classes: Their names, at least one.
        run: The run.

    Raises:
        RunError: For a name that none of them has, or where the run was not trained on classes.
    """
    if not run.classes:
        raise _knows_none(classes, run)
    strange = [name for name in classes if name not in run.classes]
    if strange or not classes:
        raise _no_such(classes, strange, run)
    return tuple(map(run.classes.index, classes))


def _knows_none(classes: Sequence[str], run: Run) -> RunError:
    return RunError(
        Diagnosis(
            "sample",
            "classes",
            given=",".join(map(str, classes)),
            legal="none, of a run that was trained without --conditional",
            problem=f"{run.folder} knows no classes.",
            reason="a generator learns them while it is trained, and not from its end",
            remedy="leave out --classes, or train a new run with --conditional",
        )
    )


def _no_such(classes: Sequence[str], strange: Sequence[str], run: Run) -> RunError:
    nearest = get_close_matches(str(strange[0]), run.classes, n=1) if strange else []
    return RunError(
        Diagnosis(
            "sample",
            "classes",
            given=",".join(map(str, classes)),
            legal=", ".join(run.classes),
            problem=f"{run.folder} has no class {strange[0]!r}." if strange else "no class is named.",
            reason="it was trained on those of its pictures",
            fix={"--classes": _as_list(nearest[0] if nearest else run.classes[0])},
        )
    )


def _as_list(name: str) -> str:
    """Return a name as ``--classes`` reads it, which divides at commas."""
    return '"' + name.replace('"', '""') + '"' if set(',"') & set(name) else name
