"""An ``output_shape`` held against what its transposed convolution can make."""

from __future__ import annotations

from convshape._errors import OutputShapeError
from convshape._layouts import AXIS_NAMES, assemble, channel_axis, spatial_slice
from convshape._reading import (
    as_entries,
    as_index,
    is_name,
    near_integers,
    replace,
    shape_in_text,
    why_not_whole,
)
from convshape._refusals import Refusal, Suggestion
from convshape._remedies import Remedies
from convshape._show import INT64_MAX, bare, count, kind_of, show
from convshape._sizes import forward_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._outputs import OutputSet
    from convshape._shapes import Shape, Size
    from convshape._transposed import ConvTranspose


class Wanted:
    """One wanted ``output_shape``, the transposed convolution that is to make it, and the input it has."""

    __slots__ = ("entries", "legal", "shape", "spec")

    def __init__(self, spec: ConvTranspose, input_shape: object, output_shape: object) -> None:
        self.spec = spec
        self.shape: Shape = spec.read_input(input_shape)
        self.legal: OutputSet = spec.outputs(input_shape)
        self.entries = as_entries(output_shape) or ()
        if not self.entries:
            raise self._no_shape(output_shape)

    def _no_shape(self, given: object) -> Refusal:
        spelt = shape_in_text(given)
        suggestions = (
            [] if spelt is None else [Suggestion({"output_shape": spelt}, "a shape is not a string")]
        )
        return self._refusal(
            f"output_shape is {kind_of(given)}, not a shape.",
            f"{len(self.shape)} entries: {show(self.legal.default)}",
            "a shape is a tuple or list with one entry an axis.",
            [*suggestions, *self._default()],
        )

    def check(self) -> Shape:
        """Return the wanted shape as a plain tuple, or raise the bare ``Refusal``."""
        if len(self.entries) != len(self.shape):
            raise self._rank()
        sizes = tuple(self._size(position) for position in range(len(self.entries)))
        if not self.legal.has_batch(sizes[0]):
            raise self._batch(sizes)
        channels = channel_axis(self.spec.data_format)
        if sizes[channels] != self.legal.channels:
            raise self._channels(sizes, channels)
        for axis, size in enumerate(sizes[spatial_slice(self.spec.data_format)]):
            if not self.legal.has_size(axis, size):
                raise self._spatial(sizes, axis, size)  # type: ignore[arg-type]
        return sizes

    def _refusal(
        self, problem: str, legal: object, reason: str, suggestions: list[Suggestion], axis: int | None = None
    ) -> Refusal:
        return Refusal(
            "output_shape",
            given=self.entries,
            problem=problem,
            legal=legal,
            reason=reason,
            axis=axis,
            kind=OutputShapeError,
            suggestions=tuple(suggestions),
        )

    def _default(self) -> list[Suggestion]:
        return (
            []
            if self.legal.default is None
            else [Suggestion({"output_shape": self.legal.default}, "the default size")]
        )

    def _rank(self) -> Refusal:
        layout, length = self.spec.data_format, len(self.entries)
        parts = (self.legal.batch, self.entries, self.legal.channels)
        suggestions = []
        if length == len(self.shape) - 2:
            suggestions.append(
                Suggestion({"output_shape": assemble(*parts, layout)}, "with batch and channels")
            )
        elif length == len(self.shape) - 1:
            suggestions.append(
                Suggestion({"output_shape": (self.legal.batch, *self.entries)}, "with its batch")
            )
            suggestions.append(
                Suggestion({"output_shape": (*self.entries, self.legal.channels)}, "with its channels")
            )
        short = (
            length < len(self.shape) and length != 2
        )  # of two entries, conv2d_transpose takes the spatial sizes
        danger = (
            "; one so short kills the Python process in TensorFlow 2.21's default build." if short else "."
        )
        return self._refusal(
            f"output_shape {show(self.entries)} has {count(length)}, but the input {show(self.shape)} has {len(self.shape)}.",
            f"{len(self.shape)} entries: {show(self.legal.default)}",
            "the output has the input's axes, batch and channels included" + danger,
            [*suggestions, *self._default()],
        )

    def _size(self, position: int) -> Size:
        entry, is_batch = self.entries[position], position == 0
        size = as_index(entry)
        if size is not None and (0 if is_batch else 1) <= size <= INT64_MAX:
            return size
        if is_batch and is_name(entry):
            return entry  # type: ignore[return-value]
        default = None if self.legal.default is None else self.legal.default[position]
        choices: list[object] = [] if default is None else [default]
        choices += [number for number in near_integers(entry) if number > 0]
        suggestions = [
            Suggestion({"output_shape": replace(self.entries, position, choice)}) for choice in choices
        ]
        if entry is None and is_batch:
            named = {
                "input_shape": replace(self.shape, 0, "N"),
                "output_shape": replace(self.entries, 0, "N"),
            }
            suggestions.append(Suggestion(named, "a batch by name; for TensorFlow, tf.shape(x)[0]"))
        raise self._refusal(
            f"output_shape {show(self.entries)} has {kind_of(entry)}, at position {position}.",
            self._legal_entry(position),
            _why_no_size(entry, size, is_batch),
            [*suggestions, *self._default()],
            position,
        )

    def _legal_entry(self, position: int) -> object:
        if position == 0:
            return f"the input's batch, {_batch_words(self.legal.batch)}"
        if position == channel_axis(self.spec.data_format):
            return show(self.legal.channels)
        axis = position - spatial_slice(self.spec.data_format).start
        sizes = self.legal.ranges[axis]
        return f"{self.legal.smallest[axis]} or more" if sizes is None else sizes

    def _batch(self, sizes: Shape) -> Refusal:
        return self._refusal(
            f"output_shape {show(sizes)} has batch {bare(sizes[0])}, but the input {show(self.shape)} has {bare(self.shape[0])}.",
            bare(self.legal.batch),
            "a batch goes through a convolution unchanged; in TensorFlow write tf.shape(x)[0], so that a last,"
            " smaller batch fits too.",
            [
                Suggestion({"output_shape": replace(sizes, 0, self.legal.batch)}, "the input's batch"),
                Suggestion({"input_shape": replace(self.shape, 0, sizes[0])}, "an input of that batch"),
            ],
            0,
        )

    def _channels(self, sizes: Shape, position: int) -> Refusal:
        *kernel, outside, inside = self.spec.filter_shape
        wanted, made = sizes[position], self.legal.channels
        reason = (
            f"the filter (*kernel, out, in) is {show(self.spec.filter_shape)}, so it makes {made} channels."
        )
        suggestions = [Suggestion({"output_shape": replace(sizes, position, made)}, "the filter's channels")]
        if isinstance(wanted, int):
            if wanted % outside == 0:
                groups = wanted // outside
                reason += f" TensorFlow would read {wanted} as {groups} groups of {outside}, and say nothing."
                suggestions.append(Suggestion({"groups": groups}, "if groups are meant"))
            if wanted % self.spec.groups == 0:
                grown = (*kernel, wanted // self.spec.groups, inside)
                suggestions.insert(1, Suggestion({"filter_shape": grown}, "a filter for the wanted channels"))
        return self._refusal(
            f"output_shape {show(sizes)} has {show(wanted)} channels, but the filter makes {made}.",
            str(made),
            reason,
            [*suggestions, *self._default()],
            position,
        )

    def _spatial(self, sizes: Shape, axis: int, size: int) -> Refusal:
        place = spatial_slice(self.spec.data_format)
        name, stride = AXIS_NAMES[len(sizes) - 2][axis], self.spec.strides[axis]
        source = self.shape[place][axis]
        reach = self.legal.smallest[axis]
        if size < reach:
            twin = f"its forward twin cannot take {size}: it needs {reach} or more"
        else:
            twin = f"its forward twin takes {size} to {forward_size(size, self.spec.reach(axis), stride)}, not {show(source)}"
        remedies = Remedies(self.spec, self.shape, self.legal, sizes)
        ways = remedies.in_words(axis, size)
        return self._refusal(
            f"output_shape {show(sizes)} has a {name} of {size}, which {show(source)} cannot become with stride {stride},"
            f" {_padding(self.spec, axis)}.",
            self.legal.ranges[axis] if self.legal.ranges[axis] is not None else f"{reach} or more",
            f"{twin}." + (f" For {size}: {ways}." if ways else ""),
            remedies.suggestions(axis, size),
            place.start + axis,
        )


def check_wanted(spec: ConvTranspose, input_shape: object, output_shape: object) -> Shape:
    """Return ``output_shape`` as a plain tuple if ``spec`` can make it, or raise the bare ``Refusal``."""
    return Wanted(spec, input_shape, output_shape).check()


def _why_no_size(entry: object, size: int | None, is_batch: bool) -> str:
    if type(entry) is str and is_batch and not near_integers(entry):
        return "a batch's name is one word, such as N."
    if entry is None:
        where = "tf.shape(x)[0] for the batch" if is_batch else "the size itself"
        return f"an output_shape picks one size of several, so each is written out; TensorFlow takes no None here: write {where}."
    if size == -1 and is_batch:
        return "-1 does not mean the input's batch: TensorFlow's builds disagree on it; write tf.shape(x)[0]."
    if size == -1:
        return (
            "-1 does not mean 'work it out' here: in TensorFlow's default build it kills the Python process."
        )
    if size is not None and size > INT64_MAX:
        return "no tensor has an axis of more than 2**63 - 1 elements."
    if size is not None:
        return "an empty or negative size makes no picture."
    return why_not_whole(entry, "a size")


def _padding(spec: ConvTranspose, axis: int) -> str:
    return spec.padding if isinstance(spec.padding, str) else f"padding {show(spec.padding[axis])}"


def _batch_words(batch: Size) -> str:
    return "a number or a name" if batch is None else bare(batch)
