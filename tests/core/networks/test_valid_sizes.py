"""The set of legal sizes: exact, against trying every size; the U-Nets that people ask about."""

from __future__ import annotations

import json
from itertools import islice
from typing import Any

import pytest
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

import convshape as cs
from tests.core.networks.nets import CHANNELS, chains, fits, graphs, heads, input_of, unet
from tests.holding import Holder, must_fail

L = cs.layers


def drops(network: Any, shape: Any) -> bool:
    """Return whether a pool or stride that does not pad with SAME leaves elements at the end, by its definition."""
    row_of = {node.name: row for node, row in zip(network.nodes, network.trace(shape).rows, strict=True)}
    for node in network.nodes:
        spec = node.block.layer
        if not isinstance(spec, cs.Conv | cs.Pool):
            continue
        kernel = spec.filter_shape[0] if isinstance(spec, cs.Conv) else spec.window_shape[0]
        row = row_of[node.name]
        span = (row.output_shape[1] - 1) * spec.strides[0] + (kernel - 1) * spec.dilations[0] + 1
        if spec.padding == "SAME":
            before = max(0, span - row.input_shapes[0][1]) // 2
        else:
            before = 0 if spec.padding == "VALID" else spec.padding[0][0]
        if span < row.input_shapes[0][1] + before:
            return True
    return False


def sizes_are_those_that_work(ask: Any, network: Any, allow_drop: bool) -> None:
    found = ask(network, "width", input_of(None), allow_drop=allow_drop)
    for size in range(1, 100):
        works = fits(network, input_of(size)) and (allow_drop or not drops(network, input_of(size)))
        assert (size in found) == works, size
    for size in islice(found, 3):
        assert fits(network, input_of(size))


def test_sizes_of_chains(hold: Holder) -> None:
    hold(sizes_are_those_that_work, cs.valid_sizes, chains(), st.booleans(), examples=80)


def test_sizes_of_graphs(hold: Holder) -> None:
    hold(sizes_are_those_that_work, cs.valid_sizes, graphs(), st.booleans(), examples=120)


def test_sizes_of_heads(hold: Holder) -> None:
    hold(sizes_are_those_that_work, cs.valid_sizes, heads(), st.just(True), examples=200)


def test_wrong_sizes_are_found_out() -> None:
    def one_more(network: Any, axis: str, shape: Any, *, allow_drop: bool) -> Any:
        return {size + 1 for size in islice(cs.valid_sizes(network, axis, shape, allow_drop=allow_drop), 200)}

    def always_drops(network: Any, axis: str, shape: Any, *, allow_drop: bool) -> Any:
        return cs.valid_sizes(network, axis, shape)

    for wrong in (one_more, always_drops):
        must_fail(sizes_are_those_that_work, wrong, chains(), st.booleans(), examples=60)


@pytest.mark.parametrize(("levels", "said"), [(1, "2n"), (2, "4n"), (4, "16n"), (5, "32n")])
def test_same_unets(levels: int, said: str) -> None:
    number = 2**levels
    assert repr(cs.valid_sizes(unet(levels), "height")) == f"height: {said}, from {number} on"


def test_the_unet_of_2015() -> None:
    """572 in, 388 out; every pool must meet an even size for the crops to be in the middle."""
    net = unet(4, padding="VALID", crop="center")
    assert net(("N", 572, 572, 1)) == ("N", 388, 388, 2)
    sizes = cs.valid_sizes(net, "height", allow_drop=False)
    assert repr(sizes) == "height: 16n + 12, from 188 on"
    assert 572 in sizes and 571 not in sizes and 172 not in sizes
    assert sizes.nearest(600) == (588, 604)
    assert sizes.padding(600) == (2, 2) and sizes.cropping(601) == (6, 7)
    assert repr(cs.valid_sizes(net, "height")) == "height: any size, from 188 on"


def test_a_unet_of_ceil_pools() -> None:
    """A size that is no multiple of 4 comes back bigger, so ceil pools do not help a concatenation."""
    assert repr(cs.valid_sizes(unet(2, ceil_mode=True), "width")) == "width: 4n, from 4 on"


def test_fixed_features_take_one_answer() -> None:
    """The classic Flatten that wants 3136: 7x7x64 after two pools."""
    net = cs.Chain([cs.Pool(2), cs.Pool(2), L.Flatten(), L.Dense(10, in_features=3136)])
    sizes = cs.valid_sizes(net, "height", ("N", None, 28, 64))
    assert list(sizes) == [28, 29, 30, 31] and repr(sizes) == "height: 28, 29, 30, 31"
    assert sizes.nearest(40) == (31, None) and sizes.nearest(3) == (None, 28)
    with pytest.raises(cs.SizeError, match="some are not known"):
        cs.valid_sizes(net, "height")


def test_sides_that_grow_apart_meet_once() -> None:
    net = cs.Graph(
        {"up": L.UpSampling(2), "pad": (L.ZeroPadding(((3, 4),)), "input"), "sum": (L.Add(), "up", "pad")}
    )
    assert list(cs.valid_sizes(net, "width", (1, None, 3))) == [7]


def test_no_size_at_all() -> None:
    net = cs.Graph({"pad": L.ZeroPadding(((0, 1),)), "sum": (L.Add(), "pad", "input")})
    sizes = cs.valid_sizes(net, 0, (1, None, 3))
    assert not sizes and sizes.minimum is None and list(sizes) == [] and 7 not in sizes
    assert sizes.nearest(7) == (None, None) and sizes.padding(7) is None
    assert repr(sizes) == "width: no size works"


def test_a_gate_is_broadcast() -> None:
    """The gate of a squeeze-and-excitation block meets every size."""
    net = cs.Graph({"conv": cs.Conv((3, 3, 4, 4), 2), "gate": L.GlobalPool(keepdims=True), "out": (L.Multiply(broadcast=True), "conv", "gate")})  # fmt: skip
    assert repr(cs.valid_sizes(net, "height")) == "height: any size, from 1 on"
    assert net((1, 9, 9, 4)) == (1, 5, 5, 4)


def test_deep_chains_are_exact() -> None:
    net = cs.Chain([cs.Pool((2,))] * 60)
    assert cs.valid_sizes(net, "width").minimum == 2**60
    assert (
        repr(cs.valid_sizes(cs.Chain([cs.Pool((2,))] * 40), "width", allow_drop=False))
        == f"width: {2**40}n, from {2**40} on"
    )
    assert not cs.valid_sizes(cs.Chain([cs.Pool((2,))] * 64), "width")


NARROW = cs.Chain([cs.Conv((5, 5, 3, 8), padding="VALID")])
TWO_BRANCHES: dict[str, Any] = {"a": cs.Conv((3, 3, 1, 8)), "b": (cs.Conv((3, 3, 1, 4)), "input")}

NEVER: dict[str, tuple[Any, tuple[Any, ...] | None]] = {
    "the last layer takes other channels": (cs.Chain([cs.Conv((3, 3, 1, 4)), cs.Conv((3, 3, 8, 4), strides=2)]), None),
    "the last sum is of other channels": (cs.Graph({**TWO_BRANCHES, "sum": (L.Add(), "a", "b")}), None),
    "the last dense layer takes other features": (
        cs.Chain([cs.Conv((3, 3, 1, 4)), L.GlobalPool(), L.Dense(3, in_features=5)]), None,
    ),
    "the input has other channels": (cs.Chain([cs.Conv((3, 3, 1, 4))]), ("N", None, None, 3)),
    "the input has other axes": (cs.Chain([cs.Conv((3, 3, 3, 4))]), ("N", None, 3)),
    "another axis is too small": (NARROW, ("N", None, 3, 3)),
    "another axis is too small, under its own name": (NARROW, ("N", "H", 3, 3)),
    "another axis does not meet": (
        cs.Graph({"pool": cs.Pool(2), "up": L.UpSampling(2), "sum": (L.Add(), "up", "input")}), ("N", None, 9, 3),
    ),
    "the last layer stands in another layout": (
        cs.Chain([cs.Conv((3, 3, 3, 8)), cs.Conv((3, 3, 8, 8), data_format="NCHW")]), None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NEVER)
def test_a_network_that_never_works_is_refused(name: str, snapshot: SnapshotAssertion) -> None:
    network, shape = NEVER[name]
    with pytest.raises(cs.ShapeError) as caught:
        cs.valid_sizes(network, 0, shape)
    assert str(caught.value) == snapshot
    fixes = [fix for fix in (caught.value.fix, *caught.value.alternatives) if fix is not None]
    assert fixes
    for fix in fixes:
        assert cs.valid_sizes(network.replace(fix), 0, fix.get("input_shape", shape))


@pytest.mark.parametrize("name", NEVER)
def test_it_is_refused_as_with_a_layer_behind(name: str) -> None:
    """Which layer fails does not depend on whether it is the last one."""
    network, shape = NEVER[name]
    longer = cs.Graph({"net": network, "more": L.Activation()})
    for one in (network, longer):
        with pytest.raises(cs.ShapeError, match=rf"layer {len(network.nodes) - 1} "):
            cs.valid_sizes(one, 0, shape)


@st.composite
def mismatched(draw: st.DrawFn) -> Any:
    """A chain, a sum at its end or none, whose channels need not fit, on two axes. Shrinks towards one convolution."""
    few = st.integers(1, 2)
    padding = st.sampled_from(["SAME", "VALID"])
    conv = st.builds(lambda kernel, inside, out, stride, pad: cs.Conv((kernel, 3, inside, out), (stride, 1), pad), *[few] * 4, padding)  # fmt: skip
    layers: dict[str, Any] = {f"conv_{place}": one for place, one in enumerate(draw(st.lists(conv, min_size=1, max_size=3)))}  # fmt: skip
    if draw(st.booleans()):
        layers["sum"] = (L.Add(), [*layers][-1], "input")
    return cs.Graph(layers), draw(st.integers(1, 6))


def answers_for_what_works(ask: Any, drawn: Any) -> None:
    """A set where some size works, and it is that of those; a refusal only where none does."""
    network, width = drawn
    works = {size for size in range(1, 30) if fits(network, ("N", size, width, CHANNELS))}
    try:
        found = ask(network, "height", ("N", None, width, CHANNELS))
    except cs.ShapeError:
        assert not works
        return
    assert {size for size in range(1, 30) if size in found} == works


def test_it_is_refused_just_where_nothing_works(hold: Holder) -> None:
    hold(answers_for_what_works, cs.valid_sizes, mismatched(), examples=200)


def test_a_set_of_a_network_that_never_works_is_found_out() -> None:
    def forgiving(network: Any, axis: str, shape: Any) -> Any:
        return cs.ValidSizes.of(network, network.read(shape), 0, True)

    def strict(network: Any, *asked: Any) -> Any:
        return cs.valid_sizes(cs.Graph({"net": network, "last": cs.Conv((1, 1, 1, 1))}), *asked)

    for wrong in (forgiving, strict):
        must_fail(answers_for_what_works, wrong, mismatched(), examples=200)


def test_the_size_asked_about_may_be_any() -> None:
    """What the input says of the axis itself does not count."""
    for size in (1, 3, None, "H", 30):
        assert cs.valid_sizes(NARROW, "height", ("N", size, 30, 3)).minimum == 5


def test_a_fix_has_to_answer_what_was_asked() -> None:
    """Other channels would do for a call, but the sizes cannot be told: they repeat after more than are looked at."""
    steps = [cs.Pool(2, data_format="NHWC")] * 15
    joined = cs.Graph({"down": cs.Chain(steps), "up": L.UpSampling(2**15), "sum": (L.Add(), "up", "input"), "conv": cs.Conv((3, 3, 1, 4))})  # fmt: skip
    with pytest.raises(cs.ShapeError) as caught:
        cs.valid_sizes(joined, "height", ("N", None, 2**15, 3))
    assert joined(("N", 2**15, 2**15, 1)) == ("N", 2**15, 2**15, 4)
    assert caught.value.fix is None


def test_json_and_nonsense() -> None:
    sizes = cs.valid_sizes(unet(1), "height")
    assert json.loads(json.dumps(sizes.to_json()))["residues"] == [0]
    for value in (None, 3.0, "4", True, -2, 0, 2**70):
        assert value not in sizes
    for wrong in ({"axis": "depth"}, {"axis": 2}, {"axis": None}, {"network": cs.Conv((3, 3, 1, 1))}):
        with pytest.raises(cs.ShapeError):
            cs.valid_sizes(**{"network": unet(1), "axis": "height", **wrong})


def test_channels_first() -> None:
    net = cs.Chain(
        [cs.Conv((3, 5, CHANNELS, 4), (2, 1), "VALID", data_format="NCHW"), cs.Pool(2, data_format="NCHW")]
    )
    assert repr(cs.valid_sizes(net, "height")) == "height: any size, from 5 on"
    assert repr(cs.valid_sizes(net, "width", allow_drop=False)) == "width: 2n, from 6 on"
