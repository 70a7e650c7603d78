"""Strides, dilations, windows: one whole number a spatial axis, however it is written."""

from __future__ import annotations

from convshape._errors import ArgumentError, SizeError
from convshape._frozen import Frozen
from convshape._layouts import assemble, channel_axis, spatial_slice
from convshape._reading import as_entries, as_index, near_integers, why_not_whole
from convshape._refusals import Refusal, Suggestion
from convshape._show import INT64_MAX, count, kind_of, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


class PerAxis(Frozen):
    """An argument of one whole number a spatial axis: an int for all, one each, or TensorFlow's full rank.

    Attributes:
        argument: The argument's name.
        what: One entry in words, "a stride".
        least: The smallest legal entry.
        neutral: What stands for batch and channels in the full-rank form.
        fraction: What to say of a fraction such as 0.5, if anything special.
        inverse: Whether such a fraction is the inverse of what was meant.
    """

    __slots__ = ("argument", "fraction", "inverse", "least", "neutral", "what")
    _fields = ("argument", "what", "least", "neutral", "fraction", "inverse")
    argument: str
    what: str
    least: int
    neutral: int
    fraction: str
    inverse: bool

    def __init__(
        self,
        argument: str,
        what: str,
        *,
        least: int = 1,
        neutral: int = 1,
        fraction: str = "",
        inverse: bool = False,
    ) -> None:
        self._set(
            argument=argument, what=what, least=least, neutral=neutral, fraction=fraction, inverse=inverse
        )

    def read(self, value: object, data_format: str) -> tuple[int, ...]:
        """Return one plain int a spatial axis."""
        rank = len(data_format) - 2
        if type(value) is int and self.least <= value <= INT64_MAX:
            return (value,) * rank
        entries = as_entries(value)
        if entries is None:
            return (self._scalar(value, data_format),) * rank
        if len(entries) not in (rank, rank + 2):
            self._refuse_length(entries, data_format)
        numbers = tuple(self._entry(entries, position, data_format) for position in range(len(entries)))
        if len(numbers) == rank:
            return numbers
        if numbers[0] != self.neutral or numbers[channel_axis(data_format)] != self.neutral:
            self._refuse_places(numbers, data_format)
        return numbers[spatial_slice(data_format)]

    def legal(self, data_format: str) -> str:
        """Return the legal forms in words."""
        rank = len(data_format) - 2
        example = assemble(self.neutral, (2,) * rank, self.neutral, data_format)
        each = "one number" if rank == 1 else f"{rank} numbers"
        return f"a whole number of at least {self.least}, {each} for the spatial axes, or full rank such as {show(example)}"

    def _scalar(self, value: object, data_format: str) -> int:
        number = as_index(value)
        if number is not None and self.least <= number <= INT64_MAX:
            return number
        self._refuse_number(value, number, f"{self.argument} is {kind_of(value)}.", data_format, None, ())

    def _entry(self, entries: tuple[object, ...], position: int, data_format: str) -> int:
        number = as_index(entries[position])
        if number is not None and self.least <= number <= INT64_MAX:
            return number
        problem = f"{self.argument} {show(entries)} has {kind_of(entries[position])}, at position {position}."
        self._refuse_number(entries[position], number, problem, data_format, position, entries)

    def _refuse_number(
        self,
        value: object,
        number: int | None,
        problem: str,
        data_format: str,
        position: int | None,
        entries: tuple[object, ...],
    ) -> NoReturn:
        meant, reason = self._meant(value, number)
        if position is None:
            suggestions = [Suggestion({self.argument: choice}, note) for choice, note in meant]
        else:
            suggestions = [
                Suggestion({self.argument: _exchange(entries, value, choice)}, note) for choice, note in meant
            ]
        if (
            self.argument == "strides"
            and len(entries) == len(data_format)
            and (value is None or type(value) is str)
        ):
            reason = f"{show(entries)} reads like a shape; {reason}"
        raise Refusal(
            self.argument,
            given=value if position is None else entries,
            problem=problem,
            legal=self.legal(data_format),
            reason=reason,
            axis=position,
            kind=SizeError if number is not None and number > INT64_MAX else ArgumentError,
            suggestions=tuple(suggestions),
        )

    def _meant(self, value: object, number: int | None) -> tuple[list[tuple[int, str]], str]:
        """Return what may have been meant, with a note each, and why ``value`` cannot be taken."""
        if number is not None:
            if number > INT64_MAX:
                return [], "no number past 2**63 - 1 fits an engine's integers."
            positive = [(-number, "without the sign")] if number < 0 else []
            return [*positive, (self.least, "")], f"{self.what} is at least {self.least}."
        if type(value) is float and 1 / INT64_MAX < value < 1 and self.fraction:
            meant = (round(1 / value), f"the twin's stride, 1/{show(value)}") if self.inverse else (1, "")
            return [meant], self.fraction
        choices = [(choice, "") for choice in near_integers(value) if choice >= self.least]
        return choices or [(self.least, "")], why_not_whole(value, self.what)

    def _refuse_length(self, entries: tuple[object, ...], data_format: str) -> NoReturn:
        rank = len(data_format) - 2
        numbers = [number for number in map(as_index, entries) if number is not None]
        forms: list[int | tuple[int, ...]] = [] if numbers else [self.least]
        inner = [number for number in numbers if number != self.neutral]
        if numbers and len(set(numbers)) == 1:
            forms.append((numbers[0],) * rank)
        if inner and len(set(inner)) == 1:
            forms.append((inner[0],) * rank)
        if len(inner) == rank:
            forms.append(tuple(inner))
        if len(numbers) > rank:
            forms += [tuple(numbers[:rank]), tuple(numbers[-rank:])]
        raise Refusal(
            self.argument,
            given=entries,
            problem=f"{self.argument} {show(entries)} has {count(len(entries))}, but there {_axes(rank)}.",
            legal=self.legal(data_format),
            reason=f"one number belongs to each spatial axis; batch and channels count only in the form of {rank + 2}.",
            suggestions=tuple(Suggestion({self.argument: form}) for form in forms),
        )

    def _refuse_places(self, numbers: tuple[int, ...], data_format: str) -> NoReturn:
        rank = len(data_format) - 2
        inner = tuple(number for number in numbers if number != self.neutral)
        # The spatial places as they are, the others mended; (2, 2, 1, 1) and the like are in another layout's order.
        forms = [(inner[0],) * rank if len(set(inner)) == 1 else numbers[spatial_slice(data_format)]]
        if len(set(inner)) > 1 and len(inner) == rank:
            forms.append(inner)
        wrong = 0 if numbers[0] != self.neutral else channel_axis(data_format)
        place = "batch" if wrong == 0 else "channels"
        raise Refusal(
            self.argument,
            given=numbers,
            problem=f"{self.argument} {show(numbers)} has {numbers[wrong]} in the place of the {place}.",
            legal=show(assemble(self.neutral, ("s",) * rank, self.neutral, data_format)).replace('"', ""),
            reason=f"in the form of {rank + 2} entries the order is {data_format}'s; {self.what} belongs to a spatial axis.",
            axis=wrong,
            suggestions=tuple(
                Suggestion(
                    {self.argument: assemble(self.neutral, spatial, self.neutral, data_format)},
                    f"in the order of {data_format}",
                )
                for spatial in forms
            ),
        )


STRIDES = PerAxis(
    "strides",
    "a stride",
    fraction="a stride below 1 would enlarge: that is a transposed convolution, whose stride is written as a whole number.",
)
TWIN_STRIDES = PerAxis(
    "strides",
    "a stride",
    fraction="strides are the twin's: 2, not 1/2; the transposed convolution undoes them.",
    inverse=True,
)
DILATIONS = PerAxis("dilations", "a dilation")
WINDOW = PerAxis("window_shape", "a window's size")
OUTPUT_PADDING = PerAxis("output_padding", "an output padding", least=0, neutral=0)


def _exchange(entries: tuple[object, ...], wrong: object, choice: int) -> tuple[object, ...]:
    """Return the entries with every occurrence of the wrong value exchanged: (0, 0) is one mistake, not two."""
    return tuple(choice if entry is wrong else entry for entry in entries)


def _axes(rank: int) -> str:
    return "is 1 spatial axis" if rank == 1 else f"are {rank} spatial axes"
