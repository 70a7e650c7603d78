"""``explain_errors``: what is put on the engines when it is entered, and taken off when it is left."""

from __future__ import annotations

import sys
from importlib import import_module
from threading import RLock

from convshape._watch._imports import Arrivals
from convshape._watch._patches import Patches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

# Which room watches which engine. Keras stands before TensorFlow, so that its words replace those of the call inside.
_ROOMS = {
    "keras": "convshape._watch._keras",
    "tensorflow": "convshape._watch._tensorflow",
    "torch": "convshape._watch._torch",
}


class explain_errors:
    """Have the errors of TensorFlow, Keras and PyTorch on convolutions and pools explained.

    Inside the context the engine's own exception reaches the user, with the diagnosis and the fix as a note below
    it. A call that would end the whole process is refused with a :class:`ShapeError` before it starts: an
    ``output_shape`` of the wrong rank does that in TensorFlow 2.21. Engines that are imported inside the context are
    watched from then on; outside it nothing is changed. In a notebook, ``%load_ext convshape`` enters it for the
    session and ``%unload_ext convshape`` leaves it.

    It costs one checked call for each call of a ``tf.nn`` function, and nothing for PyTorch while no error occurs.

    Examples:
        >>> import convshape as cs
        >>> with cs.explain_errors() as explaining:
        ...     pass  # tf.nn.conv2d_transpose(x, filters, output_shape=(8, 8, 32), strides=2)
        >>> with explaining, explaining:
        ...     pass
        Traceback (most recent call last):
        ...
        RuntimeError: this explain_errors() is entered already: make another one to nest them
    """

    def __init__(self) -> None:
        self._lock = RLock()
        self._patches: dict[str, Patches] = {}
        self._arrivals: Arrivals | None = None

    def __enter__(self) -> Self:
        if self._arrivals is not None:
            raise RuntimeError("this explain_errors() is entered already: make another one to nest them")
        self._arrivals = Arrivals([name for name in _ROOMS if name not in sys.modules], self._watch)
        self._arrivals.watch()
        try:
            for name in _ROOMS:
                if name in sys.modules:
                    self._watch(name)
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._leave()

    def _leave(self) -> None:
        if self._arrivals is not None:
            self._arrivals.stop()
        self._arrivals = None
        for name in reversed(list(self._patches)):
            self._patches.pop(name).undo()

    def _watch(self, name: str) -> None:
        with self._lock:
            patches = self._patches[name] = Patches()
            import_module(_ROOMS[name]).watch(patches)


def load_ipython_extension(ipython: object) -> None:
    """Enter ``explain_errors`` for a notebook's session: what ``%load_ext convshape`` calls."""
    context = explain_errors()
    context.__enter__()
    ipython.convshape_explaining = context  # type: ignore[attr-defined]


def unload_ipython_extension(ipython: object) -> None:
    """Leave it: what ``%unload_ext convshape`` calls."""
    ipython.convshape_explaining.__exit__(None, None, None)  # type: ignore[attr-defined]
