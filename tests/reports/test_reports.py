"""Calls out of real bug reports through the public dialect functions: the recorded answer, or a refusal that holds it.

Each line of reports.jsonl is a call with the address of the report, what the engine was seen to answer (a shape or an
error), and calls that were found to be right in place of a wrong one, each with its answer.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import convshape as cs
from tests.reports.replay import answer, frozen, known

REPORTS = [json.loads(line) for line in (Path(__file__).parent / "reports.jsonl").read_text().splitlines()]
NAMES = [report["id"] for report in REPORTS]
# what the dialects call the shapes that a report calls otherwise
ALIASES = {
    "input": "input_shape", "X": "input_shape", "value": "input_shape", "lhs": "lhs_shape",
    "filters": "filter_shape", "weight": "weight_shape", "W": "weight_shape", "rhs": "rhs_shape",
}  # fmt: skip
# Wrong calls whose recorded answer no single fix says literally, and where the answer stands instead.
IN_OTHER_WORDS = {
    "tf-pr-13089": "the filter is named; the report writes another input for it",
    "tf-833": "a batch by name, and tf.shape(x)[0] in the reason",
    "keras-4131": "a batch by name, and tf.shape(x)[0] in the reason",
    "mmdnn-735": "the report changes input and padding at once",
    "keras-13231": "Keras cannot say it; the legal range is named",
    "fchollet-dlwp-33": "data_format of the layer that fails; the report changes two layers",
    "pytorch-examples-359": "the layer that fails is named; the report changes the picture",
    "pytorch-67551": "what to pad stands in the reason",
    "onnx-tf-164": "two changes",
}
# JAX answers with an empty result, which is refused here; the report's answer is the fix.
EMPTY = {"flax-4593"}


def literally(error: cs.ShapeError, report: dict[str, Any]) -> bool:
    """Return whether a fix of the error makes one of the calls that the report records as right."""
    right = [dump(fix["arguments"]) for fix in report["fixes"] if fix["expect"] != "error"]
    for changes in (error.fix or {}, *error.alternatives):
        renamed = {
            name if name in report["arguments"] else ALIASES.get(name, name): new
            for name, new in changes.items()
        }
        if dump({**report["arguments"], **renamed}) in right:
            return True
    return False


def dump(arguments: dict[str, Any]) -> str:
    """Return arguments as text that is the same for the same call: 2 and (2, 2) and full rank are one stride."""
    plain = {name: frozen(value) for name, value in arguments.items()}
    for name in ("strides", "stride"):
        if isinstance(plain.get(name), tuple):
            inner = {number for number in plain[name] if number != 1} or {1}
            plain[name] = inner.pop() if len(inner) == 1 else plain[name]
    return json.dumps(plain, sort_keys=True)


@pytest.mark.parametrize("report", REPORTS, ids=NAMES)
def test_the_recorded_answer(report: dict[str, Any]) -> None:
    assert known(report["operation"])
    said = answer(report["operation"], report["arguments"])
    if report["expect"] != "error" and report["id"] not in EMPTY:
        assert said == frozen(report["expect"])
        return
    assert isinstance(said, cs.ShapeError)
    assert said.fix is not None
    if report["fixes"] and report["id"] not in IN_OTHER_WORDS:
        shapes = [str(size) for fix in report["fixes"] if fix["expect"] != "error" for size in fix["expect"]]
        assert literally(said, report) or all(size in str(said) for size in shapes), str(said)


@pytest.mark.parametrize("report", REPORTS, ids=NAMES)
def test_the_recorded_fixes(report: dict[str, Any]) -> None:
    for fix in report["fixes"]:
        said = answer(report["operation"], fix["arguments"])
        assert (
            isinstance(said, cs.ShapeError) if fix["expect"] == "error" else said == frozen(fix["expect"])
        ), said


def test_no_report_is_named_that_is_not_there() -> None:
    assert set(IN_OTHER_WORDS) | EMPTY <= set(NAMES)
