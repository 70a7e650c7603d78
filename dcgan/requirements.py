"""What dcgan needs beside convshape, and what is said where it is missing."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import PurePath

NAMES = {"tensorflow": "TensorFlow", "PIL": "Pillow", "sklearn": "scikit-learn", "tqdm": "tqdm"}
INSTALL = 'pip install "convshape[dcgan]"'


def refusal() -> ImportError | SystemExit | None:
    """Look whether everything is there, without importing any of it.

    Returns:
        What to raise if something is missing; its message ends with the line that installs it. For the command
        ``dcgan`` that is a ``SystemExit``, which prints the message alone and makes the exit code 1.
    """
    missing = [module for module in NAMES if find_spec(module) is None]
    if not missing:
        return None
    named = " and ".join(NAMES[module] for module in missing)
    message = f"dcgan needs {', '.join(NAMES.values())}; without {named} it cannot run:\n\n    {INSTALL}\n"
    return SystemExit(message) if _is_the_command() else ImportError(message, name=missing[0])


def _is_the_command() -> bool:
    """Whether this process was started as ``dcgan`` or as ``python -m dcgan``.

    The package is imported before any module of it can run, so the command has nowhere else to catch this.
    """
    if sys.argv[:1] == ["-m"]:  # as long as Python looks for the module that it is to run
        return "dcgan" in sys.orig_argv or "-mdcgan" in sys.orig_argv
    return bool(sys.argv) and PurePath(sys.argv[0]).stem == "dcgan"
