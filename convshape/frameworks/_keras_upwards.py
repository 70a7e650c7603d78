"""What Keras's transposed convolutions have in common, over all ranks."""

from __future__ import annotations

from convshape._errors import OutputShapeError
from convshape._reading import read_whole
from convshape._refusals import Refusal, Suggestion
from convshape._show import show
from convshape._sizes import effective_kernel
from convshape._transposed import ConvTranspose
from convshape.frameworks._keras_base import Kernelled
from convshape.frameworks._keras_words import (
    OUTPUT_PADDING,
    WORDS,
    read_numbers,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._spec import Spec


class Transposed(Kernelled):
    """``Conv1DTranspose``, ``Conv2DTranspose``, ``Conv3DTranspose``."""

    __slots__ = ("filters", "output_padding")
    _fields = (
        "filters", "kernel_size", "strides", "padding", "output_padding", "data_format", "dilation_rate",
        "use_bias",
    )  # fmt: skip
    grows = True
    filters: int
    output_padding: tuple[int, ...] | None

    def settle_more(self) -> None:
        """Check filters and output_padding."""
        given = self.output_padding
        self._set(
            filters=read_whole("filters", self.filters, what="the number of filters", least=1),
            output_padding=None if given is None else read_numbers(OUTPUT_PADDING, given, self.rank),
        )
        for axis, (extra, stride) in enumerate(zip(self.output_padding or (), self.strides)):  # noqa: B905
            if extra >= stride:
                raise self._too_much(axis, extra, stride)
        self.forbid_both()

    def _extra(self) -> tuple[int, ...] | None:
        """Return the output padding from the smallest legal size, as the core counts it.

        Keras's SAME is ``(i - 1) * s + k % 2 + output_padding`` with the dilated kernel's ``k``
        (``_get_output_shape_given_tf_padding`` in keras/src/backend/common/backend_utils.py), and the smallest
        size that the forward twin takes to ``i`` is ``(i - 1) * s + 1``.
        """
        if self.output_padding is None or self.padding == "valid":
            return self.output_padding
        sizes = zip(self.output_padding, self.kernel_size, self.dilation_rate, strict=True)
        extra = tuple(more - (1 - effective_kernel(kernel, spread) % 2) for more, kernel, spread in sizes)
        for axis, more in enumerate(extra):
            if more < 0:
                raise self._even(axis)
        return extra

    def make(self, channels: int) -> Spec:
        """Return the transposed convolution of so many channels."""
        return WORDS.make(
            ConvTranspose,
            filter_shape=(*self.kernel_size, self.filters, channels),
            strides=self.strides,
            padding=self.padding.upper(),
            dilations=self.dilation_rate,
            output_padding=self._extra(),
            data_format=self._layout,
        )

    def _even(self, axis: int) -> Refusal:
        padding, stride = self.output_padding or (), self.strides[axis]
        one = tuple(
            1 if not more and effective_kernel(kernel, spread) % 2 == 0 else more
            for more, kernel, spread in zip(padding, self.kernel_size, self.dilation_rate, strict=True)
        )
        kernel = effective_kernel(self.kernel_size[axis], self.dilation_rate[axis])
        return Refusal(
            "output_padding",
            given=padding,
            problem=f'output_padding {show(padding)} has 0, with padding "same" and an even kernel that spans {kernel}.',
            legal=range(1, stride) if stride > 1 else "None",
            reason=f'Keras makes (i - 1) * {stride} elements of it, one fewer than the forward twin of "same" takes to'
            " i: TensorFlow fails when it runs; Keras on JAX and PyTorch returns that size.",
            axis=axis,
            kind=OutputShapeError,
            suggestions=(
                Suggestion({"output_padding": None}, f"the default, i * {stride}"),
                Suggestion({"output_padding": one}, "the smallest legal size"),
                Suggestion({"padding": "valid"}),
            ),
        )

    def _too_much(self, axis: int, extra: int, stride: int) -> Refusal:
        cut = tuple(
            min(more, step - 1) for more, step in zip(self.output_padding or (), self.strides, strict=True)
        )
        return Refusal(
            "output_padding",
            given=self.output_padding,
            problem=f"output_padding {show(self.output_padding)} has {extra}, too large for a stride of {stride}.",
            legal=range(stride),
            reason="Keras takes an output_padding strictly less than strides: so many sizes lead back to this input.",
            axis=axis,
            kind=OutputShapeError,
            suggestions=(
                Suggestion({"output_padding": WORDS.numbers_of("output_padding", cut)}),
                Suggestion({"output_padding": None}, "the default size"),
            ),
        )
