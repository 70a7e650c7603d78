"""``torch.nn``'s convolutions as values."""

from __future__ import annotations

from convshape._errors import SizeError
from convshape._layouts import AXIS_NAMES
from convshape._reading import as_entries, as_index, as_text
from convshape._refusals import Refusal, Suggestion
from convshape._show import show
from convshape._sizes import effective_kernel, same_padding
from convshape.frameworks._torch_checks import pairs
from convshape.frameworks._torch_conv import answer, forward_of
from convshape.frameworks._torch_layer import (
    ModuleWords,
    TorchModule,
    check_weight,
    per_axis,
    read_channels,
    read_kernel,
    read_mode,
    read_switch,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar, SupportsIndex

    from convshape._conv import Conv
    from convshape._shapes import Shape
    from convshape._types import PerAxisLike


class Convolution(TorchModule):
    """A forward convolution of any rank."""

    __slots__ = (
        "_spec", "_words", "bias", "dilation", "groups", "in_channels", "kernel_size",
        "out_channels", "padding", "padding_mode", "stride",
    )  # fmt: skip
    _fields = (
        "in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups",
        "bias", "padding_mode",
    )  # fmt: skip
    in_channels: int
    out_channels: int
    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: str | tuple[int, ...]
    dilation: tuple[int, ...]
    groups: int
    bias: bool
    padding_mode: str
    _spec: Conv
    _words: ModuleWords

    def __init__(
        self,
        in_channels: SupportsIndex,
        out_channels: SupportsIndex,
        kernel_size: PerAxisLike,
        stride: PerAxisLike = 1,
        padding: str | PerAxisLike = 0,
        dilation: PerAxisLike = 1,
        groups: SupportsIndex = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: object = None,
        dtype: object = None,
    ) -> None:
        self._make(
            in_channels=in_channels,
            out_channels=out_channels,
            kernel_size=kernel_size,
            stride=stride,
            padding=padding,
            dilation=dilation,
            groups=groups,
            bias=bias,
            padding_mode=padding_mode,
        )

    def settle(self) -> None:
        """Work out once what the arguments mean, or raise the bare ``Refusal``."""
        rank = self.rank
        inside, out, groups = read_channels(self.in_channels, self.out_channels, self.groups)
        kernel, bias = read_kernel(self.kernel_size, rank), read_switch("bias", self.bias)
        filter_shape = (*kernel, inside // groups, out)
        check_weight(filter_shape)
        words = ModuleWords(filter_shape, groups, transposed=False)
        spec = forward_of(words, filter_shape, self.stride, self.padding, self.dilation, groups)
        read_mode(self.padding_mode, ("zeros", "reflect", "replicate", "circular"))
        if self.padding_mode != "zeros" and rank > 1:
            self._check_single()
        self._set(
            in_channels=inside,
            out_channels=out,
            kernel_size=kernel,
            stride=per_axis(self.stride, rank),
            padding=per_axis(self.padding, rank),
            dilation=per_axis(self.dilation, rank),
            groups=groups,
            bias=bias,
            _spec=spec,
            _words=words,
        )
        self.keep_plain()

    @property
    def weight_shapes(self) -> dict[str, Shape]:
        """The shapes of the module's parameters by name."""
        *kernel, inside, out = self._spec.filter_shape
        return {"weight": (out, inside, *kernel), **({"bias": (out,)} if self.bias else {})}

    def output(self, shape: object) -> Shape:
        """Return the output shape or raise the bare ``Refusal``."""
        output = answer(self._words, self._spec, shape)
        if self.padding_mode in ("reflect", "circular"):
            self._check_borders(as_entries(shape) or ())
        return output

    def spec_of(self, input_shape: object) -> Conv:
        """Return the core spec, or raise the bare ``Refusal``."""
        if input_shape is not None:
            self.output(input_shape)
        if self.padding_mode == "zeros" or not any(map(sum, self._pads((1,) * self.rank))):
            return self._spec
        raise Refusal(
            "padding_mode",
            given=self.padding_mode,
            problem=f'padding_mode "{self.padding_mode}" pads with elements of the input.',
            legal='"zeros"',
            reason="a core spec pads with zeros; the sizes are the same, the values at the border are not.",
            suggestions=(Suggestion({"padding_mode": "zeros"}),),
        )

    def _pads(self, sizes: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
        spec = self._spec
        if spec.padding == "SAME":
            spans = map(
                effective_kernel, spec.filter_shape, spec.dilations
            )  # the dilations end with the kernel
            return tuple(same_padding(size, span, 1) for size, span in zip(sizes, spans, strict=True))
        return pairs((0,) * self.rank) if spec.padding == "VALID" else spec.padding  # type: ignore[return-value]

    def _check_single(self) -> None:
        """With a padding_mode PyTorch pads as many axes, from the last, as the list has entries (F.pad)."""
        for name in ("padding", "dilation") if self.padding == "same" else ("padding",):
            entries = as_entries(getattr(self, name))
            if entries is not None and len(entries) == 1 and as_text(getattr(self, name)) is None:
                raise Refusal(
                    name,
                    given=entries,
                    problem=f'{name} {show(entries)} has 1 entry, with padding_mode "{self.padding_mode}".',
                    legal=f"one number, or {self.rank}, one a spatial axis",
                    reason="with a padding_mode PyTorch would pad one axis alone, or refuse the input if it has a batch.",
                    suggestions=(Suggestion({name: entries[0]}),),
                )

    def _check_borders(self, entries: tuple[object, ...]) -> None:
        """What reflects or wraps around cannot be longer than the input (F.pad)."""
        sizes = tuple(as_index(size) for size in entries[-self.rank :])
        pads = self._pads(tuple(size or 1 for size in sizes))
        for axis, (size, pad) in enumerate(zip(sizes, pads, strict=True)):
            most = 0 if size is None else size - 1 if self.padding_mode == "reflect" else size
            if size is not None and max(pad) > most:
                position = len(entries) - self.rank + axis
                least = max(pad) + 1 if self.padding_mode == "reflect" else max(pad)
                larger = (*entries[:position], least, *entries[position + 1 :])
                raise Refusal(
                    "input",
                    given=entries,
                    problem=f"input {show(entries)} has a {AXIS_NAMES[self.rank][axis]} of {size}, but"
                    f' padding_mode "{self.padding_mode}" takes {max(pad)} of its elements.',
                    legal=f"a {AXIS_NAMES[self.rank][axis]} of at least {least}",
                    reason="PyTorch reflects at most all elements but one, and wraps around at most once.",
                    kind=SizeError,
                    axis=position,
                    suggestions=(
                        Suggestion({"padding_mode": "zeros"}),
                        Suggestion({"padding_mode": "replicate"}),
                        Suggestion({"input": larger}, "the smallest input that fits"),
                    ),
                )


class Conv1d(Convolution):
    """As :class:`Conv2d`, for one axis, ``(N, C, width)`` or ``(C, width)``."""

    __slots__ = ()
    operation: ClassVar[str] = "torch.nn.Conv1d"
    rank: ClassVar[int] = 1


class Conv2d(Convolution):
    """``torch.nn.Conv2d``, called with the shape of its input ``(N, C, height, width)`` or ``(C, height, width)``.

    Args:
        in_channels: The input's channels.
        out_channels: The output's channels.
        kernel_size: The kernel's sizes in elements, one number or one an axis.
        stride: Elements from one window to the next.
        padding: Elements on both sides of each axis, ``"valid"``, or ``"same"`` (stride 1 only).
        dilation: Elements from one tap of the kernel to the next.
        groups: Into how many groups the channels are split.
        bias: Whether there is a bias.
        padding_mode: ``"zeros"``, ``"reflect"``, ``"replicate"`` or ``"circular"``.
        device: Changes no shape, nor does ``dtype``.

    Raises:
        ShapeError: PyTorch would refuse the module or its input; the error names a fix that has been checked.

    Examples:
        >>> from convshape.frameworks import torch
        >>> torch.Conv2d(3, 64, 5, stride=2, padding=2)(("N", 3, 45, 61))
        ('N', 64, 23, 31)
        >>> torch.Conv2d(3, 64, 5, bias=False).weight_shapes
        {'weight': (64, 3, 5, 5)}
        >>> torch.Conv2d(3, 32, 3)((1, 1, 28, 28))
        Traceback (most recent call last):
        ...
        convshape.ChannelError: torch.nn.Conv2d: in_channels 3, but the input (1, 1, 28, 28) has 1.
          legal: in_channels 1
          because: in_channels are the channels of the input, its axis C.
          fix: in_channels=1    (the input's channels)
          or: input=(1, 3, 28, 28)    (an input for this module)
    """

    __slots__ = ()
    operation: ClassVar[str] = "torch.nn.Conv2d"
    rank: ClassVar[int] = 2


class Conv3d(Convolution):
    """As :class:`Conv2d`, for three axes, ``(N, C, depth, height, width)`` or without N."""

    __slots__ = ()
    operation: ClassVar[str] = "torch.nn.Conv3d"
    rank: ClassVar[int] = 3
