"""Normalisations: they change no size, and learn a scale and a shift a channel."""

from __future__ import annotations

from convshape._arguments import read_flag
from convshape._layouts import channel_axis
from convshape._networks._plain import Kept

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._networks._block import Weights
    from convshape._shapes import Shape


class _Normalised(Kept):
    """What all normalisations have: a scale and a shift a channel, each if it is asked for."""

    __slots__ = ("center", "scale")
    _fields = ("center", "scale")
    center: bool
    scale: bool

    def __init__(self, center: bool = True, scale: bool = True) -> None:
        self._make(center=center, scale=scale)

    def settle(self) -> None:
        """Check that both switches are switches."""
        for name in self._fields:
            read_flag(name, getattr(self, name))

    def weights(self, shape: Shape, layout: str | None) -> Weights:
        """Return scale and shift, one number a channel."""
        channels = shape[-1 if layout is None else channel_axis(layout)]
        if not isinstance(channels, int):
            return {}
        names = (*(("gamma",) if self.scale else ()), *(("beta",) if self.center else ()))
        return dict.fromkeys(names, (channels,))


class BatchNorm(_Normalised):
    """Batch normalisation over all axes but the channels: changes no size.

    Args:
        center: Whether it learns a shift a channel.
        scale: Whether it learns a factor a channel.

    Raises:
        ShapeError: An argument is no switch.

    Examples:
        >>> import convshape as cs
        >>> cs.Chain([cs.layers.BatchNorm()]).trace(("N", 8, 8, 3)).parameters
        6
        >>> cs.layers.BatchNorm(scale=3)
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: BatchNorm: scale is 3.
          legal: (False, True)
          because: it is a switch: True or False.
          fix: scale=True
          or: scale=False
    """

    __slots__ = ()

    def statistics(self, shape: Shape, layout: str | None) -> int:
        """Return the running mean and variance of every channel."""
        channels = shape[-1 if layout is None else channel_axis(layout)]
        return 2 * channels if isinstance(channels, int) else 0


class LayerNorm(_Normalised):
    """Layer or group normalisation with a scale and a shift a channel: changes no size.

    Args:
        center: Whether it learns a shift a channel.
        scale: Whether it learns a factor a channel.

    Raises:
        ShapeError: An argument is no switch.

    Examples:
        >>> import convshape as cs
        >>> cs.Chain([cs.layers.LayerNorm()])(("N", 8, 8, 3))
        ('N', 8, 8, 3)
        >>> cs.layers.LayerNorm(center="no")
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: LayerNorm: center is the string "no".
          legal: (False, True)
          because: it is a switch: True or False.
          fix: center=False
    """

    __slots__ = ()
