"""What would reach an output size that a transposed convolution cannot make: another size, input, stride or padding."""

from __future__ import annotations

from convshape._layouts import AXIS_NAMES, assemble
from convshape._paddings import WORDS, before_and_after
from convshape._refusals import Suggestion
from convshape._show import INT64_MAX, show
from convshape._sizes import forward_size, strides_reaching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._outputs import OutputSet
    from convshape._shapes import Shape
    from convshape._transposed import ConvTranspose


class Remedies:
    """The ways to one wanted ``output_shape`` whose spatial sizes do not fit.

    Args:
        spec: The transposed convolution.
        shape: Its input's shape.
        legal: What it can make of that.
        wanted: The wanted shape; batch and channels are right.
    """

    __slots__ = ("legal", "shape", "sizes", "sources", "spec", "wanted")

    def __init__(self, spec: ConvTranspose, shape: Shape, legal: OutputSet, wanted: Shape) -> None:
        self.spec = spec
        self.shape = shape
        self.legal = legal
        self.wanted = wanted
        self.sources = spec.spatial_of(shape)
        self.sizes = spec.spatial_of(wanted)

    def in_words(self, axis: int, size: int) -> str:
        """Return which input size or stride would reach ``size`` on a spatial axis; empty if none would."""
        source, strides, parts = self._source_for(axis, size), self._strides_for(axis, size), []
        if source is not None:
            parts.append(f"an input {AXIS_NAMES[len(self.sizes)][axis]} of {source}")
        if strides:
            parts.append(f"stride {show(strides)}")
        return ", or ".join(parts)

    def suggestions(self, axis: int, size: int) -> list[Suggestion]:
        """Return what may mend the call, likeliest first; ``axis`` is the first that does not fit.

        A size that is a multiple of the input's, out of reach, is likelier a forgotten stride than a slip.
        """
        source = self.sources[axis]
        multiple = isinstance(source, int) and size > self._range(axis).stop - 1 and size % source == 0
        first, last = (self._stride(), self._nearest()) if multiple else (self._nearest(), self._stride())
        others = [word for word in WORDS if word != self.spec.padding]
        repadded = [Suggestion({"padding": word}, f"if {word} is meant") for word in others]
        return [*first, *self._source(), *last, *repadded]

    def _range(self, axis: int) -> range:
        """Return the legal sizes of an axis; from an input size not known, all that some input reaches."""
        sizes = self.legal.ranges[axis]
        return range(self.legal.smallest[axis], INT64_MAX + 1) if sizes is None else sizes

    def _fits(self, axis: int) -> bool:
        return self.legal.has_size(axis, self.sizes[axis])

    def _source_for(self, axis: int, size: int) -> int | None:
        """Return the input size from which this axis reaches ``size``, if there is one."""
        reach = self.spec.reach(axis)
        return forward_size(size, reach, self.spec.strides[axis]) if size >= max(1, reach) else None

    def _strides_for(self, axis: int, size: int) -> range:
        source = self.sources[axis]
        if not isinstance(source, int):
            return range(0)
        padding = before_and_after(self.spec.padding, axis)
        return strides_reaching(source, size, padding, self.spec.extent(axis))

    def _nearest(self) -> list[Suggestion]:
        spatial = []
        for axis, size in enumerate(self.sizes):
            legal = self._range(axis)
            spatial.append(sorted((legal.start, size, legal.stop - 1))[1])  # type: ignore[type-var]
        shape = assemble(
            self.wanted[0], tuple(spatial), self.spec.channels_of(self.wanted), self.spec.data_format
        )
        return [Suggestion({"output_shape": shape}, "the nearest legal size")]

    def _source(self) -> list[Suggestion]:
        sources = tuple(
            source if self._fits(axis) else self._source_for(axis, size)  # type: ignore[arg-type]
            for axis, (source, size) in enumerate(zip(self.sources, self.sizes, strict=True))
        )
        if None in sources and None not in self.sources:
            return []
        shape = assemble(self.shape[0], sources, self.spec.channels_of(self.shape), self.spec.data_format)
        return [Suggestion({"input_shape": shape}, "an input that reaches it")]

    def _stride(self) -> list[Suggestion]:
        strides = []
        for axis, (source, size) in enumerate(zip(self.sources, self.sizes, strict=True)):
            reaching = self._strides_for(axis, size)  # type: ignore[arg-type]
            if self._fits(axis):
                strides.append(self.spec.strides[axis])
            elif reaching:
                exact = size // source  # type: ignore[operator]
                strides.append(exact if exact in reaching else reaching.start)
            else:
                return []
        return [Suggestion({"strides": tuple(strides)}, "strides that reach it")]
