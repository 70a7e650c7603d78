"""What people put into a network, made blocks: specs, dialect layers, layers of ``convshape.layers``."""

from __future__ import annotations

from convshape._errors import ArgumentError
from convshape._networks._again import Again
from convshape._networks._block import Block
from convshape._networks._fixed import GlobalPool
from convshape._networks._moves import Move
from convshape._networks._resizing import Cropping, Resizing, UpSampling, ZeroPadding
from convshape._networks._spec_block import LayerBlock, SpecBlock
from convshape._reading import is_a
from convshape._refusals import Refusal
from convshape._show import kind_of
from convshape._spec import Spec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape

LEGAL = (
    "a cs.Conv, cs.ConvTranspose or cs.Pool, a layer of convshape.layers, or a layer of convshape.frameworks"
)


class ResizingBlock(LayerBlock):
    """A dialect's layer that only changes sizes; a layer of ``convshape.layers`` says how."""

    __slots__ = ("inner",)
    inner: Resizing

    def moves(self, shape: Shape, layout: str) -> tuple[Move, ...] | None:
        """Return what happens to each spatial axis."""
        return self.inner.moves(shape, layout)

    def layout_after(self, layout: str | None, output: Shape, home: str | None) -> str | None:
        """Return the output's layout."""
        return self.inner.layout_after(layout, output, home)

    def spec(self, shape: Shape) -> Spec | None:
        """Return None: it is no convolution."""

    def macs(self, shapes: tuple[Shape, ...], output: Shape, layout: str | None) -> int:
        """Return none."""
        return 0

    def detail(self, shape: Shape) -> str:
        """Return what it does."""
        return self.inner.detail(shape)


def as_block(item: object, argument: str) -> Block:
    """Return the block that a layer is, or refuse what is none."""
    if is_a(item, Block):
        return item
    if is_a(item, Spec):
        return SpecBlock(item)
    framework = getattr(type(item), "framework", None)
    if type(framework) is str and hasattr(type(item), "output") and hasattr(type(item), "to_spec"):
        inner = _resizing(item)
        if inner is None:
            return LayerBlock(item)
        block = ResizingBlock(item)
        block._set(inner=inner)
        return block
    raise Refusal(
        argument,
        given=item,
        problem=f"{argument} is {kind_of(item)}.",
        legal=LEGAL,
        reason="a network is made of layers that say what they do to a shape; a framework's own model is read by cs.read.",
        kind=ArgumentError,
    )


def _resizing(item: object) -> Resizing | None:
    """Return what a dialect's layer that only changes sizes does."""
    from convshape.frameworks._keras_pool_base import GlobalPooling
    from convshape.frameworks._keras_resizing import Cropping as KerasCropping
    from convshape.frameworks._keras_resizing import UpSampling as KerasUpSampling
    from convshape.frameworks._keras_resizing import ZeroPadding as KerasZeroPadding

    if isinstance(item, KerasUpSampling):
        return UpSampling(item._sizes, getattr(item, "interpolation", "nearest"))
    if isinstance(item, KerasZeroPadding):
        return ZeroPadding(item._pairs)
    if isinstance(item, KerasCropping):
        return Cropping(item._pairs)
    return GlobalPool(item.keepdims) if isinstance(item, GlobalPooling) else None


def arguments_of(block: Block) -> dict[str, object]:
    """Return the arguments that a block was made of, by name."""
    layer = block.layer
    return layer._values()  # type: ignore[attr-defined,no-any-return]


def rebuilt(block: Block, changes: dict[str, object]) -> Block:
    """Return the block with other arguments, or raise the bare ``Refusal``."""
    if isinstance(block, Again):
        return type(block)(rebuilt(block.own, changes))
    arguments = arguments_of(block)
    for name, value in changes.items():
        if name not in arguments:
            raise _no_argument(block, name, value, arguments)
    arguments |= changes
    if isinstance(block, SpecBlock):
        return SpecBlock(type(block.own).checked(**arguments), block.bias)
    if isinstance(block, LayerBlock):
        return block.like(as_block(type(block.own)._checked(**arguments), "layer"))
    checked: Block = type(block).checked(**arguments)  # type: ignore[attr-defined]
    return checked


def _no_argument(block: Block, name: str, value: object, arguments: dict[str, object]) -> Refusal:
    return Refusal(
        name,
        given=value,
        problem=f"{block.kind} has no argument {name}.",
        legal=", ".join(arguments),
        reason="a layer is made anew of its own arguments.",
        kind=ArgumentError,
    )
