"""Hypothesis strategies for single arguments of convshape, and for the window of an operation.

Every strategy takes keyword arguments only, checks them before anything is drawn, and says what it shrinks
towards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

RANKS = (1, 2, 3)
PADDINGS = ("SAME", "VALID", "explicit")
LAST = {1: "NWC", 2: "NHWC", 3: "NDHWC"}
FIRST = {1: "NCW", 2: "NCHW", 3: "NCDHW"}
LARGEST = {1: 12, 2: 9, 3: 5}  # spatial sizes by rank: a kernel in three dimensions costs milliseconds


@dataclass(frozen=True)
class Geometry:
    """The window of an operation, an entry a spatial axis; padding is `SAME`, `VALID` or pairs."""

    kernel: tuple[int, ...]
    strides: tuple[int, ...]
    dilations: tuple[int, ...]
    padding: str | tuple[tuple[int, int], ...]

    def reach(self, axis: int) -> int:
        """Return the smallest input size with an output of 1, which may lie below 1."""
        if self.padding == "SAME":
            return 1
        extent = (self.kernel[axis] - 1) * self.dilations[axis] + 1
        return extent if self.padding == "VALID" else extent - sum(self.padding[axis])


def sizes(*, smallest: int = 1, largest: int = 12) -> st.SearchStrategy[int]:
    """Sizes of one axis, in elements. Shrinks towards `smallest`."""
    if not 0 <= smallest <= largest:
        raise ValueError(f"sizes: smallest {smallest} and largest {largest} do not make a range")
    return st.integers(smallest, largest)


def batches() -> st.SearchStrategy[int]:
    """Batch sizes, 0 among them. Shrinks towards 1."""
    return st.sampled_from((1, 2, 3, 0))


def data_formats(*, rank: int, channels_first: bool | None = None) -> st.SearchStrategy[str | None]:
    """Layouts of a rank; `channels_first` None means either. Shrinks towards None, channels last."""
    if rank not in RANKS:
        raise ValueError(f"data_formats: rank {rank} is not one of {RANKS}")
    last, first = (None, LAST[rank]), (FIRST[rank],)
    return st.sampled_from({True: first, False: last, None: last + first}[channels_first])


@st.composite
def factors(draw: st.DrawFn, *, values: Sequence[int], data_format: str | None) -> Any:
    """Write strides or dilations, one a spatial axis, in any form: an int, an int an axis, full rank.

    Shrinks towards an int, then a tuple an axis.
    """
    forms: list[Any] = [values[0]] if len(set(values)) == 1 else []
    forms += [tuple(values), list(values), full_rank(values, data_format=data_format, filler=1)]
    return draw(st.sampled_from(forms))


@st.composite
def paddings(
    draw: st.DrawFn, *, padding: str | Sequence[tuple[int, int]], rank: int, data_format: str | None
) -> Any:
    """Write a padding in any form: a word in either case, an int, a pair a spatial axis, full rank.

    Shrinks towards upper case, or an int, then pairs.
    """
    if isinstance(padding, str):
        return draw(st.sampled_from((padding, padding.lower(), padding.capitalize())))
    if len(padding) != rank:
        raise ValueError(f"paddings: {len(padding)} pairs for {rank} spatial axes")
    flat = {amount for pair in padding for amount in pair}
    forms: list[Any] = list(flat) if len(flat) == 1 else []
    forms += [tuple(padding[0])] if rank == 1 else []
    forms += [tuple(padding), [list(pair) for pair in padding]]
    forms.append(full_rank(padding, data_format=data_format, filler=(0, 0)))
    return draw(st.sampled_from(forms))


@st.composite
def geometries(
    draw: st.DrawFn,
    *,
    ranks: Sequence[int] = RANKS,
    kinds: Sequence[str] = PADDINGS,
    max_kernel: int = 5,
    max_stride: int = 4,
    max_dilation: int = 3,
    half_padding: bool = False,
) -> Geometry:
    """Windows of every rank. Shrinks towards one spatial axis, SAME, and ones everywhere.

    Args:
        draw: Given by Hypothesis.
        ranks: Numbers of spatial axes.
        kinds: Kinds of padding out of `PADDINGS`.
        max_kernel: Largest kernel size.
        max_stride: Largest stride.
        max_dilation: Largest dilation.
        half_padding: Keep explicit padding within half the kernel, as every framework's pools want it.
    """
    if not set(ranks) <= set(RANKS) or not set(kinds) <= set(PADDINGS):
        raise ValueError(f"geometries: ranks {ranks} or kinds of padding {kinds} are unknown")
    rank = draw(st.sampled_from(tuple(ranks)))
    kind = draw(st.sampled_from(tuple(kinds)))

    def entries(largest: int) -> tuple[int, ...]:
        entry = st.integers(1, largest)
        alike = entry.map(lambda value: (value,) * rank)
        return draw(st.one_of(alike, st.tuples(*[entry] * rank)))

    kernel = entries(max_kernel if rank < 3 else min(max_kernel, 3))
    strides, dilations = entries(max_stride if rank < 3 else min(max_stride, 3)), entries(max_dilation)
    padding: Any = kind
    if kind == "explicit":
        amounts = [st.integers(0, size // 2 if half_padding else 3) for size in kernel]
        padding = tuple(draw(st.tuples(amount, amount)) for amount in amounts)
    return Geometry(kernel, strides, dilations, padding)


def full_rank(values: Sequence[Any], *, data_format: str | None, filler: Any) -> list[Any]:
    """Return entries of the spatial axes as a list that also has batch and channels."""
    first = data_format is not None and data_format[1] == "C"
    return [filler, filler, *values] if first else [filler, *values, filler]


def laid_out(batch: Any, spatial: Sequence[Any], channels: Any, data_format: str | None) -> tuple[Any, ...]:
    """Return a shape in a layout."""
    first = data_format is not None and data_format[1] == "C"
    return (batch, channels, *spatial) if first else (batch, *spatial, channels)
