"""Shapes as people pass them, made plain tuples of sizes or refused."""

from __future__ import annotations

from convshape._errors import ArgumentError, RankError, SizeError
from convshape._frozen import Frozen
from convshape._reading import as_entries, as_index, near_integers, replace, shape_in_text, why_not_whole
from convshape._refusals import Refusal, Suggestion
from convshape._show import INT64_MAX, kind_of, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from convshape._errors import ShapeError

    Size = int | str | None
    Shape = tuple[Size, ...]


class ShapeRule(Frozen):
    """What may stand in one kind of shape argument.

    Attributes:
        argument: The argument's name.
        batched: Whether the first entry is a batch: 0 or more, or a name.
        unknown: Whether ``None`` may stand for a size that is not known.
        pattern: The legal form, in words.
        channels: How many entries at the end are channels, not axes of a kernel.
    """

    __slots__ = ("argument", "batched", "channels", "pattern", "unknown")
    _fields = ("argument", "batched", "unknown", "pattern", "channels")
    argument: str
    batched: bool
    unknown: bool
    pattern: str
    channels: int

    def __init__(
        self, argument: str, *, batched: bool, unknown: bool, pattern: str, channels: int = 2
    ) -> None:
        self._set(argument=argument, batched=batched, unknown=unknown, pattern=pattern, channels=channels)

    def entries(self, value: object) -> tuple[object, ...]:
        """Return the entries of a shape of three, four or five axes, unread, or refuse what is no shape."""
        entries = as_entries(value)
        if entries is None:
            spelt = shape_in_text(value)
            self._refuse(
                value,
                f"{self.argument} is {kind_of(value)}, not a shape.",
                "a shape is a tuple or list with one entry an axis.",
                suggestions=()
                if spelt is None
                else (Suggestion({self.argument: spelt}, "a shape is not a string"),),
            )
        return entries

    def read(self, value: object, ranks: tuple[int, ...] = (3, 4, 5)) -> Shape:
        """Return the shape as a tuple of plain ints, None, and a batch name; refuse every wrong entry.

        Args:
            value: Anything that is a shape.
            ranks: The legal numbers of axes.
        """
        entries = self.entries(value)
        if len(entries) not in ranks:
            others = ", ".join(str(rank) for rank in ranks[:-1])
            counts = f"{others} or {ranks[-1]}" if others else str(ranks[-1])
            length = f"{len(entries)}" if len(entries) < 16 else "16 or more"
            self._refuse(
                value,
                f"{self.argument} {show(entries)} has {length} {'entry' if length == '1' else 'entries'}, not {counts}.",
                self.why_rank(),
                kind=RankError,
            )
        return tuple(self._entry(entries, position) for position in range(len(entries)))

    def why_rank(self) -> str:
        """Return why the numbers of axes are what they are, in a sentence."""
        if self.batched:
            return "one, two or three spatial axes stand beside batch and channels."
        return "a filter has its kernel's one, two or three axes, then two of channels."

    def _entry(self, entries: tuple[object, ...], position: int) -> Size:
        entry = entries[position]
        is_batch = self.batched and position == 0
        if entry is None and self.unknown:
            return None
        if is_batch and type(entry) is str and entry.isidentifier():
            return entry
        size = as_index(entry)
        least = 0 if is_batch else 1
        if size is not None and least <= size <= INT64_MAX:
            return size
        where = f"{self.argument} {show(entries)} has {kind_of(entry)}, at position {position}."
        reason, kind = self._why(entry, size, position)
        self._refuse(
            entries,
            where,
            reason,
            axis=position,
            suggestions=self._instead(entries, position, size),
            kind=kind,
        )

    def _why(self, entry: object, size: int | None, position: int) -> tuple[str, type[ShapeError]]:
        if size is None:
            if type(entry) is str and self.batched and not near_integers(entry):
                return (
                    "only the batch may have a name, one word such as N; a size that is not known is None.",
                    ArgumentError,
                )
            if entry is None and not self.batched:
                return "a filter is made before it is used, so each of its sizes is known.", ArgumentError
            return why_not_whole(entry, "a size"), ArgumentError
        if size > INT64_MAX:
            return "no tensor has an axis of more than 2**63 - 1 elements.", SizeError
        if size == -1 and self.unknown:
            return "-1 asks reshape to work a size out; a size that is not known is None.", ArgumentError
        if size < 0:
            return "a size counts elements.", ArgumentError
        if self.batched:
            return (
                "an empty axis has no result; default TensorFlow returns memory of the wrong shape for it.",
                SizeError,
            )
        return (
            "a filter of size 0 makes nothing; default TensorFlow returns zeros for it in silence.",
            SizeError,
        )

    def _instead(
        self, entries: tuple[object, ...], position: int, size: int | None
    ) -> tuple[Suggestion, ...]:
        choices: list[object] = []
        if size is None:
            choices += [number for number in near_integers(entries[position]) if number > 0]
        elif size < -1 or (size < 0 and not self.unknown):
            choices.append(-size)
        if self.unknown:
            choices.append(None)
        elif not self.batched and position < len(entries) - self.channels:  # a kernel is often a square
            others = [
                entry for entry in entries[: len(entries) - self.channels] if type(entry) is int and entry > 0
            ]
            choices = choices or [*others[:1], 1]
        return tuple(
            Suggestion(
                {self.argument: replace(entries, position, choice)}, "" if choice is not None else "not known"
            )
            for choice in choices
        )

    def _refuse(
        self,
        given: object,
        problem: str,
        reason: str,
        *,
        axis: int | None = None,
        kind: type[ShapeError] = ArgumentError,
        suggestions: tuple[Suggestion, ...] = (),
    ) -> NoReturn:
        raise Refusal(
            self.argument,
            given=given,
            problem=problem,
            legal=self.pattern,
            reason=reason,
            kind=kind,
            axis=axis,
            suggestions=suggestions,
        )


INPUT = ShapeRule(
    "input_shape",
    batched=True,
    unknown=True,
    pattern="(N, *spatial, C): one to three spatial axes, each size at least 1, N at least 0 or a name; None where not known",
)
OUTPUT = ShapeRule(
    "output_shape",
    batched=True,
    unknown=False,
    pattern="(N, *spatial, C), as many axes as the input, every size known",
)
FORWARD_FILTER = ShapeRule(
    "filter_shape",
    batched=False,
    unknown=False,
    pattern="(*kernel, in, out), each at least 1: (5, 5, 32, 64)",
)
TRANSPOSED_FILTER = ShapeRule(
    "filter_shape",
    batched=False,
    unknown=False,
    pattern="(*kernel, out, in), each at least 1: (5, 5, 32, 64)",
)
