"""``torch.nn``'s transposed convolutions as values."""

from __future__ import annotations

from convshape._errors import OutputShapeError, SizeError
from convshape._refusals import Refusal, Suggestion
from convshape._show import show
from convshape.frameworks._torch_checks import longer
from convshape.frameworks._torch_conv import answer, transposed_of
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
from convshape.frameworks._torch_output_size import each, wanted_size
from convshape.frameworks._torch_words import STRIDE
from convshape.frameworks._words import mended

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar, SupportsIndex

    from convshape._shapes import Shape
    from convshape._transposed import ConvTranspose
    from convshape._types import PerAxisLike, ShapeLike


class TransposedWords(ModuleWords):
    """As a module's, where padding has no words."""

    def padding_of(self, padding: object) -> object:
        """Return symmetric core padding; PyTorch's transposed convolution knows no words."""
        return None if padding == "SAME" else super().padding_of(padding)


class Transposed(TorchModule):
    """A transposed convolution of any rank."""

    __slots__ = (
        "_bare", "_beyond", "_spec", "_words", "bias", "dilation", "groups", "in_channels",
        "kernel_size", "out_channels", "output_padding", "padding", "padding_mode", "stride",
    )  # fmt: skip
    _fields = (
        "in_channels", "out_channels", "kernel_size", "stride", "padding", "output_padding",
        "groups", "bias", "dilation", "padding_mode",
    )  # fmt: skip
    in_channels: int
    out_channels: int
    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int, ...]
    output_padding: tuple[int, ...]
    groups: int
    bias: bool
    dilation: tuple[int, ...]
    padding_mode: str
    _spec: ConvTranspose
    _bare: ConvTranspose  # without padding, so that it takes every input
    _beyond: tuple[int, ...] | None
    _words: TransposedWords

    def __init__(
        self,
        in_channels: SupportsIndex,
        out_channels: SupportsIndex,
        kernel_size: PerAxisLike,
        stride: PerAxisLike = 1,
        padding: PerAxisLike = 0,
        output_padding: PerAxisLike = 0,
        groups: SupportsIndex = 1,
        bias: bool = True,
        dilation: PerAxisLike = 1,
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
            output_padding=output_padding,
            groups=groups,
            bias=bias,
            dilation=dilation,
            padding_mode=padding_mode,
        )

    def settle(self) -> None:
        """Work out once what the arguments mean, or raise the bare ``Refusal``."""
        rank = self.rank
        inside, out, groups = read_channels(self.in_channels, self.out_channels, self.groups)
        kernel, bias = read_kernel(self.kernel_size, rank), read_switch("bias", self.bias)
        filter_shape = (*kernel, out // groups, inside)
        check_weight(filter_shape)
        words = TransposedWords(filter_shape, groups, transposed=True)
        spec, beyond = transposed_of(
            words, filter_shape, self.stride, self.padding, self.output_padding, groups, self.dilation
        )
        read_mode(self.padding_mode, ("zeros",))
        self._set(
            in_channels=inside,
            out_channels=out,
            kernel_size=kernel,
            stride=per_axis(self.stride, rank),
            padding=per_axis(self.padding, rank),
            output_padding=per_axis(self.output_padding, rank),
            groups=groups,
            bias=bias,
            dilation=per_axis(self.dilation, rank),
            _spec=spec,
            _beyond=beyond,
            _words=words,
            _bare=transposed_of(words, filter_shape, self.stride, 0, 0, groups, self.dilation)[0],
        )
        self.keep_plain()

    @property
    def weight_shapes(self) -> dict[str, Shape]:
        """The shapes of the module's parameters by name."""
        *kernel, out, inside = self._spec.filter_shape
        return {
            "weight": (inside, out, *kernel),
            **({"bias": (self.out_channels,)} if self.bias else {}),
        }

    def output(self, shape: object, output_size: object = None) -> Shape:
        """Return the output shape or raise the bare ``Refusal``."""
        if output_size is not None:
            return wanted_size(self, shape, output_size)
        output = answer(self._words, self._spec, shape)
        return output if self._beyond is None else longer(output, self._beyond)

    def spec_of(self, input_shape: object) -> ConvTranspose:
        """Return the core spec, or raise the bare ``Refusal``."""
        if input_shape is not None:
            self.output(input_shape)
        if self._beyond is None:
            return self._spec
        below = self._spec is not self._bare and self._spec == self._bare
        steps = STRIDE.read(self.stride, self.rank)
        past = any(more >= step for more, step in zip(each(self, "output_padding"), steps, strict=True))
        if past or not below:
            raise Refusal(
                "output_padding",
                given=self.output_padding,
                problem=f"output_padding {show(self.output_padding)} is not below stride {show(self.stride)}.",
                legal="output_padding below stride",
                reason="PyTorch takes it below dilation too, but the forward twin of such a size does not give this input.",
                kind=OutputShapeError,
                suggestions=(Suggestion({"output_padding": 0}),),
            )
        raise Refusal(
            "padding",
            given=self.padding,
            problem=f"padding {show(self.padding)} holds the whole kernel {show(self.kernel_size)}.",
            legal="padding p with 2p below (k - 1) * dilation + 1",
            reason="a core spec's smallest size is 1, PyTorch counts output_padding from one that may be below.",
            kind=SizeError,
            suggestions=(Suggestion({"padding": 0}),),
        )

    @classmethod
    def _answered(cls, **arguments: object) -> Shape:
        shape, output_size = arguments.pop("input"), arguments.pop("output_size")
        return cls._checked(**arguments).output(shape, output_size)

    def __call__(self, input: ShapeLike, output_size: ShapeLike | None = None) -> Shape:
        """Return the output's shape for an input ``(N, C, *spatial)`` or ``(C, *spatial)``.

        Args:
            input: The input's shape.
            output_size: The spatial sizes, or all axes of the output, of which batch and channels are not looked at;
                None for what ``output_padding`` says.

        Raises:
            ShapeError: PyTorch would refuse the call; the error names a fix that has been checked.
        """
        try:
            return self.output(input, output_size)
        except Refusal as refusal:
            arguments = {**self._values(), "input": input, "output_size": output_size}
            raise mended(self.operation, self._answered, arguments, refusal) from None


class ConvTranspose1d(Transposed):
    """As :class:`ConvTranspose2d`, for one axis, ``(N, C, width)`` or ``(C, width)``."""

    __slots__ = ()
    operation: ClassVar[str] = "torch.nn.ConvTranspose1d"
    rank: ClassVar[int] = 1


class ConvTranspose2d(Transposed):
    """``torch.nn.ConvTranspose2d``, called with the shape of its input, and an output_size or none.

    Args:
        in_channels: The input's channels.
        out_channels: The output's channels.
        kernel_size: The kernel's sizes in elements, one number or one an axis.
        stride: The forward twin's stride.
        padding: The forward twin's padding, on both sides: it is taken off the output.
        output_padding: Elements of the output beyond its smallest size, below stride or dilation.
        groups: Into how many groups the channels are split.
        bias: Whether there is a bias.
        dilation: Elements from one tap of the kernel to the next.
        padding_mode: ``"zeros"``.
        device: Changes no shape, nor does ``dtype``.

    Raises:
        ShapeError: PyTorch would refuse the module or its input; the error names a fix that has been checked.

    Examples:
        >>> from convshape.frameworks import torch
        >>> up = torch.ConvTranspose2d(64, 32, 5, stride=2, padding=2)
        >>> up(("N", 64, 8, 8))
        ('N', 32, 15, 15)
        >>> up(("N", 64, 8, 8), output_size=(16, 16))
        ('N', 32, 16, 16)
        >>> up(("N", 64, 8, 8), output_size=(17, 16))
        Traceback (most recent call last):
        ...
        convshape.OutputShapeError: torch.nn.ConvTranspose2d: output_size (17, 16) has a height of 17, which 8 cannot become with stride 2, padding 2.
          legal: 15..16
          because: (i - 1) * stride - 2 * padding + dilation * (k - 1) + 1 is the smallest size, and stride - 1 more the largest.
          fix: output_size=(16, 16)    (the nearest)
          or: output_size=(15, 15)    (the smallest)
          or: output_size=None    (what output_padding says)
    """

    __slots__ = ()
    operation: ClassVar[str] = "torch.nn.ConvTranspose2d"
    rank: ClassVar[int] = 2


class ConvTranspose3d(Transposed):
    """As :class:`ConvTranspose2d`, for three axes, ``(N, C, depth, height, width)`` or without N."""

    __slots__ = ()
    operation: ClassVar[str] = "torch.nn.ConvTranspose3d"
    rank: ClassVar[int] = 3
