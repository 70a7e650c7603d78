"""What lint found, as records: text, HTML and JSON."""

from __future__ import annotations

from convshape._frozen import Frozen
from convshape._rendering import as_code, as_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from convshape._shapes import Shape


class Finding(Frozen):
    """One thing about one layer that works, and is seldom meant.

    Attributes:
        layer: The layer's name.
        rule: What kind of thing it is: ``"uneven overlap"``, ``"holes"``, ``"lost elements"``, ``"wasted padding"``,
            ``"idle taps"``, ``"silent groups"``, ``"bias before batch norm"``, ``"single element into batch norm"``.
        problem: What is the case, in a few words.
        reason: Why, or what follows.
        remedy: Arguments that change it, tried on the whole network, for ``network.replace``, or another
            ``input_shape``; None where no change that keeps the rest was found.
    """

    __slots__ = ("layer", "problem", "reason", "remedy", "rule")
    _fields = ("layer", "rule", "problem", "reason", "remedy")
    layer: str
    rule: str
    problem: str
    reason: str
    remedy: dict[str, object] | None

    def __init__(
        self, layer: str, rule: str, problem: str, reason: str, remedy: dict[str, object] | None = None
    ) -> None:
        self._set(layer=layer, rule=rule, problem=problem, reason=reason, remedy=remedy)

    def __hash__(self) -> int:
        return hash((self.layer, self.rule, self.problem))

    def parts(self) -> list[tuple[str, str]]:
        """Return the labelled parts below the problem: because, and remedy if there is one."""
        rows = [("because", self.reason)]
        return rows if self.remedy is None else [*rows, ("remedy", as_code(self.remedy))]

    def __repr__(self) -> str:
        lines = [f"{self.layer}: {self.rule}: {self.problem}."]
        return "\n".join([*lines, *(f"  {label}: {content}" for label, content in self.parts())])

    def to_json(self) -> dict[str, object]:
        """Return the finding as a dict that ``json.dumps`` takes as it is."""
        return {name: as_json(value) for name, value in self._values().items()}


class Findings(Frozen):
    """What lint found in a network, in the order of its layers; made by :func:`lint`. A sequence, empty if nothing.

    Attributes:
        input_shape: The input that was looked at.
        all: The findings.
    """

    __slots__ = ("all", "input_shape")
    _fields = ("input_shape", "all")
    input_shape: Shape
    all: tuple[Finding, ...]

    def __init__(self, input_shape: Shape, all: tuple[Finding, ...]) -> None:
        self._set(input_shape=input_shape, all=all)

    def __len__(self) -> int:
        return len(self.all)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.all)

    def __getitem__(self, place: int) -> Finding:
        return self.all[place]

    def of(self, layer: str) -> tuple[Finding, ...]:
        """Return what was found at one layer, by its name."""
        return tuple(finding for finding in self.all if finding.layer == layer)

    def _headline(self) -> str:
        return f"{len(self.all)} finding{'s' if len(self.all) > 1 else ''}" if self.all else "nothing found"

    def __repr__(self) -> str:
        return "\n".join([self._headline(), *map(repr, self.all)])

    def _repr_html_(self) -> str:
        from html import escape

        blocks = []
        for finding in self.all:
            rows = "".join(
                f'<tr><td style="text-align:right;vertical-align:top;opacity:.65;padding:.1em .8em .1em 0">{label}</td>'
                f'<td style="text-align:left">{f"<code>{escape(content)}</code>" if label == "remedy" else escape(content)}</td></tr>'
                for label, content in finding.parts()
            )
            blocks.append(
                f"<div><b>{escape(finding.layer)}</b>: {escape(finding.rule)}: {escape(finding.problem)}</div>"
                f'<table style="border-collapse:collapse;background:transparent">{rows}</table>'
            )
        return (
            '<div style="border-left:.25em solid #b7950b;padding:.2em .8em">'
            f"<div>{self._headline()}</div>{''.join(blocks)}</div>"
        )

    def to_json(self) -> dict[str, object]:
        """Return the findings as a dict that ``json.dumps`` takes as it is."""
        return {
            "operation": "lint",
            "input_shape": list(self.input_shape),
            "findings": [finding.to_json() for finding in self.all],
        }
