"""The commands ``dcgan neighbours`` and ``dcgan probe``: the tests of the DCGAN paper."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from dcgan.commands.options import prepare_tensorflow


def add_neighbours(
    parser: argparse.ArgumentParser, add_generator: Callable[[argparse.ArgumentParser], None]
) -> None:
    """Add the options of ``dcgan neighbours``.

    Args:
        parser: Of the command; it has the run and the seed.
        add_generator: What adds the options that say which generator of the run it is.
    """
    parser.add_argument(
        "--samples", type=int, default=50_000, metavar="N", help="of all classes in turn (default: 50000)"
    )
    _add_pictures(parser, "where the run's training pictures are now, if they have been moved", "")
    add_generator(parser)
    parser.set_defaults(run=_neighbours)


def add_probe(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``dcgan probe``.

    Args:
        parser: Of the command; it has the run and the seed.
    """
    labelled = "pictures with classes, a data set or a folder (default: the run's own)"
    _add_pictures(parser, labelled, "; where it has none, one in five of each class is kept for it")
    parser.add_argument(
        "--labels-per-class",
        type=int,
        metavar="N",
        help="learn from so many of each class (default: from all)",
    )
    parser.add_argument(
        "--best",
        action="store_true",
        help="the checkpoint that did best when the training was evaluated (--evaluate-every), not the newest",
    )
    parser.set_defaults(run=_probe)


def _add_pictures(parser: argparse.ArgumentParser, data: str, otherwise: str) -> None:
    parser.add_argument("--data", metavar="DATA", help=data)
    parser.add_argument(
        "--test",
        metavar="DATA",
        help="test pictures of the same classes, a data set or a folder (default: those of the data set"
        + otherwise
        + ")",
    )


def _neighbours(arguments: argparse.Namespace) -> int:
    prepare_tensorflow()
    from dcgan.measuring.neighbours import neighbours

    chosen = {"weights": arguments.weights, "statistics": arguments.statistics, "best": arguments.best}
    pictures = {"data": arguments.data, "test": arguments.test}
    print(neighbours(arguments.folder, samples=arguments.samples, seed=arguments.seed, **pictures, **chosen))
    return 0


def _probe(arguments: argparse.Namespace) -> int:
    prepare_tensorflow()
    from dcgan.measuring.probe import probe

    given = ("data", "test", "labels_per_class", "seed", "best")
    print(probe(arguments.folder, **{name: getattr(arguments, name) for name in given}))
    return 0
