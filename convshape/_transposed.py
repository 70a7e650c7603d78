"""Transposed convolutions as values."""

from __future__ import annotations

from convshape._arguments import check_extents, check_groups, read_data_format, read_groups
from convshape._channel_disputes import transposed_channels
from convshape._layouts import assemble
from convshape._mending import mend
from convshape._outputs import OutputSet
from convshape._paddings import before_and_after, read_padding
from convshape._per_axis import DILATIONS, OUTPUT_PADDING, TWIN_STRIDES
from convshape._refusals import Refusal
from convshape._shapes import TRANSPOSED_FILTER
from convshape._show import INT64_MAX, show
from convshape._size_disputes import large_output_padding, nothing_left, too_big_result
from convshape._sizes import default_extra, effective_kernel, reach_of, transposed_sizes
from convshape._spec import Spec, is_batch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import SupportsIndex

    from convshape._shapes import Shape
    from convshape._types import PaddingLike, PerAxisLike, ShapeLike


class ConvTranspose(Spec):
    """A transposed (fractionally strided) convolution.

    Called with an input shape ``(N, *spatial, C)``, sizes in elements, it returns the output shape.

    Args:
        filter_shape: ``(*kernel, out, in)``, sizes in elements: the forward twin's filter. ``out`` is the
            channels of one group.
        strides: The forward twin's strides: an int, one a spatial axis, or full rank.
        padding: The forward twin's padding: ``"SAME"``, ``"VALID"``, a number of elements, or one
            ``(before, after)`` a spatial axis.
        dilations: Elements from one tap of the kernel to the next, written as the strides are.
        groups: Into how many groups the channels are split.
        output_padding: How far above its smallest legal size the output lies; None for the default size.
        data_format: TensorFlow's name of the layout; None is channels-last.

    Raises:
        ShapeError: An argument is not legal; the error names a fix that has been checked.

    Examples:
        >>> import convshape as cs
        >>> up = cs.ConvTranspose((5, 5, 32, 64), strides=2)
        >>> up(("N", 8, 8, 64))
        ('N', 16, 16, 32)
        >>> cs.ConvTranspose((5, 5, 32, 64), strides=0.5)
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: ConvTranspose: strides is 0.5, of type float.
          legal: a whole number of at least 1, 2 numbers for the spatial axes, or full rank such as (1, 2, 2, 1)
          because: strides are the twin's: 2, not 1/2; the transposed convolution undoes them.
          fix: strides=2    (the twin's stride, 1/0.5)
    """

    __slots__ = ("_inside", "_outside", "_reaches", "filter_shape", "groups", "output_padding")
    _fields = ("filter_shape", "strides", "padding", "dilations", "groups", "output_padding", "data_format")
    filter_shape: tuple[int, ...]
    groups: int
    output_padding: tuple[int, ...] | None
    _inside: int
    _outside: int
    _reaches: tuple[int, ...]

    def __init__(
        self,
        filter_shape: ShapeLike,
        strides: PerAxisLike = 1,
        padding: PaddingLike = "SAME",
        *,
        dilations: PerAxisLike = 1,
        groups: SupportsIndex = 1,
        output_padding: PerAxisLike | None = None,
        data_format: str | None = None,
    ) -> None:
        arguments = {
            "filter_shape": filter_shape,
            "strides": strides,
            "padding": padding,
            "dilations": dilations,
            "groups": groups,
            "output_padding": output_padding,
            "data_format": data_format,
        }
        try:
            self.fill(**arguments)
        except Refusal as refusal:
            raise mend("ConvTranspose", ConvTranspose.checked, arguments, refusal) from None

    def fill(
        self,
        filter_shape: object,
        strides: object = 1,
        padding: object = "SAME",
        dilations: object = 1,
        groups: object = 1,
        output_padding: object = None,
        data_format: object = None,
    ) -> None:
        """Check the arguments and set the fields; once, when the spec is made."""
        sizes: tuple[int, ...] = TRANSPOSED_FILTER.read(filter_shape)  # type: ignore[assignment]
        self._place(read_data_format(data_format, len(sizes) - 2))
        self._set(
            filter_shape=sizes,
            strides=TWIN_STRIDES.read(strides, self.data_format),
            padding=read_padding(padding, self.data_format),
            dilations=DILATIONS.read(dilations, self.data_format),
            groups=read_groups(groups),
            output_padding=None
            if output_padding is None
            else OUTPUT_PADDING.read(output_padding, self.data_format),
        )
        check_extents(sizes[:-2], self.dilations)
        check_groups(self.groups, sizes[-1], "groups", f"input channels of filter_shape {show(sizes)}")
        for axis, extra in enumerate(self.output_padding or ()):
            if extra >= self.strides[axis]:
                raise large_output_padding(self, axis)
        axes = range(len(sizes) - 2)
        self._set(
            _reaches=tuple(reach_of(before_and_after(self.padding, axis), self.extent(axis)) for axis in axes)
        )
        self._set(_inside=sizes[-1], _outside=sizes[-2] * self.groups, _lines=tuple(map(self._line, axes)))

    def extent(self, axis: int) -> int:
        """Return what the dilated kernel spans on a spatial axis, in elements."""
        return effective_kernel(self.filter_shape[axis], self.dilations[axis])

    def reach(self, axis: int) -> int:
        """Return the smallest size whose forward twin gives 1 on a spatial axis, before the floor of 1."""
        return self._reaches[axis]

    def _extra(self, axis: int) -> int:
        if self.output_padding is not None:
            return self.output_padding[axis]
        return default_extra(before_and_after(self.padding, axis), self.extent(axis), self.strides[axis])

    def _line(self, axis: int) -> tuple[int, int, int, int]:
        stride, reach = self.strides[axis], self._reaches[axis]
        shift = reach - stride + self._extra(axis)  # size * stride + shift is the output
        low = 1 if reach >= 1 else 1 + (stride - reach) // stride  # from here on no size is cut off below 1
        return low, (INT64_MAX - max(shift, 0)) // stride, stride, shift

    def output(self, input_shape: object) -> Shape:
        """Return the output shape or raise the bare ``Refusal``."""
        if type(input_shape) is list:
            input_shape = tuple(input_shape)
        if type(input_shape) is not tuple or len(input_shape) != self._length:
            return self._careful(input_shape)
        batch, channels = input_shape[0], input_shape[self._channel]
        if type(channels) is not int or channels != self._inside or not is_batch(batch):
            return self._careful(input_shape)
        sizes = []
        for size, (low, high, stride, shift) in zip(input_shape[self._spatial], self._lines):  # noqa: B905
            if type(size) is not int or not low <= size <= high:
                return self._careful(input_shape)
            sizes.append(size * stride + shift)
        return (batch, *sizes, self._outside) if self._channel != 1 else (batch, self._outside, *sizes)

    def makes(self, input_shape: object, output_shape: object) -> bool:
        """Tell quickly whether ``output_shape`` is the default one, written plainly; False asks for a careful look."""
        try:
            default = self.output(input_shape)
        except Refusal:  # a careful look tells a bad input from a default size that padding takes below 1
            return False
        if type(output_shape) is not tuple or {*map(type, output_shape[1:])} != {int}:
            return False
        batch = type(
            output_shape[0]
        )  # not True, which is 1 to ==, and no None, which TensorFlow does not take
        return batch in (int, str) and batch is type(default[0]) and output_shape == default

    def _careful(self, input_shape: object) -> Shape:
        shape = self.read_input(input_shape)
        sizes = tuple(self._size(shape, axis) for axis in range(self._length - 2))
        return assemble(shape[0], sizes, self._outside, self.data_format)

    def read_input(self, input_shape: object) -> Shape:
        """Return the input's shape, its channels checked against the filter."""
        shape = self._entries(input_shape, self._inside, f"filter_shape {show(self.filter_shape)}")
        channels = shape[self._channel]
        if channels is not None and channels != self._inside:
            raise transposed_channels(self, shape, channels)  # type: ignore[arg-type]
        return shape

    def legal_sizes(self, shape: Shape, axis: int) -> range | None:
        """Return the legal output sizes of a spatial axis, or None where the input's size is not known."""
        size = shape[self._spatial][axis]
        if not isinstance(size, int):
            return None
        sizes = transposed_sizes(size, self._reaches[axis], self.strides[axis])
        if not sizes:
            raise nothing_left(self, shape, axis, sizes.stop - 1)
        if sizes.stop - 1 > INT64_MAX:
            raise too_big_result("input_shape", shape, self.data_format, axis)
        return sizes

    def _size(self, shape: Shape, axis: int) -> int | None:
        sizes, size = self.legal_sizes(shape, axis), shape[self._spatial][axis]
        if sizes is None or not isinstance(size, int):
            return None
        if self.output_padding is None:
            chosen = (size - 1) * self.strides[axis] + self._reaches[axis] + self._extra(axis)
        else:
            chosen = sizes.start + self.output_padding[axis]
        if chosen not in sizes:
            raise nothing_left(self, shape, axis, chosen)
        return chosen

    def outputs(self, input_shape: object) -> OutputSet:
        """Return every legal output shape, or raise the bare ``Refusal``."""
        shape = self.read_input(input_shape)
        ranges = tuple(self.legal_sizes(shape, axis) for axis in range(self._length - 2))
        try:
            default: Shape | None = self._careful(shape)
        except Refusal:  # legal sizes there are, but padding takes the default one below 1
            default = None
        return OutputSet(
            shape[0],
            ranges,
            self._outside,
            self.data_format,
            default,
            tuple(max(1, reach) for reach in self._reaches),
        )
