"""Fields that 0.1 called otherwise: its runs still load, and its checkpoints still belong to them."""

from __future__ import annotations

import dataclasses

import pytest

from dcgan import session
from dcgan.errors import RunError
from dcgan.keeping.runs import Run

OLD = {"fit": "resize", "skip_broken": "skip_unreadable"}


@pytest.fixture
def old_run(config, tmp_path, monkeypatch):
    """Return a function that makes a run whose config.json and checkpoint have the old names."""

    def make(**others):
        now = Run.identity
        with monkeypatch.context() as patch:
            as_then = property(lambda run: {OLD.get(n, n): v for n, v in now.fget(run).items()} | others)
            patch.setattr(Run, "identity", as_then)
            session.train(dataclasses.replace(config, steps=2), tmp_path / "run", progress=False)
        text = (tmp_path / "run/config.json").read_text()
        for new, old in OLD.items():
            assert f'"{new}"' in text
            text = text.replace(f'"{new}"', f'"{old}"')
        (tmp_path / "run/config.json").write_text(text)
        return tmp_path / "run"

    return make


def test_a_run_whose_fields_had_other_names_goes_on(old_run, config):
    folder = old_run()
    assert Run.open(folder).config == dataclasses.replace(config, steps=2)
    assert session.resume(folder, steps=3, progress=False).step == 3
    assert '"skip_broken"' in (folder / "config.json").read_text()


def test_a_checkpoint_with_another_value_under_an_old_name_is_refused(old_run):
    with pytest.raises(RunError, match="fit"):
        session.resume(old_run(resize="pad"), steps=3, progress=False)
