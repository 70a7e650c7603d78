"""How good MNIST becomes in equal time, ours against two recipes: python tests/benchmarks/quality.py

Trained beside each other are dcgan as ``dcgan train --data mnist`` does it (with ``--ours "--width 48"``, given as often
as wanted, with these flags), the paper's recipe and TensorFlow's tutorial on the tutorial's networks (recipes.py). They
take turns of a few seconds, in random order, so that whatever else the machine does hurts all alike; the seconds are each
one's own, without the tracing of its first step and without what is measured. On a machine that has much else to do,
``--clock processor`` counts processor time divided by the number of processors in place of what a clock on the wall says.

Printed are steps and the Frechet distance of 10,000 samples from the 10,000 test pictures, in the 64 features of a small
classifier of the real labels, as sampled outside training (running statistics; of an average of ours, re-estimated ones).
Training pictures in place of samples are the floor. Expects MNIST where Keras keeps it.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
from judge import Judge
from recipes import Timed, Tutorial, ours, paper

from dcgan.commands.options import prepare_tensorflow
from dcgan.data import load

CLOCKS = {"wall": time.perf_counter, "processor": lambda: time.process_time() / len(os.sched_getaffinity(0))}


def contestants(
    flags: list[str], pictures: object, seed: int, clock: Callable[[], float], *, only_ours: bool
) -> dict[str, Timed]:
    """Return all that are trained, by what the table calls them."""
    named = {f"ours {each}".strip(): ours(each, pictures, seed) for each in flags}
    if not only_ours:
        named |= {"paper recipe": paper(seed), "tutorial": Tutorial(seed)}
    return {name: Timed(contestant, pictures, seed, clock) for name, contestant in named.items()}


def compare(timed: dict[str, Timed], judge: Judge, marks: list[float], turn: float) -> None:
    """Train by turns, and print a line for each at every mark."""
    width = max(map(len, timed))
    print(f"{'':{width}}  seconds   steps  distance  of the tutorial's", flush=True)
    for mark in marks:
        while any(each.seconds < mark for each in timed.values()):
            for name in random.sample(list(timed), len(timed)):
                timed[name].train(min(mark, timed[name].seconds + turn))
        found = {name: judge.distance(each.contestant.sample(judge.count)) for name, each in timed.items()}
        for name, distance in found.items():
            ratio = f"{distance / found['tutorial']:.2f}" if "tutorial" in found else "-"
            print(
                f"{name:{width}}  {mark:7.0f}  {timed[name].steps:6}  {distance:8.2f}  {ratio:>17}",
                flush=True,
            )


def main() -> None:
    """Read the options, and compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ours", action="append", metavar="FLAGS", help="of dcgan train (default: none)")
    parser.add_argument("--only-ours", action="store_true", help="leave out the other two")
    parser.add_argument("--marks", type=float, nargs="+", default=[60, 120, 180], metavar="SECONDS")
    parser.add_argument("--turn", type=float, default=5, metavar="SECONDS")
    parser.add_argument("--clock", choices=CLOCKS, default="wall")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--classifier", type=Path, metavar="FILE.keras", help="keep it there, or take it from there"
    )
    parsed = parser.parse_args()
    prepare_tensorflow()
    pictures = load("mnist", progress=False)
    judge = Judge(parsed.classifier)
    some = np.random.default_rng(0).choice(len(pictures), judge.count, replace=False)
    print(
        f"classifier: {judge.accuracy:.2%} of the test pictures right; floor {judge.distance(pictures.array[some]):.3f}"
    )
    timed = contestants(
        parsed.ours or [""], pictures, parsed.seed, CLOCKS[parsed.clock], only_ours=parsed.only_ours
    )
    compare(timed, judge, parsed.marks, parsed.turn)


if __name__ == "__main__":
    main()
