"""What the arguments of the public functions may be, for type checkers; imported by nobody at run time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, SupportsIndex, TypeAlias, TypeVar

T_co = TypeVar("T_co", covariant=True)


class Entries(Protocol[T_co]):
    """Something with a length that can be read again: a tuple, a list, an array, a ``tf.TensorShape``."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[T_co]: ...


# A size, or None where it is not known; a str names the batch.
ShapeLike: TypeAlias = Entries[SupportsIndex | str | None]
# Strides, dilations, windows: one for all spatial axes, or one each.
PerAxisLike: TypeAlias = SupportsIndex | Entries[SupportsIndex]
# "SAME", "VALID", a number of elements, or pairs of them.
PaddingLike: TypeAlias = str | SupportsIndex | Entries[SupportsIndex | Entries[SupportsIndex]]
