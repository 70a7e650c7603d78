"""``convshape check``: whether a model's file fits an input, layer by layer, and which sizes it takes.

Exit codes: 0 where it fits, 1 where it does not or cannot be read (the error on standard error, or as JSON on standard
output), or where no size of the range that was asked for is legal, 2 for bad usage.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import convshape as cs
from convshape._layouts import AXIS_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

    from convshape._networks._lint_record import Finding, Findings
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
    try:
        answer = _answer(options, input_shape)
    except cs.ShapeError as error:
        if options["json"]:
            print(json.dumps(error.to_json()))
        else:
            print("\n".join([str(error), *getattr(error, "__notes__", ())]), file=sys.stderr)
        return 1
    print(json.dumps(answer.to_json()) if options["json"] else answer)
    return 0 if answer.fits else 1


def _answer(options: dict[str, Any], input_shape: object) -> _Checked:
    from convshape._readers._read import checked_reading

    rules = {name: _unchanged(name) for name in options["same"]}
    found = checked_reading("check", options["model"], rules)
    if input_shape is None:
        if found.input_shape is None:
            _leave("the model does not say what it takes: --input N,224,224,3")
        input_shape = _named(found.network, found.input_shape)
    trace = found.network.trace(input_shape)  # type: ignore[arg-type]
    names = AXIS_NAMES.get(len(trace.input_shape) - 2, ())
    if options["axis"] not in (None, *names):
        _leave(f"--axis {options['axis']}: the input has {', '.join(names) or 'no spatial axes'}")
    axes = [name for name in names if options["axis"] in (None, name)]
    sizes = {axis: _sizes(found.network, axis, trace.input_shape) for axis in axes}
    return _Checked(
        options["model"], trace, cs.lint(found.network, trace.input_shape), sizes, options["sizes"]
    )


def _leave(problem: str) -> NoReturn:
    print(f"convshape check: error: {problem}", file=sys.stderr)
    raise SystemExit(2)


def _unchanged(name: str) -> Callable[[dict[str, object]], object]:
    return lambda config: cs.layers.Activation(name)


def _named(network: cs.Chain | cs.Graph, shape: Shape) -> Shape:
    """Return a model's own input with names for what it leaves open, so that the table has closed forms."""
    layout = network.layout_of(len(shape)) or "N"
    letters = (*layout, *"C" * len(shape))
    return tuple(
        letter if size is None and letter != "C" else size
        for size, letter in zip(shape, letters, strict=False)
    )


def _sizes(network: cs.Chain | cs.Graph, axis: str, shape: Shape) -> cs.ValidSizes | str:
    """Return the legal sizes of an axis, or why they are not known: that is no fault of the model."""
    try:
        return cs.valid_sizes(network, axis, shape)
    except cs.ShapeError as error:
        return error.problem


class _Checked:
    """What ``check`` tells of a model that takes its input.

    Attributes:
        fits: Whether some of the sizes that were asked for are legal on every axis.
    """

    def __init__(
        self,
        model: str,
        trace: cs.Trace,
        findings: Findings,
        sizes: dict[str, cs.ValidSizes | str],
        wanted: range | None,
    ) -> None:
        self.model, self.trace, self.findings, self.sizes, self.wanted = model, trace, findings, sizes, wanted
        known = {axis: one for axis, one in sizes.items() if isinstance(one, cs.ValidSizes)}
        self.inside = {axis: [size for size in wanted or () if size in one] for axis, one in known.items()}
        self.fits = wanted is None or all(self.inside.values())

    def __str__(self) -> str:
        lines = [repr(self.trace), *_grouped(self.findings)]
        for axis, one in self.sizes.items():
            lines.append(
                f"legal {one!r}" if isinstance(one, cs.ValidSizes) else f"legal {axis}: not known. {one}"
            )
            if self.wanted is not None and axis in self.inside:
                inside = _runs(self.inside[axis]) or "none"
                lines.append(f"  from {self.wanted.start} to {self.wanted.stop - 1}: {inside}")
        return "\n".join(lines)

    def to_json(self) -> dict[str, object]:
        """Return all of it as a dict that ``json.dumps`` takes."""
        return {
            "operation": "check",
            "model": self.model,
            "fits": self.fits,
            "trace": self.trace.to_json(),
            "lint": self.findings.to_json(),
            "valid_sizes": {
                axis: one.to_json() if isinstance(one, cs.ValidSizes) else None
                for axis, one in self.sizes.items()
            },
            "sizes": None if self.wanted is None else self.inside,
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


def _runs(sizes: list[int]) -> str:
    """Return numbers as text, those that follow each other as one: ``200..203, 224``."""
    runs: list[list[int]] = []
    for size in sizes:
        if runs and size == runs[-1][-1] + 1:
            runs[-1][1:] = [size]
        else:
            runs.append([size])
    return ", ".join("..".join(map(str, run)) for run in runs)
