"""Functions of Keras's that cut, put in and leave out axes: slices, ``expand_dims``, ``squeeze``, ``depth_to_space``."""

from __future__ import annotations

from convshape._errors import RankError, SizeError
from convshape._layouts import KNOWN, LAYOUTS, channel_axis, channels_first, spatial_slice
from convshape._networks._moves import STAY, Move
from convshape._networks._plain import Layer
from convshape._refusals import Refusal
from convshape._show import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape, Size

    Cut = tuple[int | None, int | None, int]  # start, stop, step, as a slice has them

WHOLE = (None, None, 1)


class Sliced(Layer):
    """A slice of each axis, ``x[:, 1:-1, ::2]``; a number in a slice's place leaves the axis out.

    Attributes:
        cuts: A slice or a number for each of the first axes; the batch's is whole.
    """

    __slots__ = ("cuts",)
    _fields = ("cuts",)
    cuts: tuple[Cut | int, ...]

    def __init__(self, cuts: tuple[Cut | int, ...]) -> None:
        self._make(cuts=cuts)

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the output shape, or raise the bare ``Refusal``."""
        shape = shapes[0]
        if len(shape) < len(self.cuts):
            raise _refused(
                shape, f"has {len(shape)} axes, fewer than {len(self.cuts)}.", "an axis for each slice"
            )
        rest = shape[len(self.cuts) :]
        sizes = zip(shape, self.cuts, strict=False)
        return (*(self._size(shape, size, cut) for size, cut in sizes if isinstance(cut, tuple)), *rest)

    def _size(self, shape: Shape, size: Size, cut: Cut) -> Size:
        if cut == WHOLE or not isinstance(size, int):
            return size if cut == WHOLE else None
        first, last, step = slice(*cut).indices(size)
        left = -(-(last - first) // step)  # len() of such a range may be too big for Python
        if left < 1:
            raise _refused(
                shape, f"has an axis of {size}, of which [{_told(cut)}] leaves nothing.", "a bigger axis"
            )
        return left

    def layout_after(self, layout: str | None, output: Shape, home: str | None) -> str | None:
        """Return the letters of the axes that are left, if they are a layout."""
        if layout is None:
            return None
        gone = {place for place, cut in enumerate(self.cuts) if not isinstance(cut, tuple)}
        left = "".join(letter for place, letter in enumerate(layout) if place not in gone)
        return left if left in KNOWN else None

    def moves(self, shape: Shape, layout: str) -> tuple[Move, ...] | None:
        """Return what happens to each spatial axis, or None where one is cut to at most some size."""
        cuts = (*self.cuts, *((WHOLE,) * len(layout)))
        found = [_move(cuts[place]) for place in range(*spatial_slice(layout).indices(len(layout)))]
        whole = all(isinstance(cut, tuple) for cut in self.cuts)
        return tuple(found) if whole and None not in found else None  # type: ignore[arg-type]

    def detail(self, shape: Shape) -> str:
        """Return the slices as they are written."""
        return f"[{', '.join(_told(cut) if isinstance(cut, tuple) else str(cut) for cut in self.cuts)}]"


def _told(cut: Cut) -> str:
    start, stop, step = cut
    first, last = ("" if one is None else str(one) for one in (start, stop))
    return f"{first}:{last}" + (f":{step}" if step != 1 else "")


def _move(cut: Cut | int) -> Move | None:
    """Return a slice as a formula, None where it is none: ``x[:8]`` is a minimum."""
    if not isinstance(cut, tuple):
        return None
    start, stop, step = cut[0] or 0, cut[1] or 0, cut[2]
    if step == -1 and cut[:2] == (None, None):
        return STAY
    if start < 0 or (cut[1] is not None and stop >= 0) or step < 1:
        return None
    return Move(1, step - 1 - start + stop, step, start - stop + 1)


class Inserted(Layer):
    """An axis put in: of one element as ``expand_dims`` does, or of several as ``RepeatVector``.

    Attributes:
        axis: Its place in the output; from the end if negative.
        size: How many elements it has.
        word: The function's name.
    """

    __slots__ = ("axis", "size", "word")
    _fields = ("axis", "size", "word")
    axis: int
    size: int
    word: str

    def __init__(self, axis: int, size: int, word: str) -> None:
        self._make(axis=axis, size=size, word=word)

    @property
    def kind(self) -> str:
        """The function's name."""
        return self.word

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the output shape, or raise the bare ``Refusal``."""
        shape = shapes[0]
        place = self.axis + len(shape) + 1 if self.axis < 0 else self.axis
        if not 1 <= place <= len(shape):
            raise _refused(shape, f"has no place {self.axis} for an axis.", f"a place from 1 to {len(shape)}")
        return (*shape[:place], self.size, *shape[place:])

    def layout_after(self, layout: str | None, output: Shape, home: str | None) -> str | None:
        """Return the network's own layout, if it has as many axes, or else that of channels behind."""
        return by_rank(output, home)

    def moves(self, shape: Shape, layout: str) -> None:
        """Return None: the axes are others afterwards."""


class Squeezed(Layer):
    """Axes of one element left out.

    Attributes:
        axes: Their places; from the end if negative.
    """

    __slots__ = ("axes",)
    _fields = ("axes",)
    axes: tuple[int, ...]

    def __init__(self, axes: tuple[int, ...]) -> None:
        self._make(axes=axes)

    @property
    def kind(self) -> str:
        """The function's name."""
        return "Squeeze"

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the output shape, or raise the bare ``Refusal``."""
        shape = shapes[0]
        for axis in self.axes:
            if not -len(shape) <= axis < len(shape) or axis % len(shape) == 0 or shape[axis] not in (1, None):
                raise _refused(
                    shape, f"has no axis {axis} of one element.", "an axis of one element, not the batch"
                )
        gone = {axis % len(shape) for axis in self.axes}
        return tuple(size for place, size in enumerate(shape) if place not in gone)

    def layout_after(self, layout: str | None, output: Shape, home: str | None) -> str | None:
        """Return the network's own layout, if it has as many axes, or else that of channels behind."""
        return by_rank(output, home)

    def moves(self, shape: Shape, layout: str) -> None:
        """Return None: the axes are others afterwards."""


class Shuffled(Layer):
    """``depth_to_space``: channels become pixels, ``block`` times as many along each spatial axis."""

    __slots__ = ("block",)
    _fields = ("block",)
    block: int

    def __init__(self, block: int) -> None:
        self._make(block=block)

    @property
    def kind(self) -> str:
        """The function's name."""
        return "DepthToSpace"

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the output shape, or raise the bare ``Refusal``."""
        shape, cells = shapes[0], self.block * self.block
        if layout is None or len(layout) != 4:
            raise _refused(shape, "has not two spatial axes.", "(N, height, width, C)")
        place = channel_axis(layout)
        channels = shape[place]
        if isinstance(channels, int) and channels % cells:
            raise _refused(
                shape, f"has {channels} channels, no multiple of {cells}.", f"a multiple of {cells} channels"
            )
        sizes = [size * self.block if isinstance(size, int) else None for size in shape]
        sizes[place] = channels // cells if isinstance(channels, int) else None
        return (shape[0], *sizes[1:])

    def moves(self, shape: Shape, layout: str) -> tuple[Move, ...]:
        """Return a multiplication an axis."""
        return (Move(self.block),) * (len(layout) - 2)

    def detail(self, shape: Shape) -> str:
        """Return the factor."""
        return f"by {self.block}"


def by_rank(output: Shape, home: str | None) -> str | None:
    """Return the layout of an output whose axes are others than before."""
    if home is not None and len(home) == len(output):
        return home
    first = home is not None and channels_first(home)
    return LAYOUTS[len(output) - 2][first] if len(output) - 2 in LAYOUTS else None


def _refused(shape: Shape, problem: str, legal: str) -> Refusal:
    return Refusal(
        "input_shape",
        given=shape,
        problem=f"the input {show(shape)} {problem}",
        legal=legal,
        reason="the function is the one that the model has, for the axes that it was made for.",
        kind=SizeError if "leaves" in problem else RankError,
    )
