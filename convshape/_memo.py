"""Specs of plain arguments, made once: a verb called in a loop does not check its filter again.

Only tuples and ints that are exactly that are looked up, because ``2 == 2.0 == True + 1`` for a dict: a float
must not find the spec that an int has made. Specs are frozen, so sharing them is not seen from outside.
"""

from __future__ import annotations

from functools import lru_cache

from convshape._conv import Conv
from convshape._transposed import ConvTranspose

_PLAIN = {int}
_SIZE = 512


def conv_spec(
    filter_shape: object,
    strides: object,
    padding: object,
    dilations: object,
    groups: object,
    data_format: object,
) -> Conv:
    """Return the forward convolution of these arguments, or raise the bare ``Refusal``."""
    if _is_plain(filter_shape, strides, padding, dilations, groups, data_format):
        return _conv(filter_shape, strides, padding, dilations, groups, data_format)
    return _make_conv(filter_shape, strides, padding, dilations, groups, data_format)


def transpose_spec(
    filter_shape: object,
    strides: object,
    padding: object,
    dilations: object,
    groups: object,
    output_padding: object,
    data_format: object,
) -> ConvTranspose:
    """Return the transposed convolution of these arguments, or raise the bare ``Refusal``."""
    if output_padding is None and _is_plain(filter_shape, strides, padding, dilations, groups, data_format):
        return _transpose(filter_shape, strides, padding, dilations, groups, data_format)
    spec = object.__new__(ConvTranspose)
    spec.fill(filter_shape, strides, padding, dilations, groups, output_padding, data_format)
    return spec


def _is_plain(
    filter_shape: object,
    strides: object,
    padding: object,
    dilations: object,
    groups: object,
    data_format: object,
) -> bool:
    return (
        filter_shape.__class__ is tuple
        and {*map(type, filter_shape)} == _PLAIN  # type: ignore[call-overload]
        and (strides.__class__ is int or (strides.__class__ is tuple and {*map(type, strides)} == _PLAIN))  # type: ignore[call-overload]
        and padding.__class__ is str
        and dilations.__class__ is int
        and groups.__class__ is int
        and (data_format is None or data_format.__class__ is str)
    )


def _make_conv(
    filter_shape: object,
    strides: object,
    padding: object,
    dilations: object,
    groups: object,
    data_format: object,
) -> Conv:
    spec = object.__new__(Conv)
    spec.fill(filter_shape, strides, padding, dilations, groups, data_format)
    return spec


_conv = lru_cache(_SIZE)(_make_conv)


@lru_cache(_SIZE)
def _transpose(
    filter_shape: object,
    strides: object,
    padding: object,
    dilations: object,
    groups: object,
    data_format: object,
) -> ConvTranspose:
    spec = object.__new__(ConvTranspose)
    spec.fill(filter_shape, strides, padding, dilations, groups, None, data_format)
    return spec
