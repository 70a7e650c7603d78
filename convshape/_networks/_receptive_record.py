"""Receptive fields as a record: a table as text, as HTML and as JSON, and a question for one output."""

from __future__ import annotations

from convshape._errors import RankError, SizeError
from convshape._frozen import Frozen
from convshape._layouts import AXIS_NAMES
from convshape._mending import mend
from convshape._networks._block import places
from convshape._networks._network import INPUT
from convshape._networks._receptive_along import Along
from convshape._networks._receptive_notes import notes_of
from convshape._networks._receptive_sizes import fields_along, period_of
from convshape._networks._receptive_span import FieldRow, Span, agreed, span_of
from convshape._networks._table import as_html, as_lines, beside
from convshape._reading import as_entries, as_index
from convshape._refusals import Refusal, Suggestion
from convshape._show import kind_of, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import SupportsIndex

    from convshape._networks._asking import Asked
    from convshape._networks._network import Value
    from convshape._networks._receptive_axis import AxisField
    from convshape._shapes import Shape

_HEADINGS = ("#", "layer", "kind", "what", "size", "jump", "start", "centre")
_RIGHT = ("#", "size", "jump", "start", "centre")


class ReceptiveField(Frozen):
    """The receptive fields of a network's layers; made by :func:`receptive_field`. Printed it is a table.

    Attributes:
        network: The network.
        input_shape: Its input; sizes may be None or names.
        rows: One record a layer, in the network's order.
        notes: Why numbers are not known, a line for each reason; they stand below the table.
    """

    __slots__ = ("_axes", "_start", "_values_of", "input_shape", "network", "notes", "rows")
    _fields = ("network", "input_shape")
    network: Asked
    input_shape: Shape
    rows: tuple[FieldRow, ...]
    notes: tuple[str, ...]
    _axes: list[list[AxisField]]
    _start: Value
    _values_of: list[Value]

    def __init__(self, network: Asked, input_shape: Shape) -> None:
        start, values = network._walked(input_shape)
        sizes = [start.shape[place] for place in places(start.layout or "")]
        periods, axes = _axes_of(network, start, values, sizes)
        self._set(network=network, input_shape=start.told, _start=start, _values_of=values, _axes=axes)
        names = AXIS_NAMES[len(sizes)]
        rows = []
        for position, node in enumerate(network.nodes):
            given = start if node.sources[0] == INPUT else values[node.sources[0]]
            words = (node.block.detail(given.shape), beside(network, position))
            spans = (span_of(name, [one.seen[position] for one in axis]) for name, axis in zip(names, axes, strict=True))  # fmt: skip
            rows.append(FieldRow(node.name, node.block.kind, "; ".join(filter(None, words)), tuple(spans)))
        self._set(rows=tuple(rows), notes=notes_of(rows, names, axes, periods))

    def __getitem__(self, name: str) -> FieldRow:
        """Return the row of a layer by its name."""
        for row in self.rows:
            if row.name == name:
                return row
        raise KeyError(name)

    def field(self, position: Sequence[SupportsIndex], layer: str | None = None) -> tuple[range | None, ...]:
        """Return the input elements that one output sees along each axis, from the first to the last, padding left out.

        Args:
            position: The output's place, an index a spatial axis of the layer's output, from 0; ``()`` behind a Flatten.
            layer: The layer's name; None for the last one.

        Returns:
            A range for each spatial axis of the input; empty where no element is seen, None where it is not known.

        Raises:
            ShapeError: There is no such layer, or no such place in its output.
        """
        try:
            return self._field(position, layer)
        except Refusal as refusal:
            raise mend(
                "ReceptiveField.field", self._field, {"position": position, "layer": layer}, refusal
            ) from None

    def _field(self, position: object, layer: object = None) -> tuple[range | None, ...]:
        names = [row.name for row in self.rows]
        if not names or not (layer is None or layer in names):
            raise Refusal(
                "layer",
                given=layer,
                problem=f"layer is {kind_of(layer)}." if names else "the network has no layers.",
                legal=", ".join(names[:8]) + (", ..." if names[8:] else "") or "a network with layers",
                reason="a field is that of an output of one layer.",
                suggestions=tuple(Suggestion({"layer": name}) for name in names[-1:]),
            )
        at = len(names) - 1 if layer is None else names.index(layer)
        outputs = self._places(position, self._values_of[at])
        constant = all(seen is not None and seen.constant for axis in self._axes for one in axis for seen in (one.seen[at],))  # fmt: skip
        if constant or len(outputs) != len(self._axes):
            outputs = (0,) * len(self._axes)
        known = [isinstance(self._start.shape[place], int) for place in places(self._start.layout or "")]
        blind: set[tuple[int, int]] = set()
        while True:  # what is not seen along one axis is not seen at all, whatever branch leads there
            before = len(blind)
            found = tuple(
                agreed([_range_of(one, at, output, blind, endless=not sized) for one in axis])
                for axis, output, sized in zip(self._axes, outputs, known, strict=True)
            )
            if len(blind) == before:
                return (range(0),) * len(found) if range(0) in found else found

    def _places(self, position: object, value: Value) -> tuple[int, ...]:
        """Return an output's place as plain numbers, or refuse one that the layer does not have."""
        sizes = tuple(value.shape[place] for place in places(value.layout)) if value.layout else ()
        entries = as_entries(position)
        entries = (position,) if entries is None and len(sizes) == 1 else entries
        found = tuple(map(as_index, entries or ()))
        fits = entries is not None and len(found) == len(sizes)
        if fits and all(one is not None and one >= 0 and (size is None or one < size) for one, size in zip(found, sizes, strict=True)):  # type: ignore[operator]  # fmt: skip
            return found  # type: ignore[return-value]
        middle = tuple(size // 2 if isinstance(size, int) else 0 for size in sizes)
        raise Refusal(
            "position",
            given=position,
            problem=f"position is {kind_of(position)}, and the layer's output is {show(value.told)}.",
            legal=" x ".join("0.." if size is None else f"0..{size - 1}" for size in sizes) or "()",  # type: ignore[operator]
            reason="it is an index a spatial axis, batch and channels not counted.",
            kind=RankError if entries is not None and len(found) != len(sizes) else SizeError,
            suggestions=(Suggestion({"position": middle}, "the middle" if None not in sizes else ""),),
        )

    def _table(self) -> list[tuple[str, ...]]:
        one = tuple(Span(name, 1, 1, 0, 0) for name in AXIS_NAMES[len(self._axes)])
        table = [_HEADINGS, ("", "input", "", "", *_together(one))]
        for number, row in enumerate(self.rows):
            table.append((str(number), row.name, row.kind, row.detail, *_together(row.spans)))
        return table

    def __repr__(self) -> str:
        return "\n".join([*as_lines(self._table(), _RIGHT), *self.notes])

    def _repr_html_(self) -> str:
        return as_html(self._table(), _RIGHT, self.notes)

    def to_json(self) -> dict[str, object]:
        """Return the table as a dict that ``json.dumps`` takes as it is."""
        return {
            "operation": "receptive_field",
            "input_shape": list(self.input_shape),
            "rows": [row.to_json() for row in self.rows],
            "notes": list(self.notes),
        }


def _axes_of(
    network: Asked, start: Value, values: list[Value], sizes: Sequence[object]
) -> tuple[list[int], list[list[AxisField]]]:
    """Return every axis's period of sizes, and its fields; axes along which all layers do the same share theirs."""
    periods: list[int] = []
    axes: list[list[AxisField]] = []
    done: dict[tuple[object, int | None], int] = {}
    for axis, size in enumerate(sizes):
        along = Along(network, start, values, axis)
        same = done.setdefault((along.key, size if isinstance(size, int) else None), axis)
        periods.append(periods[same] if same < axis else period_of(network, start, values, axis))
        axes.append(axes[same] if same < axis else fields_along(along, periods[axis], size))
    return periods, axes


def _range_of(
    axis: AxisField, layer: int, output: int, blind: set[tuple[int, int]], *, endless: bool
) -> range | None:
    found = axis.seen_by(layer, range(output, output + 1), endless=endless, blind=blind)
    if found is None or (endless and axis.seen[layer] is not None and axis.seen[layer].constant):  # type: ignore[union-attr]
        return None
    return range(min(found), max(found) + 1) if found else range(0)


def _together(spans: tuple[Span, ...]) -> tuple[str, ...]:
    """Return the columns of a row: one number where all axes have it, else one each."""
    columns = zip(*(span.told() for span in spans), strict=True)
    return tuple(column[0] if len({*column}) == 1 else f"({', '.join(column)})" for column in columns)
