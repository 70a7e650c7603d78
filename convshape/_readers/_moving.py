"""What PyTorch and ONNX do to axes alike: slices, transpositions, reductions, padding, resizing, joining."""

from __future__ import annotations

from convshape._networks._amounts import Amount, amount, divided, lesser, plus, product, scaled
from convshape._networks._constants import WithConstant, meeting
from convshape._networks._dense import Flatten, Reshape
from convshape._networks._elementwise import Elementwise
from convshape._networks._fixed import AdaptivePool, GlobalPool
from convshape._networks._joins import Add, Concat, Multiply
from convshape._networks._reshaped import Refilled
from convshape._networks._resizing import Cropping, UpSampling, ZeroPadding
from convshape._networks._same import Same
from convshape._readers._wires import Constant, Unread, Wire, Wiring
from convshape._refusals import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

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
    gone, needs = set(), []
    for axis in {wire.axis(axis) for axis in axes}:
        size = wire.size(axis)
        if size.number is None and not strict:
            raise Unread("whether it leaves an axis out depends on a size that is not known")
        if size.number == 1 or strict:
            gone.add(axis)
            needs += [] if size.number == 1 else [(size, 1, False)]
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
    if start is not None and start.number is not None:
        first = start if start.number >= 0 else plus(size, lesser(size, amount(-start.number)), -1)
    elif start is not None:
        first = start
        needs.append((start, 0, True))
    if stop is not None and stop.number is not None:
        last = lesser(size, stop) if stop.number >= 0 else plus(size, stop)
    elif stop is not None and stop != size:
        last = stop
        needs.append((plus(size, stop, -1), 0, True))
    return divided(plus(plus(last, first, -1), amount(step - 1)), step), [
        one for one in needs if one[0].number is None or one[0].number < 0
    ]


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


def pad(wiring: Wiring, name: str, wire: Wire, pairs: Sequence[tuple[Amount, Amount]], mode: str) -> Wire:
    """Put elements before and after the last axes, or where negative take them away; a pair an axis, in order."""
    known = [(before.plus, after.plus) for before, after in pairs if not (before.terms or after.terms)]
    kind = "ZeroPadding" if mode == "constant" else f"{mode.capitalize()}Padding"
    if mode == "constant" and len(known) == len(pairs) and wire.sizes is not None and len(pairs) <= wire.rank - 2:  # fmt: skip
        every = [(0, 0)] * (wire.rank - 2 - len(pairs)) + known
        numbers = [number for both in every for number in both]
        if min(numbers) >= 0:
            return wiring.add(name, ZeroPadding(every), wire)
        if max(numbers) <= 0:
            return wiring.add(name, Cropping([(-before, -after) for before, after in every]), wire)
    sizes, needs = list(wire.all_sizes()), []
    for place, both in enumerate(pairs, len(sizes) - len(pairs)):
        if place < 0:
            raise Unread("it pads more axes than its input has")
        for each in both:
            if mode != "constant":
                most = {"reflect": 1, "circular": 0, "wrap": 0}.get(mode)
                if each.number is None:
                    raise Unread("how much it reflects depends on sizes")
                if most is not None and each.number > 0:
                    needs.append((sizes[place], each.number + most, True))
    for place, (before, after) in enumerate(pairs, len(sizes) - len(pairs)):
        sizes[place] = plus(plus(sizes[place], before), after)
    return wiring.shaped(name, kind, wire, sizes, needs)


def resize_by(wiring: Wiring, name: str, wire: Wire, factors: Sequence[float], mode: str, *, single: bool) -> Wire:  # fmt: skip
    """Multiply the last axes, rounding down; ``single`` if with floats of 32 bits."""
    if all(float(factor).is_integer() and factor >= 1 for factor in factors):
        numbers = tuple(map(int, factors))
        if len({*numbers}) == 1 or (wire.sizes is not None and len(numbers) == wire.rank - 2):
            return wiring.add(name, UpSampling(numbers[0] if len({*numbers}) == 1 else numbers, mode), wire)
    if not all(0 < factor < float("inf") for factor in factors):
        raise Unread("its factors are none")
    sizes = list(wire.all_sizes())
    for place, factor in enumerate(factors, len(sizes) - len(factors)):
        sizes[place] = scaled(sizes[place], float(factor), single)
    return wiring.shaped(name, "Resize", wire, sizes, note=f"by {', '.join(f'{one:g}' for one in factors)}, {mode}")  # fmt: skip


def resize_to(wiring: Wiring, name: str, wire: Wire, wanted: Sequence[Amount], note: str) -> Wire:
    """Give the last axes other sizes."""
    sizes = list(wire.all_sizes())
    if len(wanted) > len(sizes) - 2:
        raise Unread("it has more sizes than its input has spatial axes")
    return wiring.shaped(name, "Resize", wire, [*sizes[: len(sizes) - len(wanted)], *wanted], note=note)


def adapt(wiring: Wiring, name: str, wire: Wire, wanted: Sequence[Amount | None]) -> Wire:
    """Pool the last axes to other sizes; None leaves an axis as it is."""
    numbers = tuple(None if one is None else one.number for one in wanted)
    if None not in numbers and (wire.sizes is None or wire.rank == len(wanted) + 2):
        return wiring.add(name, AdaptivePool(numbers), wire)  # type: ignore[arg-type]
    last = range(wire.rank - len(wanted), wire.rank)
    sizes = [wire.size(axis) if one is None else one for axis, one in zip(last, wanted, strict=True)]
    return resize_to(wiring, name, wire, sizes, "pooled")


def concat(wiring: Wiring, name: str, wires: Sequence[object], axis: int) -> Wire:
    """Put values one behind the other."""
    if not all(isinstance(wire, Wire) for wire in wires) or not wires:
        raise Unread("it joins constants or lists that are not known")
    ready: list[Wire] = list(wires)  # type: ignore[arg-type]
    if len(ready) == 1:
        return wiring.add(name, Same("Concat"), ready[0])
    if not -5 <= axis <= 4:
        raise Unread("its axis is none")
    return wiring.add(name, Concat(axis), *ready)


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


def shuffled(wiring: Wiring, name: str, kind: str, wire: Wire, factor: int) -> Wire:
    """Turn channels into pixels (``factor`` times as many an axis), or with a negative factor pixels into channels."""
    batch, channels, *spatial = wire.all_sizes()
    if len(spatial) != 2 or factor == 0:
        raise Unread("its input is no picture")
    step = abs(factor)
    if factor > 0:
        fewer = divided(channels, step * step)
        left = plus(channels, product(amount(step * step), fewer), -1)
        sizes = [batch, fewer, *(product(amount(step), one) for one in spatial)]
        needs = [] if left.number == 0 else [(left, 0, False)]
    else:
        parts = [divided(one, step) for one in spatial]
        sizes = [batch, product(amount(step * step), channels), *parts]
        needs = [
            (plus(one, product(amount(step), part), -1), 0, False)
            for one, part in zip(spatial, parts, strict=True)
        ]
    return wiring.shaped(name, kind, wire, sizes, needs, note=f"by {step}")
