"""A small classifier of one's own labelled pictures, whose features say how much two sets of pictures are alike.

Three pairs of 3x3 convolutions of 32, 64 and 64 maps with batch norm, the mean of each map, and one dense layer. The 64
means are the features. It is trained on nine pictures in ten; the tenth says how far it can be trusted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import keras
import numpy as np
from tqdm import tqdm

from dcgan.pictures import Pictures
from dcgan.pipeline import epoch_order

FEATURES = 64  # as many as the last pair has maps
MAPS = (32, 64, FEATURES)
LONGEST = 64  # pixels; pictures with a longer side are averaged over squares first, as few as get there
BATCH, CHUNK = 128, 256
EPOCHS, STEPS = 2, 300  # of training at least: few pictures are shown more often
RATE, DROPPED = 1e-3, 0.3
HELD_OUT = 10  # one picture in so many is not trained on
SEED = 0


@dataclass(frozen=True)
class Trust:
    """How far a classifier can be trusted, by the pictures that it was not trained on.

    Attributes:
        accuracy: The share of them that it is right about.
        chance: The share that one is right about who always names the class that has most of them.
    """

    accuracy: float
    chance: float

    @property
    def doubt(self) -> str | None:
        """What must be said of its features, or None.

        >>> Trust(0.97, 0.1).doubt is None, Trust(0.12, 0.1).doubt
        (True, 'the classifier has learned next to nothing, so the distances in its features say little')
        """
        gained = (self.accuracy - self.chance) / (1 - self.chance) if self.chance < 1 else 0.0
        if gained < 0.1:
            return "the classifier has learned next to nothing, so the distances in its features say little"
        if gained < 0.5:
            return "the classifier is wrong too often for the distances in its features to be trusted far"
        return None


class Classifier:
    """Such a classifier, of pictures of one size.

    Args:
        image_shape: Of every picture, ``(H, W, C)``.
        classes: How many there are, at least two.

    Attributes:
        image_shape: As given.
        classes: As given.
        model: The Keras model, from pictures in [-1, 1] to features and logits.
    """

    def __init__(self, image_shape: tuple[int, int, int], classes: int) -> None:
        self.image_shape = image_shape
        self.classes = classes
        self.model = _model(image_shape, classes)

    def train(self, pictures: Pictures, *, progress: bool = True) -> Trust:
        """Train it from its beginning to its end.

        Args:
            pictures: With labels, ten of them at least.
            progress: Show a progress bar (on a terminal only).

        Returns:
            How far it can be trusted.

        Raises:
            TypeError: If the pictures have no labels.
        """
        if pictures.labels is None:
            raise TypeError(f"{pictures!r} has no labels")
        order = epoch_order(len(pictures), SEED, 0)
        held, shown = np.split(order, [len(order) // HELD_OUT])
        logits = self.model.get_layer("logits").output
        trained = keras.Model(self.model.inputs, logits)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        optimizer = keras.optimizers.Adam(RATE, name="classifier_adam")
        trained.compile(optimizer, loss, jit_compile=False)  # XLA is slower on a CPU
        for chosen in tqdm(
            _chunks(len(shown)),
            "training the classifier",
            unit="batch",
            leave=False,
            disable=None if progress else True,
        ):
            batch = shown[chosen]
            trained.train_on_batch(_read(pictures.array[batch]), pictures.labels[batch])
        _, answers = self.look(pictures.array[held])
        wanted = pictures.labels[held]
        commonest = np.bincount(wanted, minlength=self.classes).max() / len(wanted)
        return Trust(float((answers == wanted).mean()), float(commonest))

    def look(self, pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the features of pictures and the classes that it takes them for.

        Args:
            pictures: uint8 of shape ``(N, H, W, C)``; any N.

        Returns:
            float32 of shape ``(N, 64)``, and int64 of shape ``(N,)``.
        """
        features = np.empty((len(pictures), FEATURES), np.float32)
        answers = np.empty(len(pictures), np.int64)
        for start in range(0, len(pictures), CHUNK):
            part = slice(start, start + CHUNK)
            made, logits = self.model(_read(pictures[part]), training=False)
            features[part], answers[part] = made, np.argmax(logits, axis=1)
        return features, answers


def recipe() -> tuple[object, ...]:
    """Return all that the weights depend on, beside the pictures and their labels."""
    return (MAPS, LONGEST, BATCH, EPOCHS, STEPS, RATE, DROPPED, HELD_OUT, SEED, keras.__version__)


def _chunks(count: int) -> list[np.ndarray]:
    """Return which of so many pictures each batch shows, through as many epochs as it takes."""
    size = min(BATCH, count)
    each = count // size
    epochs = max(EPOCHS, math.ceil(STEPS / each))
    return [
        part
        for epoch in range(1, epochs + 1)
        for part in np.array_split(epoch_order(count, SEED, epoch)[: each * size], each)
    ]


def _read(pictures: np.ndarray) -> np.ndarray:
    return pictures.astype(np.float32) / 127.5 - 1


def _model(image_shape: tuple[int, int, int], classes: int) -> keras.Model:
    layers = keras.layers
    x = pictures = keras.Input(image_shape)
    square = math.ceil(max(image_shape[:2]) / LONGEST)
    if square > 1:
        x = layers.AveragePooling2D(square, padding="same")(x)
    for pair, maps in enumerate(MAPS):
        if pair:
            x = layers.MaxPooling2D(padding="same")(x)
        for half in range(2):
            start = keras.initializers.GlorotUniform(seed=_seed(pair, half))
            x = layers.Conv2D(maps, 3, padding="same", use_bias=False, kernel_initializer=start)(x)
            x = layers.BatchNormalization(momentum=0.9)(x)  # there are few steps for it to catch up in
            x = layers.ReLU()(x)
    features = layers.GlobalAveragePooling2D(name="features")(x)
    dropped = layers.Dropout(DROPPED, seed=SEED)(features)
    start = keras.initializers.GlorotUniform(seed=_seed(len(MAPS), 0))
    logits = layers.Dense(classes, kernel_initializer=start, name="logits")(dropped)
    return keras.Model(pictures, [features, logits])


def _seed(pair: int, half: int) -> int:
    return 2 * pair + half + 10 * SEED
