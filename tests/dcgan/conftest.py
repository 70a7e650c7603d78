"""A folder of pictures and a finished run, shared by the tests of runs: TensorFlow is slow to begin with."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest

from dcgan.config import Config
from tests.dcgan.evaluate_support import classifier_cache, evaluated, watched  # noqa: F401 - fixtures
from tests.dcgan.support import TINY, write_pictures


@pytest.fixture(scope="session")
def config(tmp_path_factory) -> Config:
    """Six steps on seventeen pictures of noise."""
    return dataclasses.replace(TINY, data=str(write_pictures(tmp_path_factory.mktemp("pictures") / "noise")))


@pytest.fixture(scope="session")
def finished(config, tmp_path_factory) -> Path:
    """Such a run, never to be changed; its weights are beside it."""
    from dcgan import session
    from tests.dcgan.state import all_of

    folder = tmp_path_factory.mktemp("finished") / "run"
    loop = session.train(config, folder, progress=False)
    np.savez(folder.parent / "weights.npz", *[np.asarray(variable) for variable in all_of(loop.trainer)])
    return folder


@pytest.fixture
def copy(finished, tmp_path) -> Path:
    """One that may be changed."""
    return Path(shutil.copytree(finished, tmp_path / "copy"))
