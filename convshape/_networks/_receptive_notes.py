"""Why a number of a receptive field is not known: never a question mark without a word."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from convshape._networks._receptive_axis import AxisField
    from convshape._networks._receptive_span import FieldRow, Span


def notes_of(
    rows: Sequence[FieldRow], names: Sequence[str], axes: Sequence[list[AxisField]], periods: Sequence[int]
) -> tuple[str, ...]:
    """Return a line for each reason for which numbers are not known, the first layer named."""
    found: dict[str, list[str]] = {}
    for number, (name, axis, period) in enumerate(zip(names, axes, periods, strict=True)):
        spans = [(row.name, row.spans[number]) for row in rows]
        for reason in _reasons(spans, axis, period):
            found.setdefault(reason, []).append(name)
    return tuple(f"?  {' and '.join(where)}: {reason}" for reason, where in found.items())


def _reasons(spans: list[tuple[str, Span]], axis: list[AxisField], period: int) -> list[str]:
    if not spans:
        return []
    if not axis:
        return [
            f"not known for all sizes at once: their remainders repeat after {period} only; give input_shape sizes"
        ]
    reasons = []
    for position, (name, _) in enumerate(spans):
        lost = next((field for field in axis if field.seen[position] is None), None)
        why = "" if lost is None else lost.why(position)
        if why:
            reasons.append(f'not known from "{name}" on: {why}')
    differing = next(
        (name for position, (name, span) in enumerate(spans) if _differs(span, position, axis)), None
    )
    if differing is not None:
        reasons.append(f'from "{differing}" on it follows from the size of the input; give input_shape sizes')
    return reasons


def _differs(span: Span, position: int, axis: list[AxisField]) -> bool:
    """Return whether a number is known at every size, but is not the same."""
    seen = [field.seen[position] for field in axis]
    if None in seen:
        return False
    sees = all(one is not None and one.at(0) is not None for one in seen)
    return None in (span.size, span.jump) or (sees and None in (span.start, span.end))
