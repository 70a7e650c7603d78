"""What lint finds where windows lie: uneven overlap, holes, elements at the end and padding that no window reads."""

from __future__ import annotations

from math import gcd

from convshape._explain._counting import has_gaps, is_even, levels
from convshape._explain._lines import listed
from convshape._networks._resizing import ZeroPadding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._explain._lines import Line
    from convshape._networks._lint_place import Changes, Place

    Found = tuple[str, str, Changes | None]

_MOST_PLACES = 2**12  # each is looked at


def uneven(place: Place) -> Found | None:
    """Find a transposed convolution whose outputs are made of unequal numbers of taps: the checkerboard."""
    lines = _uneven(place)
    if not lines:
        return None
    told = listed([f"{_in_turn(line)} along the {line.name}" for line in lines])
    down = {line.name: line.kernel - line.kernel % line.stride for line in lines}
    up = {line.name: -(-line.kernel // line.stride) * line.stride for line in lines}
    candidates = [place.kernels(up), place.kernels(down) if 0 not in down.values() else None]
    return (
        f"its outputs are made of {told}{', a checkerboard' if len(lines) > 1 else ''}",
        (
            "the stride does not divide the kernel, so neighbours are made of different numbers of products; with "
            "weights that are alike it shows as a pattern of the stride's period."
        ),
        place.remedy(candidates, lambda other: not _uneven(other)),
    )


def _in_turn(line: Line) -> str:
    """Return the numbers of taps of neighbours."""
    return f"{listed([str(number) for number in sorted(levels(line), reverse=True)], 'or')} taps in turn"


def _uneven(place: Place) -> list[Line]:
    if not place.transposed or _holes(place):
        return []
    return [line for line in place.lines if not is_even(line)]


def holes(place: Place) -> Found | None:
    """Find windows that leave elements out between them."""
    lines = _holes(place)
    if not lines:
        return None
    side, done = ("output", "written") if place.transposed else ("input", "read")
    told = listed([_of_every(line) for line in lines])
    words = (
        "its taps are farther apart than the stride fills"
        if any(line.dilation > 1 for line in lines)
        else "the kernel is smaller than the stride"
    )
    return (
        f"elements of its {side} are never {done}: {told}",
        f"{words}; {'what is left is the bias alone, whatever arrives' if place.transposed else 'the layer is the same whatever stands there'}.",
        place.remedy(
            [place.kernels({line.name: line.stride for line in lines if line.kernel < line.stride})],
            lambda other: not _holes(other) and not _uneven(other),
        ),
    )


def _holes(place: Place) -> list[Line]:
    return [line for line in place.lines if _has_hole(line)]


def _has_hole(line: Line) -> bool:
    """Return whether an element between two windows, or as far behind the last one, meets no tap."""
    behind = line.left_over if line.transposed or line.left_over <= line.stride - line.extent else 0
    if behind > 0 or not has_gaps(line):
        return behind > 0
    untouched = _untouched(line)
    if untouched is None:
        return line.positions is None or line.positions > 2 * (line.stride + line.extent)
    return untouched > line.left_over


def _untouched(line: Line) -> int | None:
    """Return how many elements meet no tap at this input; None where the size is not known, or long."""
    if line.positions is None or line.before is None or line.positions > _MOST_PLACES:
        return None
    return sum(not line.taps(place) for place in range(line.positions))


def _of_every(line: Line) -> str:
    untouched = _untouched(line)
    if untouched is not None:
        return f"{untouched} of {line.positions} along the {line.name}"
    met = min(line.kernel, line.stride // gcd(line.dilation, line.stride))
    return f"{line.stride - met} of every {line.stride} along the {line.name}"


def lost(place: Place) -> Found | None:
    """Find elements at the end that no window reads, because the size is no multiple of the stride and a rest."""
    lines = _lost(place)
    if not lines:
        return None
    told = listed([f"the last {line.left_over} of {line.size} along the {line.name}" for line in lines])
    behind = {line.name: (line.after or 0) + line.stride - _rest(line) for line in lines}
    candidates: list[Changes | None] = [{"ceil_mode": True} if place.pools else None, {"padding": "SAME"}]
    candidates += [{"padding": "same"}, place.pads(behind)]
    return (
        f"it reads no element of {told}",
        (
            "its windows are a stride apart, and what is left behind the last whole window is dropped: the floor in the "
            "size's formula."
        ),
        place.remedy(candidates, lambda other: not _lost(other), same=False) or _other_input(place, lines),
    )


def _rest(line: Line) -> int:
    """Return how many padded elements are left behind the last window."""
    return (line.size or 0) + (line.before or 0) + (line.after or 0) - (line.natural or 0)


def _lost(place: Place) -> list[Line]:
    if place.transposed:
        return []
    return [
        line
        for line in place.lines
        if line.left_over > max(_zeros_behind(place, line), line.stride - line.extent)
    ]


def _zeros_behind(place: Place, line: Line) -> int:
    """Return how many zeros a layer of padding just above has put at the end of an axis."""
    source = place.node.sources[0]
    block = place.network.nodes[source].block if source >= 0 else None
    block = getattr(block, "inner", block)
    if not isinstance(block, ZeroPadding) or place.given.layout is None:
        return 0
    names = [one.name for one in place.lines]
    return block.pairs(place.given.layout)[names.index(line.name)][1]


def _other_input(place: Place, lines: list[Line]) -> Changes | None:
    """Return the nearest input, the bigger one first, of which no layer drops anything along these axes."""
    from convshape._layouts import AXIS_NAMES
    from convshape._networks._block import places
    from convshape._networks._network import Failed
    from convshape._networks._valid_sizes_record import ValidSizes
    from convshape._reading import replace
    from convshape._refusals import Refusal

    layout = place.start.layout
    if layout is None:
        return None
    names, shape = AXIS_NAMES[len(layout) - 2], place.start.told
    for line in lines:
        axis = names.index(line.name) if line.name in names else 0
        spot = places(layout)[axis]
        try:
            sizes = ValidSizes.of(place.network, place.start, axis, False)
            below, above = sizes.nearest(shape[spot])  # type: ignore[arg-type]
            wanted = above or below
            if wanted is None:
                return None
            shape = replace(shape, spot, wanted)  # type: ignore[assignment]
            start = place.network.read(shape)
            values = place.network.walk(start)
        except (Refusal, Failed):
            return None
    gone = not _lost(type(place)(place.network, start, values, place.position))
    return {"input_shape": shape} if gone else None


def padding(place: Place) -> Found | None:
    """Find padding that is for nothing: windows in padding alone, or padding behind the last window."""
    if place.transposed or place.spec is None:
        return None
    blind = [(line, number) for line in place.lines if (number := _blind(line))]
    if blind:
        told = listed([f"{number} along the {line.name}" for line, number in blind])
        return (
            f"windows lie in its padding alone: {told}",
            "the padding is as wide as all that the kernel spans; such an output is the bias, whatever arrives.",
            None,
        )
    unread = [line for line in place.lines if _unread(place, line)]
    if not unread:
        return None
    told = listed([f"the last {_unread(place, line)} of it along the {line.name}" for line in unread])
    less = {line.name: (line.after or 0) - _unread(place, line) for line in unread if line.after}
    return (
        f"no window reads all of the padding, not {told}",
        "its windows are a stride apart, and the last whole one ends before it; all others lie as if it were not there.",
        place.remedy([place.pads(less)], lambda other: not any(_unread(other, line) for line in other.lines)),
    )


def _blind(line: Line) -> int:
    """Return how many windows lie in padding alone."""
    before = line.before or 0
    front = (before - line.extent) // line.stride + 1 if before >= line.extent else 0
    if line.windows is None or line.size is None or line.before is None:
        return front
    first = -(-(line.size + before) // line.stride)  # the first window that starts behind the last element
    return min(front, line.windows) + max(0, line.windows - first)


def _unread(place: Place, line: Line) -> int:
    """Return how many elements of padding lie behind the last window."""
    if place.transposed or line.natural is None or line.size is None or line.padding == "SAME":
        return 0
    rest = max(0, _rest(line))
    own = min(rest, line.after or 0)
    return own + min(rest - own, _zeros_behind(place, line))
