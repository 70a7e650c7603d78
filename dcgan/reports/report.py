"""A run as one HTML file: its pictures over time, its curves, its configuration, its networks. No TensorFlow here.

The file stands by itself: pictures are inside it, nothing is fetched, and no script runs.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import math
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from dcgan.config import Config, option
from dcgan.errors import Diagnosis, RunError
from dcgan.keeping.files import replacing
from dcgan.keeping.runs import Run
from dcgan.outputs import check_file
from dcgan.planning import plan
from dcgan.reports.charts import chart
from dcgan.reports.report_evaluation import distances
from dcgan.reports.report_history import trainings
from dcgan.reports.report_style import STYLE

_SHEET = re.compile(r"step-[0-9]+\.png")
MOST_SHEETS = 12  # of the sheets of samples, so many, evenly spread over the steps
# Measures that one chart shows together, and what they are; each other one has a chart of its own.
_TOGETHER = {
    "Losses": ("d_loss", "g_loss"),
    "How real the discriminator finds them, from 0 to 1": ("d_real", "d_fake"),
}


def report(folder: str | os.PathLike[str], out: str | os.PathLike[str] | None = None) -> Path:
    """Write a run's report.

    Args:
        folder: The run's folder; nothing in it is changed but, without ``out``, its ``report.html``.
        out: The HTML file, replaced if it is there; None for ``report.html`` in the run's folder.

    Returns:
        Where it is.

    Raises:
        RunError: If the folder holds no run, its log cannot be read, or the file cannot be written.
    """
    run = Run.open(Path(folder))
    path = run.folder / "report.html" if out is None else Path(out)
    check_file(path, [".html", ".htm"], "report")
    page = render(run)
    with replacing(path) as file:
        file.write(page.encode(errors="backslashreplace"))  # names of files may be no text
    return path


def render(run: Run) -> str:
    """Return the report of a run as the text of an HTML page.

    Args:
        run: The run; its log and its sheets are read.

    Raises:
        RunError: If its log, its history or its evaluations cannot be read.
    """
    lines = _log(run)
    title = f"dcgan: {run.folder.name or run.folder.resolve().name}"
    sections = [
        ("In short", _summary(run, lines)),
        ("Pictures over time", _sheets(run)),
        *([("How far from real pictures", evaluated)] if (evaluated := distances(run)) else []),
        ("Curves", _curves(lines)),
        ("Configuration", _configuration(run.config)),
        (
            "Networks",
            f"<pre>{escape(plan(run.image_shape, run.config, classes=len(run.classes)).table())}</pre>",
        ),
        ("How it came about", trainings(run)),
    ]
    body = "".join(f"<section><h2>{heading}</h2>{content}</section>" for heading, content in sections)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>\n"
    )


def _summary(run: Run, lines: Sequence[Mapping[str, Any]]) -> str:
    last = lines[-1] if lines else {}
    measures = {name: f"{value:.4g}" for name, value in last.items() if _is_measure(name, value)}
    words = {name: value for name, value in last.items() if isinstance(value, str)}
    rows = {
        "steps done": f"{last.get('step', 0)} of {run.config.steps}",
        "pictures": f"{'x'.join(map(str, run.image_shape))} from {run.config.data}",
        "fingerprint of the pictures": run.fingerprint,
        **words,
        **{f"{name} at the last step": value for name, value in measures.items()},
    }
    return _table(rows.items())


def _sheets(run: Run) -> str:
    found = (run.folder / "samples").glob("step-*.png")
    sheets = sorted(
        (sheet for sheet in found if _SHEET.fullmatch(sheet.name)), key=_step
    )  # copies have other names
    if not sheets:
        return "<p>No sheet of samples has been made yet.</p>"
    shown = _spread(sheets, MOST_SHEETS)
    figures = "".join(
        f'<figure><img src="data:image/png;base64,{base64.b64encode(sheet.read_bytes()).decode()}"'
        f' alt="samples after step {_step(sheet)}"><figcaption>step {_step(sheet)}</figcaption></figure>'
        for sheet in shown
    )
    told = f"<p>{len(shown)} of {len(sheets)} sheets, always of the same latents.</p>"
    return f'{told}<div class="sheets">{figures}</div>'


def _step(sheet: Path) -> int:
    return int(sheet.stem.removeprefix("step-"))


def _spread(items: Sequence[Path], most: int) -> list[Path]:
    """Return at most so many of some items, evenly spread, the first and the last among them."""
    if len(items) <= most:
        return list(items)
    return [items[round(number * (len(items) - 1) / (most - 1))] for number in range(most)]


def _curves(lines: Sequence[Mapping[str, Any]]) -> str:
    names = dict.fromkeys(name for line in lines for name, value in line.items() if _is_measure(name, value))
    together = {title: [name for name in group if name in names] for title, group in _TOGETHER.items()}
    alone = {name: [name] for name in names if not any(name in group for group in together.values())}
    charts = [_chart(title, group, lines) for title, group in (together | alone).items() if group]
    return "".join(charts) or "<p>No step has been logged yet.</p>"


def _chart(title: str, names: Sequence[str], lines: Sequence[Mapping[str, Any]]) -> str:
    """Return the chart of some measures, over the lines that have all of them."""
    whole = [line for line in lines if all(_is_measure(name, line.get(name)) for name in names)]
    if not whole:
        return ""
    curves = {name: [line[name] for line in whole] for name in names}
    return f"<figure>{chart(title, [line['step'] for line in whole], curves)}</figure>"


def _is_measure(name: str, value: object) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return name != "step" and number and math.isfinite(value)  # type: ignore[arg-type]


def _configuration(config: Config) -> str:
    rows = []
    for field in dataclasses.fields(Config):
        value = getattr(config, field.name)
        changed = "" if value == field.default else ' class="changed"'
        cells = (option(field.name), str(value), field.metadata["meaning"])
        rows.append(f"<tr{changed}>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>")
    return f"<p>Bold: not the default.</p><table>{''.join(rows)}</table>"


def _table(rows: Iterable[tuple[str, Any]]) -> str:
    cells = "".join(f"<tr><th>{escape(name)}</th><td>{escape(str(value))}</td></tr>" for name, value in rows)
    return f"<table>{cells}</table>"


def _log(run: Run) -> list[dict[str, Any]]:
    if not run.log.exists():
        return []
    try:
        # what follows the last end of a line is being written just now
        whole = run.log.read_bytes().split(b"\n")[:-1]
    except OSError as error:
        raise _no_log(run, error.strerror or str(error)) from error
    lines = []
    for number, line in enumerate(whole, 1):
        try:
            lines.append(json.loads(line))
            lines[-1]["step"] = int(lines[-1]["step"])
        except (ValueError, KeyError, TypeError) as error:
            raise _no_log(run, f"line {number} is not a line of a log") from error
    return lines


def _no_log(run: Run, problem: str) -> RunError:
    return RunError(
        Diagnosis(
            "report",
            "run",
            given=str(run.folder),
            legal="a run whose log can be read, one JSON object with a step in each line",
            problem=f"{run.log} cannot be read: {problem}.",
            reason="the curves are drawn from it",
            remedy=f"mend {run.log}, or take out what is not a line of it",
        )
    )
