"""Chains and graphs: what they make is what their layers make one after the other, and the table says so."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

import convshape as cs
from convshape.frameworks import jax, keras, torch
from tests.core.networks.nets import CHANNELS, chains, fits, input_of, unet
from tests.core.networks.test_forms import worth
from tests.holding import Holder, must_fail

L = cs.layers


def one_layer(layer: Any, shape: Any) -> Any:
    """Return what a layer makes, by itself and not through a network."""
    if isinstance(layer, cs.Conv | cs.ConvTranspose | cs.Pool):
        return layer(shape)
    batch, *sizes, channels = shape
    if isinstance(layer, L.UpSampling):
        return (batch, *(size * layer.size for size in sizes), channels)
    sign, pairs = (1, layer.padding) if isinstance(layer, L.ZeroPadding) else (-1, layer.cropping)
    return (batch, *(size + sign * sum(pair) for size, pair in zip(sizes, pairs, strict=True)), channels)


def a_chain_is_its_layers(trace: Any, chain: cs.Chain, size: int) -> None:
    if not fits(chain, input_of(size, 2)):
        return
    table = trace(chain, input_of(size, 2))
    shape = input_of(size, 2)
    for row, layer in zip(table.rows, chain.layers, strict=True):
        assert row.input_shapes == (shape,)
        shape = one_layer(layer, shape)
        assert row.output_shape == shape
    assert chain(input_of(size, 2)) == table.output_shape == shape


def test_a_chain_is_its_layers(hold: Holder) -> None:
    hold(a_chain_is_its_layers, cs.Chain.trace, chains(rank=2), st.integers(1, 40), examples=250)


def test_a_wrong_trace_is_found_out() -> None:
    def wrong(chain: cs.Chain, shape: Any) -> Any:
        return chain.trace((*shape[:1], *(size + 1 for size in shape[1:-1]), shape[-1]))

    must_fail(a_chain_is_its_layers, wrong, chains(rank=2), st.integers(5, 40), examples=100)


def mixed() -> cs.Chain:
    """Return a chain of every kind of layer, specs and dialect layers mixed."""
    return cs.Chain(
        [
            ("stem", keras.Conv2D(16, 5, strides=2, padding="same")),
            L.BatchNorm(),
            L.Activation("relu"),
            cs.Pool(3, 2, "SAME"),
            keras.SeparableConv2D(32, 3, padding="same"),
            L.Dropout(0.2),
            L.ZeroPadding(((0, 1), (1, 0))),
            cs.ConvTranspose((4, 4, 8, 32), 2),
            L.Cropping(1),
            L.UpSampling((1, 2)),
            L.AdaptivePool(7),
            L.Flatten(),
            L.Dense(128),
            L.LayerNorm(),
            L.Reshape((4, 4, 8)),
            cs.Conv((3, 3, 8, 1)),
            L.GlobalPool(),
        ]
    )


def test_the_table(snapshot: SnapshotAssertion) -> None:
    assert repr(mixed().trace(("N", 45, 61, 3))) == snapshot
    assert repr(mixed().trace(("N", "H", "W", 3))) == snapshot
    assert repr(unet(2).trace((None, 64, 48, 1))) == snapshot


def test_every_rendering_says_the_same() -> None:
    table = unet(1).trace(("N", "H", 48, 1))
    record = json.loads(json.dumps(table.to_json()))
    assert record["rows"][-1]["output_shape"] == ["N", "H", 48, 2] == list(table.output_shape)
    html = table._repr_html_()
    assert "<script" not in html and html.count("<tr>") == len(table.rows) + 2
    for row in table.rows:
        assert row.name in html and row.name in repr(table)
    assert table["pool_0"].output_shape == ("N", "floor(H/2)", 24, 4)
    with pytest.raises(KeyError):
        table["nowhere"]


def test_parameters() -> None:
    rows = {row.name: row for row in mixed().trace(("N", 45, 61, 3)).rows}
    assert rows["stem"].parameters == 5 * 5 * 3 * 16 + 16
    assert (rows["batch_norm_1"].parameters, rows["batch_norm_1"].statistics) == (32, 32)
    assert rows["separable_conv2d_1"].parameters == 3 * 3 * 16 + 16 * 32 + 32
    assert rows["dense_1"].parameters == 7 * 7 * 8 * 128 + 128
    assert rows["conv_transpose_1"].filter_shape == (4, 4, 8, 32)


def test_networks_are_values() -> None:
    one, other = mixed(), mixed()
    assert one == other and hash(one) == hash(other) and one != cs.Chain(one.layers[:-1])
    assert pickle.loads(pickle.dumps(one)) == one and pickle.loads(pickle.dumps(unet(1))) == unet(1)
    scope = {"Chain": cs.Chain, "Graph": cs.Graph, **vars(L), "Conv": cs.Conv, "Pool": cs.Pool, "ConvTranspose": cs.ConvTranspose}  # fmt: skip
    assert eval(repr(unet(2)), scope) == unet(2)
    with pytest.raises(AttributeError, match="frozen"):
        one.nodes = ()


def test_chains_within_chains_and_graphs() -> None:
    block = cs.Chain([("conv", cs.Conv((3, 3, 8, 8))), L.BatchNorm(), L.Activation()])
    net = cs.Graph({"one": block, "two": block, "sum": (L.Add(), "two", "input"), "end": (block, "sum")})
    assert [node.name for node in net.nodes][:4] == [
        "one.conv",
        "one.batch_norm_1",
        "one.activation_1",
        "two.conv",
    ]
    assert net(("N", 9, 7, 8)) == ("N", 9, 7, 8)
    longer = block + cs.Chain([cs.Pool(2)])
    assert longer(("N", 9, 7, 8)) == ("N", 4, 3, 8) and len(longer) == 4
    assert longer["conv"] == longer[0] == cs.Conv((3, 3, 8, 8))


def test_names_are_never_the_same() -> None:
    chain = cs.Chain([("a", cs.Pool(2)), cs.Pool(2), ("pool_1", cs.Pool(2))])
    names = [node.name for node in chain.nodes]
    assert len(set(names)) == 3 and names[0] == "a" and names[2] == "pool_1"
    with pytest.raises(cs.ArgumentError, match='two layers have the name "a"'):
        cs.Chain([("a", cs.Pool(2)), ("a", cs.Pool(2))])
    with pytest.raises(KeyError):
        chain["nowhere"]
    assert chain[1:] == cs.Chain([("pool_2", cs.Pool(2)), ("pool_1", cs.Pool(2))])
    assert len(chain.trace((1, 8, 8, 3))) == 3 == len({*chain.trace((1, 8, 8, 3))})


def test_torch_layers_stand_channels_first() -> None:
    net = cs.Chain([torch.Conv2d(3, 8, 3, stride=2, padding=1), L.BatchNorm(), torch.MaxPool2d(2, ceil_mode=True), L.Flatten()])  # fmt: skip
    assert net((None, 3, 45, 61)) == (None, 8 * 12 * 16)
    assert net(("N", 3, "H", "W")) == ("N", "8*ceil(H/4)*ceil(W/4)")
    turned = cs.Chain([cs.Conv((3, 3, 3, 8), 2), L.Permute((3, 1, 2)), torch.Conv2d(8, 4, 1)])
    assert turned(("N", 45, 61, 3)) == ("N", 4, 23, 31)


def test_axes_that_stand_elsewhere_are_refused() -> None:
    net = cs.Chain([cs.Conv((3, 3, 3, 3), 2), torch.Conv2d(3, 4, 1)])
    with pytest.raises(cs.ShapeError, match="stands as NHWC"):
        net(("N", 45, 61, 3))


def test_one_axis_and_three() -> None:
    assert cs.Chain([cs.Conv((5, 2, 4), 2), cs.Pool((2,))])(("N", 33, 2)) == ("N", 8, 4)
    assert cs.Chain([cs.Conv((3, 3, 3, 2, 4), (1, 2, 2)), L.GlobalPool()])((None, 7, 33, 21, 2)) == (None, 4)


def test_a_generator_begins_with_a_vector() -> None:
    net = cs.Chain([L.Dense(7 * 7 * 64), L.Reshape((7, 7, 64)), cs.ConvTranspose((5, 5, 32, 64), 2)])
    assert net(("N", 100)) == ("N", 14, 14, 32)
    assert CHANNELS == 2


def test_an_empty_chain_changes_nothing() -> None:
    assert cs.Chain([])(("N", 8, 8, 3)) == ("N", 8, 8, 3)


BEYOND = [
    torch.ConvTranspose1d(CHANNELS, CHANNELS, 1, padding=1),
    torch.ConvTranspose1d(CHANNELS, CHANNELS, 3, padding=2, dilation=2, output_padding=1),
    torch.ConvTranspose1d(CHANNELS, CHANNELS, 2, stride=3, padding=4, output_padding=2),
]


@pytest.mark.parametrize("module", BEYOND)
def test_modules_that_no_spec_is(module: Any) -> None:
    """PyTorch pads past the kernel, and counts output_padding past the stride; the network goes by the module."""
    net = cs.Chain([module])
    sizes = cs.valid_sizes(net, "width", ("N", CHANNELS, None))
    for size in range(1, 12):
        shape = ("N", CHANNELS, size)
        assert fits(net, shape) == (size in sizes)
        if size in sizes:
            assert net(shape) == module(shape) == net.trace(shape).output_shape
            assert worth(net(("N", CHANNELS, "W"))[2], W=size) == net(shape)[2]
    with pytest.raises(cs.ShapeError, match="nothing is known to undo it"):
        net.mirror(("N", CHANNELS, 9))
    with pytest.raises(cs.ShapeError, match="which elements"):
        cs.receptive_field(net)


def test_flax_layers() -> None:
    net = cs.Chain([jax.Conv(8, (3, 3), strides=2), jax.ConvTranspose(4, (3, 3), strides=(2, 2)), jax.Conv(8, (3, 3), padding="CIRCULAR")])  # fmt: skip
    assert net((None, 9, 7, 3)) == (None, 10, 8, 8)
    assert net(("N", "H", "W", 3)) == ("N", None, None, 8)  # of a circular layer no spec says what it does
