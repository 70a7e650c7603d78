"""Sheets of new pictures from a run on disk."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from dcgan import session
from dcgan.errors import PlanError, RunError
from tests.dcgan.state import refused
from tests.dcgan.support import files


@pytest.mark.parametrize("count", [1, 5, 130])
def test_any_count_of_samples(count, finished, tmp_path):
    session.sample(finished, count, tmp_path / "new.png")
    with Image.open(tmp_path / "new.png") as sheet:
        columns = int(np.ceil(np.sqrt(count)))
        assert sheet.size == (columns * 30 + 2, int(np.ceil(count / columns)) * 20 + 2)


def test_one_seed_one_sheet(finished, tmp_path):
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        session.sample(finished, 6, tmp_path / f"{name}.png", seed=seed)
    a, b, c = ((tmp_path / f"{name}.png").read_bytes() for name in "abc")
    assert a == b != c


def test_sampling_changes_nothing_in_the_run(finished, tmp_path):
    before = files(finished)
    session.sample(finished, 6, tmp_path / "new.png")
    assert files(finished) == before


@pytest.mark.parametrize(
    ("count", "out", "kind"),
    [
        (0, "new.png", RunError),
        (-3, "new.png", RunError),
        (10**12, "new.png", RunError),
        (2.5, "new.png", RunError),
        (4, "no folder/new.png", RunError),
        (4, "new.jpg", RunError),
        (4, ".", RunError),
    ],
)
def test_a_sample_that_cannot_be_written_is_refused(count, out, kind, finished, tmp_path):
    (tmp_path / "kept.png").write_bytes(b"kept")
    refused(tmp_path, kind, "fix", lambda: session.sample(finished, count, tmp_path / out))


def test_a_seed_that_is_none_is_refused(finished, tmp_path):
    refused(tmp_path, PlanError, "seed", lambda: session.sample(finished, 4, tmp_path / "new.png", seed=-1))


def test_a_sheet_is_replaced_whole_or_not_at_all(finished, tmp_path, monkeypatch):
    session.sample(finished, 4, tmp_path / "new.png")
    monkeypatch.setattr(
        Image.Image, "save", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space left"))
    )
    refused(tmp_path, RunError, "No space left", lambda: session.sample(finished, 5, tmp_path / "new.png"))


@pytest.mark.parametrize("out", ["new.jpg", "no folder/new.png", "."])
def test_its_place_is_looked_at_before_the_work(out, finished, tmp_path, monkeypatch):
    monkeypatch.setattr(session, "restored", lambda *_, **__: 1 / 0)
    refused(tmp_path, RunError, "fix", lambda: session.sample(finished, 4, tmp_path / out))
