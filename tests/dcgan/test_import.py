"""What importing dcgan needs, and what it does not touch. Each in a process of its own."""

from __future__ import annotations

import pytest

from tests.dcgan.support import dcgan, python, write_pictures

INSTALL_LINE = 'pip install "convshape[dcgan]"'


def hiding(hidden: str) -> str:
    """Code after which that package cannot be found, as if it had never been installed."""
    return f"""
import sys
from importlib.machinery import PathFinder
class Without:
    @staticmethod
    def find_spec(name, path=None, target=None):
        return None if name.partition(".")[0] == {hidden!r} else PathFinder.find_spec(name, path, target)
sys.meta_path[sys.meta_path.index(PathFinder)] = Without
"""


@pytest.mark.parametrize("missing", ["tensorflow", "PIL", "sklearn", "tqdm"])
def test_without_what_it_needs_importing_dcgan_prints_the_exact_install_line(missing):
    ran = python("-c", hiding(missing) + "import dcgan")
    assert ran.returncode == 1
    assert f"    {INSTALL_LINE}\n" in ran.stderr
    assert ran.stderr.strip().splitlines()[-1].strip() == INSTALL_LINE


def test_that_test_can_fail():
    ran = python("-c", hiding("some_other_package") + "import dcgan")
    assert ran.returncode == 0
    assert INSTALL_LINE not in ran.stderr


def test_importing_dcgan_imports_no_engine():
    ran = python(
        "-c", "import sys, dcgan; print(sorted({'tensorflow', 'keras', 'sklearn'} & sys.modules.keys()))"
    )
    assert ran.stdout == "[]\n", ran.stderr


IMPORTED = """
import atexit, sys
atexit.register(lambda: print("tensorflow imported:", "tensorflow" in sys.modules))
from dcgan.cli import main
sys.exit(main({arguments!r}))
"""


def run(*arguments: str):
    return python("-c", IMPORTED.format(arguments=list(arguments)))


def test_a_plan_is_printed_without_tensorflow():
    ran = run("plan", "45x61x3")
    assert ran.returncode == 0, ran.stderr
    assert "45x61x3" in ran.stdout
    assert ran.stdout.endswith("tensorflow imported: False\n")


IMPOSSIBLE = {
    "too many halvings": ["--layers", "9"],
    "batch norm over one value": ["--layers", "4", "--batch-size", "1"],
    "a stride that shrinks nothing": ["--stride", "1"],
}


@pytest.mark.parametrize("options", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
@pytest.mark.parametrize("command", ["plan", "train"])
def test_a_plan_that_cannot_work_is_refused_before_tensorflow_is_imported(command, options, tmp_path):
    data = write_pictures(tmp_path / "pictures", shape=(9, 14, 3))
    where = ["9x14x3"] if command == "plan" else ["--data", str(data), "--out", str(tmp_path / "run")]
    ran = run(command, *where, *options)
    assert ran.returncode == 1
    assert [line.split(":")[0].strip() for line in ran.stderr.splitlines()][:4] in (
        ["plan", "legal", "because", "fix"],
        ["Config", "legal", "because", "fix"],
    )
    assert "Traceback" not in ran.stderr
    assert ran.stdout == "tensorflow imported: False\n"
    assert not (tmp_path / "run").exists()


def test_that_a_good_plan_does_import_tensorflow(tmp_path):
    data = write_pictures(tmp_path / "pictures")
    ran = run(
        "train", "--data", str(data), "--out", str(tmp_path / "run"), "--steps", "1", "--batch-size", "99"
    )
    assert "a batch needs 99 pictures" in ran.stderr
    assert ran.stdout == "tensorflow imported: True\n"
    assert not (tmp_path / "run").exists()


def test_python_m_dcgan_is_the_command():
    assert dcgan("plan", "8x8x1").stdout.startswith("Pictures of 8x8x1")
