"""Multiply-accumulates against PyTorch's own counter, which watches the calls that are made."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import assume
from hypothesis import strategies as st

import convshape as cs
from tests.holding import Holder, must_fail

torch = pytest.importorskip("torch")
counter = pytest.importorskip("torch.utils.flop_counter")


@pytest.fixture
def hold(record_property: Any) -> Holder:
    return Holder(record_property)


def flops(network: Any, x: Any) -> int:
    """Return what PyTorch counts while a call runs: two for each multiply-accumulate."""
    with counter.FlopCounterMode(display=False) as counting:
        network(x)
    return int(counting.get_total_flops())


@st.composite
def layers(draw: st.DrawFn) -> Any:
    """A layer of PyTorch's and the same of ours, with an input. Shrinks towards a convolution of 1."""
    rank, groups, kernel = draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    inside, outside = draw(st.integers(1, 3)) * groups, draw(st.integers(1, 3)) * groups
    stride, dilation = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    padding = draw(
        st.integers(0, (kernel - 1) * dilation // 2)
    )  # more may hold a whole kernel: no core spec says that
    word = draw(st.sampled_from(["Conv", "ConvTranspose"]))
    arguments = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    name = f"{word}{rank}d"
    theirs = getattr(torch.nn, name)(inside, outside, kernel, **arguments)
    ours = getattr(cs.frameworks.torch, name)(inside, outside, kernel, **arguments)
    return theirs, ours, (draw(st.integers(1, 3)), inside, *draw(st.tuples(*[st.integers(3, 7)] * rank)))


def counts_as_torch(implementation: Any, drawn: Any) -> None:
    theirs, ours, shape = drawn
    network = cs.Chain([ours])
    try:
        network(shape)
    except cs.ShapeError:
        assume(False)
    found = implementation.cost(network, shape)
    assert 2 * found.macs == flops(theirs, torch.zeros(shape))
    assert found.parameters == sum(one.numel() for one in theirs.parameters())


def test_every_convolution(hold: Holder) -> None:
    hold(counts_as_torch, cs, layers(), examples=150)


def test_another_count_is_found_out() -> None:
    """Neither the outputs of all layers, nor all channels for every group."""

    def of_outputs(network: Any, shape: Any) -> Any:
        found = cs.cost(network, shape)
        weights = found.parameters - found.rows[0].output_shape[1]  # type: ignore[operator]
        cells = found.elements // found.rows[0].output_shape[1]  # type: ignore[operator]
        return SimpleNamespace(macs=weights * cells, parameters=found.parameters)

    must_fail(counts_as_torch, SimpleNamespace(cost=of_outputs), layers(), examples=60)


def test_a_network() -> None:
    """A discriminator and its generator, dense layers and batch norms between them."""
    ours, nn = cs.frameworks.torch, torch.nn
    shape = (2, 3, 32, 48)
    network = cs.Chain(
        [
            ours.Conv2d(3, 8, 5, stride=2, padding=2),
            cs.layers.BatchNorm(),
            cs.layers.Activation("relu"),
            ours.Conv2d(8, 16, 5, stride=2, padding=2, groups=4),
            ours.ConvTranspose2d(16, 8, 4, stride=2, padding=1),
            ours.MaxPool2d(2),
            cs.layers.Flatten(),
            cs.layers.Dense(10),
        ]
    )
    features = network.trace(shape)["flatten_1"].output_shape[1]
    theirs = nn.Sequential(
        nn.Conv2d(3, 8, 5, stride=2, padding=2),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.Conv2d(8, 16, 5, stride=2, padding=2, groups=4),
        nn.ConvTranspose2d(16, 8, 4, stride=2, padding=1),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(features, 10),
    )
    found = cs.cost(network, shape)
    assert 2 * found.macs == flops(theirs, torch.zeros(shape))  # type: ignore[operator]
    assert found.parameters == sum(one.numel() for one in theirs.parameters())
    assert found.statistics == sum(one.numel() for one in theirs.buffers() if one.ndim)
