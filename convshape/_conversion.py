"""What ``convert`` gives: one framework's call, its weights, and what must be done around it."""

from __future__ import annotations

from convshape._code import exchange, index, literal
from convshape._frozen import Frozen
from convshape._layouts import spatial_slice
from convshape._rendering import as_json
from convshape._show import show
from convshape._weights import shape_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from convshape._conv import Conv
    from convshape._shapes import Shape
    from convshape._steps import Step
    from convshape._transposed import ConvTranspose
    from convshape._weights import Layout

BIAS = "A bias needs no conversion: one number an output channel everywhere, added after the crop if there is one."
_FIELDS = (
    "framework",
    "operation",
    "kind",
    "arguments",
    "filter_shape",
    "groups",
    "weights",
    "before",
    "after",
    "data_format",
    "given_format",
    "input_shape",
    "notes",
)


class Conversion(Frozen):
    """A layer as one framework says it; made by :func:`convert`, and itself a layer to convert on.

    Attributes:
        framework: ``"tensorflow"``, ``"keras"``, ``"torch"``, ``"jax"`` or ``"onnx"``.
        operation: The framework's name of the call.
        kind: ``"conv"`` or ``"transpose"``.
        arguments: The call's arguments by the framework's names, those at their defaults left out. A batch that is
            not known stands in an ``output_shape`` as it was given; ``code`` asks the tensor for it.
        filter_shape: The filter in TensorFlow's layout, ``(*kernel, in, out)`` or ``(*kernel, out, in)``.
        groups: Into how many groups the channels are split.
        weights: The weights as the framework wants them, a NumPy array of its own; None if none were given.
        before: A pad to apply to the input first: a ``kind``, ``amounts`` a spatial axis, a ``value``. Or None.
        after: A crop to apply to the output then, likewise, or None.
        data_format: The layout of the call's input and output.
        given_format: The layout of the layer that was converted; ``code`` exchanges the axes where they differ.
        input_shape: The input's shape in the call's layout, where it was given.
        notes: What else should be known, in sentences.

    Examples:
        >>> import convshape as cs
        >>> up = cs.convert(cs.ConvTranspose((5, 5, 32, 64), strides=2, data_format="NCHW"), "torch")
        >>> up.operation, up.arguments["padding"], up.after.amounts
        ('torch.nn.ConvTranspose2d', (1, 1), ((0, 1), (0, 1)))
        >>> up.to_spec() == cs.ConvTranspose((5, 5, 32, 64), strides=2, data_format="NCHW")
        True
    """

    __slots__ = _FIELDS
    _fields = _FIELDS
    framework: str
    operation: str
    kind: str
    arguments: dict[str, Any]
    filter_shape: tuple[int, ...]
    groups: int
    weights: Any
    before: Step | None
    after: Step | None
    data_format: str
    given_format: str
    input_shape: Shape | None
    notes: tuple[str, ...]

    def __init__(
        self,
        framework: str,
        operation: str,
        kind: str,
        arguments: Mapping[str, Any],
        filter_shape: tuple[int, ...],
        groups: int,
        weights: Any,  # noqa: ANN401 - a NumPy array or None
        before: Step | None,
        after: Step | None,
        data_format: str,
        given_format: str,
        input_shape: Shape | None,
        notes: tuple[str, ...],
    ) -> None:
        named = locals()
        self._set(**{name: named[name] for name in _FIELDS})

    @property
    def exact(self) -> bool:
        """Whether the call alone computes what the layer does, with no pad before it and no crop after."""
        return self.before is None and self.after is None

    @property
    def transposed(self) -> bool:
        """Whether the layer is a transposed convolution, by whatever call it is computed."""
        return self.kind == "transpose"

    @property
    def layout(self) -> Layout:
        """How the weights stand, ``twin``, ``channels`` or ``mirrored``."""
        if self.framework in ("torch", "onnx"):
            return "channels"
        return "mirrored" if "lhs_dilation" in self.arguments else "twin"

    @property
    def weight_shape(self) -> tuple[int, ...]:
        """The shape of the weights as the framework wants them."""
        return shape_in(self.layout, self.filter_shape, self.groups)

    @property
    def channels(self) -> tuple[int, int]:
        """Channels of input and output."""
        *_, one, other = self.filter_shape
        return (other, one * self.groups) if self.transposed else (one * self.groups, other)

    def input_sizes(self) -> tuple[int, ...]:
        """Return the input's spatial sizes; a shape must have been given."""
        return self.input_shape[spatial_slice(self.data_format)]  # type: ignore[index,return-value]

    def to_spec(self, input_shape: object = None) -> Conv | ConvTranspose:
        """Return what the call means, its pad and its crop included, as a spec in this call's layout.

        It is read from the arguments. A padding that SAME or VALID says is written so.
        """
        from convshape._targets import room

        return room(self.framework).read(self)

    @property
    def code(self) -> str:
        """The call as code that runs where it is pasted; it takes ``x`` and ``weights`` and leaves ``y``.

        ``x`` and ``y`` stand in ``given_format``, ``weights`` as in this conversion.
        """
        from convshape._targets import room

        target = room(self.framework)
        there = exchange(self.given_format, self.data_format)
        back = exchange(self.data_format, self.given_format)
        lines = [*target.IMPORTS]
        if self.before is not None and "numpy." in target.PAD:
            lines.append("import numpy")
        lines.append("")
        if there is not None:
            moved = f"{self.given_format} to {self.data_format}"
            lines.append(f"x = {target.PERMUTE.format(x='x', axes=there)}  # {moved}")
        if self.before is not None:
            pairs = self.before.pairs(self.data_format)
            value = "" if self.before.value == 0 else f', {target.VALUE}=float("-inf")'
            backwards = tuple(number for pair in reversed(pairs) for number in pair)
            lines.append(f"x = {target.PAD.format(pairs=literal(pairs), backwards=backwards, value=value)}")
        lines += target.code(self)
        if self.after is not None:
            lines.append(f"y = y{index(self.after.slices(self.data_format))}")
        if back is not None:
            moved = f"{self.data_format} to {self.given_format}"
            lines.append(f"y = {target.PERMUTE.format(x='y', axes=back)}  # {moved}")
        return "\n".join(lines)

    def __eq__(self, other: object) -> bool:
        if type(other) is not Conversion:
            return NotImplemented
        mine: dict[str, Any] = self._values()
        theirs: dict[str, Any] = other._values()
        one, another = mine.pop("weights"), theirs.pop("weights")
        if one is None or another is None:
            return mine == theirs and one is another
        return (
            mine == theirs
            and one.dtype == another.dtype
            and one.shape == another.shape
            and bool((one == another).all())
        )

    __hash__ = None  # type: ignore[assignment]  # the weights change with whoever writes into them

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={show(value, code=True)}" for name, value in self.arguments.items())
        steps = "".join(
            f", {place} it {said}" for place, said in (("before", self.before), ("after", self.after)) if said
        )
        return f"<{self.operation}({inside}) on {self.data_format}{steps}>"

    def rows(self) -> list[tuple[str, str]]:
        """Return what there is to say, labelled, for the HTML."""
        rows = [
            (
                "arguments",
                ", ".join(f"{name}={show(value, code=True)}" for name, value in self.arguments.items()),
            )
        ]
        rows += [(name, str(said)) for name, said in (("before", self.before), ("after", self.after)) if said]
        rows.append(("layout", self.data_format))
        rows.append(("weights", show(self.weight_shape)))
        return rows + [("note", note) for note in self.notes]

    def _repr_html_(self) -> str:
        from html import escape

        from convshape._rendering import as_table

        code = f'<pre style="margin:.4em 0;text-align:left">{escape(self.code)}</pre>'
        return as_table(self.operation, self.rows(), code)

    def to_json(self) -> dict[str, object]:
        """Return the conversion as a dict that ``json.dumps`` takes as it is; of the weights only the shape."""
        record: dict[str, object] = {
            name: as_json(value)
            for name, value in self._values().items()
            if name not in ("weights", "before", "after")
        }
        for name, said in (("before", self.before), ("after", self.after)):
            record[name] = (
                None
                if said is None
                else {
                    "kind": said.kind,
                    "amounts": as_json(said.amounts),
                    "value": "-inf" if said.value else 0,
                }
            )
        record.update(exact=self.exact, weight_shape=as_json(self.weight_shape), code=self.code)
        return record
