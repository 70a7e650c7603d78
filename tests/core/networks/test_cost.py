"""What a network costs: against loops that count, one multiplication after the other."""

from __future__ import annotations

import json
import pickle
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import assume
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

import convshape as cs
from convshape._networks import _spec_block
from tests.core.networks import nets
from tests.core.networks.test_receptive_record import unet
from tests.holding import Holder, must_fail

L = cs.layers
C = nets.CHANNELS


def counted(spec: Any, shape: Any) -> int:
    """Count the multiplications of a convolution: every window, every tap, every pair of channels of every group."""
    output, count = spec(shape), 0
    *kernel, first, second = spec.filter_shape
    moving = shape if isinstance(spec, cs.ConvTranspose) else output
    inside = first if isinstance(spec, cs.Conv) else second // spec.groups
    outside = second // spec.groups if isinstance(spec, cs.Conv) else first
    for _ in product(range(moving[0]), *map(range, moving[1:-1])):
        for _ in product(*map(range, kernel)):
            count += sum(1 for _ in product(range(spec.groups), range(inside), range(outside)))
    return count


def peak_of(network: Any, shape: Any) -> int:
    """Run the layers with a set of tensors: after each, drop those that nobody reads any more."""
    rows = network.trace(shape).rows
    sizes = {-1: volume(shape), **{place: volume(row.output_shape) for place, row in enumerate(rows)}}
    alive, peak = {-1}, sizes[-1]
    for place in range(len(rows)):
        alive.add(place)
        peak = max(peak, sum(sizes[one] for one in alive))
        later = {source for node in network.nodes[place + 1 :] for source in node.sources} | {len(rows) - 1}
        alive = {one for one in alive if one in later}
    return peak


def volume(shape: Any) -> int:
    number = 1
    for size in shape:
        number *= size
    return number


@st.composite
def convolutions(draw: st.DrawFn) -> Any:
    """A convolution of one spatial axis with its input. Shrinks towards one of 1 in every number."""
    kind = draw(st.sampled_from([cs.Conv, cs.ConvTranspose]))
    groups, kernel, stride = draw(st.integers(1, 2)), draw(st.integers(1, 3)), draw(st.integers(1, 2))
    one, other = draw(st.integers(1, 2)), draw(st.integers(1, 2)) * groups
    padding, dilation = draw(st.sampled_from(["SAME", "VALID", 1])), draw(st.integers(1, 2))
    spec = kind((kernel, one, other), stride, padding, dilations=dilation, groups=groups)
    return spec, (draw(st.integers(1, 2)), draw(st.integers(3, 6)), spec._inside)


def costs_what_is_counted(implementation: Any, drawn: Any) -> None:
    spec, shape = drawn
    try:
        spec(shape)
    except cs.ShapeError:
        assume(False)
    (row,) = implementation.cost(cs.Chain([spec]), shape).rows
    assert row.macs == counted(spec, shape)
    assert row.parameters == volume(spec.filter_shape)


def keeps_what_is_read(implementation: Any, network: Any, size: int) -> None:
    try:
        network((1, size, C))
    except cs.ShapeError:
        assume(False)
    found = implementation.cost(network, (1, size, C))
    assert found.peak[0] == peak_of(network, (1, size, C))
    assert found.elements == sum(volume(row.output_shape) for row in network.trace((1, size, C)).rows)


def test_multiplications(hold: Holder) -> None:
    hold(costs_what_is_counted, cs, convolutions(), examples=150)


def test_peak(hold: Holder) -> None:
    hold(keeps_what_is_read, cs, nets.graphs(), st.integers(1, 20), examples=100)


def of_other_side(spec: Any, shape: Any, output: Any) -> int:
    """The classic mistake: every output element of a transposed convolution meets the filter."""
    return volume(output[:-1]) * volume(spec.filter_shape)


def all_channels(spec: Any, shape: Any, output: Any) -> int:
    """Groups forgotten: every filter reads all channels."""
    return int(_spec_block_macs(spec, shape, output)) * spec.groups


_spec_block_macs = _spec_block.macs_of


@pytest.mark.parametrize("how", [of_other_side, all_channels])
def test_wrong_multiplications_are_found_out(how: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_spec_block, "macs_of", how)
    must_fail(costs_what_is_counted, cs, convolutions(), examples=100)


def test_a_peak_that_forgets_a_branch_is_found_out() -> None:
    """Input and output of the biggest layer, as for a chain, are not all that is alive beside a skip."""

    def cost(network: Any, shape: Any) -> Any:
        found = cs.cost(network, shape)
        sizes = [found.input_elements, *(row.elements for row in found.rows)]
        alive = [sizes[place + 1] + sum(sizes[source + 1] for source in {*node.sources}) for place, node in enumerate(network.nodes)]  # fmt: skip
        return SimpleNamespace(peak=(max(alive), ""), elements=found.elements)

    must_fail(keeps_what_is_read, SimpleNamespace(cost=cost), nets.graphs(), st.integers(1, 20), examples=100)


HEAD = cs.Chain([cs.Conv((3, 3, 1, 8), 2), L.BatchNorm(), L.Activation(), L.Flatten(), L.Dense(10)])
EXAMPLES = {
    "a head": (HEAD, ("N", 28, 28, 1)),
    "a batch of a U-Net": (unet(), (16, 64, 48, C)),
    "sizes with names": (HEAD, (None, "H", 28, 1)),
}


@pytest.fixture(params=EXAMPLES)
def example(request: Any) -> cs.Cost:
    return cs.cost(*EXAMPLES[request.param])


def test_text(example: cs.Cost, snapshot: SnapshotAssertion) -> None:
    assert str(example) == repr(example) == snapshot


def test_html(example: cs.Cost, snapshot: SnapshotAssertion) -> None:
    html = example._repr_html_()
    assert html == snapshot and "<script" not in html and "http" not in html


def test_json(example: cs.Cost) -> None:
    told = json.loads(json.dumps(example.to_json(), allow_nan=False))
    assert told["macs"] == example.macs and told["parameters"] == example.parameters
    for row, said in zip(example.rows, told["rows"], strict=True):
        assert said == {**row._values(), "output_shape": list(row.output_shape)}


def test_it_is_a_value(example: cs.Cost) -> None:
    assert pickle.loads(pickle.dumps(example)) == example and hash(example) == hash(example)
    with pytest.raises(AttributeError):
        example.rows = ()
    assert example[example.rows[0].name] is example.rows[0]


def test_a_batch_multiplies_and_a_name_is_one_picture() -> None:
    one, many = cs.cost(HEAD, (1, 28, 28, 1)), cs.cost(HEAD, (7, 28, 28, 1))
    assert (many.macs, many.elements, many.peak[0]) == (7 * one.macs, 7 * one.elements, 7 * one.peak[0])  # type: ignore[operator,index]
    assert (many.parameters, many.statistics) == (one.parameters, one.statistics)
    for batch in ("N", None):
        named = cs.cost(HEAD, (batch, 28, 28, 1))
        assert (named.macs, named.elements, named.peak) == (one.macs, one.elements, one.peak)


def test_views_are_no_tensors() -> None:
    """A Flatten's reader reads what was flattened, which stays alive for it."""
    net = cs.Chain([cs.Conv((1, 1, 1, 1)), L.Flatten(), L.Reshape((4, 4, 1)), L.Flatten(), L.Dense(2)])
    found = cs.cost(net, (1, 4, 4, 1))
    assert [row.elements for row in found.rows] == [16, 0, 0, 0, 2]
    assert found.peak == (32, "conv_1")
    assert cs.cost(cs.Chain([L.Flatten()]), (1, 4, 4, 1)).peak == (16, "input")


def test_bytes() -> None:
    half = cs.cost(HEAD, ("N", 28, 28, 1), bytes_per_element=2)
    full = cs.cost(HEAD, ("N", 28, 28, 1))
    assert 2 * half.training_bytes == full.training_bytes == 4 * full.elements  # type: ignore[operator]
    assert 2 * half.inference_bytes == full.inference_bytes == 4 * full.peak[0]  # type: ignore[operator,index]
    assert full.parameter_bytes == 4 * (full.parameters + full.statistics)  # type: ignore[operator]


CALLS = {
    "no network": lambda: cs.cost(cs.Pool(2), (1, 8, 8, 1)),
    "no network, and no bytes": lambda: cs.cost(cs.Pool(2), (1, 8, 8, 1), bytes_per_element=0),  # type: ignore[arg-type]
    "no network, and other channels": lambda: cs.cost(cs.Conv((3, 3, 4, 8)), (1, 8, 8, 1)),  # type: ignore[arg-type]
    "no bytes, and other channels": lambda: cs.cost(HEAD, (1, 28, 28, 3), bytes_per_element=0),
    "bytes that are none": lambda: cs.cost(HEAD, (1, 28, 28, 1), bytes_per_element=2.5),
    "other channels": lambda: cs.cost(HEAD, (1, 28, 28, 3)),
    "no input": lambda: cs.cost(HEAD, None),
}


@pytest.mark.parametrize("name", CALLS)
def test_refusals(name: str, snapshot: SnapshotAssertion) -> None:
    with pytest.raises(cs.ShapeError) as caught:
        CALLS[name]()
    assert str(caught.value) == snapshot
