"""One spatial axis of a layer with all its numbers: what words, counts and pictures are made of.

The windows of a kernel lie ``stride`` elements apart on a line, and each has its taps at multiples of the
dilation. The line is the output of a transposed convolution before its crop, or the padded input of a forward one;
position ``p`` of the bigger side is ``p + before`` on the line.
"""

from __future__ import annotations

from math import gcd

from convshape._frozen import Frozen
from convshape._geometry import forward_geometry, transposed_geometry
from convshape._layouts import AXIS_NAMES
from convshape._paddings import before_and_after
from convshape._sizes import effective_kernel, transposed_sizes
from convshape._transposed import ConvTranspose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._explain._subject import Known
    from convshape._paddings import Pair
    from convshape._shapes import Shape

_FIELDS = (
    "name", "transposed", "size", "output", "kernel", "dilation", "stride", "padding", "before", "after", "legal",
)  # fmt: skip


class Line(Frozen):
    """One spatial axis of one layer, for one input.

    Attributes:
        name: What the axis is called: ``"height"``.
        transposed: Whether the layer is a transposed convolution.
        size: The input's size in elements, None where it is not known.
        output: The output's size, likewise.
        kernel: The kernel's or window's size.
        dilation: Elements from one tap to the next.
        stride: Elements from one window to the next on the line.
        padding: ``"SAME"``, ``"VALID"`` or ``(before, after)``, as the spec says it.
        before: Elements padded before, or cropped there; None where SAME meets a size not known.
        after: Elements padded after, or cropped there (below 0: zeros behind the last tap), likewise.
        legal: The legal outputs of a transposed convolution, None of others or where the size is not known.
    """

    __slots__ = _FIELDS
    _fields = _FIELDS
    name: str
    transposed: bool
    size: int | None
    output: int | None
    kernel: int
    dilation: int
    stride: int
    padding: str | Pair
    before: int | None
    after: int | None
    legal: range | None

    def __init__(self, **fields: object) -> None:
        self._set(**fields)

    @property
    def extent(self) -> int:
        """What the dilated kernel spans, in elements."""
        return effective_kernel(self.kernel, self.dilation)

    @property
    def windows(self) -> int | None:
        """How many windows lie on the line."""
        return self.size if self.transposed else self.output

    @property
    def positions(self) -> int | None:
        """How many elements the bigger side has: those that are written, or read."""
        return self.output if self.transposed else self.size

    @property
    def natural(self) -> int | None:
        """What all windows span together: ``(windows - 1) * stride + extent``."""
        return None if self.windows is None else (self.windows - 1) * self.stride + self.extent

    @property
    def left_over(self) -> int:
        """Elements of the bigger side behind the last window; 0 where that is not known."""
        if self.transposed:
            behind = max(0, -(self.after or 0))
            return behind if self.output is None else min(behind, self.output)
        if self.natural is None or self.size is None or self.before is None or self.after is None:
            return 0
        return max(0, self.size - max(0, self.natural - self.before))

    @property
    def overhang(self) -> int:
        """How far the last window of a pool in ceil mode hangs over input and padding."""
        if self.transposed or self.natural is None or self.size is None or self.before is None:
            return 0
        return max(0, self.natural - self.before - self.size - (self.after or 0))

    def steady(self, remainder: int) -> range:
        """Return the taps that meet a position ``remainder`` behind a window's start, far from the borders."""
        first, step = self._first(remainder)
        return range(0) if first is None else range(first, self.kernel, step)

    def taps(self, position: int) -> range:
        """Return the taps that meet a position of the bigger side; its numbers must be known."""
        place = position + self.before  # type: ignore[operator]
        first, step = self._first(place)
        if first is None or place < 0:
            return range(0)
        last_start = (self.windows - 1) * self.stride  # type: ignore[operator]
        low = max(0, -((last_start - place) // self.dilation))
        return range(low + (first - low) % step, min(self.kernel - 1, place // self.dilation) + 1, step)

    def _first(self, place: int) -> tuple[int | None, int]:
        """Return the first tap of those that can meet a place, and how far apart they are.

        Tap ``t`` of window ``j`` lies at ``j * stride + t * dilation``: a linear congruence for ``t``.
        """
        common = gcd(self.dilation, self.stride)
        step = self.stride // common
        if place % common:
            return None, step
        return place // common * pow(self.dilation // common, -1, step) % step, step


def lines_of(spec: Known, shape: Shape | None = None, output: Shape | None = None) -> tuple[Line, ...]:
    """Return a layer's spatial axes, for an input and its output; None where no input was given."""
    rank = len(spec.data_format) - 2
    unknown: Shape = (None,) * rank
    sizes = unknown if shape is None else spec.spatial_of(shape)
    outputs = unknown if output is None else spec.spatial_of(output)
    transposed = isinstance(spec, ConvTranspose)
    geometry = transposed_geometry(spec) if isinstance(spec, ConvTranspose) else forward_geometry(spec, sizes)
    lines = []
    for axis, name in enumerate(AXIS_NAMES[rank]):
        extent, stride = geometry.extents[axis], geometry.strides[axis]
        pads = _pads(spec, sizes, axis) if geometry.pads is None else geometry.pads[axis]
        before, after = (None, None) if pads is None else pads
        size, made, legal = sizes[axis], outputs[axis], None
        if transposed and isinstance(size, int) and isinstance(made, int):
            # from sizes, because an output_padding counts from 1 where padding takes the smallest size below it
            after = (size - 1) * stride + extent - made - (before or 0)
            legal = transposed_sizes(size, spec.reach(axis), stride)  # type: ignore[union-attr]
        lines.append(
            Line(
                name=name, transposed=transposed, size=size, output=made, kernel=geometry.kernel[axis],
                dilation=geometry.dilations[axis], stride=stride, padding=before_and_after(spec.padding, axis),
                before=before, after=after, legal=legal,
            )
        )  # fmt: skip
    return tuple(lines)


def _pads(spec: Known, sizes: Shape, axis: int) -> Pair | None:
    """Return SAME's padding of one axis, where another axis has a size that is not known."""
    if not isinstance(sizes[axis], int):
        return None
    alone = forward_geometry(spec, (sizes[axis],) * len(sizes)).pads  # type: ignore[arg-type]
    return None if alone is None else alone[axis]


def alike(lines: tuple[Line, ...]) -> list[tuple[str, Line]]:
    """Return the axes, those with the same numbers as one, under a name such as ``height and width``."""
    groups: dict[tuple[object, ...], list[Line]] = {}
    for line in lines:
        groups.setdefault(tuple(line._values().values())[1:], []).append(line)
    return [(listed([line.name for line in group]), group[0]) for group in groups.values()]


def listed(words: list[str], last: str = "and") -> str:
    """Return words as a list in a sentence: ``depth, height and width``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
