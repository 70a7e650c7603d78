"""An evaluation as a table of plain text. No TensorFlow here."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

FLOORS = ("training pictures", "half of the pictures, from the other")  # what is best; all others are worse


def table(record: Mapping[str, Any]) -> str:
    """Return an evaluation in lines: the distances, with marks beside them, the classes, and what must be said.

    Args:
        record: The evaluation, as :meth:`dcgan.measuring.evaluation.Evaluation.to_json` gives it.
    """
    parts = [_head(record), _distances(record)]
    if record["classes"] is not None:
        parts.append(_classes(record["classes"]))
    parts.extend(f"note: {note}." for note in record["notes"])
    return "\n\n".join(parts)


def _head(record: Mapping[str, Any]) -> str:
    weights = "the average of the weights" if record["weights"] == "ema" else "the last weights"
    return (
        f"step {record['step']}, {weights}, {record['statistics']} statistics, {record['samples']} samples of seed"
        f" {record['seed']}\nagainst {record['reference']}\nin {record['features']} features of {_judge(record)}"
    )


def _judge(record: Mapping[str, Any]) -> str:
    if record["accuracy"] is None:
        return "the run's discriminator"
    return (
        "a classifier of the training pictures, which is right about"
        f" {100 * record['accuracy']:.1f} % of those kept from it"
    )


def _distances(record: Mapping[str, Any]) -> str:
    marks = record["marks"]
    floors = {f"{name} (floor)": found for name, found in marks.items() if name in FLOORS}
    others = {
        f"{name} (ceiling)" if name == "uniform noise" else name: found
        for name, found in marks.items()
        if name not in FLOORS
    }
    rows = {**floors, "samples": record["distances"], **others}
    width = max(map(len, rows))
    lines = [f"{'':{width}}  {'Frechet':>10}  {'kernel x 1000':>20}"]
    for name, found in rows.items():
        kernel = f"{_number(1000 * found['kernel'], 3)} ± {_number(1000 * found['kernel_deviation'], 2)}"
        lines.append(f"{name:{width}}  {_number(found['frechet'], 3):>10}  {kernel:>20}")
    return "\n".join(lines)


def _classes(classes: Mapping[str, Any]) -> str:
    names, counts, right = classes["names"], classes["counts"], classes["right"]
    covered = round(classes["share"] * len(names))
    most = math.log(len(names))
    lines = [
        f"classes covered: {covered} of {len(names)}; entropy {classes['entropy']:.3f} of at most {most:.3f}"
    ]
    if right is not None:
        mean = sum(right) / len(right)
        lines[0] += f"; taken for what they were made as: {100 * mean:.1f} %"
    width = max(map(len, names))
    for number, (name, count) in enumerate(zip(names, counts, strict=True)):
        made = "" if right is None else f"  {100 * right[number]:5.1f} % right"
        lines.append(f"  {name:{width}}  {100 * count / sum(counts):5.1f} %{made}")
    return "\n".join(lines)


def _number(value: float, digits: int) -> str:
    """Return a number with so many digits that count, and without an exponent where it is large.

    >>> _number(0.01634, 3), _number(3.7251, 3), _number(819.26, 3), _number(98_123.4, 3)
    ('0.0163', '3.73', '819', '98123')
    """
    return f"{value:.{digits}g}" if abs(value) < 10**digits - 0.5 else f"{value:.0f}"
