"""``convshape check``: whether a model's file fits an input, layer by layer, and which sizes it takes.

Exit codes: 0 where it fits, 1 where it does not or cannot be read (the error on standard error, or as JSON on standard
output), or where no size of the range that was asked for is legal, 2 for bad usage. Sizes that were asked for are told
on standard output also where the input does not fit.
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from pathlib import Path

import convshape as cs
from convshape._cli_check_sizes import Sizes, sizes_of
from convshape._layouts import AXIS_NAMES
from convshape._refusals import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, NoReturn

    from convshape._networks._lint_record import Finding, Findings
    from convshape._readers._keras_model import Reading
    from convshape._shapes import Shape

_SUMMARY = "whether a .keras or .onnx file fits an input: its layers' shapes, what is odd about them, and legal sizes"
_EXAMPLE = "example: convshape check model.keras --input N,224,224,3 --sizes 200:300 --axis height"
_MOST_TOLD = 4
_MOST_RANGE = 100_000


def add_check(verbs: Any) -> None:  # noqa: ANN401 - argparse hides the class of its subparsers
    """Add the verb to the command line's parser."""
    command: argparse.ArgumentParser = verbs.add_parser(
        "check", help=_SUMMARY, description=_SUMMARY, epilog=_EXAMPLE
    )
    command.add_argument(
        "model", type=_file, help="model.keras; nothing in it is run, and no framework imported"
    )
    command.add_argument("--input", dest="input_shape", help="N,224,224,3; the model's own input if left out")
    command.add_argument("--sizes", type=_range, metavar="FROM:TO", help="which sizes from 200:300 are legal")
    command.add_argument(
        "--axis", choices=("depth", "height", "width"), help="only this axis's sizes; all unless told"
    )
    command.add_argument(
        "--same",
        type=_names,
        default=[],
        metavar="NAME,...",
        help="classes or names of layers of your own that change no shape; others need cs.read(..., rules=...)",
    )
    command.add_argument(
        "--any-size",
        action="store_true",
        help="look past the sizes that the model declares, at what its layers would take",
    )
    command.add_argument("--json", action="store_true", help="print JSON, errors too")


def _file(word: str) -> str:
    if not Path(word).is_file():
        raise argparse.ArgumentTypeError(f"there is no file {word}")
    return word


def _range(word: str) -> range:
    first, _, last = word.partition(":")
    if first.isdecimal() and last.isdecimal() and len(word) < 30:
        sizes = range(int(first), int(last) + 1)
        if sizes and sizes.start and sizes.stop - sizes.start <= _MOST_RANGE:  # len() of a vast range raises
            return sizes
    raise argparse.ArgumentTypeError(f"two sizes, the smaller first, at most {_MOST_RANGE} apart: 200:300")


def _names(word: str) -> list[str]:
    return [name.strip() for name in word.split(",") if name.strip()]


def check(options: dict[str, Any], input_shape: object) -> int:
    """Print what there is to say of a model, and return the exit code: 0 where it fits, 1 where it does not."""
    found: Reading | None = None
    try:
        found = _read(options)
        answer = _answer(options, found, input_shape)
    except cs.ShapeError as error:
        _refuse(options, error, found, input_shape)
        return 1
    print(json.dumps(answer.to_json()) if options["json"] else answer)
    return 0 if answer.sizes.fits else 1


def _read(options: dict[str, Any]) -> Reading:
    from convshape._readers._read import checked_reading

    return checked_reading("check", options["model"], {name: _unchanged(name) for name in options["same"]})


def _answer(options: dict[str, Any], found: Reading, input_shape: object) -> _Checked:
    from convshape._readers._keras_demands import check_declared, named

    if input_shape is None:
        if found.input_shape is None:
            _leave("the model does not say what it takes: --input N,224,224,3")
        input_shape = named(found.network, found.input_shape)
    check_declared("check", found, input_shape, any_size=options["any_size"])
    trace = found.network.trace(input_shape)  # type: ignore[arg-type]
    names = AXIS_NAMES.get(len(trace.input_shape) - 2, ())
    if options["axis"] not in (None, *names):
        _leave(f"--axis {options['axis']}: the input has {', '.join(names) or 'no spatial axes'}")
    findings = cs.lint(found.network, trace.input_shape)
    return _Checked(options["model"], trace, findings, _sizes(options, found, trace.input_shape))


def _sizes(options: dict[str, Any], found: Reading, shape: Shape) -> Sizes:
    demands = None if options["any_size"] else found.demands
    return sizes_of(found.network, shape, demands, options["axis"], options["sizes"])


def _refuse(
    options: dict[str, Any], error: cs.ShapeError, found: Reading | None, input_shape: object
) -> None:
    """Print an error, what to write instead, and the legal sizes where a range of them was asked for."""
    fix = None if found is None else _fix_of(options, error, found)
    sizes = (
        None if found is None else _sizes_anyway(options, found, (fix or {}).get("input_shape", input_shape))
    )
    if options["json"]:
        print(json.dumps({**error.to_json(), **({} if sizes is None else sizes.to_json())}))
        return
    lines = [str(error)]
    if fix is not None:
        lines.append(f"  try: {_command({**options, 'input_shape': input_shape, **fix})}")
    print("\n".join([*lines, *getattr(error, "__notes__", ())]), file=sys.stderr)
    for line in () if sizes is None else sizes.lines():
        print(line)


def _fix_of(options: dict[str, Any], error: cs.ShapeError, found: Reading) -> dict[str, Any] | None:
    """Return the first fix that can be written on the command line, and that is no size that the model refuses."""
    from convshape._readers._keras_demands import obey

    for fix in () if error.fix is None else (error.fix, *error.alternatives):
        if fix.keys() <= {"input_shape", "any_size"}:
            try:
                obey(found, fix.get("input_shape"), fix.get("any_size", options["any_size"]) is True)
            except Refusal:
                continue
            return fix
    return None


def _sizes_anyway(options: dict[str, Any], found: Reading, input_shape: object) -> Sizes | None:
    if options["sizes"] is None:
        return None
    try:
        shape = found.network.read(input_shape).told
    except Refusal:
        return None  # what is no shape has no axes
    return _sizes(options, found, shape)


def _command(options: Mapping[str, Any]) -> str:
    """Return the command of these options."""
    words = ["convshape", "check", options["model"], "--input", ",".join(map(str, options["input_shape"]))]
    if options["sizes"] is not None:
        words += ["--sizes", f"{options['sizes'].start}:{options['sizes'].stop - 1}"]
    if options["axis"] is not None:
        words += ["--axis", options["axis"]]
    if options["same"]:
        words += ["--same", ",".join(options["same"])]
    return shlex.join([*words, "--any-size"] if options["any_size"] else words)


def _leave(problem: str) -> NoReturn:
    print(f"convshape check: error: {problem}", file=sys.stderr)
    raise SystemExit(2)


def _unchanged(name: str) -> Callable[[dict[str, object]], object]:
    return lambda config: cs.layers.Activation(name)


class _Checked:
    """What ``check`` tells of a model that takes its input."""

    def __init__(self, model: str, trace: cs.Trace, findings: Findings, sizes: Sizes) -> None:
        self.model, self.trace, self.findings, self.sizes = model, trace, findings, sizes

    def __str__(self) -> str:
        return "\n".join([repr(self.trace), *_grouped(self.findings), *self.sizes.lines()])

    def to_json(self) -> dict[str, object]:
        """Return all of it as a dict that ``json.dumps`` takes."""
        return {
            "operation": "check",
            "model": self.model,
            "fits": self.sizes.fits,
            "trace": self.trace.to_json(),
            "lint": self.findings.to_json(),
            **self.sizes.to_json(),
        }


def _grouped(findings: Findings) -> list[str]:
    """Return what was found, once for all layers of which the same is to be said; JSON has each."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for one in findings:
        groups.setdefault((one.rule, one.reason), []).append(one)
    lines = []
    for first, *others in groups.values():
        lines.append(f"lint: {first}")
        if others:
            names = ", ".join(one.layer for one in others[:_MOST_TOLD])
            more = ", ..." if len(others) > _MOST_TOLD else ""
            lines.append(f"  and {len(others)} more: {names}{more}")
    return lines
