"""One picture, made to fit: eight bits a channel, the wanted channels, the wanted size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

from dcgan.errors import DataError, Diagnosis

FITS = ("crop", "pad", "stretch")
_SMOOTH = Image.Resampling.LANCZOS
_GREY_MODES = ("1", "L", "LA", "La", "I", "I;16", "I;16B", "I;16L", "I;16N")


@dataclass(frozen=True)
class Wanted:
    """What the caller asked of the pictures; ``None`` leaves them as they are.

    Attributes:
        image_size: Height and width in pixels, in this order.
        fit: How a picture of another shape is brought to ``image_size``. ``"crop"``: enlarged or reduced
            until it covers the size, then cut to its centre. ``"pad"``: until it fits inside, then set on
            black. ``"stretch"``: each side by itself. All of them by Pillow's Lanczos filter.
        channels: 1 (grey) or 3 (red, green, blue).

    Raises:
        DataError: If one of the three is not legal.
    """

    image_size: tuple[int, int] | None = None
    fit: str = "crop"
    channels: int | None = None

    def __post_init__(self) -> None:
        if self.image_size is not None and not _is_size(self.image_size):
            raise DataError(
                Diagnosis(
                    "load",
                    "image_size",
                    given=self.image_size,
                    legal="(height, width), two ints of at least 1",
                    problem=f"image_size {self.image_size!r} is not a height and a width.",
                    reason="every picture is brought to one size in whole pixels",
                    fix={"--image-size": "64x64"},
                )
            )
        if self.fit not in FITS:
            raise _not_one_of("fit", self.fit, FITS, "a picture is cut, set on black, or stretched", "crop")
        if self.channels not in (None, 1, 3) or isinstance(self.channels, bool):
            reason = "pictures are grey (1) or red, green and blue (3)"
            raise _not_one_of("channels", self.channels, (None, 1, 3), reason, 3)


def is_grey(image: Image.Image) -> bool:
    """Return whether a picture says of itself that it has no colour: a grey mode, or a palette of greys.

    A picture stored in colour counts as colour, even if its three channels happen to be equal.
    """
    if image.mode != "P":
        return image.mode in _GREY_MODES
    palette = np.reshape(image.getpalette("RGB"), (-1, 3))
    return bool((palette == palette[:, :1]).all())


def fit(image: Image.Image, shape: tuple[int, int, int], how: str = "crop") -> np.ndarray:
    """Return a picture as uint8 of ``shape`` ``(H, W, C)``, C being 1 or 3.

    Transparent parts are laid over white, 16-bit grey keeps its upper 8 bits (rounded), and colour becomes
    grey by the luma of ITU-R 601. A picture that has the size already keeps its very values.

    Args:
        image: An opened picture of any of Pillow's modes.
        shape: Height, width and channels to bring it to.
        how: One of ``"crop"``, ``"pad"``, ``"stretch"``; see :class:`Wanted`.

    Raises:
        ValueError: If the picture's mode has no stated black and white, or Pillow cannot convert it.

    >>> fit(Image.new("RGBA", (3, 2), (0, 0, 0, 0)), (2, 3, 1)).tolist()
    [[[255], [255], [255]], [[255], [255], [255]]]
    >>> fit(Image.new("F", (3, 2)), (2, 3, 1))
    Traceback (most recent call last):
        ...
    ValueError: 32-bit pixels have no stated black and white
    """
    height, width, channels = shape
    image = _eight_bits(image).convert("L" if channels == 1 else "RGB")
    if image.size != (width, height):
        if how == "crop":
            image = ImageOps.fit(image, (width, height), _SMOOTH)
        elif how == "pad":
            image = ImageOps.pad(image, (width, height), _SMOOTH)
        else:
            image = image.resize((width, height), _SMOOTH)
    return np.asarray(image).reshape(shape)


def _eight_bits(image: Image.Image) -> Image.Image:
    if image.mode == "F" or (image.mode == "I" and image.format != "PPM"):
        raise ValueError("32-bit pixels have no stated black and white")
    if image.mode.startswith("I"):  # 0 to 65535, which Pillow's own conversion would cut off at 255
        return Image.fromarray(((np.asarray(image).astype(np.uint32) + 128) // 257).astype(np.uint8))
    if image.has_transparency_data:
        sheet = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(sheet, image.convert("RGBA")).convert("L" if is_grey(image) else "RGB")
    return image


def _is_size(size: object) -> bool:
    if not isinstance(size, tuple) or len(size) != 2:
        return False
    return all(isinstance(side, int) and not isinstance(side, bool) and side >= 1 for side in size)


def _not_one_of(
    argument: str, given: object, legal: tuple[object, ...], reason: str, instead: object
) -> DataError:
    return DataError(
        Diagnosis(
            "load",
            argument,
            given=given,
            legal=", ".join(repr(one) for one in legal),
            problem=f"{argument} cannot be {given!r}.",
            reason=reason,
            fix={argument: instead},
        )
    )
