"""history.json: which command, versions and machine made a run, from which step on, and nothing that is made up."""

from __future__ import annotations

import json
import os
import platform
from importlib.metadata import version
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from dcgan import cli, session
from dcgan.computing.processor import uses_onednn, words
from dcgan.errors import RunError
from dcgan.keeping.runs import Run
from dcgan.reports.report import render
from tests.dcgan.state import refused, stopping_after


def entries(folder: Path) -> list[dict]:
    return json.loads((folder / "history.json").read_text())


def test_python_code_has_no_command_and_it_says_so(finished, config):
    (entry,) = entries(finished)
    assert (entry["step"], entry["until"], entry["seed"]) == (0, 6, config.seed)
    assert (entry["by"], entry["command"]) == ("python", None)
    assert entry["versions"] == {
        "python": platform.python_version(),
        "convshape": version("convshape"),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "numpy": np.__version__,
    }
    assert entry["platform"] == platform.platform()
    assert entry["onednn"] is uses_onednn(words(), os.environ)
    assert entry["directory"] == str(Path.cwd())


def test_each_training_adds_its_command_and_the_step_it_began_at(config, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    pictures = Path(config.data).rename(tmp_path / "my noise")
    small = ["--widths", "4", "--latent", "5", "--kernel-size", "3", "--batch-size", "5", "--samples", "4"]
    try:
        assert cli.main(["train", "--data", "my noise", *small, "--steps", "1", "--out", "run"]) == 0
        assert cli.main(["train", "--resume", "run", "--more", "2"]) == 0
    finally:
        pictures.rename(config.data)
    first, second = entries(tmp_path / "run")
    assert first["command"] == f"dcgan train --data 'my noise' {' '.join(small)} --steps 1 --out run"
    assert (first["step"], first["until"], first["by"]) == (0, 1, "command line")
    assert second["command"] == "dcgan train --resume run --more 2"
    assert (second["step"], second["until"]) == (1, 3)


def test_a_refused_resume_is_not_in_it_and_a_stopped_one_is(copy):
    refused(copy, RunError, "has done 6 steps", lambda: session.resume(copy, progress=False))
    session.resume(copy, steps=9, stopped=stopping_after(1), progress=False)
    session.resume(copy, progress=False)
    assert [(entry["step"], entry["until"]) for entry in entries(copy)] == [(0, 6), (6, 9), (7, 9)]


def test_a_run_of_version_0_1_has_none_and_begins_one(copy):
    (copy / "history.json").unlink()
    assert "How it began is not written down" in render(Run.open(copy))
    session.resume(copy, steps=7, progress=False)
    assert [entry["step"] for entry in entries(copy)] == [6]
    assert "How it began is not written down" in render(Run.open(copy))


@pytest.mark.parametrize("text", ["", "{", "{}", "[1]", '[{"until": 3}]', '[{"step": "x"}]', "\udcff"])
def test_a_history_that_is_none_is_refused_before_anything_is_changed(text, copy):
    (copy / "history.json").write_bytes(text.encode(errors="surrogateescape"))
    refused(copy, RunError, "history.json is not", lambda: session.resume(copy, steps=9, progress=False))


def test_what_that_error_says_works(copy, snapshot):
    (copy / "history.json").write_text("{}")
    with pytest.raises(RunError) as caught:
        session.resume(copy, steps=7, progress=False)
    assert str(caught.value).replace(str(copy), "RUN") == snapshot
    (copy / "history.json").rename(copy.parent / "history.json")
    assert session.resume(copy, steps=7, progress=False).step == 7


def test_the_report_shows_who_trained_it_and_not_who_writes_it(copy):
    """The versions are those of then, on another machine perhaps."""
    history = entries(copy)
    history[0]["versions"]["tensorflow"] = "1.2.3"
    history.append({**history[0], "step": 6, "until": 9, "command": "dcgan train --more 3 <&>"})
    (copy / "history.json").write_text(json.dumps(history))
    page = render(Run.open(copy))
    assert "<th>tensorflow</th><td>1.2.3</td>" in page
    assert tf.__version__ not in page
    assert "none: Python code has called" in page
    assert "dcgan train --more 3 &lt;&amp;&gt;" in page
    assert page.index("From step 0, to step 6") < page.index("From step 6, to step 9")
