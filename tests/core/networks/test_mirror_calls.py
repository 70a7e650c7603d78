"""What a mirror says in each framework, and what it says where there is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

import convshape as cs
from tests.core.networks.encoders import Encoder, encoders
from tests.core.networks.test_mirror import CLASSIC, SHAPE
from tests.holding import Holder, must_fail

L = cs.layers
FRAMEWORKS = ("tensorflow", "keras", "torch", "jax", "onnx")


@pytest.mark.parametrize("to", FRAMEWORKS)
def test_calls(to: str, snapshot: SnapshotAssertion) -> None:
    encoder = cs.Chain([cs.Conv((4, 4, 3, 8), 2), cs.Pool(2), L.Flatten(), L.Dense(6)])
    calls = encoder.mirror(("N", 13, 18, 3)).calls(to)
    assert repr(calls) == calls.code == snapshot
    assert json.loads(json.dumps(calls.to_json()))["framework"] == to
    assert calls["up_conv_1"].code in calls._repr_html_() or "&quot;" in calls._repr_html_()
    assert len(calls) == len(list(calls)) == 5


def is_said(conversions: Any, drawn: Encoder) -> None:
    """PyTorch has a call for every layer of every mirror, and each is code."""
    encoder, shape = drawn
    mirror = encoder.mirror(shape)
    calls = conversions.calls(mirror)
    assert [call.name for call in calls] == [*mirror.twins]
    shapes = [mirror.input_shape, *(call.output_shape for call in calls)]
    assert shapes[:-1] == [call.input_shape for call in calls] and shapes[-1] == shape
    compile(calls.code, "mirror", "exec")


def by_convert_alone(mirror: cs.Mirror) -> cs.Chain:
    """Say each convolution as cs.convert says it: not where padding takes its smallest output below 1."""
    for row in mirror.trace(mirror.input_shape).rows:
        if isinstance(mirror[row.name], cs.Conv | cs.ConvTranspose):
            cs.convert(mirror[row.name], "torch", input_shape=row.input_shapes[0])  # type: ignore[arg-type]
    return mirror.calls("torch")  # type: ignore[return-value]


def test_every_mirror_is_said(hold: Holder) -> None:
    hold(is_said, SimpleNamespace(calls=lambda mirror: mirror.calls("torch")), encoders(), examples=200)


def test_that_property_fails_for_convert_alone() -> None:
    must_fail(is_said, SimpleNamespace(calls=by_convert_alone), encoders(ends=False), examples=1500)


REFUSED: dict[str, Callable[[], object]] = {
    "a size has a name": lambda: CLASSIC.mirror(("N", "H", 61, 1)),
    "channels not known": lambda: CLASSIC.mirror(("N", 45, 61, None)),
    "no shape": lambda: CLASSIC.mirror("45x61"),
    "a rule of one's own": lambda: cs.Chain(
        [cs.Conv((3, 3, 3, 8)), L.Custom("Halves", lambda shape: (*shape[:-1], shape[-1] // 2))]
    ).mirror(("N", 8, 8, 3)),
    "axes that have no name": lambda: cs.Chain(
        [cs.Conv((3, 3, 3, 8)), L.Permute((2, 1, 3)), L.Flatten()]
    ).mirror(("N", 8, 9, 3)),
    "two layouts that end": lambda: cs.Chain(
        [cs.Conv((3, 3, 3, 8)), L.Permute((3, 1, 2)), L.Flatten(), L.Reshape((8, 9, 8)), L.Flatten()]
    ).mirror(("N", 8, 9, 3)),
    "Keras has no groups": lambda: (
        cs.Chain([cs.Conv((3, 3, 2, 8), groups=2)]).mirror((1, 9, 9, 4)).calls("keras")
    ),
    "no such framework": lambda: CLASSIC.mirror(SHAPE).calls("pytroch"),
    "no pool to a size": lambda: cs.Chain([L.AdaptivePool(7)]).mirror((1, 5, 5, 4)).calls("jax"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refusals(case: str, snapshot: SnapshotAssertion) -> None:
    with pytest.raises(cs.ShapeError) as caught:
        REFUSED[case]()
    assert str(caught.value) == snapshot


def test_an_encoder_that_does_not_fit_says_so_itself() -> None:
    with pytest.raises(cs.ShapeError) as caught:
        CLASSIC.mirror(("N", 4, 61, 1))
    with pytest.raises(cs.ShapeError) as wanted:
        CLASSIC(("N", 4, 61, 1))
    assert str(caught.value) == str(wanted.value)
