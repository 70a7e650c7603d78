"""Forward convolutions as values."""

from __future__ import annotations

from convshape._arguments import check_extents, check_groups, read_data_format, read_groups
from convshape._channel_disputes import forward_channels
from convshape._layouts import assemble
from convshape._mending import mend
from convshape._paddings import before_and_after, read_padding
from convshape._per_axis import DILATIONS, STRIDES
from convshape._refusals import Refusal
from convshape._shapes import FORWARD_FILTER
from convshape._show import INT64_MAX, show
from convshape._size_disputes import too_big_result, too_large
from convshape._sizes import effective_kernel, forward_size, reach_of
from convshape._spec import Spec, is_batch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import SupportsIndex

    from convshape._shapes import Shape, Size
    from convshape._types import PaddingLike, PerAxisLike, ShapeLike


class Conv(Spec):
    """A forward convolution.

    Called with an input shape ``(N, *spatial, C)``, sizes in elements, it returns the output shape.

    Args:
        filter_shape: ``(*kernel, in, out)``, sizes in elements; ``in`` is the channels of one group.
        strides: Elements from one window to the next: an int, one a spatial axis, or full rank.
        padding: ``"SAME"``, ``"VALID"``, a number of elements, or one ``(before, after)`` a spatial axis.
        dilations: Elements from one tap of the kernel to the next, written as the strides are.
        groups: Into how many groups the channels are split.
        data_format: TensorFlow's name of the layout; None is channels-last.

    Raises:
        ShapeError: An argument is not legal; the error names a fix that has been checked.

    Examples:
        >>> import convshape as cs
        >>> down = cs.Conv((5, 5, 3, 64), strides=2)
        >>> down(("N", 45, 61, 3))
        ('N', 23, 31, 64)
        >>> down(("N", 45, 61, 1))
        Traceback (most recent call last):
        ...
        convshape.ChannelError: Conv: filter_shape (5, 5, 3, 64) takes 3 channels, but the input (N, 45, 61, 1) has 1.
          legal: (5, 5, 1, out)
          because: a forward convolution's filter is (height, width, in, out): every filter reads all channels of its group.
          fix: filter_shape=(5, 5, 1, 64)    (a filter for the input's channels)
          or: input_shape=("N", 45, 61, 3)    (an input for this filter)
    """

    __slots__ = ("_inside", "_outside", "filter_shape", "groups")
    _fields = ("filter_shape", "strides", "padding", "dilations", "groups", "data_format")
    filter_shape: tuple[int, ...]
    groups: int
    _inside: int
    _outside: int

    def __init__(
        self,
        filter_shape: ShapeLike,
        strides: PerAxisLike = 1,
        padding: PaddingLike = "SAME",
        *,
        dilations: PerAxisLike = 1,
        groups: SupportsIndex = 1,
        data_format: str | None = None,
    ) -> None:
        arguments = {
            "filter_shape": filter_shape,
            "strides": strides,
            "padding": padding,
            "dilations": dilations,
            "groups": groups,
            "data_format": data_format,
        }
        try:
            self.fill(**arguments)
        except Refusal as refusal:
            raise mend("Conv", Conv.checked, arguments, refusal) from None

    def fill(
        self,
        filter_shape: object,
        strides: object = 1,
        padding: object = "SAME",
        dilations: object = 1,
        groups: object = 1,
        data_format: object = None,
    ) -> None:
        """Check the arguments and set the fields; once, when the spec is made."""
        sizes: tuple[int, ...] = FORWARD_FILTER.read(filter_shape)  # type: ignore[assignment]
        self._place(read_data_format(data_format, len(sizes) - 2))
        self._set(
            filter_shape=sizes,
            strides=STRIDES.read(strides, self.data_format),
            padding=read_padding(padding, self.data_format),
            dilations=DILATIONS.read(dilations, self.data_format),
            groups=read_groups(groups),
        )
        check_extents(sizes[:-2], self.dilations)
        check_groups(self.groups, sizes[-1], "groups", f"output channels of filter_shape {show(sizes)}")
        self._set(
            _inside=sizes[-2] * self.groups,
            _outside=sizes[-1],
            _lines=tuple(map(self._line, range(len(sizes) - 2))),
        )

    def _line(self, axis: int) -> tuple[int, int, int, int]:
        extent = effective_kernel(self.filter_shape[axis], self.dilations[axis])
        reach = reach_of(before_and_after(self.padding, axis), extent)
        stride = self.strides[axis]
        high = min(INT64_MAX, (INT64_MAX - 1) * stride + reach)  # padding may take a result past 2**63 - 1
        return max(1, reach), high, reach, stride

    def output(self, input_shape: object) -> Shape:
        """Return the output shape or raise the bare ``Refusal``."""
        # The quick path: a plain tuple of plain ints, perhaps with a named batch. All else is read with care.
        if type(input_shape) is list:
            input_shape = tuple(input_shape)
        if type(input_shape) is not tuple or len(input_shape) != self._length:
            return self._careful(input_shape)
        batch, channels = input_shape[0], input_shape[self._channel]
        if type(channels) is not int or channels != self._inside or not is_batch(batch):
            return self._careful(input_shape)
        sizes = []
        for size, (low, high, reach, stride) in zip(input_shape[self._spatial], self._lines):  # noqa: B905
            if type(size) is not int or not low <= size <= high:
                return self._careful(input_shape)
            sizes.append((size - reach) // stride + 1)
        return (batch, *sizes, self._outside) if self._channel != 1 else (batch, self._outside, *sizes)

    def _careful(self, input_shape: object) -> Shape:
        shape = self._entries(input_shape, self._inside, f"filter_shape {show(self.filter_shape)}")
        channels = shape[self._channel]
        if channels is not None and channels != self._inside:
            raise forward_channels(self, shape, channels)  # type: ignore[arg-type]
        sizes: list[Size] = []
        for axis, (size, (low, _, reach, stride)) in enumerate(
            zip(shape[self._spatial], self._lines, strict=True)
        ):
            if isinstance(size, int) and size < low:
                extent = effective_kernel(self.filter_shape[axis], self.dilations[axis])
                raise too_large(self, shape, axis, low, extent, stride)
            result = forward_size(size, reach, stride) if isinstance(size, int) else None
            if result is not None and result > INT64_MAX:
                raise too_big_result("input_shape", shape, self.data_format, axis)
            sizes.append(result)
        return assemble(shape[0], tuple(sizes), self._outside, self.data_format)
