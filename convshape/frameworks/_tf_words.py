"""TensorFlow's own words: the ops, which forms of arguments each takes, and how fixes are written for it."""

from __future__ import annotations

from convshape._layouts import assemble, spatial_slice
from convshape._reading import as_entries, as_text
from convshape._refusals import Refusal, Suggestion
from convshape._show import show
from convshape.frameworks._numbers import Numbers
from convshape.frameworks._words import Words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from convshape._spec import Spec


class TensorFlowWords(Words):
    """What one op of ``tf.nn`` calls its arguments, and the forms that it takes them in.

    The layouts are the core's own, so only names, numbers and explicit padding are told otherwise.
    """

    framework = "TensorFlow"

    def __init__(
        self,
        names: Mapping[str, str],
        data_format: str,
        numbers: Mapping[str, Numbers],
        *,
        explicit: bool,
        lead: tuple[object, ...] = (),
        short: bool = False,
    ) -> None:
        super().__init__(names)
        self.data_format = data_format
        self.numbers = dict(numbers)
        self.explicit = explicit
        self.lead = lead  # batch axes in front of the batch
        self.short = short  # whether output_shape is of spatial sizes alone

    def but(self, *, lead: tuple[object, ...] = (), short: bool = False) -> TensorFlowWords:
        """Return these words for an input with more batch axes, or for a short ``output_shape``."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__, lead=lead, short=short)
        return other

    def shape_of(self, shape: tuple[object, ...]) -> tuple[object, ...]:
        """Return a shape with all of its batch axes."""
        return (*self.lead, *shape[1:]) if self.lead else shape

    def padding_of(self, padding: object) -> object:
        """Return padding as TensorFlow writes it: a word, or a full-rank list of pairs where the op takes one."""
        if as_text(padding) is not None:
            return padding
        entries = as_entries(padding)
        rank = len(self.data_format) - 2
        pairs = ((padding, padding),) * rank if entries is None else entries
        if not self.explicit:
            return "VALID" if {*pairs} == {(0, 0)} else None
        return [list(pair) for pair in assemble((0, 0), pairs, (0, 0), self.data_format)]  # type: ignore[call-overload]

    def numbers_of(self, name: str, numbers: object) -> object:
        """Return strides, dilations or a window in a form that the op takes."""
        form = self.numbers.get(name)
        if form is None:
            return None
        rank = len(self.data_format) - 2
        entries = as_entries(numbers)
        each: tuple[object, ...] = (numbers,) * rank if entries is None else entries
        if form.scalar and len(set(each)) == 1:
            return each[0]
        if form.each:
            return each
        return assemble(1, each, 1, self.data_format) if form.full else None

    def axis_of(self, argument: str, axis: int | None) -> int | None:
        """Return the place of an entry, counted with all batch axes."""
        if axis is not None and argument == "input_shape" and self.lead:
            return axis + len(self.lead) - 1 if axis else 0
        if axis is not None and argument == "output_shape" and self.short:
            start: int = spatial_slice(self.data_format).start
            return axis - start
        return axis

    def retold(self, refusal: Refusal, spec: Spec, shape: object = None) -> Refusal:
        """Return a core refusal in TensorFlow's names; what the core says of TensorFlow stays."""
        entries = as_entries(shape)
        told = [(self._change(one.changes), one) for one in refusal.suggestions]
        return Refusal(
            self.names.get(refusal.argument, refusal.argument),
            given=refusal.given,
            problem=self._text(refusal.problem, spec, entries),
            legal=self._text(refusal.legal, spec, entries)
            if isinstance(refusal.legal, str)
            else refusal.legal,
            reason=self._text(refusal.reason, spec, entries),
            kind=refusal.kind,
            axis=self.axis_of(refusal.argument, refusal.axis),
            suggestions=tuple(
                Suggestion(
                    changes,
                    one.note,
                    None if one.reason is None else self._text(one.reason, spec, entries),
                    whole=one.whole,
                )
                for changes, one in told
                if changes
            ),
        )

    def _value(self, name: str, value: object) -> object:
        if name == "output_shape" and self.short and isinstance(value, tuple):
            return value[spatial_slice(self.data_format)]
        return value if name == "output_shape" else super()._value(name, value)

    def _text(self, text: str, spec: Spec, entries: tuple[object, ...] | None) -> str:
        padding = getattr(spec, "padding", None)
        if isinstance(padding, tuple) and self.explicit:
            text = text.replace(show(padding), show(self.padding_of(padding)))
        return super()._text(text, spec, entries)


class DepthwiseWords(TensorFlowWords):
    """As TensorFlow's, where the core's filter of single-channel groups is a depthwise one."""

    def filter_of(self, sizes: tuple[object, ...]) -> tuple[object, ...]:
        """Return ``(*kernel, in, multiplier)`` of the core's ``(*kernel, 1, in * multiplier)``."""
        return (*sizes[:-2], self.inside, self.multiplier)

    def filter_change(self, filter_shape: tuple[object, ...]) -> dict[str, object] | None:
        """Return a depthwise filter of this kernel; a first channel entry other than 1 names the channels."""
        inside = self.inside if filter_shape[-2] == 1 else filter_shape[-2]
        return {self.names["filter_shape"]: (*filter_shape[:-2], inside, self.multiplier)}

    inside: int
    multiplier: int

    def of(self, inside: int, multiplier: int) -> DepthwiseWords:
        """Return these words for a filter of so many channels."""
        self.inside, self.multiplier = inside, multiplier
        return self
