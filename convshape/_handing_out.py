"""How public names leave the house: with the address that users import them from, and as code that runs as it is."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

_FUNCTION = type(lambda: None)


def hand_out(home: str, names: Iterable[str], scope: Mapping[str, Any]) -> None:
    """Make public what ``scope`` holds under these names; a module with public names ends with this call.

    Tracebacks, ``help()`` and pickles then name what users import, not the private room that it stands in.

    And TensorFlow's AutoGraph leaves it alone. Inside a ``@tf.function`` it would rewrite every function that is
    called without its mark ``autograph_info__`` (``is_autograph_artifact`` in its impl/api.py): seconds of work
    for code that never sees a tensor, and with local names of its own among those that a verb hands to its error.
    The mark of a spec that is called is its class's, that of a method its function's.

    Args:
        home: The module that users import the names from.
        names: Public functions and classes.
        scope: Where they are, by name.
    """
    for name in names:
        handed = scope[name]
        handed.autograph_info__ = None
        if "._" in handed.__module__:
            handed.__module__ = home
        for cls in getattr(handed, "__mro__", ()):
            if cls.__module__.startswith("convshape"):
                for method in vars(cls).values():
                    if type(method) is _FUNCTION:
                        method.__dict__["autograph_info__"] = None
