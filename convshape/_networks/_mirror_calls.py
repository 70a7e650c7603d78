"""A mirror as one framework's calls: for each layer the call for just these sizes, and all of them as a program."""

from __future__ import annotations

from convshape._conversion import BIAS, Conversion
from convshape._convert import _plan, _read_target
from convshape._frozen import Frozen
from convshape._mending import mend
from convshape._networks._block import told
from convshape._networks._mirror_code import code_of, weight_shape_of
from convshape._networks._network import Value
from convshape._networks._spec_block import SpecBlock
from convshape._pool import Pool
from convshape._refusals import Refusal
from convshape._rendering import as_json
from convshape._steps import step
from convshape._targets import room
from convshape._transposed import ConvTranspose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from convshape._conv import Conv
    from convshape._networks._mirror import Mirror
    from convshape._networks._network import Node
    from convshape._shapes import Shape

_FIELDS = ("name", "undoes", "code", "input_shape", "output_shape", "weight_shape", "conversion")


class Call(Frozen):
    """One layer of a mirror as a framework's call.

    Attributes:
        name: The layer's name in the mirror.
        undoes: The encoder's layer that it undoes.
        code: The call as code that runs where it is pasted: it takes ``x``, and ``weights`` if there are any, and
            leaves ``y``; both stand in the mirror's layout.
        input_shape: What it takes.
        output_shape: What it makes.
        weight_shape: The shape of the weights as the framework wants them; None where it learns nothing.
        conversion: What :func:`convert` gives for a convolution; None for other layers.
    """

    __slots__ = _FIELDS
    _fields = _FIELDS
    name: str
    undoes: str
    code: str
    input_shape: Shape
    output_shape: Shape
    weight_shape: tuple[int, ...] | None
    conversion: Conversion | None

    def __init__(
        self,
        name: str,
        undoes: str,
        code: str,
        input_shape: Shape,
        output_shape: Shape,
        weight_shape: tuple[int, ...] | None,
        conversion: Conversion | None,
    ) -> None:
        named = locals()
        self._set(**{name: named[name] for name in _FIELDS})

    __hash__ = None  # type: ignore[assignment]  # a conversion has none

    @property
    def title(self) -> str:
        """The layer, what it undoes, and its sizes, in a line."""
        sizes = f"{told(self.input_shape)} to {told(self.output_shape)}"
        return f"{self.name}, which undoes {self.undoes}: {sizes}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What else should be known of the call, in sentences: where an engine lacks it, or is wrong."""
        return (
            () if self.conversion is None else tuple(note for note in self.conversion.notes if note != BIAS)
        )

    def parts(self) -> tuple[list[str], str]:
        """Return the imports of the code, and what comes behind them."""
        imports, _, body = self.code.partition("\n\n")
        return imports.splitlines(), body

    def to_json(self) -> dict[str, object]:
        """Return the call as a dict that ``json.dumps`` takes as it is."""
        record: dict[str, object] = {name: as_json(value) for name, value in self._values().items()}
        record["notes"] = list(self.notes)
        record["conversion"] = None if self.conversion is None else self.conversion.to_json()
        return record


class Calls(Frozen):
    """A mirror in one framework, layer by layer; printed it is the program.

    Attributes:
        framework: ``"tensorflow"``, ``"keras"``, ``"torch"``, ``"jax"`` or ``"onnx"``.
        calls: One record a layer, in the mirror's order.
    """

    __slots__ = ("calls", "framework")
    _fields = ("framework", "calls")
    framework: str
    calls: tuple[Call, ...]

    def __init__(self, framework: str, calls: tuple[Call, ...]) -> None:
        self._set(framework=framework, calls=calls)

    __hash__ = None  # type: ignore[assignment]  # a conversion has none

    def __len__(self) -> int:
        return len(self.calls)

    def __iter__(self) -> Iterator[Call]:
        return iter(self.calls)

    def __getitem__(self, place: int | str) -> Call:
        """Return a layer's call by its place or its name."""
        if isinstance(place, int):
            return self.calls[place]
        for one in self.calls:
            if one.name == place:
                return one
        raise KeyError(place)

    @property
    def code(self) -> str:
        """All calls as one program: it takes ``x`` and ``parameters``, weights by a layer's name, and leaves ``y``."""
        imports: dict[str, None] = {}
        blocks = []
        for place, one in enumerate(self.calls):
            needed, body = one.parts()
            imports.update(dict.fromkeys(needed))
            lines = [f"# {said}" for said in (one.title, *one.notes)] + (["x = y"] if place else [])
            if one.weight_shape is not None:
                lines.append(f'weights = parameters["{one.name}"]')
            blocks.append("\n".join((*lines, body)))
        return "\n\n".join(("\n".join(imports), *blocks)) if blocks else "y = x"

    def __repr__(self) -> str:
        return self.code

    def _repr_html_(self) -> str:
        from html import escape

        from convshape._rendering import as_table

        code = f'<pre style="margin:.4em 0;text-align:left">{escape(self.code)}</pre>'
        return as_table(self.framework, [], code)

    def to_json(self) -> dict[str, object]:
        """Return the calls as a dict that ``json.dumps`` takes as it is."""
        return {
            "operation": "calls",
            "framework": self.framework,
            "calls": [one.to_json() for one in self.calls],
            "code": self.code,
        }


def calls_of(mirror: Mirror, to: object) -> Calls:
    """Return a mirror's calls in a framework, or raise the error that names the layer it cannot say."""

    def check(to: object) -> Calls:
        return _calls(mirror, to)

    try:
        return check(to)
    except Refusal as refusal:
        raise mend("calls", check, {"to": to}, refusal) from None


def _calls(mirror: Mirror, to: object) -> Calls:
    target = _read_target(to)
    start = mirror.read(mirror.input_shape)
    values = [start, *mirror.walk(start)]
    calls = []
    for place, node in enumerate(mirror.nodes):
        try:
            calls.append(_call(mirror, node, values[place], values[place + 1], target))
        except Refusal as refusal:
            refusal.problem = f'layer {place} "{node.name}" ({node.block.kind}): {refusal.problem}'
            raise
    return Calls(target, tuple(calls))


def _call(mirror: Mirror, node: Node, before: Value, after: Value, to: str) -> Call:
    block, conversion = node.block, None
    if isinstance(block, SpecBlock) and not isinstance(block.own, Pool):
        conversion = _converted(block.own, before, to)  # type: ignore[arg-type]
        code, weight_shape = conversion.code, conversion.weight_shape
    else:
        lines = code_of(block, before, after, to)
        imports = [*room(to).IMPORTS]
        if any("numpy.array" in line for line in lines):
            imports.append("import numpy")
        code, weight_shape = "\n".join((*imports, "", *lines)), weight_shape_of(block, to)  # type: ignore[assignment]
    return Call(node.name, mirror.twins[node.name], code, before.told, after.told, weight_shape, conversion)


def _converted(spec: Conv | ConvTranspose, before: Value, to: str) -> Conversion:
    """Return a convolution in a framework, one of more padding than it has elements as a larger one that is cropped.

    Padding may take the smallest output below 1. The spec counts ``output_padding`` from 1 then, frameworks count it
    from below; without padding, they count alike.
    """
    low = isinstance(spec, ConvTranspose) and spec.output_padding is not None and _is_low(spec, before)
    if not low:
        return _plan(spec, to, None, before.told)[0]
    given, wanted = spec.spatial_of(before.shape), spec.spatial_of(spec.output(before.shape))
    extras, crops = [], []
    for axis, (size, large) in enumerate(zip(given, wanted, strict=True)):
        front = spec.padding[axis][0]
        natural = (size - 1) * spec.strides[axis] + spec.extent(axis)  # type: ignore[operator,union-attr]
        extras.append(max(0, large + front - natural))  # type: ignore[operator]
        crops.append((front, max(0, natural - front - large)))  # type: ignore[operator]
    whole = ConvTranspose.checked(**{**spec._values(), "padding": "VALID", "output_padding": tuple(extras)})
    conversion = _plan(whole, to, None, before.told)[0]
    return Conversion(**{**conversion._values(), "after": step("crop", crops)})  # type: ignore[arg-type]


def _is_low(spec: ConvTranspose, before: Value) -> bool:
    sizes = zip(spec.spatial_of(before.shape), spec.strides, spec._reaches, strict=True)
    return any((size - 1) * stride + reach < 1 for size, stride, reach in sizes)  # type: ignore[operator]
