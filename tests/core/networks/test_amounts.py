"""Whole numbers worked out from sizes: against Python's own arithmetic, as numbers, closed forms and moves."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st

import convshape as cs
from convshape._networks import _amounts as amounts
from convshape._networks._amounts import Amount, amount, size_of
from convshape._networks._forms import Form
from convshape._networks._reshaped import Refilled, Reshaped
from convshape._networks._shaped import Need, Shaped, ShapedJoin
from tests.holding import Holder, must_fail

SHAPES = ((2, 3, 45, 61), (2, 5, 17, 8))
ROOT = st.one_of(st.integers(-9, 9), st.tuples(st.just("size"), st.integers(0, 1), st.integers(1, 3)))
TREES = st.recursive(
    ROOT,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["plus", "minus", "times", "least"]), inner, inner),
        st.tuples(st.sampled_from(["floor", "trunc"]), inner, st.integers(1, 5)),
        st.tuples(st.just("scaled"), inner, st.sampled_from([0.5, 1.5, 0.3, 1 / 49, 2.0])),
    ),
    max_leaves=6,
)


def counted(tree: Any) -> int:
    """Return a tree's number by Python's arithmetic."""
    if isinstance(tree, int):
        return tree
    word, first, second = tree
    if word == "size":
        return SHAPES[first][second]
    one = counted(first)
    if word in ("floor", "trunc", "scaled"):
        if word == "scaled":
            return int(one * second // 1)
        return one // second if word == "floor" or one >= 0 else -(-one // second)
    other = counted(second)
    return {"plus": one + other, "minus": one - other, "times": one * other, "least": min(one, other)}[word]


def built(room: Any, tree: Any) -> Amount:
    """Return the same tree as an amount."""
    if isinstance(tree, int):
        return amount(tree)
    word, first, second = tree
    if word == "size":
        return size_of(first, second)
    one = built(room, first)
    if word in ("floor", "trunc"):
        return room.divided(one, second, word == "trunc")
    if word == "scaled":
        return room.scaled(one, second)
    other = built(room, second)
    if word in ("plus", "minus"):
        return room.plus(one, other, 1 if word == "plus" else -1)
    return (room.product if word == "times" else room.lesser)(one, other)


def is_pythons(room: Any, tree: Any) -> None:
    made = built(room, tree)
    assert made.at(SHAPES) == counted(tree)
    assert made.renumbered({0: 1, 1: 0}).at(SHAPES[::-1]) == counted(tree)
    assert made.number in (None, counted(tree))


def test_numbers(hold: Holder) -> None:
    hold(is_pythons, amounts, TREES, examples=500)


def test_wrong_numbers_are_found_out() -> None:
    class Wrong:
        plus, product, lesser, scaled = amounts.plus, amounts.product, amounts.lesser, amounts.scaled

        @staticmethod
        def divided(first: Amount, over: int, trunc: bool) -> Amount:
            return amounts.divided(first, over, not trunc)

    must_fail(is_pythons, Wrong, TREES, examples=300)


def form_is_the_number(ask: Any, times: int, plus: int, over: int, more: int) -> None:
    told = ask(amounts, ("plus", ("floor", ("plus", ("times", times, ("size", 0, 2)), plus), over), more))
    entry = told.entry((("N", 3, Form("H"), 61), SHAPES[1]))
    move = told.move(0, 2, 1)
    for size in range(1, 30):
        number = (times * size + plus) // over + more
        assert (entry.at(size) if isinstance(entry, Form) else entry) == number
        assert move is not None and move(size) == number


def test_closed_forms(hold: Holder) -> None:
    numbers = (st.integers(1, 4), st.integers(-4, 9), st.integers(1, 5), st.integers(-3, 3))
    hold(form_is_the_number, built, *numbers, examples=200)
    must_fail(
        form_is_the_number,
        lambda room, tree: amounts.plus(built(room, tree), amount(1)),
        *numbers,
        examples=20,
    )


def test_what_cancels_is_gone() -> None:
    """Padding to another's size, as U-Nets are written: half of the difference before, the rest after."""
    mine, other = size_of(0, 2), size_of(1, 2)
    apart = amounts.plus(other, mine, -1)
    before = amounts.divided(apart, 2)
    padded = amounts.plus(amounts.plus(mine, before), amounts.plus(apart, before, -1))
    assert padded == other
    block = ShapedJoin("Pad", (size_of(0, 0), size_of(0, 1), padded, size_of(1, 3)), (4, 4))
    net = cs.Graph(
        {
            "conv": cs.Conv((3, 3, 3, 3), data_format="NCHW"),
            "down": cs.Pool(2, data_format="NCHW"),
            "up": cs.layers.UpSampling(2),
            "pad": (block, "up", "conv"),
        }
    )
    assert net(("N", 3, "H", "W")) == ("N", 3, "H", "W")
    found = cs.valid_sizes(net, "height")
    assert 1 not in found and all(size in found for size in range(2, 20))


def test_a_slice_moves_its_axis_alone() -> None:
    sizes = (
        size_of(0, 0),
        size_of(0, 1),
        amounts.divided(amounts.plus(size_of(0, 2), amount(-2)), 3),
        size_of(0, 3),
    )
    cut = Shaped("Slice", sizes, (4,), (Need(size_of(0, 2), 7),))
    net = cs.Chain([cs.Conv((1, 1, 3, 3), data_format="NCHW"), ("cut", cut)])
    assert net(("N", 3, "H", 8)) == ("N", 3, "ceil((H - 4)/3)", 8)
    assert 7 in cs.valid_sizes(net, "height") and 6 not in cs.valid_sizes(net, "height")
    with pytest.raises(cs.SizeError, match=r"has a size of 6 where Slice takes at least 7\.") as raised:
        net((1, 3, 6, 8))
    assert raised.value.fix == {"input_shape": (1, 3, 7, 8)}
    with pytest.raises(cs.RankError, match="has 3 axes, not 4"):
        cs.Chain([cut])((1, 3, 9))


def test_reshapes_that_touch_the_batch() -> None:
    net = cs.Chain([Refilled((4,))])
    assert net((3, 2, 4, 1)) == (6, 4)  # pictures are mixed, as the frameworks do in silence
    assert net(("N", 2, 2, 1)) == ("N", 4) and net(("N", 2, 4, 1)) == (None, 4)
    with pytest.raises(cs.SizeError, match="does not hold the 6 numbers"):
        net((3, 2, 3, 1))
    halves = (size_of(0, 0), amount(2), None, size_of(0, 3))
    net = cs.Chain([cs.Conv((1, 1, 3, 6), data_format="NCHW"), Reshaped("Reshape", halves)])
    assert net(("N", 3, 5, "W")) == ("N", 2, 15, "W")
    with pytest.raises(cs.SizeError, match=r"does not fill the shape \(2, 4, -1, 7\)"):
        cs.Chain([Reshaped("Reshape", (size_of(0, 0), amount(4), None, size_of(0, 3)))])((2, 3, 5, 7))


def test_axes_in_another_order_keep_their_names() -> None:
    turned = cs.Chain([cs.layers.Permute((3, 1, 2)), cs.layers.Dense(4), cs.layers.Activation()])
    assert turned(("N", "H", "W", 3)) == ("N", 3, "H", 4) and turned((1, 5, 6, 3)) == (1, 3, 5, 4)
    swapped = cs.Chain([cs.layers.Permute((2, 1, 3))])
    assert swapped(("N", "H", "W", 3)) == ("N", "W", "H", 3)
    with pytest.raises(cs.ShapeError, match="does not say what it does to each axis"):
        cs.valid_sizes(swapped, "height")
