"""Convolutions of a model that was built: their weights are for so many channels, and no others."""

from __future__ import annotations

from convshape._errors import ChannelError
from convshape._layouts import channel_axis
from convshape._networks._again import Again
from convshape._networks._dense import Dense
from convshape._networks._spec_block import LayerBlock
from convshape._readers._keras_blocks import Adapted, AxisBatchNorm, AxisNorm, Scaled, Sloped
from convshape._refusals import Refusal
from convshape._show import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from convshape._networks._block import Block, Weights
    from convshape._networks._moves import Move
    from convshape._shapes import Shape
    from convshape._spec import Spec


class Built(LayerBlock):
    """A convolution whose weights are made: its input has the channels that they are for."""

    __slots__ = ("channels",)
    _fields = ("own", "channels")  # type: ignore[assignment]
    channels: int

    def __init__(self, own: Any, channels: int) -> None:
        self._set(own=own, channels=channels)

    def filled(self, shape: Shape) -> Shape:
        """Return an input with the channels that the weights are for, where they are not told."""
        place = channel_axis(self.wants)
        if len(shape) != len(self.wants) or shape[place] is not None:
            return shape
        return (*shape[:place], self.channels, *shape[place + 1 :])

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the output shape, or raise the bare ``Refusal``."""
        shape, wants = self.filled(shapes[0]), self.wants
        given = shape[channel_axis(wants)] if len(shape) == len(wants) else None
        if isinstance(given, int) and given != self.channels:
            raise Refusal(
                "input_shape",
                given=shape,
                problem=f"the input {show(shape)} has {given} channels, and the layer's weights are for {self.channels}.",
                legal=f"an input of {self.channels} channels",
                reason="Keras makes a layer's weights when it first sees its input; the model was built with these.",
                kind=ChannelError,
            )
        return super().output((shape,), layout)

    def spec(self, shape: Shape) -> Spec | None:
        """Return the spec that the layer is, where it is one."""
        return super().spec(self.filled(shape))

    def moves(self, shape: Shape, layout: str) -> tuple[Move, ...] | None:
        """Return what happens to each spatial axis."""
        return super().moves(self.filled(shape), layout)

    def weights(self, shape: Shape, layout: str | None) -> Weights:
        """Return the shapes of what is learned."""
        return super().weights(self.filled(shape), layout)

    def macs(self, shapes: tuple[Shape, ...], output: Shape, layout: str | None) -> int | None:
        """Return the multiply-accumulates of one call."""
        return super().macs((self.filled(shapes[0]),), output, layout)

    def detail(self, shape: Shape) -> str:
        """Return kernel, stride, padding and what else is not at its default."""
        return super().detail(self.filled(shape))


class Spectral(Again):
    """``keras.layers.SpectralNormalization``: the layer in it, with a vector that is kept beside the kernel."""

    __slots__ = ()

    def weights(self, shape: Shape, layout: str | None) -> Weights:
        """Return the shapes of what the layer learns."""
        return self.own.weights(shape, layout)

    def statistics(self, shape: Shape, layout: str | None) -> int:
        """Return what the layer keeps, and a number for each entry of its kernel's last axis."""
        kernel = next((one for one in self.weights(shape, layout).values() if len(one) > 1), (0,))
        return self.own.statistics(shape, layout) + kernel[-1]


def learns(block: Block) -> bool:
    """Return whether a layer has weights, which are counted once however often it is called."""
    kinds = (Dense, AxisBatchNorm, AxisNorm, Adapted, Scaled, Sloped, Spectral)
    return isinstance(block, kinds) or (isinstance(block, LayerBlock) and hasattr(block.own, "kernel_size"))
