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


@pytest.mark.parametrize("missing", ["tensorflow", "PIL", "sklearn", "tqdm"])
def test_without_what_it_needs_a_program_catches_one_import_error(missing):
    ran = python(
        "-c",
        hiding(missing)
        + "try: import dcgan\n"
        + "except ImportError as error: print(type(error).__name__, error.name, error.__context__)",
    )
    assert (ran.returncode, ran.stdout) == (0, f"ImportError {missing} None\n"), ran.stderr


@pytest.fixture
def command_without(tmp_path):
    """Return a function that runs the command, installed or by -m, where a package is missing."""

    def run_without(hidden, *arguments, installed):
        (tmp_path / "sitecustomize.py").write_text(hiding(hidden))
        script = tmp_path / "bin" / "dcgan"
        script.parent.mkdir(exist_ok=True)
        script.write_text("import sys\nfrom dcgan.cli import main\nsys.exit(main())\n")
        start = [str(script)] if installed else ["-m", "dcgan"]
        return python(*start, *arguments, first=tmp_path)

    return run_without


@pytest.mark.parametrize("installed", [True, False], ids=["dcgan", "python -m dcgan"])
@pytest.mark.parametrize("missing", ["tensorflow", "tqdm"])
def test_without_what_it_needs_the_command_prints_the_error_alone(command_without, missing, installed):
    ran = command_without(missing, "plan", "8x8x1", installed=installed)
    assert (ran.returncode, ran.stdout) == (1, "")
    first, *_, last = ran.stderr.strip().splitlines()
    assert first.startswith("dcgan needs ") and "Traceback" not in ran.stderr
    assert last.strip() == INSTALL_LINE
    assert len(ran.stderr.strip().splitlines()) == 3
    there = command_without("some_other_package", "plan", "8x8x1", installed=installed)
    assert there.returncode == 0 and there.stdout.startswith("Pictures of 8x8x1"), there.stderr


def test_without_what_it_needs_another_program_with_that_argument_is_not_the_command():
    ran = python("-c", hiding("tensorflow") + "import dcgan", "-m", "dcgan")
    assert "Traceback" in ran.stderr and "ImportError" in ran.stderr


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
    said = [line for line in ran.stderr.splitlines() if not line.startswith(("pictures of", "each epoch"))]
    assert [line.split(":")[0].strip() for line in said][:4] in (
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
