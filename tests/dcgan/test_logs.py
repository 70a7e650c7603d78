"""The log: a line a step, none twice, none lost, none half written that stays."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from dcgan.errors import RunError
from dcgan.keeping.logs import Log, check, last_step


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "log.jsonl"


def steps(path: Path) -> list[int]:
    return [json.loads(line)["step"] for line in path.read_text().splitlines()]


def write(path: Path, after: int, up_to: int) -> None:
    with Log(path, after) as log:
        for step in range(after + 1, up_to + 1):
            log.write(step, {"d_loss": step / 2})


def test_lines_are_in_the_file_before_it_is_closed(path):
    with Log(path, 0) as log:
        log.write(1, {"d_loss": 1.25})
        assert path.read_text() == '{"step": 1, "d_loss": 1.25}\n'


@pytest.mark.parametrize("step", [0, 1, 4, 5, 9])
def test_lines_after_the_step_are_taken_out_and_all_others_stay(path, step):
    write(path, 0, 5)
    first = path.read_bytes().splitlines()
    with Log(path, step):
        pass
    assert path.read_bytes().splitlines() == first[:step]


@pytest.mark.parametrize(
    ("step", "recent", "expected"), [(5, 3, [3, 4, 5]), (2, 3, [1, 2]), (9, 0, []), (0, 3, [])]
)
def test_the_last_lines_that_stay_are_remembered(path, step, recent, expected):
    write(path, 0, 5)
    with Log(path, step, recent=recent) as log:
        assert [line["step"] for line in log.recent] == expected
        assert all(line == {"step": line["step"], "d_loss": line["step"] / 2} for line in log.recent)


def test_a_torn_line_is_taken_out(path):
    write(path, 0, 3)
    whole = path.read_bytes()
    for torn in (b"{", b'{"step": 4, "d_lo', b'{"step": 4}', b"\xff"):
        path.write_bytes(whole + torn)
        write(path, 3, 4)
        assert steps(path) == [1, 2, 3, 4]


@pytest.mark.parametrize("line", [b"", b"nonsense", b"[1]", b'{"stride": 1}', b'{"step": null}', b"\xff\xfe"])
def test_a_line_that_is_none_is_refused_and_the_file_stays(path, line):
    write(path, 0, 3)
    lines = path.read_bytes().splitlines()
    lines[1] = line
    path.write_bytes(b"\n".join(lines) + b"\n")
    before = path.read_bytes()
    with pytest.raises(RunError, match="line 2 of"):
        Log(path, 3)
    assert path.read_bytes() == before


def test_the_last_step_is_that_of_the_last_whole_line(path):
    assert last_step(path) == 0
    for torn in (b"", b'{"step": 1'):
        path.write_bytes(torn)
        assert last_step(path) == 0
    path.unlink()
    write(path, 0, 12)
    assert last_step(path) == 12
    path.write_bytes(path.read_bytes() + b'{"step": 13, "d_l')
    assert last_step(path) == 12
    path.write_bytes(b"nonsense\n")
    with pytest.raises(RunError, match="line 1 of"):
        last_step(path)


def test_a_check_reads_every_line_and_changes_nothing(path):
    check(path)
    assert not path.exists()
    write(path, 0, 3)
    path.write_bytes(path.read_bytes() + b'{"step": 4')
    before = path.read_bytes()
    check(path)
    assert path.read_bytes() == before
    path.write_bytes(before.replace(b'"step": 2', b'"stop": 2'))
    with pytest.raises(RunError, match="line 2 of"):
        check(path)


def test_what_a_killed_process_has_left_beside_it_is_swept_away(path):
    write(path, 0, 3)
    (path.parent / f".{path.name}.1.part").write_bytes(b"{")
    write(path, 3, 4)
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    assert steps(path) == [1, 2, 3, 4]


def test_lines_that_cannot_be_brought_to_the_disk_are_said(path, monkeypatch):
    def broken(_):
        raise OSError(5, "Input/output error")

    with Log(path, 0) as log:
        log.settle()
        monkeypatch.setattr(os, "fsync", broken)
        with pytest.raises(RunError, match="Input/output error"):
            log.settle()


class Full:
    """A disk with room for a few bytes more."""

    def __init__(self, room: int) -> None:
        self.room = room

    def write(self, line: bytes) -> int:
        if not self.room:
            raise OSError(28, "No space left on device")
        return min(len(line), self.room)

    def close(self) -> None:
        pass


@pytest.mark.parametrize("room", [0, 5])
def test_a_full_disk_is_said(room, path):
    with pytest.raises(RunError, match="No space left"), Log(path, 0) as log:
        log.write(1, {})
        log._file.close()
        log._file = Full(room)
        log.write(2, {})
    assert steps(path) == [1]


def test_a_file_that_cannot_be_opened_is_said(tmp_path):
    with pytest.raises(RunError, match="cannot be written: Is a directory"):
        Log(tmp_path, 0)
    with pytest.raises(RunError, match="cannot be written: No such file"):
        Log(tmp_path / "nowhere/log.jsonl", 0)
