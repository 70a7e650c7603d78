"""The error tree: four parts in their order, fixes as options or in words, and no TensorFlow."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys

import pytest

import convshape
from dcgan import errors
from dcgan.errors import DataError, DCGANError, Diagnosis, PlanError, RunError, TrainingError

PARTS = {"given": "x", "legal": "a folder", "problem": "x is empty.", "reason": "nothing comes from nothing"}
HEAD = "load: x is empty.\n  legal: a folder\n  because: nothing comes from nothing\n"


@pytest.mark.parametrize(
    ("fix", "line"),
    [
        ({"fix": {"--data": "photos"}}, "  fix: --data photos"),
        (
            {"fix": {"--data": "my photos", "--skip-broken": True}},
            "  fix: --data 'my photos' --skip-broken",
        ),
        ({"fix": {"--steps": 1}}, "  fix: --steps 1"),
        ({"fix": {"batch_size": 4}}, "  fix: batch_size=4"),
        ({"remedy": "make the folder"}, "  fix: make the folder"),
        (
            {
                "fix": {"--data": "a"},
                "alternatives": ({"--data": "b"}, {"data": 2}),
                "notes": ("near", "far"),
            },
            "  fix: --data a    (near)\n  or: --data b    (far)\n  or: data=2",
        ),
    ],
)
def test_a_fix_reads_as_it_is_to_be_typed(fix, line):
    assert str(DataError(Diagnosis("load", "source", **PARTS, **fix))) == HEAD + line


def test_a_long_value_is_not_cut_out_of_a_command():
    name = "very/" * 30 + "deep"
    assert str(DataError(Diagnosis("load", "source", **PARTS, fix={"--data": name}))).endswith(
        f"--data {name}"
    )


@pytest.mark.parametrize("fix", [{}, {"fix": {"--data": "a"}, "remedy": "do"}])
def test_every_error_says_what_to_do_once(fix):
    with pytest.raises(TypeError, match="every error says what to do"):
        Diagnosis("load", "source", **PARTS, **fix)


@pytest.mark.parametrize("kind", [DataError, PlanError, RunError, TrainingError])
def test_every_kind_is_in_the_tree_and_survives_a_journey(kind):
    error = kind(Diagnosis("load", "source", **PARTS, remedy="do <this>"))
    assert isinstance(error, DCGANError)
    assert isinstance(error, ValueError)
    assert not isinstance(error, convshape.ShapeError)
    assert kind.__name__ in errors.__doc__
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), copy.diagnosis) == (kind, str(error), error.diagnosis)
    record = json.loads(json.dumps(error.to_json()))
    assert (record["error"], record["remedy"], record["text"]) == (kind.__name__, "do <this>", str(error))
    assert "do &lt;this&gt;" in error._repr_html_()


def test_a_shape_error_can_be_told_as_one_of_ours():
    with pytest.raises(convshape.ShapeError) as caught:
        convshape.conv_output(("N", 8, 8, 3), (5, 5, 4, 8))
    assert str(PlanError(caught.value.diagnosis)) == str(caught.value)


LIGHT = """
import sys
import dcgan.errors, dcgan.data, dcgan.images
assert not {'tensorflow', 'keras'} & set(sys.modules)
"""


def test_reading_pictures_and_errors_need_no_tensorflow():
    assert subprocess.run([sys.executable, "-c", LIGHT], check=False).returncode == 0
    pretended = "import sys; sys.modules['keras'] = sys" + LIGHT
    heavy = subprocess.run([sys.executable, "-c", pretended], check=False, capture_output=True)
    assert b"AssertionError" in heavy.stderr  # so the line above can fail
