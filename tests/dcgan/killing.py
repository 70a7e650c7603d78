"""Runs that are killed: the server that starts them, and what must be true of a run whatever has been done to it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dcgan.keeping.checkpoint_files import keep, steps_in, sweep
from dcgan.keeping.places import LOCK
from tests.dcgan.support import ROOT, files

KEPT = 3


class Server:
    """A process that is ready to train, again and again: see ``tests/dcgan/kill_server.py``."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def train(
        self,
        folder: Path,
        *arguments: str,
        signals: tuple[signal.Signals, ...] = (),
        after: float = 0,
        **death: Any,
    ) -> int:
        """Run dcgan with these arguments in a new process, and return its exit code; below 0, the signal that ended it.

        Args:
            folder: Of the run; what is printed goes into a file beside it.
            arguments: Of dcgan.
            signals: What to send to it, a tenth of a second apart.
            after: Seconds until the first.
            death: When it is to kill itself: at a ``change``, or so many seconds into ``writing`` a checkpoint.
        """
        request = {
            "folder": str(folder),
            "said": str(folder) + ".txt",
            "arguments": arguments,
            **death,
        }
        self._tell(json.dumps(request))
        number = int(self._hear())
        time.sleep(after)
        for one in signals:
            try:
                os.kill(number, one)
            except ProcessLookupError:
                break
            time.sleep(0.1)
        return int(self._hear())

    def _tell(self, line: str) -> None:
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _hear(self) -> str:
        return self._process.stdout.readline()


@contextmanager
def serving(log: Path) -> Iterator[Server]:
    """Start a server, and end it."""
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.dcgan.kill_server"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            assert process.stdout.readline() == "ready\n", log.read_text()
            yield Server(process)
        finally:
            process.stdin.close()
            process.wait(timeout=60)


def check_what_is_there(folder: Path, whole: dict[str, bytes]) -> None:
    """Fail unless each file of a run that was killed is the one of a run that was not, or plainly unfinished.

    Args:
        folder: Of the run.
        whole: The files of one that was not.
    """
    if not (folder / "config.json").exists():
        assert not steps_in(folder / "checkpoints") and not (folder / "log.jsonl").exists()
        return
    for name, content in files(folder).items():
        if name.startswith("samples/step-") or name == "config.json":
            assert content == whole[name], name
        elif name == "log.jsonl":
            assert whole[name].startswith(content[: content.rfind(b"\n") + 1])
    for step in steps_in(folder / "checkpoints")[-1:]:
        data = folder / f"checkpoints/ckpt-{step}.data-00000-of-00001"
        assert data.stat().st_size == len(whole["checkpoints/ckpt-8.data-00000-of-00001"])
        assert b'"step": %d,' % step in (folder / "log.jsonl").read_bytes()


def check_same(folder: Path, whole: dict[str, bytes]) -> None:
    """Fail unless a run that was killed and resumed is, byte for byte, one that was not; but for its history.

    Killed between its last checkpoint and its end, it may have one that is too old, and its lock; no more.
    """
    sweep(folder / "checkpoints")
    keep(folder / "checkpoints", KEPT, steps_in(folder / "checkpoints")[-1])
    (folder / LOCK).unlink(missing_ok=True)
    found = files(folder)
    history = json.loads(found.pop("history.json"))
    assert found.keys() == whole.keys() - {"history.json"}
    assert [name for name in found if found[name] != whole[name]] == []
    steps = [entry["step"] for entry in history]
    assert steps == sorted(steps) and steps[0] == 0
