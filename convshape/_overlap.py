"""How often each element of the bigger side meets a tap: the checkerboard of transposed convolutions, exactly."""

from __future__ import annotations

from itertools import product
from math import prod

from convshape._errors import Diagnosis, RankError, SizeError
from convshape._explain._counting import MOST_NUMBERS, all_counts, few, has_gaps, is_even, levels
from convshape._explain._lines import alike, lines_of, listed
from convshape._explain._subject import read_spec, read_subject
from convshape._frozen import Frozen
from convshape._mending import mend
from convshape._reading import as_entries, as_index
from convshape._refusals import Refusal, Suggestion
from convshape._rendering import as_json
from convshape._show import kind_of, show
from convshape._transposed import ConvTranspose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from convshape._explain._lines import Line
    from convshape._explain._subject import Known, LayerLike
    from convshape._shapes import Shape
    from convshape._types import Entries, ShapeLike

MOST_LISTED = 2**16


def overlap(spec: Known | LayerLike, input_shape: ShapeLike | None = None) -> Overlap:
    """Return how often each output element of a transposed convolution is written, or input element read.

    A transposed convolution writes every input element over a kernel's extent; where the stride does not divide
    the kernel, neighbours are written by unequal numbers of taps, which shows as a checkerboard (Odena et al.,
    distill.pub/2016/deconv-checkerboard). Of a forward convolution or a pool it is the input's elements that are
    counted: how often each is read, which is how its gradient is written. The counts follow in closed form from
    where the taps lie, ``window * stride + tap * dilation``.

    Args:
        spec: A spec, or a layer of ``convshape.frameworks``.
        input_shape: The input's shape, ``(N, *spatial, C)`` in the layer's layout, sizes in elements; None for what
            holds at any size. Sizes may be None.

    Returns:
        Counts over one stride, away from the borders, and whether they are even; with known sizes also the counts
        of every element, borders included. Printed it says so in words.

    Raises:
        ShapeError: The layer is none, or does not take the input: then it is the layer's own error.

    Examples:
        >>> import convshape as cs
        >>> cs.overlap(cs.ConvTranspose((5, 5, 32, 64), strides=2), ("N", 4, 4, 64))
        uneven on height and width: elements of the output are written 9, 6 or 4 times, a checkerboard
          height and width: 3 2 over one stride of 2 (kernel 5); in all 8: 1 2 2 3 2 3 2 2
        >>> cs.overlap(cs.ConvTranspose((4, 4, 32, 64), strides=2)).even
        True
        >>> cs.overlap(cs.Conv((3, 3, 1, 8), padding="VALID"), ("N", 2, 8, 1))
        Traceback (most recent call last):
        ...
        convshape.SizeError: Conv: input_shape (N, 2, 8, 1) has a height of 2, too small for a kernel that spans 3.
          legal: a height of at least 3
          because: VALID does not pad: a kernel that spans 3 needs an input of at least 3. TensorFlow may compute 0 and not refuse it; its default build then returns memory of the input's shape.
          fix: padding="SAME"    (pads as much as it needs)
          or: filter_shape=(2, 3, 1, 8)    (a kernel that fits)
          or: input_shape=("N", 3, 8, 1)    (the smallest input that fits)
    """
    if input_shape is None:
        return Overlap(read_spec("overlap", spec))
    known, shape, _ = read_subject("overlap", spec, input_shape)
    return Overlap(known, shape)


class Overlap(Frozen):
    """How often the elements of a layer's bigger side meet a tap; made by :func:`overlap`.

    The bigger side is the output of a transposed convolution, whose elements are written, and the input of a
    forward convolution or a pool, whose elements are read. An element's number is the product of its axes' counts.

    Attributes:
        spec: The layer.
        input_shape: The input's shape, or None where none was given.
        lines: The numbers of each spatial axis.
    """

    __slots__ = ("input_shape", "lines", "spec")
    _fields = ("spec", "input_shape")
    spec: Known
    input_shape: Shape | None
    lines: tuple[Line, ...]

    def __init__(self, spec: Known, input_shape: Shape | None = None) -> None:
        output = None if input_shape is None else spec(input_shape)
        self._set(spec=spec, input_shape=input_shape, lines=lines_of(spec, input_shape, output))

    @property
    def transposed(self) -> bool:
        """Whether it is output elements, written, that are counted, and not input elements, read."""
        return isinstance(self.spec, ConvTranspose)

    @property
    def even(self) -> bool:
        """Whether all elements meet as many taps, borders aside, so that there is no checkerboard and nothing left out."""
        return all(is_even(line) for line in self.lines)

    @property
    def uneven_axes(self) -> tuple[str, ...]:
        """The names of the axes that are not even."""
        return tuple(line.name for line in self.lines if not is_even(line))

    @property
    def holes(self) -> tuple[bool, ...]:
        """Whether some elements meet no tap at all, between taps or behind the last one, axis by axis."""
        return tuple(line.left_over > 0 or has_gaps(line) for line in self.lines)

    @property
    def pattern(self) -> tuple[tuple[int, ...], ...]:
        """The counts over one stride from a window's first tap on, away from the borders, a tuple an axis.

        Position ``p`` of an axis has the count ``pattern[(p + before) % stride]``, with ``before`` from its line.
        """
        self._check_listed("stride", [line.stride for line in self.lines])
        return tuple(tuple(len(line.steady(place)) for place in range(line.stride)) for line in self.lines)

    @property
    def counts(self) -> tuple[tuple[int, ...], ...] | None:
        """The counts of all elements with the borders, a tuple an axis, or None where a size is not known."""
        sizes = [line.positions for line in self.lines]
        if None in sizes:
            return None
        self._check_listed("size", sizes)
        return tuple(
            tuple(len(line.taps(place)) for place in range(line.positions or 0)) for line in self.lines
        )

    def at(self, position: Entries[int]) -> int:
        """Return how many taps meet one element, at any size; all sizes must be known.

        Args:
            position: The element's place, an index a spatial axis, from 0.

        Raises:
            ShapeError: It is no place of this layer, or a size is not known.
        """
        try:
            return self._at(position)
        except Refusal as refusal:
            raise mend("Overlap.at", self._at, {"position": position}, refusal) from None

    def _at(self, position: object) -> int:
        entries = as_entries(position)
        entries = (position,) if entries is None and len(self.lines) == 1 else entries
        places = tuple(map(as_index, entries or ()))
        sizes = tuple(line.positions for line in self.lines)
        fits = None not in sizes and len(places) == len(sizes)
        if not fits or any(
            place is None or not 0 <= place < (size or 0) for place, size in zip(places, sizes, strict=True)
        ):
            middle = tuple((size or 1) // 2 for size in sizes)
            raise Refusal(
                "position",
                given=position,
                problem=f"position is {kind_of(position)}."
                if None not in sizes
                else "the sizes are not known.",
                legal=" x ".join("unknown" if size is None else f"0..{size - 1}" for size in sizes),
                reason="it is an index a spatial axis, batch and channels not counted.",
                kind=RankError if entries is not None and len(entries) != len(sizes) else SizeError,
                suggestions=(Suggestion({"position": middle}, "the middle"),),
            )
        counts: list[int] = [
            len(line.taps(place or 0)) for line, place in zip(self.lines, places, strict=True)
        ]
        return prod(counts)

    def _check_listed(self, what: str, numbers: list[int | None]) -> None:
        """Refuse to list what is longer than anybody reads."""
        longest = max(number or 0 for number in numbers)
        if longest <= MOST_LISTED:
            return
        raise SizeError(
            Diagnosis(
                "Overlap",
                "spec",
                given=self.spec,
                legal=f"a {what} of at most {MOST_LISTED}",
                problem=f"a {what} of {show(longest)} is not listed.",
                reason="a list has an entry an element; .even, .holes and .at(position) work at any size.",
            )
        )

    def times(self) -> tuple[int, ...]:
        """Return every number of taps that an element meets away from the borders, the largest first."""
        return tuple(sorted({prod(chosen) for chosen in product(*map(levels, self.lines))}, reverse=True))

    def headline(self) -> str:
        """Return the answer in a line."""
        side, done = ("output", "written") if self.transposed else ("input", "read")
        times = self.times()
        said = "once" if times == (1,) else f"{listed([str(number) for number in times], 'or')} times"
        if self.even:
            return f"even: every element of the {side} is {done} {said}, borders aside"
        axes = listed(list(self.uneven_axes))
        tail = (
            ", a checkerboard"
            if self.transposed and len(self.lines) > 1 and len(self.uneven_axes) > 1 and len(times) > 1
            else ""
        )
        holes = "; holes: some are never " + done if any(self.holes) else ""
        return f"uneven on {axes}: elements of the {side} are {done} {said}{tail}{holes}"

    def rows(self) -> Iterator[tuple[str, str]]:
        """Yield the counts of each axis, those that are alike as one."""
        for names, line in alike(self.lines):
            shown = few([len(line.steady(place)) for place in range(min(line.stride, MOST_NUMBERS + 1))])
            spread = "" if line.dilation == 1 else f", dilation {line.dilation}"
            said = f"{shown} over one stride of {line.stride} (kernel {line.kernel}{spread})"
            size = line.positions
            if size is not None and line.before is not None:
                said += f"; in all {size}: {all_counts(line, size)}"
            if line.left_over:
                said += f"; {line.left_over} at the end {'meets' if line.left_over == 1 else 'meet'} no tap"
            yield names, said

    def __repr__(self) -> str:
        return "\n".join((self.headline(), *(f"  {names}: {said}" for names, said in self.rows())))

    def _repr_html_(self) -> str:
        from convshape._pictures._heat import draw_overlap

        return draw_overlap(self)._repr_html_()

    def to_json(self) -> dict[str, object]:
        """Return the counts as a dict that ``json.dumps`` takes as it is; lists are cut short."""
        listable = max(line.stride for line in self.lines) <= MOST_LISTED
        sizes = [line.positions for line in self.lines]
        known = None not in sizes and max(size or 0 for size in sizes) <= MOST_LISTED
        return {
            "operation": "overlap",
            "spec": {name: as_json(value) for name, value in self.spec._values().items()},
            "kind": type(self.spec).__name__,
            "input_shape": as_json(self.input_shape),
            "even": self.even,
            "holes": list(self.holes),
            "pattern": [list(axis) for axis in self.pattern] if listable else None,
            "counts": [list(axis) for axis in self.counts or ()] if known else None,
            "text": repr(self),
        }
