"""A diagnosis as a note on an engine's own error."""

from __future__ import annotations

from convshape._errors import ShapeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Note(str):
    """Our note among those of an error, to be told from anybody else's."""

    __slots__ = ()


def refusal_of(call: Callable[..., object], *arguments: object) -> ShapeError | None:
    """Return the error that ``call(*arguments)`` ends in, or None where it has nothing against what it is asked.

    A call in a form that the dialect does not know (an old alias of an argument, a layer of somebody's own) cannot
    be judged: also None.
    """
    try:
        call(*arguments)
    except ShapeError as refusal:
        return refusal
    except Exception:  # noqa: BLE001 - the engine's own error must reach the user, whatever its explanation meets
        return None
    return None


def explain(error: BaseException, refusal: ShapeError | None) -> None:
    """Put the diagnosis on the error as its one note of ours; an outer layer's words replace an inner call's."""
    if refusal is None or error is refusal:
        return
    kept = [note for note in getattr(error, "__notes__", []) if not isinstance(note, Note)]
    error.__notes__ = [*kept, Note(f"convshape on this call:\n{refusal}")]
