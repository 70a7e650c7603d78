"""What every spec is: a value, checked once when made, that is called with a shape."""

from __future__ import annotations

from convshape._frozen import Frozen
from convshape._layouts import channel_axis, spatial_slice
from convshape._mending import mend
from convshape._rank_disputes import rank_dispute
from convshape._refusals import Refusal
from convshape._shapes import INPUT
from convshape._show import INT64_MAX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from convshape._paddings import Padding
    from convshape._shapes import Shape, Size
    from convshape._types import ShapeLike


class Spec(Frozen):
    """What all specs share: they are called with a shape, and know where its axes stand."""

    __slots__ = (
        "_channel",
        "_length",
        "_lines",
        "_spatial",
        "data_format",
        "dilations",
        "padding",
        "strides",
    )
    data_format: str
    strides: tuple[int, ...]
    padding: Padding
    dilations: tuple[int, ...]
    _length: int
    _spatial: slice
    _channel: int
    # per spatial axis: smallest and largest size that the quick path takes, then its formula's two numbers
    _lines: tuple[tuple[int, int, int, int], ...]

    def _place(self, data_format: str) -> None:
        self._set(
            data_format=data_format,
            _length=len(data_format),
            _spatial=spatial_slice(data_format),
            _channel=channel_axis(data_format),
        )

    @classmethod
    def checked(cls, **arguments: object) -> Spec:
        """Return a spec from raw arguments, or raise the bare ``Refusal``: the check without the mending."""
        spec = object.__new__(cls)
        spec.fill(**arguments)
        return spec

    def fill(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - each spec names its own
        """Check the arguments and set the fields; once, when the spec is made."""
        raise NotImplementedError

    def output(self, input_shape: object) -> Shape:
        """Return the output shape or raise the bare ``Refusal``."""
        raise NotImplementedError

    def __call__(self, input_shape: ShapeLike) -> Shape:
        """Return the output shape for ``input_shape``, both ``(N, *spatial, C)`` in this spec's layout.

        Args:
            input_shape: Sizes in elements; None where not known; the batch may be a name.

        Raises:
            ShapeError: The shape does not fit this spec; the error names a fix that has been checked.
        """
        try:
            return self.output(input_shape)
        except Refusal as refusal:
            arguments = {**self._given(), "input_shape": input_shape}
            raise mend(type(self).__name__, type(self).answer, arguments, refusal) from None

    def _typed(self) -> str | None:
        from convshape._typed import call_of

        return call_of(self)

    @classmethod
    def answer(cls, input_shape: object, **fields: object) -> Shape:
        """Return what a spec of these fields makes of a shape, or raise the bare ``Refusal``."""
        return cls.checked(**fields).output(input_shape)

    def smallest_inputs(self) -> tuple[int, ...]:
        """Return the smallest size that fits, for each spatial axis."""
        return tuple(line[0] for line in self._lines)

    def channels_of(self, shape: Shape) -> Size:
        """Return the channels of a shape in this spec's layout."""
        return shape[self._channel]

    def spatial_of(self, shape: Shape) -> Shape:
        """Return the spatial sizes of a shape in this spec's layout."""
        return shape[self._spatial]

    def _entries(self, input_shape: object, channels: Size, whose: str) -> Shape:
        entries = INPUT.entries(input_shape)
        if len(entries) != self._length:
            raise rank_dispute(entries, self.data_format, channels, whose)
        return INPUT.read(entries)


def is_batch(batch: object) -> bool:
    if type(batch) is int:
        return 0 <= batch <= INT64_MAX
    return batch is None or (type(batch) is str and batch.isidentifier())
