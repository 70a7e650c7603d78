"""Receptive fields against PyTorch's gradients: dilated transposed convolutions and adaptive pools are its own."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from hypothesis import assume
from hypothesis import strategies as st

import convshape as cs
from convshape._networks import _taps
from tests.holding import Holder, must_fail

torch = pytest.importorskip("torch")
torch.set_num_threads(1)
ours, nn, L = cs.frameworks.torch, torch.nn, cs.layers
C = 2


@pytest.fixture
def hold(record_property: Any) -> Holder:
    return Holder(record_property)


@st.composite
def steps(draw: st.DrawFn) -> Any:
    """A layer of ours and PyTorch's own. Shrinks towards a convolution of 1."""
    kind = draw(st.sampled_from(["Conv1d", "ConvTranspose1d", "AvgPool1d", "adaptive", "linear", "dense"]))
    kernel, stride, dilation = draw(st.integers(1, 4)), draw(st.integers(1, 3)), draw(st.integers(1, 4))
    if kind == "adaptive":
        return L.AdaptivePool(kernel + 1), nn.AdaptiveAvgPool1d(kernel + 1)
    if kind == "linear":
        return L.UpSampling(stride, "linear"), nn.Upsample(scale_factor=stride, mode="linear")
    if kind == "AvgPool1d":
        words = {
            "stride": stride,
            "padding": draw(st.integers(0, kernel // 2)),
            "ceil_mode": draw(st.booleans()),
        }
        return ours.AvgPool1d(kernel, **words), nn.AvgPool1d(kernel, **words)
    if kind == "dense":
        return L.Activation(), nn.Identity()
    spans = (kernel - 1) * dilation + 1
    words = {
        "stride": stride,
        "padding": draw(st.integers(0, min(2, (spans - 1) // 2))),
        "dilation": dilation,
    }
    return getattr(ours, kind)(C, C, kernel, **words), getattr(nn, kind)(C, C, kernel, bias=False, **words)


def chained(pairs: Any) -> tuple[Any, Any]:
    pairs = [
        (ours.Conv1d(C, C, 1), nn.Conv1d(C, C, 1)),
        *pairs,
    ]  # the layer that says where the channels stand
    network, modules = cs.Chain([one for one, _ in pairs]), nn.Sequential(*(other for _, other in pairs))
    with torch.no_grad():
        for weight in modules.parameters():
            weight.uniform_(0.5, 1.5)  # positive, so that nothing cancels
    return network, modules


def sees_what_has_a_gradient(implementation: Any, pairs: Any, size: int, part: float) -> None:
    network, modules = chained(pairs)
    try:
        output = network((1, C, size))
    except cs.ShapeError:
        assume(False)
    found = implementation.receptive_field(network, (1, C, size))
    place = int(part * (output[2] - 1))
    x = torch.ones((1, C, size), requires_grad=True)
    modules(x)[0, :, place].sum().backward()
    seen = torch.nonzero(x.grad[0].abs().amax(0) > 1e-6).flatten().tolist()
    assert found.field((place,)) == ((range(seen[0], seen[-1] + 1) if seen else range(0)),)


DRAWN = (st.lists(steps(), min_size=1, max_size=4), st.integers(1, 20), st.sampled_from([0, 0.3, 0.5, 1]))


def test_fields_are_where_gradients_are(hold: Holder) -> None:
    hold(sees_what_has_a_gradient, cs, *DRAWN, examples=300)


def wrong(name: str, how: Any) -> SimpleNamespace:
    def receptive_field(network: Any, input_shape: Any) -> Any:
        with mock.patch.object(_taps, name, how):
            return cs.receptive_field(network, input_shape)

    return SimpleNamespace(receptive_field=receptive_field)


FORWARD, TRANSPOSED, ADAPTIVE = _taps.forward, _taps.transposed, _taps.adaptive
WRONG = {
    "an adaptive pool as an even one": wrong("adaptive", lambda size, made: FORWARD(-(-size // made), max(1, size // made), 1, 0)),
    "a transposed one of dense taps": wrong("transposed", lambda k, s, d, b: TRANSPOSED((k - 1) * d + 1, s, 1, b)),
    "no dilation": wrong("forward", lambda k, s, d, b: FORWARD(k, s, 1, b)),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong_taps_are_found_out(name: str) -> None:
    must_fail(sees_what_has_a_gradient, WRONG[name], *DRAWN, examples=300)


def test_a_dense_layer_along_the_last_axis() -> None:
    """Where channels stand first, it sees a whole width, and of the height what arrives."""
    network = cs.Chain([ours.Conv2d(C, C, 3, padding=1), L.Dense(5), ours.Conv2d(C, C, 3)])
    modules = nn.Sequential(nn.Conv2d(C, C, 3, padding=1), nn.Linear(7, 5), nn.Conv2d(C, C, 3))
    x = torch.rand((1, C, 9, 7), requires_grad=True)
    modules(x)[0, :, 2, 1].sum().backward()
    seen = x.grad[0].abs().amax(0) > 0
    rows, columns = (torch.nonzero(seen.any(axis)).flatten().tolist() for axis in (1, 0))
    found = cs.receptive_field(network, (1, C, 9, 7))
    assert found.field((2, 1)) == (range(rows[0], rows[-1] + 1), range(columns[0], columns[-1] + 1))
    assert found.rows[-1].size == (5, 7) and found.rows[-1].jump == (1, 0)
