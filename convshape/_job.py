"""What a target is asked to say: one layer, checked, with all that a writer may want to know of it."""

from __future__ import annotations

from convshape._conv import Conv
from convshape._frozen import Frozen
from convshape._geometry import forward_geometry, transposed_geometry
from convshape._layouts import assemble, spatial_slice
from convshape._refusals import Refusal, Suggestion
from convshape._transposed import ConvTranspose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from convshape._geometry import Geometry
    from convshape._shapes import Shape
    from convshape._steps import Step

TARGETS = ("tensorflow", "keras", "torch", "jax", "onnx")


class Job(Frozen):
    """One layer to be written for a framework.

    Attributes:
        spec: The layer.
        to: The framework.
        data_format: The layout that its tensors shall have there.
        sizes: The input's spatial sizes as far as they are known; None where no shape was given.
        batch: The input's batch, where a shape was given.
        geometry: Where the taps fall.
    """

    __slots__ = ("batch", "data_format", "geometry", "sizes", "spec", "to")
    _fields = ("spec", "to", "data_format", "sizes", "batch")
    spec: Conv | ConvTranspose
    to: str
    data_format: str
    sizes: Shape | None
    batch: int | str | None
    geometry: Geometry

    def __init__(
        self,
        spec: Conv | ConvTranspose,
        to: str,
        data_format: str,
        sizes: Shape | None,
        batch: int | str | None,
    ) -> None:
        geometry = (
            transposed_geometry(spec) if isinstance(spec, ConvTranspose) else forward_geometry(spec, sizes)
        )
        self._set(
            spec=spec,
            to=to,
            data_format=data_format,
            sizes=sizes,
            batch=batch,
            geometry=geometry,
        )

    @property
    def rank(self) -> int:
        """Number of spatial axes."""
        return len(self.data_format) - 2

    @property
    def groups(self) -> int:
        """Into how many groups the channels are split."""
        return self.spec.groups

    @property
    def channels(self) -> tuple[int, int]:
        """Channels of input and output."""
        *_, one, other = self.spec.filter_shape
        both = (other, one * self.spec.groups)
        return both if isinstance(self.spec, ConvTranspose) else (one * self.spec.groups, other)

    @property
    def dilated(self) -> bool:
        """Whether any axis of the kernel is spread."""
        return max(self.spec.dilations) > 1

    def output_sizes(self) -> Shape:
        """Return the spatial sizes of the output; a shape must have been given."""
        spec = self.spec
        channels = self.channels[0]
        shape = spec.output(assemble(self.batch, self.sizes or (), channels, spec.data_format))
        return shape[spatial_slice(spec.data_format)]

    def cannot(self, problem: str, reason: str, legal: str = "") -> Refusal:
        """Return the refusal of a layer that the target cannot say; what says it is suggested instead."""
        return Refusal(
            "to",
            given=self.to,
            problem=problem,
            legal=legal or "a framework that says it",
            reason=reason,
            suggestions=tuple(Suggestion({"to": other}) for other in TARGETS if other != self.to),
        )

    def needs_sizes(self, problem: str, reason: str) -> Refusal:
        """Return the refusal of a layer that the target can say only of an input whose sizes are known."""
        spec = self.spec
        least = [max(8, size) for size in spec.smallest_inputs()]
        channels = self.channels[0]
        example = assemble("N", tuple(least), channels, spec.data_format)
        known = None if self.sizes is None else assemble(self.batch, self.sizes, channels, spec.data_format)
        return Refusal(
            "input_shape",
            given=known,
            problem=problem,
            legal="the input's shape, every spatial size of it a number",
            reason=reason,
            suggestions=(
                Suggestion({"input_shape": example}, "for example; with the sizes of your input"),
                *(Suggestion({"to": other}) for other in TARGETS if other != self.to),
            ),
        )


class Written(Frozen):
    """What a writer says of a job.

    Attributes:
        operation: The framework's name of the call.
        arguments: Its arguments, without those that stand at their defaults.
        before: A pad to apply to the input first.
        after: A crop to apply to the output then.
        notes: What else should be known, in sentences.
    """

    __slots__ = ("after", "arguments", "before", "notes", "operation")
    _fields = ("operation", "arguments", "before", "after", "notes")
    operation: str
    arguments: dict[str, object]
    before: Step | None
    after: Step | None
    notes: tuple[str, ...]

    def __init__(
        self,
        operation: str,
        arguments: Mapping[str, object],
        before: Step | None = None,
        after: Step | None = None,
        notes: tuple[str, ...] = (),
    ) -> None:
        self._set(
            operation=operation, arguments=dict(arguments), before=before, after=after, notes=tuple(notes)
        )
