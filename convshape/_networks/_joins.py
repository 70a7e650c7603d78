"""Where branches meet: sums and products element by element, and concatenation."""

from __future__ import annotations

from convshape._arguments import read_flag
from convshape._errors import ChannelError, RankError, SizeError
from convshape._layouts import channel_axis, spatial_slice
from convshape._networks._block import told
from convshape._networks._forms import Form
from convshape._networks._plain import Layer
from convshape._refusals import Refusal, Suggestion
from convshape._show import kind_of, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar

    from convshape._errors import ShapeError
    from convshape._networks._block import Entries, Entry
    from convshape._shapes import Shape, Size


class Join(Layer):
    """A layer of several inputs; on every spatial axis they have to have one size."""

    __slots__ = ()
    joins: ClassVar[bool] = True

    @property
    def crops(self) -> bool:
        """Whether bigger inputs are cropped to the smallest one."""
        return False

    @property
    def wanted(self) -> str:
        """What its inputs have to be, in words."""
        return "inputs of one shape"

    def same_rank(self, shapes: tuple[Shape, ...]) -> None:
        """Refuse inputs of different numbers of axes."""
        if len({len(shape) for shape in shapes}) > 1:
            raise self.differ(shapes, None, "have different numbers of axes", RankError)

    def differ(
        self, shapes: tuple[Shape, ...], axis: int | None, problem: str, kind: type[ShapeError] = RankError
    ) -> Refusal:
        """Return the refusal of inputs that do not go together; the network adds which branches they are."""
        return Refusal(
            "inputs",
            given=shapes,
            problem=f"its inputs {' and '.join(map(told, shapes))} {problem}.",
            legal=self.wanted,
            reason=f"{self.kind} puts its inputs together element by element.",
            kind=kind,
            axis=axis,
            about="join",
        )


class Add(Join):
    """The sum of several inputs, element by element.

    Args:
        broadcast: Whether a size of 1 meets any other, as the frameworks' own operators have it; False says so.

    Raises:
        ShapeError: The switch is none.

    Examples:
        >>> import convshape as cs
        >>> down, same = cs.Conv((3, 3, 16, 16), 2), cs.Conv((3, 3, 16, 16))
        >>> net = cs.Graph({"down": down, "conv": same, "sum": (cs.layers.Add(), "down", "conv")})
        >>> net(("N", 45, 61, 16))
        ('N', 23, 31, 16)
        >>> cs.layers.Add(broadcast="yes")
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: Add: broadcast is the string "yes".
          legal: (False, True)
          because: it is a switch: True or False.
          fix: broadcast=False
    """

    __slots__ = ("broadcast",)
    _fields = ("broadcast",)
    broadcast: bool

    def __init__(self, broadcast: bool = False) -> None:
        self._make(broadcast=broadcast)

    def settle(self) -> None:
        """Check that the switch is one."""
        read_flag("broadcast", self.broadcast)

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the common shape, or raise the bare ``Refusal``."""
        if self.broadcast:
            longest = max(map(len, shapes))
            shapes = tuple((1,) * (longest - len(shape)) + shape for shape in shapes)
        self.same_rank(shapes)
        return tuple(self._size(shapes, axis, layout) for axis in range(len(shapes[0])))

    def _size(self, shapes: tuple[Shape, ...], axis: int, layout: str | None) -> Size:
        sizes = {shape[axis] for shape in shapes} - {None}
        if self.broadcast and len(sizes) > 1:
            sizes -= {1}
        if len(sizes) > 1 and axis:  # a named batch meets a number
            of_channels = layout is not None and axis == channel_axis(layout)
            raise self.differ(shapes, axis, f"differ: {_many(sizes)} at position {axis}", ChannelError if of_channels else SizeError)  # fmt: skip
        if self.broadcast and any(shape[axis] is None for shape in shapes) and sizes == {1}:
            return None
        return next((shape[axis] for shape in shapes if shape[axis] in sizes), None)

    def named(self, entries: tuple[Entries, ...], output: Shape, layout: str | None) -> Entries:
        """Return for every axis the shortest closed form of it."""
        longest = max(map(len, entries))
        padded = [((1,) * (longest - len(each)) + each) for each in entries]
        return tuple(
            _shortest([each[axis] for each in padded], size, self.broadcast)
            for axis, size in enumerate(output)
        )


class Multiply(Add):
    """The product of several inputs, element by element; arguments as :class:`Add`'s."""

    __slots__ = ()


class Concat(Join):
    """Several inputs one behind the other, along the channels unless ``axis`` says otherwise.

    Args:
        axis: The position in the shape; None for the channels.
        crop: ``"center"`` if bigger inputs are cropped to the smallest first, as in the U-Net of 2015; or None.

    Raises:
        ShapeError: An argument is not legal.

    Examples:
        >>> import convshape as cs
        >>> net = cs.Graph(
        ...     {
        ...         "skip": cs.Conv((3, 3, 1, 8)),
        ...         "down": cs.Pool(2),
        ...         "up": cs.ConvTranspose((2, 2, 8, 8), 2),
        ...         "join": (cs.layers.Concat(), "up", "skip"),
        ...     }
        ... )
        >>> net(("N", 8, 8, 1))
        ('N', 8, 8, 16)
        >>> cs.layers.Concat(crop="left")
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: Concat: crop is the string "left".
          legal: ("center", None)
          because: bigger inputs lose as much at the end as at the beginning, or nothing.
          fix: crop="center"
    """

    __slots__ = ("axis", "crop")
    _fields = ("axis", "crop")
    axis: int | None
    crop: str | None

    def __init__(self, axis: int | None = None, crop: str | None = None) -> None:
        self._make(axis=axis, crop=crop)

    @property
    def crops(self) -> bool:
        """Whether bigger inputs are cropped to the smallest one."""
        return self.crop is not None

    @property
    def wanted(self) -> str:
        """What its inputs have to be, in words."""
        return "inputs of one size on every axis but the one that is joined"

    def settle(self) -> None:
        """Check both arguments."""
        if self.axis is not None and (type(self.axis) is not int or not -5 <= self.axis <= 4):
            raise Refusal(
                "axis",
                given=self.axis,
                problem=f"axis is {kind_of(self.axis)}.",
                legal="a position in the shape, or None for the channels",
                reason="inputs are put together along one axis.",
                suggestions=(Suggestion({"axis": None}, "along the channels"),),
            )
        if self.crop not in (None, "center"):
            raise Refusal(
                "crop",
                given=self.crop,
                problem=f"crop is {kind_of(self.crop)}.",
                legal=("center", None),
                reason="bigger inputs lose as much at the end as at the beginning, or nothing.",
                suggestions=(Suggestion({"crop": "center"}),),
            )

    def along(self, rank: int, layout: str | None) -> int:
        """Return the position of the axis along which the inputs are put together."""
        if self.axis is None:
            return rank - 1 if layout is None else channel_axis(layout)
        return self.axis % rank

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the joined shape, or raise the bare ``Refusal``."""
        self.same_rank(shapes)
        along = self.along(len(shapes[0]), layout)
        return tuple(self._size(shapes, axis, along, layout) for axis in range(len(shapes[0])))

    def _size(self, shapes: tuple[Shape, ...], axis: int, along: int, layout: str | None) -> Size:
        sizes = [shape[axis] for shape in shapes]
        if axis == along:
            return sum(sizes) if all(isinstance(size, int) for size in sizes) else None  # type: ignore[arg-type]
        known = {*sizes} - {None}
        spatial = layout is not None and axis in range(*spatial_slice(layout).indices(len(shapes[0])))
        if self.crops and spatial:
            return None if None in sizes else min(known)  # type: ignore[type-var]
        if len(known) > 1 and axis:
            raise self.differ(shapes, axis, f"differ: {_many(known)} at position {axis}", SizeError)
        return next((size for size in sizes if size is not None), None)

    def named(self, entries: tuple[Entries, ...], output: Shape, layout: str | None) -> Entries:
        """Return for every axis that is not joined the shortest closed form of it."""
        along = self.along(len(output), layout)
        return tuple(
            size if axis == along else _shortest([each[axis] for each in entries], size, False, self.crops)
            for axis, size in enumerate(output)
        )

    def detail(self, shape: Shape) -> str:
        """Return what is not at its default."""
        words = [] if self.axis is None else [f"axis {self.axis}"]
        return ", ".join([*words, *(["cropped"] if self.crops else [])])


def _many(sizes: set[Size]) -> str:
    return " and ".join(map(show, sorted(sizes, key=str)))


def _shortest(entries: list[Entry], size: Size, broadcast: bool, crops: bool = False) -> Entry:
    """Return what an axis is where inputs say it differently: a number, or the shortest closed form."""
    if size is not None and not (broadcast and size == 1):
        return size
    forms = [entry for entry in entries if isinstance(entry, Form)]
    others = [entry for entry in entries if not isinstance(entry, Form) and not (broadcast and entry == 1)]
    if not forms or others or ((crops or broadcast) and len({*forms}) > 1):
        return size
    return min(forms, key=lambda one: len(str(one)))
