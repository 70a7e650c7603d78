"""What is said of the pictures when a training begins, and kept in the run: found, used, left out."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from dcgan import session
from dcgan.data import announcement
from dcgan.pictures import Pictures
from tests.dcgan.support import write_pictures


def pictures(count):
    return Pictures(np.zeros((count, 2, 3, 1), np.uint8), "zeros")


@pytest.mark.parametrize(
    ("count", "batch_size", "rest"),
    [
        (12, 4, ""),
        (3, 4, ""),  # which is refused later, with what to do
        (13, 4, "\neach epoch of 3 batches leaves out 1 of 13 pictures, others each time"),
        (7, 4, "\neach epoch of 1 batch leaves out 3 of 7 pictures, others each time"),
    ],
)
def test_what_an_epoch_leaves_out_is_said(count, batch_size, rest):
    said = f"pictures of 2x3x1 from zeros: found {count}, used {count}"
    assert announcement(pictures(count), batch_size) == said + rest


def test_a_training_begins_with_what_was_found_and_its_history_keeps_it(config, tmp_path, capfd):
    data = write_pictures(tmp_path / "pictures", count=17)
    (data / "zz.jpg").write_bytes(b"")
    (data / "notes.txt").write_text("hello")
    few = dataclasses.replace(config, data=str(data), skip_broken=True, steps=1)
    session.train(few, tmp_path / "run")
    said = (
        f"pictures of 9x14x3 from {data}: found 18, used 17 (1 skipped: zz.jpg), 1 other file ignored\n"
        "each epoch of 3 batches leaves out 2 of 17 pictures, others each time\n"
    )
    account = {"found": 18, "used": 17, "skipped": ["zz.jpg"], "ignored": 1}
    assert said in capfd.readouterr().err
    (data / "zz.jpg").unlink()
    session.resume(tmp_path / "run", steps=2)
    assert f"{data}: found 17, used 17, 1 other file ignored\neach epoch" in capfd.readouterr().err
    entries = json.loads((tmp_path / "run/history.json").read_text())
    assert [entry["pictures"] for entry in entries] == [
        account,
        {"found": 17, "used": 17, "skipped": [], "ignored": 1},
    ]


def test_nothing_is_said_without_progress(config, tmp_path, capfd):
    session.train(dataclasses.replace(config, steps=1), tmp_path / "run", progress=False)
    assert "found" not in capfd.readouterr().err
