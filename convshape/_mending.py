"""From a refusal to an error with a fix that has been run through the same check."""

from __future__ import annotations

from convshape._errors import Diagnosis
from convshape._hints import likely, possible
from convshape._reading import as_entries
from convshape._refusals import Refusal
from convshape._show import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Set

    from convshape._errors import ShapeError
    from convshape._refusals import Suggestion

# A call can be wrong in several places: each round mends one more. Both bounds only keep the search short.
_ROUNDS = 5
_MOST_TRIALS = 200
_MOST_FIXES = 4


class _Trial:
    """Changes made so far, and what the check said of the call with them."""

    __slots__ = ("changes", "notes", "reason", "refusal")

    def __init__(
        self,
        changes: Mapping[str, object],
        notes: tuple[str, ...],
        reason: str | None,
        refusal: Refusal | None,
    ) -> None:
        self.changes = changes
        self.notes = notes
        self.reason = reason
        self.refusal = refusal


def mend(
    operation: str, check: Callable[..., object], arguments: Mapping[str, object], refusal: Refusal
) -> ShapeError:
    """Return the error for a refused call, with every fix tried before it is offered.

    Args:
        operation: The name of the call, as the user wrote it.
        check: The same call without mending: it returns, or raises a ``Refusal``.
        arguments: The arguments of the call, by name.
        refusal: What ``check`` said of them.
    """
    found = _search(check, arguments, refusal)
    given = arguments.get(refusal.argument, refusal.given)
    reason = next((trial.reason for trial in found[:1] if trial.reason), refusal.reason)
    return refusal.kind(
        Diagnosis(
            operation,
            refusal.argument,
            axis=refusal.axis if as_entries(given) is not None else None,
            given=given,
            legal=refusal.legal,
            problem=refusal.problem,
            reason=reason,
            fix=found[0].changes if found else None,
            alternatives=tuple(trial.changes for trial in found[1:]),
            notes=tuple("; ".join(note for note in trial.notes if note) for trial in found),
        )
    )


def _search(check: Callable[..., object], arguments: Mapping[str, object], refusal: Refusal) -> list[_Trial]:
    """Return the fixes of the fewest changes, at most a handful, in the order they were suggested."""
    waiting = [_Trial({}, (), None, refusal)]
    seen = {show_changes({})}
    for _ in range(_ROUNDS):
        tried = []
        for trial in waiting:
            for suggestion in _suggestions(arguments, trial):
                changes, refused = {**trial.changes, **suggestion.changes}, (refusal, trial.refusal)
                merged = _changed(arguments, changes, {one.argument for one in refused if one is not None})
                key = show_changes(merged)
                if key in seen or len(seen) >= _MOST_TRIALS or not merged.keys() <= arguments.keys():
                    continue
                if suggestion.whole and trial.changes:
                    continue
                seen.add(key)
                mended = _try(check, arguments, merged, trial, suggestion)
                if mended.refusal is None or not suggestion.whole:
                    tried.append(mended)
        found = [trial for trial in tried if trial.refusal is None]
        if found:
            return found[:_MOST_FIXES]
        waiting = tried
    return []


def _suggestions(arguments: Mapping[str, object], trial: _Trial) -> Iterator[Suggestion]:
    if trial.refusal is not None:
        changed = {**arguments, **trial.changes}
        yield from likely(changed, trial.refusal)
        yield from trial.refusal.suggestions
        yield from possible(changed, trial.refusal)


def _changed(
    arguments: Mapping[str, object], changes: Mapping[str, object], refused: Set[str]
) -> dict[str, object]:
    """Return the changes without those that write what was written already.

    5 in place of (5, 5) is the same too, unless it is what was refused: then the form may be the mistake.
    """
    return {
        name: value
        for name, value in changes.items()
        if name not in arguments
        or not (_same(value, arguments[name]) or (name not in refused and _for_all(value, arguments[name])))
    }


def _same(value: object, given: object) -> bool:
    return type(value) is type(given) and show(value, code=True) == show(given, code=True)


def _for_all(value: object, given: object) -> bool:
    """Return whether one number stands for all axes of a tuple that was worked out of one."""
    return (
        type(value) is int and type(given) is tuple and {*map(type, given)} == {int} and {*given} == {value}
    )


def _try(
    check: Callable[..., object],
    arguments: Mapping[str, object],
    merged: Mapping[str, object],
    trial: _Trial,
    suggestion: Suggestion,
) -> _Trial:
    # The reason told is that of the first mistake: what a later round finds is another one.
    reason = trial.reason if trial.changes else suggestion.reason
    notes = (*trial.notes, suggestion.note)
    try:
        check(**{**arguments, **merged})
    except Refusal as refusal:
        return _Trial(merged, notes, reason, refusal)
    return _Trial(merged, notes, reason, None)


def show_changes(changes: Mapping[str, object]) -> str:
    """Return a text that is the same for the same changes."""
    return ", ".join(f"{name}={show(changes[name], code=True)}" for name in sorted(changes))


def without(names: Mapping[str, object]) -> dict[str, object]:
    """Return a verb's arguments: its local names, less the refusal that was just caught."""
    return {name: value for name, value in names.items() if name != "refusal"}
