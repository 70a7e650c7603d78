"""Killed at any moment, and in the middle of a checkpoint: what is resumed comes to the same end, byte for byte.

The slowest test of dcgan: fifty processes are killed. That all else of a run resumes is tested beside it in less time.
"""

from __future__ import annotations

import random
import signal
from pathlib import Path

import pytest

from tests.dcgan.killing import Server, check_same, check_what_is_there, serving
from tests.dcgan.support import files, write_pictures

STEPS = 8
SMALL = [
    *("--widths", "4", "--latent", "5", "--kernel-size", "3", "--batch-size", "8", "--samples", "4"),
    *("--sample-every", "3", "--checkpoint-every", "1", "--steps", str(STEPS)),
]
GAMES = {
    "average, mirrored": ["--ema", "0.9", "--flip"],
    "hinge": ["--loss", "hinge"],
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("server") / "errors.txt") as server:
        yield server


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> str:
    return str(write_pictures(tmp_path_factory.mktemp("data") / "noise", shape=(8, 8, 3)))


@pytest.fixture(scope="module")
def whole(server: Server, data, tmp_path_factory) -> dict[str, dict[str, bytes]]:
    """The files of runs that nothing has happened to."""
    place = tmp_path_factory.mktemp("whole")
    made = {}
    for name, game in GAMES.items():
        assert server.train(place / name, *_new(place / name, data, game)) == 0
        made[name] = files(place / name)
    return made


def _new(folder: Path, data: str, game: list[str]) -> list[str]:
    return ["train", "--out", str(folder), "--data", data, *SMALL, *game]


def _command(folder: Path, data: str, game: list[str]) -> list[str]:
    begun = (folder / "config.json").exists()
    return ["train", "--resume", str(folder)] if begun else _new(folder, data, game)


def _said(folder: Path) -> str:
    return Path(f"{folder}.txt").read_text()


def _is_done(folder: Path) -> bool:
    return (folder / f"checkpoints/ckpt-{STEPS}.index").exists()


def test_two_runs_are_the_same_files(server, whole, data, tmp_path):
    """Or nothing could be said of those that are killed."""
    for name, game in GAMES.items():
        assert server.train(tmp_path / name, *_new(tmp_path / name, data, game)) == 0
        check_same(tmp_path / name, whole[name])


DEATHS = {
    "at a change": lambda chance: {"change": chance.randint(1, 60)},
    "while TensorFlow writes": lambda chance: {"writing": chance.uniform(0, 0.02)},
    "while a disk dies": lambda chance: {"writing": chance.uniform(0, 0.02), "cut": True},
    "some time": lambda chance: {"signals": (signal.SIGKILL,), "after": chance.uniform(0.3, 4)},
}


def test_fifty_kills_lose_nothing(server, whole, data, tmp_path, record_property):
    chance, kills, runs = random.Random(0), 0, 0
    while kills < 50:
        name, game = list(GAMES.items())[runs % len(GAMES)]
        folder = tmp_path / f"run-{runs}"
        for number in range(6):
            kind = list(DEATHS)[(runs + number) % len(DEATHS)]
            death = DEATHS[kind](chance)
            code = server.train(folder, *_command(folder, data, game), **death)
            check_what_is_there(folder, whole[name])
            if _is_done(folder):
                break
            assert code == -signal.SIGKILL, f"{kind} {death}: {code}\n{_said(folder)}"
            kills += 1
        if not _is_done(folder):
            assert server.train(folder, *_command(folder, data, game)) == 0, _said(folder)
        check_same(folder, whole[name])
        runs += 1
    record_property("examples", kills)
