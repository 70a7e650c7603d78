"""Importing convshape loads the standard library and convshape, nothing else; seen in a process of its own."""

from __future__ import annotations

import sys
from ast import literal_eval
from pathlib import Path

import pytest

from tests.core.process import python

FORBIDDEN = {"tensorflow", "keras", "torch", "jax", "numpy", "onnx", "IPython", "sklearn", "PIL", "tqdm", "hypothesis", "pytest"}  # fmt: skip
#: Heavy rooms of the standard library that an import of a few milliseconds cannot afford.
HEAVY = {"dataclasses", "inspect", "typing", "argparse", "json", "html", "difflib", "asyncio", "unittest", "decimal"}  # fmt: skip
PROBE = """
import sys
before = set(sys.modules)
{statement}
print(sorted(set(sys.modules) - before))
"""


def loaded_by(statement: str, *options: str) -> set[str]:
    """Return the modules that a statement loads in a fresh interpreter."""
    done = python(*options, "-c", PROBE.format(statement=statement))
    assert done.returncode == 0, done.stderr
    return set(literal_eval(done.stdout.splitlines()[-1]))


def third_party(modules: set[str]) -> set[str]:
    """Return the modules that belong neither to the standard library nor to convshape."""
    tops = {module.partition(".")[0] for module in modules}
    return tops - set(sys.stdlib_module_names) - {"convshape"}


def test_import_loads_no_third_party_module() -> None:
    loaded = loaded_by("import convshape")
    assert "convshape" in loaded
    assert third_party(loaded) == set()
    assert not loaded & FORBIDDEN


def test_import_is_light() -> None:
    """Without site, so that nothing is there before: none of the standard library's heavy rooms."""
    assert not loaded_by("import convshape", "-S", "-E") & HEAVY


def test_working_and_failing_loads_no_third_party_module() -> None:
    """Nor do the verbs, their errors in every rendering, and the command line."""
    statement = (
        "import convshape as cs, convshape.cli, contextlib, io, json\n"
        "cs.transpose_outputs(('N', 8, 8, 64), (5, 5, 32, 64), 2)\n"
        "try: cs.conv_output(('N', 8, 8, 3), (5, 5, 32, 64), 0.5, 'SMAE')\n"
        "except cs.ShapeError as error: str(error), error._repr_html_(), json.dumps(error.to_json())\n"
        "with contextlib.redirect_stdout(io.StringIO()): convshape.cli.main(['pool', 'N,8,8,3', '2', '--json'])"
    )
    assert third_party(loaded_by(statement)) == set()


def test_works_without_any_third_party_package() -> None:
    """With site-packages out of reach, a shape still comes out."""
    statement = (
        "import importlib.util, convshape as cs\n"
        "assert importlib.util.find_spec('hypothesis') is None\n"
        "assert cs.pool_output((1, 8, 8, 3), 2) == (1, 4, 4, 3)"
    )
    assert "convshape" in loaded_by(statement, "-S", "-E")


def test_core_loads_no_cli() -> None:
    assert not {"convshape.cli", "convshape.__main__"} & loaded_by("import convshape")


@pytest.mark.parametrize(
    "statement", ["import numpy", "import convshape, hypothesis", "import convshape.cli, PIL.Image"]
)
def test_a_third_party_import_is_found_out(statement: str) -> None:
    """The same look at a program that does load something."""
    assert third_party(loaded_by(statement))


@pytest.mark.parametrize("statement", ["import dataclasses", "import typing"])
def test_a_heavy_import_is_found_out(statement: str) -> None:
    assert loaded_by(f"import convshape; {statement}", "-S", "-E") & HEAVY


def test_fast_tests_need_no_engine() -> None:
    """This folder itself loads no engine."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    statement = "import " + ", ".join(
        f"tests.core.{file.stem}" for file in files if file.stem not in ("__init__", "typing_consumer")
    )
    assert not {"tensorflow", "keras", "torch", "jax"} & loaded_by(statement)
