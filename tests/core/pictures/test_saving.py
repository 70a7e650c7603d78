"""Writing a picture: all of it or nothing, and errors that say what to write."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

import convshape as cs

PICTURE = cs.diagram(cs.Conv((3, 3, 1, 1)), (1, 4, 4, 1))


def test_the_file_is_the_picture(tmp_path: Path) -> None:
    for path in (tmp_path / "x.svg", str(tmp_path / "y.SVG")):
        PICTURE.save(path)
        assert Path(path).read_text(encoding="utf-8") == str(PICTURE)
    PICTURE.save(tmp_path / "x.svg")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["x.svg", "y.SVG"]


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "there.svg").write_text("old")
    (tmp_path / "link.svg").symlink_to(tmp_path / "there.svg")
    PICTURE.save(tmp_path / "link.svg")
    assert (tmp_path / "link.svg").is_symlink() and (tmp_path / "there.svg").read_text("utf-8") == str(
        PICTURE
    )


def test_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stood there is kept, and nothing is left beside it, if the disk is full at the last moment."""
    target = tmp_path / "x.svg"
    target.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(cs.ShapeError, match="No space left on device"):
        PICTURE.save(target)
    assert target.read_text() == "old" and [each.name for each in tmp_path.iterdir()] == ["x.svg"]


def test_interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        PICTURE.save(tmp_path / "x.svg")
    assert list(tmp_path.iterdir()) == []


class Hostile(os.PathLike[str]):
    """A path that cannot be had."""

    def __fspath__(self) -> str:
        raise RuntimeError

    def __repr__(self) -> str:
        return "Hostile()"


WRONG: dict[str, Any] = {
    "no suffix": "picture",
    "another suffix": "picture.png",
    "no such folder": "nowhere/x.svg",
    "a folder": "folder.svg",
    "nothing": "",
    "no path": 3,
    "None": None,
    "bytes": b"x.svg",
    "hostile": Hostile(),
    "a null": "x\0.svg",
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_paths(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, snapshot: SnapshotAssertion
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.svg").mkdir()
    with pytest.raises(cs.ShapeError) as caught:
        PICTURE.save(WRONG[name])
    assert str(caught.value) == snapshot
    assert caught.value.fix is not None
    PICTURE.save(**caught.value.fix)  # type: ignore[arg-type]
    assert not list(tmp_path.rglob("*.part"))
