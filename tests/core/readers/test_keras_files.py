"""Files that say they are Keras's and are not: each is refused in four parts, soon, and nothing is run or written."""

from __future__ import annotations

import json
import random
import struct
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

import convshape as cs
from convshape._readers import _keras_archive
from tests.core.readers.keras_files import conv, functional, sequential, start, written

MODEL = functional([start(), conv("conv", ["start"])])


def refused(path: Any, **arguments: Any) -> str:
    """Return the text of the error that reading raises; it has its four parts."""
    with pytest.raises(cs.ShapeError) as caught:
        cs.read(path, **arguments)
    text = str(caught.value)
    assert [line.split(":")[0].strip() for line in text.splitlines()][:4] == [
        "read",
        "legal",
        "because",
        "fix",
    ]
    return text


def test_a_file_is_read_by_any_kind_of_path(tmp_path: Path) -> None:
    path = written(tmp_path / "model.keras", MODEL)
    assert cs.read(path)(("N", 32, 32, 3)) == ("N", 30, 30, 8)
    assert cs.read(str(path)) == cs.read(path) == cs.read(path.rename(tmp_path / "MODEL.KERAS"))
    (tmp_path / "model.json").write_text(json.dumps(MODEL))
    assert cs.read(tmp_path / "model.json") == cs.read(tmp_path / "MODEL.KERAS")


def test_no_weight_is_read(tmp_path: Path) -> None:
    """What stands beside config.json may be anything, and of any size."""
    path = tmp_path / "model.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps(MODEL))
        archive.writestr("model.weights.h5", b"\0" * 50_000_000)
    tracemalloc.start()
    cs.read(path)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


HOSTILE = {
    "empty": b"",
    "text": b"this is no zip",
    "half": b"PK\x03\x04" + b"\0" * 40,
    "h5": b"\x89HDF\r\n\x1a\n" + b"\0" * 100,
    "end of nothing": b"PK\x05\x06" + b"\xff" * 18,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_zip(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "model.keras").write_bytes(content)
    assert "cannot be read" in refused(tmp_path / "model.keras") or "too big" in refused(
        tmp_path / "model.keras"
    )


def test_places_that_hold_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.keras").mkdir()
    assert "No such file" in refused(tmp_path / "none.keras")
    assert "cannot be read" in refused(tmp_path / "folder.keras")
    assert "cannot be read" in refused("a\0b.keras")
    assert "ends in neither" in refused(tmp_path / "model.txt") and "HDF5" in refused("model.h5")
    assert "live module" in refused("model.pt")


def test_no_config_two_and_none_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("other.json", "{}")
    assert "holds no config.json" in refused(path)
    with zipfile.ZipFile(path, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("config.json", json.dumps(MODEL))
        archive.writestr("config.json", json.dumps(MODEL))
    assert "more than one config.json" in refused(path)
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        with zipfile.ZipFile(path, "w", method) as archive:
            archive.writestr("config.json", json.dumps(MODEL))
        assert f"packed by method {method}" in refused(path)


def test_encrypted(tmp_path: Path) -> None:
    path = written(tmp_path / "model.keras", MODEL)
    data = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.rfind(mark) if mark == b"PK\x01\x02" else data.find(mark, 4)
        data[at + place] |= 1
    path.write_bytes(data)
    assert "encrypted" in refused(path)


@pytest.mark.parametrize("shared", [True, False])
def test_bombs(shared: bool, tmp_path: Path) -> None:
    """A thousand times smaller than what it unpacks to; once it says so, once it lies about it."""
    path = written(tmp_path / "model.keras", b"[" + b" " * 100_000_000)
    if not shared:
        data = bytearray(path.read_bytes())
        at = data.rfind(b"PK\x01\x02")
        data[at + 24 : at + 28] = struct.pack("<I", 1000)
        path.write_bytes(data)
    tracemalloc.start()
    assert "too big" in refused(path) or "cannot be read" in refused(path)
    assert tracemalloc.get_traced_memory()[1] < 40_000_000
    tracemalloc.stop()


def test_a_directory_of_a_million_members(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    entry = (
        struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)
        + b"x"
    )
    count = 60_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, count * len(entry), 0, 0)
    path.write_bytes(entry * count + end)
    assert "too big" in refused(path)


def test_too_big_a_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_keras_archive, "MOST_BYTES", 100)
    assert "too big" in refused(written(tmp_path / "model.keras", MODEL))
    (tmp_path / "model.json").write_text(json.dumps(MODEL))
    assert "too big" in refused(tmp_path / "model.json")


TEXTS = {
    "no JSON": (b"{", "no JSON"),
    "NaN": (b'{"config": NaN}', "NaN is no number"),
    "infinity": (b'{"config": -Infinity}', "-Infinity is no number"),
    "no UTF-8": (b'{"config": "\xff"}', "no UTF-8"),
    "UTF-16": ('{"config": {}}'.encode("utf-16"), "no UTF-8"),
    "an endless number": (b'{"config": ' + b"9" * 5000 + b"}", "no JSON"),
    "deep lists": (b"[" * 100_000 + b"]" * 100_000, "too deeply"),
    "deep dicts": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "too deeply"),
    "a list": (b"[]", "configuration is"),
    "a number": (b"1", "configuration is 1"),
    "null": (b"null", "configuration is None"),
    "no config": (b"{}", "configuration is"),
    "config is a list": (b'{"class_name": "Sequential", "config": []}', "configuration is"),
    "no layers": (b'{"class_name": "Own", "config": {}}', "names no layers"),
}


@pytest.mark.parametrize(("content", "said"), TEXTS.values(), ids=TEXTS)
def test_what_is_no_configuration(content: bytes, said: str, tmp_path: Path) -> None:
    assert said in refused(written(tmp_path / "model.keras", content))


def test_a_file_that_is_cut_or_changed_anywhere(tmp_path: Path) -> None:
    """Byte by byte: it is read, or refused in four parts; never anything else."""
    whole = written(tmp_path / "whole.keras", sequential([conv("conv")])).read_bytes()
    path, chance = tmp_path / "model.keras", random.Random(4)
    for turn in range(600):
        data = bytearray(whole)
        if turn % 3 == 0:
            data = data[: chance.randrange(len(data))]
        for _ in range(chance.randrange(1, 4)):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data)
        try:
            cs.read(path)
        except cs.ShapeError as error:
            assert error.problem and error.reason
    assert {one.name for one in tmp_path.iterdir()} == {"model.keras", "whole.keras"}
