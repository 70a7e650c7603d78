"""How fast a training step is, against two others of the same mathematics: python tests/benchmarks/training.py

Ours is held against Keras layers in the manner of TensorFlow's DCGAN tutorial and, where PyTorch is installed (extra
``bench``), against PyTorch, eager and channels-last. Each has a process of its own, and all have the same networks,
batch and recipe (steps.py, torch_step.py). TensorFlow uses oneDNN, as ``dcgan`` has it; where it would not of itself, the
tutorial's step is timed as it comes too. A round times each once, in random order, while the others wait, so that
a ratio is always taken inside one round. Ours is timed with and without the forms of dcgan/computing/kernels.py. With
``--precision bfloat16``, ours and PyTorch's are in bfloat16, and the tutorial's and ours in float32 beside them.

Printed are pictures a second, the ratios to the tutorial (min, median, max), and the share of the peak: of the
fastest matrix product of 2048x2048 that this machine did in the same rounds, in the same precision.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from steps import BATCH, Step, operations, ours, tutorial

from dcgan.commands.options import prepare_tensorflow
from dcgan.computing.processor import misses_onednn, words

BARE = "tutorial float32 bare"  # TensorFlow as it comes
SIZE = 2048  # of the matrices whose product is the peak
PASSIVE = {
    "OMP_WAIT_POLICY": "passive",
    "GOMP_SPINCOUNT": "0",
}  # or PyTorch's threads take time from the others


def peak(precision: str) -> Step:
    """Return a product of two matrices, the most that this machine does."""
    import tensorflow as tf

    factor = tf.cast(tf.random.normal((SIZE, SIZE)), precision)
    product = tf.function(lambda: tf.matmul(factor, factor), autograph=False)
    return lambda: product().numpy()


def make(name: str, net: str) -> Step:
    """Return what is timed under a name such as ``ours bfloat16``."""
    kind, precision, *kernels = name.split()
    if kind == "torch":
        from torch_step import torch_step

        return torch_step(net, precision)
    if kind == "peak":
        return peak(precision)
    return ours(net, precision, *kernels) if kind == "ours" else tutorial(net, precision)


def names(precision: str) -> list[str]:
    """Return what is timed, the tutorial first."""
    timed = ["tutorial float32", f"ours {precision}", f"ours {precision} plain"]
    if misses_onednn(words(), os.environ):
        timed.append(BARE)
    if precision == "bfloat16":
        timed.append("ours float32")
    if importlib.util.find_spec("torch"):
        timed.append(f"torch {precision}")
    return [*timed, *(f"peak {each}" for each in dict.fromkeys(("float32", precision)))]


class Worker:
    """One contestant in a process of its own, which does a step whenever it is told to.

    Args:
        name: What it does.
        net: On which networks.
    """

    def __init__(self, name: str, net: str) -> None:
        command = [sys.executable, __file__, "--net", net, "--worker", name]
        environment = {"TF_CPP_MIN_LOG_LEVEL": "3", **os.environ, **PASSIVE}
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        for _ in range(2):  # traced, and the first of all
            self.seconds()

    def seconds(self) -> float:
        """Return how long one step took."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def close(self) -> None:
        """End the process."""
        self.process.stdin.close()
        self.process.wait()


def work(name: str, net: str) -> None:
    """Do a step for each line that comes in, and say how long it took."""
    if name != BARE:
        prepare_tensorflow()
    step = make(name, net)
    for _ in sys.stdin:
        start = time.perf_counter()
        step()
        print(time.perf_counter() - start, flush=True)


def compare(net: str, precision: str, rounds: int) -> None:
    """Print the table of one pair of networks."""
    workers = {name: Worker(name, net) for name in names(precision)}
    took: dict[str, list[float]] = {name: [] for name in workers}
    for _ in range(rounds):
        for name in random.sample(list(workers), len(workers)):
            took[name].append(workers[name].seconds())
    for worker in workers.values():
        worker.close()
    tops = {
        name.split()[1]: 2 * SIZE**3 / min(times) for name, times in took.items() if name.startswith("peak")
    }
    print(f"\nnetworks {net}, batches of {BATCH}, {operations(net) / 1e9:.1f} GFLOP a step, {rounds} rounds; peak "
          + ", ".join(f"{each} {top / 1e9:.0f} GFLOP/s" for each, top in tops.items()))  # fmt: skip
    print(f"{'':22}{'pictures/s: min median max':>28}{'ratio: min median max':>27}{'best, of peak':>15}")
    for name, times in took.items():
        if name.startswith("peak"):
            continue
        speeds = [BATCH / each for each in times]
        ratios = [other / each for each, other in zip(times, took["tutorial float32"], strict=True)]
        share = operations(net) / min(times) / tops[name.split()[1]]
        print(f"{name:22}{_three(speeds, '.1f'):>28}{_three(ratios, '.2f'):>27}{share:>15.0%}")


def _three(values: list[float], form: str) -> str:
    return "".join(f"{each:>9{form}}" for each in (min(values), statistics.median(values), max(values)))


def main() -> None:
    """Read the options, and compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--net", choices=("28", "64"), help="default: both")
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parsed = parser.parse_args()
    if parsed.worker:
        work(parsed.worker, parsed.net)
        return
    for net in [parsed.net] if parsed.net else ["28", "64"]:
        compare(net, parsed.precision, parsed.rounds)


if __name__ == "__main__":
    main()
