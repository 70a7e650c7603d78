"""What quality.py measures with: a classifier of MNIST, and the Frechet distance in its features."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

PLACE = Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser() / "datasets" / "mnist.npz"


class Judge:
    """A classifier of 3x3 convolutions, two each of 32, 64 and 64 maps, with batch norm, two epochs on the real labels.

    Args:
        kept: Where the classifier is kept from one time to the next; None to train it each time.

    Attributes:
        accuracy: Its share of right answers on the test pictures.
        count: How many pictures are compared: as many as there are test pictures.
    """

    def __init__(self, kept: Path | None = None) -> None:
        import keras

        with np.load(PLACE) as arrays:
            train, labels, test, answers = (
                arrays[name] for name in ("x_train", "y_train", "x_test", "y_test")
            )
        if kept is not None and kept.exists():
            model = keras.models.load_model(kept)
        else:
            model = _classifier()
            model.fit(_read(train), labels, batch_size=128, epochs=2, verbose=0)
            if kept is not None:
                model.save(kept)
        self._features = keras.Model(model.inputs, model.get_layer("features").output)
        self.accuracy = model.evaluate(_read(test), answers, batch_size=500, verbose=0)[1]
        self.count = len(test)
        self._real = self._moments(test[..., None])

    def distance(self, pictures: np.ndarray) -> float:
        """Return the Frechet distance of pictures, uint8 (N, 28, 28, 1), from the test pictures."""
        (mean, spread), (other, wanted) = self._moments(pictures), self._real
        values, vectors = np.linalg.eigh(spread)
        root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T  # rounding leaves tiny negative ones
        shared = np.linalg.eigvalsh(root @ wanted @ root)
        return float(
            ((mean - other) ** 2).sum() + np.trace(spread + wanted) - 2 * np.sqrt(np.maximum(shared, 0)).sum()
        )

    def _moments(self, pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        features = self._features.predict(_read(pictures), batch_size=500, verbose=0).astype(np.float64)
        return features.mean(axis=0), np.cov(features, rowvar=False)


def _read(pictures: np.ndarray) -> np.ndarray:
    return pictures.reshape(len(pictures), 28, 28, 1).astype(np.float32) / 127.5 - 1


def _classifier():
    import keras
    from keras import layers

    keras.utils.set_random_seed(0)
    stack = [keras.Input((28, 28, 1))]
    for pair, maps in enumerate((32, 64, 64)):
        stack += [layers.MaxPooling2D()] if pair else []
        for _ in range(2):
            stack += [layers.Conv2D(maps, 3, padding="same", use_bias=False), layers.BatchNormalization()]
            stack += [layers.ReLU()]
    stack += [layers.GlobalAveragePooling2D(name="features"), layers.Dropout(0.3), layers.Dense(10)]
    model = keras.Sequential(stack)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-3), loss, metrics=["accuracy"])
    return model
