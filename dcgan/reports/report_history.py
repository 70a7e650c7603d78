"""How a run came about, for its report: each time that it was trained, with what and where. No TensorFlow here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from dcgan.keeping import history
from dcgan.keeping.runs import Run

_FACTS = ("command", "directory", "seed", "platform", "processors", "onednn")


def trainings(run: Run) -> str:
    """Return the history of a run as HTML, oldest first.

    Args:
        run: The run.

    Raises:
        RunError: If its history cannot be read.
    """
    entries = history.read(run)
    first = entries[0]["step"] if entries else None
    missing = "" if first == 0 else "<p>How it began is not written down: version 0.1 kept no history.</p>"
    return missing + "".join(map(_training, entries))


def _training(entry: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(str(value))}</td></tr>" for name, value in _rows(entry)
    )
    steps = f"From step {entry['step']}, to step {entry.get('until', '?')}"
    return f"<h3>{escape(steps)}</h3><table>{rows}</table>"


def _rows(entry: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "started", entry.get("started", "not written down")
    for name in (name for name in _FACTS if name in entry):  # older versions wrote fewer
        value = entry[name]
        yield name, "none: Python code has called" if name == "command" and value is None else value
    yield from entry.get("versions", {}).items()
