"""A mistake as it is found deep inside: known by its argument, not yet by the call that it came from.

A :class:`Refusal` never reaches a user. The verbs and specs catch it, have its suggestions checked, and raise
the :class:`~convshape.ShapeError` that tells all four parts.
"""

from __future__ import annotations

from convshape._errors import ArgumentError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from convshape._errors import ShapeError


class Suggestion:
    """A change of arguments that may mend the call; nobody is told of it before it has been tried.

    Args:
        changes: Arguments by name, with their new values.
        note: A remark for the user, beside the fix.
        reason: What the mistake was if this mends it, where that says more than the refusal could know.
        whole: Whether it is worth offering only if it mends the call all by itself.
        about: What kind of guess it is, where a dialect makes a guess of its own in its place.
    """

    __slots__ = ("about", "changes", "note", "reason", "whole")

    def __init__(
        self,
        changes: Mapping[str, object],
        note: str = "",
        reason: str | None = None,
        *,
        whole: bool = False,
        about: str = "",
    ) -> None:
        self.changes = dict(changes)
        self.note = note
        self.reason = reason
        self.whole = whole
        self.about = about


class Refusal(Exception):
    """What is wrong with which argument, what would be legal, why, and what might mend it."""

    def __init__(
        self,
        argument: str,
        *,
        given: object,
        problem: str,
        legal: object,
        reason: str,
        kind: type[ShapeError] = ArgumentError,
        axis: int | None = None,
        suggestions: tuple[Suggestion, ...] = (),
        about: str = "",
    ) -> None:
        super().__init__(problem)
        self.argument = argument
        self.given = given
        self.problem = problem
        self.legal = legal
        self.reason = reason
        self.kind = kind
        self.axis = axis
        self.suggestions = suggestions
        self.about = about  # which mistake it is, where a dialect tells it in words of its own
