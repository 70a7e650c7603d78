"""Arrays of pictures as bytes: which shapes and values can be meant in one way only, and how they are scaled."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from dcgan.errors import DataError
from dcgan.pictures import empty_array
from dcgan.sources.array_refusals import refusal

_AT_ONCE = 64 * 2**20  # bytes
_SURELY_SIGNED = -0.5  # a float below it is no rounding below 0
_LEGAL_VALUES = "uint8, bool, uint16 from 0 to 65535, or floats from 0 to 1 or from -1 to 1"


def to_bytes(array: np.ndarray, where: str) -> np.ndarray:
    """Return pictures as uint8 of shape ``(N, H, W, C)``.

    Args:
        array: Of shape ``(N, H, W)``, ``(N, H, W, 1)`` or ``(N, H, W, 3)``, and of values that mean one thing.
        where: What it is called, for errors.

    Returns:
        The array itself or a view of it if it is uint8, else a new one; if large, on disk.

    Raises:
        DataError: For other shapes and values.

    >>> to_bytes(np.array([[[0, 257 * 100]]], np.uint16), "x").ravel().tolist()
    [0, 100]
    >>> to_bytes(np.array([[[-1.0, 0, 0.5, 1]]]), "x").ravel().tolist()
    [0, 128, 191, 255]
    """
    _check_shape(array, where)
    if array.ndim == 3:
        array = array[..., np.newaxis]
    if array.dtype == np.uint8:
        return array
    scale = _scale(array, where)
    converted = empty_array(array.shape)
    for start, part in _parts(array):
        converted[start : start + len(part)] = scale(part)
    return converted


def _parts(array: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Yield an array by parts that memory holds, each with the place it starts at."""
    step = max(1, _AT_ONCE // max(1, math.prod(array.shape[1:]) * array.itemsize))
    for start in range(0, len(array), step):
        yield start, array[start : start + step]


def _check_shape(array: np.ndarray, where: str) -> None:
    shape = array.shape
    channels_last = array.ndim == 4 and shape[3] in (1, 3)
    flat_grey = array.ndim == 3 and shape[2] not in (1, 3)
    if (channels_last or flat_grey) and 0 not in shape:
        return
    raise refusal(
        given=shape,
        legal="(N, H, W), (N, H, W, 1) or (N, H, W, 3), each at least 1",
        problem=f"{where} is of shape {shape}.",
        reason="pictures come one after another, rows before columns, and channels last",
        remedy=_remedy_for(shape),
    )


def _remedy_for(shape: tuple[int, ...]) -> str:
    if 0 in shape:
        return "save an array with pictures in it"
    if len(shape) == 4 and shape[1] in (1, 3):
        return "save np.moveaxis(array, 1, -1) in its place: its channels come first"
    if len(shape) == 4 and shape[3] == 4:
        return "save array[..., :3] in its place, or lay it over a background first: its fourth channel is opacity"
    if len(shape) == 3:
        return "save array[np.newaxis] if it is one picture, or array[..., np.newaxis] if all are as narrow as that"
    if len(shape) == 2 and math.isqrt(shape[1]) ** 2 == shape[1]:
        side = math.isqrt(shape[1])
        return (
            f"save array.reshape(-1, {side}, {side}) in its place, if its rows are pictures of {side}x{side}"
        )
    return "reshape it: one picture after another, each (H, W) or (H, W, channels)"


def _scale(array: np.ndarray, where: str) -> Callable[[np.ndarray], np.ndarray]:
    """Return what makes bytes of these values, once they are known to mean one thing.

    Raises:
        DataError: If they do not.
    """
    if array.dtype == np.bool_:
        return lambda part: part * np.uint8(255)
    if array.dtype.kind not in "iuf" or array.dtype.itemsize > 8:
        raise _strange(array, where, "are no numbers from black to white", "save it as one of these")
    least, most = _range(array, where)
    if (array.dtype.kind, array.dtype.itemsize) == ("u", 2) and most > 255:
        return lambda part: ((part.astype(np.uint32) + 128) // 257).astype(np.uint8)
    if array.dtype.kind == "f" and least >= 0 and most <= 1:
        return lambda part: np.rint(part.astype(np.float64) * 255).astype(np.uint8)
    if array.dtype.kind == "f" and -1 <= least <= _SURELY_SIGNED and most <= 1:
        return lambda part: np.rint((part.astype(np.float64) + 1) * 127.5).astype(np.uint8)
    between = f"run from {least:g} to {most:g}"
    if least >= 0 and most <= 255:
        whole = "array.round().astype(np.uint8)" if array.dtype.kind == "f" else "array.astype(np.uint8)"
        meant = f"save {whole} in its place, if 0 is black and 255 is white"
    elif least >= -1 and most <= 1:
        meant = "save array.clip(0, 1) in its place if 0 is black, or (array + 1) / 2 if -1 is"
    else:
        meant = "scale it first, so that black is 0 and white is 1, and save that"
    raise _strange(array, where, between, meant)


def _range(array: np.ndarray, where: str) -> tuple[float, float]:
    least, most = math.inf, -math.inf
    for start, part in _parts(array):
        finite = np.isfinite(part).all(axis=(1, 2, 3))
        if not finite.all():
            first = start + int(np.argmin(finite))
            raise refusal(
                given="nan or inf",
                legal="finite numbers",
                problem=f"{where} holds values that are not numbers, first in picture {first}.",
                reason="from one of them all weights would become not numbers",
                remedy="save it without these pictures: array[np.isfinite(array).all(axis=(1, 2))] of grey ones,"
                " axis=(1, 2, 3) of others",
            )
        least, most = min(least, float(part.min())), max(most, float(part.max()))
    return least, most


def _strange(array: np.ndarray, where: str, problem: str, remedy: str) -> DataError:
    return refusal(
        given=str(array.dtype),
        legal=_LEGAL_VALUES,
        problem=f"the values of {where}, {array.dtype}, {problem}.",
        reason="they could be read in several ways, and a wrong guess would change every picture",
        remedy=remedy,
    )
