"""Slices, places, expansions and repetitions of tensors in PyTorch programs."""

from __future__ import annotations

from convshape._networks._amounts import Amount, amount, plus, product
from convshape._networks._elementwise import ExpandAs
from convshape._readers import _moving as moving
from convshape._readers._torch_functions import number, plain
from convshape._readers._wires import Constant, Unread, Wire
from convshape._readers._wiring import Wiring

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def entries(values: Sequence[object]) -> list[object]:
    """Return sizes given one by one or as one list."""
    if len(values) == 1 and isinstance(values[0], tuple | list):
        return list(values[0])
    return list(values)


def expand(wiring: Wiring, name: str, input: Wire | Constant, *sizes: object) -> Wire | Constant:
    """Read an expansion of axes of one element."""
    return moving.expand(wiring, name, input, [number(one) for one in entries(sizes)], amount(-1))


def expand_as(wiring: Wiring, name: str, input: Wire | Constant, other: Wire | Constant) -> Wire | Constant:
    """Read an expansion to another value's sizes."""
    if isinstance(other, Constant):
        return moving.expand(wiring, name, input, list(map(amount, other.shape)), amount(-1))
    if isinstance(input, Constant):
        return moving.expand(wiring, name, input, list(other.all_sizes()), amount(-1))
    return wiring.add(name, ExpandAs(), input, other)


def repeat(wiring: Wiring, name: str, input: Wire, *times: object) -> Wire:
    """Read a repetition."""
    counts = [number(one) for one in entries(times)]
    whole = list(input.all_sizes())
    if len(counts) < len(whole):
        raise Unread("it has fewer numbers than axes")
    whole = [amount(1)] * (len(counts) - len(whole)) + whole
    return wiring.shaped(
        name, "Repeat", input, [product(one, each) for one, each in zip(whole, counts, strict=True)]
    )


def cut(wiring: Wiring, name: str, input: Wire, dim: int = 0, start: object = None, end: object = None, step: int = 1) -> Wire:  # fmt: skip
    """Read ATen's slice along one axis, or ``narrow``."""
    place, whole = input.axis(dim), list(input.all_sizes())
    stop = None if end is None or (type(end) is int and end >= 2**63 - 1) else number(end)
    first = None if start is None or start == 0 else number(start)
    whole[place], needs = moving.sliced(whole[place], first, stop, step)
    return wiring.shaped(name, "Slice", input, whole, needs)


def narrow(wiring: Wiring, name: str, input: Wire, dim: int, start: object, length: object) -> Wire:
    """Read a part of one axis; a negative start is told from its end."""
    first = number(start)
    if moving.backwards(first) is not None:
        first = plus(input.size(dim), first)
    return cut(wiring, name, input, dim, first, plus(first, number(length)))


def select(wiring: Wiring, name: str, input: Wire, dim: int, index: object) -> Wire:
    """Read one place of an axis."""
    place = input.axis(dim)
    return wiring.shaped(
        name, "Select", input, [one for at, one in enumerate(input.all_sizes()) if at != place]
    )


def picked(wiring: Wiring, name: str, input: Wire, index: object) -> Wire:
    """Read ``x[...]``: slices, places, new axes, and the ellipsis."""
    parts = list(index) if isinstance(index, tuple | list) else [index]
    told = sum(one is not None and one is not Ellipsis for one in parts)
    if Ellipsis in [one for one in parts if one is Ellipsis]:
        at = next(place for place, one in enumerate(parts) if one is Ellipsis)
        parts[at : at + 1] = [slice(None)] * (input.rank - told)
    sizes: list[Amount] = []
    needs: list[tuple[Amount, int, bool]] = []
    axis = 0
    for one in parts:
        if one is None:
            sizes.append(amount(1))
            continue
        size = input.size(axis)
        axis += 1
        if isinstance(one, slice):
            ends = [None if end is None else number(end) for end in (one.start, one.stop)]
            length, more = moving.sliced(size, ends[0], ends[1], 1 if one.step is None else plain(one.step))
            sizes.append(length)
            needs += more
        elif not isinstance(one, int | Amount):
            raise Unread("its index is a tensor")
    sizes += [input.size(at) for at in range(axis, input.rank)]
    return wiring.shaped(name, "Slice", input, sizes, needs)
