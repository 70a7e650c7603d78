"""From a geometry back to a spec: in words where they say it, so that there and back again is the same spec."""

from __future__ import annotations

from convshape._conv import Conv
from convshape._geometry import Geometry, is_same_at_any_size, rows_of, same_extras, valid_extras
from convshape._sizes import default_extra
from convshape._transposed import ConvTranspose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from convshape._conversion import Conversion
    from convshape._paddings import Padding, Pair


def transposed_padding(geometry: Geometry) -> tuple[Padding, tuple[int, ...] | None]:
    """Return the padding and output padding that a spec of this transposed geometry is written with.

    Words where they say it, and no output padding where the default output is meant.
    """
    rows = rows_of(geometry)
    for word, extras in (("VALID", valid_extras(geometry)), ("SAME", same_extras(geometry))):
        if extras is not None:
            usual = tuple(default_extra(word, extent, stride) for extent, stride, _ in rows)
            return word, None if extras == usual else extras
    padding = tuple((before, max(0, after)) for _, _, (before, after) in rows)
    extras = tuple(max(0, -after) for _, _, (_, after) in rows)
    return padding, extras if any(extras) else None


def forward_padding(geometry: Geometry) -> Padding:
    """Return the padding that a spec of this forward geometry is written with: a word where one says it."""
    if geometry.pads is None:
        return "SAME"
    if not any(map(any, geometry.pads)):
        return "VALID"
    return "SAME" if is_same_at_any_size(geometry) else geometry.pads


def transposed_spec(
    geometry: Geometry, filter_shape: tuple[int, ...], groups: int, data_format: str
) -> ConvTranspose:
    """Return the transposed convolution of a geometry and a TensorFlow filter shape."""
    padding, extras = transposed_padding(geometry)
    return ConvTranspose(
        filter_shape,
        geometry.strides,
        padding,
        dilations=geometry.dilations,
        groups=groups,
        output_padding=extras,
        data_format=data_format,
    )


def forward_spec(geometry: Geometry, filter_shape: tuple[int, ...], groups: int, data_format: str) -> Conv:
    """Return the forward convolution of a geometry and a TensorFlow filter shape."""
    return Conv(
        filter_shape,
        geometry.strides,
        forward_padding(geometry),
        dilations=geometry.dilations,
        groups=groups,
        data_format=data_format,
    )


def added(pads: Sequence[Pair], more: Sequence[Pair] | None) -> tuple[Pair, ...]:
    """Return the sums of two pads an axis; None adds nothing."""
    if more is None:
        return tuple(pads)
    return tuple(
        (one + before, other + after) for (one, other), (before, after) in zip(pads, more, strict=True)
    )


def respell(geometry: Geometry, conversion: Conversion, *, transposed: bool) -> Conv | ConvTranspose:
    """Return the spec of a call's own geometry together with the pad before it and the crop after it."""
    beside = conversion.after if transposed else conversion.before
    if beside is not None:
        pads = added(geometry.pads or (), beside.amounts)
        geometry = Geometry(geometry.kernel, geometry.strides, geometry.dilations, pads)
    write = transposed_spec if transposed else forward_spec
    return write(geometry, conversion.filter_shape, conversion.groups, conversion.data_format)
