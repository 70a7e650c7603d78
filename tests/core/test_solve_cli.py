"""``convshape solve``, and words that argparse would take for options."""

from __future__ import annotations

import json

import pytest

import convshape as cs
from convshape.cli import main


def test_solve_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", "transpose", "7", "28", "--kernels", "2-6", "--limit", "2"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("solve_transpose: 10 ways from 7 to 28")
    assert "4x4" in printed[2] and printed[-1] == "  ... and 8 more"


def test_solve_as_json_is_what_python_finds(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", "conv", "28,14", "14,7", "--kernels", "3,4", "--channels", "3,8", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    found = cs.solve_conv((28, 14), (14, 7), kernels=(3, 4), channels=(3, 8))
    assert told["solutions"] == json.loads(json.dumps(found[:10].to_json()))["solutions"]


@pytest.mark.parametrize("framework", ["tensorflow", "keras", "torch", "jax", "onnx"])
def test_a_framework_gets_what_it_can_say(framework: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", "transpose", "7", "28", "--framework", framework, "--json"]) == 0
    for answer in json.loads(capsys.readouterr().out)["solutions"]:
        assert "ranspose" in answer["code"] and "None" not in answer["code"]


def test_what_torch_cannot_say_is_left_out() -> None:
    """An odd SAME needs a crop in PyTorch; TensorFlow says it."""
    whole = cs.solve_transpose(7, 14, kernels=3, strides=2, paddings="SAME")
    assert len(whole) == 1 and len(cs.solve_transpose(7, 14, kernels=3, strides=2, paddings="SAME", framework="tensorflow")) == 1  # fmt: skip
    with pytest.raises(cs.ShapeError, match="can be said by torch") as caught:
        cs.solve_transpose(7, 14, kernels=3, strides=2, paddings="SAME", framework="torch")
    assert caught.value.fix is not None
    with pytest.raises(cs.ArgumentError, match="framework is the string"):
        cs.solve_transpose(7, 14, framework="pytorch")


def test_no_answer_names_the_command_that_has_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", "transpose", "7", "100"]) == 1
    said = capsys.readouterr().err
    assert "legal: 34, the nearest" in said
    mended = said.rpartition("try: convshape ")[2].split()
    assert main(mended) == 0


def test_a_negative_size_reaches_our_own_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["conv", "-1,8,8,32", "5,5,32,64"]) == 1
    assert "a size that is not known is None" in capsys.readouterr().err
    assert main(["conv", "N,8,8,32", "5,5,32,64", "--strides", "-2"]) == 1
    assert "fix: strides=2" in capsys.readouterr().err
