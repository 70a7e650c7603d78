"""Classifiers that are kept from one evaluation to the next, by what they were made from.

They lie in ``$XDG_CACHE_HOME/dcgan/classifiers``, or ``~/.cache/dcgan/classifiers``; nothing is lost with that folder but
the time to train them again.
"""

from __future__ import annotations

import hashlib
import os
import sys
import zipfile
import zlib
from pathlib import Path

import numpy as np
from tqdm import tqdm

from dcgan.errors import RunError
from dcgan.keeping.files import replacing
from dcgan.measuring.classifier import Classifier, Trust, recipe
from dcgan.pictures import Pictures


def kept(pictures: Pictures, *, progress: bool = True) -> tuple[Classifier, Trust]:
    """Return the classifier of some pictures: the one that is kept, or a new one, which is kept from then on.

    A kept one that cannot be read is trained again; where none can be kept, that is said.

    Args:
        pictures: With labels.
        progress: Show a progress bar.

    Returns:
        The classifier, and how far it can be trusted.
    """
    name = f"{key(pictures)}.npz"
    classifier = Classifier(pictures.image_shape, len(pictures.classes))
    try:
        return classifier, _restore(classifier, folder() / name)
    except (OSError, RuntimeError) as error:  # without a home, Python raises a RuntimeError
        if not isinstance(error, FileNotFoundError):  # which is the first time, and nothing to speak of
            _say(f"kept classifiers cannot be read ({_first_line(error)}); it is trained again")
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        _say(f"{folder() / name} is damaged ({error}); the classifier is trained again")
        classifier = Classifier(pictures.image_shape, len(pictures.classes))
    trust = classifier.train(pictures, progress=progress)
    try:
        folder().mkdir(parents=True, exist_ok=True)
        _keep(classifier, trust, folder() / name)
    except (OSError, RuntimeError, RunError) as error:
        _say(f"the classifier is not kept, and the next evaluation will train it again: {_first_line(error)}")
    return classifier, trust


def folder() -> Path:
    """Return where classifiers are kept."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dcgan" / "classifiers"


def key(pictures: Pictures) -> str:
    """Return what tells a classifier of these pictures from all others, in 32 hexadecimal digits."""
    made_from = repr((pictures.fingerprint, pictures.labels_fingerprint, recipe()))
    return hashlib.blake2b(made_from.encode(), digest_size=16).hexdigest()


def _keep(classifier: Classifier, trust: Trust, file: Path) -> None:
    weights = {f"weights_{number}": value for number, value in enumerate(classifier.model.get_weights())}
    with replacing(file) as opened:
        np.savez(opened, accuracy=trust.accuracy, chance=trust.chance, **weights)


def _restore(classifier: Classifier, file: Path) -> Trust:
    with np.load(file, allow_pickle=False) as arrays:
        weights = [arrays[f"weights_{number}"] for number in range(len(classifier.model.weights))]
        trust = Trust(float(arrays["accuracy"]), float(arrays["chance"]))
    classifier.model.set_weights(weights)
    return trust


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def _say(text: str) -> None:
    tqdm.write(text, file=sys.stderr)
