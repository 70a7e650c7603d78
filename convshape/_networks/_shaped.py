"""Layers whose output sizes are amounts of their inputs' sizes: slices, transpositions, padding to another's size."""

from __future__ import annotations

from convshape._errors import RankError, SizeError
from convshape._frozen import Frozen
from convshape._layouts import LAYOUTS, spatial_slice
from convshape._networks._moves import Move
from convshape._networks._plain import Layer
from convshape._refusals import Refusal
from convshape._show import INT64_MAX, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar

    from convshape._networks._amounts import Amount
    from convshape._networks._block import Entries, Weights
    from convshape._shapes import Shape


class Need(Frozen):
    """What an amount must be for a layer to run: just ``number``, or with ``least`` that or more."""

    __slots__ = ("least", "number", "what")
    _fields = ("what", "number", "least")
    what: Amount
    number: int
    least: bool

    def __init__(self, what: Amount, number: int, least: bool = True) -> None:
        self._set(what=what, number=number, least=least)

    def met(self, value: int | None) -> bool:
        """Return whether a value is legal; one that is not known may be."""
        return value is None or (value >= self.number if self.least else value == self.number)


class Shaped(Layer):
    """A layer whose output has one amount of its input's sizes an axis; the axes are those of PyTorch and ONNX.

    Args:
        name: What it is, for tables.
        sizes: The output's sizes, the batch too.
        ranks: How many axes each input has.
        needs: What must hold beside that every size is at least 1.
        note: What else a table should say.
        learned: Names and shapes of what it learns: a parameter that is spread over the batch.
    """

    __slots__ = ("learned", "name", "needs", "note", "ranks", "sizes")
    _fields = ("name", "sizes", "ranks", "needs", "note", "learned")
    name: str
    sizes: tuple[Amount, ...]
    ranks: tuple[int, ...]
    needs: tuple[Need, ...]
    note: str
    learned: tuple[tuple[str, tuple[int, ...]], ...]

    def __init__(
        self,
        name: str,
        sizes: tuple[Amount, ...],
        ranks: tuple[int, ...],
        needs: tuple[Need, ...] = (),
        note: str = "",
        learned: tuple[tuple[str, tuple[int, ...]], ...] = (),
    ) -> None:
        self._make(name=name, sizes=sizes, ranks=ranks, needs=needs, note=note, learned=learned)

    @property
    def kind(self) -> str:
        """What it is."""
        return self.name

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the output shape, or raise the bare ``Refusal``."""
        if tuple(map(len, shapes)) != self.ranks:
            raise self._refused(shapes, f"has {' and '.join(str(len(one)) for one in shapes)} axes, not {' and '.join(map(str, self.ranks))}", RankError)  # fmt: skip
        for need in self.needs:
            value = need.what.at(shapes)
            if not need.met(value):
                raise self._unmet(shapes, need, value)
        results = tuple(one.entry(shapes) for one in self.sizes)
        for result in results:
            if isinstance(result, int) and not 1 <= result <= INT64_MAX:
                raise self._refused(shapes, f"makes a size of {show(result)}")
        return results  # type: ignore[return-value]

    def _unmet(self, shapes: tuple[Shape, ...], need: Need, value: int | None) -> Refusal:
        word = "at least " if need.least else ""
        return self._refused(shapes, f"has a size of {value} where {self.name} takes {word}{need.number}")

    def _refused(self, shapes: tuple[Shape, ...], problem: str, kind: type[SizeError | RankError] = SizeError) -> Refusal:  # fmt: skip
        return Refusal(
            "input_shape",
            given=shapes[0],
            problem=f"the input {' beside '.join(map(show, shapes))} {problem}.",
            legal="sizes that leave at least 1 element on each axis",
            reason=f"{self.name} works its output's sizes out from its input's.",
            kind=kind,
            about="join" if self.joins else "",
        )

    def layout_after(self, layout: str | None, output: Shape, home: str | None) -> str | None:
        """Return channels-first: in these frameworks the axes' places say what they are."""
        return LAYOUTS[len(output) - 2][1] if len(output) - 2 in LAYOUTS else None

    def moves(self, shape: Shape, layout: str) -> tuple[Move, ...] | None:
        """Return what happens to each spatial axis, where it depends on that axis alone and the others stay."""
        rank = len(layout) - 2
        spots = range(*spatial_slice(layout).indices(rank + 2))
        if len(self.sizes) != rank + 2 or layout != LAYOUTS[rank][1] or self.joins:
            return None
        least = dict.fromkeys(spots, 1)
        for need in self.needs:
            own = need.what.size
            if own is None or not need.least or own.axis not in least:
                return None
            least[own.axis] = max(least[own.axis], need.number)
        found = tuple(self.sizes[axis].move(0, axis, least[axis]) for axis in spots)
        apart = all(
            not {atom.axis for _, atom in self.sizes[other].terms if hasattr(atom, "axis")} & {*spots}
            for other in (0, 1)
        )
        return found if apart and None not in found else None  # type: ignore[return-value]

    def named(self, entries: tuple[Entries, ...], output: Shape, layout: str | None) -> Entries:
        """Return every size as the closed form that it is, where there is one."""
        return tuple(
            size if size is not None else amount.entry(entries)
            for size, amount in zip(output, self.sizes, strict=True)
        )

    def weights(self, shape: Shape, layout: str | None) -> Weights:
        """Return what it learns."""
        return dict(self.learned)

    def detail(self, shape: Shape) -> str:
        """Return what the reader noted."""
        return self.note


class ShapedJoin(Shaped):
    """A layer that also asks for the sizes of other values: padding, cropping or resizing to them; as :class:`Shaped`."""

    __slots__ = ()
    joins: ClassVar[bool] = True

    @property
    def crops(self) -> bool:
        """Whether bigger inputs are cropped to the smallest one; never so."""
        return False

    def taken(self, axis: int) -> tuple[int, Move] | None:
        """Return the one input that decides an axis, and what happens to its size; None where several do."""
        sources = self.sizes[axis].sources()
        if len(sources) > 1 or self.needs:
            return None
        source = sources.pop() if sources else 0
        move = self.sizes[axis].move(source, axis, 1)
        return None if move is None else (source, move)
