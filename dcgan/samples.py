"""Pictures that a generator has made, with the latents that they were made from: shown in a notebook, saved in one line."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from dcgan.images import columns, grid, save_png

SCALE = 2  # a pixel becomes a square of this side on a sheet, as on the sheets of a run


@dataclass(frozen=True, eq=False)
class Samples:
    """Pictures, and what they were made from. As the last line of a notebook's cell they show themselves.

    Attributes:
        array: The pictures, uint8 of shape ``(N, H, W, C)``, read-only; C is 1 (grey) or 3 (colour).
        latents: What each was made from, float32 of shape ``(N, latent)``, read-only; with classes, as
            ``(N, latent + classes)``, a one in the place of the class.
        classes: The class of each, by name; empty where there are none.

    >>> samples = Samples(np.zeros((5, 8, 6, 1), np.uint8), np.zeros((5, 100), np.float32))
    >>> samples
    <5 samples of 8x6x1>
    >>> len(samples[:2]), samples.sheet.shape
    (2, (38, 44, 1))
    """

    array: np.ndarray
    latents: np.ndarray
    classes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.array) != len(self.latents):
            raise TypeError(f"{len(self.array)} pictures were not made from {len(self.latents)} latents")
        for name in ("array", "latents"):
            view = getattr(self, name).view()
            view.setflags(write=False)
            object.__setattr__(self, name, view)

    @property
    def sheet(self) -> np.ndarray:
        """All of them on one sheet, uint8 of shape ``(H', W', C)``, each pixel a square of four.

        It has a column for each class, and without classes is about as wide as it is high.
        """
        return grid(self.array, columns(tuple(dict.fromkeys(self.classes))), scale=SCALE)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the sheet as PNG, replacing what is there, whole or not at all.

        Args:
            path: A name that ends in ``.png``, in a folder that exists.

        Raises:
            RunError: If it cannot be written, or its name ends otherwise.
        """
        save_png(self.sheet, Path(path))

    def __getitem__(self, which: slice) -> Samples:
        """Return some of them."""
        if not isinstance(which, slice):
            raise TypeError(
                "samples[2:5] are samples; one picture is samples.array[2], its latent samples.latents[2]"
            )
        return Samples(self.array[which], self.latents[which], self.classes[which])

    def __iter__(self) -> Iterator[np.ndarray]:
        return iter(self.array)

    def __len__(self) -> int:
        return len(self.array)

    def __repr__(self) -> str:
        return f"<{len(self)} samples of {'x'.join(map(str, self.array.shape[1:]))}>"

    def _repr_png_(self) -> bytes:
        return png(self.sheet)


def png(picture: np.ndarray) -> bytes:
    """Return a picture as the bytes of a PNG file.

    Args:
        picture: uint8 of shape ``(H, W, C)``, C being 1 or 3.

    >>> png(np.zeros((2, 3, 1), np.uint8))[1:4]
    b'PNG'
    """
    file = io.BytesIO()
    Image.fromarray(picture[:, :, 0] if picture.shape[2] == 1 else picture).save(file, format="PNG")
    return file.getvalue()
