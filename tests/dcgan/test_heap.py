"""The one gradient of TensorFlow's that dcgan never asks for: what it does to the memory, and that ours does nothing to it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dcgan.computing import processor

CHECKED = "libc_malloc_debug.so.0"  # glibc's own checks: of what stands behind each block when it is freed
FOUND = [folder for folder in ("/lib", "/usr/lib") if any(Path(folder).glob(f"**/{CHECKED}"))]
TRIES = 4
SCRIPT = """
import sys
import tensorflow as tf
from dcgan.computing import kernels

large, slopes = tf.random.normal((2, 8, 8, 2)), tf.random.normal((2, 4, 4, 3))
filters = tf.Variable(tf.random.normal((1, 1, 2, 3)))
for _ in range(60):
    with tf.GradientTape() as tape:
        if sys.argv[1] == "ours":
            y = kernels.conv2d(large, filters, (2, 2))
        else:
            y = tf.nn.conv2d(large, filters, 2, "SAME")
    tape.gradient(y, filters, output_gradients=slopes)
"""

needs_checks = pytest.mark.skipif(not FOUND, reason=f"there is no {CHECKED}")


def ended(whose: str) -> int:
    """Return how a process that takes gradients with oneDNN, on one thread and a checked heap, came to its end."""
    environment = {
        **os.environ,
        processor.ONEDNN: "1",
        "LD_PRELOAD": CHECKED,
        "GLIBC_TUNABLES": "glibc.malloc.check=3",
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
    }
    command = [sys.executable, "-c", SCRIPT, whose]
    return subprocess.run(command, env=environment, capture_output=True, check=False).returncode


@needs_checks
def test_the_gradient_of_a_stepping_filter_of_1x1_leaves_the_memory_as_it_is():
    assert [ended("ours") for _ in range(TRIES)] == [0] * TRIES


@needs_checks
def test_tensorflows_own_does_not():
    # How the heap lies is of chance, and which of oneDNN's kernels is used is of the processor.
    if not any(ended("plain") for _ in range(TRIES)):
        pytest.skip("TensorFlow's own gradient did no harm that was seen here")
