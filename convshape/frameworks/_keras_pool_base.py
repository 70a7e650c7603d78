"""What Keras's pooling layers have in common."""

from __future__ import annotations

from convshape._arguments import read_flag
from convshape._layouts import assemble, channel_axis, spatial_slice
from convshape._pool import Pool
from convshape._refusals import Refusal
from convshape.frameworks._keras_layer import KerasLayer
from convshape.frameworks._keras_words import (
    POOL,
    POOL_WORDS,
    STRIDES,
    read_data_format,
    read_numbers,
    read_padding,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape
    from convshape._spec import Spec


class Pooling(KerasLayer):
    """What ``MaxPooling`` and ``AveragePooling`` have in common."""

    __slots__ = ("_default", "_spec", "data_format", "padding", "pool_size", "strides")
    _fields = ("pool_size", "strides", "padding", "data_format")
    pool_size: tuple[int, ...]
    strides: tuple[int, ...]
    padding: str
    data_format: str
    _default: bool  # whether the strides were left to be the window
    _spec: Pool

    def settle(self) -> None:
        """Check the arguments and keep them as Keras does."""
        rank = self.rank
        self._settle_layout(read_data_format(self.data_format))
        window = read_numbers(POOL, self.pool_size, rank)
        self._set(
            _default=self.strides is None,
            pool_size=window,
            strides=window if self.strides is None else read_numbers(STRIDES, self.strides, rank),
            padding=read_padding(self.padding, rank),
        )
        spec = POOL_WORDS.make(
            Pool,
            window_shape=window,
            strides=self.strides,
            padding=self.padding.upper(),
            data_format=self._layout,
        )
        self._set(_spec=spec)

    def _given(self) -> dict[str, object]:
        return {**self._values(), **({"strides": None} if self._default else {})}

    def output(self, shape: object) -> Shape:
        """Return the output shape or raise the bare ``Refusal``."""
        try:
            if type(shape) is tuple:
                return self._spec.output(shape)
        except Refusal:
            return self._careful(shape)
        return self._careful(shape)

    def _careful(self, shape: object) -> Shape:
        read = self.read_input(shape)
        try:
            return POOL_WORDS.answer(self._spec, read)
        except Refusal as refusal:
            raise self.turned(refusal, read) from None

    def spec_of(self, shape: object) -> Spec:
        """Return the spec, which is the same for every input."""
        if shape is not None:
            self.output(shape)
        return self._spec


class GlobalPooling(KerasLayer):
    """What ``GlobalMaxPooling`` and ``GlobalAveragePooling`` have in common."""

    __slots__ = ("data_format", "keepdims")
    _fields = ("data_format", "keepdims")
    data_format: str
    keepdims: bool

    def settle(self) -> None:
        """Check the arguments and keep them as Keras does."""
        self._settle_layout(read_data_format(self.data_format))
        self._set(keepdims=read_flag("keepdims", self.keepdims))

    def output(self, shape: object) -> Shape:
        """Return the output shape or raise the bare ``Refusal``."""
        read = self.read_input(shape)
        channels = read[channel_axis(self._layout)]
        if not self.keepdims:
            return read[0], channels
        return assemble(read[0], (1,) * self.rank, channels, self._layout)

    def spec_of(self, shape: object) -> Spec:
        """Return the pool over all of an input; only with ``keepdims`` has its result that shape."""
        if not self.keepdims:
            raise self._no_spec(
                "without keepdims its result has no spatial axes; with keepdims=True it is a pool."
            )
        read = self.read_input((None,) * (self.rank + 2) if shape is None else shape)
        window = read[spatial_slice(self._layout)]
        if None in window:
            raise self._no_spec("its window is the whole input, whose spatial sizes were not all given.")
        return POOL_WORDS.make(Pool, window_shape=window, data_format=self._layout)
