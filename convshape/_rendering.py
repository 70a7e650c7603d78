"""The one renderer of errors: their values as code, as HTML and as JSON."""

from __future__ import annotations

from convshape._show import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_DEEPEST = 4  # an alternative is a tuple of dicts of tuples; whatever nests deeper is no shape
_MOST_ENTRIES = 64
_LONGEST = 4000  # letters; the text of an error is shorter, and whatever was given need not be longer


def as_code(changes: Mapping[str, object]) -> str:
    """Return arguments as they are typed in a call: ``strides=2, padding="SAME"``."""
    return ", ".join(f"{name}={show(value, code=True)}" for name, value in changes.items())


def as_dict(changes: Mapping[str, object] | None) -> str:
    """Return arguments as a dict that can be typed, its values kept short."""
    if changes is None:
        return "None"
    return "{" + ", ".join(f'"{name}": {show(value, code=True)}' for name, value in changes.items()) + "}"


def as_html(operation: str, problem: str, parts: list[tuple[str, str]]) -> str:
    """Return an error as self-contained HTML: no script, legible on light and dark pages.

    Args:
        operation: What was called.
        problem: What is wrong, in one sentence.
        parts: The labelled parts below it; those that are code are labelled ``fix`` and ``or``.
    """
    from html import escape

    rows = "".join(
        f'<tr><td style="text-align:right;vertical-align:top;opacity:.65;padding:.1em .8em .1em 0">{label}</td>'
        f'<td style="text-align:left;white-space:pre-wrap">{_marked(label, escape(content))}</td></tr>'
        for label, content in parts
    )
    return (
        '<div style="border-left:.25em solid #c0392b;padding:.2em .8em">'
        f"<div><b>{escape(operation)}</b>: {escape(problem)}</div>"
        f'<table style="border-collapse:collapse;background:transparent">{rows}</table></div>'
    )


def as_table(title: str, rows: list[tuple[str, str]], code: str = "") -> str:
    """Return labelled rows as self-contained HTML: no script, legible on light and dark pages.

    Args:
        title: What stands above them.
        rows: Labels and contents, as plain text.
        code: HTML to stand below them.
    """
    from html import escape

    body = "".join(
        f'<tr><td style="text-align:right;vertical-align:top;opacity:.65;padding:.1em .8em .1em 0">{escape(label)}</td>'
        f'<td style="text-align:left;white-space:pre-wrap">{escape(content)}</td></tr>'
        for label, content in rows
    )
    return (
        '<div style="border-left:.25em solid #2980b9;padding:.2em .8em">'
        f"<div><b>{escape(title)}</b></div>"
        f'<table style="border-collapse:collapse;background:transparent">{body}</table>{code}</div>'
    )


def as_json(value: object, depth: int = 0) -> object:
    """Return ``value`` as ``json.dumps`` takes it: a range by its ends, what JSON cannot say as short text."""
    if value is None or type(value) is bool:
        return value
    if type(value) is str:
        return value if len(value) <= _LONGEST else show(value)
    if type(value) is int:
        return value if abs(value) < 2**63 else show(value)
    if type(value) is float and abs(value) < float("inf"):  # JSON has no NaN and no infinity
        return value
    if type(value) is range and value.step == 1:
        return {"from": value.start, "to": value.stop - 1}
    if type(value) in (tuple, list) and depth < _DEEPEST:
        return [as_json(entry, depth + 1) for entry in value[:_MOST_ENTRIES]]  # type: ignore[index]
    if type(value) is dict and depth < _DEEPEST:
        return {name: as_json(entry, depth + 1) for name, entry in value.items() if type(name) is str}
    return show(value)


def _marked(label: str, content: str) -> str:
    if label not in ("fix", "or"):
        return content
    code, bracket, note = content.partition("    (")
    if not bracket and "=" not in code:  # words, not code
        return content
    return f"<code>{code}</code>" + (f" ({note}" if bracket else "")
