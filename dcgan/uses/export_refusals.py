"""Why a generator cannot be written in a form that others read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from dcgan.errors import Diagnosis, RunError

if TYPE_CHECKING:
    from dcgan.trained import Trained


def no_form(path: Path, form: str, forms: Iterable[str]) -> RunError:
    """Refuse a form that there is not."""
    return RunError(
        Diagnosis(
            "export",
            "form",
            given=form,
            legal=", ".join(forms),
            problem=f"there is no form {form}, asked for {path}.",
            reason="a name without an ending is a SavedModel's folder; .keras and .safetensors are files",
            fix={"--out": str(path.with_suffix(".keras"))},
        )
    )


def no_package() -> RunError:
    """Say which package is missing."""
    return RunError(
        Diagnosis(
            "export",
            "form",
            given="safetensors",
            legal="saved_model, keras, and safetensors where its package is installed",
            problem="the package safetensors is not installed.",
            reason="it writes the file; dcgan needs it for nothing else",
            remedy='pip install "convshape[export]"',
        )
    )


def differs(trained: Trained, apart: float, tolerance: float) -> RunError:
    """Refuse a Keras model that is another than the generator."""
    return RunError(
        Diagnosis(
            "export",
            "form",
            given="keras",
            legal=f"pictures within {tolerance} of the generator's",
            problem=f"Keras's layers make pictures of {trained.run.folder} that are up to {apart:.2g} away from its own.",
            reason="a model that gives other pictures is not the one that was trained",
            remedy="write a SavedModel, which holds the generator's own operations: give a folder, without an ending",
        )
    )


def some_classes(trained: Trained) -> RunError:
    """Refuse to write a generator of some of its classes alone."""
    return RunError(
        Diagnosis(
            "export",
            "classes",
            given=", ".join(trained.classes),
            legal="a generator of all its classes",
            problem=f"it is a generator of {', '.join(trained.classes)} only.",
            reason="what is written takes the class of each picture beside its latent, as a number among all",
            remedy="export what dcgan.load gives, without .of, and ask what you have written for these classes",
        )
    )
