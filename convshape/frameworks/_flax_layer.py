"""What ``flax.linen``'s convolution layers share: their words, and inputs with any number of batch axes."""

from __future__ import annotations

from convshape._errors import ArgumentError, ChannelError, RankError, SizeError
from convshape._layouts import AXIS_NAMES
from convshape._reading import as_entries, as_index, as_text, near_integers, read_whole
from convshape._refusals import Refusal, Suggestion
from convshape._shapes import ShapeRule
from convshape._show import count, kind_of, show
from convshape.frameworks._jax_words import nothing_left
from convshape.frameworks._layer import Layer
from convshape.frameworks._numbers import Numbers
from convshape.frameworks._words import Words, mended

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar

    from convshape._shapes import Shape
    from convshape._spec import Spec
    from convshape._types import ShapeLike

ONLY = "flax takes one number for all spatial axes, or one each; kernel_size says how many axes there are."
KERNEL = ShapeRule(
    "kernel_size",
    batched=False,
    unknown=False,
    pattern="one number for one spatial axis, or a sequence of one to three, each at least 1",
    channels=0,
)
STRIDES = Numbers("strides", "a stride", why=ONLY)
INPUT_DILATION = Numbers("input_dilation", "a dilation", why=ONLY)
KERNEL_DILATION = Numbers("kernel_dilation", "a dilation", why=ONLY)
INPUTS = ShapeRule(
    "inputs",
    batched=True,
    unknown=True,
    pattern="(*batch, *spatial, C): each size at least 1, a batch at least 0 or a name; None where not known",
)
NAMES = {
    "input_shape": "inputs",
    "filter_shape": "kernel",
    "strides": "strides",
    "padding": "padding",
    "dilations": "kernel_dilation",
    "groups": "feature_group_count",
}


class FlaxWords(Words):
    """What flax calls input, kernel and strides, for inputs of these batch axes."""

    framework = "flax"
    input_layout = "(*batch, *spatial, C)"
    empty = "flax 0.12 returns an empty array for a smaller one, and says nothing."

    def __init__(self, batch: tuple[object, ...] = (None,)) -> None:
        super().__init__(NAMES)
        self.batch = batch

    def shape_of(self, shape: tuple[object, ...]) -> tuple[object, ...]:
        """Return a core shape with the batch axes that the inputs have."""
        return (*self.batch, *shape[1:])

    def axis_of(self, argument: str, axis: int | None) -> int | None:
        """Return the place of an entry in inputs of these batch axes."""
        return axis if axis is None or argument != "input_shape" else axis + len(self.batch) - 1

    def filter_change(self, filter_shape: tuple[object, ...]) -> dict[str, object] | None:
        """Return the kernel's size alone: flax takes the channels from the inputs."""
        return {"kernel_size": filter_shape[:-2]}


class FlaxTransposedWords(FlaxWords):
    """As flax's, where the kernel belongs to a transposed convolution."""

    transposed = True

    def padding_of(self, padding: object) -> object:
        """Return words alone: numbers mean something else here."""
        return padding if as_text(padding) is not None else None

    def retold(self, refusal: Refusal, spec: Spec, shape: object = None) -> Refusal:
        """Return a core refusal in flax's words; an output that padding empties is told in flax's pads."""
        entries = as_entries(shape)
        if (
            refusal.argument == "padding"
            and refusal.kind is SizeError
            and entries
            and refusal.axis is not None
        ):
            name = AXIS_NAMES[len(entries) - 2][refusal.axis]
            return nothing_left(spec, entries, refusal.axis, name, f"inputs {show(self.shape_of(entries))}")
        return super().retold(refusal, spec, shape)


class FlaxLayer(Layer):
    """A layer of ``flax.linen`` that is called with the shape of its inputs."""

    __slots__ = ()
    framework: ClassVar[str] = "jax"
    call_argument: ClassVar[str] = "inputs"
    words: ClassVar[type[FlaxWords]] = FlaxWords
    features: int
    kernel_size: object
    use_bias: object
    mask: object
    _kernel: tuple[int, ...]
    _made: tuple[int, Spec]  # the last spec, and the channels that it is for

    def settle(self) -> None:
        """Read what every layer has; each reads the rest itself."""
        features = read_whole("features", self.features, what="a number of features", least=1)
        kernel = read_kernel(self.kernel_size)
        self._set(features=features, _kernel=kernel)
        self.read_rest(len(kernel))
        self._set(_made=(0, self.spec_for(0)))  # what no inputs can mend is refused when the layer is made
        for name in self._fields:  # a list would make a value that changes and has no hash
            self._set(**{name: _plain(getattr(self, name))})

    def read_rest(self, rank: int) -> None:
        """Read the arguments that the layers do not share, or raise the bare ``Refusal``."""
        raise NotImplementedError

    def spec_for(self, channels: int) -> Spec:
        """Return the spec that gives the sizes for inputs of so many channels."""
        raise NotImplementedError

    def kernel_for(self, channels: int) -> tuple[int, ...]:
        """Return the kernel's shape for inputs of so many channels."""
        raise NotImplementedError

    def read_inputs(self, inputs: object) -> tuple[Shape, Shape]:
        """Return the batch axes of the inputs, and the inputs as if they had one."""
        if type(inputs) is tuple and len(inputs) == len(self._kernel) + 2:
            return inputs[:1], inputs
        entries = INPUTS.entries(inputs)
        rank = len(self._kernel)
        if not rank + 1 <= len(entries) <= 15:
            raise self._short(entries, rank)
        batch, rest = entries[: -rank - 1], entries[-rank - 1 :]
        read = tuple(INPUTS.read((size, *rest))[0] for size in batch)
        return read, (read[0] if len(read) == 1 else None, *rest)  # type: ignore[arg-type]

    def output(self, shape: object) -> Shape:
        """Return the output shape or raise the bare ``Refusal``."""
        batch, inputs = self.read_inputs(shape)
        channels = inputs[-1]
        if type(channels) is not int or channels < 1:
            channels = INPUTS.read(inputs)[-1]
        known = channels if type(channels) is int else 0
        if self._made[0] != known:
            self._set(_made=(known, self.spec_for(known)))
        if known and self.mask is not None:
            self._check_mask(self.kernel_for(known))
        spec = self._made[1]
        try:
            output = spec.output(inputs)
        except Refusal as refusal:
            raise self.words(batch).retold(refusal, spec, inputs) from None
        return output if len(batch) == 1 else (*batch, *output[1:])

    def _check_mask(self, kernel: tuple[int, ...]) -> None:
        entries = as_entries(self.mask)
        if entries is None or tuple(map(as_index, entries)) != kernel:
            raise Refusal(
                "mask",
                given=self.mask,
                problem=f"mask {show(self.mask)} is not the kernel's shape, {show(kernel)}.",
                legal=f"{show(kernel)} or None",
                reason="flax multiplies the kernel by the mask, entry by entry.",
                kind=ChannelError,
                suggestions=(Suggestion({"mask": kernel}), Suggestion({"mask": None}, "without a mask")),
            )

    def _short(self, entries: tuple[object, ...], rank: int) -> Refusal:
        missing = rank + 1 - len(entries)
        kernel = self._kernel[: len(entries) - 1]
        choices = [Suggestion({"kernel_size": kernel}, "one number a spatial axis")] if kernel else []
        if missing == 1:
            choices.append(Suggestion({"inputs": (*entries, 1)}, "with channels, here 1"))
        return Refusal(
            "inputs",
            given=entries,
            problem=f"inputs {show(entries)} has {count(len(entries))}, but kernel_size {show(self._kernel)} belongs"
            f" to inputs of {rank + 1} at least.",
            legal=INPUTS.pattern,
            reason=f"{rank} spatial {'axis stands' if rank == 1 else 'axes stand'} before the channels.",
            kind=RankError,
            suggestions=tuple(choices),
        )

    def _weights(self, input_shape: object) -> dict[str, tuple[int, ...]]:
        self.output(input_shape)
        channels = self.channels_of(input_shape, "kernel's shape")
        shapes = {"kernel": self.kernel_for(channels)}
        return {**shapes, "bias": (self.features,)} if self.use_bias else shapes

    def channels_of(self, input_shape: object, what: str) -> int:
        """Return the channels of the inputs, which flax makes its kernel of, or refuse not to know them."""
        entries = as_entries(input_shape)
        channels = as_index(entries[-1]) if entries else None
        if channels is None:
            raise Refusal(
                "input_shape",
                given=input_shape,
                problem=f"input_shape is {kind_of(input_shape)}, and the {what} depends on its channels.",
                legal="a shape whose channels are known",
                reason="flax's layers are not told their input channels: they take them from the first inputs.",
                kind=ArgumentError,
            )
        return channels

    def _method(self, name: str, input_shape: object) -> object:
        """Return what a method makes of a shape, or raise the mended error in the method's name."""
        kind = type(self)

        def again(**arguments: object) -> object:
            shape = arguments.pop("input_shape")
            return getattr(kind._checked(**arguments), name)(shape)

        try:
            return getattr(self, name)(input_shape)
        except Refusal as refusal:
            if refusal.argument == "inputs":
                _renamed(refusal)
            arguments = {**self._values(), "input_shape": input_shape}
            public = {"_weights": "weight_shapes", "_spec": "to_spec"}[name]
            raise mended(f"{self.operation}.{public}", again, arguments, refusal) from None

    def weight_shapes(self, input_shape: ShapeLike) -> dict[str, tuple[int, ...]]:
        """Return the shapes of the parameters that ``init`` makes for inputs of this shape.

        Raises:
            ShapeError: The layer does not take this shape, or its channels are not known.
        """
        return self._method("_weights", input_shape)  # type: ignore[return-value]

    def to_spec(self, input_shape: ShapeLike | None = None) -> Spec:
        """Return the core's spec of this layer for inputs of this shape, whose channels it needs.

        Raises:
            ShapeError: No spec does what the layer does (it crops, wraps around, or spreads its inputs).
        """
        return self._method("_spec", input_shape)  # type: ignore[return-value]

    def __call__(self, inputs: ShapeLike) -> Shape:
        """Return the output's shape for inputs ``(*batch, *spatial, C)``; any number of batch axes, none too.

        Raises:
            ShapeError: flax would refuse the inputs, or return an empty array.
        """
        return self._called(inputs)


def read_kernel(value: object) -> tuple[int, ...]:
    """Return the kernel's size; a number is one spatial axis."""
    if as_index(value) is not None or (as_entries(value) is None and near_integers(value)):
        return (read_whole("kernel_size", value, what="a kernel's size", least=1),)
    entries = as_entries(value)
    if entries is not None and len(entries) not in (1, 2, 3):
        raise Refusal(
            "kernel_size",
            given=value,
            problem=f"kernel_size {show(entries)} has {count(len(entries))}, not 1, 2 or 3.",
            legal=KERNEL.pattern,
            reason="it has the spatial axes alone: flax takes the channels from inputs and features.",
            kind=RankError,
            suggestions=(Suggestion({"kernel_size": entries[:-2]}, "the spatial axes alone"),)
            if len(entries) in (4, 5)
            else (),
        )
    return KERNEL.read(value, (1, 2, 3))  # type: ignore[return-value]


def no_spec(argument: str, given: object, problem: str, reason: str, *suggestions: Suggestion) -> Refusal:
    """Return the refusal to write as a spec what none can say."""
    return Refusal(
        argument,
        given=given,
        problem=problem,
        legal="what a core spec can say: zeros around the input, none between its elements, nothing cropped",
        reason=reason,
        kind=SizeError if as_text(given) is None else ArgumentError,
        suggestions=suggestions,
    )


def _renamed(refusal: Refusal) -> None:
    refusal.argument = "input_shape"
    refusal.problem = refusal.problem.replace("inputs (", "input_shape (", 1)
    refusal.suggestions = tuple(
        Suggestion(
            {"input_shape" if name == "inputs" else name: value for name, value in one.changes.items()},
            one.note,
        )
        for one in refusal.suggestions
    )


def _plain(value: object) -> object:
    entries = None if isinstance(value, (str, bytes)) else as_entries(value)
    return value if entries is None else tuple(map(_plain, entries))
