"""One process at a time trains a run; who only reads it is not kept waiting, and who was killed keeps nobody out."""

from __future__ import annotations

import dataclasses
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import dcgan
from dcgan import session
from dcgan.errors import RunError
from dcgan.keeping import locking
from dcgan.keeping.locking import Lock
from dcgan.keeping.runs import Run
from dcgan.reports.report import report
from tests.dcgan.state import check_four_parts, refused, stopping_after
from tests.dcgan.support import ROOT, files, python

HOLD = "import sys; from pathlib import Path; from dcgan.keeping.locking import Lock; lock = Lock(Path(sys.argv[1])); lock.take(); print('held', flush=True); input()"


@contextmanager
def another_process_training(folder: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_second_process_is_refused_and_told_who_is_at_it(tmp_path, snapshot):
    with another_process_training(tmp_path) as process:
        with pytest.raises(RunError) as caught, Lock(tmp_path):
            pass
        check_four_parts(caught.value)
        told = str(caught.value)
        assert f"by process {process.pid}." in told and f"kill {process.pid}" in told
        assert told.replace(str(tmp_path), "RUN").replace(str(process.pid), "PID") == snapshot


def test_what_the_error_says_works_and_a_killed_process_keeps_nobody_out(tmp_path):
    with another_process_training(tmp_path) as process:
        with pytest.raises(RunError) as caught:
            Lock(tmp_path).take()
        command = caught.value.diagnosis.remedy.partition("stop it with: ")[2]
        subprocess.run(command, shell=True, check=True)
        assert process.wait() == -signal.SIGTERM
    assert (tmp_path / ".lock").exists()  # it had no time to take it away
    with Lock(tmp_path):
        pass
    assert files(tmp_path) == {}


def test_a_lock_is_given_back_at_the_end_and_after_an_error(tmp_path):
    for _ in range(2):
        with Lock(tmp_path):
            assert str(os.getpid()) in (tmp_path / ".lock").read_text()
        with pytest.raises(KeyboardInterrupt), Lock(tmp_path).kept():
            raise KeyboardInterrupt
    lock = Lock(tmp_path)
    with lock.kept():
        pass
    with pytest.raises(RunError, match="by this process itself"):
        Lock(tmp_path).take()
    with lock:  # which goes on holding it
        pass
    with Lock(tmp_path):
        pass


def test_a_lock_that_was_taken_away_while_it_was_being_taken_is_taken_anew(tmp_path, monkeypatch):
    """Else two processes would each hold a lock: one on the file, one on a file that has no name any more."""
    lock_it, places = locking._lock, []

    def taken_away(file):
        if not places:
            (tmp_path / ".lock").unlink()
        places.append(os.fstat(file.fileno()).st_ino)
        lock_it(file)

    monkeypatch.setattr(locking, "_lock", taken_away)
    with Lock(tmp_path):
        assert len(places) == 2
        assert (tmp_path / ".lock").stat().st_ino == places[-1]
        with pytest.raises(RunError):
            Lock(tmp_path).take()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": "x"}'])
def test_a_holder_that_has_not_signed_yet_is_another_process(text, tmp_path):
    with another_process_training(tmp_path):
        (tmp_path / ".lock").write_text(text)
        with pytest.raises(RunError, match="by another process"):
            Lock(tmp_path).take()


def test_a_file_system_without_locks_is_said(tmp_path, monkeypatch, snapshot):
    def none(_file):
        raise OSError(37, "No locks available")

    monkeypatch.setattr(locking, "_lock", none)
    with pytest.raises(RunError) as caught:
        Lock(tmp_path).take()
    assert str(caught.value).replace(str(tmp_path), "RUN") == snapshot


def test_a_run_that_is_being_trained_is_read_but_not_trained(copy, config, tmp_path):
    with another_process_training(copy):
        refused(copy, RunError, "is being trained by process", lambda: session.resume(copy, steps=9))
        refused(copy, RunError, "is a run", lambda: session.train(config, copy, progress=False))
        session.sample(copy, 4, tmp_path / "new.png")
        assert dcgan.load(copy).step == 6
        report(copy, tmp_path / "report.html")


def test_a_new_run_in_a_folder_where_another_begins_is_refused(config, tmp_path):
    with another_process_training(tmp_path):
        refused(
            tmp_path,
            RunError,
            "is being trained",
            lambda: session.train(config, tmp_path, progress=False),
        )


def test_a_training_gives_the_lock_back_and_takes_it_again(config, tmp_path):
    loop = session.begin(config, tmp_path / "run", progress=False)
    refused(loop.run.folder, RunError, "this process itself", lambda: session.resume(loop.run.folder))
    loop.train(stopped=stopping_after(2), progress=False)
    assert not (loop.run.folder / ".lock").exists()
    with another_process_training(loop.run.folder), pytest.raises(RunError, match="being trained"):
        loop.train(stopped=stopping_after(1), progress=False)
    loop.train(stopped=stopping_after(1), progress=False)
    session.resume(loop.run.folder, progress=False, stopped=stopping_after(1))
    refused(
        loop.run.folder,
        RunError,
        "this loop has done 3 steps, and the newest checkpoint of .* is of step 4",
        lambda: loop.train(stopped=stopping_after(1), progress=False),
    )


def test_what_a_lock_and_a_killed_beginning_have_left_is_no_run(config, tmp_path):
    (tmp_path / ".lock").write_text('{"pid": 1, "host": "gone"}')
    (tmp_path / ".config.json.1.part").write_text('{"conf')
    session.train(dataclasses.replace(config, steps=1), tmp_path, progress=False)
    assert not [name for name in files(tmp_path) if re.match(r"\.", name)]
    assert Run.open(tmp_path).config.steps == 1


def test_it_works_where_the_system_has_few_names_of_errors():
    """macOS and the BSDs have no EDEADLOCK."""
    code = "import errno; vars(errno).pop('EDEADLOCK', None); import dcgan.keeping.locking"
    assert python("-c", code).returncode == 0
