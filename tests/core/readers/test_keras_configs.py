"""Configurations of Keras's: what is said of layers that nobody knows, names, shared layers, and what no Keras wrote."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

import convshape as cs
from tests.core.readers.keras_files import conv, functional, layer, sequential, start, tensor, written


@pytest.fixture
def reads(tmp_path: Path) -> Any:
    """Return a reader of configurations."""

    def read(model: Any, **arguments: Any) -> Any:
        return cs.read(written(tmp_path / "model.keras", model), **arguments)

    return read


def own(kind: str, name: str, *calls: Any, **config: Any) -> dict[str, Any]:
    """Return a layer of somebody's own."""
    return layer(kind, name, *calls, module="mine.layers", **config)


UNKNOWN = functional(
    [
        start(),
        own("Conv2D", "not Keras's", ["start"], filters=3),
        layer(
            "Lambda",
            "code",
            ["not Keras's"],
            function={"class_name": "__lambda__", "config": {"code": "4wEA"}},
        ),
        layer("MultiHeadAttention", "attention", ["code"], num_heads=2),
        own("Own", "first", ["attention"], [tensor("first")]),
        layer("TopK", "best", [tensor("first", 1)], module="keras.src.ops.math"),
    ]
)


def test_all_that_is_not_known_is_named_at_once(
    reads: Any, tmp_path: Path, snapshot: SnapshotAssertion
) -> None:
    with pytest.raises(cs.ArgumentError) as caught:
        reads(UNKNOWN)
    assert str(caught.value) == snapshot


def test_rules_are_given_by_class_by_name_and_as_registered(reads: Any) -> None:
    seen: list[dict[str, Any]] = []

    def halves(config: dict[str, Any]) -> Any:
        seen.append(config)
        return cs.Chain([("conv", cs.Conv((3, 3, 3, config["filters"]))), cs.layers.Activation("relu")])

    rules = {
        "not Keras's": halves,
        "Lambda": lambda config: cs.Pool(2),
        "attention": cs.layers.Custom("attention", lambda shape: shape),
        "Own>Own": lambda config: cs.frameworks.keras.ZeroPadding2D(1),
        "TopK": lambda config: cs.layers.Custom("best", lambda shape: (*shape[:-1], 1)),
        "nobody": halves,
    }
    network = reads(UNKNOWN, rules=rules)
    assert seen == [{"name": "not Keras's", "filters": 3}]
    trace = network.trace(("N", 32, 32, 3))
    assert [row.name for row in trace.rows] == ["not Keras's.conv", "not Keras's.activation_1", "code", "attention", "first", "first_1", "best"]  # fmt: skip
    assert trace.output_shape == ("N", 20, 20, 1)


@pytest.mark.parametrize(
    "rule",
    [3, None, lambda config: None, lambda config: 1 / 0, lambda: 0, "Conv2D", [], lambda config: (1, 2)],
)
def test_rules_that_are_none(reads: Any, rule: Any) -> None:
    with pytest.raises(cs.ArgumentError, match="the rule of"):
        reads(sequential([own("Own", "own")]), rules={"Own": rule})


@pytest.mark.parametrize("rules", [3, [], "Own", {1: 2}, {None: lambda config: 0}])
def test_rules_that_are_no_dict(reads: Any, rules: Any) -> None:
    with pytest.raises(cs.ArgumentError, match="rules is"):
        reads(sequential([conv("conv")]), rules=rules)


def test_an_input_is_checked_where_it_is_given(reads: Any) -> None:
    model = sequential([conv("conv", build=[None, 32, 32, 3])])
    assert reads(model, input_shape=("N", 8, 8, 3))(("N", 8, 8, 3)) == ("N", 6, 6, 8)
    with pytest.raises(cs.ChannelError, match="weights are for 3") as caught:
        reads(model, input_shape=("N", 8, 8, 4))
    assert caught.value.fix == {"input_shape": ("N", 8, 8, 3)}
    with pytest.raises(cs.SizeError):
        reads(model, input_shape=("N", 2, 8, 3))


def test_names_are_of_one_layer_and_can_be_printed(reads: Any) -> None:
    layers = [
        conv("input"),
        conv("a.b"),
        conv("\x1b[2Jx\n"),
        conv("x" * 5000),
        sequential([conv("b")], name="a"),
        conv("a"),
    ]
    with pytest.raises(cs.ArgumentError, match="two layers named"):
        reads(sequential(layers))
    network = reads(sequential(layers[:-1]))
    assert [node.name for node in network.nodes] == ["input_1", "a.b", "?[2Jx?", "x" * 117 + "...", "a.b_1"]
    assert all(line.isprintable() for line in network.trace(("N", 99, 99, 3)).lines())


def test_a_layer_of_a_name_that_a_second_call_would_take(reads: Any) -> None:
    layers = [start(), layer("ReLU", "a", ["start"], [tensor("a")]), layer("ReLU", "a_1", [tensor("a", 1)])]
    assert [node.name for node in reads(functional(layers)).nodes] == ["a", "a_2", "a_1"]


def test_the_lists_of_keras_2(reads: Any) -> None:
    """Calls as lists, models counted from 1, no module anywhere."""
    relu = {
        "class_name": "ReLU",
        "config": {"name": "relu"},
        "name": "relu",
        "inbound_nodes": [[["start", 0, 0, {}]]],
    }
    inner = {"class_name": "Sequential", "config": {"name": "inner", "layers": [{"class_name": "Conv2D", "config": {"name": "conv", "filters": 3, "kernel_size": 3}}]}, "name": "inner", "inbound_nodes": [[["relu", 0, 0, {}]], [["inner", 1, 0, {}]]]}  # fmt: skip
    add = {"class_name": "Concatenate", "config": {"name": "join", "axis": 3}, "name": "join", "inbound_nodes": [[["inner", 2, 0], ["inner", 2, 0]]]}  # fmt: skip
    begin = {"class_name": "InputLayer", "config": {"name": "start", "batch_input_shape": [None, 9, 9, 3]}, "name": "start", "inbound_nodes": []}  # fmt: skip
    config = {"name": "old", "layers": [begin, relu, inner, add], "input_layers": [["start", 0, 0]], "output_layers": [["join", 0, 0]]}  # fmt: skip
    for kind in ("Functional", "Model"):
        trace = reads({"class_name": kind, "config": config}).trace(("N", 9, 9, 3))
        assert [row.name for row in trace.rows] == ["relu", "inner.conv", "inner_1.conv", "join"]
        assert trace.output_shape == ("N", 5, 5, 6)


def laughs(depth: int) -> dict[str, Any]:
    """Return a model of a few kilobytes with two to the power of ``depth`` layers."""
    model = sequential([layer("ReLU", "relu")])
    for _ in range(depth):
        inner = {**functional([start(), {**model, "name": "inner", "inbound_nodes": [{"args": [tensor("start")]}, {"args": [tensor("inner")]}]}], ["inner", 1, 0])}  # fmt: skip
        model = inner
    return model


WRONG = {
    "a circle": functional([start(), conv("a", ["b"]), conv("b", ["c"]), conv("c", ["b"])]),
    "itself": functional([start(), conv("a", ["a"])]),
    "a layer that is not there": functional([start(), conv("a", ["none"])]),
    "a call that is not there": functional([start(), conv("a", ["start"]), conv("b", [tensor("a", 7)])]),
    "a result that is not there": functional([start(), conv("a", ["start"]), conv("b", [tensor("a", 0, 3)])]),
    "an output that is not there": functional([start()], ["none", 0, 0]),
    "no output": functional([start(), conv("a", ["start"])], []),
    "no input": functional([start(), conv("a", ["start"])], source=[]),
    "two inputs": functional(
        [start(), start("other"), layer("Add", "a", ["start", "other"])],
        source=[["start", 0, 0], ["other", 0, 0]],
    ),
    "a billion laughs": laughs(17),
    "models in models": laughs(45),
    "takes nothing": functional([start(), conv("a", [])]),
    "takes two": functional([start(), conv("a", ["start", "start"])]),
    "no filters": sequential([layer("Conv2D", "a", kernel_size=3)]),
    "filters of text": sequential([conv("a", filters="8")]),
    "a kernel of none": sequential([conv("a", kernel_size=None)]),
    "strides of 0": sequential([conv("a", strides=[0, 1])]),
    "an odd padding": sequential([conv("a", padding="full")]),
    "units of a float": sequential([layer("Dense", "a", units=2.5)]),
    "an axis of text": sequential([layer("BatchNormalization", "a", axis="x")]),
    "a rate of 2": sequential([layer("Dropout", "a", rate=2)]),
    "a shape of text": sequential([layer("Reshape", "a", target_shape="xy")]),
    "a place twice": sequential([layer("Permute", "a", dims=[1, 1])]),
    "scale of 1": sequential([layer("BatchNormalization", "a", scale=1)]),
    "a layer of a number": sequential([3]),
    "a layer without a class": sequential([{"config": {"name": "a"}}]),
    "a layer without a name": sequential([{"class_name": "ReLU", "config": {}}]),
    "a name of a number": sequential([{"class_name": "ReLU", "config": {"name": 3}}]),
    "layers of a dict": sequential({}),  # type: ignore[arg-type]
    "calls of a number": functional([start(), {**conv("a"), "inbound_nodes": 3}]),
    "a history of numbers": functional(
        [start(), conv("a", [{"class_name": "__keras_tensor__", "config": {"keras_history": [1, 2, 3]}}])]
    ),
}


@pytest.mark.parametrize("model", WRONG.values(), ids=WRONG)
def test_what_no_keras_wrote(model: Any, reads: Any, snapshot: SnapshotAssertion) -> None:
    with pytest.raises(cs.ShapeError) as caught:
        reads(model)
    assert str(caught.value).replace(str(caught.value.given), "model") == snapshot


JUNK = (
    None,
    True,
    -1,
    0,
    10**30,
    1.5,
    1e400,
    "",
    "x" * 200,
    [],
    {},
    [[]],
    [None],
    [-1, 2.5],
    {"a": 1},
    "\x00",
    [[1] * 99],
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return where anything stands in lists and dicts."""
    inside = (
        list(value.items())
        if isinstance(value, dict)
        else list(enumerate(value))
        if isinstance(value, list)
        else []
    )
    return [path] * bool(path) + [spot for key, one in inside for spot in places(one, (*path, key))]


def test_junk_anywhere_is_read_or_refused(reads: Any) -> None:
    """Every value of a model exchanged for junk, or taken out: never another exception."""
    model = functional(
        [
            start(),
            conv(
                "conv",
                ["start"],
                strides=[1, 1],
                padding="same",
                data_format="channels_last",
                build=[None, 32, 32, 3],
            ),
            layer("BatchNormalization", "norm", ["conv"], axis=3, center=True, scale=True),
            layer("Add", "add", ["conv", "norm"]),
            layer("Mean", "mean", ["add"], module="keras.src.ops.numpy", axis=[1, 2], keepdims=True),
            layer(
                "Multiply",
                "times",
                {"args": [tensor("mean"), 2.0], "kwargs": {}},
                module="keras.src.ops.numpy",
            ),
            {
                **sequential([layer("Flatten", "flat"), layer("Dense", "dense", units=3)], "head"),
                "inbound_nodes": [{"args": [tensor("times")], "kwargs": {"mask": None}}],
            },
        ],
        [["head", 0, 0]],
    )
    json.dumps(model)
    chance, refusals = random.Random(3), 0
    spots = places(model)
    for spot in spots:
        for junk in chance.sample(JUNK, 4):
            other = copy.deepcopy(model)
            inside: Any = other
            for key in spot[:-1]:
                inside = inside[key]
            inside[spot[-1]] = junk
            try:
                reads(json.dumps(other).replace("Infinity", "1e999")).trace(("N", 32, 32, 3))
            except cs.ShapeError:
                refusals += 1
    assert refusals > len(spots)
