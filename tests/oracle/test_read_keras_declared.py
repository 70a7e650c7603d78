"""What Keras demands of an input before a layer runs, executed: ``read`` refuses what the model refuses, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

import convshape as cs
from convshape._readers import _keras_model

DECLARED = [(None, 16, 16, 3), (None, None, 16, 3), (4, 16, None, 3), (None, None, None, 3)]
GIVEN = [
    (1, 16, 16, 3),
    (2, 24, 16, 3),
    (4, 16, 24, 3),
    (1, 24, 24, 3),
    (1, 16, 16, 4),
    (1, 16, 16),
    (1, 15, 15, 3),
]


def functional(*shape: int | None) -> Any:
    """Return a functional model of a convolution."""
    start = keras.Input(batch_shape=shape)
    return keras.Model(start, layers.Conv2D(2, 3, 2, "same")(start))


def sequential(*shape: int | None) -> Any:
    """Return a Sequential of the same."""
    return keras.Sequential([keras.Input(batch_shape=shape), layers.Conv2D(2, 3, 2, "same")])


def nested(*shape: int | None) -> Any:
    """Return a Sequential that begins with a functional model."""
    return keras.Sequential([functional(*shape), layers.ReLU()])


def takes(model: Any, shape: tuple[int, ...]) -> bool:
    """Return whether Keras computes the model for an input."""
    try:
        model(np.zeros(shape, "float32"))
    except ValueError:
        return False
    return True


def reads(model: Any, shape: tuple[int, ...]) -> bool:
    """Return whether ``read`` takes the input."""
    try:
        cs.read(model, input_shape=shape)
    except cs.ShapeError:
        return False
    return True


def verdicts(make: Callable[..., Any]) -> list[tuple[bool, bool]]:
    """Return what Keras and ``read`` say of each input."""
    models = [make(*shape) for shape in DECLARED]
    return [(takes(model, given), reads(model, given)) for model in models for given in GIVEN]


@pytest.mark.parametrize("make", [functional, sequential, nested])
def test_read_refuses_what_keras_refuses(make: Callable[..., Any]) -> None:
    found = verdicts(make)
    assert [one for one, _ in found] == [other for _, other in found]
    assert {one for one, _ in found} == {True, False}


@pytest.mark.parametrize(
    "wrong",
    [lambda config: None, lambda config: (None, 16, 16, 3)],
    ids=["nothing", "always the same"],
)
def test_wrong_demands_are_found_out(wrong: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_keras_model, "demanded", wrong)
    found = verdicts(functional) + verdicts(sequential)
    assert [one for one, _ in found] != [other for _, other in found]


@pytest.mark.parametrize("given", [(2, 24, 24, 3), (2, 16, 16, 4), (2, 16, 16), (2, 16, 16, 16, 3)])
def test_the_fix_is_what_keras_takes(given: tuple[int, ...]) -> None:
    model = functional(None, None, 16, 3)
    with pytest.raises(cs.ShapeError, match="the model declares") as caught:
        cs.read(model, input_shape=given)
    assert caught.value.fix is not None and not takes(model, given)
    fix: Any = caught.value.fix["input_shape"]
    assert takes(model, tuple(one if isinstance(one, int) else 16 for one in fix))


def test_a_last_axis_of_one_is_added_and_taken_away() -> None:
    start = keras.Input((4, 1))
    model = keras.Model(start, layers.ReLU()(start))
    for shape in ((1, 4, 1), (1, 4), (1, 4, 1, 1), (1, 4, 2), (1, 3), (1, 4, 1, 2), (1, 3, 1), (1, 3, 1, 1)):
        assert takes(model, shape) == reads(model, shape), shape
