"""Convolutions that JAX computes and no core spec says: a dilated input, and padding that crops."""

from __future__ import annotations

from convshape._channel_disputes import forward_channels
from convshape._conv import Conv
from convshape._layouts import assemble
from convshape._show import INT64_MAX, show
from convshape._size_disputes import too_big_result, too_large
from convshape._sizes import effective_kernel, forward_size, reach_of
from convshape._spec import is_batch
from convshape._transposed import ConvTranspose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape, Size

    Padding = str | tuple[tuple[int, int], ...]


class DilatedConv(Conv):
    """A forward convolution of an input with zeros between its elements; padding may be negative, which crops."""

    __slots__ = ("lhs_dilation",)
    lhs_dilation: tuple[int, ...]

    def fill(self, *arguments: object, **named: object) -> None:
        """Check the arguments and set the fields; padding and ``lhs_dilation`` have been read already."""
        padding, spread = named.pop("padding"), named.pop("lhs_dilation")
        self._set(lhs_dilation=spread)
        super().fill(*arguments, **{**named, "padding": "VALID"})
        self._set(padding=padding)
        self._set(_lines=tuple(map(self._line, range(self._length - 2))))

    def _line(self, axis: int) -> tuple[int, int, int, int]:
        extent = effective_kernel(self.filter_shape[axis], self.dilations[axis])
        reach = reach_of(self.padding if isinstance(self.padding, str) else self.padding[axis], extent)
        stride, spread = self.strides[axis], self.lhs_dilation[axis]
        low = max(1, -((1 - reach) // spread) + 1)  # the smallest size whose spread line has the reach
        high = (min(INT64_MAX, (INT64_MAX - 1) * stride + reach) - 1) // spread + 1
        return low, high, reach, stride

    def output(self, input_shape: object) -> Shape:
        """Return the output shape or raise the bare ``Refusal``."""
        if {*self.lhs_dilation} == {1}:
            return super().output(input_shape)
        if type(input_shape) is not tuple or len(input_shape) != self._length:
            return self._careful(input_shape)
        batch, channels = input_shape[0], input_shape[self._channel]
        if type(channels) is not int or channels != self._inside or not is_batch(batch):
            return self._careful(input_shape)
        sizes = []
        spatial = zip(input_shape[self._spatial], self._lines, self.lhs_dilation)  # noqa: B905 - as many each
        for size, (low, high, reach, stride), spread in spatial:
            if type(size) is not int or not low <= size <= high:
                return self._careful(input_shape)
            sizes.append(forward_size(effective_kernel(size, spread), reach, stride))
        return assemble(batch, tuple(sizes), self._outside, self.data_format)

    def _careful(self, input_shape: object) -> Shape:
        shape = self._entries(input_shape, self._inside, f"filter_shape {show(self.filter_shape)}")
        channels = shape[self._channel]
        if channels is not None and channels != self._inside:
            raise forward_channels(self, shape, channels)  # type: ignore[arg-type]
        sizes: list[Size] = []
        for axis, (size, (low, high, reach, stride)) in enumerate(
            zip(shape[self._spatial], self._lines, strict=True)
        ):
            if not isinstance(size, int):
                sizes.append(None)
                continue
            if size < low:
                extent = effective_kernel(self.filter_shape[axis], self.dilations[axis])
                raise too_large(self, shape, axis, low, extent, stride)
            if size > high:
                raise too_big_result("input_shape", shape, self.data_format, axis)
            sizes.append(forward_size(effective_kernel(size, self.lhs_dilation[axis]), reach, stride))
        return assemble(shape[0], tuple(sizes), self._outside, self.data_format)


class CroppedTranspose(ConvTranspose):
    """A transposed convolution whose forward twin's padding may be negative: zeros stand around its output."""

    __slots__ = ()

    def fill(self, *arguments: object, **named: object) -> None:
        """Check the arguments and set the fields; padding has been read already."""
        padding: Padding = named.pop("padding")  # type: ignore[assignment]
        super().fill(*arguments, **{**named, "padding": "VALID"})
        axes = range(self._length - 2)
        self._set(padding=padding)
        self._set(
            _reaches=tuple(
                reach_of(padding if isinstance(padding, str) else padding[axis], self.extent(axis))
                for axis in axes
            )
        )
        self._set(_lines=tuple(map(self._line, axes)))
