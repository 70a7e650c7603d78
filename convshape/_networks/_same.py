"""Layers that keep a shape, and know beforehand for which channels they were made."""

from __future__ import annotations

from convshape._errors import ChannelError
from convshape._networks._moves import STAY, Move
from convshape._networks._normal import BatchNorm
from convshape._networks._plain import Kept
from convshape._refusals import Refusal, Suggestion
from convshape._show import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._networks._block import Weights
    from convshape._shapes import Shape


class BatchNormOf(BatchNorm):
    """Batch normalisation made for a number of channels, which stand at position 1, as in PyTorch and ONNX.

    Args:
        features: The channels.
        center: Whether it learns a shift a channel.
        scale: Whether it learns a factor a channel.
        running: Whether it keeps mean and variance.
    """

    __slots__ = ("features", "running")
    _fields = ("features", "center", "scale", "running")  # type: ignore[assignment]
    features: int
    running: bool

    def __init__(self, features: int, center: bool = True, scale: bool = True, running: bool = True) -> None:
        self._make(features=features, center=center, scale=scale, running=running)

    @property
    def kind(self) -> str:
        """A batch normalisation like others."""
        return "BatchNorm"

    def settle(self) -> None:
        """The reader has read all arguments."""

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the input's shape, or refuse other channels."""
        shape = shapes[0]
        channels = shape[1] if len(shape) > 1 else None
        if isinstance(channels, int) and channels != self.features:
            raise Refusal(
                "features",
                given=self.features,
                problem=f"it is made for {self.features} channels, but the input {show(shape)} has {channels}.",
                legal=show(channels),
                reason="a batch normalisation keeps mean and variance of each channel, so their number is fixed.",
                kind=ChannelError,
                suggestions=(Suggestion({"features": channels}, "what arrives"),),
            )
        return shape

    def weights(self, shape: Shape, layout: str | None) -> Weights:
        """Return scale and shift, one number a channel."""
        names = (*(("gamma",) if self.scale else ()), *(("beta",) if self.center else ()))
        return dict.fromkeys(names, (self.features,))

    def statistics(self, shape: Shape, layout: str | None) -> int:
        """Return the running mean and variance of every channel."""
        return 2 * self.features if self.running else 0

    def detail(self, shape: Shape) -> str:
        """Return the channels."""
        return f"{self.features}"


class Same(Kept):
    """A layer that changes no size and says what it learns.

    Args:
        name: What it is, for tables.
        note: Its numbers in a few words.
        learned: Names and shapes of what it learns.
        fits: Positions, from the end where negative, and the sizes that they must have.
        kept: How many numbers it keeps without learning them.
    """

    __slots__ = ("fits", "kept", "learned", "name", "note")
    _fields = ("name", "note", "learned", "fits", "kept")
    name: str
    note: str
    learned: tuple[tuple[str, tuple[int, ...]], ...]
    fits: tuple[tuple[int, int], ...]
    kept: int

    def __init__(
        self,
        name: str,
        note: str = "",
        learned: tuple[tuple[str, tuple[int, ...]], ...] = (),
        fits: tuple[tuple[int, int], ...] = (),
        kept: int = 0,
    ) -> None:
        self._make(name=name, note=note, learned=learned, fits=fits, kept=kept)

    @property
    def kind(self) -> str:
        """What it is."""
        return self.name

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return the input's shape, or refuse one that it was not made for."""
        shape = list(shapes[0])
        for place, wanted in self.fits:
            if not -len(shape) <= place < len(shape) or shape[place] not in (wanted, None):
                raise Refusal(
                    "input_shape",
                    given=shapes[0],
                    problem=f"the input {show(shapes[0])} has not {wanted} at position {place % max(1, len(shape))}.",
                    legal=f"{wanted} there",
                    reason=f"{self.name} is made for {show(tuple(size for _, size in self.fits))}.",
                    kind=ChannelError,
                )
            shape[place] = wanted
        return tuple(shape)

    def moves(self, shape: Shape, layout: str) -> tuple[Move, ...] | None:
        """Return that every size stays, unless one is fixed."""
        spots = range(2, len(shape))
        return None if any(place % len(shape) in spots for place, _ in self.fits) else (STAY,) * len(spots)

    def weights(self, shape: Shape, layout: str | None) -> Weights:
        """Return what is learned."""
        return dict(self.learned)

    def statistics(self, shape: Shape, layout: str | None) -> int:
        """Return how many numbers are kept."""
        return self.kept

    def detail(self, shape: Shape) -> str:
        """Return its numbers."""
        return self.note
