"""The command on a trained run: what it writes, what it prints, and that an error leaves no trace."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import dcgan as library
from dcgan import cli, session
from dcgan.keeping.extending import newest_run, newest_step
from dcgan.keeping.runs import Run
from tests.dcgan.support import dcgan, files, python, write_pictures


@pytest.fixture
def place(copy, tmp_path, monkeypatch) -> Path:
    """A folder with a run in it, and a picture, to stand in."""
    monkeypatch.chdir(tmp_path)
    write_pictures(tmp_path / "noise", count=1)
    return tmp_path


def test_sample_separately_is_the_sheet_in_pieces(place, capsys):
    assert cli.main(["sample", "copy", "--count", "5", "--separate", "new", "--seed", "2"]) == 0
    assert capsys.readouterr().out == ""
    pictures = np.stack([np.asarray(Image.open(path)) for path in sorted(Path("new").iterdir())])
    assert np.array_equal(pictures, library.load("copy").sample(5, seed=2).array)


def test_weights_and_statistics_reach_the_sheet(place, capsys):
    for statistics in ("running", "batch"):
        arguments = ["--count", "5", "--statistics", statistics]
        assert cli.main(["sample", "copy", *arguments, "--out", "sheet.png"]) == 0
        assert cli.main(["sample", "copy", *arguments, "--separate", statistics]) == 0
        session.sample("copy", 5, "wanted.png", statistics=statistics)
        assert Path("sheet.png").read_bytes() == Path("wanted.png").read_bytes()
    assert files(Path("running")) != files(Path("batch"))
    assert cli.main(["sample", "copy", "--weights", "ema", "--out", "x.png"]) == 1
    assert "keeps no average" in capsys.readouterr().err


def test_interpolate_writes_a_strip_or_a_gif(place, capsys):
    assert cli.main(["interpolate", "copy", "--picks", "0,2,1", "--steps", "3", "--out", "strip.png"]) == 0
    with Image.open("strip.png") as strip:
        assert strip.size == (4 * (2 * 14 + 2) + 2, 2 * (2 * 9 + 2) + 2)
    assert cli.main(["interpolate", "copy", "--picks", "0,2,1", "--steps", "3", "--out", "way.gif", "--delay", "5"]) == 0  # fmt: skip
    with Image.open("way.gif") as gif:
        assert (gif.size, gif.info["duration"]) == ((28, 18), 50)
        assert 1 < gif.n_frames <= 7  # equal neighbours are one frame, shown longer
    assert capsys.readouterr().out == ""


def test_arithmetic_writes_the_steps(place):
    assert cli.main(["arithmetic", "copy", "--a", "0,1", "--b", "2", "--c", "3", "--out", "sum.png"]) == 0
    with Image.open("sum.png") as sheet:
        assert sheet.size == (3 * (2 * 14 + 2) + 2, 4 * (2 * 9 + 2) + 2)


def test_invert_writes_the_pair_and_the_latent(place, capsys):
    arguments = ["invert", "copy", "noise/000.png", "--starts", "2", "--steps", "3", "--out", "pair.png"]
    assert cli.main(arguments) == 0
    assert "the 2 starts" in capsys.readouterr().out
    assert np.load("pair.npy").shape == (6,)
    with Image.open("pair.png") as pair:
        assert pair.size == (2 * (2 * 14 + 2) + 2, 2 * 9 + 2 + 2)


@pytest.mark.parametrize(("out", "form"), [("g.keras", "keras"), ("g.safetensors", "safetensors"), ("g", "saved_model")])  # fmt: skip
def test_export_says_what_it_wrote(out, form, place, capsys):
    assert cli.main(["export", "copy", "--out", out]) == 0
    assert capsys.readouterr().out == f"{out}: {form}, after 6 steps\n"
    assert Path(out).exists()


def test_report_says_where_it_is(place, capsys):
    assert cli.main(["report", "copy"]) == 0
    assert capsys.readouterr().out == "copy/report.html\n"
    assert Path("copy/report.html").read_text().startswith("<!doctype html>")


ERRORS = {
    "sample: a folder that is not empty": (["sample", "copy", "--separate", "noise"], "not empty"),
    "sample: a count of 0": (["sample", "copy", "--separate", "new", "--count", "0"], "count cannot be 0"),
    "sample: no run": (["sample", "noise", "--separate", "new"], "is not a run"),
    "interpolate: one pick": (["interpolate", "copy", "--picks", "3", "--out", "x.png"], "picks cannot be"),
    "interpolate: another ending": (["interpolate", "copy", "--out", "x.mp4"], ".png or .gif"),
    "interpolate: a delay of 0": (["interpolate", "copy", "--out", "x.gif", "--delay", "0"], "delay"),
    "arithmetic: another ending": (["arithmetic", "copy", "--a", "0", "--b", "1", "--c", "2", "--out", "x.gif"], ".png"),
    "arithmetic: a pick below 0": (["arithmetic", "copy", "--a", "0", "--b=-1", "--c", "2", "--out", "x.png"], "--b"),
    "invert: no picture": (["invert", "copy", "nowhere.png", "--out", "x.png"], "nowhere.png cannot be read"),
    "invert: no folder": (["invert", "copy", "noise/000.png", "--out", "no/x.png"], "not a folder"),
    "invert: a batch": (["invert", "copy", "noise/000.png", "--out", "x.png", "--statistics", "batch"], "own"),
    "export: another ending": (["export", "copy", "--out", "x.h5"], "no form"),
    "export: a folder that is not empty": (["export", "copy", "--out", "noise"], "not empty"),
    "report: another ending": (["report", "copy", "--out", "x.pdf"], ".html"),
    "report: no run": (["report", "noise"], "is not a run"),
    "more: 0 steps": (["train", "--resume", "copy", "--more", "0"], "no 0 more steps"),
    "more: no run": (["train", "--resume", "noise", "--more", "2"], "is not a run"),
    "more: no newest run": (["train", "--more", "2"], "no run in the folder runs"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "text"), ERRORS.values(), ids=ERRORS)
def test_an_error_is_four_parts_and_exit_code_1_and_leaves_no_trace(arguments, text, place, capsys):
    before = files(place)
    assert cli.main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert text in captured.err
    for part in ("  legal: ", "  because: ", "  fix: "):
        assert part in captured.err
    assert files(place) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["sample", "x"],
        ["sample", "x", "--out", "a.png", "--separate", "b"],
        ["sample", "x", "--out", "a.png", "--weights", "best"],
        ["interpolate", "x"],
        ["interpolate", "x", "--picks", "a,b", "--out", "y.png"],
        ["arithmetic", "x", "--a", "1", "--b", "2", "--out", "y.png"],
        ["invert", "x", "--out", "y.png"],
        ["export", "x"],
        ["export", "x", "--out", "y", "--classes", "1"],
        ["report"],
        ["train", "--more", "2", "--steps", "4"],
        ["train", "--more", "2", "--out", "y"],
        ["train", "--more", "2", "--latent", "3"],
        ["train", "--more", "two"],
    ],
)
def test_bad_usage_is_exit_code_2(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2
    assert "usage: dcgan" in capsys.readouterr().err


def steps_logged(folder: Path) -> list[int]:
    return [json.loads(line)["step"] for line in (folder / "log.jsonl").read_text().splitlines()]


def test_more_steps_are_those_of_a_longer_run_to_the_byte(place):
    assert cli.main(["train", "--resume", "copy", "--more", "3"]) == 0
    assert Run.open(Path("copy")).config.steps == newest_step(Run.open(Path("copy"))) == 9
    assert steps_logged(Path("copy")) == list(range(1, 10))
    session.train(Run.open(Path("copy")).config, "straight", progress=False)
    ended, straight = library.load("copy"), library.load("straight")
    for one, other in zip(ended.generator.variables, straight.generator.variables, strict=True):
        assert np.array_equal(one.numpy(), other.numpy())


def test_more_counts_from_the_newest_checkpoint(place):
    for path in Path("copy/checkpoints").glob("ckpt-6.*"):
        path.unlink()
    assert cli.main(["train", "--resume", "copy", "--more", "1"]) == 0
    assert steps_logged(Path("copy")) == [1, 2, 3, 4, 5]


def test_more_than_a_run_had_done_when_it_was_stopped_may_be_fewer_than_it_was_to_do(place):
    config = json.loads(Path("copy/config.json").read_text())
    config["config"]["steps"] = 100  # as one that was stopped after step 6
    Path("copy/config.json").write_text(json.dumps(config))
    assert cli.main(["train", "--resume", "copy", "--more", "1"]) == 0
    assert (Run.open(Path("copy")).config.steps, len(steps_logged(Path("copy")))) == (7, 7)


def test_without_a_name_it_is_the_run_last_worked_on(place, capsys):
    for number, time in ((1, 2000), (2, 1000), (3, 500)):
        shutil.copytree("copy", f"runs/noise-{number}")
        os.utime(f"runs/noise-{number}/log.jsonl", (time, time))
    assert newest_run() == Path("runs/noise-1")
    assert cli.main(["train", "--more", "2"]) == 0
    assert "runs/noise-1: 8 steps done" in capsys.readouterr().out
    assert [len(steps_logged(Path(f"runs/noise-{number}"))) for number in (1, 2, 3)] == [8, 6, 6]


TENSORFLOW = """
import atexit, sys
atexit.register(lambda: print("tensorflow imported:", "tensorflow" in sys.modules))
from dcgan.cli import main
sys.exit(main({arguments!r}))
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["report", "copy"],
        ["interpolate", "copy", "--out", "x.mp4"],
        ["invert", "nowhere", "x.png", "--out", "no folder/x.png"],
        ["export", "nowhere", "--out", "x.keras"],
        ["train", "--more", "3"],
    ],
)
def test_what_needs_no_tensorflow_does_not_import_it(arguments, place):
    ran = python("-c", TENSORFLOW.format(arguments=arguments), cwd=place)
    assert ran.stdout.endswith("tensorflow imported: False\n"), ran.stderr


def test_in_a_process_of_its_own_it_is_quiet(place):
    ran = dcgan("interpolate", "copy", "--out", "way.gif", cwd=place)
    assert (ran.returncode, ran.stdout) == (0, ""), ran.stderr
    assert "tensorflow" not in ran.stderr.lower() and "Traceback" not in ran.stderr
