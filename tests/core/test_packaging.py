"""What the project declares, and what lies at its top."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

import convshape

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TOP = {"convshape", "dcgan", "tests", "docs", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE"}


def strangers(files: list[str]) -> set[str]:
    """Return what stands at the top level beside the known names and dotfiles."""
    return {name for name in (file.partition("/")[0] for file in files) if name not in TOP and name[0] != "."}


def test_the_version_is_one() -> None:
    assert PROJECT["version"] == convshape.__version__


def test_the_changelog_knows_the_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## [{convshape.__version__}]" in changelog


def test_nothing_is_needed_but_python() -> None:
    assert PROJECT["dependencies"] == []


def test_the_extras_exist_and_are_not_empty() -> None:
    extras = PROJECT["optional-dependencies"]
    assert {"dcgan", "test", "lint", "docs"} <= set(extras)
    assert all(extras.values())


def test_both_commands_are_declared_and_there() -> None:
    assert PROJECT["scripts"] == {"convshape": "convshape.cli:main", "dcgan": "dcgan.cli:main"}
    for target in PROJECT["scripts"].values():
        module = target.partition(":")[0].replace(".", "/")
        assert (ROOT / f"{module}.py").is_file()


@pytest.mark.parametrize("package", ["convshape", "dcgan"])
def test_both_packages_say_that_they_are_typed(package: str) -> None:
    assert (ROOT / package / "py.typed").is_file()


def test_the_top_level_holds_nothing_else() -> None:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so what belongs to the project cannot be told from what lies about")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = listed.splitlines()
    assert "pyproject.toml" in files
    assert strangers(files) == set()


def test_a_stranger_at_the_top_is_seen() -> None:
    assert strangers(["convshape/__init__.py", ".ci/run", "setup.py", "scripts/release"]) == {
        "setup.py",
        "scripts",
    }
