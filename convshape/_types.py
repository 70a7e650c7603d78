"""What the arguments of the public functions may be, for type checkers; imported by nobody at run time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import SupportsIndex, TypeAlias

# A size, or None where it is not known; a str names the batch. Arrays and tf.TensorShape are such iterables too.
ShapeLike: TypeAlias = Iterable[SupportsIndex | str | None]
# Strides, dilations, windows: one for all spatial axes, or one each.
PerAxisLike: TypeAlias = SupportsIndex | Iterable[SupportsIndex]
# "SAME", "VALID", a number of elements, or pairs of them.
PaddingLike: TypeAlias = str | SupportsIndex | Iterable[SupportsIndex | Iterable[SupportsIndex]]
