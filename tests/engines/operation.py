"""What a convshape call asks for, in one canonical form that an engine can be handed.

This reads *legal* calls only, and by itself: it shares no code with convshape, so that the two can disagree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

KIND_OF_VERB = {
    "conv_output": "conv",
    "padding_amounts": "conv",
    "transpose_output": "transpose",
    "transpose_outputs": "transpose",
    "check_transpose": "transpose",
    "pool_output": "pool",
}
Pairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One op in canonical form: shapes are `(N, *spatial, C)`, every argument stands once a spatial axis.

    Attributes:
        kind: `conv`, `transpose` or `pool`.
        input_shape: `(N, *spatial, C)`, whatever the layout of the call.
        kernel: Kernel or window size of each spatial axis.
        channels: The last two entries of the filter shape; empty for a pool.
        strides: One a spatial axis.
        padding: `SAME`, `VALID` or one `(before, after)` a spatial axis.
        dilations: One a spatial axis.
        groups: Number of groups of channels.
        channels_first: Whether the tensors stand as `(N, C, *spatial)`.
        output_shape: `(N, *spatial, C)` wanted of a transposed convolution, otherwise None.
        ceil_mode: Whether a pool may end with a window that hangs over.
    """

    kind: str
    input_shape: tuple[int, ...]
    kernel: tuple[int, ...]
    channels: tuple[int, ...]
    strides: tuple[int, ...]
    padding: str | Pairs
    dilations: tuple[int, ...]
    groups: int
    channels_first: bool
    output_shape: tuple[int, ...] | None = None
    ceil_mode: bool = False

    @property
    def rank(self) -> int:
        """Number of spatial axes."""
        return len(self.kernel)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Spatial sizes of the input."""
        return self.input_shape[1:-1]

    @property
    def explicit(self) -> bool:
        """Whether the padding is written out in numbers."""
        return not isinstance(self.padding, str)

    @property
    def filter_shape(self) -> tuple[int, ...]:
        """`(*kernel, in, out)`, for a transposed convolution `(*kernel, out, in)`."""
        return (*self.kernel, *self.channels)

    def but(self, **changes: Any) -> Operation:
        """Return this operation with some fields changed."""
        return replace(self, **changes)

    def laid_out(self, shape: Sequence[int]) -> tuple[int, ...]:
        """Return a canonical shape in the layout of this operation's tensors."""
        shape = tuple(shape)
        return (shape[0], shape[-1], *shape[1:-1]) if self.channels_first else shape

    def canonical(self, shape: Sequence[int]) -> tuple[int, ...]:
        """Return a shape in this operation's layout as `(N, *spatial, C)`."""
        shape = tuple(shape)
        return (shape[0], *shape[2:], shape[1]) if self.channels_first else shape


def read(verb: str, arguments: Mapping[str, Any]) -> Operation:
    """Return the operation that a legal call of a convshape verb describes.

    Args:
        verb: Name of a function of convshape that has input, filter or window shapes.
        arguments: Its arguments, by name; every size a number.
    """
    kind = KIND_OF_VERB[verb]
    given = _numbers(arguments["input_shape"])
    rank = len(given) - 2
    data_format = arguments.get("data_format")
    first = data_format is not None and data_format[1] == "C"
    window = arguments.get("window_shape") if kind == "pool" else arguments["filter_shape"]
    kernel = _per_axis(window, rank, first) if kind == "pool" else _numbers(window)[:-2]
    strides = arguments.get("strides", None if kind == "pool" else 1)
    shape = Operation(
        kind=kind,
        input_shape=given,
        kernel=kernel,
        channels=() if kind == "pool" else _numbers(window)[-2:],
        strides=kernel if strides is None else _per_axis(strides, rank, first),
        padding=_padding(arguments.get("padding", "VALID" if kind == "pool" else "SAME"), rank, first),
        dilations=_per_axis(arguments.get("dilations", 1), rank, first),
        groups=int(arguments.get("groups", 1)),
        channels_first=first,
        ceil_mode=arguments.get("ceil_mode", False),
    )
    wanted = arguments.get("output_shape")
    return shape.but(
        input_shape=shape.canonical(given),
        output_shape=None if wanted is None else shape.canonical(_numbers(wanted)),
    )


def _numbers(values: Any) -> tuple[int, ...]:
    """Return plain ints, whatever kind of whole number they are."""
    return tuple(int(value) for value in values)


def _is_number(value: Any) -> bool:
    return hasattr(value, "__index__") and not getattr(value, "ndim", 0)


def _per_axis(value: Any, rank: int, first: bool) -> tuple[int, ...]:
    if _is_number(value):
        return (int(value),) * rank
    entries = _numbers(value)
    if len(entries) == 1:
        return entries * rank
    return entries if len(entries) == rank else _spatial(entries, first)


def _padding(value: Any, rank: int, first: bool) -> str | Pairs:
    if isinstance(value, str):
        return value.upper()
    if _is_number(value):
        return ((int(value), int(value)),) * rank
    if rank == 1 and len(value) == 2 and all(map(_is_number, value)):
        return (_numbers(value),)  # one spatial axis, one pair
    pairs = tuple((int(before), int(after)) for before, after in value)
    return pairs if len(pairs) == rank else _spatial(pairs, first)


def _spatial(full: tuple[Any, ...], first: bool) -> tuple[Any, ...]:
    """Return the spatial entries of a full-rank list."""
    return full[2:] if first else full[1:-1]
