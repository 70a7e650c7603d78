"""What a layer does to one spatial axis, as one formula for all of them.

A convolution and a pool map a size ``i`` to ``floor((i - reach) / stride) + 1``, a transposed convolution to
``i * stride + shift``, padding and cropping to ``i + amount``, a global pool to 1: all are
``floor((times * i + plus) / over)``, from some smallest size on.

A pool in ceil mode is one too. Its last window must start inside the input or the padding before it, so it has
``min(ceil((i - reach) / stride) + 1, ceil((i + before) / stride))`` outputs (PyTorch, ATen/native/Pool.h), and the
smaller of two floors of the same divisor is the floor with the smaller constant.
"""

from __future__ import annotations

from convshape._conv import Conv
from convshape._frozen import Frozen
from convshape._networks._forms import Form, form
from convshape._paddings import before_and_after
from convshape._pool import Pool
from convshape._sizes import effective_kernel, reach_of
from convshape._transposed import ConvTranspose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._spec import Spec


class Move(Frozen):
    """``size -> floor((times * size + plus) / over)`` on one axis.

    Attributes:
        times: What a size is multiplied by; 0 where the result is always the same.
        plus: What is added then.
        over: What is divided by then.
        least: The smallest size that the layer takes.
        first: What the smallest size becomes, where that is not what the formula says: a transposed convolution whose
            padding would take it below 1 counts its output_padding from 1. None everywhere else.
        covers: The windows of an output of size ``o`` end at element ``o * over + covers`` of the input; None where no
            element at the end can be lost.
    """

    __slots__ = ("covers", "first", "least", "over", "plus", "times")
    _fields = ("times", "plus", "over", "least", "covers", "first")
    times: int
    plus: int
    over: int
    least: int
    covers: int | None
    first: int | None

    def __init__(
        self,
        times: int = 1,
        plus: int = 0,
        over: int = 1,
        least: int = 1,
        covers: int | None = None,
        first: int | None = None,
    ) -> None:
        self._set(times=times, plus=plus, over=over, least=least, covers=covers, first=first)

    def __call__(self, size: int) -> int:
        """Return the size after the layer."""
        if size == self.least and self.first is not None:
            return self.first
        return (size * self.times + self.plus) // self.over

    def lost(self, size: int) -> int:
        """Return how many of the input's elements at the end no window reaches."""
        return 0 if self.covers is None else max(0, size - self(size) * self.over - self.covers)

    def on(self, size: Form) -> Form | int:
        """Return the closed form after the layer."""
        return form(size, self.times, self.plus, self.over)


STAY = Move()


def moves_of(spec: Spec) -> tuple[Move, ...]:
    """Return what a spec does to each spatial axis."""
    axes = range(len(spec.data_format) - 2)
    if isinstance(spec, ConvTranspose):
        return tuple(_transposed(spec, axis) for axis in axes)
    return tuple(_forward(spec, axis) for axis in axes)  # type: ignore[arg-type]


def _transposed(spec: ConvTranspose, axis: int) -> Move:
    low, _, stride, shift = spec._lines[axis]
    if low > 1 and spec.output_padding is not None:
        smallest = (low - 2) * stride + spec.reach(
            axis
        )  # the one size from which only some outputs are below 1
        if spec.output_padding[axis] <= smallest + stride - 2:
            return Move(stride, shift, 1, low - 1, first=1 + spec.output_padding[axis])
    return Move(stride, shift, 1, low)


def _forward(spec: Conv | Pool, axis: int) -> Move:
    kernel = spec.filter_shape[:-2] if isinstance(spec, Conv) else spec.window_shape
    padding, stride = before_and_after(spec.padding, axis), spec.strides[axis]
    extent = effective_kernel(kernel[axis], spec.dilations[axis])
    reach = reach_of(padding, extent)
    if padding == "SAME":  # which pads up to its last window, but reads no further than that ends
        return Move(1, stride - reach, stride, covers=extent - stride if extent < stride else None)
    before: int = 0 if padding == "VALID" else padding[0]  # type: ignore[assignment]
    if isinstance(spec, Pool) and spec.ceil_mode:
        reach = max(reach - stride + 1, 1 - before)
    return Move(1, stride - reach, stride, max(1, reach), extent - stride - before if stride > 1 else None)
