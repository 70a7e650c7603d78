"""The second job: the same properties with TensorFlow as it comes, in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.holding import Holder

HERE = Path(__file__).resolve().parent


def test_the_default_build(hold: Holder) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "default_build", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"],
        cwd=HERE,
        env={**environment, "TF_ENABLE_ONEDNN_OPTS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-8000:] + ran.stderr[-2000:]
    passed = re.search(r"(\d+) passed", ran.stdout)
    assert passed and int(passed[1]) >= 40 and "skipped" not in ran.stdout, ran.stdout[-2000:]
    for number, name in re.findall(r"^ *(\d+)  \S*(test_agreement\S* .+)$", ran.stdout, re.MULTILINE):
        hold.count(f"default build, {name}", int(number))
