"""``convshape conv|transpose|pool|solve|check``: the verbs on the command line.

Exit codes: 0 for a shape, 1 for a shape error (its text on standard error, or as JSON on standard output), 2 for
bad usage.
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys

import convshape as cs
from convshape._cli_check import add_check, check
from convshape._cli_solve import add_solve, solve
from convshape._layouts import AXIS_NAMES
from convshape._show import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

_EXAMPLES = """examples:
  convshape transpose N,8,8,64 5,5,32,64 --strides 2
  convshape transpose N,3,3,256 5,5,128,256 --strides 2 --output-shape N,7,7,128
  convshape conv N,224,224,3 7,7,3,64 --strides 2
  convshape pool N,112,112,64 2 --json
  convshape solve transpose 7 28 --kernels 2-6

Shapes are written N,8,8,64: numbers, None for a size that is not known, a name for the batch. Padding is SAME,
VALID, a number, or before:after for each spatial axis, 1:2,1:2."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        argv: The words after the program's name; None for those of this process.

    Returns:
        0 for a shape, 1 for a shape error. Bad usage leaves through ``SystemExit(2)``, as argparse does.
    """
    words = sys.argv[1:] if argv is None else argv
    # argparse would take -1,8,8,32 for an option; that -1 is no size is ours to say
    options = vars(_parser().parse_args([f" {word}" if _is_negative(word) else word for word in words]))
    if options["verb"] == "check":
        word = options["input_shape"]
        return check(options, None if word is None else _value("input_shape", word))
    verb, as_json = options.pop("verb"), options.pop("json")
    arguments = {name: _value(name, word) for name, word in options.items() if word is not None}
    try:
        answer = _ANSWERS[verb](arguments)
    except cs.ShapeError as error:
        _report(error, verb, {**arguments, **(error.fix or {})}, as_json)
        return 1
    print(json.dumps(answer) if as_json else answer.pop("text"))
    return 0


def _is_negative(word: str) -> bool:
    return word.startswith("-") and word[1:2].isdigit()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="convshape",
        description="Output shapes of convolutions, transposed convolutions and pools.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"convshape {cs.__version__}")
    verbs = parser.add_subparsers(
        dest="verb", required=True, metavar="conv | transpose | pool | solve | check"
    )
    for verb, second, summary in (
        (
            "conv",
            "filter_shape",
            "output shape and padding of a forward convolution; filter (*kernel, in, out)",
        ),
        (
            "transpose",
            "filter_shape",
            "legal output shapes of a transposed convolution; filter (*kernel, out, in)",
        ),
        ("pool", "window_shape", "output shape of a pool"),
    ):
        command = verbs.add_parser(verb, help=summary, description=summary)
        command.add_argument("input_shape", help="N,8,8,64")
        command.add_argument(second, help="5,5,32,64" if second == "filter_shape" else "2 or 2,2")
        command.add_argument("--strides", help="2 or 2,2")
        command.add_argument("--padding", help="SAME, VALID, 1, or 1:2,1:2")
        command.add_argument("--dilations", help="1 or 1,1")
        if verb != "pool":
            command.add_argument("--groups", help="1")
        if verb == "transpose":
            command.add_argument("--output-padding", help="how far above the smallest legal size")
            command.add_argument("--output-shape", help="a shape to check: N,16,16,32")
        if verb == "pool":
            command.add_argument("--ceil-mode", action="store_const", const="True", help="round sizes up")
        command.add_argument("--data-format", help="NHWC (the default), NCHW, ...")
        command.add_argument("--json", action="store_true", help="print JSON, errors too")
    add_solve(verbs)
    add_check(verbs)
    return parser


def _value(name: str, word: str) -> object:
    """Return what a word of the command line stands for; what cannot be read stays text, for the error to name."""
    word = word.strip()
    if name in ("direction", "framework"):
        return word
    first, dash, last = word.partition("-")
    if name in ("kernels", "dilations", "strides") and dash and first.isdigit() and last.isdigit():
        return range(int(first), int(last) + 1)
    if name in ("padding", "data_format") and not word.lstrip("-")[:1].isdigit():
        return word
    if ":" in word:
        return tuple(tuple(map(_entry, pair.split(":"))) for pair in word.split(","))
    entries = tuple(map(_entry, word.strip("()[]").rstrip(",").split(",")))
    return entries if "," in word else entries[0]


def _entry(word: str) -> object:
    word = word.strip()
    if word in ("None", "?"):
        return None
    if word in ("True", "False"):
        return word == "True"
    for read in (int, float):
        try:
            return read(word)
        except ValueError:
            continue
    return word


def _conv(arguments: dict[str, Any]) -> dict[str, Any]:
    shape = cs.conv_output(**arguments)
    padding = cs.padding_amounts(**{name: value for name, value in arguments.items() if name != "groups"})
    return {"output_shape": shape, "padding": padding, "text": f"{show(shape)}\n  padding: {_each(padding)}"}


def _transpose(arguments: dict[str, Any]) -> dict[str, Any]:
    wanted = arguments.pop("output_shape", None)
    if wanted is None:
        shape, outputs = cs.transpose_output(**arguments), cs.transpose_outputs(**arguments)
    else:
        arguments.pop("output_padding", None)
        outputs = cs.transpose_outputs(**arguments)
        arguments["output_shape"] = wanted
        shape = cs.check_transpose(**arguments)
    ranges = [
        None if sizes is None else {"from": sizes.start, "to": sizes.stop - 1} for sizes in outputs.ranges
    ]
    return {"output_shape": shape, "legal": ranges, "text": f"{show(shape)}\n  legal: {outputs}"}


def _pool(arguments: dict[str, Any]) -> dict[str, Any]:
    shape = cs.pool_output(**arguments)
    return {"output_shape": shape, "text": show(shape)}


_ANSWERS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "conv": _conv,
    "transpose": _transpose,
    "pool": _pool,
    "solve": solve,
}


def _each(padding: tuple[tuple[int | None, int | None], ...]) -> str:
    names = AXIS_NAMES[len(padding)]
    return ", ".join(
        f"{name} {before} before and {after} after"
        for name, (before, after) in zip(names, padding, strict=True)
    )


def _report(error: cs.ShapeError, verb: str, mended: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(error.to_json()))
        return
    print(error, file=sys.stderr)
    if error.fix is not None:
        print(f"  try: {_command(verb, mended)}", file=sys.stderr)


def _command(verb: str, arguments: dict[str, Any]) -> str:
    words = ["convshape", verb]
    for name, value in arguments.items():
        if name in ("direction", "input_size", "output_size", "input_shape", "filter_shape", "window_shape"):
            words.append(_word(value))
        elif value is True:
            words.append(f"--{name.replace('_', '-')}")
        elif value is not None and value is not False:
            words += [f"--{name.replace('_', '-')}", _word(value)]
    return shlex.join(words)


def _word(value: object) -> str:
    if isinstance(value, range):
        return f"{value.start}-{value.stop - 1}"
    if isinstance(value, tuple):
        return ",".join(
            ":".join(map(str, entry)) if isinstance(entry, tuple) else str(entry) for entry in value
        )
    return str(value)
