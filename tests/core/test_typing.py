"""The types that users see, read by mypy in its strict mode, and the same program run."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from tests.core import typing_consumer
from tests.core.process import python

CONSUMER = Path(__file__).with_name("typing_consumer.py")
#: Line by line what mypy has to complain of; a line with no complaint is a type that says nothing.
WRONG = """
import convshape as cs
from typing import assert_type
cs.conv_output()  # call-arg
cs.conv_output((1, 8, 8, 32), (5, 5, 32, 64), stride=2)  # call-arg
cs.conv_output((1, 8, 8, 32), (5, 5, 32, 64), 0.5)  # arg-type
cs.conv_output((1, 8.0, 8, 32), (5, 5, 32, 64))  # arg-type
cs.conv_output(8, (5, 5, 32, 64))  # arg-type
cs.conv_output((n for n in (1, 8, 8, 32)), (5, 5, 32, 64))  # arg-type
cs.conv_output((1, 8, 8, 32), (5, 5, 32, 64), groups="2")  # arg-type
cs.conv_output((1, 8, 8, 32), (5, 5, 32, 64), padding=None)  # arg-type
cs.pool_output((1, 8, 8, 32), 2, ceil_mode="yes")  # arg-type
assert_type(cs.conv_output((1, 8, 8, 32), (5, 5, 32, 64)), tuple[int, ...])  # assert-type
cs.Conv((5, 5, 32, 64)).strides = 2  # assignment
cs.Conv((5, 5, 32, 64)).kernel  # attr-defined
cs.no_such_verb  # attr-defined
"""

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("mypy") is None,
    reason="mypy is not installed: the types are not checked (extra `lint`)",
)


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[int, str]]:
    """Return mypy's complaints by file and line, of the consumer and of a wrong one, read in one run."""
    wrong = tmp_path_factory.mktemp("typing") / "wrong_consumer.py"
    wrong.write_text(WRONG)
    options = ("--strict", "--no-error-summary", "--hide-error-context")
    done = python("-m", "mypy", *options, str(CONSUMER), str(wrong), seconds=300)
    assert done.stderr == "" and done.returncode in (0, 1), done.stderr
    found: dict[str, dict[int, str]] = {}
    for file, line, code in re.findall(r"^(.*?):(\d+): error: .*\[([\w-]+)\]$", done.stdout, re.MULTILINE):
        found.setdefault(Path(file).name, {})[int(line)] = code
    return found


def test_consumer_is_strictly_typed(complaints: dict[str, dict[int, str]]) -> None:
    assert complaints.get(CONSUMER.name, {}) == {}


def test_package_is_strictly_typed(complaints: dict[str, dict[int, str]]) -> None:
    """Nothing in convshape itself, which mypy reads on the way."""
    assert set(complaints) <= {"wrong_consumer.py"}


def test_wrong_consumer_is_found_out(complaints: dict[str, dict[int, str]]) -> None:
    """Each wrong line, by its kind of mistake, and no other line."""
    expected = {
        number: line.rpartition("# ")[2] for number, line in enumerate(WRONG.splitlines(), 1) if "# " in line
    }
    assert complaints["wrong_consumer.py"] == expected


def test_consumer_runs() -> None:
    """What is claimed of types is claimed of a program that works."""
    typing_consumer.run_all()
