"""One formula for every layer: a move says of each size what the spec itself says."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

import convshape as cs
from convshape._networks._moves import Move, moves_of
from tests.core.networks.nets import CHANNELS, input_of, steps
from tests.holding import Holder, must_fail


def a_move_is_its_layer(make: Any, layer: Any, size: int) -> None:
    if not isinstance(layer, cs.Conv | cs.ConvTranspose | cs.Pool):
        return
    (move,) = make(layer)
    try:
        expected = layer(input_of(size))[1]
    except cs.ShapeError:
        assert size < move.least
        return
    assert size >= move.least
    assert move(size) == expected
    assert lost_by_definition(layer, size, expected) == move.lost(size)


def lost_by_definition(layer: Any, size: int, output: int) -> int:
    """Return how many elements at the end lie behind the last window, counted from where it ends."""
    if isinstance(layer, cs.ConvTranspose) or layer.strides == (1,):
        return 0
    kernel = layer.filter_shape[0] if isinstance(layer, cs.Conv) else layer.window_shape[0]
    extent = (kernel - 1) * layer.dilations[0] + 1
    before = (
        0
        if layer.padding == "VALID"
        else layer.padding[0][0]
        if layer.padding != "SAME"
        else max(0, (output - 1) * layer.strides[0] + extent - size) // 2
    )
    return max(0, size + before - ((output - 1) * layer.strides[0] + (kernel - 1) * layer.dilations[0] + 1))


def test_a_move_is_its_layer(hold: Holder) -> None:
    hold(a_move_is_its_layer, moves_of, steps(), st.integers(1, 40), examples=1500)


def test_a_wrong_move_is_found_out() -> None:
    def one_more(layer: Any) -> tuple[Move, ...]:
        return tuple(Move(m.times, m.plus + 1, m.over, m.least, m.covers) for m in moves_of(layer))

    def takes_less(layer: Any) -> tuple[Move, ...]:
        return tuple(Move(m.times, m.plus, m.over, m.least + 1, m.covers) for m in moves_of(layer))

    for wrong in (one_more, takes_less):
        must_fail(a_move_is_its_layer, wrong, steps(), st.integers(1, 40), examples=200)


def test_unequal_axes() -> None:
    spec = cs.Conv((3, 5, CHANNELS, 4), (1, 2), ((1, 0), (2, 2)), dilations=(2, 1))
    moves = moves_of(spec)
    assert (
        tuple(move(size) for move, size in zip(moves, (9, 13), strict=True))
        == spec((1, 9, 13, CHANNELS))[1:3]
    )
