"""Names of a model's layers, made names of a network: printable, each of one layer."""

from __future__ import annotations

_LONGEST = 120


class Names:
    """The names that are taken, and those that belong to layers that are still to come."""

    def __init__(self) -> None:
        self.reserved: set[str] = set()
        self._taken = {"input"}
        self._counts: dict[str, int] = {}
        self._prefixes: set[str] = set()

    def fresh(self, name: str) -> str:
        """Return a name that no layer has: the second ``conv`` is ``conv_1``."""
        own = one = plain(name)
        while one in self._taken or (one != own and one in self.reserved):
            self._counts[own] = self._counts.get(own, 0) + 1
            one = f"{own}_{self._counts[own]}"
        self._taken.add(one)
        return one

    def free(self, name: str) -> None:
        """Give a name back that was not needed."""
        self._taken.discard(name)

    def prefix(self, name: str) -> str:
        """Return what the layers of a model are called behind; of its second call ``name_1``."""
        one, number = name, 0
        while one in self._prefixes:
            number += 1
            one = f"{name}_{number}"
        self._prefixes.add(one)
        return one


def plain(name: str) -> str:
    """Return a name without what a terminal would take for a command, and not endless."""
    shown = name if name.isprintable() else "".join(one if one.isprintable() else "?" for one in name)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 3]}..."
