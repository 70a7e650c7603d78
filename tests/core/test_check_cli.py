"""``convshape check``: what it prints of a model's file, and its exit codes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

import convshape as cs
from convshape.cli import main
from tests.core.process import python
from tests.core.readers.keras_files import conv, functional, layer, sequential, start, written
from tests.core.test_import import third_party

UNET = functional(
    [
        start(shape=(None, None, None, 3)),
        conv("skip", ["start"], padding="same"),
        layer("MaxPooling2D", "down", ["skip"], pool_size=[2, 2]),
        layer("UpSampling2D", "up", ["down"], size=[2, 2]),
        layer("Concatenate", "join", ["up", "skip"], axis=-1),
    ]
)
CLASSIFIER = sequential(
    [
        {"class_name": "InputLayer", "config": {"name": "start", "batch_shape": [None, 28, 28, 1]}},
        conv("conv", build=[None, 28, 28, 1]),
        layer("MaxPooling2D", "pool", pool_size=[3, 3]),
        layer("Flatten", "flatten"),
        layer("Dense", "dense", units=10, build=[None, 512]),
    ]
)


@pytest.fixture
def unet(tmp_path: Path) -> str:
    """Return the path of a U-Net."""
    return str(written(tmp_path / "unet.keras", UNET))


@pytest.fixture
def classifier(tmp_path: Path) -> str:
    """Return the path of a classifier, which ends in a Flatten."""
    return str(written(tmp_path / "classifier.keras", CLASSIFIER))


def test_the_models_own_input_has_names_for_what_it_leaves_open(
    unet: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", unet]) == 0
    said = capsys.readouterr().out
    trace = cs.read(unet).trace(("N", "H", "W", 3))
    assert said.startswith(repr(trace)) and "floor(H/2)" in said
    assert f"legal {cs.valid_sizes(cs.read(unet), 'height', ('N', 'H', 'W', 3))}" in said.splitlines()


def test_sizes_in_a_range(unet: str, classifier: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", unet, "--sizes", "3:9", "--axis", "width"]) == 0
    said = capsys.readouterr().out
    assert said.endswith("legal width: 2n, from 2 on\n  from 3 to 9: 4, 6, 8\n") and "height:" not in said
    assert main(["check", classifier, "--sizes", "20:40"]) == 0
    assert capsys.readouterr().out.count("  from 20 to 40: 26..28\n") == 2
    assert main(["check", classifier, "--sizes", "30:40"]) == 1
    assert capsys.readouterr().out.count("  from 30 to 40: none\n") == 2


def test_an_input_that_does_not_fit(unet: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", unet, "--input", "N,45,64,3"]) == 1
    done = capsys.readouterr()
    assert done.out == "" and done.err.startswith('Graph: layer 3 "join" (Concat)')
    assert 'input_shape=("N", 46, 64, 3)' in done.err and "what fits, above it:" in done.err
    assert f"\n  try: convshape check {unet} --input N,46,64,3\nwhat fits" in done.err
    assert main(["check", unet, "--input", "N,44,64,3"]) == 0


def test_json_is_what_python_finds(unet: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", unet, "--input", "N,44,64,3", "--sizes", "40:44", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    network = cs.read(unet)
    assert said["trace"] == json.loads(json.dumps(network.trace(("N", 44, 64, 3)).to_json()))
    assert said["valid_sizes"]["height"] == json.loads(json.dumps(cs.valid_sizes(network, "height", ("N", 44, 64, 3)).to_json()))  # fmt: skip
    assert said["sizes"] == {"height": [40, 42, 44], "width": [40, 42, 44]} and said["fits"] is True
    assert main(["check", unet, "--input", "N,45,64,3", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"] == "SizeError"


def test_what_lint_finds_is_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layers = [start(shape=(None, 9, 9, 3))]
    for place in range(7):
        layers += [conv(f"conv{place}", padding="same"), layer("BatchNormalization", f"norm{place}", axis=-1)]
    path = str(written(tmp_path / "model.keras", sequential(layers)))
    found = cs.lint(cs.read(path), ("N", 9, 9, 3))
    assert len(found) == 7
    assert main(["check", path]) == 0
    said = capsys.readouterr().out
    assert (
        f"lint: {found[0]!r}\n  and 6 more: conv1, conv2, conv3, conv4, ...\n" in said
        and said.count("lint: ") == 1
    )
    assert main(["check", path, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["lint"] == json.loads(json.dumps(found.to_json()))


def test_layers_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layers = [layer("Own", "own", module="mine"), conv("conv"), layer("Lambda", "code")]
    path = str(written(tmp_path / "model.keras", sequential(layers)))
    assert main(["check", path, "--input", "N,8,8,3"]) == 1
    assert '"own" (Own), "code" (Lambda)' in capsys.readouterr().err
    assert main(["check", path, "--input", "N,8,8,3", "--same", "Own, code"]) == 0
    assert "(N, 6, 6, 8)" in capsys.readouterr().out


def test_sizes_that_are_not_known_are_no_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layers = [layer("Permute", "turned", dims=[2, 1, 3]), conv("conv")]
    path = str(written(tmp_path / "model.keras", sequential(layers, build_input_shape=[None, 8, 9, 3])))
    assert main(["check", path, "--sizes", "3:9"]) == 0
    assert "legal height: not known." in capsys.readouterr().out


def test_vectors_have_no_sizes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(written(tmp_path / "model.keras", sequential([layer("Dense", "dense", units=3)])))
    assert main(["check", path, "--input", "N,5"]) == 0
    assert "legal" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["{}", "--sizes", "9:3"], "the smaller first"),
        (["{}", "--sizes", "0:3"], "the smaller first"),
        (["{}", "--sizes", "1:1000000000000"], "at most"),
        (["{}", "--sizes", "3"], "the smaller first"),
        (["{}", "--axis", "depth"], "the input has height, width"),
        (["{}", "--axis", "up"], "invalid choice"),
        (["{}.keras"], "there is no file"),
        ([], "required"),
    ],
)
def test_bad_usage(words: list[str], said: str, unet: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["check", *(word.format(unet) for word in words)])
    assert caught.value.code == 2 and said in capsys.readouterr().err


def test_a_model_that_does_not_say_what_it_takes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(written(tmp_path / "model.keras", sequential([conv("conv")])))
    with pytest.raises(SystemExit) as caught:
        main(["check", path])
    assert caught.value.code == 2 and "--input N,224,224,3" in capsys.readouterr().err


def test_a_file_that_is_none_of_keras(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "model.keras").write_bytes(b"none")
    assert main(["check", str(tmp_path / "model.keras")]) == 1
    assert capsys.readouterr().err.startswith("check: ")


def test_no_framework_is_imported(unet: str) -> None:
    probe = (
        "import sys; before = set(sys.modules)\n"
        "import contextlib, io, convshape.cli\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        f"    assert convshape.cli.main(['check', {unet!r}]) == 0\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = python("-c", probe)
    assert done.returncode == 0, done.stderr
    loaded: Any = set(done.stdout.split())
    assert "convshape._readers._keras_model" in loaded and not third_party(loaded)
    assert third_party(loaded | {"tensorflow"}) and sys.executable
