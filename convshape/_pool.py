"""Pools as values."""

from __future__ import annotations

from convshape._arguments import check_extents, read_data_format, read_flag
from convshape._errors import RankError, SizeError
from convshape._layouts import LAYOUTS, assemble
from convshape._mending import mend
from convshape._paddings import before_and_after, read_padding
from convshape._per_axis import DILATIONS, STRIDES, WINDOW
from convshape._rank_disputes import rank_dispute
from convshape._reading import as_entries, as_index
from convshape._refusals import Refusal, Suggestion
from convshape._shapes import INPUT
from convshape._show import INT64_MAX, count, show
from convshape._size_disputes import too_big_result, too_large
from convshape._sizes import ceil_pool_size, effective_kernel, forward_size, reach_of
from convshape._spec import Spec, is_batch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from convshape._shapes import Shape, Size
    from convshape._types import PaddingLike, PerAxisLike


class Pool(Spec):
    """A maximum or average pool.

    Called with an input shape ``(N, *spatial, C)``, sizes in elements, it returns the output shape.

    Args:
        window_shape: The window's sizes in elements: an int for two axes, one size a spatial axis, or full
            rank with 1 for batch and channels.
        strides: Elements from one window to the next, written as the window is; None for the window itself.
        padding: ``"SAME"``, ``"VALID"``, a number of elements, or one ``(before, after)`` a spatial axis,
            each smaller than the window.
        dilations: Elements from one tap of the window to the next.
        ceil_mode: Whether a last window may hang over the end of the input. SAME sizes are the same with it.
        data_format: TensorFlow's name of the layout; None is channels-last.

    Raises:
        ShapeError: An argument is not legal; the error names a fix that has been checked.

    Examples:
        >>> import convshape as cs
        >>> cs.Pool((2, 2))(("N", 45, 61, 3))
        ('N', 22, 30, 3)
        >>> cs.Pool((2, 2))(("N", 1, 61, 3))
        Traceback (most recent call last):
        ...
        convshape.SizeError: Pool: input_shape (N, 1, 61, 3) has a height of 1, too small for a window that spans 2.
          legal: a height of at least 2
          because: VALID does not pad: a window that spans 2 needs an input of at least 2. TensorFlow may compute 0 and not refuse it; its default build then returns memory of the input's shape.
          fix: padding="SAME"    (pads as much as it needs)
          or: window_shape=(1, 2)    (a window that fits)
          or: input_shape=("N", 2, 61, 3)    (the smallest input that fits)
          or: input_shape=("N", 61, 61, 3)    (if the picture is square)
    """

    __slots__ = ("_default", "ceil_mode", "window_shape")
    _fields = ("window_shape", "strides", "padding", "dilations", "ceil_mode", "data_format")
    window_shape: tuple[int, ...]
    ceil_mode: bool
    _default: bool  # whether the strides were left to be the window

    def __init__(
        self,
        window_shape: PerAxisLike,
        strides: PerAxisLike | None = None,
        padding: PaddingLike = "VALID",
        *,
        dilations: PerAxisLike = 1,
        ceil_mode: bool = False,
        data_format: str | None = None,
    ) -> None:
        arguments: dict[str, Any] = {
            "window_shape": window_shape,
            "strides": strides,
            "padding": padding,
            "dilations": dilations,
            "ceil_mode": ceil_mode,
            "data_format": data_format,
        }
        try:
            self.fill(**arguments)
        except Refusal as refusal:
            raise mend("Pool", Pool.checked, arguments, refusal) from None

    def fill(
        self,
        window_shape: object,
        strides: object = None,
        padding: object = "VALID",
        dilations: object = 1,
        ceil_mode: object = False,
        data_format: object = None,
        rank: int | None = None,
    ) -> None:
        """Check the arguments and set the fields; once, when the spec is made."""
        self._place(
            read_data_format(data_format, _rank_of(window_shape, data_format) if rank is None else rank)
        )
        window = WINDOW.read(window_shape, self.data_format)
        self._set(
            _default=strides is None,
            window_shape=window,
            strides=window if strides is None else STRIDES.read(strides, self.data_format),
            padding=read_padding(padding, self.data_format),
            dilations=DILATIONS.read(dilations, self.data_format),
            ceil_mode=read_flag("ceil_mode", ceil_mode),
        )
        check_extents(window, self.dilations)
        self._check_padding()
        self._set(_lines=tuple(map(self._line, range(self._length - 2))))

    def _given(self) -> dict[str, object]:
        return {**self._values(), **({"strides": None} if self._default else {})}

    def _check_padding(self) -> None:
        if isinstance(self.padding, str):
            return
        for axis, (pair, window) in enumerate(zip(self.padding, self.window_shape, strict=True)):
            if max(pair) >= window:
                smaller = tuple(
                    (min(before, most - 1), min(after, most - 1))
                    for (before, after), most in zip(self.padding, self.window_shape, strict=True)
                )
                raise Refusal(
                    "padding",
                    given=self.padding,
                    problem=f"padding {show(self.padding)} has {max(pair)}, too large for a window of {window}.",
                    legal=range(window),
                    reason="a window that lies in the padding alone would pool nothing; engines refuse it.",
                    axis=axis,
                    kind=SizeError,
                    suggestions=(Suggestion({"padding": smaller}), Suggestion({"padding": "SAME"})),
                )

    def _extent(self, axis: int) -> int:
        return effective_kernel(self.window_shape[axis], self.dilations[axis])

    def _line(self, axis: int) -> tuple[int, int, int, int]:
        reach = reach_of(before_and_after(self.padding, axis), self._extent(axis))
        stride = self.strides[axis]
        high = min(INT64_MAX, (INT64_MAX - 1) * stride + reach)  # padding may take a result past 2**63 - 1
        return max(1, reach), high, reach, stride

    def output(self, input_shape: object) -> Shape:
        """Return the output shape or raise the bare ``Refusal``."""
        if type(input_shape) is list:
            input_shape = tuple(input_shape)
        if type(input_shape) is not tuple or len(input_shape) != self._length or self.ceil_mode:
            return self._careful(input_shape)
        batch, channels = input_shape[0], input_shape[self._channel]
        if type(channels) is not int or not 1 <= channels <= INT64_MAX or not is_batch(batch):
            return self._careful(input_shape)
        sizes = []
        for size, (low, high, reach, stride) in zip(input_shape[self._spatial], self._lines):  # noqa: B905
            if type(size) is not int or not low <= size <= high:
                return self._careful(input_shape)
            sizes.append((size - reach) // stride + 1)
        return (batch, *sizes, channels) if self._channel != 1 else (batch, channels, *sizes)

    def _careful(self, input_shape: object) -> Shape:
        shape = self._entries(input_shape, None, f"window_shape {show(self.window_shape)}")
        sizes = tuple(self._size(shape, axis) for axis in range(self._length - 2))
        return assemble(shape[0], sizes, shape[self._channel], self.data_format)

    def _size(self, shape: Shape, axis: int) -> Size:
        size, (low, _, reach, stride) = shape[self._spatial][axis], self._lines[axis]
        if not isinstance(size, int):
            return None
        if self.ceil_mode and self.padding != "SAME":
            before = before_and_after(self.padding, axis)[0]
            result = ceil_pool_size(size, reach, stride, 0 if self.padding == "VALID" else before)  # type: ignore[arg-type]
        else:
            result = forward_size(size, reach, stride) if size >= low else 0
        if result < 1:
            raise too_large(self, shape, axis, low, self._extent(axis), stride)
        if result > INT64_MAX:
            raise too_big_result("input_shape", shape, self.data_format, axis)
        return result


def rank_for(input_shape: object, window_shape: object) -> int:
    """Return the number of spatial axes of a pool's input, or raise the bare ``Refusal``."""
    if type(input_shape) is tuple and len(input_shape) - 2 in LAYOUTS:
        return len(input_shape) - 2
    entries = INPUT.entries(input_shape)
    if len(entries) - 2 in LAYOUTS:
        return len(entries) - 2
    window = as_entries(window_shape)
    guess = len(window) if window and len(window) in LAYOUTS else 2
    raise rank_dispute(entries, read_data_format(None, guess), None, f"window_shape {show(window_shape)}")


def _rank_of(window_shape: object, data_format: object) -> int:
    """Return the number of spatial axes that a window is written for; an int is a square of two."""
    if type(data_format) is str and data_format in {name for pair in LAYOUTS.values() for name in pair}:
        return len(data_format) - 2
    entries = as_entries(window_shape)
    if entries is None:
        return 2
    ranks = {1: 1, 2: 2, 3: 3, 4: 2, 5: 3}
    if len(entries) not in ranks:
        numbers = tuple(number for number in map(as_index, entries) if number is not None)
        raise Refusal(
            "window_shape",
            given=entries,
            problem=f"window_shape {show(entries)} has {count(len(entries))}.",
            legal="one size a spatial axis (1, 2 or 3), or full rank with 1 for batch and channels",
            reason="a pool has one, two or three spatial axes.",
            kind=RankError,
            suggestions=tuple(Suggestion({"window_shape": numbers[:2]}) for _ in numbers[:1]),
        )
    return ranks[len(entries)]
