"""Where batch, channels and the spatial axes stand, and how filters are laid out."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    T = TypeVar("T")

LAYOUTS = {
    1: ("NWC", "NCW"),
    2: ("NHWC", "NCHW"),
    3: ("NDHWC", "NCDHW"),
}
KNOWN = tuple(name for pair in LAYOUTS.values() for name in pair)
AXIS_NAMES = {1: ("width",), 2: ("height", "width"), 3: ("depth", "height", "width")}
# What the channels of a picture are, by which they are known when they stand somewhere else.
PICTURE_CHANNELS = (1, 3, 4)


def channels_first(data_format: str) -> bool:
    """Return whether the channels stand right after the batch."""
    return data_format[1] == "C"


def channel_axis(data_format: str) -> int:
    """Return the position of the channels in a shape of this layout."""
    return 1 if channels_first(data_format) else len(data_format) - 1


def spatial_slice(data_format: str) -> slice:
    """Return where the spatial axes stand in a shape of this layout."""
    return slice(2, None) if channels_first(data_format) else slice(1, len(data_format) - 1)


def assemble(batch: T, spatial: tuple[T, ...], channels: T, data_format: str) -> tuple[T, ...]:
    """Return a full shape of this layout from its parts."""
    if channels_first(data_format):
        return (batch, channels, *spatial)
    return (batch, *spatial, channels)


def pattern(data_format: str) -> str:
    """Return the layout in words: ``(N, height, width, C)``."""
    names = AXIS_NAMES[len(data_format) - 2]
    return "(" + ", ".join(assemble("N", names, "C", data_format)) + ")"


def filter_pattern(rank: int, *, transposed: bool) -> str:
    """Return a filter's layout in words: ``(height, width, in, out)``, out before in when transposed."""
    return "(" + ", ".join((*AXIS_NAMES[rank], *(("out", "in") if transposed else ("in", "out")))) + ")"
