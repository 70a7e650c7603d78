"""What is searched for: two sizes to be joined, and within which bounds; read from what people pass, or refused."""

from __future__ import annotations

from convshape._arguments import read_flag
from convshape._bounds import DILATIONS, KERNELS, STRIDES, read_channels, read_paddings, read_rank
from convshape._errors import ArgumentError, RankError, SizeError
from convshape._frozen import Frozen
from convshape._reading import as_entries, as_index, near_integers, shape_in_text, why_not_whole
from convshape._refusals import Refusal, Suggestion
from convshape._show import INT64_MAX, kind_of, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

    from convshape._ways import Paddings

MOST_SETTINGS = 2**16
_LEGAL = "a whole number of at least 1, or one each of 1 to 3 spatial axes: (7, 9)"


class Question(Frozen):
    """Two sizes and the bounds of the search for what joins them.

    Attributes:
        transposed: Whether the transposed convolution is asked for.
        inputs: The input's size on each spatial axis.
        outputs: The output's.
        alike: Whether all axes are to have the same setting, because their sizes were given as one number.
        kernels: Kernel sizes to try, growing; a kernel has the same size on all axes.
        strides: Strides to try, growing.
        dilations: Dilations to try, growing; the same on all axes.
        paddings: Paddings to try.
        channels: Channels of the specs, ``(in, out)``.
    """

    __slots__ = (
        "alike", "channels", "dilations", "inputs", "kernels", "outputs", "paddings", "strides", "transposed",
    )  # fmt: skip
    _fields = (
        "transposed", "inputs", "outputs", "alike", "kernels", "strides", "dilations", "paddings", "channels",
    )  # fmt: skip
    transposed: bool
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    alike: bool
    kernels: Sequence[int]
    strides: Sequence[int]
    dilations: Sequence[int]
    paddings: Paddings
    channels: tuple[int, int]

    def __init__(self, **fields: object) -> None:
        self._set(**fields)

    def but(self, **changes: object) -> Question:
        """Return the same question within other bounds."""
        return Question(**{**self._values(), **changes})

    @property
    def bigs(self) -> tuple[int, ...]:
        """The input of the forward convolution or forward twin."""
        return self.outputs if self.transposed else self.inputs

    @property
    def smalls(self) -> tuple[int, ...]:
        """The output of the forward convolution or forward twin."""
        return self.inputs if self.transposed else self.outputs

    @property
    def axes(self) -> range:
        """The axes that have to be solved: one stands for all where they are alike."""
        return range(1 if self.alike else len(self.inputs))


def read_question(
    *,
    transposed: bool,
    input_size: object,
    output_size: object,
    kernels: object,
    strides: object,
    dilations: object,
    paddings: object,
    asymmetric: object,
    channels: object,
    rank: object,
) -> Question:
    """Return what is asked, or raise the bare ``Refusal``."""
    axes = read_rank(rank)
    source, wanted = _size("input_size", input_size), _size("output_size", output_size)
    inputs, outputs = _broadcast(source, wanted, axes)
    question = Question(
        transposed=transposed,
        inputs=inputs,
        outputs=outputs,
        alike=isinstance(source, int) and isinstance(wanted, int),
        kernels=KERNELS.read(kernels),
        strides=STRIDES.read(strides),
        dilations=DILATIONS.read(dilations),
        paddings=read_paddings(paddings, read_flag("asymmetric", asymmetric)),
        channels=read_channels(channels),
    )
    _check_number(question)
    return question


def _size(argument: str, value: object) -> int | tuple[int, ...]:
    number = as_index(value)
    if number is not None and 1 <= number <= INT64_MAX:
        return number
    entries = None if number is not None else as_entries(value)
    if entries is None:
        _refuse_scalar(argument, value, number)
    if not 1 <= len(entries) <= 3 or type(entries[0]) is str:
        inner = entries[1:-1] if len(entries) in (4, 5) else entries[1:] or entries
        raise Refusal(
            argument,
            given=value,
            problem=f"{argument} is {kind_of(value)}.",
            legal=_LEGAL,
            reason="only the spatial sizes are asked for; batch and channels play no part in them.",
            kind=RankError,
            suggestions=(Suggestion({argument: inner}, "its spatial sizes"),),
        )
    numbers = tuple(map(as_index, entries))
    for axis, found in enumerate(numbers):
        if found is None or not 1 <= found <= INT64_MAX:
            _refuse_entry(argument, entries, axis, found)
    return numbers  # type: ignore[return-value]


def _refuse_scalar(argument: str, value: object, number: int | None) -> NoReturn:
    spelt = shape_in_text(value)
    meant: list[object] = [spelt] if spelt else [near for near in near_integers(value) if near > 0]
    if number is not None and number < 0:
        meant = [-number]
    raise Refusal(
        argument,
        given=value,
        problem=f"{argument} is {kind_of(value)}.",
        legal=_LEGAL,
        reason=_why(value, number),
        kind=ArgumentError if number is None or number < 0 else SizeError,
        suggestions=tuple(Suggestion({argument: choice}) for choice in meant),
    )


def _refuse_entry(argument: str, entries: tuple[object, ...], axis: int, number: int | None) -> NoReturn:
    meant = [-number] if number is not None and number < 0 else list(near_integers(entries[axis]))
    raise Refusal(
        argument,
        given=entries,
        problem=f"{argument} {show(entries)} has {kind_of(entries[axis])}, at position {axis}.",
        legal=_LEGAL,
        reason=_why(entries[axis], number),
        axis=axis,
        kind=ArgumentError if number is None or number < 0 else SizeError,
        suggestions=tuple(
            Suggestion({argument: (*entries[:axis], choice, *entries[axis + 1 :])})
            for choice in meant
            if choice > 0
        ),
    )


def _why(value: object, number: int | None) -> str:
    if number is None:
        return why_not_whole(value, "a size")
    return (
        "a size counts elements." if number < 1 else "no tensor has an axis of more than 2**63 - 1 elements."
    )


def _broadcast(
    source: int | tuple[int, ...], wanted: int | tuple[int, ...], rank: int | None
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    lengths = {"input_size": source, "output_size": wanted}
    known = {name: len(size) for name, size in lengths.items() if isinstance(size, tuple)}
    axes = next(iter(known.values())) if known else rank or 2
    if len(set(known.values())) > 1:
        shorter = min(known.values())
        raise Refusal(
            "output_size",
            given=wanted,
            problem=f"output_size {show(wanted)} has {known['output_size']} axes, input_size {show(source)} has {known['input_size']}.",
            legal="as many axes as the input has",
            reason="a convolution keeps the number of axes.",
            kind=RankError,
            suggestions=tuple(Suggestion({name: lengths[name][:shorter]}) for name in reversed(lengths)),  # type: ignore[index]
        )
    if known and rank is not None and rank != axes:
        raise Refusal(
            "rank",
            given=rank,
            problem=f"rank is {rank}, but the sizes have {axes}.",
            legal=f"{axes}, or None",
            reason="it says how many axes a size given as one number stands for.",
            kind=RankError,
            suggestions=(Suggestion({"rank": None}),),
        )
    return _spread(source, axes), _spread(wanted, axes)


def _spread(size: int | tuple[int, ...], axes: int) -> tuple[int, ...]:
    return (size,) * axes if isinstance(size, int) else size


def _check_number(question: Question) -> None:
    """Refuse bounds that leave more settings than can be tried while somebody waits."""
    bounds = {"kernels": question.kernels, "strides": question.strides, "dilations": question.dilations}
    settings = 1
    for numbers in bounds.values():
        settings *= numbers[-1] - numbers[0] + 1 if type(numbers) is range else len(numbers)
    if settings > MOST_SETTINGS:
        longest = max(bounds, key=lambda name: bounds[name][-1] - bounds[name][0])
        raise Refusal(
            longest,
            given=bounds[longest],
            problem=f"the bounds leave {show(settings)} settings of kernel, stride and dilation.",
            legal=f"at most {MOST_SETTINGS} settings in all",
            reason="each of them is tried; sizes and paddings are not, and may be as large as they like.",
            suggestions=tuple(
                Suggestion({longest: bounds[longest][:many]}, f"the first {many}")
                for many in (4096, 256, 16, 1)
            ),
        )
