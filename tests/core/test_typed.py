"""Specs, layers and networks in an error's fix: the code that is shown makes the value, or is not called code."""

from __future__ import annotations

import re
from typing import Any

import pytest

import convshape as cs
from convshape._show import show
from convshape._typed import can_be_typed
from tests.core.networks import nets
from tests.holding import Holder, must_fail

L = cs.layers
KERAS, TORCH, JAX = cs.frameworks.keras, cs.frameworks.torch, cs.frameworks.jax

TYPED: dict[str, Any] = {
    "cs.Conv((3, 3, 3, 8))": cs.Conv((3, 3, 3, 8), 1, "same"),
    "cs.Conv((5, 1, 2), strides=(2,), padding=((0, 1),))": cs.Conv((5, 1, 2), 2, ((0, 1),)),
    'cs.ConvTranspose((3, 3, 3, 8), output_padding=(0, 0), data_format="NCHW")': cs.ConvTranspose(
        (3, 3, 3, 8), output_padding=0, data_format="NCHW"
    ),
    "cs.Pool((2, 2))": cs.Pool(2),
    "cs.Pool((3, 3), strides=(2, 2), ceil_mode=True)": cs.Pool(3, 2, ceil_mode=True),
    "cs.layers.Flatten()": L.Flatten(),
    "cs.layers.Dense(10, in_features=4)": L.Dense(10, 4),
    "cs.layers.ZeroPadding(padding=((0, 1), (2, 3)))": L.ZeroPadding(((0, 1), (2, 3))),
    'cs.layers.Concat(crop="center")': L.Concat(crop="center"),
    "cs.frameworks.keras.Conv2D(8, (3, 3))": KERAS.Conv2D(8, 3),
    'cs.frameworks.keras.MaxPooling2D(data_format="channels_first")': KERAS.MaxPooling2D(
        data_format="channels_first"
    ),
    "cs.frameworks.torch.Conv2d(3, 8, (3, 3), stride=(2, 2))": TORCH.Conv2d(3, 8, 3, 2),
    "cs.frameworks.torch.MaxPool2d(2)": TORCH.MaxPool2d(2),
    "cs.frameworks.jax.Conv(8, (3, 3))": JAX.Conv(8, (3, 3)),
    "cs.Chain([cs.Pool((2, 2)), cs.layers.Flatten()])": cs.Chain([cs.Pool(2), L.Flatten()]),
    'cs.Chain([("stem", cs.Pool((2, 2))), cs.Pool((2, 2))])': cs.Chain([("stem", cs.Pool(2)), cs.Pool(2)]),
    'cs.Graph({"a": cs.Pool((1, 1)), "b": (cs.layers.Add(), "a", "input")})': cs.Graph(
        {"a": cs.Pool(1), "b": (L.Add(), "a", "input")}
    ),
    '{"a": [1, None, "SAME"]}': {"a": [1, None, "SAME"]},
}


class Mine(cs.Conv):
    """Somebody's own spec."""


UNTYPED: dict[str, Any] = {
    "a rule": L.Custom("Mine", lambda shape: shape),
    "a chain with a rule": cs.Chain([cs.Pool(2), L.Custom("Mine", lambda shape: shape)]),
    "somebody's own spec": Mine((3, 3, 1, 1)),
    "a number that is not written out": [2**70],
    "a long word": ["x" * 50],
    "more entries than are shown": [1] * 9,
    "a chain of many layers": cs.Chain([cs.Pool(2)] * 9),
    "a chain that is long": cs.Chain([cs.Conv((3, 3, 64, 64), 2, ((0, 1), (1, 0)), dilations=(2, 3))] * 4),
    "what nests deeply": [[[[1]]]],
    "an object": object(),
}


@pytest.mark.parametrize("code", TYPED)
def test_as_it_is_typed(code: str) -> None:
    assert can_be_typed(TYPED[code]) and show(TYPED[code], code=True) == code
    assert eval(code, {"cs": cs}) == TYPED[code]


@pytest.mark.parametrize("name", UNTYPED)
def test_not_typed(name: str) -> None:
    assert not can_be_typed(UNTYPED[name])
    assert len(show(UNTYPED[name], code=True)) < 300


def what_is_shown_makes_it(write: Any, network: Any) -> None:
    if can_be_typed(network):
        assert eval(write(network), {"cs": cs}) == network


def as_code(value: Any) -> str:
    return show(value, code=True)


def test_networks_as_they_are_typed(hold: Holder) -> None:
    hold(what_is_shown_makes_it, as_code, nets.chains(longest=4) | nets.graphs(longest=2), examples=200)


def test_defaults_left_out_are_found_out() -> None:
    def bare(network: Any) -> str:
        return re.sub(r", strides=\(\d,\)", "", as_code(network))

    must_fail(what_is_shown_makes_it, bare, nets.chains(longest=4), examples=200)
