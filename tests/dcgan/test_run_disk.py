"""A disk that is full and a folder that is read-only: a clear error, and a run that goes on once that has been mended."""

from __future__ import annotations

import os
import re
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import dcgan
from dcgan import session
from dcgan.errors import RunError
from dcgan.looping import Loop
from tests.dcgan.state import all_of, check_four_parts, refused, stopping_after, weights_of
from tests.dcgan.support import as_bytes, files


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """Let the operating system refuse to let a file grow, as one without room does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Make a folder read-only, for root too, whom permissions do not stop."""
    if os.geteuid():
        places = [folder, *folder.rglob("*")]
        modes = {place: place.stat().st_mode for place in places}
        for place in places:
            place.chmod(modes[place] & ~0o222)
        undo = lambda: [place.chmod(mode) for place, mode in modes.items()]  # noqa: E731
    else:
        _mount("--bind", str(folder), str(folder))
        _mount("-o", "remount,ro,bind", str(folder))
        undo = lambda: subprocess.run(["umount", str(folder)], check=True)  # noqa: E731
    try:
        yield
    finally:
        undo()


def _mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no right to mount: {done.stderr.strip()}")


def part(folder: Path, name: str) -> dict[str, bytes]:
    return {path: content for path, content in files(folder).items() if path.startswith(name)}


def test_a_disk_that_is_full_before_the_first_step_changes_nothing(copy):
    def resume():
        with no_file_larger_than(50):
            session.resume(copy, steps=9, progress=False)

    refused(copy, RunError, "File too large", resume)
    assert session.resume(copy, steps=7, progress=False).step == 7


def test_a_disk_that_is_full_when_a_checkpoint_is_due(copy, finished, snapshot):
    before = part(copy, "checkpoints")
    with no_file_larger_than(12_000), pytest.raises(RunError) as caught:
        session.resume(copy, steps=8, progress=False)
    check_four_parts(caught.value)
    assert re.sub(r"\.\d+\.part|tempstate\d+", "", str(caught.value)).replace(str(copy), "RUN") == snapshot
    assert part(copy, "checkpoints") == before
    assert not [name for name in files(copy) if "/." in f"/{name}"]
    go_on_as_if_nothing_had_been(copy, finished)


def test_a_disk_that_is_full_when_a_sheet_is_due(copy, finished, monkeypatch):
    before = part(copy, "samples")
    draw = Loop._draw

    def full(loop):
        with no_file_larger_than(60):
            draw(loop)

    monkeypatch.setattr(Loop, "_draw", full)
    with pytest.raises(RunError, match=r"step-000008\.png cannot be written: File too large"):
        session.resume(copy, steps=8, progress=False)
    assert part(copy, "samples") == before
    monkeypatch.undo()
    go_on_as_if_nothing_had_been(copy, finished)


def test_a_disk_that_is_full_when_a_line_is_logged(copy, finished):
    size = (copy / "log.jsonl").stat().st_size + 30
    with no_file_larger_than(size), pytest.raises(RunError, match=r"log\.jsonl cannot be written"):
        session.resume(copy, steps=8, progress=False)
    assert (copy / "log.jsonl").stat().st_size == size  # a part of the line
    go_on_as_if_nothing_had_been(copy, finished)


def go_on_as_if_nothing_had_been(copy: Path, finished: Path) -> None:
    """Resume it to step 8, and compare with what another copy comes to."""
    resumed = session.resume(copy, steps=8, progress=False)
    other = finished.parent / "eight"
    if not other.exists():
        subprocess.run(["cp", "-r", str(finished), str(other)], check=True)
        session.resume(other, steps=8, progress=False)
    assert resumed.step == 8
    found, whole = files(copy), files(other)
    assert found.keys() == whole.keys()
    assert {name for name in found if found[name] != whole[name]} <= {"history.json"}


def test_a_disk_that_is_really_full(config, finished, tmp_path):
    """On a file system of its own; what it has room for is tried out from none to enough."""
    place = tmp_path / "small"
    place.mkdir()
    _mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place))
    try:
        run, filler, failures = place / "run", place / "filler", []
        session.train(config, run, stopped=stopping_after(1), progress=False)
        for pages in (0, 2, 5, 10):  # a checkpoint takes about seven, and there are two to write
            filler.write_bytes(b"")
            filler.write_bytes(bytes(os.statvfs(place).f_bavail * 4096 - pages * 4096))
            before = part(run, "checkpoints/ckpt-")
            with pytest.raises(RunError, match="No space left on device") as caught:
                session.resume(run, progress=False)
            check_four_parts(caught.value)
            assert before.items() <= part(run, "checkpoints/ckpt-").items()
            failures.append(caught.value.diagnosis.problem.partition(str(run))[2].partition(" ")[0])
        filler.unlink()
        assert {"/.lock", "/checkpoints:"} <= set(failures)
        loop = session.resume(run, progress=False)
        assert as_bytes(all_of(loop.trainer)) == weights_of(finished)
        for name in ("log.jsonl", "samples/step-000003.png", "samples/step-000006.png"):
            assert (run / name).read_bytes() == (finished / name).read_bytes()
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_read_only_run_is_used_and_not_trained(copy, tmp_path, snapshot):
    with read_only(copy):
        before = files(copy)
        with pytest.raises(RunError) as caught:
            session.resume(copy, steps=9, progress=False)
        check_four_parts(caught.value)
        assert files(copy) == before
        session.sample(copy, 4, tmp_path / "new.png")
        assert dcgan.load(copy).step == 6
    text = str(caught.value).replace(str(copy), "RUN").replace("Permission denied", "Read-only file system")
    assert text == snapshot
    assert session.resume(copy, steps=7, progress=False).step == 7


def test_a_name_that_no_folder_can_have(config, tmp_path):
    with pytest.raises(RunError, match="cannot be made or written to: File name too long") as caught:
        session.train(config, tmp_path / ("a" * 300), progress=False)
    check_four_parts(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_place_where_no_run_can_be_made(config, tmp_path):
    place = tmp_path / "place"
    place.mkdir()
    with read_only(place), pytest.raises(RunError, match="cannot be made or written to") as caught:
        session.train(config, place / "run", progress=False)
    check_four_parts(caught.value)
    assert list(place.iterdir()) == []
