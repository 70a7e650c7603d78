"""What this machine's processor can do, as Linux says it, and with which kernels TensorFlow uses it. No TensorFlow here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

ONEDNN = "TF_ENABLE_ONEDNN_OPTS"
_YES, _NO = {"1", "true"}, {"0", "false"}
_FOR_ONEDNN = {"avx512_vnni", "avx512_bf16", "avx_vnni", "amx_tile", "amx_int8", "amx_bf16"}
_BFLOAT16 = {"avx512_bf16", "amx_bf16", "bf16"}  # AMD's and Intel's, Intel's, ARM's


def words(told: Path = Path("/proc/cpuinfo")) -> frozenset[str]:
    """Return all words of what Linux says of the processor, its instruction sets among them; none on other systems.

    Args:
        told: Where it says so.
    """
    return frozenset(told.read_text().split()) if told.exists() else frozenset()


def uses_onednn(said: frozenset[str], environment: Mapping[str, str]) -> bool:
    """Return whether TensorFlow computes with oneDNN's kernels: where it is told to, or of itself on newer processors.

    The rule is that of ``IsMklEnabled`` in TensorFlow's ``tensorflow/core/util/port.cc``, for x86. A test asks it.

    Args:
        said: What is said of the processor, as :func:`words` gives it.
        environment: That of the process, as it was when TensorFlow was imported.

    >>> uses_onednn(frozenset({"avx2"}), {}), uses_onednn(frozenset({"avx2"}), {ONEDNN: "1"})
    (False, True)
    >>> uses_onednn(frozenset({"avx512_vnni"}), {}), uses_onednn(frozenset({"avx512_vnni"}), {ONEDNN: "0"})
    (True, False)
    """
    told = environment.get(ONEDNN, "").lower()
    return bool(said & _FOR_ONEDNN) if told not in _YES | _NO else told in _YES


def misses_onednn(said: frozenset[str], environment: Mapping[str, str]) -> bool:
    """Return whether a processor has AVX2, for which oneDNN has kernels, and TensorFlow does not use them of itself.

    Where it has been told to, or not to, nothing is missed.

    Args:
        said: What is said of the processor, as :func:`words` gives it.
        environment: That of the process.

    >>> misses_onednn(frozenset({"avx2"}), {}), misses_onednn(frozenset({"avx2"}), {ONEDNN: "0"})
    (True, False)
    """
    return "avx2" in said and ONEDNN not in environment and not uses_onednn(said, environment)


def lacks_bfloat16(said: frozenset[str]) -> bool:
    """Return whether a processor has to emulate bfloat16; False where nothing is said.

    Args:
        said: What is said of it, as :func:`words` gives it.

    >>> (
    ...     lacks_bfloat16(frozenset({"avx2"})),
    ...     lacks_bfloat16(frozenset({"avx512_bf16"})),
    ...     lacks_bfloat16(frozenset()),
    ... )
    (True, False, False)
    """
    return bool(said) and not said & _BFLOAT16
