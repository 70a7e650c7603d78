"""The layouts that ``dimension_numbers`` name most, and sizes turned from one of them to another."""

from __future__ import annotations

from convshape._refusals import Suggestion

TYPE_CHECKING = False
if TYPE_CHECKING:
    Labels = tuple[str, str, str]
    Sizes = tuple[object, ...]

SPATIAL = {1: "W", 2: "HW", 3: "DHW"}


def common_labels(rank: int) -> list[Labels]:
    """Return the layouts that are in use: TensorFlow's, PyTorch's, and the two mixed."""
    spatial = SPATIAL[rank]
    last, first = f"N{spatial}C", f"NC{spatial}"
    return [
        (lhs, rhs, lhs)
        for lhs, rhs in (
            (last, f"{spatial}IO"),
            (first, f"OI{spatial}"),
            (first, f"{spatial}IO"),
            (last, f"OI{spatial}"),
        )
    ]


def relabelled(lhs: Sizes, rhs: Sizes, own: Labels) -> list[Suggestion]:
    """Suggest other labels for lhs and rhs, and lhs and rhs turned from them to their own.

    Args:
        lhs: The sizes of lhs, as they stand; none where they are not known.
        rhs: The sizes of rhs, as they stand.
        own: The labels that they are read by.
    """
    others = [one for one in common_labels(len(own[1]) - 2) if one != own]
    found = [
        Suggestion({"dimension_numbers": one}, f"if lhs is {one[0]} and rhs is {one[1]}", whole=True)
        for one in others
    ]
    for one in others:
        changes = {"lhs": _turned(lhs, one[0], own[0]), "rhs": _turned(rhs, one[1], own[1])}
        # A kernel that were larger for it is no sign of another order: sizes of channels would stand in its place.
        if None not in changes.values() and (one[1] == own[1] or _kernel(rhs, one[1]) < _kernel(rhs, own[1])):
            found.append(Suggestion(changes, f"from {one[0]} and {one[1]}", whole=True))
    return found


def _turned(sizes: Sizes, was: str, now: str) -> Sizes | None:
    """Return sizes of axes in one order in another; None where they are not the same axes."""
    if len(sizes) != len(was) or set(was) != set(now):
        return None
    return tuple(sizes[was.index(letter)] for letter in now)


def _kernel(rhs: Sizes, label: str) -> int:
    """Return the largest size of a kernel."""
    return max(size for size, letter in zip(rhs, label, strict=True) if letter not in "OI")  # type: ignore[type-var,return-value]
