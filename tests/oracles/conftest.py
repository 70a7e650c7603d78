"""The engines that these tests ask, one thread each; a test of an engine that is absent is skipped, and said to be."""

from __future__ import annotations

import os

# Read when the engines are imported. The tensors are tiny: handing them to other threads costs more than the work.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
