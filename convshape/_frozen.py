"""Values that never change: equal by their fields, hashable, picklable.

The standard library's ``dataclasses`` would say this in one line, but importing it costs more than all of
convshape together (it pulls in ``inspect``), and ``import convshape`` is promised to be quick.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar, NoReturn


def _rebuild(cls: type[Frozen], fields: dict[str, object]) -> Frozen:
    return cls(**fields)


class Frozen:
    """Base of the immutable values; a subclass names its constructor arguments in ``_fields``."""

    __slots__ = ()
    _fields: ClassVar[tuple[str, ...]] = ()

    def _set(self, **values: Any) -> None:  # noqa: ANN401 - fields are of any type
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen: make a new one instead of changing {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen: {name!r} cannot be deleted")

    def _values(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self._fields}

    def _given(self) -> dict[str, object]:
        """Return the constructor's arguments that make this value; a default that was worked out is left as one."""
        return self._values()

    def _typed(self) -> str | None:
        """Return the call that makes the value, as it is typed; None where there is none, or it would be long."""
        return None

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._values() == other._values()

    def __hash__(self) -> int:
        return hash((type(self), *self._values().values()))

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={value!r}" for name, value in self._values().items())
        return f"{type(self).__name__}({inside})"

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self._given())
