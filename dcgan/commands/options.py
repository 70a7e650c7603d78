"""Command-line options: those of Config, made from its fields so that neither can have what the other lacks, and of its generators."""

from __future__ import annotations

import argparse
import csv
import dataclasses
import os
from collections.abc import Callable
from typing import Any

from dcgan.choices import STATISTICS, WEIGHTS
from dcgan.computing.processor import ONEDNN, misses_onednn, words
from dcgan.config import Config, option


def sizes(text: str) -> tuple[int, ...]:
    """Return the numbers in ``45x61x3``.

    >>> sizes("45x61x3")
    (45, 61, 3)
    """
    return tuple(map(int, text.split("x")))


def numbers(text: str) -> tuple[int, ...]:
    """Return the numbers in ``32,64,128``.

    >>> numbers("32,64,128")
    (32, 64, 128)
    """
    return tuple(map(int, text.split(",")))


# How a field is written on the command line, by its annotation: what stands for it in the help, and its reader.
_WRITTEN: dict[str, tuple[str, Callable[[str], Any]]] = {
    "int": ("N", int),
    "int | None": ("N", int),
    "float": ("X", float),
    "str": ("NAME", str),
    "tuple[int, int] | None": ("HxW", sizes),
    "tuple[int, ...] | None": ("N,N,...", numbers),
}


def add_options(parser: argparse.ArgumentParser, *, shapes_only: bool = False) -> None:
    """Add an option for each field of Config; those that are not used leave no trace in what is parsed.

    Args:
        parser: Where to.
        shapes_only: Only for the fields that the shapes of the networks depend on.
    """
    for field in dataclasses.fields(Config):
        meaning = field.metadata["meaning"].replace("%", "%%")
        if shapes_only and not field.metadata["shapes"]:
            continue
        if field.type == "bool":
            parser.add_argument(
                option(field.name), action="store_true", default=argparse.SUPPRESS, help=meaning
            )
            continue
        metavar, reader = _WRITTEN[str(field.type)]
        default = "" if field.default is None else f" (default: {field.default})"
        parser.add_argument(
            option(field.name),
            type=reader,
            metavar=metavar,
            default=argparse.SUPPRESS,
            help=meaning + default,
        )


def given(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the fields of Config that were given on the command line, and only those."""
    names = {field.name for field in dataclasses.fields(Config)}
    return {name: value for name, value in vars(arguments).items() if name in names}


def prepare_tensorflow() -> None:
    """Say, before TensorFlow is imported, what it and Keras are to be in this process.

    TensorFlow's notes on starting up are not wanted. On a processor with AVX2 it is to use oneDNN, which takes about half
    the time of its other kernels, and which it uses of itself on newer processors only. Keras's engine is TensorFlow.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    if misses_onednn(words(), os.environ):
        os.environ[ONEDNN] = "1"
    os.environ["KERAS_BACKEND"] = "tensorflow"


def add_generator(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which generator makes pictures, and of which classes.

    Args:
        parser: Of a verb.
    """
    add_weights(parser)
    parser.add_argument(
        "--classes",
        type=_names,
        metavar="NAME,NAME,...",
        help="of a run trained on classes: which ones, in turn, a name with a comma in double quotes (default: all)",
    )


def add_weights(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which of a run's generators is meant.

    Args:
        parser: Of a verb.
    """
    parser.add_argument(
        "--weights",
        choices=WEIGHTS,
        help="the generator's last ones, or their average (default: the average where the run keeps one)",
    )
    parser.add_argument(
        "--statistics",
        choices=STATISTICS,
        help="what batch norm uses: those training kept, those measured anew, or the batch's (default: running; of an"
        " average: reestimated)",
    )
    parser.add_argument(
        "--best",
        action="store_true",
        help="the checkpoint that did best when the training was evaluated (--evaluate-every), not the newest",
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(next(csv.reader([text]), ()))  # a name with a comma in it stands in double quotes
