"""Where the axes of an input stand, for networks in which no layer says it."""

from __future__ import annotations

from convshape._networks._plain import Kept


class Standing(Kept):
    """The input as it is, with its layout.

    Args:
        data_format: ``"NCHW"`` and the like.
    """

    __slots__ = ("data_format",)
    _fields = ("data_format",)
    data_format: str

    def __init__(self, data_format: str) -> None:
        self._make(data_format=data_format)

    @property
    def kind(self) -> str:
        """What it is."""
        return "Input"

    @property
    def wants(self) -> str:
        """The layout."""
        return self.data_format

    def detail(self, shape: tuple[object, ...]) -> str:
        """Return the layout."""
        return self.data_format
