"""What all of Keras's layers with a kernel have in common: one spec for each number of channels."""

from __future__ import annotations

from convshape._arguments import read_flag
from convshape._layouts import channel_axis
from convshape._refusals import Refusal, Suggestion
from convshape._show import show
from convshape.frameworks._keras_layer import KerasLayer, Weights
from convshape.frameworks._keras_words import (
    DILATION_RATE,
    KERNEL,
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
