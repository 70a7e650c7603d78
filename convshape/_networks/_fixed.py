"""Pools to a fixed size, and over whole axes."""

from __future__ import annotations

from convshape._arguments import read_flag
from convshape._layouts import channel_axis
from convshape._networks._moves import Move
from convshape._networks._resizing import Resizing, read_numbers
from convshape._show import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape
    from convshape._types import PerAxisLike


class AdaptivePool(Resizing):
    """A pool to a fixed size, whatever the input's: ``torch.nn.AdaptiveAvgPool2d``.

    Args:
        output_size: The result's size, one number or one a spatial axis.

    Raises:
        ShapeError: The size is none.

    Examples:
        >>> import convshape as cs
        >>> cs.Chain([cs.layers.AdaptivePool(7)])(("N", 45, 61, 64))
        ('N', 7, 7, 64)
        >>> cs.layers.AdaptivePool(0)
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: AdaptivePool: output_size is 0.
          legal: one number for all spatial axes, or one each, at least 1
          because: sizes are whole numbers of elements.
          fix: output_size=2
    """

    __slots__ = ("output_size",)
    _fields = ("output_size",)
    output_size: int | tuple[int, ...]

    def __init__(self, output_size: PerAxisLike) -> None:
        self._make(output_size=output_size)

    def settle(self) -> None:
        """Make the sizes plain numbers."""
        self._set(output_size=read_numbers("output_size", self.output_size, 1))

    def moves(self, shape: Shape, layout: str) -> tuple[Move, ...]:
        """Return the fixed size of each axis."""
        return tuple(Move(0, size) for size in self.each(self.output_size, layout, "output_size"))  # type: ignore[arg-type]

    def detail(self, shape: Shape) -> str:
        """Return the size."""
        return f"to {show(self.output_size)}"


class GlobalPool(Resizing):
    """A pool over whole spatial axes.

    Args:
        keepdims: Whether the axes stay, with one element each.

    Raises:
        ShapeError: The switch is none.

    Examples:
        >>> import convshape as cs
        >>> cs.Chain([cs.layers.GlobalPool()])(("N", 7, 7, 512))
        ('N', 512)
        >>> cs.layers.GlobalPool(keepdims=1)
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: GlobalPool: keepdims is 1.
          legal: (False, True)
          because: it is a switch: True or False.
          fix: keepdims=True
          or: keepdims=False
    """

    __slots__ = ("keepdims",)
    _fields = ("keepdims",)
    keepdims: bool

    def __init__(self, keepdims: bool = False) -> None:
        self._make(keepdims=keepdims)

    def settle(self) -> None:
        """Check that the switch is one."""
        read_flag("keepdims", self.keepdims)

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the output shape, or raise the bare ``Refusal``."""
        if self.keepdims:
            return super().output(shapes, layout)
        shape = shapes[0]
        return shape[0], shape[channel_axis(self.spatial(shape, layout))]

    def layout_after(self, layout: str | None, output: Shape, home: str | None) -> str | None:
        """Return the layout as far as axes stay."""
        return layout if self.keepdims else None

    def moves(self, shape: Shape, layout: str) -> tuple[Move, ...] | None:  # type: ignore[override]
        """Return one element an axis, or None where the axes end here."""
        return (Move(0, 1),) * (len(layout) - 2) if self.keepdims else None
