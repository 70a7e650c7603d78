"""Whatever is passed to the verbs of this room: an answer, or an error that teaches."""

from __future__ import annotations

import json
from typing import Any

import pytest

import convshape as cs
from tests.core import evil

UP, SHAPE = cs.ConvTranspose((5, 5, 32, 64), strides=2), ("N", 8, 8, 64)
FOUND, PICTURE = cs.overlap(UP, SHAPE), cs.diagram(UP, SHAPE)
ASKED: dict[str, Any] = {
    "overlap's layer": cs.overlap,
    "overlap's layer, of an input": lambda value: cs.overlap(value, SHAPE),
    "overlap's input": lambda value: cs.overlap(UP, value),
    "a size of overlap's input": lambda value: cs.overlap(UP, ("N", value, 8, 64)),
    "a place": FOUND.at,
    "an index of a place": lambda value: FOUND.at((value, 1)),
    "explain's layer": lambda value: cs.explain(value, SHAPE),
    "explain's input": lambda value: cs.explain(UP, value),
    "a size of explain's input": lambda value: cs.explain(UP, ("N", 8, value, 64)),
    "diagram's layer": lambda value: cs.diagram(value, SHAPE),
    "diagram's input": lambda value: cs.diagram(UP, value),
    "a size of diagram's input": lambda value: cs.diagram(UP, ("N", 8, value, 64)),
    "a cell": lambda value: cs.diagram(UP, SHAPE, cell=value),
    "an index of a cell": lambda value: cs.diagram(UP, SHAPE, cell=(value, 1)),
    "a path": PICTURE.save,
}


@pytest.mark.parametrize("name", ASKED)
def test_evil_values(name: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    refused = 0
    for value in (*evil.EVERYTHING, *evil.once()):
        try:
            answer = ASKED[name](value)
        except cs.ShapeError as error:
            refused += 1
            lines = str(error).splitlines()
            assert [line.split(":")[0].strip() for line in lines[1:4]] == ["legal", "because", "fix"], str(
                error
            )
            json.dumps(error.to_json(), allow_nan=False)
            continue
        repr(answer)
    assert refused > len(evil.PLAIN) // 2
