"""Writing one legal argument in other forms: other containers, other whole numbers, other spellings."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests import strategies as legal
from tests.engines.operation import read


class Whole:
    """A whole number that is no int, as NumPy's are: it has `__index__` and nothing else."""

    def __init__(self, value: int) -> None:
        self.value = value

    def __index__(self) -> int:
        return self.value

    def __repr__(self) -> str:
        return f"Whole({self.value})"


class Duck:
    """A shape that is no tuple, as `tf.TensorShape` is: sized, iterable, indexable."""

    def __init__(self, entries: Any) -> None:
        self.entries = tuple(entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.entries)

    def __getitem__(self, place: int) -> Any:
        return self.entries[place]

    def __repr__(self) -> str:
        return f"Duck({self.entries})"


class Size(tuple):
    """A tuple by another name, as `torch.Size` is."""


NUMBERS = (int, np.int8, np.int64, np.uint16, np.array, Whole)
CONTAINERS = (tuple, list, np.array, Duck, Size)
WORDS = (str.upper, str.lower, str.capitalize, str.swapcase, np.str_)


@st.composite
def other_forms(draw: st.DrawFn, *, call: dict[str, Any]) -> dict[str, Any]:
    """The same call, each argument in any form. Drawn by a seed, to be quick; it does not shrink."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    return {name: _other(chance, value) for name, value in call.items()}


def _other(chance: random.Random, value: Any) -> Any:
    if type(value) is int:
        return chance.choice(NUMBERS)(value)
    if type(value) is not tuple:
        return value
    plain = all(type(entry) is int for entry in value)
    if plain and len(value) > 1 and value == tuple(spelt := range(value[0], value[-1] + 1)):
        return chance.choice((value, spelt))
    container = chance.choice(CONTAINERS if plain else (tuple, list, Duck, Size))
    if container is np.array:
        return np.array(value)
    return container([_other(chance, entry) if type(entry) in (int, tuple) else entry for entry in value])


def plain(verb: str, call: dict[str, Any]) -> dict[str, Any]:
    """Return a legal call with one tuple entry a spatial axis everywhere and the layout by its name."""
    operation = read(verb, call)
    rank = operation.rank
    written = {
        **call,
        "input_shape": tuple(call["input_shape"]),
        "strides": operation.strides,
        "padding": operation.padding,
        "dilations": operation.dilations,
        "data_format": (legal.FIRST if operation.channels_first else legal.LAST)[rank],
    }
    if verb == "pool_output":
        written["window_shape"] = operation.kernel
    return written


def turned(verb: str, call: dict[str, Any]) -> dict[str, Any]:
    """Return the same operation in the other layout."""
    operation = read(verb, call)
    other = operation.but(channels_first=not operation.channels_first)
    written = plain(verb, call)
    written["input_shape"] = other.laid_out(operation.input_shape)
    written["data_format"] = (legal.FIRST if other.channels_first else legal.LAST)[operation.rank]
    if operation.output_shape is not None:
        written["output_shape"] = other.laid_out(operation.output_shape)
    return written


@st.composite
def pool_calls_of_both_modes(draw: st.DrawFn, **options: Any) -> dict[str, Any]:
    """`pool_calls`, floor mode or ceil mode. Shrinks towards floor mode."""
    return {**draw(legal.pool_calls(**options)), "ceil_mode": draw(st.booleans())}


#: Which strategy makes legal calls of which verb, here.
CALLS = {**legal.CALLS, "pool_output": pool_calls_of_both_modes}
