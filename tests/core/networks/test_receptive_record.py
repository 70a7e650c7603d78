"""Receptive fields as a record: text, HTML, JSON, refusals, and numbers past any list."""

from __future__ import annotations

import json
import pickle
from fractions import Fraction
from html.parser import HTMLParser
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

import convshape as cs
from tests.core.networks import nets

L = cs.layers
C = nets.CHANNELS


def unet(levels: int = 2) -> cs.Graph:
    layers: dict[str, Any] = {}
    for level in range(levels):
        layers[f"down{level}"] = cs.Conv((3, 3, C, C))
        layers[f"pool{level}"] = cs.Pool(2)
    layers["deep"] = cs.Conv((3, 3, C, C))
    for level in reversed(range(levels)):
        layers[f"up{level}"] = cs.ConvTranspose((2, 2, C, C), 2)
        layers[f"join{level}"] = (L.Concat(), f"up{level}", f"down{level}")
        layers[f"out{level}"] = cs.Conv((3, 3, 2 * C, C))
    return cs.Graph(layers)


EXAMPLES = {
    "an encoder and a head": (cs.Chain([cs.Conv((5, 5, 3, 8), 2), cs.Conv((5, 3, 8, 8), 2, "VALID"), L.Flatten(), L.Dense(1)]), ("N", 45, 61, 3)),
    "a U-Net of any size": (unet(), None),
    "the seed example twice": (cs.Chain([cs.ConvTranspose((5, 5, 32, 64), 2), cs.ConvTranspose((5, 5, 3, 32), 2)]), ("N", 8, 8, 64)),
    "a strided SAME of any size": (cs.Chain([cs.Conv((3, 2, C, C), 2), cs.Pool(2)]), ("N", None, "W", C)),
}  # fmt: skip


@pytest.fixture(params=EXAMPLES)
def example(request: Any) -> cs.ReceptiveField:
    return cs.receptive_field(*EXAMPLES[request.param])


def test_text(example: cs.ReceptiveField, snapshot: SnapshotAssertion) -> None:
    assert str(example) == repr(example) == snapshot


def test_html(example: cs.ReceptiveField, snapshot: SnapshotAssertion) -> None:
    html = example._repr_html_()
    assert html == snapshot
    seen: list[str] = []

    class Balance(HTMLParser):
        def handle_starttag(self, tag: str, _: object) -> None:
            seen.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert seen.pop() == tag

    Balance().feed(html)
    assert not seen and all(word not in html for word in ("<script", "http", "src="))


def test_json(example: cs.ReceptiveField) -> None:
    told = json.loads(json.dumps(example.to_json(), allow_nan=False))
    assert told["operation"] == "receptive_field" and told["input_shape"] == list(example.input_shape)
    for row, said in zip(example.rows, told["rows"], strict=True):
        assert (said["name"], said["kind"], said["detail"]) == (row.name, row.kind, row.detail)
        for span, numbers in zip(row.spans, said["spans"], strict=True):
            exact = {**span._values(), "centre": span.centre}
            assert numbers == {
                name: str(one) if isinstance(one, Fraction) else one for name, one in exact.items()
            }


def test_it_is_a_value(example: cs.ReceptiveField) -> None:
    again = cs.receptive_field(example.network, example.input_shape)
    assert (
        again == example and hash(again) == hash(example) and pickle.loads(pickle.dumps(example)) == example
    )
    assert again.rows == example.rows == pickle.loads(pickle.dumps(example)).rows
    with pytest.raises(AttributeError):
        example.rows = ()
    assert example[example.rows[-1].name] is example.rows[-1]


CALLS = {
    "no network": lambda: cs.receptive_field(cs.Pool(2)),
    "a rule": lambda: cs.receptive_field(cs.Chain([L.Custom("Halves", lambda shape: shape), cs.Pool(2)])),
    "a vector": lambda: cs.receptive_field(cs.Chain([L.Dense(4)]), ("N", 4)),
    "no such layer": lambda: cs.receptive_field(unet()).field((0, 0), "out7"),
    "no such place": lambda: cs.receptive_field(unet(), (1, 8, 8, C)).field((0, 8)),
    "a place of another rank": lambda: cs.receptive_field(unet()).field((0, 0, 0)),
    "an input of other axes, and branches that never meet": lambda: cs.receptive_field(
        cs.Graph({"pad": L.ZeroPadding(((0, 1), (0, 0))), "sum": (L.Add(), "pad", "input")}), ("N", None, 8)
    ),
    "other channels": lambda: cs.receptive_field(cs.Chain([cs.Conv((3, 3, 1, 4))]), ("N", None, 8, 3)),
    "branches that never meet": lambda: cs.receptive_field(
        cs.Graph({"down": cs.Conv((1, 1, C, C), 2), "sum": (L.Add(), "down", "input")})
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_refusals(name: str, snapshot: SnapshotAssertion) -> None:
    with pytest.raises(cs.ShapeError) as caught:
        CALLS[name]()
    assert str(caught.value) == snapshot


def test_what_is_too_long_is_not_known() -> None:
    """Numbers of any size, and no phase is looked at twice: None, at once."""
    huge = 2**40
    found = cs.receptive_field(
        cs.Chain([cs.ConvTranspose((3, C, C), huge), cs.Conv((huge, C, C))]), (1, 4, C)
    )
    assert [span.size for row in found.rows for span in row.spans] == [None, None]
    wide = cs.receptive_field(cs.Chain([cs.Conv((huge, C, C), 3), cs.Pool(2, data_format="NWC")]), (1, 9, C))
    assert wide.rows[-1].size == (huge + 3,)
    assert wide.field((0,)) == (range(9),)
    deep = cs.receptive_field(cs.Chain([cs.Conv((3, C, C), 2)] * 40), ("N", None, C))
    assert deep.rows[-1].size == (None,)


def test_interpolation_nobody_knows() -> None:
    found = cs.receptive_field(cs.Chain([L.UpSampling(2, "mitchellcubic")]), (1, 4, C))
    assert found.rows[0].size == (None,) and found.field((0,)) == (None,)


def test_a_question_mark_says_why() -> None:
    deep = cs.receptive_field(cs.Chain([cs.Conv((3, C, C), 2)] * 40))
    (note,) = deep.notes
    assert "repeat after 1099511627776 only" in note and str(deep).endswith(note)
    (note,) = cs.receptive_field(cs.Chain([cs.Pool(1), L.UpSampling(2, "mitchellcubic")]), (1, 4, 4, C)).notes
    assert (
        note.startswith('?  height and width: not known from "up_sampling_1" on: ')
        and "mitchellcubic" in note
    )
    for known in (None, (1, 16, 16, C)):
        assert cs.receptive_field(unet(), known).notes == ()


def test_axes_are_those_that_layers_have_numbers_for() -> None:
    for layer in (L.UpSampling((2,)), L.ZeroPadding(((0, 1),)), L.Cropping(((0, 1),)), L.AdaptivePool((3,))):
        assert len(cs.receptive_field(cs.Chain([L.Activation("relu"), layer])).rows[-1].spans) == 1
    assert len(cs.receptive_field(cs.Chain([L.UpSampling((1, 2, 3))])).rows[-1].spans) == 3
    assert len(cs.receptive_field(cs.Chain([L.UpSampling(2)])).rows[-1].spans) == 2
