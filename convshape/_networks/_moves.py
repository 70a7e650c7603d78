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
        loses: Whether a remainder of the division is elements at the end that no window reaches.
    """

    __slots__ = ("least", "loses", "over", "plus", "times")
    _fields = ("times", "plus", "over", "least", "loses")
    times: int
    plus: int
    over: int
    least: int
    loses: bool

    def __init__(
        self, times: int = 1, plus: int = 0, over: int = 1, least: int = 1, loses: bool = False
    ) -> None:
        self._set(times=times, plus=plus, over=over, least=least, loses=loses)

    def __call__(self, size: int) -> int:
        """Return the size after the layer."""
        return (size * self.times + self.plus) // self.over

    def lost(self, size: int) -> int:
        """Return how many elements at the end no window reaches."""
        return (size * self.times + self.plus) % self.over if self.loses else 0

    def on(self, size: Form) -> Form | int:
        """Return the closed form after the layer."""
        return form(size, self.times, self.plus, self.over)


STAY = Move()


def moves_of(spec: Spec) -> tuple[Move, ...]:
    """Return what a spec does to each spatial axis."""
    axes = range(len(spec.data_format) - 2)
    if isinstance(spec, ConvTranspose):
        return tuple(
            Move(stride, shift, 1, low) for low, _, stride, shift in (spec._lines[axis] for axis in axes)
        )
    return tuple(_forward(spec, axis) for axis in axes)  # type: ignore[arg-type]


def _forward(spec: Conv | Pool, axis: int) -> Move:
    kernel = spec.filter_shape[:-2] if isinstance(spec, Conv) else spec.window_shape
    padding, stride = before_and_after(spec.padding, axis), spec.strides[axis]
    reach = reach_of(padding, effective_kernel(kernel[axis], spec.dilations[axis]))
    if isinstance(spec, Pool) and spec.ceil_mode and padding != "SAME":
        before = 0 if padding == "VALID" else padding[0]
        reach = max(reach - stride + 1, 1 - before)  # type: ignore[operator]
        return Move(1, stride - reach, stride, max(1, reach))
    return Move(1, stride - reach, stride, max(1, reach), loses=padding != "SAME" and stride > 1)
