"""The layers of Keras with a kernel: what forward, transposed, depthwise and separable ones have in common."""

from __future__ import annotations

from convshape._arguments import check_groups, read_flag
from convshape._conv import Conv
from convshape._errors import OutputShapeError
from convshape._layouts import channel_axis
from convshape._reading import read_whole
from convshape._refusals import Refusal, Suggestion
from convshape._show import show
from convshape._sizes import effective_kernel
from convshape._transposed import ConvTranspose
from convshape.frameworks._keras_layer import KerasLayer, Weights
from convshape.frameworks._keras_words import (
    DILATION_RATE,
    KERNEL,
    OUTPUT_PADDING,
    STRIDES,
    WORDS,
    read_data_format,
    read_numbers,
    read_padding,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar

    from convshape._shapes import Shape
    from convshape._spec import Spec


class Kernelled(KerasLayer):
    """A layer with a kernel; its spec is known when its input's channels are."""

    __slots__ = ("_last", "data_format", "dilation_rate", "kernel_size", "padding", "strides", "use_bias")
    kernel_size: tuple[int, ...]
    strides: tuple[int, ...]
    padding: str
    data_format: str
    dilation_rate: tuple[int, ...]
    use_bias: bool
    _last: tuple[int, Spec]
    paddings: ClassVar[tuple[str, ...]] = ("valid", "same")

    def settle(self) -> None:
        """Check the arguments and keep them as Keras does."""
        rank = self.rank
        if type(self.kernel_size) in (tuple, list) and len(self.kernel_size) == rank + 2:
            self._refuse_filter_shape()
        self._settle_layout(read_data_format(self.data_format))
        self._set(
            kernel_size=read_numbers(KERNEL, self.kernel_size, rank),
            strides=read_numbers(STRIDES, self.strides, rank),
            padding=read_padding(self.padding, rank, self.paddings),
            dilation_rate=read_numbers(DILATION_RATE, self.dilation_rate, rank),
            use_bias=read_flag("use_bias", self.use_bias),
        )
        self.settle_more()
        least = self.least_channels()
        self._set(_last=(least, self.make(least)))

    def settle_more(self) -> None:
        """Check what this kind of layer has beside."""

    def least_channels(self) -> int:
        """Return the smallest number of channels that the layer can take."""
        return 1

    def make(self, channels: int) -> Spec:
        """Return the spec for an input of so many channels."""
        raise NotImplementedError

    def _refuse_filter_shape(self) -> None:
        given = tuple(self.kernel_size)
        raise Refusal(
            "kernel_size",
            given=given,
            problem=f"kernel_size {show(given)} has {len(given)} entries, like a filter's shape.",
            legal=KERNEL.legal(self.rank),
            reason="a kernel has spatial axes only; Keras takes its channels from the input and from filters.",
            suggestions=(Suggestion({"kernel_size": given[: self.rank]}, "the kernel's axes alone"),),
        )

    def forbid_both(self) -> None:
        """Refuse strides with dilation, as Keras does for layers with one kernel for all channels."""
        if max(self.strides) == 1 or max(self.dilation_rate) == 1:
            return
        raise Refusal(
            "dilation_rate",
            given=self.dilation_rate,
            problem=f"dilation_rate {show(self.dilation_rate)} stands with strides {show(self.strides)}.",
            legal="dilation_rate of 1, or strides of 1",
            reason="Keras refuses strides > 1 in conjunction with dilation_rate > 1, on whichever axes.",
            suggestions=(
                Suggestion({"dilation_rate": 1}, "not dilated"),
                Suggestion({"strides": 1}, "not strided"),
            ),
        )

    def prepared(self, channels: int) -> Spec:
        """Return the spec for so many channels; the last one is remembered."""
        last = self._last
        if last[0] == channels:
            return last[1]
        spec = self.make(channels)
        self._set(_last=(channels, spec))
        return spec

    def check_channels(self, shape: Shape, channels: int) -> None:
        """Refuse an input whose channels the layer cannot take."""

    def output(self, shape: object) -> Shape:
        """Return the output shape or raise the bare ``Refusal``."""
        if type(shape) is tuple and len(shape) == self.rank + 2:
            channels, last = shape[channel_axis(self._layout)], self._last
            if type(channels) is int and channels == last[0]:
                try:
                    return last[1].output(shape)
                except Refusal:
                    return self._careful(shape)
        return self._careful(shape)

    def _careful(self, shape: object) -> Shape:
        read, spec = self._prepared_for(shape)
        try:
            return WORDS.answer(spec, read)
        except Refusal as refusal:
            raise self.turned(refusal, read) from None

    def _prepared_for(self, shape: object) -> tuple[Shape, Spec]:
        read, channels = self.read_channels(shape, self.least_channels())
        self.check_channels(read, channels)
        return read, self.prepared(channels)

    def spec_of(self, shape: object) -> Spec:
        """Return the spec for an input."""
        spec = self._prepared_for(shape)[1]
        self.output(shape)
        return spec

    def weights_of(self, shape: object) -> Weights:
        """Return the weights for an input."""
        spec = self._prepared_for(shape)[1]
        self.output(shape)
        return {**self.kernels(spec), **({"bias": (self._bias(spec),)} if self.use_bias else {})}

    def kernels(self, spec: Spec) -> Weights:
        """Return the kernels for a spec."""
        return {"kernel": spec.filter_shape}  # type: ignore[attr-defined]

    def _bias(self, spec: Spec) -> int:
        outside: int = spec._outside  # type: ignore[attr-defined]
        return outside


class Forward(Kernelled):
    """``Conv1D``, ``Conv2D``, ``Conv3D``."""

    __slots__ = ("filters", "groups")
    _fields = (
        "filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "groups", "use_bias",
    )  # fmt: skip
    keywords = ("lora_rank", "lora_alpha")
    filters: int
    groups: int

    def settle_more(self) -> None:
        """Check filters and groups."""
        self._set(
            filters=read_whole("filters", self.filters, what="the number of filters", least=1),
            groups=read_whole("groups", self.groups, what="the number of groups", least=1),
        )
        check_groups(self.groups, self.filters, "groups", "filters")
        self.forbid_both()

    def least_channels(self) -> int:
        """Return the smallest number of channels: one a group."""
        return self.groups

    def check_channels(self, shape: Shape, channels: int) -> None:
        """Refuse channels that the groups do not divide."""
        check_groups(self.groups, channels, "groups", f"channels of input_shape {show(shape)}")

    def make(self, channels: int) -> Spec:
        """Return the convolution of so many channels; causal padding is before the first element."""
        padding: object = self.padding.upper()
        if self.padding == "causal":
            padding = ((effective_kernel(self.kernel_size[0], self.dilation_rate[0]) - 1, 0),)
        return WORDS.make(
            Conv,
            filter_shape=(*self.kernel_size, channels // self.groups, self.filters),
            strides=self.strides,
            padding=padding,
            dilations=self.dilation_rate,
            groups=self.groups,
            data_format=self._layout,
        )


class Transposed(Kernelled):
    """``Conv1DTranspose``, ``Conv2DTranspose``, ``Conv3DTranspose``."""

    __slots__ = ("filters", "output_padding")
    _fields = (
        "filters", "kernel_size", "strides", "padding", "output_padding", "data_format", "dilation_rate",
        "use_bias",
    )  # fmt: skip
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


class Depthwise(Kernelled):
    """``DepthwiseConv1D``, ``DepthwiseConv2D``: each channel has kernels of its own.

    Strides with dilation are legal here: Keras convolves with stride 1 and takes every stride-th result.
    """

    __slots__ = ("depth_multiplier",)
    _fields = (
        "kernel_size", "strides", "padding", "depth_multiplier", "data_format", "dilation_rate", "use_bias",
    )  # fmt: skip
    depth_multiplier: int

    def settle_more(self) -> None:
        """Check the multiplier."""
        self._set(
            depth_multiplier=read_whole(
                "depth_multiplier", self.depth_multiplier, what="a multiplier", least=1
            )
        )

    def make(self, channels: int) -> Spec:
        """Return the grouped convolution that a depthwise one is."""
        return WORDS.make(
            Conv,
            filter_shape=(*self.kernel_size, 1, channels * self.depth_multiplier),
            strides=self.strides,
            padding=self.padding.upper(),
            dilations=self.dilation_rate,
            groups=channels,
            data_format=self._layout,
        )

    def kernels(self, spec: Spec) -> Weights:
        """Return the kernel, in Keras's own layout ``(*kernel, in, depth_multiplier)``."""
        return {"kernel": (*self.kernel_size, spec.groups, self.depth_multiplier)}  # type: ignore[attr-defined]


class Separable(Depthwise):
    """``SeparableConv1D``, ``SeparableConv2D``: a depthwise convolution, then one of 1 x 1."""

    __slots__ = ("filters",)
    _fields = (
        "filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "depth_multiplier",
        "use_bias",
    )  # fmt: skip
    filters: int

    def settle_more(self) -> None:
        """Check filters and the multiplier."""
        super().settle_more()
        self._set(filters=read_whole("filters", self.filters, what="the number of filters", least=1))

    def output(self, shape: object) -> Shape:
        """Return the depthwise output with the filters for its channels."""
        inner, axis = super().output(shape), channel_axis(self._layout)
        return (*inner[:axis], self.filters, *inner[axis + 1 :])

    def spec_of(self, shape: object) -> Spec:
        """Refuse: no one spec is two convolutions."""
        rank = self.rank
        raise self._no_spec(
            f"it is two convolutions: DepthwiseConv{rank}D, then Conv{rank}D with a kernel of 1."
        )

    def kernels(self, spec: Spec) -> Weights:
        """Return both kernels."""
        inside: int = spec.groups  # type: ignore[attr-defined]
        return {
            "depthwise_kernel": (*self.kernel_size, inside, self.depth_multiplier),
            "pointwise_kernel": (*(1,) * self.rank, inside * self.depth_multiplier, self.filters),
        }

    def _bias(self, spec: Spec) -> int:
        return self.filters
