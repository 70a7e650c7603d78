"""What a whole training costs beside its steps: python tests/benchmarks/running.py

Three measurements, each with the networks of training.py for 28x28x1 and batches of 64 (``--net 64``: for 64x64x3).

- Input: how long the loop waited for batches, as a share of the time that the steps took. Pictures are noise.
- Start: from the start of a process of ``dcgan train`` to the first line of its log, and, in the same round, of one that
  imports TensorFlow and no more.
- Memory: the memory that the process holds, read after every hundredth of the steps (``--steps``), and its slope over the
  second half of them, in bytes a step.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
from steps import BATCH, blueprint

from dcgan.commands.options import prepare_tensorflow

ROUNDS = 5


def waiting(net: str, steps: int) -> None:
    """Print how long batches were waited for."""
    from dcgan.data import Pictures, batches
    from dcgan.training import Trainer

    planned = blueprint(net)
    trainer = Trainer(planned)
    noise = np.random.default_rng(0).integers(0, 256, (20 * BATCH, *planned.image_shape), np.uint8)
    stream = batches(Pictures(noise, "noise"), BATCH, 0, flip=True)
    trainer.step(next(stream))
    waits, takes = [], []
    for _ in range(steps):
        start = time.perf_counter()
        batch = next(stream)
        ready = time.perf_counter()
        float(trainer.step(batch)["d_loss"])
        waits.append(ready - start)
        takes.append(time.perf_counter() - ready)
    share = sum(waits) / sum(takes)
    longest = max(wait / take for wait, take in zip(waits, takes, strict=True))
    print(f"input: waited {share:.2%} of the time of {steps} steps, {longest:.1%} at the longest")


def starting() -> None:
    """Print how long it takes to the first step, beside an import of TensorFlow."""
    seconds, ratios = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            ours = _until_log(Path(folder) / "run")
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import tensorflow"], check=True, stderr=subprocess.DEVNULL)
        ratios.append(ours / (time.perf_counter() - start))
        seconds.append(ours)
    print(
        f"start: first step after {_three(seconds)} s, {_three(ratios)} times an import of TensorFlow (min, median, max)"
    )


def _until_log(run: Path) -> float:
    words = [sys.executable, "-m", "dcgan", "train", "--steps", "1000", "--out", str(run)]
    start = time.perf_counter()
    with subprocess.Popen(words, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        log = run / "log.jsonl"
        while not (log.exists() and log.stat().st_size):
            if process.poll() is not None:
                raise SystemExit("dcgan train has ended before its first step")
            time.sleep(0.02)
        took = time.perf_counter() - start
        process.kill()
    return took


def holding(net: str, steps: int) -> None:
    """Print how much memory is held, over many steps."""
    from dcgan.data import Pictures, batches
    from dcgan.training import Trainer

    planned = blueprint(net)
    trainer = Trainer(planned)
    noise = np.random.default_rng(0).integers(0, 256, (20 * BATCH, *planned.image_shape), np.uint8)
    stream = batches(Pictures(noise, "noise"), BATCH, 0)
    held = []
    for number, batch in enumerate(islice(stream, steps)):
        float(trainer.step(batch)["d_loss"])
        if number % max(1, steps // 100) == 0:
            held.append((number, _resident()))
    later = held[len(held) // 2 :]
    slope = np.polyfit([number for number, _ in later], [size for _, size in later], 1)[0]
    print(
        f"memory: {held[1][1] / 2**20:.0f} MiB near the start, {held[-1][1] / 2**20:.0f} MiB after {steps} steps; "
        f"{slope:+.0f} bytes a step over the second half"
    )


def _resident() -> int:
    status = Path("/proc/self/status").read_text()
    return 1024 * int(status.split("VmRSS:")[1].split()[0])


def _three(values: list[float]) -> str:
    return f"{min(values):.1f} {statistics.median(values):.1f} {max(values):.1f}"


def main() -> None:
    """Read the options, and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--net", choices=("28", "64"), default="28")
    parser.add_argument("--steps", type=int, default=10_000, help="of the measurement of memory")
    parser.add_argument("--only", choices=("input", "start", "memory"))
    parsed = parser.parse_args()
    prepare_tensorflow()
    if parsed.only in (None, "start"):
        starting()
    if parsed.only in (None, "input"):
        waiting(parsed.net, 100)
    if parsed.only in (None, "memory"):
        holding(parsed.net, parsed.steps)


if __name__ == "__main__":
    main()
