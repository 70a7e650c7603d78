"""Attributes exchanged for a while, and put back as they were."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Patches:
    """What one engine has had exchanged; ``undo`` puts everything back, in the opposite order."""

    def __init__(self) -> None:
        self._undo: list[tuple[Any, str, bool, Any]] = []

    def put(self, owner: Any, name: str, value: Any) -> None:
        """Exchange an attribute of a module or a class."""
        own = vars(owner)
        self._undo.append((owner, name, name in own, own.get(name)))
        setattr(owner, name, value)

    def undo(self) -> None:
        """Put every attribute back."""
        while self._undo:
            owner, name, had, value = self._undo.pop()
            if had:
                setattr(owner, name, value)
            else:
                delattr(owner, name)
