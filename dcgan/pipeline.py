"""Batches for training, in an order that depends on the seed and the step alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from dcgan.ahead import one_ahead
from dcgan.errors import DataError, Diagnosis
from dcgan.pictures import Pictures

if TYPE_CHECKING:
    import tensorflow as tf


_MIRROR = 0x6D697272  # sets these draws apart from those of the order, which have two numbers


def epoch_order(count: int, seed: int, epoch: int) -> np.ndarray:
    """Return the order in which ``count`` pictures are shown in an epoch: a permutation of ``range(count)``.

    A pure function of its arguments, so any epoch can be entered without living through those before it.

    >>> sorted(epoch_order(5, seed=1, epoch=0).tolist())
    [0, 1, 2, 3, 4]
    """
    return np.random.default_rng([seed, epoch]).permutation(count)


def mirrored(count: int, seed: int, step: int) -> np.ndarray:
    """Return which of the ``count`` places of a step's batch show their picture mirrored: half of them, by chance.

    A pure function of its arguments, as ``epoch_order`` is.

    >>> mirrored(6, seed=1, step=0).tolist()
    [False, True, True, True, True, True]
    """
    return np.random.default_rng([seed, step, _MIRROR]).random(count) < 0.5


def batches(
    pictures: Pictures, batch_size: int, seed: int, *, start_step: int = 0, flip: bool = False
) -> Iterator[tf.Tensor]:
    """Return an endless iterator of batches, float32 in [-1, 1] of shape ``(batch_size, H, W, C)``.

    Every epoch shows the pictures in a new order, each at most once; what is left over after the last full
    batch is dropped from that epoch. Step ``n`` shows the same pictures wherever the stream began. The next
    batch is made ready in another thread while the current one is trained on.

    Args:
        pictures: What to show; their bytes are not copied.
        batch_size: Pictures per batch.
        seed: Of the order, at least 0.
        start_step: The step to begin at, counted from 0 in batches; nothing before it is computed.
        flip: Whether to show half of the pictures mirrored, left and right, as :func:`mirrored` says.

    Raises:
        DataError: If there are too few pictures for one batch, or a number is not a whole one, or too small.

    >>> digits = Pictures(np.full((7, 2, 2, 1), 255, np.uint8), "white")
    >>> next(batches(digits, 1, seed=0)).numpy().ravel().tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    return (batch for batch, _ in _begin(pictures, batch_size, seed, start_step, flip))


def labelled_batches(
    pictures: Pictures, batch_size: int, seed: int, *, start_step: int = 0, flip: bool = False
) -> Iterator[tuple[tf.Tensor, tf.Tensor]]:
    """Return :func:`batches`, each with the classes of its pictures beside it, int32 of shape ``(batch_size,)``.

    Args:
        pictures: What to show; they have labels.
        batch_size: As of :func:`batches`, and so are the others.
        seed: Of the order.
        start_step: The step to begin at.
        flip: Whether to show half of the pictures mirrored.

    Raises:
        DataError: As :func:`batches` does.
        TypeError: If the pictures have no labels.

    >>> pair = Pictures(
    ...     np.zeros((2, 2, 2, 1), np.uint8), "pair", labels=np.array([1, 1]), classes=("cat", "dog")
    ... )
    >>> next(labelled_batches(pair, 2, seed=0))[1].numpy().tolist()
    [1, 1]
    """
    import tensorflow as tf

    if pictures.labels is None:
        raise TypeError(f"{pictures!r} has no labels")
    labels = pictures.labels
    return (
        (batch, tf.constant(labels[chosen]))
        for batch, chosen in _begin(pictures, batch_size, seed, start_step, flip)
    )


def _begin(
    pictures: Pictures, batch_size: int, seed: int, start_step: int, flip: bool
) -> Iterator[tuple[tf.Tensor, np.ndarray]]:
    for argument, number, least in (
        ("batch_size", batch_size, 1),
        ("seed", seed, 0),
        ("start_step", start_step, 0),
    ):
        _check_whole(argument, number, least)
    if len(pictures) < batch_size:
        raise _too_few(pictures, batch_size)
    return _as_tensors(_gather(pictures.array, batch_size, seed, start_step, flip))


def _as_tensors(stream: Iterator[tuple[np.ndarray, np.ndarray]]) -> Iterator[tuple[tf.Tensor, np.ndarray]]:
    import tensorflow as tf

    for batch, chosen in one_ahead(stream):
        yield tf.constant(batch), chosen


def _gather(
    array: np.ndarray, batch_size: int, seed: int, start_step: int, flip: bool
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield batches as floats, and which of the pictures they are of."""
    number = count(start_step)
    epoch, step = divmod(start_step, len(array) // batch_size)
    while True:
        order = epoch_order(len(array), seed, epoch)
        for start in range(step * batch_size, len(array) - batch_size + 1, batch_size):
            chosen = order[start : start + batch_size]
            batch = array[chosen].astype(np.float32)
            if flip:
                places = mirrored(batch_size, seed, next(number))
                batch[places] = batch[places, :, ::-1]
            batch /= 127.5
            batch -= 1
            yield batch, chosen
        epoch, step = epoch + 1, 0


def _check_whole(argument: str, number: object, least: int) -> None:
    if isinstance(number, (int, np.integer)) and not isinstance(number, bool) and number >= least:
        return
    raise DataError(
        Diagnosis(
            "batches",
            argument,
            given=number,
            legal=f"an int of at least {least}",
            problem=f"{argument} {number!r} is not a whole number of at least {least}.",
            reason="batches, seeds and steps are counted",
            fix={argument: least},
        )
    )


def _too_few(pictures: Pictures, batch_size: int) -> DataError:
    return DataError(
        Diagnosis(
            "batches",
            "batch_size",
            given=batch_size,
            legal=range(1, len(pictures) + 1),
            problem=f"a batch needs {batch_size} pictures, and {pictures.name} has {len(pictures)}.",
            reason="every batch is full: batch norm's statistics and the loss are over pictures that differ",
            fix={"--batch-size": len(pictures)},
        )
    )
