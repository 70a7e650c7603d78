"""What makes numbers of pictures for the distances: a classifier of the pictures' classes, or the discriminator.

The classifier has no part in the training and is the same for every run on the same pictures, so its distances can be
compared. The discriminator is the opponent that the generator was trained to fool, and another one at every step: its
distances tell a good generator from a bad one less well, and those of two runs or two steps are only roughly
comparable. It is for pictures without classes. Each of its features is divided by its deviation among the real pictures,
so that at least their scale is always the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import tensorflow as tf

from dcgan.measuring.classifier import Classifier, Trust
from dcgan.models import Network
from dcgan.pictures import Pictures

CHUNK = 256


@dataclass(frozen=True, eq=False)
class Seen:
    """What an eye has made of some pictures.

    Attributes:
        features: Floats of shape ``(N, D)``.
        classes: The class that each picture was taken for, integers of shape ``(N,)``; None where the eye knows none.
    """

    features: np.ndarray
    classes: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.features)


class Eye(Protocol):
    """What makes features of pictures.

    Attributes:
        size: How many features it makes of a picture.
        kind: What it is, in a word.
        fingerprint: What tells a classifier from others; None of a discriminator.
    """

    size: int
    kind: str
    fingerprint: str | None

    def see(self, pictures: np.ndarray) -> Seen:
        """Return what it makes of pictures, uint8 of shape ``(N, H, W, C)``; any N."""


def fingerprint(weights: Iterable[np.ndarray]) -> str:
    """Return 16 hexadecimal digits that are the same for the same weights.

    >>> (
    ...     fingerprint([np.zeros(3)]) == fingerprint([np.zeros(3)]),
    ...     fingerprint([np.zeros(3)]) == fingerprint([np.ones(3)]),
    ... )
    (True, False)
    """
    digest = hashlib.blake2b(digest_size=8)
    for each in weights:
        digest.update(np.ascontiguousarray(each).tobytes())
    return digest.hexdigest()


class ClassifierEye:
    """The features of a classifier, and its answers.

    Args:
        classifier: Trained.
        trust: How far it can be trusted.
    """

    kind = "classifier"

    def __init__(self, classifier: Classifier, trust: Trust) -> None:
        self.classifier = classifier
        self.trust = trust
        self.size = classifier.model.get_layer("features").output.shape[-1]
        self.fingerprint: str | None = fingerprint(classifier.model.get_weights())

    def see(self, pictures: np.ndarray) -> Seen:
        """Return features ``(N, 64)`` and answers ``(N,)``."""
        return Seen(*self.classifier.look(pictures))


class DiscriminatorEye:
    """The means of the last maps of a discriminator, each divided by its deviation among real pictures.

    Args:
        discriminator: As it is when an evaluation is made; nothing of it is changed.
        real: Real pictures, uint8 of shape ``(N, H, W, C)``.
    """

    kind = "discriminator"
    fingerprint: str | None = None  # another one at every step

    def __init__(self, discriminator: Network, real: np.ndarray) -> None:
        self._layers = discriminator.layers[:-1]
        self.size = int(self._layers[-1].output_shape[-1])
        deviations = self._features(real).std(axis=0)
        self._scale = np.where(deviations > 0, deviations, 1)  # a dead map stays at its one value

    def see(self, pictures: np.ndarray) -> Seen:
        """Return features ``(N, maps)``."""
        return Seen(self._features(pictures) / self._scale)

    def _features(self, pictures: np.ndarray) -> np.ndarray:
        features = np.empty((len(pictures), self.size))
        for start in range(0, len(pictures), CHUNK):
            part = slice(start, start + CHUNK)
            x = tf.constant(pictures[part].astype(np.float32) / 127.5 - 1)
            for layer in self._layers:
                x = layer.forward(x, training=False)
            features[part] = tf.reduce_mean(x, axis=(1, 2))
        return features


def has_classes(pictures: Pictures) -> bool:
    """Return whether a classifier can be trained on pictures: they are of two classes, and twenty at least."""
    return pictures.labels is not None and len(pictures.classes) > 1 and len(pictures) >= 20
