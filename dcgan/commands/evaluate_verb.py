"""The command ``dcgan evaluate``."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from dcgan.commands.options import prepare_tensorflow


def add_evaluate(
    parser: argparse.ArgumentParser, add_generator: Callable[[argparse.ArgumentParser], None]
) -> None:
    """Add the options of ``dcgan evaluate``.

    Args:
        parser: Of the command; it has the run and the seed.
        add_generator: What adds the options that say which generator of the run it is.
    """
    parser.add_argument(
        "--samples", type=int, default=10_000, metavar="N", help="how many samples to judge (default: 10000)"
    )
    parser.add_argument(
        "--reference",
        metavar="DATA",
        help="a data set or a folder to compare with (default: the test pictures of the run's data set; where there are"
        " none, the pictures it was trained on)",
    )
    parser.add_argument(
        "--data", metavar="DATA", help="where the run's pictures are now, if they have been moved"
    )
    add_generator(parser)
    parser.add_argument(
        "--step",
        type=int,
        metavar="N",
        help="the checkpoint of this step, one of the few kept (default: the newest)",
    )
    parser.set_defaults(run=_evaluate)


def _evaluate(arguments: argparse.Namespace) -> int:
    prepare_tensorflow()
    from dcgan.measuring.evaluating import evaluate
    from dcgan.measuring.evaluation_table import table

    found = evaluate(
        arguments.folder,
        samples=arguments.samples,
        seed=arguments.seed,
        reference=arguments.reference,
        data=arguments.data,
        weights=arguments.weights,
        statistics=arguments.statistics,
        best=arguments.best,
        step=arguments.step,
    )
    print(table(found.to_json()))
    return 0
