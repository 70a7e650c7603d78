"""Running Python in a process of its own, from the root of the checkout."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def python(*arguments: str, seconds: float = 120) -> subprocess.CompletedProcess[str]:
    """Run the interpreter of these tests; return its exit code and what it printed, whatever they are.

    Args:
        arguments: What follows `python` on the command line.
        seconds: When to give it up: then this raises `subprocess.TimeoutExpired`. Generous, for a hang is
            endless, and starting Python on a busy machine is not quick.
    """
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, cwd=ROOT, timeout=seconds, check=False
    )
