"""A filter, and an input with it, as another framework orders their axes: what the sizes show of that."""

from __future__ import annotations

from convshape._layouts import LAYOUTS, channel_axis, channels_first
from convshape._refusals import Suggestion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from convshape._conv import Conv
    from convshape._shapes import Shape
    from convshape._transposed import ConvTranspose

    FilterSpec: TypeAlias = Conv | ConvTranspose
    Guesses: TypeAlias = tuple[list[Suggestion], list[Suggestion]]

# What a suggestion of this room is about: only in the core's own order does it mean what it says.
ORDER = "another framework's order"


def other_layout(shape: Shape, data_format: str) -> tuple[str, Shape]:
    """Return the other layout's name, and a shape that was written in it as this layout has it."""
    rank = len(data_format) - 2
    if channels_first(data_format):
        return LAYOUTS[rank][0], (shape[0], shape[-1], *shape[1:-1])
    return LAYOUTS[rank][1], (shape[0], *shape[2:], shape[1])


def from_pytorch(spec: FilterSpec, shape: Shape, reason: str) -> Guesses:
    """Suggest a filter that was written with its channels before its kernel; see :func:`from_order`."""
    one, other, *kernel = spec.filter_shape
    layout = "(in, out, *kernel)" if is_transposed(spec) else "(out, in, *kernel)"
    return from_order(spec, shape, (*kernel, other, one), "PyTorch's", layout, reason)


def from_order(
    spec: FilterSpec,
    shape: Shape,
    turned: tuple[int, ...],
    whose: str,
    layout: str,
    reason: str | None = None,
) -> Guesses:
    """Suggest a filter that was written in another order, alone or with an input of the other layout.

    A kernel that is smaller when it is read so is likelier than any other change: sizes of channels stood in its
    place. If it is not, the order is the last thing to think of, and only where the kernel is a square at least.

    Args:
        spec: The convolution.
        shape: Its input, in the spec's layout.
        turned: The filter as the core writes it, if it was in the other order.
        whose: Whose order it is, in words.
        layout: That order, in words.
        reason: What the mistake was, if this mends it.

    Returns:
        What to try ahead of all other suggestions, and behind them.
    """
    wanted = turned[-1] if is_transposed(spec) else turned[-2] * spec.groups
    place = channel_axis(spec.data_format)
    other, moved = other_layout(shape, spec.data_format)
    found: list[tuple[dict[str, object], str]] = []
    if shape[place] == wanted:
        found = [({"filter_shape": turned}, f"it was in {whose} order {layout}")]
    elif moved[place] == wanted:
        places = "last" if channels_first(spec.data_format) else "first"
        found = [
            (
                {"input_shape": moved, "filter_shape": turned},
                f"the filter was in {whose} order {layout}, the input's channels {places}",
            ),
            (
                {"data_format": other, "filter_shape": turned},
                f"the filter was in {whose} order; the data stays as it is",
            ),
        ]
    guesses = [Suggestion(changes, note, reason, about=ORDER) for changes, note in found]
    kernel = turned[:-2]
    if max(kernel) < max(spec.filter_shape[:-2]):
        return guesses, []
    return [], guesses if len(set(kernel)) == 1 else []


def is_transposed(spec: FilterSpec) -> bool:
    """Return whether a spec's filter is ``(*kernel, out, in)``."""
    return "output_padding" in spec._fields
