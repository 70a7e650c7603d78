"""Tables of a network's layers, as text and as HTML."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from convshape._networks._network import Network

    Cells = Sequence[str]


def as_lines(table: Sequence[Cells], right: Collection[str]) -> list[str]:
    """Return a table as lines of text.

    Args:
        table: Rows of cells, the headings first.
        right: The headings of columns whose cells end below each other.
    """
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = []
    for cells in table:
        padded = (
            cell.rjust(width) if heading in right else cell.ljust(width)
            for heading, cell, width in zip(table[0], cells, widths, strict=True)
        )
        lines.append("  ".join(padded).rstrip())
    return lines


def as_html(table: Sequence[Cells], right: Collection[str], below: Sequence[str] = ()) -> str:
    """Return a table as self-contained HTML: no script, legible on light and dark pages.

    Args:
        table: Rows of cells, the headings first.
        right: The headings of columns whose cells end below each other.
        below: Lines of text below it.
    """
    from html import escape

    head, *rows = table

    def cell(tag: str, heading: str, content: str) -> str:
        side = "right" if heading in right else "left"
        return f'<{tag} style="text-align:{side};padding:.1em .8em .1em 0">{escape(content)}</{tag}>'

    body = "".join(
        "<tr>" + "".join(cell("td", name, content) for name, content in zip(head, row, strict=True)) + "</tr>"
        for row in rows
    )
    return (
        '<div style="border-left:.25em solid #2980b9;padding:.2em .8em;overflow-x:auto">'
        '<table style="border-collapse:collapse;background:transparent;white-space:nowrap">'
        f"<tr>{''.join(cell('th', name, name) for name in head)}</tr>{body}</table>"
        f"{''.join(f'<div>{escape(line)}</div>' for line in below)}</div>"
    )


def beside(network: Network, position: int) -> str:
    """Return which layers a layer takes, in words, unless it is the one just above it: ``"of up, skip"``."""
    sources = network.nodes[position].sources
    if sources == (position - 1,):
        return ""
    names = ("input" if source < 0 else network.nodes[source].name for source in sources)
    return f"of {', '.join(names)}"
