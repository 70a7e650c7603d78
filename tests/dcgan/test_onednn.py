"""The second job: layers, steps and resuming with oneDNN, as ``dcgan train`` has TensorFlow compute, in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dcgan.computing import processor

HERE = Path(__file__).resolve().parent
FILES = (
    "test_adam.py",
    "test_batch_norm.py",
    "test_export.py",
    "test_kernels.py",
    "test_layers.py",
    "test_runs.py",
    "test_sampling.py",
    "test_training.py",
)


@pytest.mark.skipif(os.environ.get(processor.ONEDNN) == "1", reason="this is the second job itself")
def test_with_onednn_all_is_as_exact() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *FILES, "-q", "-p", "no:cacheprovider", "-p", "no:xdist"],
        cwd=HERE,
        env={**environment, processor.ONEDNN: "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-8000:] + ran.stderr[-2000:]
    passed = re.search(r"(\d+) passed", ran.stdout)
    assert passed and int(passed[1]) >= 200 and "skipped" not in ran.stdout, ran.stdout[-2000:]
