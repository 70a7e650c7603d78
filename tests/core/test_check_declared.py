"""``convshape check`` and ``read`` of models that declare sizes, and the legal sizes of inputs that do not fit."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

import convshape as cs
from convshape.cli import main
from tests.core.readers.keras_files import conv, functional, layer, sequential, start, written

NET = functional(
    [
        start(shape=(None, 32, 32, 3)),
        conv("skip", ["start"], padding="same"),
        layer("MaxPooling2D", "down", ["skip"], pool_size=[2, 2]),
        layer("UpSampling2D", "up", ["down"], size=[2, 2]),
        layer("Concatenate", "join", ["up", "skip"], axis=-1),
    ]
)


def declares(*shape: int | None) -> dict[str, Any]:
    """Return the same model with another input."""
    layers = NET["config"]["layers"]
    return functional([start(shape=shape), *layers[1:]])


@pytest.fixture
def net(tmp_path: Path) -> str:
    """Return the path of a model that declares 32 by 32, whose layers take even sizes."""
    return str(written(tmp_path / "net.keras", NET))


def tries(said: str) -> list[list[str]]:
    """Return the commands that an error says to try, without the program's name."""
    return [
        shlex.split(line.removeprefix("  try: "))[1:]
        for line in said.splitlines()
        if line.startswith("  try: ")
    ]


def test_another_size_is_refused(
    net: str, capsys: pytest.CaptureFixture[str], snapshot: SnapshotAssertion
) -> None:
    assert main(["check", net, "--input", "N,48,32,3"]) == 1
    done = capsys.readouterr()
    assert done.out == "" and done.err.replace(net, "net.keras") == snapshot
    [command] = tries(done.err)
    assert main(command) == 0
    with pytest.raises(cs.SizeError) as caught:
        cs.read(net, input_shape=("N", 48, 32, 3))
    assert str(caught.value) == snapshot and caught.value.fix == {"input_shape": ("N", 32, 32, 3)}


def test_the_network_is_that_of_the_layers(net: str) -> None:
    network = cs.read(net, input_shape=(7, 32, None, 3))
    assert network((7, 48, 20, 3)) == (7, 48, 20, 16)
    assert repr(cs.valid_sizes(network, "height", (None, None, None, 3))) == "height: 2n, from 2 on"


@pytest.mark.parametrize("options", [[], ["--input", "N,H,W,3"], ["--input", "5,32,32,3"]])
def test_a_declared_size_is_told_beside_those_of_the_layers(
    options: list[str], net: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", net, *options, "--sizes", "30:35"]) == 0
    told = "declared 32; its layers would take 2n, from 2 on\n  from 30 to 35: 32; its layers would take 30, 32, 34\n"
    assert capsys.readouterr().out.endswith(f"legal height: {told}legal width: {told}")
    assert main(["check", net, *options, "--sizes", "33:35", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["declared"] == {"height": 32, "width": 32} and said["sizes"] == {"height": [], "width": []}
    assert said["valid_sizes"]["height"]["period"] == 2 and said["fits"] is False


def test_any_size_looks_past_what_is_declared(net: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", net, "--input", "N,48,34,3", "--any-size", "--sizes", "33:35"]) == 0
    said = capsys.readouterr().out
    assert "declared" not in said and said.count("  from 33 to 35: 34\n") == 2
    assert main(["check", net, "--input", "N,47,34,3", "--any-size"]) == 1
    [command] = tries(capsys.readouterr().err)
    assert command[2:] == ["--input", "N,48,34,3", "--any-size"] and main(command) == 0
    # no remedy for an input that neither the model nor its layers take
    assert main(["check", net, "--input", "N,47,34,3"]) == 1
    assert "any_size=True" not in capsys.readouterr().err


@pytest.mark.parametrize("given", [(1, 32, 32, 4), (1, 32, 3), (1, 32, 32, 32, 3), (1, 31, 32, 3)])
def test_every_number_is_a_condition_and_the_fix_is_legal(given: tuple[int, ...], net: str) -> None:
    with pytest.raises(cs.ShapeError, match="the model declares") as caught:
        cs.read(net, input_shape=given)
    assert caught.value.fix is not None
    cs.read(net, input_shape=caught.value.fix["input_shape"])


def test_free_sizes_and_the_batch_are_none(tmp_path: Path) -> None:
    path = written(tmp_path / "net.keras", declares(4, None, 32, 3))
    cs.read(path, input_shape=(2, 48, 32, 3))
    with pytest.raises(cs.SizeError, match=r'declares \("N", "H", 32, 3\)') as caught:
        cs.read(path, input_shape=(2, 45, 34, 3))
    assert caught.value.fix is not None
    cs.read(path, input_shape=caught.value.fix["input_shape"])


def test_a_sequential_demands_what_a_functional_model_in_it_does(tmp_path: Path) -> None:
    begin = {"class_name": "InputLayer", "config": {"name": "begin", "batch_shape": [None, 32, 32, 3]}}
    path = written(tmp_path / "net.keras", sequential([begin, conv("conv")]))
    assert cs.read(path, input_shape=(1, 48, 48, 3))((1, 48, 48, 3)) == (1, 46, 46, 8)
    path = written(tmp_path / "net.keras", sequential([begin, NET, conv("conv")], name="outer"))
    with pytest.raises(cs.SizeError, match=r"declares \(N, 32, 32, 3\)"):
        cs.read(path, input_shape=(1, 48, 48, 3))


def test_sizes_are_told_of_an_input_that_does_not_fit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(written(tmp_path / "my net.keras", declares(None, None, None, 3)))
    words = ["check", path, "--input", "N,45,61,3", "--sizes", "44:47", "--axis", "height"]
    assert main(words) == 1
    done = capsys.readouterr()
    assert done.out == "legal height: 2n, from 2 on\n  from 44 to 47: 44, 46\n"
    [command] = tries(done.err)
    assert command == ["check", path, "--input", "N,46,62,3", *words[4:]] and main(command) == 0
    capsys.readouterr()
    assert main([*words, "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["error"] == "SizeError" and said["sizes"] == {"height": [44, 46]}
    assert main(["check", path, "--input", "nothing", "--sizes", "44:47"]) == 1
    assert capsys.readouterr().out == ""


def test_whose_a_layer_is_that_is_not_known(tmp_path: Path) -> None:
    for layers, said in (
        ([layer("LSTM", "it", units=3)], "LSTM is a layer of Keras that is not read here; a rule"),
        ([layer("Own", "it", module="mine")], "what a layer of somebody's own does"),
        ([layer("Lambda", "it")], "what a layer of somebody's own does"),
        ([layer("Own", "it", module="")], "what a layer of a class that is not known here does"),
    ):
        with pytest.raises(cs.ArgumentError) as caught:
            cs.read(written(tmp_path / "net.keras", sequential(layers)))
        assert caught.value.reason.startswith(said)


def test_causal_padding_is_told_in_a_word(tmp_path: Path) -> None:
    path = written(
        tmp_path / "net.keras",
        sequential([layer("Conv1D", "conv", filters=2, kernel_size=[3], padding="causal")]),
    )
    assert "  3, causal  " in str(cs.read(path).trace(("N", 9, 4)))
    assert "  3, padding 2:0  " in str(cs.Chain([cs.Conv((3, 4, 2), padding=((2, 0),))]).trace(("N", 9, 4)))
