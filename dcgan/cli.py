"""The command line: dcgan plan, dcgan train, and what dcgan.commands.verbs can do with a trained run.

Exit code 0 when all went well, 1 for an error of dcgan's or convshape's (its four parts on stderr), 2 for bad
usage, 130 when stopped by Ctrl-C, 143 when told to terminate.
"""

from __future__ import annotations

import argparse
import shlex
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import convshape
from dcgan.commands.options import add_options, given, prepare_tensorflow, sizes
from dcgan.commands.stopping import Stop, ending_on_terminate, exit_code, stop_on_signal
from dcgan.commands.telling import any_name, heard_or_not
from dcgan.commands.verbs import add_verbs
from dcgan.config import Config
from dcgan.errors import DCGANError
from dcgan.keeping.extending import extended, newest_run
from dcgan.planning import plan

if TYPE_CHECKING:
    from dcgan.looping import Loop

RESUMABLE = {"steps", "data", "strategy"}  # what a resumed run may change


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: What stands after ``dcgan``; None for those of this process.

    Returns:
        The exit code.
    """
    words = sys.argv[1:] if arguments is None else arguments
    parsed = _parser().parse_args(words)
    parsed.command = shlex.join(["dcgan", *words])  # for the history of a run
    try:
        with ending_on_terminate(), any_name():
            return int(parsed.run(parsed))
    except (DCGANError, convshape.ShapeError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return exit_code(signal.SIGINT)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dcgan", description="A DCGAN that is proved to fit before it trains.", allow_abbrev=False
    )
    commands = parser.add_subparsers(required=True, metavar="command")

    planning = commands.add_parser("plan", help="print every shape of both networks", allow_abbrev=False)
    planning.add_argument(
        "image", type=sizes, metavar="HxWxC", help="height, width and channels, such as 45x61x3"
    )
    planning.add_argument(
        "--classes",
        type=int,
        default=0,
        metavar="N",
        help="of how many classes, for --conditional (default: 0)",
    )
    add_options(planning, shapes_only=True)
    planning.set_defaults(run=_plan)

    training = commands.add_parser(
        "train",
        help="train on pictures: without any option, on handwritten digits",
        description="Train on pictures: without any option, on handwritten digits. The run goes into a folder of "
        "its own: config, log, samples and checkpoints.",
        allow_abbrev=False,
    )
    training.add_argument(
        "--out", metavar="RUN", help="folder of the run, new or empty (default: runs/DATA-1 and so on)"
    )
    training.add_argument(
        "--resume",
        metavar="RUN",
        help="go on with this run; --steps, --data and --strategy may be given anew",
    )
    training.add_argument(
        "--more",
        type=int,
        metavar="N",
        help="go on with a run, for N steps beyond those it has done: that of --resume, or the newest in the folder runs",
    )
    add_options(training)
    training.set_defaults(run=_train, parser=training)

    add_verbs(commands)
    return parser


def _plan(arguments: argparse.Namespace) -> int:
    print(plan(arguments.image, Config(**given(arguments)), classes=arguments.classes).table())
    return 0


def _train(arguments: argparse.Namespace) -> int:
    fields = given(arguments)
    going_on = arguments.resume is not None or arguments.more is not None
    if going_on and (arguments.out is not None or not fields.keys() <= RESUMABLE):
        arguments.parser.error(
            "with --resume or --more, only --steps, --data and --strategy: all else is in the run's config.json"
        )
    if arguments.more is not None and "steps" in fields:
        arguments.parser.error("either --steps, counted from the beginning, or --more, beyond those done")
    if arguments.more is not None:
        arguments.resume = newest_run() if arguments.resume is None else arguments.resume
        fields["steps"] = extended(Path(arguments.resume), arguments.more)
    prepare_tensorflow()
    from dcgan import session

    start = time.monotonic()
    with heard_or_not():
        if arguments.resume is None:
            loop = session.begin(Config(**fields), arguments.out, command=arguments.command)
        else:
            loop = session.reopen(arguments.resume, **fields, command=arguments.command)
        with stop_on_signal() as stopped:
            loop.train(stopped=stopped, progress=True)
        return _report(loop, time.monotonic() - start, stopped)


def _report(loop: Loop, seconds: float, stopped: Stop) -> int:
    folder, steps = loop.run.folder, loop.run.config.steps
    cluster = loop.team.cluster
    if cluster is not None and not cluster.is_chief:
        print(
            f"{cluster.name(cluster.index)}: ended after step {loop.step} of {steps}; {cluster.name(0)} keeps the run"
        )
        return 0 if loop.step == steps else exit_code(stopped.number or signal.SIGINT)
    if loop.step < steps:
        go_on = f"dcgan train --resume {shlex.quote(str(folder))}"
        print(f"stopped after step {loop.step} of {steps}; go on with: {go_on}")
        return exit_code(stopped.number or signal.SIGINT)
    minutes, rest = divmod(round(seconds), 60)
    print(f"{folder}: {steps} steps done, in {minutes} min {rest} s; look at {loop.run.grid(steps)}")
    print(f"more pictures: dcgan sample {shlex.quote(str(folder))} --count 64 --out more.png")
    return 0
