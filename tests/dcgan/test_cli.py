"""The command itself, each time in a process of its own: what it prints, how it ends, how it is stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dcgan import cli, session
from dcgan.commands.stopping import stop_on_signal
from dcgan.keeping.runs import Run
from tests.dcgan.support import ROOT, dcgan, files, write_pictures

SMALL = [
    *("--widths", "4", "--latent", "5", "--kernel-size", "3"),
    *("--batch-size", "5", "--samples", "4", "--checkpoint-every", "1000"),
]


def steps_logged(folder: Path) -> list[int]:
    return [json.loads(line)["step"] for line in (folder / "log.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> str:
    return str(write_pictures(tmp_path_factory.mktemp("data") / "noise"))


def test_train_without_a_name(data, tmp_path):
    trained = dcgan("train", "--data", data, *SMALL, "--steps", "3", cwd=tmp_path)
    assert trained.returncode == 0, trained.stderr
    run = Path("runs/noise-1")
    assert f"{run}: 3 steps done" in trained.stdout
    assert "3/3" in trained.stderr  # tqdm
    assert "tensorflow" not in trained.stderr.lower()  # no notes on starting up
    assert steps_logged(tmp_path / run) == [1, 2, 3]


def test_resume_and_sample(data, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["train", "--data", data, *SMALL, "--steps", "1", "--out", "run"]) == 0
    assert cli.main(["train", "--resume", "run", "--steps", "2"]) == 0
    assert steps_logged(Path("run")) == [1, 2]
    assert "run: 2 steps done" in capsys.readouterr().out
    assert cli.main(["sample", "run", "--count", "7", "--out", "seven.png"]) == 0
    assert capsys.readouterr().out == ""
    assert Path("seven.png").read_bytes()[:4] == b"\x89PNG"


def test_digits_are_what_it_trains_on_without_options(tmp_path, monkeypatch):
    """The same as ``dcgan train``, but in this process, and stopped after its first step."""
    monkeypatch.chdir(tmp_path)
    loop = session.train(stopped=lambda: True, progress=False)
    assert loop.run.folder == Path("runs/digits-1")
    assert (loop.run.config.data, loop.run.image_shape) == ("digits", (28, 28, 1))
    assert steps_logged(loop.run.folder) == [1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_is_an_answer_and_the_second_what_it_always_was(number):
    came = []
    usual = signal.signal(number, lambda *_: came.append("usual"))
    try:
        with stop_on_signal() as stopped:
            assert not stopped()
            signal.raise_signal(number)
            assert stopped()
            assert came == []
            signal.raise_signal(number)
            assert came == ["usual"]
        with stop_on_signal() as stopped:
            pass
        signal.raise_signal(number)
        assert not stopped()
        assert came == ["usual", "usual"]
    finally:
        signal.signal(number, usual)


def test_ctrl_c_saves_a_checkpoint_and_says_how_to_go_on(data, tmp_path):
    command = [
        sys.executable,
        "-m",
        "dcgan",
        "train",
        "--data",
        data,
        *SMALL,
        "--steps",
        "1000000",
        "--out",
        "run",
    ]
    process = subprocess.Popen(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    sheets = tmp_path / "run/samples"
    give_up = time.monotonic() + 240
    while not (sheets.exists() and any(sheets.iterdir())) and time.monotonic() < give_up:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, stderr
    assert "Traceback" not in stderr
    (last,) = (
        int(path.stem.removeprefix("ckpt-")) for path in (tmp_path / "run/checkpoints").glob("*.index")
    )
    assert f"stopped after step {last} of 1000000; go on with: dcgan train --resume run" in stdout
    assert steps_logged(tmp_path / "run") == list(range(1, last + 1))
    loop = session.resume(tmp_path / "run", steps=last + 2, progress=False)
    assert loop.step == last + 2
    assert steps_logged(tmp_path / "run") == list(range(1, last + 3))


ERRORS = {
    "an empty folder": (["train", "--data", "empty"], "no picture in empty"),
    "a folder that is not there": (["train", "--data", "nowhere"], "nowhere"),
    "an unreadable picture": (["train", "--data", "torn"], "005.png"),
    "mixed sizes": (["train", "--data", "mixed"], "--image-size"),
    "a run folder that is not empty": (["train", "--data", "noise", "--out", "noise"], "not empty"),
    "a plan that cannot work": (["plan", "28x28x1", "--layers", "6"], "--layers 5"),
    "a picture of no size": (["plan", "0x28x1"], "not the shape of a picture"),
    "a size past any tensor": (["plan", f"{2**70}x28x1"], "legal:"),
    "a wrong value": (["train", "--steps", "0"], "steps cannot be 0"),
    "no such run": (["sample", "nowhere", "--out", "new.png"], "nowhere is not a run"),
    "no such run to resume": (["train", "--resume", "nowhere"], "nowhere is not a run"),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A folder with everything that can be wrong."""
    place = tmp_path_factory.mktemp("place")
    (place / "empty").mkdir()
    write_pictures(place / "noise")
    write_pictures(place / "mixed")
    write_pictures(place / "mixed/more", shape=(8, 8, 3))
    torn = write_pictures(place / "torn") / "005.png"
    torn.write_bytes(torn.read_bytes()[:100])
    return place


@pytest.mark.parametrize(("arguments", "text"), ERRORS.values(), ids=ERRORS)
def test_an_error_is_four_parts_and_exit_code_1_and_leaves_no_trace(
    arguments, text, place, monkeypatch, capsys
):
    monkeypatch.chdir(place)
    before = files(place)
    assert cli.main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert text in captured.err
    for part in ("  legal: ", "  because: ", "  fix: "):
        assert part in captured.err
    assert files(place) == before
    assert not (place / "runs").exists()


def test_such_an_error_prints_no_traceback(place):
    ran = dcgan("train", "--data", "empty", cwd=place)
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert "no picture in empty" in ran.stderr


def test_unreadable_pictures_are_left_out_when_asked(place, tmp_path):
    options = [
        "--data",
        str(place / "torn"),
        "--skip-broken",
        *SMALL,
        "--steps",
        "1",
        "--out",
        str(tmp_path / "run"),
    ]
    assert cli.main(["train", *options]) == 0
    assert Run.open(tmp_path / "run").config.skip_broken


def test_pictures_are_resized_only_when_asked(place, tmp_path):
    options = ["--data", str(place / "mixed"), "--image-size", "7x11", *SMALL, "--steps", "1"]
    assert cli.main(["train", *options, "--out", str(tmp_path / "run")]) == 0
    assert Run.open(tmp_path / "run").image_shape == (7, 11, 3)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["plan"],
        ["plan", "45by61"],
        ["plan", "8x8x1", "--steps", "2"],
        ["train", "--layer", "2"],
        ["train", "--resume", "x", "--latent", "3"],
        ["train", "--resume", "x", "--out", "y"],
        ["sample", "x"],
        ["draw"],
    ],
)
def test_bad_usage_is_exit_code_2(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2
    assert "usage: dcgan" in capsys.readouterr().err
