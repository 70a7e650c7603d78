"""Per-axis arguments as each framework takes them: which lengths it knows differs, the reading does not."""

from __future__ import annotations

from convshape._errors import ArgumentError, SizeError
from convshape._frozen import Frozen
from convshape._reading import as_entries, as_index, near_integers, why_not_whole
from convshape._refusals import Refusal, Suggestion
from convshape._show import INT64_MAX, count, kind_of, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


class Numbers(Frozen):
    """An argument of one whole number a spatial axis: an int for all, or a list.

    Attributes:
        argument: The argument's name.
        what: One entry in words, "a stride".
        least: The smallest legal entry.
        scalar: Whether a plain int is taken for all axes.
        single: Whether a list of one is taken for all axes.
        full: Whether a list with batch and channels is taken (``neutral`` in their places).
        each: Whether a list of one entry a spatial axis is taken.
        neutral: What stands for batch and channels in the full form.
        why: Why no other form is legal, if there is more to say.
    """

    __slots__ = ("argument", "each", "full", "least", "neutral", "scalar", "single", "what", "why")
    _fields = ("argument", "what", "least", "scalar", "single", "full", "each", "neutral", "why")
    argument: str
    what: str
    least: int
    scalar: bool
    single: bool
    full: bool
    each: bool
    neutral: int
    why: str

    def __init__(
        self,
        argument: str,
        what: str,
        *,
        least: int = 1,
        scalar: bool = True,
        single: bool = False,
        full: bool = False,
        each: bool = True,
        neutral: int = 1,
        why: str = "",
    ) -> None:
        self._set(
            argument=argument,
            what=what,
            least=least,
            scalar=scalar,
            single=single,
            full=full,
            each=each,
            neutral=neutral,
            why=why,
        )

    def read(self, value: object, rank: int, channel_axis: int = -1) -> tuple[int, ...]:
        """Return one plain int a spatial axis, or raise the bare ``Refusal`` in this argument's name."""
        entries = as_entries(value)
        if entries is None:
            if as_index(value) is not None and not self.scalar:
                self._refuse_form(value, (value,), rank, channel_axis)
            return (self._number(value, (), None, rank, channel_axis),) * rank
        lengths = self._lengths(rank)
        if len(entries) not in lengths:
            self._refuse_form(value, entries, rank, channel_axis)
        numbers = tuple(
            self._number(entry, entries, place, rank, channel_axis) for place, entry in enumerate(entries)
        )
        if len(numbers) == rank and self.each:
            return numbers
        if len(numbers) == 1 and self.single:
            return numbers * rank
        channel = channel_axis % (rank + 2)
        if numbers[0] != self.neutral or numbers[channel] != self.neutral:
            self._refuse_places(numbers, rank, channel)
        return tuple(number for place, number in enumerate(numbers) if place not in (0, channel))

    def _lengths(self, rank: int) -> list[int]:
        forms = ((rank, self.each), (1, self.single), (rank + 2, self.full))
        return list(dict.fromkeys(length for length, taken in forms if taken))

    def legal(self, rank: int, channel_axis: int = -1) -> str:
        """Return the legal forms in words."""
        forms = [f"a whole number of at least {self.least}"] if self.scalar else []
        if self.each:
            forms.append("a list of one" if rank == 1 else f"{rank} numbers, one a spatial axis")
        if self.single and rank > 1:
            forms.append("a list of one")
        if self.full:
            forms.append(f"full rank such as {show(self._full((2,) * rank, channel_axis % (rank + 2)))}")
        return ", or ".join(forms)

    def _full(self, spatial: tuple[int, ...], channel: int) -> tuple[int, ...]:
        if channel == 1:
            return (self.neutral, self.neutral, *spatial)
        return (self.neutral, *spatial, self.neutral)

    def _number(
        self, entry: object, entries: tuple[object, ...], place: int | None, rank: int, channel_axis: int
    ) -> int:
        number = as_index(entry)
        if number is not None and self.least <= number <= INT64_MAX:
            return number
        if number is None:
            choices = [near for near in near_integers(entry) if near >= self.least] or [self.least]
            reason = why_not_whole(entry, self.what)
            if type(entry) is float and 1 / INT64_MAX < entry < 1 and self.what == "a stride":
                choices = [round(1 / entry), 1]
                reason = "a stride is a whole number; a transposed convolution's is its forward twin's: 2, not 1/2."
        else:
            choices = ([-number] if -number >= self.least else []) + [self.least]
            reason = f"{self.what} is at least {self.least}."
            if number > INT64_MAX:
                choices, reason = [], "no number past 2**63 - 1 fits an engine's integers."
        problem = f"{self.argument} is {kind_of(entry)}."
        if place is not None:
            problem = f"{self.argument} {show(entries)} has {kind_of(entry)}, at position {place}."
        raise Refusal(
            self.argument,
            given=entries if place is not None else entry,
            problem=problem,
            legal=self.legal(rank, channel_axis),
            reason=reason,
            axis=place,
            kind=SizeError if number is not None and number > INT64_MAX else ArgumentError,
            suggestions=tuple(
                Suggestion({self.argument: choice if place is None else _exchange(entries, place, choice)})
                for choice in choices
            ),
        )

    def _refuse_form(
        self, value: object, entries: tuple[object, ...], rank: int, channel_axis: int
    ) -> NoReturn:
        numbers = [number for number in map(as_index, entries) if number is not None]
        inner = [number for number in numbers if number != self.neutral] or numbers[:1]
        spatial: list[tuple[int, ...]] = []
        if len(numbers) == rank:
            spatial.append(tuple(numbers))
        if len(numbers) == rank + 2:
            last = tuple(numbers[2:])  # of batch, channels and the spatial axes
            spatial += [last] if channel_axis == 1 and not self.full else [tuple(numbers[1:-1]), last]
        if inner and len(set(inner)) == 1:
            spatial.append((inner[0],) * rank)
        if len(inner) == rank:
            spatial.append(tuple(inner))
        forms: list[object] = []
        for numbers_each in spatial or [(self.least,) * rank]:
            if self.scalar and len(set(numbers_each)) == 1:
                forms.append(numbers_each[0])
            if self.each:
                forms.append(numbers_each)
            if self.full:
                forms.append(self._full(numbers_each, channel_axis % (rank + 2)))
        shown = (
            f"{show(entries)} has {count(len(entries))}" if as_entries(value) is not None else "is one int"
        )
        axes = "is one spatial axis" if rank == 1 else f"are {rank} spatial axes"
        raise Refusal(
            self.argument,
            given=value,
            problem=f"{self.argument} {shown}, which is not a form that is taken here.",
            legal=self.legal(rank, channel_axis),
            reason=self.why or f"there {axes}.",
            suggestions=tuple(Suggestion({self.argument: form}) for form in forms),
        )

    def _refuse_places(self, numbers: tuple[int, ...], rank: int, channel: int) -> NoReturn:
        inner = tuple(number for number in numbers if number != self.neutral)
        spatial = tuple(number for place, number in enumerate(numbers) if place not in (0, channel))
        choices = [self._full(inner, channel)] if len(inner) == rank else []
        place = 0 if numbers[0] != self.neutral else channel
        raise Refusal(
            self.argument,
            given=numbers,
            problem=f"{self.argument} {show(numbers)} has {numbers[place]} in the place of the"
            f" {'batch' if place == 0 else 'channels'}.",
            legal=show(self._full((2,) * rank, channel)),
            reason=f"{self.what} belongs to a spatial axis; batch and channels have {self.neutral}.",
            axis=place,
            suggestions=tuple(
                Suggestion({self.argument: choice}) for choice in (*choices, self._full(spatial, channel))
            ),
        )


def _exchange(entries: tuple[object, ...], place: int, choice: int) -> tuple[object, ...]:
    """Return the entries with the wrong number exchanged wherever it stands: (0.5, 0.5) is one mistake, not two."""
    wrong = entries[place]
    number = type(wrong) in (int, float)
    return tuple(
        choice if at == place or (number and type(entry) is type(wrong) and entry == wrong) else entry
        for at, entry in enumerate(entries)
    )
