"""Closed forms: what is printed is what the numbers are, for every layer and every chain of them."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import Any

import pytest
from hypothesis import strategies as st

import convshape as cs
from convshape._networks._forms import Form, form
from convshape._networks._moves import Move
from tests.core.networks.nets import chains, fits, graphs, input_of
from tests.holding import Holder, must_fail


def worth(text: Any, **sizes: int) -> int:
    """Return what a printed closed form is for sizes, read as Python reads it."""
    if isinstance(text, int):
        return text
    names = {name: Fraction(size) for name, size in sizes.items()}
    return int(eval(text, {"__builtins__": {}, "floor": floor, "ceil": ceil, **names}))


def a_form_is_its_moves(make: Any, moves: list[Move], size: int) -> None:
    expected, closed = size, Form("H")
    for move in moves:
        expected = move(expected)
        closed = make(closed, move.times, move.plus, move.over) if isinstance(closed, Form) else move(closed)
    assert worth(closed if isinstance(closed, int) else str(closed), H=size) == expected
    if isinstance(closed, Form):
        period, growth = closed.rates()
        assert closed.at(size) == expected and closed.at(size + period) == expected + growth


MOVES = st.lists(
    st.builds(Move, st.integers(0, 4), st.integers(-9, 9), st.integers(1, 4)), min_size=1, max_size=6
)


def test_a_form_is_its_moves(hold: Holder) -> None:
    hold(a_form_is_its_moves, form, MOVES, st.integers(0, 300), examples=600)


@pytest.mark.parametrize("wrong", ["drops what is added inside", "floors nothing", "cancels a stride"])
def test_a_wrong_form_is_found_out(wrong: str) -> None:
    def make(inner: Any, times: int, plus: int, over: int) -> Any:
        if wrong == "drops what is added inside":
            return form(inner.inner, inner.times * times, plus, inner.over * over) if times == 1 else form(inner, times, plus, over)  # fmt: skip
        if wrong == "floors nothing":
            return form(inner, times, plus, 1)
        return form(inner, times, plus, over + (over == 2))

    must_fail(a_form_is_its_moves, make, MOVES, st.integers(0, 300), examples=300)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ((1, 0, 1), "H"),
        ((1, 1, 2), "ceil(H/2)"),
        ((1, 0, 2), "floor(H/2)"),
        ((1, -3, 1), "H - 3"),
        ((1, -1, 2), "ceil(H/2) - 1"),
        ((2, 1, 1), "2*H + 1"),
        ((3, 0, 2), "floor(3*H/2)"),
        ((1, -3, 4), "ceil((H - 6)/4)"),
    ],
)
def test_forms_are_printed_short(written: tuple[int, int, int], printed: str) -> None:
    assert str(form("H", *written)) == printed


def test_forms_nest_and_cancel() -> None:
    half = form("H", 1, 1, 2)
    assert isinstance(half, Form)
    assert str(form(half, 1, 1, 2)) == "ceil(H/4)"
    assert str(form(half, 2)) == "2*ceil(H/2)"
    assert str(form(form(half, 2), 1, 1, 2)) == "ceil(H/2)"  # up by 2 and down by 2 is nothing
    assert form(half, 0, 7) == 7


def a_named_size_is_every_size(ask: Any, network: Any, size: int) -> None:
    named = ask(network, input_of("H"))
    if fits(network, input_of(size)):
        numbers = network(input_of(size))
        for text, number in zip(named, numbers, strict=True):
            assert text in ("N", None) or worth(text, H=size) == number


def ask(network: Any, shape: Any) -> Any:
    try:
        return network(shape)
    except cs.ShapeError:  # no size at all fits: a name is not refused for sizes, but channels are
        return ()


def test_named_sizes_of_chains(hold: Holder) -> None:
    hold(a_named_size_is_every_size, ask, chains(), st.integers(1, 60), examples=300)


def test_named_sizes_of_graphs(hold: Holder) -> None:
    def without_crops(network: Any) -> bool:
        return not any(node.block.joins and node.block.crops for node in network.nodes)

    drawn = graphs().filter(without_crops)
    hold(a_named_size_is_every_size, ask, drawn, st.integers(1, 60), examples=200)


def test_a_wrong_closed_form_is_found_out() -> None:
    def wrong(network: Any, shape: Any) -> Any:
        return tuple(
            f"{one} + 1" if isinstance(one, str) and "H" in one else one for one in ask(network, shape)
        )

    must_fail(a_named_size_is_every_size, wrong, chains(), st.integers(1, 60), examples=100)


def test_names_flow_through() -> None:
    net = cs.Chain([cs.Conv((5, 5, 3, 8), 2), cs.ConvTranspose((5, 5, 3, 8), 2)])
    assert net(("N", "H", "W", 3)) == ("N", "2*ceil(H/2)", "2*ceil(W/2)", 3)
    assert net((None, None, 61, 3)) == (None, None, 62, 3)
    flat = cs.Chain([cs.Conv((5, 5, 3, 8), 2), cs.layers.Flatten()])
    assert flat(("N", "H", "W", 3)) == ("N", "8*ceil(H/2)*ceil(W/2)")
    assert worth(flat(("N", "H", "W", 3))[1], H=45, W=61) == flat(("N", 45, 61, 3))[1]
