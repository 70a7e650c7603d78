"""What is said of NumPy files that hold no pictures, or none that can be read in one way only."""

from __future__ import annotations

from pathlib import Path

from dcgan.errors import DataError, Diagnosis


def refusal(*, given: object, legal: str, problem: str, reason: str, remedy: str) -> DataError:
    """Return the error that these arrays are not for training on."""
    return DataError(
        Diagnosis("load", "source", given=given, legal=legal, problem=problem, reason=reason, remedy=remedy)
    )


def unreadable(file: Path, error: Exception) -> DataError:
    """Return the error that a file cannot be read as NumPy's."""
    why = getattr(error, "strerror", None) or str(error).strip("'\"").rstrip(".") or type(error).__name__
    remedy = "save the array again with np.save or np.savez, or copy the file anew"
    if file.is_file() and file.stat().st_size == 0:
        why = "it is empty"
    elif "pickle" in why or "Python objects" in why:  # so NumPy says of all but its own
        why = "it holds Python objects, or is no file of NumPy's at all"
        remedy = "save one array of numbers with np.save, never a list or pictures of several sizes"
    return refusal(
        given=str(file),
        legal="an .npy or .npz file, whole, of numbers",
        problem=f"{file} cannot be read: {why}.",
        reason="objects are never loaded, because loading one can run any program",
        remedy=remedy,
    )
