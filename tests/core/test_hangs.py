"""The worst inputs, each group in a process of its own with little time and memory: a hang or a crash fails."""

from __future__ import annotations

import subprocess

import pytest

from tests.core.process import python

SECONDS = 60  # a hang is endless; starting Python on a busy machine is not
BEGIN = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))
import convshape as cs
X, F = ("N", 8, 8, 32), (5, 5, 32, 64)
refused = 0
def refuse(call, *arguments, **named):
    global refused
    try:
        call(*arguments, **named)
    except cs.ShapeError as error:
        assert len(str(error)) < 4000 and len(repr(error)) < 4000
        error._repr_html_(), error.to_json()
        refused += 1
    else:
        raise AssertionError("taken")
def everywhere(value):
    for name in ("input_shape", "filter_shape", "strides", "padding", "dilations", "groups", "data_format"):
        refuse(cs.conv_output, **{"input_shape": X, "filter_shape": F, name: value})
    for name in ("input_shape", "filter_shape", "output_shape", "strides"):
        legal = {"input_shape": ("N", 8, 8, 64), "filter_shape": F, "output_shape": ("N", 16, 16, 32), "strides": 2}
        refuse(cs.check_transpose, **{**legal, name: value})
    refuse(cs.pool_output, X, value)
"""
END = "\nprint(refused)\n"
WORST = {
    "an endless sequence": """
import itertools
class Endless:
    def __len__(self): return 4
    def __iter__(self): return itertools.count(1)
everywhere(Endless())
""",
    "entries that are endless": """
import itertools
class Endless:
    def __len__(self): return 2
    def __iter__(self): return itertools.repeat(self)
everywhere(Endless())
""",
    "a nest of 100000 lists": """
deep = []
for _ in range(100000):
    deep = [deep]
everywhere(deep)
""",
    "lists that contain themselves": """
loop = [1, 2, 3]
loop[1] = loop
twice = [loop, loop, loop, loop]
everywhere(loop); everywhere(twice); everywhere((loop, loop))
""",
    "a tree of shared tuples, 2**60 leaves": """
tree = (1, 2)
for _ in range(60):
    tree = (tree, tree)
everywhere(tree)
""",
    "integers of a million digits": """
huge = 10 ** 1000000
everywhere(huge); everywhere(-huge)
refuse(cs.conv_output, ("N", huge, 8, 32), F)
refuse(cs.conv_output, X, (5, huge, 32, 64))
refuse(cs.transpose_output, ("N", 8, 8, 64), F, (1, huge, huge, 1))
""",
    "text of a million characters": """
for text in ("x" * 10**6, "9" * 10**6, "9," * 10**6, "N" * 10**6, "(" * 10**6, b"9" * 10**6):
    everywhere(text)
""",
    "lists of a million entries": """
everywhere([1] * 10**6)
everywhere(range(10**18))
""",
    "fractions and decimals of a million digits": """
import decimal, fractions
everywhere(decimal.Decimal("1e999999999"))
everywhere(fractions.Fraction(10**100000, 3))
""",
    "channels whose divisors are many": """
refuse(cs.conv_filter, 3, 2**62, 2**62, groups=3)
refuse(cs.transpose_output, (1, 8, 8, 2**62), (3, 3, 1, 2**62), groups=2**61 + 1)
refuse(cs.conv_output, (1, 8, 8, 6469693230), (3, 3, 7, 6469693230), groups=11)
""",
    "sizes at the edge of int64": """
edge = 2**63 - 1
cs.transpose_outputs((1, 1, 1, 1), (1, 1, 1, 1), edge)
refuse(cs.check_transpose, (1, edge, edge, 1), (1, 1, 1, 1), (1, 1, 1, 1))
refuse(cs.check_transpose, (1, 1, 1, 1), (1, 1, 1, 1), (1, edge, edge, 1), 2)
refuse(cs.check_transpose, (1, 1, 1, 1), (1, 1, 1, 1), (1, edge, 1, 1), edge - 1)
refuse(cs.conv_output, (1, 1, 1, 1), (edge, edge, 1, 1), 1, "VALID")
assert (1, 5, 5, 1) in cs.transpose_outputs((1, 1, 1, 1), (1, 1, 1, 1), edge)
""",
    "many mistakes at once": """
for value in (0.5, "x", None, (0, -1, 2.5, True), [[1], [2], [3]]):
    refuse(cs.check_transpose, value, value, value, value, value, dilations=value, groups=value, data_format=value or 1)
    refuse(cs.pool_output, value, value or 0, value or 0, value, dilations=value, ceil_mode=value, data_format=value or 1)
""",
}


def ended(script: str) -> tuple[int, str]:
    """Run a script in a process of its own; return how many calls it saw refused, and its complaints."""
    done = python("-c", BEGIN + script + END, seconds=SECONDS)
    return int(done.stdout or 0) if done.returncode == 0 else -1, done.stderr[-1500:]


@pytest.mark.parametrize("worst", WORST)
def test_ends(worst: str) -> None:
    refused, complaints = ended(WORST[worst])
    assert refused > 0, complaints


@pytest.mark.parametrize(
    "script",
    ["raise ValueError", "refuse(cs.conv_output, X, F)", "import os; os.abort()", "x = [0] * 2**32"],
    ids=["raises", "takes", "aborts", "eats memory"],
)
def test_an_ill_end_is_found_out(script: str) -> None:
    assert ended(script)[0] < 0


def test_a_hang_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.core.test_hangs.SECONDS", 1)
    with pytest.raises(subprocess.TimeoutExpired):
        ended("while True: pass")
