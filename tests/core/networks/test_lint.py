"""Lint as a record, its remedies, and that it takes every network that works."""

from __future__ import annotations

import json
import pickle
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import assume
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

import convshape as cs
from tests.core.networks import nets
from tests.holding import Holder

L = cs.layers
C = nets.CHANNELS
KERAS, TORCH = cs.frameworks.keras, cs.frameworks.torch

EXAMPLES = {
    "the seed example": (cs.Chain([cs.ConvTranspose((5, 5, 32, 64), 2)]), ("N", 8, 8, 64)),
    "nothing": (cs.Chain([cs.ConvTranspose((4, 4, 32, 64), 2), L.Activation()]), ("N", 8, 8, 64)),
    "a kernel below the stride": (cs.Chain([cs.ConvTranspose((2, 2, 8, 8), 3, "VALID"), cs.Conv((1, 3, 8, 8), 2)]), None),
    "pools of an odd size": (cs.Chain([cs.Pool(2), cs.Conv((3, 3, C, C)), L.GlobalPool()]), (None, 45, 64, C)),
    "pools into a dense layer": (cs.Chain([cs.Pool(2), L.Flatten(), L.Dense(3, in_features=22 * 22 * C)]), (1, 45, 44, C)),
    "padding of PyTorch": (cs.Chain([TORCH.Conv2d(3, 8, 7, stride=2, padding=3), L.BatchNorm()]), ("N", 3, 224, 225)),
    "padding wider than a kernel": (cs.Chain([cs.Conv((3, 3, 1, 1), 1, 4)]), (1, 5, 5, 1)),
    "padding beforehand": (cs.Chain([L.ZeroPadding(3), KERAS.Conv2D(8, 7, strides=2)]), (1, 224, 224, 3)),
    "a kernel larger than the picture": (cs.Chain([cs.Conv((5, 3, C, C)), cs.ConvTranspose((3, 3, C, C))]), (1, 1, 2, C)),
    "channels not known": (cs.Chain([cs.Conv((3, 3, 4, 6), padding="VALID")]), (1, 8, 8, None)),
}  # fmt: skip


@pytest.fixture(params=EXAMPLES)
def example(request: Any) -> cs.Findings:
    return cs.lint(*EXAMPLES[request.param])


def test_text(example: cs.Findings, snapshot: SnapshotAssertion) -> None:
    assert str(example) == repr(example) == snapshot


def test_html(example: cs.Findings) -> None:
    html = example._repr_html_()
    seen: list[str] = []

    class Balance(HTMLParser):
        def handle_starttag(self, tag: str, _: object) -> None:
            seen.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert seen.pop() == tag

    Balance().feed(html)
    assert not seen and all(word not in html for word in ("<script", "http", "src="))
    assert all(finding.layer in html and finding.rule in html for finding in example)


def test_json(example: cs.Findings) -> None:
    told = json.loads(json.dumps(example.to_json(), allow_nan=False))
    assert [one["rule"] for one in told["findings"]] == [finding.rule for finding in example]
    assert [one["remedy"] is None for one in told["findings"]] == [
        finding.remedy is None for finding in example
    ]


def test_it_is_a_value(example: cs.Findings) -> None:
    again = pickle.loads(pickle.dumps(example))
    assert again == example and hash(again) == hash(example) and len(again) == len(example)
    assert tuple(example) == example.all and bool(example) == (len(example) > 0)
    for finding in example:
        assert finding in example.of(finding.layer)
        with pytest.raises(AttributeError):
            finding.rule = ""


def test_remedies_remove_what_was_found() -> None:
    """Each by itself, on the whole network."""
    tried = 0
    for network, shape in EXAMPLES.values():
        for finding in cs.lint(network, shape):
            if finding.remedy is None:
                continue
            other = network.replace(finding.remedy)
            again = cs.lint(other, finding.remedy.get("input_shape", shape))
            assert not [one for one in again if (one.layer, one.rule) == (finding.layer, finding.rule)]
            tried += 1
    assert tried >= 8


def test_the_padding_beforehand_is_not_the_picture() -> None:
    """A row of zeros that no window reads is padding, and nothing of the input is lost."""
    network, shape = EXAMPLES["padding beforehand"]
    assert [finding.rule for finding in cs.lint(network, shape)] == ["wasted padding"]
    bare = cs.Chain([KERAS.Conv2D(8, 7, strides=2)])
    assert [finding.rule for finding in cs.lint(bare, (1, 230, 230, 3))] == ["lost elements"]


def takes_what_works(implementation: Any, network: Any, size: int) -> None:
    """No error for a network that works, with an input or without, and no answer but the findings."""
    try:
        output = network((1, size, C))
    except cs.ShapeError:
        assume(False)
    for shape in ((1, size, C), ("N", None, C), (None, "W", None), None):
        if shape is not None and shape[1] != size:
            try:
                network(shape)
            except cs.ShapeError:
                continue
        found = implementation.lint(network, shape)
        assert all(finding.layer in {node.name for node in network.nodes} for finding in found)
    assert network((1, size, C)) == output


def test_it_takes_every_network_that_works(hold: Holder) -> None:
    hold(takes_what_works, cs, nets.chains() | nets.graphs(), st.integers(1, 30), examples=60)


ODD = {
    "rules": cs.Chain([cs.Conv((3, 3, 3, 8)), L.Custom("Halves", lambda shape: (*shape[:-1], shape[-1] // 2)), cs.Conv((3, 3, 4, 8))]),
    "a dense layer after all": cs.Chain([cs.Conv((3, 3, 3, 8)), L.GlobalPool(), L.Dense(4, in_features=8), L.BatchNorm()]),
    "a module that no spec says": cs.Chain([TORCH.ConvTranspose2d(3, 8, 1, padding=1)]),
    "a separable one": cs.Chain([KERAS.SeparableConv2D(8, 3, strides=2, padding="same"), L.BatchNorm()]),
    "nothing": cs.Chain([]),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_odd_networks(name: str) -> None:
    network = ODD[name]
    shape = (1, 3, 9, 9) if network.data_format == "NCHW" else (1, 9, 9, 3)
    network(shape)
    for given in (shape, None):
        assert {finding.rule for finding in cs.lint(network, given)} <= {
            "bias before batch norm",
            "single element into batch norm",
        }


def test_biases_along_other_axes_stay() -> None:
    """A dense layer's bias stands along the last axis; where channels stand first, no batch norm takes it away."""
    first = cs.Chain([cs.Conv((3, 3, 3, 8), data_format="NCHW"), L.Dense(4), L.BatchNorm()])
    assert not cs.lint(first, (1, 3, 9, 9))
    branches = cs.Graph({"it": KERAS.Conv2D(4, 3), "norm": L.BatchNorm(), "sum": (L.Add(), "it", "norm")})
    assert not cs.lint(branches, (2, 9, 9, 3))


def test_numbers_of_any_size() -> None:
    huge = 2**40
    network = cs.Chain([cs.ConvTranspose((huge + 1, C, huge), huge), cs.Conv((huge, C, huge), huge + 1)])
    found = cs.lint(network, (1, 2**20, huge))
    assert [finding.rule for finding in found] == ["uneven overlap", "holes"]
    assert not cs.lint(cs.Chain([cs.Conv((3, 3, 7, 2**61 - 1))]), (1, 8, 8, 7))
    assert cs.lint(cs.Chain([cs.Conv((3, 3, 7, 2**61 - 1))]), (1, 8, 8, None))


BAD = cs.Chain([cs.Conv((3, 3, 1, 4)), cs.Conv((3, 3, 8, 4), strides=2)])
MAY_WORK = {
    "a rule that wants numbers": cs.Chain([cs.Conv((3, 3, 3, 8)), L.Custom("Halves", lambda shape: (shape[0], shape[1] // 2, *shape[2:]))]),
    "a layer that wants channels": cs.Chain([KERAS.DepthwiseConv2D(3), cs.Conv((3, 3, 3, 8))]),
    "vectors alone": cs.Chain([L.Dense(6), L.Permute((1,)), L.Reshape((1, 1, 6)), cs.Conv((3, 3, 6, 8))]),
    "channels that are no target's": cs.Graph({"flat": L.Reshape((2, 2, 3)), "conv": (cs.Conv((3, 3, 3, 3)), "input"), "sum": (L.Add(), "flat", "conv")}),
}  # fmt: skip


@pytest.mark.parametrize("name", MAY_WORK)
def test_what_may_work_is_taken_without_an_input(name: str) -> None:
    assert not cs.lint(MAY_WORK[name])


CALLS = {
    "no network": lambda: cs.lint(cs.Pool(2)),
    "a list": lambda: cs.lint([cs.Conv((3, 3, 4, 6)), ("pool", cs.Pool(2))]),  # type: ignore[arg-type]
    "a network that never works": lambda: cs.lint(BAD),
    "a layer of another layout": lambda: cs.lint(cs.Chain([TORCH.Conv2d(3, 8, 3), cs.Pool(2)])),
    "an input that does not fit": lambda: cs.lint(cs.Chain([cs.Conv((3, 3, 4, 6))]), (1, 8, 8, 3)),
}


@pytest.mark.parametrize("name", CALLS)
def test_refusals(name: str, snapshot: SnapshotAssertion) -> None:
    with pytest.raises(cs.ShapeError) as caught:
        CALLS[name]()
    assert str(caught.value) == snapshot
