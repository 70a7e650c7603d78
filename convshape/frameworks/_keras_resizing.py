"""What Keras's layers that move sizes alone have in common: enlarging, padding with zeros, cropping."""

from __future__ import annotations

from convshape._errors import SizeError
from convshape._layouts import AXIS_NAMES, assemble, channel_axis, spatial_slice
from convshape._reading import as_entries, as_text
from convshape._refusals import Refusal, Suggestion
from convshape._show import INT64_MAX, count, kind_of, show
from convshape._size_disputes import too_big_result
from convshape.frameworks._keras_layer import KerasLayer
from convshape.frameworks._keras_words import SIZE, SIZE_1D, read_data_format, read_numbers
from convshape.frameworks._numbers import Numbers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape, Size

    Pairs = tuple[tuple[int, int], ...]

INTERPOLATIONS = ("area", "bicubic", "bilinear", "lanczos3", "lanczos5", "nearest")


class Resizing(KerasLayer):
    """A layer that changes each spatial size by itself."""

    __slots__ = ("data_format",)
    data_format: str

    def output(self, shape: object) -> Shape:
        """Return the output shape or raise the bare ``Refusal``."""
        read = self.read_input(shape)
        sizes = tuple(self._size(read, axis) for axis in range(self.rank))
        return assemble(read[0], sizes, read[channel_axis(self._layout)], self._layout)

    def _size(self, shape: Shape, axis: int) -> Size:
        size = shape[spatial_slice(self._layout)][axis]
        if not isinstance(size, int):
            return None
        result = self.changed(size, axis)
        if result < 1:
            raise self.nothing_left(shape, axis, result)
        if result > INT64_MAX:
            raise too_big_result("input_shape", shape, self._layout, axis)
        return result

    def changed(self, size: int, axis: int) -> int:
        """Return what becomes of a spatial size."""
        raise NotImplementedError

    def nothing_left(self, shape: Shape, axis: int, result: int) -> Refusal:
        """Return the refusal of a result below one element."""
        raise NotImplementedError


class UpSampling(Resizing):
    """``UpSampling1D``, ``UpSampling2D``, ``UpSampling3D``."""

    __slots__ = ("_sizes", "interpolation", "size")
    size: tuple[int, ...] | int
    interpolation: str
    _sizes: tuple[int, ...]

    def settle(self) -> None:
        """Check the arguments and keep them as Keras does."""
        self._settle_layout(read_data_format(getattr(self, "data_format", None)))
        sizes = read_numbers(SIZE_1D if self.rank == 1 else SIZE, self.size, self.rank)
        self._set(_sizes=sizes, size=sizes[0] if self.rank == 1 else sizes)
        if "interpolation" in self._fields:
            self._read_interpolation()

    def _read_interpolation(self) -> None:
        text = as_text(self.interpolation)
        word = "" if text is None or len(text) > 40 else text.lower()
        if word not in INTERPOLATIONS:
            raise Refusal(
                "interpolation",
                given=self.interpolation,
                problem=f"interpolation is {kind_of(self.interpolation)}.",
                legal=INTERPOLATIONS,
                reason="Keras refuses other words when the layer is called.",
                suggestions=tuple(
                    Suggestion({"interpolation": choice})
                    for choice in INTERPOLATIONS
                    if (word and word in choice) or choice == "nearest"
                ),
            )
        self._set(interpolation=word)

    def changed(self, size: int, axis: int) -> int:
        """Return an enlarged size."""
        return size * self._sizes[axis]


class Amounts(Resizing):
    """A layer with a number of elements before and after each spatial axis."""

    __slots__ = ("_pairs",)
    argument = ""
    what = ""
    _pairs: Pairs

    def settle(self) -> None:
        """Check the arguments and keep them as Keras does."""
        self._settle_layout(read_data_format(getattr(self, "data_format", None)))
        pairs = self._read(getattr(self, self.argument))
        self._set(_pairs=pairs, **{self.argument: pairs[0] if self.rank == 1 else pairs})

    def _read(self, value: object) -> Pairs:
        rule = Numbers(
            self.argument, self.what, least=0, neutral=0, why="an axis has a number before it and one after."
        )
        if self.rank == 1:
            return (self._pair(rule, value, value),)
        entries = as_entries(value)
        if entries is None:
            return (self._pair(rule, value, value),) * self.rank
        if len(entries) != self.rank:
            pair = Suggestion({self.argument: (entries,) * self.rank}, "the same for every axis")
            inner = Suggestion({self.argument: entries[1:-1]}, "without batch and channels")
            raise Refusal(
                self.argument,
                given=entries,
                problem=f"{self.argument} {show(entries)} has {count(len(entries))}.",
                legal=f"a whole number, {self.rank} numbers, or {self.rank} pairs (before, after)",
                reason=f"there are {self.rank} spatial axes; batch and channels have no entry.",
                suggestions=(inner, pair, Suggestion({self.argument: entries[: self.rank]})),
            )
        return tuple(self._pair(rule, entry, value) for entry in entries)

    def _pair(self, rule: Numbers, entry: object, whole: object) -> tuple[int, int]:
        try:
            before, after = read_numbers(rule, entry, 2)
        except Refusal as refusal:
            if entry is not whole:
                refusal.given, refusal.axis = whole, None
                refusal.legal = (
                    f"a whole number of at least 0, or a pair (before, after), for each of {self.rank} axes"
                )
                refusal.suggestions = tuple(
                    Suggestion(
                        {self.argument: self._exchanged(whole, entry, one.changes[self.argument])}, one.note
                    )
                    for one in refusal.suggestions
                )
            raise
        return before, after

    def _exchanged(self, whole: object, wrong: object, right: object) -> tuple[object, ...]:
        return tuple(right if entry is wrong else entry for entry in as_entries(whole) or ())


class ZeroPadding(Amounts):
    """``ZeroPadding1D``, ``ZeroPadding2D``, ``ZeroPadding3D``."""

    __slots__ = ("padding",)
    argument = "padding"
    what = "a padding"

    def changed(self, size: int, axis: int) -> int:
        """Return a padded size."""
        return size + sum(self._pairs[axis])


class Cropping(Amounts):
    """``Cropping1D``, ``Cropping2D``, ``Cropping3D``."""

    __slots__ = ("cropping",)
    argument = "cropping"
    what = "a cropping"

    def changed(self, size: int, axis: int) -> int:
        """Return a cropped size."""
        return size - sum(self._pairs[axis])

    def nothing_left(self, shape: Shape, axis: int, result: int) -> Refusal:
        """Return the refusal of a cropping that leaves nothing."""
        place = spatial_slice(self._layout).start + axis
        name, total = AXIS_NAMES[self.rank][axis], sum(self._pairs[axis])
        larger = tuple(
            size
            if type(size) is not int or not 0 <= at - spatial_slice(self._layout).start < self.rank
            else max(size, sum(self._pairs[at - spatial_slice(self._layout).start]) + 1)
            for at, size in enumerate(shape)
        )
        refusal = Refusal(
            "input_shape",
            given=shape,
            problem=f"input_shape {show(shape)} has a {name} of {show(shape[place])}, and {total} are cropped.",
            legal=f"a {name} of at least {total + 1}",
            reason="Keras refuses a cropping that leaves nothing.",
            kind=SizeError,
            axis=place,
            suggestions=(
                Suggestion({"cropping": 0}, "nothing cropped"),
                Suggestion({"input_shape": larger}, "the smallest input that fits"),
            ),
        )
        return self.turned(refusal, shape)
