"""``read`` and what nobody should hand to it."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest

import convshape as cs
from tests.core.evil import EVERYTHING
from tests.core.readers.keras_files import conv, layer, sequential, written


class Pathless:
    """Says that it is a path and is none."""

    def __init__(self, path: Any) -> None:
        self.path = path

    def __fspath__(self) -> Any:
        if isinstance(self.path, Exception):
            raise self.path
        return self.path


MODELS = (*EVERYTHING, Pathless(3), Pathless(b"model.keras"), Pathless(RuntimeError("no")), b"model.keras")


@pytest.mark.parametrize("place", range(len(MODELS)))
def test_what_is_no_model(place: int) -> None:
    value = MODELS[place]
    with pytest.raises(cs.ShapeError) as caught:
        cs.read(value)
    assert caught.value.argument == "model" and len(str(caught.value).splitlines()) >= 4


@pytest.mark.parametrize("place", range(len(EVERYTHING)))
def test_what_are_no_rules_and_no_input(place: int, tmp_path: Path) -> None:
    value = EVERYTHING[place]
    path = written(tmp_path / "model.keras", sequential([conv("conv"), layer("Own", "own", module="mine")]))
    with pytest.raises(cs.ShapeError):
        cs.read(path, rules=value)  # {} is legal, and knows no layer
    with pytest.raises(cs.ShapeError):
        cs.read(path, rules={"Own": value})
    with pytest.raises(cs.ShapeError):
        cs.read(path, rules={"Own": lambda config: value})
    with contextlib.suppress(cs.ShapeError):  # some are shapes
        cs.read(path, input_shape=value, rules={"Own": lambda config: cs.Pool(2)})
