"""The README's five commands, one after the other in one folder, on few and small pictures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.docs.pages import README, blocks, exit_of

SMALL = "--width 4 --batch-size 8 --samples 4 --sample-every 1"
SHORT = {
    "dcgan train": f"{SMALL} --steps 2",
    "dcgan train --data": f"{SMALL} --steps 2",
    "dcgan train --resume": "--steps 3",
}


def shown() -> list[str]:
    """Return the commands of the README's one block of them, without comments."""
    [block] = [
        block for block in blocks(README) if block.language == "sh" and block.text.startswith("dcgan ")
    ]
    return [line.partition("#")[0].strip() for line in block.text.splitlines()]


def shortened(command: str) -> str:
    """Return a command with options for a few steps; of an option that is given twice the last one counts."""
    starts = [start for start in SHORT if command == start or command.startswith(f"{start} ")]
    return f"{command} {SHORT[max(starts, key=len)]}" if starts else command


def test_there_are_five() -> None:
    assert len(shown()) == 5


def test_each_works_after_the_one_before(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    for number, name in enumerate(("a.png", "b.jpg", "c.bmp", "d.gif") * 2):
        picture = Image.new("RGB", (70 + number, 90), (20 * number, 100, 200))
        picture.save(tmp_path / "photos" / f"{number}-{name}")
    for command in map(shortened, shown()):
        code, printed = exit_of(command, tmp_path)
        assert code == 0, f"{command}\n{printed}"

    assert (tmp_path / "runs" / "digits-1" / "samples" / "step-000002.png").is_file()
    with Image.open(tmp_path / "more.png") as sheet:
        assert sheet.format == "PNG"
    lines = (tmp_path / "faces" / "log.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["step"] for line in lines] == [1, 2, 3]
    assert {path.name for path in (tmp_path / "faces").iterdir()} == {
        "config.json",
        "history.json",
        "log.jsonl",
        "samples",
        "checkpoints",
    }


def test_a_command_that_fails_is_seen(tmp_path: Path) -> None:
    code, printed = exit_of("dcgan sample nowhere --out more.png", tmp_path)
    assert code == 1
    assert "nowhere is not a run" in printed


@pytest.mark.parametrize(
    ("command", "added"),
    [
        ("dcgan plan 45x61x3", ""),
        ("dcgan train", f" {SMALL} --steps 2"),
        ("dcgan train --resume faces --steps 4000", " --steps 3"),
    ],
)
def test_commands_are_shortened_by_what_they_take(command: str, added: str) -> None:
    assert shortened(command) == command + added
