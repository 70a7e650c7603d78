"""What readers of PyTorch and ONNX share: values on their way through a foreign graph, and the network made of them.

Every value is a wire (what a layer of the network makes), a constant, or whole numbers that follow from sizes. While
a graph is read, each wire knows as much of its shape as holds for every input: its axes, and sizes that layers fix.
"""

from __future__ import annotations

from convshape._networks._amounts import Amount, amount, size_of
from convshape._refusals import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape

BATCH = "N"


def unsized(rank: int | None) -> Shape | None:
    """Return what is known of an input of so many axes."""
    return None if rank is None else (BATCH, *(None for _ in range(rank - 1)))[:rank]


class Unread(Exception):
    """Something in a foreign graph that is not known; collected, so that all are named at once."""


class Wire:
    """What a layer of the network makes.

    Attributes:
        place: The node, or -1 for the network's input.
        sizes: What is known of its shape whatever the input's sizes, with the batch as a name where it is the input's;
            None where not even the axes are.
        example: Its shape for the input that the graph is read with; None where there is none.
    """

    __slots__ = ("example", "place", "sizes")

    def __init__(self, place: int, sizes: Shape | None, example: Shape | None = None) -> None:
        self.place = place
        self.sizes = sizes
        self.example = example

    @property
    def batched(self) -> bool:
        """Whether its batch is the input's."""
        return bool(self.sizes) and self.sizes[0] == BATCH  # type: ignore[index]

    @property
    def rank(self) -> int:
        """How many axes it has."""
        if self.sizes is None:
            raise Unread("how many axes its input has is not known")
        return len(self.sizes)

    def size(self, axis: int) -> Amount:
        """Return the size of an axis: a number where layers fix it."""
        if self.sizes is None:
            if axis < 0:
                axis += self.rank
            return size_of(self.place, axis)
        axis = self.axis(axis)
        known = self.sizes[axis]
        return amount(known) if isinstance(known, int) else size_of(self.place, axis)

    def axis(self, axis: int) -> int:
        """Return the place of an axis, counted from the end where it is negative."""
        if not -self.rank <= axis < self.rank:
            raise Unread(f"it speaks of axis {axis} of {self.rank}")
        return axis % self.rank

    def all_sizes(self) -> tuple[Amount, ...]:
        """Return the sizes of all axes."""
        return tuple(self.size(axis) for axis in range(self.rank))


class Constant:
    """A tensor of the graph that depends on no input.

    Attributes:
        shape: Its shape.
        learned: Whether it is learned.
        key: What tells it from others, so that nothing is counted twice.
        values: Its numbers where they are few, in rows; None where not looked at.
    """

    __slots__ = ("key", "learned", "shape", "values")

    def __init__(
        self,
        shape: tuple[int, ...],
        learned: bool = False,
        key: object = None,
        values: tuple[int | float, ...] | None = None,
    ) -> None:
        self.shape = shape
        self.learned = learned
        self.key = key
        self.values = values


def unread(what: str, found: list[tuple[str, str, str]], rules: str) -> Refusal:
    """Return the refusal that names all that was not read: kind, name, and why."""
    kinds: dict[str, list[str]] = {}
    for kind, name, why in found:
        kinds.setdefault(f"{kind} ({why})" if why else kind, []).append(name)
    told = "; ".join(
        f"{kind} as {', '.join(names[:4])}{f' and {len(names) - 4} more' if len(names) > 4 else ''}"
        for kind, names in kinds.items()
    )
    from convshape._errors import ArgumentError

    return Refusal(
        "rules",
        given=None,
        problem=f"{what} has {len(found)} {'layer' if len(found) == 1 else 'layers'} that convshape does not know: {told}.",
        legal=rules,
        reason="a layer's shape is never guessed: only who wrote it knows what it does.",
        kind=ArgumentError,
    )
