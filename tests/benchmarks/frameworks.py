"""What a dialect call costs over the core's checked call, as ratios of one run: python tests/benchmarks/frameworks.py

Every round times each call once, in random order, so that a ratio is always taken inside one round; printed are the
smallest, median and largest ratio over the rounds. Needs nothing but convshape: no dialect imports its framework.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable

from shapes import ROUNDS, SECONDS, seconds_of

import convshape as cs
from convshape.frameworks import jax, keras, onnx, tensorflow, torch

Call = Callable[[], object]


def calls() -> dict[str, tuple[str, Call]]:
    """Return what is timed, by name, each with the core's call that it is held against."""
    up, down, pool = "transpose_output", "conv_output", "pool_output"
    last, first = (2, 8, 8, 64), (2, 64, 8, 8)
    keras_up, torch_up = keras.Conv2DTranspose(32, 5, 2, "same"), torch.ConvTranspose2d(64, 32, 5, 2, 2)
    return {
        "tensorflow.conv2d_transpose": ("check_transpose", lambda: tensorflow.conv2d_transpose(last, (5, 5, 32, 64), (2, 16, 16, 32), 2)),
        "tensorflow.conv2d": (down, lambda: tensorflow.conv2d(last, (5, 5, 64, 32), 2, "SAME")),
        "tensorflow.max_pool2d": (pool, lambda: tensorflow.max_pool2d(last, 2, 2, "VALID")),
        "keras.Conv2DTranspose(...)(shape)": (up, lambda: keras_up.compute_output_shape(last)),
        "torch.conv_transpose2d": (up, lambda: torch.conv_transpose2d(first, (64, 32, 5, 5), None, 2, 2, 1)),
        "torch.conv2d": (down, lambda: torch.conv2d(first, (32, 64, 5, 5), None, 2, 2)),
        "torch.max_pool2d": (pool, lambda: torch.max_pool2d(first, 2)),
        "torch.ConvTranspose2d(...)(shape)": (up, lambda: torch_up(first)),
        "jax.conv_transpose": (up, lambda: jax.conv_transpose(last, (5, 5, 64, 32), (2, 2), "SAME")),
        "jax.conv_general_dilated": (down, lambda: jax.conv_general_dilated(first, (32, 64, 5, 5), (2, 2), "SAME")),
        "onnx.ConvTranspose": (up, lambda: onnx.ConvTranspose(first, (64, 32, 5, 5), strides=(2, 2), pads=(2, 2, 2, 2))),
        "onnx.Conv": (down, lambda: onnx.Conv(first, (32, 64, 5, 5), strides=(2, 2), pads=(2, 2, 2, 2))),
        "onnx.MaxPool": (pool, lambda: onnx.MaxPool(first, kernel_shape=(2, 2), strides=(2, 2))),
    }  # fmt: skip


def core() -> dict[str, Call]:
    """Return the core's checked calls on the same sizes."""
    last = (2, 8, 8, 64)
    return {
        "transpose_output": lambda: cs.transpose_output(last, (5, 5, 32, 64), 2),
        "check_transpose": lambda: cs.check_transpose(last, (5, 5, 32, 64), (2, 16, 16, 32), 2),
        "conv_output": lambda: cs.conv_output(last, (5, 5, 64, 32), 2),
        "pool_output": lambda: cs.pool_output(last, 2),
    }


def main() -> None:
    """Print the ratios."""
    dialects, cores = calls(), core()
    timed = {**cores, **{name: call for name, (_, call) in dialects.items()}}
    repeats = {name: max(1, round(SECONDS / seconds_of(call, 50))) for name, call in timed.items()}
    rows: dict[str, list[float]] = {name: [] for name in timed}
    for _ in range(ROUNDS):
        for name in random.sample(list(timed), len(timed)):
            rows[name].append(seconds_of(timed[name], repeats[name]))
    print(f"{'call':36}{'core call':20}{'ratio: min median max':>24}")
    for name, (against, _) in dialects.items():
        ratios = [one / other for one, other in zip(rows[name], rows[against], strict=True)]
        print(f"{name:36}{against:20}{min(ratios):8.2f}{statistics.median(ratios):8.2f}{max(ratios):8.2f}")


if __name__ == "__main__":
    main()
