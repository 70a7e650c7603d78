"""What a network costs, as it grows: python tests/benchmarks/networks.py

Prints, for chains of 10 to 10,000 layers, the time a layer of a trace, a call, the legal sizes and an error, as ratios
to the chain of 100 in the same round: a flat row is linear growth. Then the legal sizes of U-Nets, and `convshape
check` of a ResNet-50 as a whole process, both in milliseconds, beside the bounds that they are meant to keep.

The file of the ResNet-50 is made by Keras first (extra ``dcgan``); the check itself runs without it.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import convshape as cs
from tests.core.networks.nets import unet

ROUNDS = 7
LENGTHS = (10, 100, 1000, 10_000)
MAKE = "import keras; keras.applications.ResNet50(weights=None).save({path!r})"


def chain(length: int, *, wrong: bool = False) -> cs.Chain:
    """Return convolutions and activations by turns; the last one may not fit."""
    layers = [cs.Conv((3, 3, 8, 8)), cs.layers.Activation()] * (length // 2 - 1)
    return cs.Chain([*layers, cs.Conv((3, 3, 4 if wrong else 8, 8)), cs.layers.Activation()])


def error_of(network: cs.Chain) -> None:
    """Ask for a shape and have the refusal made, with every fix tried."""
    try:
        network((1, 64, 64, 8))
    except cs.ShapeError:
        return
    raise AssertionError("the chain fits")


def seconds(call: Callable[[], object]) -> float:
    """Return how long one call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def growth() -> None:
    """Print how the time a layer grows with the number of layers."""
    fitting, wrong = {n: chain(n) for n in LENGTHS}, {n: chain(n, wrong=True) for n in LENGTHS}
    questions: dict[str, Callable[[int], object]] = {
        "trace": lambda n: fitting[n].trace((1, 64, 64, 8)),
        "call": lambda n: fitting[n]((1, 64, 64, 8)),
        "valid_sizes": lambda n: cs.valid_sizes(fitting[n], "height"),
        "receptive_field": lambda n: cs.receptive_field(fitting[n], (1, 64, 64, 8)),
        "cost": lambda n: cs.cost(fitting[n], (1, 64, 64, 8)),
        "lint": lambda n: cs.lint(fitting[n], (1, 64, 64, 8)),
        "error": lambda n: error_of(wrong[n]),
    }
    print(f"{'time a layer, against 100':<26}" + "".join(f"{n:>10,}" for n in LENGTHS))
    for name, ask in questions.items():
        ask(LENGTHS[0])  # what is imported once
        ratios: dict[int, list[float]] = {n: [] for n in LENGTHS}
        for _ in range(ROUNDS):
            took = {n: seconds(partial(ask, n)) / n for n in random.sample(LENGTHS, len(LENGTHS))}
            for n in LENGTHS:
                ratios[n].append(took[n] / took[100])
        print(f"{name:<26}" + "".join(f"{statistics.median(ratios[n]):>10.2f}" for n in LENGTHS))


def unets() -> None:
    """Print how long the legal sizes of U-Nets take."""
    print("\nvalid_sizes of a U-Net, to stay below 50 ms")
    for levels in (3, 4, 5, 6):
        for padding, crop in (("SAME", None), ("VALID", "center")):
            net = unet(levels, padding=padding, crop=crop)
            took = [seconds(partial(cs.valid_sizes, net, "height", allow_drop=False)) for _ in range(ROUNDS)]
            print(f"  {levels} levels, {padding:<5}  median {statistics.median(took) * 1e3:7.1f} ms")


def check() -> None:
    """Print how long `convshape check` of a ResNet-50 takes, from the start of the interpreter to its end."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "resnet50.keras")
        quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
        subprocess.run([sys.executable, "-c", MAKE.format(path=path)], check=True, env=quiet)
        words = [sys.executable, "-m", "convshape", "check", path, "--input", "N,224,224,3"]
        took = [
            seconds(lambda: subprocess.run(words, check=True, stdout=subprocess.DEVNULL))
            for _ in range(ROUNDS)
        ]
    print("\nconvshape check resnet50.keras, the whole process, to stay below 1000 ms")
    print(
        f"  median {statistics.median(took) * 1e3:.0f} ms, from {min(took) * 1e3:.0f} to {max(took) * 1e3:.0f}"
    )


if __name__ == "__main__":
    growth()
    unets()
    check()
