"""What this machine's processor can do, as Linux says it. No TensorFlow here."""

from __future__ import annotations

from pathlib import Path

_BFLOAT16 = {"avx512_bf16", "amx_bf16", "bf16"}  # AMD's and Intel's, Intel's, ARM's


def words(told: Path = Path("/proc/cpuinfo")) -> frozenset[str]:
    """Return all words of what Linux says of the processor, its instruction sets among them; none on other systems.

    Args:
        told: Where it says so.
    """
    return frozenset(told.read_text().split()) if told.exists() else frozenset()


def is_avx2_at_most(said: frozenset[str]) -> bool:
    """Return whether a processor has AVX2 and not AVX-512; False where nothing is said.

    Args:
        said: What is said of it, as :func:`words` gives it.

    >>> is_avx2_at_most(frozenset({"avx", "avx2"})), is_avx2_at_most(frozenset())
    (True, False)
    """
    return "avx2" in said and "avx512f" not in said


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
