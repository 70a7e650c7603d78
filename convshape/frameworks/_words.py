"""How a dialect speaks: a refusal of the core, told again in a framework's own names and layouts."""

from __future__ import annotations

from convshape._errors import ChannelError
from convshape._layouts import AXIS_NAMES
from convshape._mending import mend
from convshape._orders import ORDER, from_order
from convshape._reading import as_entries, as_index
from convshape._refusals import Refusal, Suggestion
from convshape._show import show
from convshape._size_disputes import TOO_SMALL
from convshape._spec import Spec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeVar

    from convshape._errors import ShapeError
    from convshape._orders import Guesses
    from convshape._shapes import Shape

    S = TypeVar("S", bound=Spec)


class Words:
    """One framework's words for input, filter and strides; each dialect makes its own of it.

    Attributes:
        framework: The framework's name, for the reasons.
        names: The framework's argument names by the core's; a core argument not among them cannot be told.
        input_layout: The framework's layout of an input, in words.
        filter_layout: The framework's layout of this filter, in words.
        transposed: Whether the filter is a transposed convolution's.
        channels_before: Whether a filter is an argument that has its channels before its kernel, unlike TensorFlow's.
        empty: What the framework does where a kernel does not fit, if it says nothing.
    """

    framework = ""
    input_layout = "(N, *spatial, C)"
    filter_layout = "(*kernel, in, out)"
    transposed = False
    channels_before = False
    empty = ""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = dict(names)

    # What a dialect may say otherwise.

    def filter_of(self, sizes: tuple[object, ...]) -> tuple[object, ...]:
        """Return a core filter shape in the framework's layout (entries may be words)."""
        return sizes

    def shape_of(self, shape: tuple[object, ...]) -> tuple[object, ...]:
        """Return a core input or output shape in the framework's layout."""
        return shape

    def padding_of(self, padding: object) -> object:
        """Return a core padding as the framework writes it, or None where it cannot."""
        return padding

    def numbers_of(self, name: str, numbers: object) -> object:
        """Return core strides, dilations or a window as the framework writes them, or None."""
        return numbers

    def axis_of(self, argument: str, axis: int | None) -> int | None:
        """Return the place of an entry in the framework's argument, from its place in the core's."""
        return axis

    def filter_words(self, filter_shape: tuple[object, ...]) -> str:
        """Return how the filter is called in a sentence: ``weight (64, 3, 5, 5)``."""
        return f"{self.names['filter_shape']} {show(self.filter_of(filter_shape))}"

    def filter_change(self, filter_shape: tuple[object, ...]) -> dict[str, object] | None:
        """Return the change that gives the layer this core filter, or None where none would."""
        return {self.names["filter_shape"]: self.filter_of(filter_shape)}

    # What is the same for all.

    def answer(self, spec: Spec, shape: object) -> Shape:
        """Return the spec's output for an input in the core's layout; a ``Refusal`` speaks these words."""
        try:
            return spec.output(shape)
        except Refusal as refusal:
            raise self.retold(refusal, spec, shape) from None

    def make(self, cls: type[S], **fields: object) -> S:
        """Return a spec of the core's fields; a ``Refusal`` speaks these words."""
        spec = object.__new__(cls)
        try:
            spec.fill(**fields)
        except Refusal as refusal:
            raise self.retold(refusal, spec) from None
        return spec

    def retold(self, refusal: Refusal, spec: Spec, shape: object = None) -> Refusal:
        """Return a core refusal in the framework's words; ``shape`` is the input in the core's layout."""
        problem, legal, reason, kind = refusal.problem, refusal.legal, refusal.reason, refusal.kind
        entries = as_entries(shape)
        if kind is ChannelError and refusal.argument == "filter_shape" and entries:
            problem, legal, reason = self._channels(spec, entries)
        elif refusal.about == TOO_SMALL and entries and refusal.axis is not None:
            reason = self._too_small(spec, refusal.axis - spec._spatial.start)
        ahead, behind = self._orders(refusal, spec, entries)
        others = (one for one in refusal.suggestions if one.about != ORDER)  # which is the core's own order
        told = [(self._change(one.changes), one) for one in (*ahead, *others, *behind)]
        return Refusal(
            self.names.get(refusal.argument, refusal.argument),
            given=refusal.given,
            problem=self._text(problem, spec, entries),
            legal=self._text(legal, spec, entries) if isinstance(legal, str) else legal,
            reason=self._text(reason, spec, entries),
            kind=kind,
            axis=self.axis_of(refusal.argument, refusal.axis),
            suggestions=(
                *(Suggestion(changes, one.note) for changes, one in told if changes),
                *self._changed_places(spec, entries),
            ),
        )

    def _orders(self, refusal: Refusal, spec: Spec, entries: tuple[object, ...] | None) -> Guesses:
        """Suggest a filter in TensorFlow's order, ahead of all else or behind it, where the channels disagree."""
        filter_shape = getattr(spec, "filter_shape", None)
        if not self.channels_before or refusal.kind is not ChannelError or not entries or not filter_shape:
            return [], []
        shape = tuple(entry if entry is None or type(entry) is str else as_index(entry) for entry in entries)
        if len(shape) != len(filter_shape):
            return [], []
        layout = "(*kernel, out, in)" if self.transposed else "(*kernel, in, out)"
        return from_order(spec, shape, self.filter_of(filter_shape), "TensorFlow's", layout)  # type: ignore[arg-type]

    def _changed_places(self, spec: Spec, entries: tuple[object, ...] | None) -> list[Suggestion]:
        """Suggest that input and filter stand in each other's place, where the filter is an argument at all."""
        filter_shape = getattr(spec, "filter_shape", None)
        source, kernel = self.names["input_shape"], self.names.get("filter_shape")
        if entries is None or filter_shape is None or kernel is None:
            return []
        told = self.filter_of(filter_shape)
        if self.filter_change(filter_shape) != {
            kernel: told
        }:  # a layer has channels and a kernel size instead
            return []
        changes = {source: told, kernel: self.shape_of(entries)}
        return [Suggestion(changes, f"{source} and {kernel} had changed places", whole=True)]

    def _change(self, changes: Mapping[str, object]) -> dict[str, object] | None:
        told: dict[str, object] = {}
        for name, value in changes.items():
            if name == "filter_shape" and isinstance(value, tuple) and "filter_shape" in self.names:
                parts = self.filter_change(value)
                if parts is None:
                    return None
                told.update(parts)
            elif name not in self.names:
                return None
            else:
                new = self._value(name, value)
                if new is None and value is not None:
                    return None
                told[self.names[name]] = new
        return told

    def _value(self, name: str, value: object) -> object:
        if name in ("input_shape", "output_shape") and isinstance(value, tuple):
            return self.shape_of(value)
        if name == "padding":
            return self.padding_of(value)
        if name in ("strides", "dilations", "window_shape", "output_padding"):
            return self.numbers_of(name, value)
        return value

    def _text(self, text: str, spec: Spec, entries: tuple[object, ...] | None) -> str:
        """Return a core text with the framework's names; what it says of TensorFlow is left to TensorFlow."""
        filter_shape = getattr(spec, "filter_shape", None)
        if filter_shape is not None:
            text = text.replace(f"filter_shape {show(filter_shape)}", self.filter_words(filter_shape))
        if entries is not None:
            text = text.replace(show(entries), show(self.shape_of(entries)))
        for name, told in self.names.items():
            text = text.replace(f"{name} ", f"{told} ")
        return text.replace("(N, *spatial, C)", self.input_layout)

    def _channels(self, spec: Spec, shape: tuple[object, ...]) -> tuple[str, str, str]:
        filter_shape: tuple[object, ...] = spec.filter_shape  # type: ignore[attr-defined]
        groups: int = spec.groups  # type: ignore[attr-defined]
        channels, inside = shape[spec._channel], spec._inside  # type: ignore[attr-defined]
        grouped = f" in {groups} groups" if groups > 1 else ""
        problem = (
            f"{self.filter_words(filter_shape)} takes {inside} channels{grouped}, but the"
            f" {self.names['input_shape']} {show(shape)} has {show(channels)}."
        )
        if self.transposed:
            sizes: tuple[object, ...] = (*filter_shape[:-2], "out", channels)
            reason = (
                f"a transposed convolution borrows its forward twin's filter, in {self.framework}"
                f" {self.filter_layout}: the twin's output is our input."
            )
        else:
            fits = isinstance(channels, int) and channels % groups == 0
            sizes = (*filter_shape[:-2], channels // groups if fits else "in", "out")  # type: ignore[operator]
            reason = (
                f"{self.framework}'s forward filter is {self.filter_layout}:"
                " every filter reads all channels of its group."
            )
        return problem, self.filter_words(sizes).replace('"', ""), reason

    def _too_small(self, spec: Spec, axis: int) -> str:
        part = "kernel" if hasattr(spec, "filter_shape") else "window"
        name = AXIS_NAMES[spec._length - 2][axis]
        padded = spec.padding not in ("VALID", ((0, 0),) * (spec._length - 2))
        why = "the padding is not enough" if padded else "there is no padding"
        text = f"{why}: this {part} needs a {name} of at least {spec._lines[axis][0]}."
        return f"{text} {self.empty}" if self.empty else text


def mended(
    operation: str, raw: Callable[..., object], arguments: Mapping[str, object], refusal: Refusal
) -> ShapeError:
    """Return the error of a refused dialect call; every fix in it has been run through ``raw``.

    What a reason says of TensorFlow is left to the dialects of TensorFlow.
    """
    if not operation.startswith(("tf.", "keras.")):
        refusal.reason = without_tensorflow(refusal.reason)
    return mend(operation, raw, arguments, refusal)


def without_tensorflow(text: str) -> str:
    """Return a text of clauses divided by semicolons without those about TensorFlow."""
    clauses = text.split("; ")
    kept = [clause for clause in clauses if "TensorFlow" not in clause]
    if len(kept) == len(clauses) or not kept:
        return text
    joined = "; ".join(kept)
    return joined if joined.endswith((".", ")")) else joined + "."
