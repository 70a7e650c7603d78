"""Derivations in words: every formula in them is worked out again, and the texts are kept."""

from __future__ import annotations

import json
import math
import pickle
import re
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from syrupy.assertion import SnapshotAssertion

import convshape as cs
from tests.core.test_overlap import KINDS, spec_and_shape
from tests.holding import Holder, must_fail

SEED = (cs.ConvTranspose((5, 5, 32, 64), strides=2), ("N", 8, 8, 64))
EXAMPLES: dict[str, tuple[Any, Any]] = {
    "the seed example": SEED,
    "its smaller output": (cs.ConvTranspose((5, 5, 32, 64), strides=2, output_padding=0), ("N", 8, 8, 64)),
    "VALID, a size not known": (
        cs.ConvTranspose((5, 4, 32, 64), strides=(2, 5), padding="VALID"),
        ("N", 8, None, 64),
    ),
    "explicit, in groups": (
        cs.ConvTranspose((4, 4, 8, 64), 2, 1, groups=4, output_padding=(0, 1)),
        (None, 8, 9, 64),
    ),
    "a stride of 1": (cs.ConvTranspose((3, 8, 64), padding=1, data_format="NCW"), ("N", 64, 9)),
    "a stride beyond the kernel": (cs.ConvTranspose((2, 8, 64), strides=5), ("N", 2, 64)),
    "padding takes outputs below 1": (cs.ConvTranspose((1, 1, 1), 4, 1, output_padding=0), (1, 1, 1)),
    "the first layer of a ResNet": (cs.Conv((7, 7, 3, 64), strides=2), ("N", 224, 224, 3)),
    "SAME, a size not known": (cs.Conv((7, 3, 3, 64), strides=(2, 1)), ("N", None, None, 3)),
    "forward, in groups": (
        cs.Conv((3, 1, 1, 63), (5, 1), ((0, 0), (1, 2)), groups=3, dilations=(2, 1)),
        ("N", 24, 4, 3),
    ),
    "a pool drops a row": (cs.Pool(2), ("N", 45, 60, 3)),
    "ceil mode": (cs.Pool((3, 2), 2, ceil_mode=True), ("N", 8, 10, None)),
    "ceil mode, less 1": (cs.Pool(2, 3, 1, ceil_mode=True), ("N", 5, 6, 1)),
    "three axes": (cs.Pool((3, 3, 3), 3, "SAME"), ("N", 8, 10, 9, 4)),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_text(name: str, snapshot: SnapshotAssertion) -> None:
    found = cs.explain(*EXAMPLES[name])
    assert str(found) == repr(found) == snapshot
    assert max(map(len, repr(found).splitlines()[1:])) <= 110


@pytest.mark.parametrize("name", EXAMPLES)
def test_html_and_json(name: str) -> None:
    found = cs.explain(*EXAMPLES[name])
    page = ElementTree.fromstring(found._repr_html_())
    shown = "".join(page.itertext())
    assert all(line in shown for each in found.steps for line in each.lines)
    known = None not in found.spec.spatial_of(found.input_shape)
    assert (
        (page.find(".//{http://www.w3.org/2000/svg}svg") is not None) == known == (found.diagram is not None)
    )
    record = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert record["text"] == repr(found)
    assert [each["label"] for each in record["steps"]] == [each.label for each in found.steps]


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_is_a_value(name: str) -> None:
    found = cs.explain(*EXAMPLES[name])
    again = cs.explain(*EXAMPLES[name])
    assert found == again and hash(found) == hash(again) and pickle.loads(pickle.dumps(found)) == found
    assert found.output_shape == EXAMPLES[name][0](EXAMPLES[name][1])


EXPRESSION = r"(?:ceil|floor|[-+*/() \d])*"


def equations(text: str) -> list[tuple[str, str]]:
    """Return both sides of every `=` that has numbers on both."""
    found = []
    for equal in re.finditer("=", text):
        left = re.search(f"{EXPRESSION}$", text[: equal.start()])
        right = re.match(EXPRESSION, text[equal.end() :])
        sides = left.group().strip() if left else "", right.group().strip() if right else ""
        if all(re.search(r"\d", side) for side in sides):
            found.append(sides)
    return found


def value(expression: str) -> float:
    """Work out an expression of numbers, `ceil` and `floor`."""
    return eval(expression, {"__builtins__": {}, "ceil": math.ceil, "floor": math.floor})


def every_formula_is_right(implementation: Any, call: dict[str, Any], *, kind: str) -> None:
    spec, shape = spec_and_shape(kind, call)
    found = implementation.explain(spec, shape)
    assert found.output_shape == spec(shape)
    text = "\n".join(line for each in found.steps for line in each.lines)
    sides = equations(text)
    assert sides, text
    for left, right in sides:
        assert value(left) == value(right), f"{left} = {right}"
    outputs = list(spec.spatial_of(found.output_shape))
    assert all(re.search(rf"\b{size}\b", text) for size in outputs)


@pytest.mark.parametrize("kind", KINDS)
def test_formulas(hold: Holder, kind: str) -> None:
    hold(every_formula_is_right, cs, KINDS[kind], examples=300, kind=kind)


def test_a_wrong_formula_is_found_out() -> None:
    def wrong(spec: Any, shape: Any) -> Any:
        found = cs.explain(spec, shape)
        steps = [
            SimpleNamespace(lines=[line.replace(" - 1", " - 2") for line in each.lines])
            for each in found.steps
        ]
        return SimpleNamespace(output_shape=found.output_shape, steps=steps)

    for kind in ("Conv", "ConvTranspose"):
        must_fail(
            every_formula_is_right, SimpleNamespace(explain=wrong), KINDS[kind], examples=100, kind=kind
        )


def test_what_fifteen_would_be() -> None:
    text = repr(cs.explain(*SEED))
    assert "That is 8 for o = 15..16" in text and "15 would be output_padding=0" in text
    smaller = repr(cs.explain(*EXAMPLES["its smaller output"]))
    assert "15 = 15 + 0" in smaller and "16 would be output_padding=1" in smaller


def dialect_layers() -> list[tuple[Any, Any, Any]]:
    """Return layers of the dialects, an input each, and the shape that their spec is given."""
    keras, torch, flax = cs.frameworks.keras, cs.frameworks.torch, cs.frameworks.jax
    module = torch.ConvTranspose2d(3, 8, 3, stride=2, padding=1, output_padding=1)
    return [
        (keras.Conv2D(8, 3, strides=2, padding="same"), (None, 7, 8, 3), (None, 7, 8, 3)),
        (keras.MaxPooling1D(2), ("N", 9, 3), ("N", 9, 3)),
        (module, (5, 3, 7, 7), (5, 3, 7, 7)),
        (module, (3, 7, 7), (1, 3, 7, 7)),
        (torch.MaxPool2d(3, 2, ceil_mode=True), (1, 3, 8, 8), (1, 3, 8, 8)),
        (flax.Conv(8, (3, 3)), (2, 5, 9, 9, 3), (10, 9, 9, 3)),
        (flax.Conv(8, (3, 3)), (9, 9, 3), (1, 9, 9, 3)),
        (cs.convert(SEED[0], "torch"), ("N", 64, 8, 8), ("N", 64, 8, 8)),
    ]


def test_layers_of_dialects() -> None:
    for layer, shape, taken in dialect_layers():
        found = cs.explain(layer, shape)
        assert found.input_shape == taken, layer
        assert found == cs.explain(layer.to_spec(shape), taken)
        assert cs.diagram(layer, shape) == found.diagram or found.diagram is None


def test_a_dialects_own_error() -> None:
    layer = cs.frameworks.keras.Conv2D(8, 3)
    with pytest.raises(cs.ShapeError) as own:
        layer.to_spec((1, 2, 8, 3))
    with pytest.raises(type(own.value)) as caught:
        cs.explain(layer, (1, 2, 8, 3))
    assert str(caught.value) == str(own.value)


def test_sizes_without_end() -> None:
    big = 2**40
    found = cs.explain(cs.ConvTranspose((5, 1, 1), 2), (1, big, 1))
    assert str(2 * big) in repr(found) and found.diagram is not None and len(str(found.diagram)) < 20_000
