"""Killed at any moment, and in the middle of a checkpoint: what is resumed comes to the same end, byte for byte.

The slowest test of dcgan: fifty processes are killed. That all else of a run resumes is tested beside it in less time.
"""

from __future__ import annotations

import random
import signal
from pathlib import Path

import pytest

from dcgan.keeping.checkpoint_files import steps_in
from dcgan.keeping.runs import Run
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
                assert code in (0, -signal.SIGKILL), _said(folder)
                break
            assert code == -signal.SIGKILL, f"{kind} {death}: {code}\n{_said(folder)}"
            kills += 1
        if not _is_done(folder):
            assert server.train(folder, *_command(folder, data, game)) == 0, _said(folder)
        check_same(folder, whole[name])
        runs += 1
    record_property("examples", kills)


STOPS = [
    (signal.SIGINT,),
    (signal.SIGTERM,),
    (signal.SIGINT, signal.SIGINT),
    (signal.SIGTERM, signal.SIGTERM),
]


def test_told_to_stop_at_any_moment_it_ends_as_a_shell_expects(server, whole, data, tmp_path):
    """While it reads pictures, traces its first step, trains, writes; once, and twice in a row."""
    chance, (name, game) = random.Random(1), next(iter(GAMES.items()))
    folder, codes = tmp_path / "run", set()
    for number in range(12):
        signals = STOPS[number % len(STOPS)]
        # the later steps are slowed down by nothing: what matters is the first second, when all is prepared
        after = chance.uniform(0, 2.5)
        code = server.train(folder, *_command(folder, data, game), signals=signals, after=after)
        check_what_is_there(folder, whole[name])
        assert "Traceback" not in _said(folder)
        if _is_done(folder) and codes & {130, 143}:
            break
        if _is_done(
            folder
        ):  # the machine was too busy to send a signal before the end: once more, from the first step
            folder = tmp_path / f"run-{number}"
            continue
        # below 0: before Python had got as far as taking the signal itself
        assert code in (128 + signals[0], -signals[0]), _said(folder)
        codes.add(code)
        assert not (folder / ".lock").exists() or code < 0
    assert codes & {130, 143}
    if not _is_done(folder):
        assert server.train(folder, *_command(folder, data, game)) == 0, _said(folder)
    check_same(folder, whole[name])


def test_more_steps_whatever_has_happened_before_and_after(server, whole, data, tmp_path):
    """Three steps, two more that are killed and gone on with, then three more that are stopped: as eight at once."""
    name, game = next(iter(GAMES.items()))
    folder = tmp_path / "run"
    assert server.train(folder, *_new(folder, data, game), "--steps", "3") == 0, _said(folder)
    more = ["train", "--resume", str(folder), "--more"]
    assert server.train(folder, *more, "2", change=25) == -signal.SIGKILL, _said(folder)
    assert server.train(folder, *_command(folder, data, game)) == 0, _said(folder)
    assert Run.open(folder).config.steps == max(steps_in(folder / "checkpoints")) == 5
    assert server.train(folder, *more, "3", signals=(signal.SIGINT,), after=1) in (0, 130), _said(folder)
    if not _is_done(folder):
        newest = max(steps_in(folder / "checkpoints"))
        again = str(STEPS - newest)
        assert server.train(folder, *more, again) == 0, _said(folder)
    (folder / "samples/step-000005.png").unlink()  # there is a sheet of each end
    check_same(folder, whole[name])
