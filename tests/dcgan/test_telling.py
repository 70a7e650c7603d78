"""What is said to nobody, and what is no text, is no reason to end."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dcgan import cli
from dcgan.commands.telling import any_name, heard_or_not
from dcgan.keeping.checkpoint_files import steps_in
from tests.dcgan.support import write_pictures


class Broken(io.StringIO):
    """A pipe whose other end has gone."""

    def write(self, text: str) -> int:
        raise BrokenPipeError(32, "Broken pipe")

    def flush(self) -> None:
        self.write("")


def test_a_stream_that_nobody_hears_stops_nothing(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Broken())
    with heard_or_not():
        print("said", file=sys.stderr, flush=True)


def test_that_it_would_have(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Broken())
    with pytest.raises(BrokenPipeError):
        print("said", file=sys.stderr, flush=True)


def test_ctrl_c_ends_the_other_end_of_the_pipe_too_and_the_checkpoint_is_written(tmp_path):
    """As in ``dcgan train 2>&1 | tee log``."""
    write_pictures(tmp_path / "noise")
    words = [
        "train",
        "--data",
        "noise",
        "--out",
        "run",
        "--steps",
        "1000000",
        "--batch-size",
        "4",
        "--latent",
        "6",
        "--widths",
        "4,6",
    ]
    reading, writing = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-m", "dcgan", *words],
        cwd=tmp_path,
        stdout=writing,
        stderr=writing,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    ) as process:
        os.close(writing)
        log = tmp_path / "run/log.jsonl"
        try:
            while not (log.exists() and log.stat().st_size):
                assert process.poll() is None
                os.read(reading, 2**16)
                time.sleep(0.05)
            os.close(reading)
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=120) == 130
        finally:
            process.kill()
    assert len(steps_in(tmp_path / "run/checkpoints")) == 1


@pytest.mark.parametrize(("guard", "printed"), [(any_name, b"caf\\udce9\n"), (None, None)])
def test_names_that_are_no_text_are_printed_escaped(guard, printed, monkeypatch):
    file = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(file, encoding="utf-8", newline="\n"))
    if guard is None:
        with pytest.raises(UnicodeEncodeError):
            print("caf\udce9")
        return
    with guard():
        print("caf\udce9", flush=True)
    assert file.getvalue() == printed
    assert sys.stdout.errors == "strict"


def test_the_command_line_has_that_guard(monkeypatch):
    file = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(file, encoding="utf-8", newline="\n"))
    monkeypatch.setattr(cli, "_plan", lambda arguments: print("caf\udce9", flush=True) or 0)
    assert cli.main(["plan", "9x14x3"]) == 0
    assert file.getvalue() == b"caf\\udce9\n"
