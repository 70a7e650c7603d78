"""What Keras's forward, depthwise and separable convolutions have in common, over all ranks."""

from __future__ import annotations

from convshape._arguments import check_groups
from convshape._conv import Conv
from convshape._layouts import channel_axis
from convshape._reading import read_whole
from convshape._show import show
from convshape._sizes import effective_kernel
from convshape.frameworks._keras_base import Kernelled
from convshape.frameworks._keras_layer import Weights
from convshape.frameworks._keras_words import (
    WORDS,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar

    from convshape._shapes import Shape
    from convshape._spec import Spec


class Forward(Kernelled):
    """``Conv1D``, ``Conv2D``, ``Conv3D``."""

    __slots__ = ("filters", "groups")
    _fields: ClassVar[tuple[str, ...]] = (
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
        where = f"channels of input_shape {show(shape)}"
        check_groups(self.groups, channels, "groups", where, (self.filters, "filters"))

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


class Depthwise(Kernelled):
    """``DepthwiseConv1D``, ``DepthwiseConv2D``: each channel has kernels of its own.

    Strides with dilation are legal here: Keras convolves with stride 1 and takes every stride-th result.
    """

    __slots__ = ("depth_multiplier",)
    _fields: ClassVar[tuple[str, ...]] = (
        "kernel_size", "strides", "padding", "depth_multiplier", "data_format", "dilation_rate", "use_bias",
    )  # fmt: skip
    depth_multiplier: int

    @property
    def weight_layout(self) -> str:
        """How the kernel stands, with the multiplier after the channels."""
        return "depthwise"

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
    _fields: ClassVar[tuple[str, ...]] = (
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
