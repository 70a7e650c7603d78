"""ONNX's transposed convolution where its padding follows from the input's size."""

from __future__ import annotations

from convshape._networks._block import Block
from convshape._networks._spec_block import detail_of, macs_of, weights_of
from convshape._refusals import Refusal
from convshape.frameworks import _onnx_transposed as up
from convshape.frameworks._onnx_spec import ATTRIBUTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Self

    from convshape._networks._block import Entries, Weights
    from convshape._networks._moves import Move
    from convshape._shapes import Shape
    from convshape._spec import Spec


class Wanted(Block):
    """A ``ConvTranspose`` with an ``output_shape``, or with an output padding that the core counts otherwise.

    Args:
        weight: The shape of W.
        attributes: The node's attributes.
        bias: Whether there is a bias.
    """

    __slots__ = ("attributes", "bias", "weight")
    _fields = ("weight", "attributes", "bias")
    weight: tuple[int, ...]
    attributes: tuple[tuple[str, Any], ...]
    bias: bool

    def __init__(self, weight: tuple[int, ...], attributes: tuple[tuple[str, Any], ...], bias: bool) -> None:
        self._set(weight=weight, attributes=attributes, bias=bias)

    @classmethod
    def checked(cls, **arguments: Any) -> Self:
        """Return a block from raw arguments, or raise the bare ``Refusal``."""
        made = cls(**arguments)
        made._plan  # noqa: B018 - what is wrong with the arguments is refused here
        return made

    @property
    def kind(self) -> str:
        """What it is."""
        return "ConvTranspose"

    @property
    def wants(self) -> str:
        """Channels-first."""
        return self._plan.spec.data_format

    @property
    def _told(self) -> dict[str, Any]:
        return {**ATTRIBUTES["ConvTranspose"], **dict(self.attributes)}

    @property
    def _plan(self) -> up.Plan:
        return up.planned(self.weight, None, **self._told)

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the output shape, or raise the bare ``Refusal``."""
        return up.conv_transpose(shapes[0], self.weight, None, **self._told)

    def moves(self, shape: Shape, layout: str) -> tuple[Move, ...] | None:
        """Return None: which sizes can become the wanted ones is checked, not worked out."""

    def named(self, entries: tuple[Entries, ...], output: Shape, layout: str | None) -> Entries:
        """Return the sizes that are known."""
        return output

    def weights(self, shape: Shape, layout: str | None) -> Weights:
        """Return the filter's shape."""
        return weights_of(self._plan.spec, self.bias)

    def macs(self, shapes: tuple[Shape, ...], output: Shape, layout: str | None) -> int | None:
        """Return the multiply-accumulates of one call."""
        return macs_of(self._plan.spec, shapes[0], output)

    def spec(self, shape: Shape) -> Spec | None:
        """Return the spec for this input, where its sizes are known."""
        try:
            return up.placed(self._plan, shape)
        except Refusal:
            return None

    def detail(self, shape: Shape) -> str:
        """Return kernel and stride, and the size that is asked for."""
        sizes = self._told["output_shape"]
        told = detail_of(self._plan.spec)
        return told if sizes is None else f"{told}, to {'x'.join(map(str, sizes))}"
