"""What a shape costs, as ratios measured in one run: python tests/benchmarks/shapes.py

Every round times each call once, in random order, so that a ratio is always taken inside one round; printed are
the smallest, median and largest ratio over the rounds. The calls are those of the seed example, SAME, stride 2.
Needs the extra ``bench`` (Keras comes with TensorFlow; JAX).
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

ROUNDS = 15
SECONDS = 0.02  # a turn lasts about this long
INPUT, FILTER, OUTPUT = (2, 8, 8, 64), (5, 5, 32, 64), (2, 16, 16, 32)


def calls() -> dict[str, Callable[[], object]]:
    """Return what is timed, by name; each call makes the same output shape, or checks it."""
    import jax
    from keras.src.backend.common.backend_utils import compute_conv_transpose_output_shape

    import convshape as cs

    spec = cs.ConvTranspose(FILTER, strides=2)
    dimensions = ("NHWC", "HWIO", "NHWC")
    return {
        "spec(input)": lambda: spec(INPUT),
        "spec(input), batch 'N'": lambda: spec(("N", 8, 8, 64)),
        "transpose_output": lambda: cs.transpose_output(INPUT, FILTER, strides=2),
        "transpose_output, lists": lambda: cs.transpose_output(
            [2, 8, 8, 64], [5, 5, 32, 64], strides=[1, 2, 2, 1]
        ),
        "check_transpose": lambda: cs.check_transpose(INPUT, FILTER, OUTPUT, strides=2),
        "keras": lambda: compute_conv_transpose_output_shape(
            INPUT, (5, 5), 32, (2, 2), "same", None, "channels_last", (1, 1)
        ),
        "jax": lambda: jax.lax.conv_transpose_shape_tuple(INPUT, (5, 5, 64, 32), (2, 2), "SAME", dimensions),
    }


def seconds_of(call: Callable[[], object], repeats: int) -> float:
    """Return the seconds that one of ``repeats`` calls took."""
    start = time.perf_counter()
    for _ in range(repeats):
        call()
    return (time.perf_counter() - start) / repeats


def measure() -> dict[str, list[float]]:
    """Return seconds a call, one number a round, by name."""
    timed = calls()
    for name, call in timed.items():
        shape = tuple(call())  # type: ignore[call-overload]
        assert shape[1:] == OUTPUT[1:], f"{name} gives {shape}"
    repeats = {name: max(1, round(SECONDS / seconds_of(call, 50))) for name, call in timed.items()}
    rows: dict[str, list[float]] = {name: [] for name in timed}
    for _ in range(ROUNDS):
        for name in random.sample(list(timed), len(timed)):
            rows[name].append(seconds_of(timed[name], repeats[name]))
    return rows


def ratio(rows: dict[str, list[float]], one: str, other: str) -> str:
    """Return min / median / max of one call's cost over another's."""
    values = [a / b for a, b in zip(rows[one], rows[other], strict=True)]
    return f"{min(values):6.2f} {statistics.median(values):6.2f} {max(values):6.2f}"


def import_cost() -> list[float]:
    """Return what ``import convshape`` adds to a bare interpreter, in milliseconds, one number a round."""
    root = str(Path(__file__).resolve().parents[2])
    bare = f"import sys; sys.path.insert(0, {root!r})"

    def milliseconds(code: str) -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-I", "-c", code], check=True)
        return (time.perf_counter() - start) * 1000

    milliseconds(f"{bare}; import convshape")  # compiles the byte code, as an installer does
    return [milliseconds(f"{bare}; import convshape") - milliseconds(bare) for _ in range(ROUNDS)]


def main() -> None:
    """Print the ratios."""
    rows = measure()
    print(f"{'cost relative to':28}{'Keras: min median max':>24}{'JAX: min median max':>26}")
    for name in rows:
        print(f"{name:28}{ratio(rows, name, 'keras'):>24}{ratio(rows, name, 'jax'):>26}")
    added = import_cost()
    print(
        f"import convshape adds {min(added):.1f} {statistics.median(added):.1f} {max(added):.1f} ms (min median max)"
    )


if __name__ == "__main__":
    main()
