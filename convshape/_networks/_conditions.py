"""What must hold along one axis of a network, and the refusals of what cannot be told."""

from __future__ import annotations

from convshape._errors import SizeError
from convshape._layouts import AXIS_NAMES
from convshape._networks._block import told
from convshape._refusals import Refusal, Suggestion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from convshape._networks._network import Node, Value

    Sizes = list[int]  # one a value; the last is the input's, so that -1 finds it


class Condition:
    """What must hold at a layer.

    Attributes:
        position: The layer.
        holds: Whether it holds, asked of all values.
        first: A value that must equal ``second``, or whose remainder matters; None where it must only be large enough.
        second: The other value, if there is one.
        number: What ``first`` must be, or, where it is no equation, what its remainder is taken by.
        equation: Whether ``first`` must equal ``second`` or ``number``.
    """

    __slots__ = ("equation", "first", "holds", "number", "position", "second")

    def __init__(
        self,
        position: int,
        holds: Callable[[Sizes], bool],
        first: int | None = None,
        second: int | None = None,
        number: int | None = None,
        equation: bool = False,
    ) -> None:
        self.position = position
        self.holds = holds
        self.first = first
        self.second = second
        self.number = number
        self.equation = equation


def equal(position: int, first: int, other: int, broadcast: bool) -> Condition:
    if broadcast:
        return Condition(position, lambda values: values[first] == values[other] or 1 in (values[first], values[other]), first, other, equation=True)  # fmt: skip
    return Condition(position, lambda values: values[first] == values[other], first, other, equation=True)


def untold(node: Node) -> Refusal:
    return Refusal(
        "network",
        given=node.name,
        problem=f'"{node.name}" ({node.block.kind}) does not say what it does to each axis.',
        legal="layers that do",
        reason="legal sizes follow from what every layer does to one axis.",
    )


def needs_others(node: Node, start: Value) -> Refusal:
    """Return the refusal of a network that makes one number of all axes, where another axis is not known."""
    known = tuple(entry if isinstance(entry, int | str) else 64 for entry in start.shape)
    names = ", ".join(AXIS_NAMES.get(len(start.shape) - 2, ()))
    return Refusal(
        "input_shape",
        given=start.told,
        problem=f'"{node.name}" ({node.block.kind}) makes one number of all sizes of {told(start.told)}, and some are not known.',
        legal=f"the sizes of all axes but one, beside {names}",
        reason="where the axes are flattened for a fixed number of features, each axis depends on the others.",
        kind=SizeError,
        suggestions=(Suggestion({"input_shape": known}, "for example; with the sizes of your input"),),
    )
