"""A network that does not fit says which layer, with the table above it, and what mends it here or further up."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

import convshape as cs
from convshape.frameworks import keras, torch
from tests.core.networks.nets import fits, graphs, input_of, unet
from tests.holding import Holder, must_fail

L = cs.layers


def lenet() -> cs.Chain:
    """The network of 1998, for 32x32 of three channels."""
    convs = [
        cs.Conv((5, 5, 3, 6), padding="VALID"),
        cs.Pool(2),
        cs.Conv((5, 5, 6, 16), padding="VALID"),
        cs.Pool(2),
    ]
    return cs.Chain([*convs, L.Flatten(), L.Dense(120, in_features=400)])


MISTAKES: dict[str, tuple[Any, Any]] = {
    "swapped channels": (cs.Chain([cs.Conv((3, 3, 3, 8)), cs.Conv((3, 3, 16, 8))]), ("N", 8, 8, 3)),
    "channels of the layer above": (cs.Chain([cs.Conv((3, 3, 3, 8)), L.Activation(), cs.Conv((3, 3, 16, 9))]), ("N", 8, 8, 3)),
    "channels of the input": (cs.Chain([cs.Conv((3, 3, 3, 8))]), ("N", 28, 28, 1)),
    "too small after pools": (cs.Chain([cs.Pool(2)] * 3 + [cs.Conv((3, 3, 1, 4), padding="VALID")]), ("N", 20, 40, 1)),
    "a decoder one short": (
        cs.Graph({"down": cs.Conv((3, 3, 1, 1), 2), "up": cs.ConvTranspose((3, 3, 1, 1), 2), "loss": (L.Add(), "up", "input")}),
        ("N", 45, 61, 1),
    ),
    "a U-Net of an odd size": (unet(2), ("N", 45, 61, 1)),
    "a U-Net without its crops": (unet(1, padding="VALID"), ("N", 44, 44, 1)),
    "a Flatten that wants 3136": (
        cs.Chain([cs.Pool(2), cs.Pool(2), L.Flatten(), L.Dense(10, in_features=3136)]), ("N", 32, 32, 64),
    ),
    "a Reshape of other numbers": (cs.Chain([L.Dense(6000), L.Reshape((7, 7, 128))]), ("N", 100)),
    "too much cropped": (cs.Chain([cs.Pool(4), L.Cropping(3)]), ("N", 20, 40, 1)),
    "a Keras layer": (cs.Chain([keras.Conv2D(8, 3), keras.Conv2D(8, 5)]), ("N", 6, 6, 3)),
    "a PyTorch module": (cs.Chain([torch.Conv2d(3, 8, 3), torch.Conv2d(16, 8, 3)]), ("N", 3, 9, 9)),
    "channels first, for a core spec": (cs.Chain([cs.Conv((3, 3, 3, 8)), cs.Pool(2)]), (4, 3, 32, 32)),
    "channels last, for PyTorch": (cs.Chain([torch.Conv2d(3, 64, 3), torch.MaxPool2d(2)]), (4, 32, 32, 3)),
    "no batch": (cs.Chain([keras.Conv2D(8, 3), keras.MaxPooling2D()]), (32, 32, 3)),
    "a picture of another size and other channels": (lenet(), (4, 28, 28, 1)),
    "too small for the layers before a Flatten": (lenet(), (4, 8, 8, 3)),
    "a forgotten Flatten": (cs.Chain([cs.Conv((3, 3, 1, 8)), L.Dense(10, in_features=6272)]), (4, 28, 28, 1)),
    "a shortcut of other channels": (
        cs.Graph({"a": cs.Conv((3, 3, 3, 16)), "b": cs.Conv((3, 3, 16, 32)), "add": (L.Add(), "b", "a")}), (1, 8, 8, 3),
    ),
    "a shortcut without the stride": (
        cs.Graph({"a": cs.Conv((3, 3, 3, 16)), "b": cs.Conv((3, 3, 16, 16), 2), "add": (L.Add(), "b", "a")}), (1, 9, 9, 3),
    ),
    "a Keras decoder one past": (
        cs.Graph({
            "down": keras.Conv2D(8, 3, strides=2, padding="same"), "up": keras.Conv2DTranspose(3, 3, strides=2, padding="same"),
            "join": (L.Concat(), "up", "input"),
        }), (1, 89, 89, 3),
    ),
    "names that are none": (cs.Chain([cs.Conv((3, 3, 3, 8))]), ("N", "H/2", "W+1", 3)),
    "spatial layers after a Flatten": (cs.Chain([L.Flatten(), L.UpSampling(2)]), ("N", 4, 4, 3)),
    "a spec of another layout": (cs.Chain([cs.Conv((3, 3, 3, 8)), cs.Conv((3, 3, 8, 8), data_format="NCHW")]), ("N", 8, 8, 3)),
    "two layers of another layout": (
        cs.Chain([cs.Conv((3, 3, 3, 8), data_format="NCHW"), cs.Pool(2), L.Activation(), cs.Conv((3, 3, 8, 8))]), ("N", 3, 8, 8),
    ),
    "a Keras layer of another layout": (
        cs.Chain([keras.Conv2D(8, 3), keras.MaxPooling2D(2, data_format="channels_first")]), ("N", 8, 8, 3),
    ),
    "a Keras layer behind a module": (cs.Chain([torch.Conv2d(3, 8, 3), keras.Conv2D(8, 3)]), ("N", 3, 8, 8)),
    "a module behind a Keras layer": (cs.Chain([keras.Conv2D(8, 3), torch.Conv2d(8, 8, 3)]), ("N", 8, 8, 3)),
    "branches of different rank": (cs.Graph({"flat": L.Flatten(), "sum": (L.Add(), "flat", "input")}), ("N", 4, 4, 3)),
}  # fmt: skip


def error_of(network: Any, shape: Any) -> cs.ShapeError:
    with pytest.raises(cs.ShapeError) as caught:
        network(shape)
    return caught.value


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake(name: str, snapshot: SnapshotAssertion) -> None:
    network, shape = MISTAKES[name]
    error = error_of(network, shape)
    assert "\n".join([str(error), *getattr(error, "__notes__", ())]) == snapshot
    for fix in (error.fix, *error.alternatives):
        if fix is not None:
            network.replace(fix)(fix.get("input_shape", shape))


@pytest.mark.parametrize("name", MISTAKES)
def test_the_table_is_of_what_fits(name: str) -> None:
    network, shape = MISTAKES[name]
    trace = error_of(network, shape).trace
    if trace is None:  # the input itself is no shape
        return
    rows = trace.rows
    failing = network.nodes[len(rows)].name
    assert f'"{failing}"' in str(error_of(network, shape))
    if rows:
        fitting = cs.Graph(dict(list(_written(network).items())[: len(rows)]))
        assert fitting.trace(shape).rows == rows


def _written(network: Any) -> dict[str, Any]:
    names = ["input", *(node.name for node in network.nodes)]
    return {node.name: (node.block, *(names[one + 1] for one in node.sources)) for node in network.nodes}


def a_fix_mends_the_network(error_for: Any, network: Any, size: int) -> None:
    shape = input_of(size)
    if fits(network, shape):
        return
    error = error_for(network, shape)
    for fix in (error.fix, *error.alternatives):
        if fix is not None:
            assert fits(network.replace(fix), fix.get("input_shape", shape)), fix
    working = [one for one in range(1, 60) if fits(network, input_of(one))]
    if working:  # another input would do, so something is offered
        assert error.fix is not None


def test_a_fix_mends_the_network(hold: Holder) -> None:
    hold(a_fix_mends_the_network, error_of, graphs(), st.integers(1, 30), examples=200)


def test_a_wrong_fix_is_found_out() -> None:
    class Wrong:
        fix: ClassVar[Any] = {"input_shape": input_of(0)}
        alternatives = ()

    def wrong(network: Any, shape: Any) -> Any:
        error_of(network, shape)
        return Wrong

    must_fail(a_fix_mends_the_network, wrong, graphs(), st.integers(1, 30), examples=100)


WRONG_LAYERS: dict[str, Any] = {
    "a number": lambda: cs.Chain([3]),
    "no list": lambda: cs.Chain(3),
    "a join in a chain": lambda: cs.Chain([L.Add()]),
    "a graph in a chain": lambda: cs.Chain([unet(1)]),
    "a spec for a chain": lambda: cs.Chain(cs.Conv((3, 3, 3, 8), 2)),  # type: ignore[arg-type]
    "a layer for a chain": lambda: cs.Chain(L.Dense(10)),  # type: ignore[arg-type]
    "a rule for a chain": lambda: cs.Chain(L.Custom("Mine", lambda shape: shape)),  # type: ignore[arg-type]
    "a misspelt input": lambda: cs.Graph({"a": (cs.Conv((3, 3, 3, 8)), "inptu")}),
    "two misspelt sources": lambda: cs.Graph({"down": cs.Pool(2), "sum": (L.Add(), "dwon", "imput")}),
    "a list for a graph": lambda: cs.Graph([cs.Pool(2)]),
    "a source that is not there": lambda: cs.Graph({"down": cs.Pool(2), "sum": (L.Add(), "down", "dwon")}),
    "a source further down": lambda: cs.Graph({"a": (cs.Pool(2), "b"), "b": cs.Pool(2)}),
    "two inputs of a pool": lambda: cs.Graph({"a": cs.Pool(2), "b": (cs.Pool(2), "a", "input")}),
    "one input of a join": lambda: cs.Graph({"a": cs.Pool(2), "b": L.Concat()}),
    "the name input": lambda: cs.Graph({"input": cs.Pool(2)}),
    "no name": lambda: cs.Graph({"": cs.Pool(2)}),
    "Dense of nothing": lambda: L.Dense(0),
    "Dense of a float": lambda: L.Dense(10.0),
    "a rate of 1": lambda: L.Dropout(1.0),
    "a factor of a half": lambda: L.UpSampling(0.5),
    "negative padding": lambda: L.ZeroPadding(-1),
    "cropping of text": lambda: L.Cropping("same"),
    "two free sizes": lambda: L.Reshape((-1, -1)),
    "a crop that is none": lambda: L.Concat(crop="left"),
    "an axis that is none": lambda: L.Concat(axis="channels"),
    "an order that is none": lambda: L.Permute((1, 1, 2)),
    "a rule that is none": lambda: L.Custom("Mine", 3),
    "a rule that fails": lambda: cs.Chain([L.Custom("Mine", lambda shape: shape[9])])(("N", 8, 8, 3)),
    "a rule that says nothing": lambda: cs.Chain([L.Custom("Mine", lambda shape: None)])(("N", 8, 8, 3)),
    "a layer that is not there": lambda: unet(1).replace({"nothing.strides": 2}),
    "an argument that is not there": lambda: unet(1).replace({"pool_0.colour": 2}),
    "an argument that is wrong": lambda: unet(1).replace({"pool_0.strides": 0.5}),
}


@pytest.mark.parametrize("name", WRONG_LAYERS)
def test_wrong_layers(name: str, snapshot: SnapshotAssertion) -> None:
    with pytest.raises(cs.ShapeError) as caught:
        WRONG_LAYERS[name]()
    assert str(caught.value) == snapshot


# ---- layers by themselves, where a network is asked ------------------------------------------------------------------

CONV = cs.Conv((3, 3, 3, 8), 2, ((0, 1), (1, 0)))
LONE: dict[str, Any] = {
    "a spec": CONV,
    "a list": [CONV, cs.Pool(2)],
    "a list with names": (("stem", CONV), cs.Pool(2)),
    "a dict": {"a": CONV, "b": cs.Pool(1), "sum": (L.Add(), "a", "b")},
    "a Keras layer": keras.Conv2D(8, 3, padding="same"),
    "a module": torch.Conv2d(3, 8, 3),
    "a layer of convshape.layers": L.UpSampling(2),
}
NO_NETWORK: dict[str, Any] = {
    "nothing": None,
    "an empty list": [],
    "a number": [CONV, 3],
    "a rule that cannot be typed": L.Custom("Mine", lambda shape: shape),
    "more than is read": [CONV] * 9,
}


def asked(network: Any) -> list[Any]:
    first = isinstance(network, cs.frameworks.torch.Conv2d)
    shape = (1, 3, 12, 12) if first else (1, 12, 12, 3)
    return [
        lambda **fix: cs.cost(**{"network": network, "input_shape": shape, **fix}),
        lambda **fix: cs.valid_sizes(**{"network": network, "axis": "height", "input_shape": shape, **fix}),
        lambda **fix: cs.receptive_field(**{"network": network, "input_shape": shape, **fix}),
        lambda **fix: cs.lint(**{"network": network, "input_shape": shape, **fix}),
    ]


@pytest.mark.parametrize("name", LONE)
def test_layers_by_themselves(name: str, snapshot: SnapshotAssertion) -> None:
    for ask in asked(LONE[name]):
        with pytest.raises(cs.ArgumentError) as caught:
            ask()
        fix = caught.value.fix
        ask(**fix)
        code = str(caught.value).partition("fix: network=")[2].partition("    (")[0]
        assert eval(code, {"cs": cs}) == fix["network"]  # what is shown makes what was tried
    assert str(caught.value) == snapshot


@pytest.mark.parametrize("name", NO_NETWORK)
def test_what_is_no_network_has_no_fix(name: str) -> None:
    for ask in asked(NO_NETWORK[name]):
        with pytest.raises(cs.ArgumentError) as caught:
            ask()
        assert caught.value.fix is None


@pytest.mark.parametrize(
    "name", ["a spec for a chain", "a layer for a chain", "a misspelt input", "two misspelt sources"]
)
def test_the_layers_that_are_shown_are_those_that_were_tried(name: str) -> None:
    with pytest.raises(cs.ShapeError) as caught:
        WRONG_LAYERS[name]()
    code = str(caught.value).partition("fix: layers=")[2].partition("    (")[0]
    fix = caught.value.fix
    assert fix is not None and eval(code, {"cs": cs}) == fix["layers"]
    kind = getattr(cs, caught.value.operation)
    assert kind(**fix).layers
