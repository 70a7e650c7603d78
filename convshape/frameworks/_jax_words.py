"""JAX's names, layouts and forms of arguments."""

from __future__ import annotations

from convshape._errors import ChannelError, SizeError
from convshape._layouts import AXIS_NAMES, pattern
from convshape._reading import as_entries, as_index, as_text
from convshape._refusals import Refusal, Suggestion
from convshape._shapes import ShapeRule
from convshape._show import show
from convshape._sizes import effective_kernel
from convshape.frameworks._jax_labels import relabelled
from convshape.frameworks._numbers import Numbers
from convshape.frameworks._words import Words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._spec import Spec
    from convshape.frameworks._jax_dimensions import Dimensions

ONLY = "JAX takes a sequence of one number a spatial axis, in the order of rhs."
WINDOW_STRIDES = Numbers("window_strides", "a stride", scalar=False, why=ONLY)
STRIDES = Numbers("strides", "a stride", scalar=False, why=ONLY)
LHS_DILATION = Numbers("lhs_dilation", "a dilation", scalar=False, why=ONLY)
RHS_DILATION = Numbers("rhs_dilation", "a dilation", scalar=False, why=ONLY)
RHS = ShapeRule(
    "rhs",
    batched=False,
    unknown=False,
    pattern="the kernel's one, two or three axes, in and out, as dimension_numbers orders them; each at least 1",
    channels=0,
)
FORWARD_NAMES = {
    "input_shape": "lhs",
    "filter_shape": "rhs",
    "strides": "window_strides",
    "padding": "padding",
    "dilations": "rhs_dilation",
    "groups": "feature_group_count",
}
TRANSPOSED_NAMES = {
    "input_shape": "lhs",
    "filter_shape": "rhs",
    "strides": "strides",
    "padding": "padding",
    "dilations": "rhs_dilation",
}


class JaxWords(Words):
    """What JAX calls input, filter and strides, for one ``dimension_numbers``."""

    framework = "JAX"
    empty = "JAX 0.10 returns an empty array for a smaller one, and says nothing."

    def __init__(self, names: dict[str, str], dimensions: Dimensions) -> None:
        super().__init__(names)
        self.dimensions = dimensions
        self.input_layout = dimensions.pattern(0)
        self.filter_layout = dimensions.pattern(1)

    def filter_of(self, sizes: tuple[object, ...]) -> tuple[object, ...]:
        """Return a core filter shape as rhs has it."""
        return self.dimensions.filter_of(sizes)

    def shape_of(self, shape: tuple[object, ...]) -> tuple[object, ...]:
        """Return a core input shape as lhs has it."""
        return self.dimensions.shape_of(shape)

    def padding_of(self, padding: object) -> object:
        """Return words as they are; pairs are JAX's own already."""
        number = as_index(padding)
        return padding if number is None else ((number, number),) * len(self.dimensions.spatial)

    def numbers_of(self, name: str, numbers: object) -> object:
        """Return one number a spatial axis: JAX takes no single one."""
        number = as_index(numbers)
        return numbers if number is None else (number,) * len(self.dimensions.spatial)

    def axis_of(self, argument: str, axis: int | None) -> int | None:
        """Return the place in lhs of an axis of the core's layout."""
        if argument != "input_shape" or axis is None or axis >= len(self.dimensions.lhs):
            return axis
        return self.dimensions.lhs_place(axis)

    def retold(self, refusal: Refusal, spec: Spec, shape: object = None) -> Refusal:
        """Return a core refusal in JAX's words; channels that do not fit may be in other places."""
        told = super().retold(refusal, spec, shape)
        place = self.axis_of(refusal.argument, refusal.axis)
        if refusal.argument == "input_shape" and place != refusal.axis:
            told.problem = told.problem.replace(f"at position {refusal.axis}.", f"at position {place}.")
        for one in told.suggestions:
            one.note = one.note.replace(spec.data_format, self.dimensions.labels[0])
        if refusal.kind is ChannelError:
            lhs, rhs = self.shape_of(as_entries(shape) or ()), self.filter_of(spec.filter_shape)  # type: ignore[attr-defined]
            told.suggestions = (*relabelled(lhs, rhs, self.dimensions.labels), *told.suggestions)
        return told

    def _text(self, text: str, spec: Spec, entries: tuple[object, ...] | None) -> str:
        text = super()._text(text, spec, entries)
        text = text.replace(pattern(spec.data_format), self.dimensions.pattern(0))
        text = text.replace(spec.data_format, self.dimensions.labels[0])
        rank = len(self.dimensions.spatial)
        if rank > 1 and AXIS_NAMES[rank] != self.dimensions.axis_names():
            pairs = list(zip(AXIS_NAMES[rank], self.dimensions.axis_names(), strict=True))
            for place, (core, _) in enumerate(pairs):  # in two steps, because the names change places
                text = text.replace(f"a {core} of ", f"a \0{place} of ")
            for place, (_, told) in enumerate(pairs):
                text = text.replace(f"\0{place}", told)
        return text

    def _channels(self, spec: Spec, shape: tuple[object, ...]) -> tuple[str, str, str]:
        problem, legal, _ = super()._channels(spec, shape)
        lhs, rhs, _ = self.dimensions.labels
        reason = f"dimension_numbers read lhs as {lhs}, {self.input_layout}, and rhs as {rhs}, {self.filter_layout}."
        return problem, legal, reason

    def _too_small(self, spec: Spec, axis: int) -> str:
        text = super()._too_small(spec, axis)
        spread = getattr(spec, "lhs_dilation", (1,) * (axis + 1))[axis]
        return (
            f"{text} lhs_dilation {spread} makes (i - 1) * {spread} + 1 elements of i."
            if spread > 1
            else text
        )


class JaxTransposedWords(JaxWords):
    """As JAX's, for ``conv_transpose``: its pads are those of the dilated input, not the forward convolution's."""

    transposed = True

    def __init__(
        self,
        names: dict[str, str],
        dimensions: Dimensions,
        *,
        flipped: bool = False,
        consistent: bool = False,
    ) -> None:
        super().__init__(names, dimensions)
        self.flipped = flipped
        self.consistent = consistent

    def filter_of(self, sizes: tuple[object, ...]) -> tuple[object, ...]:
        """Return a core filter ``(*kernel, out, in)`` as rhs has it: out before in only where the kernel is flipped."""
        *kernel, outside, inside = sizes
        pair = (outside, inside) if self.flipped else (inside, outside)
        return self.dimensions.filter_of((*kernel, *pair))

    def padding_of(self, padding: object) -> object:
        """Return words alone: numbers mean something else here."""
        return padding if as_text(padding) is not None else None

    def retold(self, refusal: Refusal, spec: Spec, shape: object = None) -> Refusal:
        """Return a core refusal in JAX's words; an output that padding empties is told in JAX's pads."""
        entries = as_entries(shape)
        if (
            refusal.argument == "padding"
            and refusal.kind is SizeError
            and entries
            and refusal.axis is not None
        ):
            name = self.dimensions.axis_names()[refusal.axis]
            shown = f"lhs {show(self.dimensions.shape_of(entries))}"
            return nothing_left(spec, entries, refusal.axis, name, shown, consistent=self.consistent)
        told = super().retold(refusal, spec, shape)
        if refusal.kind is ChannelError and refusal.argument == "filter_shape":
            note = (
                "if rhs is the forward convolution's kernel, as in TensorFlow"
                if not self.flipped
                else "as it is"
            )
            swap = Suggestion({"transpose_kernel": not self.flipped}, note, whole=True)
            told.suggestions = _after(told.suggestions, swap)
        return told

    def _channels(self, spec: Spec, shape: tuple[object, ...]) -> tuple[str, str, str]:
        problem, legal, _ = super()._channels(spec, shape)
        lhs, rhs, _ = self.dimensions.labels
        turned = (
            "transpose_kernel=True exchanges I and O: I is out and O is in, as in the forward convolution."
            if self.flipped
            else "I is in and O is out; only transpose_kernel=True exchanges them."
        )
        return problem, legal, f"dimension_numbers read lhs as {lhs} and rhs as {rhs}: {turned}"


def _after(found: tuple[Suggestion, ...], one: Suggestion) -> tuple[Suggestion, ...]:
    """Return the suggestions with one more behind those that change only the layout."""
    layouts = sum("dimension_numbers" in other.changes for other in found)
    return (*found[:layouts], one, *found[layouts:])


def nothing_left(
    spec: Spec, shape: tuple[object, ...], axis: int, name: str, shown: str, *, consistent: bool = False
) -> Refusal:
    """Return the refusal of pads that leave a transposed convolution nothing to compute."""
    kernel, strides, dilations = spec.filter_shape, spec.strides, spec.dilations  # type: ignore[attr-defined]
    extents = tuple(map(effective_kernel, kernel, dilations))
    twin: tuple[tuple[int, int], ...] = spec.padding  # type: ignore[assignment]
    inner = tuple((e - 1 - low, e - 1 - high) for e, (low, high) in zip(extents, twin, strict=True))
    line = effective_kernel(spec.spatial_of(shape)[axis], strides[axis])  # type: ignore[arg-type]
    given, left, extent = twin if consistent else inner, line + sum(inner[axis]), extents[axis]
    if consistent:
        legal, why = f"at most {line + extent - 2}", "it is taken off the full output"
    else:
        legal, why = (
            f"at least {extent - line}",
            "its numbers pad the dilated input: they are not the forward twin's",
        )
    silent = " JAX 0.10 returns an empty array, and says nothing." if left >= 0 else ""
    return Refusal(
        "padding",
        given=given,
        problem=f"padding {show(given)} leaves nothing of the {name}: the kernel spans {extent}, and {shown} is"
        f" dilated to {line} and padded to {left}.",
        legal=f"padding of {legal} in all, low and high",
        reason=f"{why}.{silent}",
        kind=SizeError,
        axis=axis,
        suggestions=_enough(inner, extents, consistent=consistent),
    )


def _enough(
    inner: tuple[tuple[int, int], ...], extents: tuple[int, ...], *, consistent: bool
) -> tuple[Suggestion, ...]:
    """Suggest pads that are enough; the numbers given are likeliest meant as the forward convolution's."""
    ends = tuple((extent - 1, extent - 1) for extent in extents)
    found = [
        Suggestion({"padding": "VALID"}, f"which pads by {show(ends)}, or more for a stride above the kernel")
    ]
    if not consistent and any(map(any, inner)):
        meant = tuple((end - low, end - high) for (end, _), (low, high) in zip(ends, inner, strict=True))
        found.insert(0, Suggestion({"padding": meant}, f"the forward convolution's padding {show(inner)}"))
    if not consistent:
        note = "if the numbers are the forward convolution's"
        found.append(Suggestion({"use_consistent_padding": True}, note))
    return (*found, Suggestion({"padding": "SAME"}))
