"""What a shape becomes, layer by layer: a table as text, as HTML and as JSON."""

from __future__ import annotations

from convshape._frozen import Frozen
from convshape._networks._block import told, volume
from convshape._networks._network import INPUT
from convshape._networks._table import as_html, as_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from convshape._networks._block import Weights
    from convshape._networks._network import Network, Value
    from convshape._shapes import Shape

_HEADINGS = ("#", "layer", "kind", "what", "filter", "output", "parameters")
_RIGHT = ("#", "parameters")
_FIELDS = (
    "name", "kind", "detail", "sources", "input_shapes", "output_shape", "weights", "parameters", "statistics",
)  # fmt: skip


class Row(Frozen):
    """One layer of a trace.

    Attributes:
        name: The layer's name.
        kind: What it is: ``"Conv"``, ``"Dense"``.
        detail: Its numbers in a few words: ``"5x5, stride 2, SAME"``.
        sources: Names of the layers whose outputs it takes; ``"input"`` is the network's.
        input_shapes: What it takes, one shape a source.
        output_shape: What it makes.
        weights: Shapes of what it learns, by name.
        parameters: How many numbers it learns.
        statistics: How many numbers it keeps without learning them, as batch norm does.
    """

    __slots__ = _FIELDS
    _fields = _FIELDS
    name: str
    kind: str
    detail: str
    sources: tuple[str, ...]
    input_shapes: tuple[Shape, ...]
    output_shape: Shape
    weights: Weights
    parameters: int
    statistics: int

    def __init__(
        self,
        name: str,
        kind: str,
        detail: str,
        sources: tuple[str, ...],
        input_shapes: tuple[Shape, ...],
        output_shape: Shape,
        weights: Weights,
        parameters: int,
        statistics: int,
    ) -> None:
        named = locals()
        self._set(**{name: named[name] for name in _FIELDS})

    @property
    def filter_shape(self) -> tuple[int, ...] | None:
        """The filter of a convolution or the kernel of a dense layer; None where there is none."""
        return next((shape for shape in self.weights.values() if len(shape) > 1), None)

    def __hash__(self) -> int:
        values = {**self._values(), "weights": tuple(self.weights.items())}
        return hash((Row, *values.values()))

    def cells(self, number: int, before: str | None) -> tuple[str, ...]:
        """Return the row as the cells of a table; sources are named unless it is the layer just above."""
        beside = () if self.sources == (before,) else (f"of {', '.join(self.sources)}",)
        return (
            str(number),
            self.name,
            self.kind,
            "; ".join(word for word in (self.detail, *beside) if word),
            "-" if self.filter_shape is None else "x".join(map(str, self.filter_shape)),
            told(self.output_shape),
            f"{self.parameters:,}" if self.parameters else "-",
        )

    def to_json(self) -> dict[str, object]:
        """Return the row as a dict that ``json.dumps`` takes as it is."""
        return {
            **self._values(),
            "sources": list(self.sources),
            "input_shapes": [list(shape) for shape in self.input_shapes],
            "output_shape": list(self.output_shape),
            "weights": {name: list(shape) for name, shape in self.weights.items()},
        }


class Trace(Frozen):
    """A network's shapes for one input; printed it is a table.

    Attributes:
        input_shape: What went in.
        rows: One record a layer, in the network's order.
    """

    __slots__ = ("input_shape", "rows")
    _fields = ("input_shape", "rows")
    input_shape: Shape
    rows: tuple[Row, ...]

    def __init__(self, input_shape: Shape, rows: tuple[Row, ...]) -> None:
        self._set(input_shape=input_shape, rows=rows)

    @property
    def output_shape(self) -> Shape:
        """The last layer's output, which is the network's."""
        return self.rows[-1].output_shape if self.rows else self.input_shape

    @property
    def parameters(self) -> int:
        """How many numbers all layers learn."""
        return sum(row.parameters for row in self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __getitem__(self, name: str) -> Row:
        """Return the row of a layer by its name."""
        for row in self.rows:
            if row.name == name:
                return row
        raise KeyError(name)

    def lines(self) -> list[str]:
        """Return the table as lines of text."""
        return as_lines(self._table(), _RIGHT)

    def _table(self) -> list[tuple[str, ...]]:
        befores = ["input", *(row.name for row in self.rows)]
        cells = [row.cells(number, befores[number]) for number, row in enumerate(self.rows)]
        return [_HEADINGS, ("", "input", "", "", "", told(self.input_shape), ""), *cells]

    def __repr__(self) -> str:
        return "\n".join([*self.lines(), f"{self.parameters:,} parameters"])

    def _repr_html_(self) -> str:
        return as_html(self._table(), _RIGHT, (f"{self.parameters:,} parameters",))

    def to_json(self) -> dict[str, object]:
        """Return the table as a dict that ``json.dumps`` takes as it is."""
        return {
            "operation": "trace",
            "input_shape": list(self.input_shape),
            "output_shape": list(self.output_shape),
            "parameters": self.parameters,
            "rows": [row.to_json() for row in self.rows],
        }


def trace_of(network: Network, start: Value, values: list[Value]) -> Trace:
    """Return the table of as many layers as have a value."""
    rows = []
    for node, value in zip(network.nodes, values, strict=False):
        inputs = [start if source == INPUT else values[source] for source in node.sources]
        first = inputs[0]
        weights = node.block.weights(first.shape, first.layout)
        rows.append(
            Row(
                node.name,
                node.block.kind,
                node.block.detail(first.shape),
                tuple("input" if one == INPUT else network.nodes[one].name for one in node.sources),
                tuple(one.told for one in inputs),
                value.told,
                weights,
                sum(volume(shape) or 0 for shape in weights.values()),
                node.block.statistics(first.shape, first.layout),
            )
        )
    return Trace(start.told, tuple(rows))
