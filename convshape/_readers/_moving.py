"""What PyTorch and ONNX do to axes alike: slices, transpositions, reductions, padding, resizing, joining."""

from __future__ import annotations

from convshape._networks._amounts import Amount, amount, divided, least_of, lesser, plus
from convshape._networks._constants import WithConstant, meeting
from convshape._networks._dense import Flatten, Reshape
from convshape._networks._elementwise import Elementwise
from convshape._networks._fixed import GlobalPool
from convshape._networks._joins import Add, Concat, Multiply
from convshape._networks._reshaped import Refilled
from convshape._networks._same import Same
from convshape._readers._wires import Constant, Unread, Wire
from convshape._readers._wiring import Wiring
from convshape._refusals import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

ONE = amount(1)

_MOST_PIECES = 4096


def transpose(wiring: Wiring, name: str, wire: Wire, order: Sequence[int]) -> Wire:
    """Put the axes in another order."""
    places = [wire.axis(place) for place in order]
    if sorted(places) != list(range(wire.rank)):
        raise Unread("its order of axes is none")
    note = ", ".join(map(str, places))
    return wiring.shaped(name, "Transpose", wire, [wire.size(place) for place in places], note=note)


def reduce(wiring: Wiring, name: str, kind: str, wire: Wire, axes: Sequence[int], keep: bool) -> Wire:
    """Take one number over some axes; over all spatial ones it is a global pool."""
    gone = {wire.axis(axis) for axis in axes}
    if gone == {*range(2, wire.rank)} and gone:
        return wiring.add(name, GlobalPool(keep), wire)
    sizes = [ONE if axis in gone else wire.size(axis) for axis in range(wire.rank) if keep or axis not in gone]  # fmt: skip
    return wiring.shaped(name, kind, wire, sizes)


def squeeze(wiring: Wiring, name: str, wire: Wire, axes: Sequence[int], *, strict: bool) -> Wire:
    """Leave out axes of one element; ``strict`` if others are an error, as in ONNX."""
    gone: set[int] = set()
    needs: list[tuple[Amount, int, bool]] = []
    for axis in {wire.axis(axis) for axis in axes}:
        size = wire.size(axis)
        only = size.number
        if only is None and not strict:  # as it is for the input that the graph is read with
            only = None if wire.example is None else wire.example[axis]  # type: ignore[assignment]
            if not isinstance(only, int):
                raise Unread("whether it leaves an axis out depends on a size; an input_shape tells it")
        if only == 1 or strict:
            gone.add(axis)
            needs += [] if size.number == 1 else [(size, 1, False)]
        elif size.number is None:
            needs.append((size, 2, True))
    sizes = [wire.size(axis) for axis in range(wire.rank) if axis not in gone]
    return wiring.shaped(name, "Squeeze", wire, sizes, needs)


def unsqueeze(wiring: Wiring, name: str, wire: Wire, axes: Sequence[int]) -> Wire:
    """Put in axes of one element."""
    rank = wire.rank + len(axes)
    places = {axis % rank if -rank <= axis < rank else rank for axis in axes}
    if len(places) != len(axes) or rank in places:
        raise Unread("its axes are none")
    sizes = list(wire.all_sizes())
    for place in sorted(places):
        sizes.insert(place, ONE)
    return wiring.shaped(name, "Unsqueeze", wire, sizes)


def sliced(size: Amount, start: Amount | None, stop: Amount | None, step: int) -> tuple[Amount, list[tuple[Amount, int, bool]]]:  # fmt: skip
    """Return how many elements a slice of so many has, and what must hold for it."""
    if step < 1:
        raise Unread("its step is negative")
    needs: list[tuple[Amount, int, bool]] = []
    first, last = amount(0), size
    if start is not None and (back := backwards(start)) is not None:
        first = plus(size, lesser(size, back), -1)
        needs += _one_or_more(back)
    elif start is not None:
        first = start
        needs.append((start, 0, True))
    if stop is not None and (back := backwards(stop)) is not None:
        last = plus(size, back, -1)
        needs += _one_or_more(back)
    elif stop is not None and stop.number is not None:
        last = lesser(size, stop)
    elif stop is not None and stop != size:
        last = stop
        needs.append((plus(size, stop, -1), 0, True))
    return divided(plus(plus(last, first, -1), amount(step - 1)), step), [
        one for one in needs if one[0].number is None or one[0].number < 0
    ]


def backwards(end: Amount) -> Amount | None:
    """Return how far from an axis's end a slice begins or stops; None where it is told from the beginning."""
    back = plus(amount(0), end, -1)
    low = least_of(back)
    return None if low is None or low < 0 or end.number == 0 else back


def _one_or_more(back: Amount) -> list[tuple[Amount, int, bool]]:
    """Return that a distance from the end is none of 0, which would be the beginning."""
    return [] if (least_of(back) or 0) >= 1 else [(back, 1, True)]


def reshape(wiring: Wiring, name: str, wire: Wire, target: Sequence[Amount]) -> Wire:
    """Lay the numbers out anew; -1 is what is left."""
    told = tuple(None if one.number == -1 else wiring.local(wire, one) for one in target)
    if told.count(None) > 1:
        raise Unread("more than one of its sizes is -1")
    if not told:
        raise Unread("it makes a single number")
    batch = told[0] is not None and told[0] == wire.size(0) and told[0].number is None
    numbers = [-1 if one is None else one.number for one in told[1:]]
    if batch and numbers == [-1]:
        return wiring.add(name, Flatten(), wire)
    try:
        if batch and None not in numbers and numbers:
            return wiring.add(name, Reshape(numbers), wire)  # type: ignore[arg-type]
        if told[0] is None and None not in numbers and numbers:
            return wiring.add(name, Refilled(numbers), wire)  # type: ignore[arg-type]
    except ValueError as error:
        raise Unread(str(error).splitlines()[0]) from None
    return wiring.reshaped(name, "Reshape", wire, told)


def flatten(wiring: Wiring, name: str, wire: Wire, start: int, end: int) -> Wire:
    """Make one axis of several."""
    if start == 1 and (end == -1 or (wire.sizes is not None and end == wire.rank - 1)):
        return wiring.add(name, Flatten(), wire)
    first, last = wire.axis(start), wire.axis(end)
    if first > last:
        raise Unread("its axes are none")
    before = [wire.size(axis) for axis in range(first)]
    after = [wire.size(axis) for axis in range(last + 1, wire.rank)]
    return wiring.reshaped(name, "Flatten", wire, [*before, None, *after])


def unflatten(wiring: Wiring, name: str, wire: Wire, axis: int, sizes: Sequence[Amount]) -> Wire:
    """Make several axes of one."""
    place, whole = wire.axis(axis), wire.all_sizes()
    return reshape(wiring, name, wire, [*whole[:place], *sizes, *whole[place + 1 :]])


def concat(wiring: Wiring, name: str, wires: Sequence[Any], axis: int) -> Wire:
    """Put values one behind the other."""
    if not all(isinstance(one, Wire | Constant) for one in wires) or not any(
        isinstance(one, Wire) for one in wires
    ):
        raise Unread("it joins constants alone, or lists that are not known")
    ready = [
        wiring.spread(f"{name}.{place}", one, map(amount, one.shape)) if isinstance(one, Constant) else one
        for place, one in enumerate(wires)
    ]
    if len(ready) == 1:
        return wiring.add(name, Same("Concat"), ready[0])
    if not -5 <= axis <= 4:
        raise Unread("its axis is none")
    return wiring.add(name, Concat(axis), *ready)


def expand(
    wiring: Wiring, name: str, value: Wire | Constant, wanted: Sequence[Amount], own: Amount
) -> Wire | Constant:
    """Repeat axes of one element; where ``wanted`` is ``own``, an axis stays as it is."""
    whole = value.all_sizes() if isinstance(value, Wire) else tuple(map(amount, value.shape))
    longest = max(len(wanted), len(whole))
    news, olds = (ONE,) * (longest - len(wanted)) + tuple(wanted), (ONE,) * (longest - len(whole)) + whole
    sizes = []
    for new, old in zip(news, olds, strict=True):
        if new not in (own, old) and old.number != 1:
            raise Unread("whether an axis has one element is not known")
        sizes.append(old if new == own else new)
    if isinstance(value, Wire):
        return wiring.shaped(name, "Expand", value, sizes)
    numbers = tuple(one.number for one in sizes)
    if None not in numbers:
        return Constant(numbers, value.learned, value.key)  # type: ignore[arg-type]
    return wiring.spread(name, value, sizes)


def pieces(wiring: Wiring, name: str, wire: Wire, axis: int, sizes: Sequence[Amount]) -> tuple[Wire, ...]:
    """Cut an axis into pieces of these sizes."""
    if len(sizes) > _MOST_PIECES:
        raise Unread("it has too many pieces")
    place, whole = wire.axis(axis), list(wire.all_sizes())
    left = whole[place]
    for size in sizes:
        left = plus(left, size, -1)
    needs = [] if left.number == 0 else [(left, 0, False)]
    made = []
    for number, size in enumerate(sizes):
        told = [*whole[:place], size, *whole[place + 1 :]]
        made.append(wiring.shaped(f"{name}.{number}", "Split", wire, told, needs))
    return tuple(made)


def equal_pieces(wire: Wire, axis: int, each: int) -> list[Amount]:
    """Return the sizes of pieces of ``each`` elements, the last of what is left."""
    whole = wire.size(axis).number
    if whole is None:
        raise Unread("into how many pieces it cuts depends on a size that is not known")
    if each < 1 or whole // each > _MOST_PIECES:
        raise Unread("its pieces are none")
    return [amount(min(each, whole - begin)) for begin in range(0, whole, each)]


def elementwise(wiring: Wiring, name: str, kind: str, values: Sequence[object]) -> Wire | Constant:
    """Combine values element by element; single numbers change no shape."""
    wires = [one for one in values if isinstance(one, Wire)]
    constants = [one for one in values if isinstance(one, Constant)]
    if not wires:
        if len(constants) == 1:
            return constants[0]
        return elementwise_of(constants, kind)
    result = wires[0]
    if len(wires) > 1:
        joined = {"Add": Add(True), "Mul": Multiply(True)}.get(kind) or Elementwise(kind)
        result = wiring.add(name, joined, *wires)
    for constant in constants:
        result = wiring.add(name, WithConstant(kind, constant.shape, wiring.learned(constant)), result)
    return result if len(wires) > 1 or constants else wiring.add(name, Same(kind, "with a number"), result)


def elementwise_of(constants: Sequence[Constant], kind: str) -> Constant:
    """Combine constants element by element."""
    keys = tuple(one.key for one in constants)
    return Constant(_met(constants, kind), any(one.learned for one in constants), keys)


def _met(constants: Sequence[Constant], kind: str) -> tuple[int, ...]:
    shape: tuple[int, ...] = ()
    try:
        for one in constants:
            shape = meeting((shape, one.shape), kind)  # type: ignore[assignment]
    except Refusal as refusal:
        raise Unread(refusal.problem) from None
    return shape
