"""A derivation as a value: text in a terminal, a table with the picture in a notebook, JSON."""

from __future__ import annotations

from convshape._explain._lines import lines_of
from convshape._frozen import Frozen
from convshape._pictures._words import title
from convshape._rendering import as_json
from convshape._show import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._explain._steps import Step
    from convshape._explain._subject import Known
    from convshape._pictures._diagram import Diagram
    from convshape._shapes import Shape

_WIDEST = 110


class Explanation(Frozen):
    """How the output shape of one layer comes about, step by step; made by :func:`explain`.

    Attributes:
        spec: The layer.
        input_shape: The input's shape, in the layer's layout.
        output_shape: The output's.
        steps: The steps, each with a ``label`` and its ``lines``.
    """

    __slots__ = ("input_shape", "output_shape", "spec", "steps")
    _fields = ("spec", "input_shape", "output_shape", "steps")
    spec: Known
    input_shape: Shape
    output_shape: Shape
    steps: tuple[Step, ...]

    def __init__(self, spec: Known, input_shape: Shape, output_shape: Shape, steps: tuple[Step, ...]) -> None:
        self._set(spec=spec, input_shape=input_shape, output_shape=output_shape, steps=steps)

    @property
    def diagram(self) -> Diagram | None:
        """The layer as a picture, or None where a size is not known."""
        lines = lines_of(self.spec, self.input_shape, self.output_shape)
        if any(line.size is None for line in lines):
            return None
        from convshape._pictures._draw import draw_layer

        return draw_layer(self.spec, lines)

    def heading(self) -> str:
        """Return what is explained, in a line."""
        return f"{title(self.spec)}: {show(self.input_shape)} to {show(self.output_shape)}"

    def __repr__(self) -> str:
        from textwrap import wrap

        longest = max(len(each.label) for each in self.steps)
        lines = [self.heading()]
        for each in self.steps:
            margin = f"  {each.label:<{longest}}  "
            for said in each.lines:
                lines += wrap(said, _WIDEST, initial_indent=margin, subsequent_indent=" " * (longest + 4))
                margin = " " * (longest + 4)
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from convshape._rendering import as_table

        rows = [(each.label, "\n".join(each.lines)) for each in self.steps]
        picture = self.diagram
        below = "" if picture is None else f'<div style="margin:.6em 0">{picture._repr_html_()}</div>'
        return as_table(self.heading(), rows, below)

    def to_json(self) -> dict[str, object]:
        """Return the derivation as a dict that ``json.dumps`` takes as it is."""
        return {
            "operation": "explain",
            "spec": {name: as_json(value) for name, value in self.spec._values().items()},
            "kind": type(self.spec).__name__,
            "input_shape": as_json(self.input_shape),
            "output_shape": as_json(self.output_shape),
            "steps": [{"label": each.label, "lines": list(each.lines)} for each in self.steps],
            "text": repr(self),
        }
