"""What all layers of the Keras dialect share: an input of known rank, weights, and the words for both."""

from __future__ import annotations

from convshape._errors import ArgumentError, ChannelError
from convshape._layouts import AXIS_NAMES, LAYOUTS, PICTURE_CHANNELS, channel_axis, channels_first, pattern
from convshape._rank_disputes import rank_dispute
from convshape._reading import replace
from convshape._refusals import Refusal, Suggestion
from convshape._shapes import ShapeRule
from convshape._show import show
from convshape.frameworks._keras_words import check_keywords
from convshape.frameworks._layer import Layer
from convshape.frameworks._words import mended

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, ClassVar, TypeVar

    from convshape._shapes import Shape
    from convshape._spec import Spec
    from convshape._types import ShapeLike

    T = TypeVar("T")

Weights = dict[str, "tuple[int, ...]"]


def _rule(layout: str) -> ShapeRule:
    return ShapeRule(
        "input_shape",
        batched=True,
        unknown=True,
        pattern=f"{pattern(layout)}, each size at least 1, N at least 0 or a name; None where not known",
    )


RULES = {layout: _rule(layout) for pair in LAYOUTS.values() for layout in pair}


class KerasLayer(Layer):
    """A layer of ``keras.layers``: its arguments as Keras keeps them, and what it does to a shape."""

    __slots__ = ("_layout",)
    framework = "keras"
    rank: ClassVar[int] = 2
    grows: ClassVar[bool] = False  # whether its input is as likely a vector as a picture
    keywords: ClassVar[tuple[str, ...]] = ()
    _layout: str

    def _build(self, keywords: Mapping[str, object], **arguments: object) -> None:
        """Check keywords and arguments, and keep what they mean; a constructor's only line."""
        try:
            check_keywords(keywords, self._fields, self.keywords)
        except Refusal as refusal:
            raise mended(self.operation, self._checked, arguments, refusal) from None
        self._make(**arguments)

    def _settle_layout(self, data_format: str) -> None:
        self._set(data_format=data_format, _layout=LAYOUTS[self.rank][data_format == "channels_first"])

    def compute_output_shape(self, input_shape: ShapeLike) -> Shape:
        """Return the shape of the layer's result for an input with batch; see the class.

        Args:
            input_shape: ``(N, *spatial, C)``, or ``(N, C, *spatial)``, sizes in elements; None where not known.

        Raises:
            ShapeError: The layer does not take such an input; the error names a fix that has been checked.
        """
        return self._called(input_shape)

    def __call__(self, input_shape: ShapeLike) -> Shape:
        """Return the shape of the layer's result; a shape stands in the tensor's place.

        Raises:
            ShapeError: As in :meth:`compute_output_shape`.
        """
        return self._called(input_shape)

    def weight_shapes(self, input_shape: ShapeLike | None = None) -> Weights:
        """Return the shapes of the layer's weights by their names in Keras, for an input with batch.

        Raises:
            ShapeError: The input is not legal, or its channels are not told.
        """
        shapes: Weights = self._asked("weight_shapes", input_shape)
        return shapes

    def to_spec(self, input_shape: ShapeLike | None = None) -> Spec:
        """Return the core spec that computes what this layer does.

        Raises:
            ShapeError: The input is not legal, or its channels are not told, or no one spec does it.
        """
        spec: Spec = self._asked("to_spec", input_shape)
        return spec

    # What a layer says for itself; all raise the bare Refusal.

    def spec_of(self, shape: object) -> Spec:
        """Return the spec for an input, which is None where none was told."""
        raise self._no_spec("it is no convolution and no pool.")

    def weights_of(self, shape: object) -> Weights:
        """Return the weights for an input, which is None where none was told."""
        if shape is not None:
            self.output(shape)
        return {}

    # What they share.

    def read_input(self, value: object) -> Shape:
        """Return an input of this layer's rank in plain sizes."""
        rule = RULES[self._layout]
        entries = rule.entries(value)
        if len(entries) != self.rank + 2:
            raise rank_dispute(entries, self._layout, None, type(self).__name__, grows=self.grows)
        return rule.read(entries)

    def read_channels(self, value: object, groups: int = 1) -> tuple[Shape, int]:
        """Return an input and its channels, which have to be known."""
        if value is None:
            value = (None,) * (self.rank + 2)
            raise self._channels_unknown(value, "no input_shape was given", groups, None)
        shape = self.read_input(value)
        channels = shape[channel_axis(self._layout)]
        if isinstance(channels, int):
            return shape, channels
        problem = f"input_shape {show(shape)} has None in the place of the channels"
        raise self._channels_unknown(shape, problem, groups, channel_axis(self._layout))

    def _channels_unknown(self, shape: Shape, problem: str, groups: int, axis: int | None) -> Refusal:
        place = channel_axis(self._layout)
        turned = (
            [Suggestion({"data_format": self._other()}, f"if the data is {self._other()}")] if axis else []
        )
        example = 3 if groups == 1 else groups
        return Refusal(
            "input_shape",
            given=shape if axis is not None else None,
            problem=f"{problem}.",
            legal=f"{pattern(self._layout)} with a known C",
            reason="Keras makes the layer's weights from the channels of its input, so they must be known.",
            kind=ChannelError,
            axis=axis,
            suggestions=(
                *turned,
                Suggestion(
                    {"input_shape": replace(shape, place, example)}, f"for an input of {example} channels"
                ),
            ),
        )

    def turned(self, refusal: Refusal, shape: Shape) -> Refusal:
        """Return a refusal of sizes that also suggests the other data_format, if the layer has one."""
        if refusal.argument == "input_shape" and "data_format" in self._fields:
            first = channels_first(self._layout)
            where = shape[-1 if first else 1]  # where the other layout has its channels
            likely = where in PICTURE_CHANNELS
            reason = None
            if likely:
                name = AXIS_NAMES[self.rank][-1 if first else 0]
                reason = (
                    f"a {name} of {show(where)} looks like channels, which {self._place()} has elsewhere."
                )
            own = Suggestion({"data_format": self._other()}, f"if the data is {self._other()}", reason)
            others = refusal.suggestions
            refusal.suggestions = (own, *others) if likely else (*others, own)
        return refusal

    def _place(self) -> str:
        return "channels_first" if channels_first(self._layout) else "channels_last"

    def _other(self) -> str:
        return "channels_last" if channels_first(self._layout) else "channels_first"

    def _no_spec(self, reason: str) -> Refusal:
        name = type(self).__name__
        return Refusal(
            "layer",
            given=name,
            problem=f"{name} is not one core spec.",
            legal="a layer of one convolution, one transposed convolution or one pool",
            reason=reason,
            kind=ArgumentError,
        )

    def _asked(self, question: str, shape: object) -> Any:  # noqa: ANN401 - each question has its own answer
        answer: Callable[[KerasLayer, object], object] = _QUESTIONS[question]
        try:
            return answer(self, shape)
        except Refusal as refusal:
            arguments = {**self._given(), "input_shape": shape}

            def again(**changed: object) -> object:
                given = changed.pop("input_shape")
                return answer(self._checked(**changed), given)

            raise mended(f"{self.operation}.{question}", again, arguments, refusal) from None


_QUESTIONS: dict[str, Callable[[KerasLayer, object], object]] = {
    "weight_shapes": lambda layer, shape: layer.weights_of(shape),
    "to_spec": lambda layer, shape: layer.spec_of(shape),
}
