"""A network's cost as a record: a table as text, as HTML and as JSON."""

from __future__ import annotations

from convshape._frozen import Frozen
from convshape._networks._block import told
from convshape._networks._table import as_html, as_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from convshape._shapes import Shape

_HEADINGS = ("#", "layer", "kind", "what", "output", "parameters", "MACs", "elements")
_RIGHT = ("#", "parameters", "MACs", "elements")
_FIELDS = ("name", "kind", "detail", "output_shape", "parameters", "statistics", "macs", "elements")
_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")


class CostRow(Frozen):
    """What one layer costs.

    Attributes:
        name: The layer's name.
        kind: What it is: ``"Conv"``, ``"Dense"``.
        detail: Its numbers in a few words.
        output_shape: What it makes.
        parameters: How many numbers it learns; None where a size is not known.
        statistics: How many numbers it keeps without learning them, as batch norm does.
        macs: Its multiply-accumulates, likewise.
        elements: The elements of the tensor that it makes, likewise; 0 where it makes none, as a Flatten.
    """

    __slots__ = _FIELDS
    _fields = _FIELDS
    name: str
    kind: str
    detail: str
    output_shape: Shape
    parameters: int | None
    statistics: int
    macs: int | None
    elements: int | None

    def __init__(
        self,
        name: str,
        kind: str,
        detail: str,
        output_shape: Shape,
        parameters: int | None,
        statistics: int,
        macs: int | None,
        elements: int | None,
    ) -> None:
        named = locals()
        self._set(**{name: named[name] for name in _FIELDS})

    def to_json(self) -> dict[str, object]:
        """Return the row as a dict that ``json.dumps`` takes as it is."""
        return {**self._values(), "output_shape": list(self.output_shape)}


class Cost(Frozen):
    """What a network costs for one input; made by :func:`cost`. Printed it is a table.

    Attributes:
        input_shape: What goes in.
        rows: One record a layer, in the network's order.
        input_elements: The elements of the input; None where a size is not known.
        peak: The most elements that are alive at once, each tensor freed after its last reader, and the layer that
            runs then; None where a size is not known.
        bytes_per_element: What one element of a tensor takes.
    """

    __slots__ = ("bytes_per_element", "input_elements", "input_shape", "peak", "rows")
    _fields = ("input_shape", "rows", "input_elements", "peak", "bytes_per_element")
    input_shape: Shape
    rows: tuple[CostRow, ...]
    input_elements: int | None
    peak: tuple[int, str] | None
    bytes_per_element: int

    def __init__(
        self,
        input_shape: Shape,
        rows: tuple[CostRow, ...],
        input_elements: int | None,
        peak: tuple[int, str] | None,
        bytes_per_element: int,
    ) -> None:
        self._set(
            input_shape=input_shape,
            rows=rows,
            input_elements=input_elements,
            peak=peak,
            bytes_per_element=bytes_per_element,
        )

    @property
    def parameters(self) -> int | None:
        """How many numbers all layers learn; None where a size is not known."""
        return _sum(row.parameters for row in self.rows)

    @property
    def statistics(self) -> int:
        """How many numbers all layers keep without learning them."""
        return sum(row.statistics for row in self.rows)

    @property
    def macs(self) -> int | None:
        """The multiply-accumulates of all layers; None where a size is not known."""
        return _sum(row.macs for row in self.rows)

    @property
    def elements(self) -> int | None:
        """The elements of all layers' outputs without the input, as training keeps them for the gradients."""
        return _sum(row.elements for row in self.rows)

    @property
    def training_bytes(self) -> int | None:
        """What the outputs of all layers take together, in bytes."""
        return None if self.elements is None else self.elements * self.bytes_per_element

    @property
    def inference_bytes(self) -> int | None:
        """What is alive at the peak, in bytes, input and result counted."""
        return None if self.peak is None else self.peak[0] * self.bytes_per_element

    @property
    def parameter_bytes(self) -> int | None:
        """What parameters and statistics take, in bytes."""
        return (
            None if self.parameters is None else (self.parameters + self.statistics) * self.bytes_per_element
        )

    def __getitem__(self, name: str) -> CostRow:
        """Return the row of a layer by its name."""
        for row in self.rows:
            if row.name == name:
                return row
        raise KeyError(name)

    def lines(self) -> list[str]:
        """Return the totals in words."""
        kept = f" and {self.statistics:,} statistics" if self.statistics else ""
        at = f', while "{self.peak[1]}" runs' if self.peak is not None and self.peak[1] != "input" else ""
        of = "" if self.parameter_bytes is None else f", {_bytes(self.parameter_bytes)}"
        memory = "not known" if self.elements is None else f"{self.elements:,} elements"
        if self.peak is not None:
            memory += f", {_bytes(self.training_bytes)} in training; at most {_bytes(self.inference_bytes)} at once in inference{at}"
        return [
            f"parameters: {_number(self.parameters)}{kept}{of}",
            f"multiply-accumulates: {_number(self.macs)}",
            f"activations: {memory}",
        ]

    def _table(self) -> list[tuple[str, ...]]:
        table: list[tuple[str, ...]] = [
            _HEADINGS,
            ("", "input", "", "", told(self.input_shape), "", "", _number(self.input_elements)),
        ]
        for number, row in enumerate(self.rows):
            counts = (_number(row.parameters), _number(row.macs), _number(row.elements))
            cells = (str(number), row.name, row.kind, row.detail, told(row.output_shape))
            table.append((*cells, *("-" if count == "0" else count for count in counts)))
        return table

    def __repr__(self) -> str:
        return "\n".join([*as_lines(self._table(), _RIGHT), *self.lines()])

    def _repr_html_(self) -> str:
        return as_html(self._table(), _RIGHT, self.lines())

    def to_json(self) -> dict[str, object]:
        """Return the table as a dict that ``json.dumps`` takes as it is."""
        return {
            "operation": "cost",
            "input_shape": list(self.input_shape),
            "parameters": self.parameters,
            "statistics": self.statistics,
            "macs": self.macs,
            "elements": self.elements,
            "peak_elements": None if self.peak is None else self.peak[0],
            "peak_layer": None if self.peak is None else self.peak[1],
            "bytes_per_element": self.bytes_per_element,
            "training_bytes": self.training_bytes,
            "inference_bytes": self.inference_bytes,
            "rows": [row.to_json() for row in self.rows],
        }


def _sum(numbers: Iterable[int | None]) -> int | None:
    total = 0
    for number in numbers:
        if number is None:
            return None
        total += number
    return total


def _number(number: int | None) -> str:
    return "not known" if number is None else f"{number:,}"


def _bytes(number: int | None) -> str:
    """Return bytes in the largest unit of which there is at least one."""
    power = min(((number or 1).bit_length() - 1) // 10, len(_UNITS) - 1)
    return f"{(number or 0) / 2 ** (10 * power):.4g} {_UNITS[power]}"
