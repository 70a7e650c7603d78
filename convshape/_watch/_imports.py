"""Telling when an engine has been imported: a notebook loads the extension first, and TensorFlow cells later."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType


class Arrivals:
    """A finder of modules that finds nothing itself; it has the others find, and calls back after the import.

    Args:
        names: The modules to tell of.
        arrived: Called with the name of each, once it is imported whole.
    """

    def __init__(self, names: Iterable[str], arrived: Callable[[str], None]) -> None:
        self._names = set(names)
        self._arrived = arrived

    def watch(self) -> None:
        """Begin: stand first among the finders."""
        sys.meta_path.insert(0, self)

    def stop(self) -> None:
        """End."""
        sys.meta_path.remove(self)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return what the other finders say of a module that is waited for, with its end of import told."""
        if name not in self._names:
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            spec: ModuleSpec | None = None if finder is self or find is None else find(name, path, target)
            if spec is not None and spec.loader is not None:
                self._tell_after(spec)
                return spec
        return None

    def _tell_after(self, spec: ModuleSpec) -> None:
        loader, execute, arrived = spec.loader, spec.loader.exec_module, self._arrived  # type: ignore[union-attr]

        def exec_module(module: ModuleType) -> None:
            execute(module)
            del loader.exec_module  # type: ignore[union-attr]
            arrived(spec.name)

        loader.exec_module = exec_module  # type: ignore[method-assign,union-attr]
