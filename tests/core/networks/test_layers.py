"""The layers of ``convshape.layers``: what users see of them, and what each does to a shape by its definition."""

from __future__ import annotations

import doctest
import inspect
from typing import Any

import pytest

import convshape as cs
from tests.core.test_public_face import documented_arguments, sections

L = cs.layers


def test_all_is_what_is_visible() -> None:
    classes = {name for name, value in vars(L).items() if inspect.isclass(value) and not name.startswith("_")}
    assert set(L.__all__) == classes and sorted(L.__all__) == L.__all__


@pytest.mark.parametrize("name", L.__all__)
def test_layer_is_documented(name: str) -> None:
    layer = getattr(L, name)
    assert layer.__module__ == "convshape.layers"
    own = list(inspect.signature(layer).parameters)
    if name == "Multiply":  # whose arguments are those of another, and which says so
        assert ":class:`Add`" in (inspect.getdoc(layer) or "")
        return
    assert documented_arguments(layer) == own
    assert sections(layer) == ({"Args", "Raises", "Examples"} if own else {"Examples"})
    (found,) = doctest.DocTestFinder(recurse=False).find(layer, name, globs={})
    assert not own or any(example.exc_msg for example in found.examples)
    printed: list[str] = []
    runner = doctest.DocTestRunner()
    runner.run(found, out=printed.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(printed)


ANSWERS: list[tuple[Any, Any, Any]] = [
    (L.Dense(5), (2, 7), (2, 5)),
    (L.Dense(5), (2, 4, 4, 7), (2, 4, 4, 5)),
    (L.Dense(5, in_features=7), ("N", None), ("N", 5)),
    (L.Flatten(), (None, 4, 4, 7), (None, 112)),
    (L.Flatten(), (2, None, 4, 7), (2, None)),
    (L.Flatten(), (2, 9), (2, 9)),
    (L.Reshape((4, -1)), (2, 6, 2), (2, 4, 3)),
    (L.Reshape((4, -1)), (2, None, 2), (2, 4, None)),
    (L.Permute((2, 1)), ("N", 3, 5), ("N", 5, 3)),
    (L.UpSampling((2, 3)), (1, 4, 5, 6), (1, 8, 15, 6)),
    (L.ZeroPadding(((1, 2), (0, 3))), (1, 4, 5, 6), (1, 7, 8, 6)),
    (L.Cropping(((1, 2), (0, 3))), (1, 4, 5, 6), (1, 1, 2, 6)),
    (L.AdaptivePool((1, 9)), (1, 4, None, 6), (1, 1, 9, 6)),
    (L.GlobalPool(), (1, 4, None, 6), (1, 6)),
    (L.GlobalPool(keepdims=True), (1, 4, 5, 6), (1, 1, 1, 6)),
    (L.Custom("Mine", lambda shape: (shape[0], 3)), (1, 4, 5, 6), (1, 3)),
    (L.BatchNorm(), (1, 4), (1, 4)),
]


@pytest.mark.parametrize(("layer", "given", "made"), ANSWERS, ids=lambda value: str(value)[:30])
def test_shapes(layer: Any, given: Any, made: Any) -> None:
    assert cs.Chain([layer])(given) == made


JOINS: list[tuple[Any, Any, Any]] = [
    (L.Add(), [(1, 4, 5, 6), (1, 4, 5, 6)], (1, 4, 5, 6)),
    (L.Add(), [(1, None, 5, 6), (None, 4, 5, None)], (1, 4, 5, 6)),
    (L.Add(broadcast=True), [(1, 4, 5, 6), (1, 1, 1, 6)], (1, 4, 5, 6)),
    (L.Multiply(broadcast=True), [(1, 1, 5, 6), (1, 4, 1, 1)], (1, 4, 5, 6)),
    (L.Concat(), [(1, 4, 5, 6), (1, 4, 5, 2)], (1, 4, 5, 8)),
    (L.Concat(axis=1), [(1, 4, 5, 6), (1, 3, 5, 6)], (1, 7, 5, 6)),
    (L.Concat(crop="center"), [(1, 4, 9, 6), (1, 8, 5, 2)], (1, 4, 5, 8)),
    (L.Concat(), [(1, 4), (1, 3)], (1, 7)),
]


@pytest.mark.parametrize(("join", "given", "made"), JOINS)
def test_joins(join: Any, given: Any, made: Any) -> None:
    layout = "NHWC" if len(made) == 4 else None
    assert join.output(tuple(given), layout) == made


def test_layers_are_values() -> None:
    assert L.Dense(5) == L.Dense(5) != L.Dense(6) and hash(L.Concat(crop="center")) == hash(
        L.Concat(None, "center")
    )
    assert eval(repr(L.ZeroPadding(1)), vars(L)) == L.ZeroPadding(1)
    with pytest.raises(AttributeError, match="frozen"):
        L.Flatten().size = 3
