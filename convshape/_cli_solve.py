"""``convshape solve``: from two sizes to the layers that join them, on the command line."""

from __future__ import annotations

import convshape as cs

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import Any

_SUMMARY = "every convolution, or transposed convolution, that takes one size to another, best first"


def add_solve(verbs: Any) -> None:  # noqa: ANN401 - argparse hides the class of its subparsers
    """Add the verb to the command line's parser."""
    command: argparse.ArgumentParser = verbs.add_parser("solve", help=_SUMMARY, description=_SUMMARY)
    command.add_argument("direction", choices=("conv", "transpose"))
    command.add_argument("input_size", help="7, or 7,9 for axes that differ")
    command.add_argument("output_size", help="28, or 28,36")
    command.add_argument("--kernels", help="sizes to try: 4, 3,5 or 1-7 (the default)")
    command.add_argument("--strides", help="strides to try: 1-4 is the default")
    command.add_argument("--dilations", help="dilations to try: 1 is the default")
    command.add_argument("--channels", help="in,out of the layers that are told: 64,32")
    command.add_argument(
        "--framework",
        choices=("tensorflow", "keras", "torch", "jax", "onnx"),
        help="only what it can say with no crop or pad, with the call to write there",
    )
    command.add_argument("--limit", help="how many to print: 10 is the default")
    command.add_argument("--json", action="store_true", help="print JSON, errors too")


def solve(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the answers as JSON's dict, with the table under ``text``."""
    question = {name: value for name, value in arguments.items() if name not in ("limit", "direction")}
    limit = arguments.get("limit", 10)
    solutions = (cs.solve_transpose if arguments["direction"] == "transpose" else cs.solve_conv)(**question)
    most = limit if isinstance(limit, int) and limit >= 0 else len(solutions)
    text = "\n".join((solutions.heading(), *solutions.lines(most)))
    return {**solutions[:most].to_json(), "text": text}
