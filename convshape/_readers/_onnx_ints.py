"""Whole numbers that an ONNX graph works out from shapes: what Shape, Gather, Slice and their like make."""

from __future__ import annotations

from itertools import product as places_of

from convshape._networks._amounts import Amount, amount, divided, plus, product, scaled
from convshape._networks._atoms import Size
from convshape._readers._onnx_grid import MOST, Grid, bounded, grid, listed, many, numbers
from convshape._readers._wires import Constant, Unread, Wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    Attributes = Mapping[str, Any]


def shape(given: Attributes, value: object) -> Grid:
    """Return what ``Shape`` makes: all sizes, or some."""
    if isinstance(value, Wire):
        sizes = value.all_sizes()
    elif isinstance(value, Constant | Grid):
        sizes = tuple(map(amount, value.shape))
    else:
        raise Unread("it asks for the shape of nothing")
    return listed(sizes[slice(given.get("start", 0), given.get("end"))])


def gather(given: Attributes, value: object, index: object) -> Grid:
    """Return some of a list's numbers."""
    told, wanted = grid(value), grid(index)
    if len(told.shape) != 1:
        raise Unread("it picks from a table of numbers")
    picked = []
    for place in wanted.flat:
        if place.number is None or not -len(told.flat) <= place.number < len(told.flat):
            raise Unread("which number it picks is not known")
        picked.append(told.flat[place.number])
    return Grid(wanted.shape, picked)


def cut(given: Attributes, value: object, *ends: object) -> Grid:
    """Return a slice."""
    told = grid(value)
    if ends:
        starts, stops = numbers(ends[0]), numbers(ends[1])
        axes = numbers(ends[2]) if len(ends) > 2 and ends[2] is not None else tuple(range(len(starts)))
        steps = numbers(ends[3]) if len(ends) > 3 and ends[3] is not None else (1,) * len(starts)
    else:
        starts, stops = given["starts"], given["ends"]
        axes, steps = given.get("axes") or tuple(range(len(starts))), (1,) * len(starts)
    kept = [range(size) for size in told.shape]
    for start, stop, axis, step in zip(starts, stops, axes, steps, strict=True):
        before = step < 0 and stop < -len(
            kept[axis]
        )  # a stop in front of the beginning, as exporters write it
        kept[axis] = kept[axis][start : None if before else stop : step]
    return Grid(tuple(map(len, kept)), (told.at(place) for place in places_of(*kept)))


def concat(given: Attributes, *values: object) -> Grid:
    """Return lists one behind the other."""
    if len(values) > MOST:
        raise Unread("it makes too many numbers")
    return listed([one for value in values for one in many(value)])


def raised(given: Attributes, value: object, axes: object = None) -> Grid:
    """Return the same numbers with axes of one element."""
    told = grid(value)
    wanted = numbers(axes) if axes is not None else given["axes"]
    sizes = list(told.shape)
    for axis in sorted(one % (len(sizes) + len(wanted)) for one in wanted):
        sizes.insert(axis, 1)
    return Grid(tuple(sizes), told.flat)


def lowered(given: Attributes, value: object, axes: object = None) -> Grid:
    """Return the same numbers without axes of one element."""
    told = grid(value)
    wanted = numbers(axes) if axes is not None else given.get("axes", range(len(told.shape)))
    gone = {one % len(told.shape) for one in wanted if told.shape[one] == 1}
    return Grid(tuple(size for axis, size in enumerate(told.shape) if axis not in gone), told.flat)


def reshaped(given: Attributes, value: object, target: object) -> Grid:
    """Return the same numbers in another shape."""
    told, wanted = grid(value), list(numbers(target))
    if -1 in wanted:
        rest = 1
        for size in wanted:
            rest *= 1 if size == -1 else size
        wanted[wanted.index(-1)] = len(told.flat) // max(1, rest)
    count = 1
    for size in wanted:
        count *= size
    if count != len(told.flat):
        raise Unread("its numbers do not fill its shape")
    return Grid(tuple(wanted), told.flat)


def turned(given: Attributes, value: object) -> Grid:
    """Return a table with its axes in another order."""
    told = grid(value)
    order = given.get("perm") or tuple(range(len(told.shape)))[::-1]
    sizes = tuple(told.shape[place] for place in order)
    back = [order.index(axis) for axis in range(len(order))]
    return Grid(sizes, (told.at(tuple(place[at] for at in back)) for place in places_of(*map(range, sizes))))


def filled(given: Attributes, value: object) -> Grid:
    """Return one number many times."""
    sizes = bounded(numbers(value))
    held = given.get("value")
    one = grid(held).flat[0] if isinstance(held, Constant) else amount(0)
    return Grid(sizes, (one for _ in places_of(*map(range, sizes))))


def calculated(op: str) -> Callable[..., Grid]:
    """Return the arithmetic of an operator, number by number."""

    def read(given: Attributes, first: object, second: object) -> Grid:
        factor = _fraction(second) if op in ("Mul", "Div") else None
        if factor is not None:
            told = grid(first)
            return Grid(
                told.shape, (scaled(one, factor if op == "Mul" else 1 / factor, True) for one in told.flat)
            )
        one, other = grid(first), grid(second)
        if len(other.flat) == 1:
            other = Grid(
                one.shape if len(one.shape) >= len(other.shape) else other.shape, other.flat * len(one.flat)
            )
        elif len(one.flat) == 1:  # no more than there are already: a grid is small
            one = Grid(other.shape, one.flat * len(other.flat))
        if len(one.flat) != len(other.flat):
            raise Unread("its lists are of different lengths")
        made = Grid(other.shape, (_calculate(op, *pair) for pair in zip(one.flat, other.flat, strict=True)))
        if any(each.parts > MOST for each in made.flat):
            raise Unread("its numbers are worked out in too many steps")
        return made

    return read


def _fraction(value: object) -> float | None:
    """Return a single number that is not whole."""
    if isinstance(value, Constant) and value.values is not None and len({*value.values}) == 1:
        (found,) = {*value.values}
        return float(found) if found > 0 and found != int(found) else None
    return None


def _calculate(op: str, one: Amount, other: Amount) -> Amount:
    if op in ("Add", "Sub"):
        return plus(one, other, 1 if op == "Add" else -1)
    if op == "Mul":
        return product(one, other)
    by = other.number
    if by is None or by < 1:
        raise Unread("it divides by a size")
    if op == "Div":
        return divided(one, by, True)
    return plus(one, divided(one, by), -by)


def equal(given: Attributes, first: object, second: object) -> Grid:
    """Return 1 where both are the same, 0 where they differ, whatever the sizes."""
    one, other = grid(first), grid(second)
    return Grid(
        one.shape, (amount(int(_is_zero(plus(a, b, -1)))) for a, b in zip(one.flat, other.flat, strict=True))
    )


def _is_zero(apart: Amount) -> bool:
    if apart.number is not None:
        return apart.number == 0
    for sign in (1, -1):  # sizes are at least 1
        grows = all(isinstance(atom, Size) and sign * times > 0 for times, atom in apart.terms)
        if grows and sign * (apart.plus + sum(times for times, _ in apart.terms)) > 0:
            return False
    raise Unread("whether it holds depends on sizes")


def where(given: Attributes, condition: object, first: object, second: object) -> Grid:
    """Return for each place the number of the first list where the condition holds, else that of the second."""
    taken, one, other = grid(condition), grid(first), grid(second)
    if not len(taken.flat) == len(one.flat) == len(other.flat) or None in [
        each.number for each in taken.flat
    ]:
        raise Unread("which numbers it takes depends on sizes")
    rows = zip(taken.flat, one.flat, other.flat, strict=True)
    return Grid(one.shape, (a if each.number else b for each, a, b in rows))


def same(given: Attributes, value: object, *rest: object) -> Grid:
    """Return what is given: numbers stay what they are."""
    return grid(value)


INTEGERS: dict[str, Callable[..., Grid]] = {
    "Gather": gather,
    "Slice": cut,
    "Concat": concat,
    "Unsqueeze": raised,
    "Squeeze": lowered,
    "Reshape": reshaped,
    "Transpose": turned,
    "ConstantOfShape": filled,
    **{op: calculated(op) for op in ("Add", "Sub", "Mul", "Div", "Mod")},
    "Equal": equal,
    "Where": where,
    **dict.fromkeys(("Cast", "Identity", "Floor", "Ceil"), same),
}
