"""The part of a report that tells how far the samples were from real pictures. No TensorFlow here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from dcgan.keeping.runs import Run
from dcgan.measuring.evaluation_log import Record, comparable, read
from dcgan.measuring.evaluation_table import FLOORS, table
from dcgan.reports.charts import chart

_CURVES: dict[str, tuple[str, Callable[[Record], float]]] = {
    "Frechet distance": ("frechet", lambda record: record["distances"]["frechet"]),
    "Kernel distance, times 1000": ("kernel", lambda record: 1000 * record["distances"]["kernel"]),
}
_COVERED: dict[str, tuple[str, Callable[[Record], float]]] = {
    "Share of the classes that are covered": ("covered", lambda record: record["classes"]["share"]),
}


def distances(run: Run) -> str:
    """Return the evaluations of a run as HTML: curves over the steps, and the last one whole.

    Args:
        run: The run.

    Returns:
        HTML; empty where it has never been evaluated.

    Raises:
        RunError: If its evaluations cannot be read.
    """
    records = read(run)
    if not records:
        return ""
    curves = "".join(_group(group) for group in comparable(records) if len(group) > 1)
    last = max(records, key=lambda record: (record["step"], not record["during"], record["samples"]))
    return f"{curves}<p>The last evaluation:</p><pre>{escape(table(last))}</pre>"


def _group(records: Sequence[Record]) -> str:
    """Return curves over evaluations that can be compared."""
    first = records[0]
    told = (
        f"{first['samples']} samples each, {first['weights']} weights, {first['statistics']} statistics, against"
        f" {first['reference']}, in features of the {first['judge']}"
    )
    kinds = _CURVES | (_COVERED if first["classes"] is not None else {})
    steps = [record["step"] for record in records]
    charts = [
        f"<figure>{chart(title, steps, {name: [value(record) for record in records], **_floors(name, records)})}</figure>"
        for title, (name, value) in kinds.items()
    ]
    return f"<p>{escape(told)}:</p>{''.join(charts)}"


def _floors(name: str, records: Sequence[Record]) -> dict[str, list[float]]:
    """Return the level of real pictures, where an evaluation has measured it, as a curve."""
    factor = {"frechet": 1, "kernel": 1000}.get(name)
    found = {mark: mine for record in records for mark, mine in record["marks"].items() if mark in FLOORS}
    return {mark: [factor * mine[name]] * len(records) for mark, mine in found.items()} if factor else {}
