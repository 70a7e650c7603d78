"""The latent nearest to a picture: what the generator would have to be given to make it, as nearly as it can."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dcgan.errors import DataError, Diagnosis, RunError
from dcgan.images import grid, save_png
from dcgan.keeping.files import replacing
from dcgan.samples import SCALE, Samples, png
from dcgan.sources.decoding import UnreadableError, read_picture
from dcgan.trained import Trained, check_alone

STARTS = 16  # latents that a search starts from, if there are no more classes


@dataclass(frozen=True, eq=False)
class Inversion:
    """A picture, and the nearest one that a generator was found to make.

    Attributes:
        picture: What was looked for, uint8 of shape ``(H, W, C)``.
        nearest: The nearest picture found, and its latent.
        error: Root of the mean squared difference between them, in grey levels of 255.
        errors: The same for every start, ``(starts,)``: how much the result depended on where the search began.
    """

    picture: np.ndarray
    nearest: Samples
    error: float
    errors: np.ndarray

    @property
    def sheet(self) -> np.ndarray:
        """The picture and the nearest one side by side, uint8 of shape ``(H', W', C)``."""
        return grid(np.concatenate([self.picture[None], self.nearest.array]), 2, scale=SCALE)

    @property
    def latent(self) -> np.ndarray:
        """What the nearest one is made from, float32 of shape ``(latent,)``; its class is behind it, where there are some."""
        return self.nearest.latents[0]

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write both pictures as PNG, and the latent beside them, as ``.npy``.

        Args:
            path: Where the PNG is to be; the latent's name differs in its ending.

        Returns:
            Where the latent is.

        Raises:
            RunError: If one of them cannot be written; each is then as it was, or whole.
        """
        beside = Path(path).with_suffix(".npy")
        save_png(self.sheet, Path(path))
        with replacing(beside) as file:
            np.save(file, self.latent)
        return beside

    def _repr_png_(self) -> bytes:
        return png(self.sheet)


def invert(
    trained: Trained,
    picture: np.ndarray,
    *,
    starts: int | None = None,
    steps: int = 300,
    learning_rate: float = 0.1,
    seed: int = 0,
) -> Inversion:
    """Search for the latent whose picture is nearest to a given one, by least squares over all pixels.

    Adam goes down from several latents at once and the best end is taken. The latent is ``tanh(u)`` of what Adam
    moves, so it stays in the cube that the generator was trained on. Classes are not searched: the starts are of the
    classes of ``trained`` in turn, and each stays in its own.

    Args:
        trained: Whose generator.
        picture: uint8 of the generator's shape ``(H, W, C)``; :func:`read` makes one of a file.
        starts: From how many latents to start, one for each class at least; None for 16, or as many more as there are classes.
        steps: Steps of Adam.
        learning_rate: Its step size.
        seed: Of the starts.

    Returns:
        The nearest picture found, its latent and its error.

    Raises:
        DataError: If the picture has another shape than the generator's.
        RunError: If a number is too small, or the seed is none.
    """
    check_alone(trained, "invert")
    least = max(1, len(trained.classes))
    starts = max(STARTS, least) if starts is None else starts
    _check_number("starts", starts, range(least, 10_001), max(STARTS, least))
    _check_number("steps", steps, range(1, 1_000_001), 300)
    _check(trained, picture, learning_rate)
    begin = trained.latents(starts, seed)
    import keras
    import tensorflow as tf

    wanted = tf.constant(picture[None].astype(np.float32) / 127.5 - 1)
    size = trained.run.config.latent
    u = tf.Variable(begin[:, :size])
    optimizer = keras.optimizers.Adam(float(learning_rate))  # Keras takes no int
    optimizer.build([u])

    def inputs() -> tf.Tensor:
        return tf.concat([tf.tanh(u), begin[:, size:]], axis=1)

    def distances() -> tf.Tensor:
        made = trained.generator.forward(inputs(), training=False)
        return tf.reduce_mean(tf.square(made - wanted), axis=[1, 2, 3])

    @tf.function(autograph=False)  # nothing in it branches on a tensor
    def step() -> None:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(u)
            total = tf.reduce_sum(
                distances()
            )  # of each start by itself: none has a part in another's gradient
        optimizer.apply_gradients([(tape.gradient(total, u), u)])

    for _ in range(steps):
        step()
    ends = trained.paint(inputs().numpy())
    difference = ends.array.astype(np.float64) - picture
    errors = np.sqrt(np.mean(difference**2, axis=(1, 2, 3)))
    best = int(errors.argmin())
    return Inversion(picture, ends[best : best + 1], float(errors[best]), errors)


def read(trained: Trained, path: str | os.PathLike[str], fit: str = "crop") -> np.ndarray:
    """Read a picture from a file, and bring it to the size and the channels that a generator makes.

    Args:
        trained: Whose generator.
        path: The file, in any format that pictures to train on may have.
        fit: How, where its size is another: ``"crop"``, ``"pad"`` or ``"stretch"``.

    Returns:
        uint8 of shape ``(H, W, C)``.

    Raises:
        DataError: If it is not there, or cannot be read as a picture.
    """
    try:
        return read_picture(Path(path), trained.run.image_shape, fit)
    except UnreadableError as error:
        raise DataError(
            Diagnosis(
                "invert",
                "picture",
                given=str(path),
                legal="a picture: jpg, png, bmp, gif, webp, tiff and more",
                problem=f"{path} cannot be read as a picture: {error}.",
                reason="its pixels are what the generator is to come near to",
                remedy="name a picture that opens in a viewer",
            )
        ) from error


def _check_number(name: str, number: int, legal: range, instead: int) -> None:
    if not isinstance(number, int) or isinstance(number, bool) or number not in legal:
        reason = "starts and steps are counted, and each class has a start at least"
        raise _wrong(name, number, legal, reason, instead)


def _check(trained: Trained, picture: np.ndarray, learning_rate: float) -> None:
    shape = trained.run.image_shape
    if not isinstance(picture, np.ndarray) or picture.dtype != np.uint8 or picture.shape != shape:
        what = (
            f"{picture.dtype} of shape {picture.shape}"
            if isinstance(picture, np.ndarray)
            else type(picture).__name__
        )
        raise DataError(
            Diagnosis(
                "invert",
                "picture",
                given=what,
                legal=f"uint8 of shape {shape}",
                problem=f"the picture is {what}.",
                reason=f"it is compared with those that the generator of {trained.run.folder} makes",
                remedy="dcgan.uses.inversion.read reads a file and brings it to that size",
            )
        )
    number = isinstance(learning_rate, int | float) and not isinstance(learning_rate, bool)
    if not number or not 0 < learning_rate < 100:
        raise _wrong(
            "learning_rate", learning_rate, "a number above 0, below 100", "Adam moves by about so much", 0.1
        )


def _wrong(argument: str, given: object, legal: object, reason: str, instead: object) -> RunError:
    option = "--" + argument.replace("_", "-")
    return RunError(
        Diagnosis(
            "invert",
            argument,
            given=given,
            legal=legal,
            problem=f"{argument} cannot be {given!r}.",
            reason=reason,
            fix={option: instead},
        )
    )
