"""A new folder is whole or not there; one that is there and empty stays the folder that it is."""

from __future__ import annotations

import os

import pytest

from dcgan.errors import RunError
from dcgan.outputs import new_folder


def fill(path, names=("b.txt", "a.txt")) -> None:
    with new_folder(path, "test") as waiting:
        for name in names:
            (waiting / name).write_text(name)
        (waiting / "inside").mkdir()
        (waiting / "inside/c.txt").write_text("c")


def names_in(path) -> list[str]:
    return sorted(str(each.relative_to(path)) for each in path.rglob("*"))


WHOLE = ["a.txt", "b.txt", "inside", "inside/c.txt"]


def test_one_that_is_not_there_is_made(tmp_path):
    fill(tmp_path / "new")
    assert names_in(tmp_path / "new") == WHOLE
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


@pytest.mark.parametrize("called", ["empty", ".", "link"])
def test_one_that_is_empty_is_filled_and_stays_itself(called, tmp_path, monkeypatch):
    folder = tmp_path / "empty"
    folder.mkdir()
    (tmp_path / "link").symlink_to(folder)
    monkeypatch.chdir(folder if called == "." else tmp_path)
    before = folder.stat().st_ino
    fill(called)
    assert names_in(folder) == WHOLE
    assert folder.stat().st_ino == before  # who stands in it, or has mounted a disk there, sees what is new
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "link"]


def test_after_an_error_one_that_was_empty_is_empty(tmp_path):
    with pytest.raises(ZeroDivisionError), new_folder(tmp_path, "test") as waiting:
        (waiting / "a.txt").write_text("a")
        raise ZeroDivisionError
    assert names_in(tmp_path) == []


def test_what_has_come_meanwhile_is_not_mixed_with_what_is_new(tmp_path):
    with pytest.raises(RunError, match="not empty"), new_folder(tmp_path, "test") as waiting:
        (waiting / "a.txt").write_text("a")
        (tmp_path / "other.txt").write_text("kept")
    assert names_in(tmp_path) == ["other.txt"]


def test_all_is_moved_or_nothing(tmp_path, monkeypatch):
    usual, moved = os.rename, []

    def rename(source, target):
        moved.append(target)
        if len(moved) == 2:
            raise OSError(5, "Input/output error")
        usual(source, target)

    monkeypatch.setattr("os.rename", rename)
    with pytest.raises(RunError, match="Input/output error"):
        fill(tmp_path)
    assert names_in(tmp_path) == []
    assert len(moved) > 2  # the first has gone back
