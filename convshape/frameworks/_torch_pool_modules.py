"""``torch.nn``'s pools as values."""

from __future__ import annotations

from convshape.frameworks._torch_layer import TorchModule, read_switch
from convshape.frameworks._torch_pool import avg_pool, max_pool, pool_spec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar, SupportsIndex

    from convshape._pool import Pool
    from convshape._shapes import Shape
    from convshape._types import PerAxisLike


class Pooling(TorchModule):
    """A pool of any rank and kind."""

    __slots__ = ("_default", "_spec", "ceil_mode", "kernel_size", "padding", "stride")
    kernel_size: object
    stride: object
    padding: object
    ceil_mode: bool
    _default: bool  # whether the stride was left to be the window
    _spec: Pool

    def settle(self) -> None:
        """Work out once what the arguments mean, or raise the bare ``Refusal``."""
        dilation = getattr(self, "dilation", 1)
        self._set(
            _spec=pool_spec(self.rank, self.kernel_size, self.stride, self.padding, dilation, self.ceil_mode)
        )
        for name in ("return_indices", "count_include_pad"):
            if name in self._fields:
                self._set(**{name: read_switch(name, getattr(self, name))})
        self.keep_plain()
        self._set(_default=self.stride is None)
        if self._default:
            self._set(stride=self.kernel_size)

    def _given(self) -> dict[str, object]:
        return {**self._values(), **({"stride": None} if self._default else {})}

    @property
    def weight_shapes(self) -> dict[str, Shape]:
        """No parameters: a pool learns nothing."""
        return {}

    def spec_of(self, input_shape: object) -> Pool:
        """Return the core spec, or raise the bare ``Refusal``."""
        if input_shape is not None:
            self.output(input_shape)
        return self._spec


class MaxPooling(Pooling):
    """A max pool of any rank."""

    __slots__ = ("dilation", "return_indices")
    _fields = ("kernel_size", "stride", "padding", "dilation", "return_indices", "ceil_mode")
    dilation: object
    return_indices: bool

    def __init__(
        self,
        kernel_size: PerAxisLike,
        stride: PerAxisLike | None = None,
        padding: PerAxisLike = 0,
        dilation: PerAxisLike = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        self._make(
            kernel_size=kernel_size,
            stride=stride,
            padding=padding,
            dilation=dilation,
            return_indices=return_indices,
            ceil_mode=ceil_mode,
        )

    def output(self, shape: object) -> Shape:
        """Return the output shape or raise the bare ``Refusal``."""
        return max_pool(
            self.rank, shape, self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode
        )


class AvgPooling(Pooling):
    """An average pool of one axis, and what those of more have in common with it."""

    __slots__ = ("count_include_pad",)
    _fields: ClassVar[tuple[str, ...]] = (
        "kernel_size",
        "stride",
        "padding",
        "ceil_mode",
        "count_include_pad",
    )
    count_include_pad: bool

    def __init__(
        self,
        kernel_size: PerAxisLike,
        stride: PerAxisLike | None = None,
        padding: PerAxisLike = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        self._make(
            kernel_size=kernel_size,
            stride=stride,
            padding=padding,
            ceil_mode=ceil_mode,
            count_include_pad=count_include_pad,
        )

    def output(self, shape: object) -> Shape:
        """Return the output shape or raise the bare ``Refusal``."""
        divisor = getattr(self, "divisor_override", None)
        return avg_pool(
            self.rank, shape, self.kernel_size, self.stride, self.padding, self.ceil_mode, divisor
        )


class DividingAvgPooling(AvgPooling):
    """An average pool of two or three axes, whose divisor can be told."""

    __slots__ = ("divisor_override",)
    _fields = (*AvgPooling._fields, "divisor_override")
    divisor_override: SupportsIndex | None

    def __init__(
        self,
        kernel_size: PerAxisLike,
        stride: PerAxisLike | None = None,
        padding: PerAxisLike = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: SupportsIndex | None = None,
    ) -> None:
        self._make(
            kernel_size=kernel_size,
            stride=stride,
            padding=padding,
            ceil_mode=ceil_mode,
            count_include_pad=count_include_pad,
            divisor_override=divisor_override,
        )


class MaxPool1d(MaxPooling):
    """As :class:`MaxPool2d`, for one axis, ``(N, C, width)`` or ``(C, width)``."""

    __slots__ = ()
    operation: ClassVar[str] = "torch.nn.MaxPool1d"
    rank: ClassVar[int] = 1


class MaxPool2d(MaxPooling):
    """``torch.nn.MaxPool2d``, called with the shape of its input ``(N, C, height, width)`` or ``(C, height, width)``.

    Args:
        kernel_size: The window's sizes in elements, one number or one an axis.
        stride: Elements from one window to the next; None for the window's size.
        padding: Elements on both sides of each axis, at most half the window.
        dilation: Elements from one tap of the window to the next.
        return_indices: Changes no shape.
        ceil_mode: Whether a last window may hang over the end.

    Raises:
        ShapeError: PyTorch would refuse the module or its input; the error names a fix that has been checked.

    Examples:
        >>> from convshape.frameworks import torch
        >>> torch.MaxPool2d(2)(("N", 3, 7, 8))
        ('N', 3, 3, 4)
        >>> torch.MaxPool2d(3, padding=2)
        Traceback (most recent call last):
        ...
        convshape.SizeError: torch.nn.MaxPool2d: padding 2 has 2, more than half of a kernel of 3.
          legal: 0..1
          because: PyTorch's pools take padding of at most half the kernel, rounded down.
          fix: padding=1
    """

    __slots__ = ()
    operation: ClassVar[str] = "torch.nn.MaxPool2d"
    rank: ClassVar[int] = 2


class MaxPool3d(MaxPooling):
    """As :class:`MaxPool2d`, for three axes, ``(N, C, depth, height, width)`` or without N."""

    __slots__ = ()
    operation: ClassVar[str] = "torch.nn.MaxPool3d"
    rank: ClassVar[int] = 3


class AvgPool1d(AvgPooling):
    """As :class:`AvgPool2d`, for one axis, ``(N, C, width)`` or ``(C, width)``, without a divisor."""

    __slots__ = ()
    operation: ClassVar[str] = "torch.nn.AvgPool1d"
    rank: ClassVar[int] = 1


class AvgPool2d(DividingAvgPooling):
    """``torch.nn.AvgPool2d``; arguments as :class:`MaxPool2d`'s, and two that change no shape.

    Raises:
        ShapeError: PyTorch would refuse the module or its input; the error names a fix that has been checked.

    Examples:
        >>> from convshape.frameworks import torch
        >>> torch.AvgPool2d(3, 2, ceil_mode=True)(("N", 3, 8, 8))
        ('N', 3, 4, 4)
    """

    __slots__ = ()
    operation: ClassVar[str] = "torch.nn.AvgPool2d"
    rank: ClassVar[int] = 2


class AvgPool3d(DividingAvgPooling):
    """As :class:`AvgPool2d`, for three axes; the kernel has to fit without padding (PyTorch's rule here alone)."""

    __slots__ = ()
    operation: ClassVar[str] = "torch.nn.AvgPool3d"
    rank: ClassVar[int] = 3
