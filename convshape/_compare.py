"""One layer in every framework, in one table: the call, what it gives, and what it takes to have TensorFlow's values."""

from __future__ import annotations

from convshape._conv import Conv
from convshape._conversion import Conversion
from convshape._convert import convert, read_input
from convshape._errors import ShapeError
from convshape._frozen import Frozen
from convshape._job import TARGETS, Job
from convshape._mending import mend, without
from convshape._refusals import Refusal
from convshape._rendering import as_json
from convshape._show import kind_of, show
from convshape._solve_framework import call_of
from convshape._transposed import ConvTranspose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from convshape._paddings import Pair
    from convshape._shapes import Shape
    from convshape._steps import Step
    from convshape._types import ShapeLike

_FIELDS = ("framework", "call", "data_format", "output", "result", "padding", "before", "after", "reason")
_HEADINGS = ("", "layout", "output", "after the crop", "padding (before, after)", "values agree", "call")


def compare(spec: Conv | ConvTranspose, input_shape: ShapeLike) -> Comparison:
    """Return what a layer is in every framework: the call, its output shape, its padding, and how its values agree.

    The values are those of TensorFlow's convolution, ``y[n] = sum_j x[j] * F[n + before - j * s]``, and each call is
    taken with the weights that :func:`convert` makes for it. Where a call alone has other values, the table names
    the pad before it or the crop after it, one axis a pair ``(before, after)``, in elements.

    Args:
        spec: The layer.
        input_shape: The input's shape in the layer's layout, ``(N, *spatial, C)`` or ``(N, C, *spatial)``. Sizes
            may be None; some frameworks cannot say every layer then.

    Returns:
        One row a framework: TensorFlow, Keras, PyTorch, JAX and ONNX. Printed it is a table.

    Raises:
        ShapeError: The layer is none that convolves, or does not take the input; the error names what can be done.

    Examples:
        >>> import convshape as cs
        >>> table = cs.compare(cs.ConvTranspose((5, 5, 32, 64), strides=2), (2, 8, 8, 64))
        >>> for row in table.rows:
        ...     print(row.framework, row.output, row.result, row.agrees)
        tensorflow (2, 16, 16, 32) (2, 16, 16, 32) yes
        keras (2, 16, 16, 32) (2, 16, 16, 32) yes
        torch (2, 32, 17, 17) (2, 32, 16, 16) after a crop of ((0, 1), (0, 1))
        jax (2, 16, 16, 32) (2, 16, 16, 32) yes
        onnx (2, 32, 16, 16) (2, 32, 16, 16) yes
        >>> cs.compare(cs.Conv((3, 3, 64, 32)), (2, 8, 8))
        Traceback (most recent call last):
        ...
        convshape.RankError: compare: input_shape (2, 8, 8) has 3 entries, but filter_shape (3, 3, 64, 32) belongs to an input of 4.
          legal: (N, height, width, C)
          because: 2 spatial axes stand beside batch and channels.
          fix: input_shape=(2, 8, 8, 64)    (with its channels)
    """
    try:
        shape = _check(spec, input_shape)
    except Refusal as refusal:
        raise mend("compare", _check, without(locals()), refusal) from None
    return Comparison(spec, shape, tuple(_row(spec, framework, shape) for framework in TARGETS))


class Row(Frozen):
    """One framework's way to say a layer, or why it has none.

    Attributes:
        framework: ``"tensorflow"``, ``"keras"``, ``"torch"``, ``"jax"`` or ``"onnx"``.
        call: The call in one line; this and all below but ``reason`` are None where there is none.
        data_format: The layout of the call's input and output.
        output: The output shape of the call itself, in that layout.
        result: What is left of it after the crop.
        padding: ``(before, after)`` a spatial axis, of the call itself: what a forward convolution pads, what a
            transposed one crops (below 0: zeros behind its last tap). None where SAME meets a size not known.
        before: The pad that the input takes first, or None.
        after: The crop that the output takes then, or None.
        reason: Why the framework cannot say the layer, or None.
    """

    __slots__ = _FIELDS
    _fields = _FIELDS
    framework: str
    call: str | None
    data_format: str | None
    output: Shape | None
    result: Shape | None
    padding: tuple[Pair, ...] | None
    before: Step | None
    after: Step | None
    reason: str | None

    def __init__(
        self,
        framework: str,
        call: str | None = None,
        data_format: str | None = None,
        output: Shape | None = None,
        result: Shape | None = None,
        padding: tuple[Pair, ...] | None = None,
        before: Step | None = None,
        after: Step | None = None,
        reason: str | None = None,
    ) -> None:
        named = locals()
        self._set(**{name: named[name] for name in _FIELDS})

    @property
    def agrees(self) -> str:
        """Whether the call's values are TensorFlow's: ``yes``, after which pad or crop, or ``cannot be said``."""
        if self.call is None:
            return "cannot be said"
        said = [f"a pad of {show(self.before.amounts)} before"] if self.before else []
        said += [f"a crop of {show(self.after.amounts)}"] if self.after else []
        return f"after {' and '.join(said)}" if said else "yes"

    def cells(self) -> tuple[str, ...]:
        """Return the row as the cells of a table."""
        if self.call is None:
            return self.framework, "-", "-", "-", "-", self.agrees, f"- ({self.reason})"
        padding = "by the input's size" if self.padding is None else show(self.padding)
        numbers = show(self.output), show(self.result), padding
        return self.framework, str(self.data_format), *numbers, self.agrees, self.call

    def to_json(self) -> dict[str, object]:
        """Return the row as a dict that ``json.dumps`` takes as it is."""
        record = {name: as_json(value) for name, value in self._values().items()}
        for name, said in (("before", self.before), ("after", self.after)):
            record[name] = None if said is None else as_json(said.amounts)
        return {**record, "agrees": self.agrees}


class Comparison(Frozen):
    """A layer in every framework, made by :func:`compare`: a table as text, as HTML and as JSON.

    Attributes:
        spec: The layer.
        input_shape: The input's shape, in the layer's layout.
        rows: One record a framework.
    """

    __slots__ = ("input_shape", "rows", "spec")
    _fields = ("spec", "input_shape", "rows")
    spec: Conv | ConvTranspose
    input_shape: Shape
    rows: tuple[Row, ...]

    def __init__(self, spec: Conv | ConvTranspose, input_shape: Shape, rows: tuple[Row, ...]) -> None:
        self._set(spec=spec, input_shape=input_shape, rows=rows)

    @property
    def output_shape(self) -> Shape:
        """The layer's output shape, in its own layout."""
        return self.spec(self.input_shape)

    def heading(self) -> str:
        """Return what is compared, in a line."""
        return f"{self.spec!r}: from {show(self.input_shape)} to {show(self.output_shape)}"

    def __repr__(self) -> str:
        table = [_HEADINGS, *(row.cells() for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        padded = [map(str.ljust, cells, widths) for cells in table]
        return "\n".join((self.heading(), *(f"  {'  '.join(cells)}".rstrip() for cells in padded)))

    def _repr_html_(self) -> str:
        from html import escape

        style = ' style="text-align:left;padding:.1em .8em .1em 0"'
        head = "".join(f"<th{style}>{escape(name)}</th>" for name in _HEADINGS)
        rows = []
        for row in self.rows:
            *cells, call = map(escape, row.cells())
            cells.append(f"<code>{call}</code>" if row.call else call)
            rows.append(f"<tr>{''.join(f'<td{style}>{cell}</td>' for cell in cells)}</tr>")
        return (
            '<div style="border-left:.25em solid #2980b9;padding:.2em .8em;overflow-x:auto">'
            f"<div>{escape(self.heading())}</div>"
            '<table style="border-collapse:collapse;background:transparent">'
            f"<tr>{head}</tr>{''.join(rows)}</table></div>"
        )

    def to_json(self) -> dict[str, object]:
        """Return the table as a dict that ``json.dumps`` takes as it is."""
        return {
            "operation": "compare",
            "spec": {name: as_json(value) for name, value in self.spec._values().items()},
            "kind": type(self.spec).__name__,
            "input_shape": as_json(self.input_shape),
            "output_shape": as_json(self.output_shape),
            "rows": [row.to_json() for row in self.rows],
        }


def _check(spec: object, input_shape: object) -> Shape:
    """Return the input's shape as it is read, or raise the bare ``Refusal``."""
    if not isinstance(spec, Conv | ConvTranspose):
        raise Refusal(
            "spec",
            given=spec,
            problem=f"spec is {kind_of(spec)}.",
            legal="a cs.Conv or a cs.ConvTranspose",
            reason="it is the taps of a convolution that are placed alike in every framework.",
        )
    shape = read_input(spec, spec, input_shape)
    if shape is not None:
        return shape  # type: ignore[return-value]
    raise Job(spec, "tensorflow", spec.data_format, None, None).needs_sizes(
        "input_shape is None, not a shape.", "output shapes are compared, and they follow from the input's."
    )


def _row(spec: Conv | ConvTranspose, framework: str, shape: Shape) -> Row:
    """Return a framework's row. Its numbers are read from the arguments of its call, not from the spec's."""
    try:
        conversion = convert(spec, framework, input_shape=shape)
    except ShapeError as error:
        return Row(framework, reason=f"{error.problem.rstrip('.')}: {error.reason}")
    bare: dict[str, Any] = {**conversion._values(), "before": None, "after": None}
    alone = Conversion(**bare).to_spec()
    before, after, data_format = conversion.before, conversion.after, alone.data_format
    taken = _beside(conversion.input_shape or (), before, data_format)
    output = alone(taken)
    result = _beside(output, after, data_format)
    pads = Job(alone, framework, data_format, alone.spatial_of(taken), None).geometry.pads
    return Row(framework, call_of(conversion), data_format, output, result, pads, before, after)


def _beside(shape: Shape, step: Step | None, data_format: str) -> Shape:
    """Return a shape after a pad or a crop; a size that is not known stays so."""
    if step is None:
        return shape
    sign = 1 if step.kind == "pad" else -1
    return tuple(
        size + sign * sum(pair) if isinstance(size, int) else size
        for size, pair in zip(shape, step.pairs(data_format), strict=True)
    )
