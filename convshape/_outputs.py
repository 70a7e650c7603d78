"""The set of shapes that one transposed convolution can make of one input."""

from __future__ import annotations

from sys import maxsize

from convshape._errors import Diagnosis, SizeError
from convshape._frozen import Frozen
from convshape._layouts import AXIS_NAMES, assemble, channel_axis, spatial_slice
from convshape._reading import as_entries, as_index, is_name
from convshape._show import INT64_MAX, bare, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from convshape._shapes import Shape, Size


class OutputSet(Frozen):
    """Every legal ``output_shape`` of one transposed convolution, for one input shape.

    Full shapes ``(N, *spatial, C)``, sizes in elements, in growing order. Where a size of the input is not
    known, its range is None, and None stands in its place in every member.

    Attributes:
        batch: The batch of every member.
        ranges: One ``range`` of legal sizes a spatial axis, or None where the input's size is not known.
        channels: The channels of every member.
        data_format: The layout of the members.
        smallest: The smallest size a spatial axis can have whatever the input, one an axis.
        default: The member that ``transpose_output`` gives; None in the one case that it gives none, where
            explicit padding takes that size below 1.

    Examples:
        >>> import convshape as cs
        >>> outputs = cs.transpose_outputs(("N", 8, 8, 64), (5, 5, 32, 64), strides=2)
        >>> outputs
        4 output shapes: (N, 15..16, 15..16, 32), default (N, 16, 16, 32)
        >>> ("N", 15, 16, 32) in outputs, ("N", 14, 16, 32) in outputs
        (True, False)
    """

    __slots__ = ("batch", "channels", "data_format", "default", "ranges", "smallest")
    _fields = ("batch", "ranges", "channels", "data_format", "default", "smallest")
    batch: Size
    ranges: tuple[range | None, ...]
    channels: Size
    data_format: str
    default: Shape | None
    smallest: tuple[int, ...]

    def __init__(
        self,
        batch: Size,
        ranges: tuple[range | None, ...],
        channels: Size,
        data_format: str,
        default: Shape | None,
        smallest: tuple[int, ...],
    ) -> None:
        self._set(
            batch=batch,
            ranges=ranges,
            channels=channels,
            data_format=data_format,
            default=default,
            smallest=smallest,
        )

    def __len__(self) -> int:
        """Return the number of members; an axis of unknown size counts once."""
        count = 1
        for sizes in self.ranges:
            count *= 1 if sizes is None else sizes.stop - sizes.start
        if count > maxsize:
            raise SizeError(
                Diagnosis(
                    "len(OutputSet)",
                    "ranges",
                    given=self.ranges,
                    legal=f"a set of at most {maxsize} members",
                    problem="the set has more members than Python can count in a length.",
                    reason="len() is bounded by sys.maxsize; .ranges and `in` work for a set of any size.",
                )
            )
        return count

    def __iter__(self) -> Iterator[Shape]:
        for spatial in _grown(self.ranges):
            yield assemble(self.batch, spatial, self.channels, self.data_format)

    def __contains__(self, shape: object) -> bool:
        """Tell whether ``shape`` is a full shape that the transposed convolution can make."""
        entries = as_entries(shape)
        if entries is None or len(entries) != len(self.data_format):
            return False
        return (
            self.has_batch(entries[0])
            and _same(entries[channel_axis(self.data_format)], self.channels)
            and all(
                self.has_size(axis, size)
                for axis, size in enumerate(entries[spatial_slice(self.data_format)])
            )
        )

    def has_batch(self, batch: object) -> bool:
        """Tell whether ``batch`` is the members' batch; any batch is, where the input's is not known."""
        if self.batch is not None:
            return _same(batch, self.batch)
        number = as_index(batch)
        return batch is None or is_name(batch) or (number is not None and 0 <= number <= INT64_MAX)

    def has_size(self, axis: int, size: object) -> bool:
        """Tell whether ``size`` is legal on a spatial axis; from a size not known, any that some input reaches."""
        number, sizes = as_index(size), self.ranges[axis]
        if sizes is None:
            return size is None or (number is not None and self.smallest[axis] <= number <= INT64_MAX)
        return number is not None and number in sizes

    def __repr__(self) -> str:
        names = AXIS_NAMES[len(self.ranges)]
        spatial = tuple(
            f"{name} not known" if sizes is None else show(sizes)
            for name, sizes in zip(names, self.ranges, strict=True)
        )
        shape = assemble(bare(self.batch), spatial, bare(self.channels), self.data_format)
        default = "" if self.default is None else f", default {show(self.default)}"
        return f"{self._counted()}: ({', '.join(shape)}){default}"

    def _counted(self) -> str:
        if None in self.ranges:
            return "output shapes"
        count = 1
        for sizes in self.ranges:
            count *= 0 if sizes is None else sizes.stop - sizes.start
        return "1 output shape" if count == 1 else f"{count} output shapes"


def _grown(ranges: tuple[range | None, ...]) -> Iterator[tuple[int | None, ...]]:
    """Yield every choice of one size a range, in growing order; lazily, for a range may be longer than memory."""
    if not ranges:
        yield ()
        return
    for size in (None,) if ranges[0] is None else ranges[0]:
        for rest in _grown(ranges[1:]):
            yield (size, *rest)


def _same(given: object, wanted: Size) -> bool:
    if type(wanted) is int:
        return as_index(given) == wanted
    return given is None if wanted is None else type(given) is str and given == wanted
