"""The command line: exit codes, results and errors as text and JSON, its own examples, and the "try:" line."""

from __future__ import annotations

import json
import shlex
import sys
from typing import Any

import pytest

import convshape as cs
from convshape.cli import main
from tests.core.mistake import Mistake
from tests.core.process import python
from tests.core.test_mistakes import ALL

Output = pytest.CaptureFixture[str]


def ran(words: str, capsys: Output) -> tuple[int, str, str]:
    """Run a command line and return its exit code and what it printed."""
    command, *rest = shlex.split(words)
    assert command == "convshape"
    try:
        code = main(rest)
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


RESULTS = {
    "convshape transpose N,8,8,64 5,5,32,64 --strides 2": (
        "(N, 16, 16, 32)\n  legal: 4 output shapes: (N, 15..16, 15..16, 32), default (N, 16, 16, 32)\n"
    ),
    "convshape conv N,8,8,32 5,5,32,64 --strides 2": "(N, 4, 4, 64)\n  padding: height 1 before and 2 after, width 1 before and 2 after\n",
    "convshape conv N,8,3 5,3,4 --padding VALID": "(N, 4, 4)\n  padding: width 0 before and 0 after\n",
    "convshape pool N,8,9,64 2": "(N, 4, 4, 64)\n",
    "convshape pool N,8,9,64 2 --ceil-mode": "(N, 4, 5, 64)\n",
    "convshape pool None,8,None,64 2,3 --strides 1,1": "(None, 7, None, 64)\n",
    "convshape pool '(None, 8, 8, 64)' '(2, 2)'": "(None, 4, 4, 64)\n",
    "convshape pool N,64,8,8 2 --data-format NCHW": "(N, 64, 4, 4)\n",
}  # fmt: skip


@pytest.mark.parametrize("words", RESULTS)
def test_result(words: str, capsys: Output) -> None:
    assert ran(words, capsys) == (0, RESULTS[words], "")


JSON = {
    "convshape transpose N,8,8,64 5,5,32,64 --strides 2 --json": {
        "output_shape": ["N", 16, 16, 32],
        "legal": [{"from": 15, "to": 16}, {"from": 15, "to": 16}],
    },
    "convshape transpose N,None,8,64 5,5,32,64 --strides 2,3 --output-padding 0,1 --json": {
        "output_shape": ["N", None, 23, 32],
        "legal": [None, {"from": 22, "to": 24}],
    },
    "convshape conv 2,8,8,32 5,5,32,64 --padding 1:2,0:3 --json": {
        "output_shape": [2, 7, 7, 64],
        "padding": [[1, 2], [0, 3]],
    },
    "convshape conv N,8,8,6 3,3,3,4 --groups 2 --dilations 2 --padding 1 --json": {
        "output_shape": ["N", 6, 6, 4],
        "padding": [[1, 1], [1, 1]],
    },
    "convshape pool N,112,112,64 2 --json": {"output_shape": ["N", 56, 56, 64]},
}


@pytest.mark.parametrize("words", JSON)
def test_json_of_results(words: str, capsys: Output) -> None:
    code, out, err = ran(words, capsys)
    said = json.loads(out)
    assert (code, err) == (0, "")
    assert {name: said[name] for name in JSON[words]} == JSON[words]


def test_check_of_an_output_shape(capsys: Output) -> None:
    words = "convshape transpose N,4,4,256 5,5,128,256 --strides 2 --output-shape N,7,8,128"
    code, out, _ = ran(words, capsys)
    assert code == 0 and out.startswith("(N, 7, 8, 128)\n")
    code, out, err = ran(words.replace("N,4,4", "N,3,3"), capsys)
    assert code == 1 and out == "" and "legal: 5..6" in err


def test_error_is_the_text_and_a_line_to_try(capsys: Output) -> None:
    with pytest.raises(cs.ShapeError) as caught:
        cs.transpose_output(("N", 8, 8, 64), (5, 5, 64, 32), strides=2)
    code, out, err = ran("convshape transpose N,8,8,64 5,5,64,32 --strides 2", capsys)
    assert (code, out) == (1, "")
    assert err == f"{caught.value}\n  try: convshape transpose N,8,8,64 5,5,32,64 --strides 2\n"


def test_json_of_errors(capsys: Output) -> None:
    """On standard output, for the program that reads it; the exit code says that it is one."""
    code, out, err = ran("convshape transpose N,8,8,64 5,5,64,32 --strides 2 --json", capsys)
    record = json.loads(out)
    assert (code, err) == (1, "")
    assert record["error"] == "ChannelError" and record["fix"] == {"filter_shape": [5, 5, 32, 64]}
    assert record["argument"] == "filter_shape" and record["text"].startswith(
        "transpose_output: filter_shape"
    )


WRONG = (
    "conv N,8,8,32 5,5,64,32", "conv N,8,8,32 5,5,32,64 --strides 0", "conv N,8,8,32 5,5,32,64 --strides 0.5",
    "conv N,8,8,32 5,5,32,64 --strides 2,2,2", "conv N,8,8,32 5,5,32,64 --strides x", "conv N,8,8,32 5,5,32,64 --padding SMAE",
    "conv N,8,8,32 5,5,32,64 --padding -1", "conv N,8,8,32 5,5,32,64 --padding 1:1", "conv N,8,8,32 5,5,32,64 --padding 1:1,1:-1",
    "conv N,8,8,32 5,5,32,64 --padding 1,1", "conv N,2,2,32 5,5,32,64 --padding VALID", "conv N,32,8,8 5,5,32,64",
    "conv N,8,8,32 5,5,32,64 --data-format nchw", "conv N,8,8,32 5,5,32,64 --data-format channels_last",
    "conv 8,8,32 5,5,32,64", "conv N,0,8,32 5,5,32,64", "conv N,8.5,8,32 5,5,32,64", "conv 'a b,8,8,32' 5,5,32,64",
    "conv N,8,8,32 5,5,True,64", "conv N,8,8,32 5,5,32,64 --groups 3", "conv N,8,8,32 5,5,32,64 --dilations 0",
    "transpose N,8,8,64 5,5,64,32 --strides 2", "transpose N,8,8,64 5,5,32,64 --strides 2 --output-shape N,17,16,32",
    "transpose N,8,8,64 5,5,32,64 --strides 2 --output-shape 16,16", "transpose N,8,8,64 5,5,32,64 --strides 2 --output-padding 2",
    "transpose N,8,8,64 5,5,32,64 --strides 2 --output-shape N,32,32,32", "transpose 1,1,1,64 5,5,32,64 --padding 9",
    "pool N,8,8,64 9", "pool N,8,8,64 0", "pool N,8,8,64 2 --padding 2", "pool N,3,224,224 5", "pool N,8,8,64 2,2,2 --ceil-mode",
    "transpose N,None,8,64 5,5,64,32 --strides 2", "pool None,8,8,64 2.0",
)  # fmt: skip


@pytest.mark.parametrize("words", WRONG)
def test_the_line_to_try_works(words: str, capsys: Output) -> None:
    """Typed in as it stands, it returns 0."""
    code, out, err = ran(f"convshape {words}", capsys)
    assert (code, out) == (1, "")
    tried = [line.removeprefix("  try: ") for line in err.splitlines() if line.startswith("  try: ")]
    assert len(tried) == 1, err
    assert tried[0] != f"convshape {words}"
    assert ran(tried[0], capsys)[0] == 0, tried[0]


def on_the_command_line(mistake: Mistake) -> str | None:
    """Return a mistake as a command, where it can be typed in."""
    verb = {
        "conv_output": "conv",
        "transpose_output": "transpose",
        "check_transpose": "transpose",
        "pool_output": "pool",
    }
    if mistake.whole not in verb:
        return None
    words = ["convshape", verb[mistake.whole]]
    for name, value in mistake.call.items():
        entries = value if type(value) is tuple else (value,)
        if not all(
            entry is None or type(entry) in (bool, float, str) or (type(entry) is int and entry < 2**64)
            for entry in entries
        ):
            return None
        word = ",".join(map(str, entries))
        words += (
            [word]
            if name in ("input_shape", "filter_shape", "window_shape")
            else [f"--{name.replace('_', '-')}={word}"]
        )
    return shlex.join(words)


TYPED = sorted({words for mistake in ALL if (words := on_the_command_line(mistake))})


@pytest.mark.parametrize("words", TYPED)
def test_named_mistakes_typed_in(words: str, capsys: Output) -> None:
    """Whatever is typed ends with 0, 1 or 2, and a line to try returns 0."""
    code, _, err = ran(words, capsys)
    assert code in (0, 1, 2) and "Traceback" not in err
    for line in err.splitlines():
        if line.startswith("  try: "):
            assert ran(line.removeprefix("  try: "), capsys)[0] == 0, line


@pytest.mark.parametrize(
    "words",
    ["", "conv", "conv N,8,8,3", "stretch N,8,8,3 2", "conv 1 2 3", "conv N,8,8,3 5,5,3,4 --stride-s 2", "pool N,8,8,3 2 --groups 2",
     "pool N,8,8,3 2 --ceil-mode yes", "conv N,8,8,3 5,5,3,4 --strides"],
)  # fmt: skip
def test_bad_usage(words: str, capsys: Output) -> None:
    code, out, err = ran(f"convshape {words}", capsys)
    assert (code, out) == (2, "") and err.startswith("usage: convshape")


def examples_of_help(capsys: Output) -> list[str]:
    """Return the commands that the help shows below "examples:"."""
    code, out, _ = ran("convshape --help", capsys)
    assert code == 0
    return [
        line.strip() for line in out.partition("examples:")[2].splitlines() if line.startswith("  convshape ")
    ]


def test_examples_of_help_work(capsys: Output) -> None:
    """Each runs; the one that shows a mistake says what to try, and that works."""
    examples = examples_of_help(capsys)
    assert len(examples) >= 4
    codes = {}
    for words in examples:
        code, out, err = ran(words, capsys)
        codes[words] = code
        assert (out if code == 0 else err).strip()
        for line in err.splitlines():
            if line.startswith("  try: "):
                assert ran(line.removeprefix("  try: "), capsys)[0] == 0
    assert set(codes.values()) <= {0, 1} and list(codes.values()).count(0) >= 3


def test_help_and_version(capsys: Output) -> None:
    assert ran("convshape --version", capsys) == (0, f"convshape {cs.__version__}\n", "")
    for verb in ("conv", "transpose", "pool"):
        code, out, _ = ran(f"convshape {verb} --help", capsys)
        assert code == 0 and "--strides" in out and "--json" in out


@pytest.mark.parametrize(
    ("words", "code"), [("pool N,8,8,64 2", 0), ("pool N,8,8,64 0", 1), ("pool", 2), ("--help", 0)]
)
def test_as_a_program(words: str, code: int) -> None:
    """`python -m convshape` in a process of its own."""
    done = python("-m", "convshape", *words.split())
    assert done.returncode == code
    assert bool(done.stdout) == (code == 0) and bool(done.stderr) == (code != 0)
    assert "Traceback" not in done.stderr


def test_a_line_that_does_not_work_is_found_out(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    """A command line that prints another "try:" fails the test above."""

    def report(error: Any, *_: Any) -> None:
        print(f"{error}\n  try: convshape pool N,8,8,64 0", file=sys.stderr)

    monkeypatch.setattr("convshape.cli._report", report)
    with pytest.raises(AssertionError):
        test_the_line_to_try_works("pool N,8,8,64 9", capsys)
