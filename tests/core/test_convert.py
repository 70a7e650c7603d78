"""Conversions as texts, records and errors; their values are judged by the engines, in tests/oracles."""

from __future__ import annotations

import json

import pytest

import convshape as cs
from tests.core.process import python

UP = cs.ConvTranspose((5, 5, 32, 64), strides=2)
INPUT = ("N", 8, 8, 64)
TARGETS = ("tensorflow", "keras", "torch", "jax", "onnx")


@pytest.mark.parametrize("to", TARGETS)
def test_there_and_back_is_the_same_spec(to: str) -> None:
    there = cs.convert(UP, to, input_shape=INPUT)
    back = cs.convert(there, "tensorflow", data_format="NHWC")
    assert back.to_spec() == UP
    assert back.arguments["output_shape"] == ("N", 16, 16, 32)


@pytest.mark.parametrize("to", TARGETS)
def test_json_and_html(to: str) -> None:
    there = cs.convert(UP, to, input_shape=INPUT)
    record = json.loads(json.dumps(there.to_json(), allow_nan=False))
    assert record["exact"] is there.exact is (to != "torch")
    assert record["code"] == there.code
    assert compile(there.code, to, "exec")
    assert "<script" not in there._repr_html_() and there.operation in there._repr_html_()


def test_an_odd_same_is_cropped_in_torch() -> None:
    there = cs.convert(UP, "torch")
    assert there.arguments["padding"] == (1, 1) and "output_padding" not in there.arguments
    assert there.after is not None and there.after.amounts == ((0, 1), (0, 1))


@pytest.mark.parametrize(
    ("layer", "to", "words"),
    [
        (UP, "tensorflow", "output_shape"),
        (cs.Conv((4, 4, 3, 8), strides=2), "torch", "SAME with a stride"),
        (cs.ConvTranspose((3, 3, 2, 4), groups=2), "keras", "groups"),
        (cs.ConvTranspose((3, 3, 2, 4), strides=2, dilations=2), "keras", "dilations"),
        (cs.Conv((3, 3, 3, 2, 4), groups=2), "tensorflow", "groups"),
        (UP, "pytorch", "imported"),
        (cs.Pool(2), "torch", "does not say whether it takes maxima"),
        (cs.frameworks.torch.MaxPool2d(2), "keras", "differs from framework to framework"),
        ("layer", "torch", "described by numbers"),
    ],
)
def test_refusals_say_why(layer: object, to: str, words: str) -> None:
    with pytest.raises(cs.ShapeError, match=words) as caught:
        cs.convert(layer, to)  # type: ignore[arg-type]
    assert "because: " in str(caught.value)
    for fix in filter(None, (caught.value.fix, *caught.value.alternatives)):
        cs.convert(**{"layer": layer, "to": to, **fix})


def test_what_is_named_as_legal_is_converted() -> None:
    """A pool is not."""
    with pytest.raises(cs.ShapeError) as caught:
        cs.convert(5, "torch")  # type: ignore[arg-type]
    named = [name for name in ("Conv", "ConvTranspose", "Pool") if f"cs.{name}" in str(caught.value.legal)]
    assert named == ["Conv", "ConvTranspose"]


def test_sizes_below_one_are_refused() -> None:
    """There `output_padding` counts from 1 for the spec, and from below it for every framework."""
    layer = cs.ConvTranspose((2, 2, 4), 4, ((3, 1),), output_padding=0)
    with pytest.raises(cs.SizeError, match="count output_padding"):
        cs.convert(layer, "torch", input_shape=(1, 1, 4))


def test_numpy_is_needed_for_weights_only() -> None:
    done = python(
        "-c",
        "import sys; sys.modules['numpy'] = None\n"
        "import convshape as cs\n"
        "up = cs.ConvTranspose((5, 5, 32, 64), 2)\n"
        "print(cs.convert(up, 'torch').operation)\n"
        "try: cs.convert(up, 'torch', weights=[[1]])\n"
        "except ImportError as error: print(error)",
    )
    assert done.stdout.splitlines() == [
        "torch.nn.ConvTranspose2d",
        "convert() needs NumPy for weights, and only for them: pip install numpy",
    ]
