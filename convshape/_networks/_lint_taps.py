"""What lint finds inside a kernel: taps that meet no element."""

from __future__ import annotations

from convshape._explain._lines import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from convshape._explain._lines import Line
    from convshape._networks._lint_place import Changes, Place

    Found = tuple[str, str, Changes | None]

_MOST_TAPS = 2**12  # each is looked at


def idle(place: Place) -> Found | None:
    """Find taps of a kernel that meet padding alone, or are always cropped: weights without an effect."""
    if place.spec is None or place.pools or place.spec.padding == "VALID":
        return None
    axes = [(line, number) for line in place.lines if (number := _idle(line))]
    if not axes:
        return None
    told = listed([f"{number} of {line.kernel} along the {line.name}" for line, number in axes])
    smaller = {line.name: line.kernel - number for line, number in axes}
    return (
        f"taps of its kernel never meet an element: {told}",
        (
            f"the {'output' if place.transposed else 'input'} is so small that they always fall on "
            f"{'what is cropped' if place.transposed else 'padding'}; their weights change nothing and are never trained."
        ),
        place.remedy([place.kernels(smaller)], lambda other: not any(map(_idle, other.lines))),
    )


def _idle(line: Line) -> int:
    if line.windows is None or line.positions is None or line.before is None or line.kernel > _MOST_TAPS:
        return 0
    return sum(not used for used in _used(line))


def _used(line: Line) -> Iterator[bool]:
    """Yield for each tap whether some window holds it over an element."""
    for tap in range(line.kernel):
        offset = tap * line.dilation - line.before  # type: ignore[operator]
        low = max(0, -(offset // line.stride))
        high = min(line.windows - 1, (line.positions - 1 - offset) // line.stride)  # type: ignore[operator]
        yield low <= high
