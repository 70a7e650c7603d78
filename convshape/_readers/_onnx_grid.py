"""Tensors of whole numbers that follow from sizes, in an ONNX graph."""

from __future__ import annotations

from convshape._networks._amounts import Amount, amount
from convshape._readers._wires import Constant, Unread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


MOST = 1024  # so many numbers, and of so many parts each, no exporter writes


class Grid:
    """A tensor of amounts: its shape, and its numbers row by row."""

    __slots__ = ("flat", "shape")

    def __init__(self, shape: tuple[int, ...], flat: Iterable[Amount]) -> None:
        bounded(shape)
        self.shape = shape
        self.flat = tuple(flat)

    def at(self, place: tuple[int, ...]) -> Amount:
        """Return one number."""
        position = 0
        for index, size in zip(place, self.shape, strict=True):
            position = position * size + index
        return self.flat[position]


def bounded(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return a shape of not too many numbers."""
    count = 1
    for size in shape:
        count *= size
    if min(shape, default=0) < 0 or count > MOST:
        raise Unread("it makes too many numbers")
    return shape


def grid(value: object) -> Grid:
    """Return a value as whole numbers, or raise ``Unread``."""
    if isinstance(value, Grid):
        return value
    if isinstance(value, Constant) and value.values is not None:
        for one in value.values:
            if not abs(one) <= 2**63 or int(one) != one:  # written so that NaN is none either
                raise Unread("a number in it is not whole")
        return Grid(value.shape, (amount(int(one)) for one in value.values))
    raise Unread("whole numbers in it are not known")


def many(value: object) -> tuple[Amount, ...]:
    """Return a list of whole numbers; a single one is a list of one."""
    told = grid(value)
    if len(told.shape) > 1:
        raise Unread("it takes a list of numbers")
    return told.flat


def numbers(value: object) -> tuple[int, ...]:
    """Return a list of whole numbers that follow from no size."""
    found = tuple(one.number for one in many(value))
    if None in found:
        raise Unread("a number in it depends on sizes")
    return found  # type: ignore[return-value]


def listed(values: Iterable[Amount]) -> Grid:
    """Return a list of amounts as a grid."""
    flat = tuple(values)
    return Grid((len(flat),), flat)
