"""Receptive fields: against every tap followed one by one, away from the borders and at them."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from hypothesis import assume
from hypothesis import strategies as st

import convshape as cs
from convshape._networks import _taps
from tests.core.networks import nets
from tests.core.networks.reachability import network_sets
from tests.holding import Holder, must_fail

L = cs.layers
C = nets.CHANNELS
FAR = 64  # no border of a small network is near, nor those of its period


@st.composite
def seeing(draw: st.DrawFn) -> Any:
    """One layer, dilated transposed ones and interpolation included. Shrinks towards a convolution of 1."""
    kind = draw(st.sampled_from(["any", "transpose", "bilinear"]))
    if kind == "any":
        return draw(nets.steps())
    if kind == "bilinear":
        return L.UpSampling(draw(st.integers(1, 4)), "bilinear")
    kernel, stride, dilation = draw(st.integers(1, 4)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    padding = draw(st.sampled_from(["SAME", "VALID", 1]))
    return cs.ConvTranspose((kernel, C, C), stride, padding, dilations=dilation)


networks = st.lists(seeing(), min_size=1, max_size=5).map(cs.Chain) | nets.graphs(longest=5)


def fits(network: Any, size: int) -> bool:
    try:
        network((1, size, C))
    except cs.ShapeError:
        return False
    return True


def sees_what_taps_reach(implementation: Any, network: Any, size: int) -> None:
    """A field, with sizes known, is what the taps reach of the input, at the borders too."""
    assume(fits(network, size))
    found = implementation.receptive_field(network, (1, size, C))
    for name, sets in network_sets(network, size).items():
        for place in {0, 1, len(sets) // 2, len(sets) - 2, len(sets) - 1} & {*range(len(sets))}:
            (field,) = found.field((place,), name)
            assert field == (range(min(sets[place]), max(sets[place]) + 1) if sets[place] else range(0))


def enlarges(network: Any) -> int:
    """Return a number of outputs after which the phases of all layers repeat."""
    strides = [
        layer.strides[0] for layer in map(layer_of, network.nodes) if isinstance(layer, cs.ConvTranspose)
    ]
    factors = [layer.size for layer in map(layer_of, network.nodes) if isinstance(layer, L.UpSampling)]
    return prod([*strides, *factors])


def layer_of(node: Any) -> Any:
    return node.block.layer


def spans_what_taps_reach(implementation: Any, network: Any) -> None:
    """Size, jump and start, with a size known, are those of the fields far from the borders."""
    size = next((size for size in range(2 * FAR, 2 * FAR + 12) if fits(network, size)), None)
    assume(size is not None)
    period = enlarges(network)
    for row in implementation.receptive_field(network, (1, size, C)).rows:
        (span,), sets = row.spans, network_sets(network, size)[row.name]
        middle = [place for place, one in enumerate(sets) if one and min(one) > FAR // 2 and max(one) < size - FAR // 2]  # fmt: skip
        if len(middle) < 2 * period or span.jump is None:
            continue
        assert span.size == max(max(sets[place]) - min(sets[place]) + 1 for place in middle)
        place = next((place for place in middle if place % period == 0), None)
        if place is not None:
            assert (min(sets[place]), max(sets[place])) == (
                span.start + place * span.jump,
                span.end + place * span.jump,
            )
            further = place + period
            assert further not in middle or min(sets[further]) - min(sets[place]) == period * span.jump


def tells_what_holds_at_every_size(implementation: Any, network: Any) -> None:
    """Without a size: a number is that of every size, and None only where sizes differ."""
    sizes = [size for size in range(2 * FAR, 4 * FAR) if fits(network, size)]
    assume(sizes)
    rows = [cs.receptive_field(network, (1, size, C)).rows for size in sizes]
    for number, row in enumerate(implementation.receptive_field(network, ("N", None, C)).rows):
        for name, told in row.spans[0]._values().items():
            found = {exact[number].spans[0]._values()[name] for exact in rows}
            assert found == {told} or (told is None and len(found) > 1)


def sees_the_same_at_every_size(implementation: Any, network: Any, place: int) -> None:
    """Without a size: a field is that of every size whose end is far, and None only where sizes differ."""
    sizes = [size for size in range(4 * FAR, 6 * FAR) if fits(network, size)]
    assume(sizes)
    exact = [cs.receptive_field(network, (1, size, C)) for size in sizes[:24]]
    assume(exact[0].rows[-1].spans[0].jump is not None)
    outputs = network((1, sizes[0], C))[1]
    assume(place < outputs // 2)
    (told,) = implementation.receptive_field(network, ("N", None, C)).field((place,))
    found = {one.field((place,))[0] for one in exact}
    far = all(one is not None and (not one or one.stop < 3 * FAR) for one in found)
    assume(far)
    assert found == {told} or (told is None and (len(found) > 1 or len(sizes) > 24))


def test_fields_are_what_taps_reach(hold: Holder) -> None:
    hold(sees_what_taps_reach, cs, networks, st.integers(1, 24), examples=120)


def test_spans_are_what_taps_reach(hold: Holder) -> None:
    hold(spans_what_taps_reach, cs, networks, examples=80)


def test_fields_of_unknown_sizes(hold: Holder) -> None:
    hold(sees_the_same_at_every_size, cs, networks, st.integers(0, 12), examples=60)


def test_unknown_sizes(hold: Holder) -> None:
    hold(tells_what_holds_at_every_size, cs, networks, examples=30)


def wrong(name: str, how: Callable[..., Any]) -> SimpleNamespace:
    """Return an implementation in which one kind of taps is another."""

    def receptive_field(network: Any, input_shape: Any) -> Any:
        with mock.patch.object(_taps, name, how):
            return cs.receptive_field(network, input_shape)

    return SimpleNamespace(receptive_field=receptive_field)


def between(kernel: int, stride: int, dilation: int, before: int) -> Any:
    """From the first window that may reach an output to the last, whether their taps meet it or not."""
    spans = (kernel - 1) * dilation + 1
    ends = ((-(-(n + before - spans + 1) // stride), (n + before) // stride + 1) for n in range(stride))
    return _taps.Taps(stride, 1, [range(first, stop) for first, stop in ends])


FORWARD, TRANSPOSED, ENLARGED = _taps.forward, _taps.transposed, _taps.enlarged
WRONG = {
    "no dilation": wrong("forward", lambda k, s, d, b: FORWARD(k, s, 1, b)),
    "SAME's odd element before": wrong("forward", lambda k, s, d, b: FORWARD(k, s, d, b + (b > 0))),
    "a kernel less than it spans": wrong("forward", lambda k, s, d, b: FORWARD(max(1, k - 1), s, d, b)),
    "a transposed one of the next bigger kernel": wrong("transposed", lambda k, s, d, b: TRANSPOSED(k + 1, s, d, b)),
    "a transposed one without its crop": wrong("transposed", lambda k, s, d, b: TRANSPOSED(k, s, d, 0)),
    "holes between dilated taps forgotten": wrong("transposed", between),
    "interpolation as repeating": wrong("enlarged", lambda f, _: ENLARGED(f, "nearest")),
    "repeating as interpolation": wrong("enlarged", lambda f, _: ENLARGED(f, "bilinear")),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong_taps_are_found_out(name: str) -> None:
    must_fail(sees_what_taps_reach, WRONG[name], networks, st.integers(1, 24), examples=200)


def test_a_textbook_size_is_found_out() -> None:
    """`size + (kernel - 1) * jump`, of every layer that has a kernel, is not what phases and branches give."""

    def receptive_field(network: Any, input_shape: Any) -> Any:
        found = cs.receptive_field(network, input_shape)
        before = 1
        for row, node in zip(found.rows, network.nodes, strict=True):
            span, kernel = row.spans[0], getattr(layer_of(node), "filter_shape", (1,))[0]
            before = before if span.jump is None else before + (kernel - 1) * span.jump
            span._set(size=before)
        return found

    must_fail(spans_what_taps_reach, SimpleNamespace(receptive_field=receptive_field), networks, examples=40)


def test_a_size_for_all_is_found_out() -> None:
    """One input size does not stand for all: SAME splits its padding by their remainders."""
    one = SimpleNamespace(receptive_field=lambda network, _: cs.receptive_field(network, (1, 2 * FAR, C)))
    strided = st.integers(2, 4).map(lambda kernel: cs.Chain([cs.Conv((kernel, C, C), 2)]))
    must_fail(tells_what_holds_at_every_size, one, strided, examples=5)
