"""A transposed convolution that is called with the size of its output."""

from __future__ import annotations

from convshape._networks._spec_block import LayerBlock
from convshape._readers._torch_modules import convolution
from convshape._readers._wires import Unread, Wire
from convshape._readers._wiring import Wiring

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar

    from convshape._networks._amounts import Amount
    from convshape._networks._block import Block, Entries
    from convshape._networks._moves import Move
    from convshape._shapes import Shape


class UpTo(LayerBlock):
    """A transposed convolution to sizes that are asked for: numbers, or amounts of its input's sizes."""

    __slots__ = ("wanted",)
    _fields = ("own", "wanted")  # type: ignore[assignment]
    wanted: tuple[Amount, ...]

    def __init__(self, own: Any, wanted: tuple[Amount, ...]) -> None:
        self._set(own=own, wanted=wanted)

    def like(self, other: Block) -> Block:
        """Return another layer to the same sizes."""
        return type(self)(other.own, self.wanted) if isinstance(other, LayerBlock) else other

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the output shape, or raise the bare ``Refusal``."""
        plain = super().output(shapes[:1], layout)
        sizes = tuple(one.entry(shapes) for one in self.wanted)
        if None in sizes or None in shapes[0][2:]:
            return (*plain[:2], *sizes)  # type: ignore[arg-type]
        made: Shape = self.own.output(shapes[0], sizes)
        return made

    def moves(self, shape: Shape, layout: str) -> tuple[Move, ...] | None:
        """Return None: which sizes can become the wanted ones is checked, not worked out."""

    def named(self, entries: tuple[Entries, ...], output: Shape, layout: str | None) -> Entries:
        """Return the sizes that are asked for as closed forms."""
        told = tuple(one.entry(entries) for one in self.wanted)
        return (
            *output[:2],
            *(size if size is not None else one for size, one in zip(output[2:], told, strict=True)),
        )


class UpToAnother(UpTo):
    """As :class:`UpTo`, to sizes of other values."""

    __slots__ = ()
    joins: ClassVar[bool] = True

    @property
    def crops(self) -> bool:
        """Whether bigger inputs are cropped to the smallest one; never so."""
        return False


def up_to(wiring: Wiring, name: str, kind: str, module: Any, wire: Wire, sizes: tuple[Amount, ...]) -> Wire:
    """Put a transposed convolution with an output size behind a wire."""
    layer, rank = convolution(kind, module), int(kind[-2])
    if len(sizes) not in (rank, rank + 2):
        raise Unread("its output_size is none")
    wanted = sizes[-rank:]
    wires = wiring._asked(wire, wanted)
    places = {one.place: number for number, one in enumerate(wires)}
    told = tuple(one.renumbered(places) for one in wanted)
    block = (UpToAnother if len(wires) > 1 else UpTo)(layer, told)
    return wiring.add(name, block, *wires, again=wiring.seen(("module", id(module))))
