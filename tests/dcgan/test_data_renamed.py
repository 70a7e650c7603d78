"""Fields that 0.1 called otherwise: its runs still load, and its checkpoints still belong to them."""

from __future__ import annotations

import shutil

import pytest

from dcgan import session
from dcgan.checkpoints import Checkpoints
from dcgan.errors import RunError
from dcgan.planning import plan
from dcgan.runs import Run
from dcgan.training import Trainer


def test_a_run_whose_fields_had_other_names_goes_on(copy, finished):
    """0.1 said resize and skip_unreadable, in config.json and in every checkpoint."""
    for old, new in (("resize", "fit"), ("skip_unreadable", "skip_broken")):
        text = (copy / "config.json").read_text()
        assert f'"{new}"' in text
        (copy / "config.json").write_text(text.replace(f'"{new}"', f'"{old}"'))
    run = Run.open(copy)
    assert run.config == Run.open(finished).config
    old_identity = {
        {"fit": "resize", "skip_broken": "skip_unreadable"}.get(n, n): v for n, v in run.identity.items()
    }
    trainer = Trainer(plan(run.image_shape, run.config))
    shutil.rmtree(run.checkpoints)
    Checkpoints(run.checkpoints, trainer.parts, old_identity).save(6, [])
    assert Checkpoints(run.checkpoints, trainer.parts, run.identity).restore() == 6
    assert session.resume(copy, steps=7, progress=False).step == 7


def test_a_checkpoint_with_another_value_under_an_old_name_is_refused(copy):
    run = Run.open(copy)
    trainer = Trainer(plan(run.image_shape, run.config))
    shutil.rmtree(run.checkpoints)
    identity = {**run.identity, "resize": "pad"}
    del identity["fit"]
    Checkpoints(run.checkpoints, trainer.parts, identity).save(6, [])
    with pytest.raises(RunError, match="fit"):
        Checkpoints(run.checkpoints, trainer.parts, run.identity).restore()
