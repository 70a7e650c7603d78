"""Specs of plain arguments, made once: a verb called in a loop does not check its filter again.

Only tuples and ints that are exactly that are looked up, because ``2 == 2.0`` and ``1 == True`` for a dict: a
float must not find the spec that an int has made. Specs are frozen, so sharing them is not seen from outside.
(``functools.lru_cache`` would do, but importing functools takes a third of the time that convshape may take.)
"""

from __future__ import annotations

from convshape._conv import Conv
from convshape._pool import Pool, rank_for
from convshape._transposed import ConvTranspose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    from convshape._spec import Spec

    S = TypeVar("S", bound=Spec)

_PLAIN = {int}
_MOST = 512
_known: dict[tuple[object, ...], Any] = {}


def conv_spec(
    filter_shape: object,
    strides: object,
    padding: object,
    dilations: object,
    groups: object,
    data_format: object,
) -> Conv:
    """Return the forward convolution of these arguments, or raise the bare ``Refusal``."""
    if type(filter_shape) is list:
        filter_shape = tuple(filter_shape)
    if type(strides) is list:
        strides = tuple(strides)
    arguments = (filter_shape, strides, padding, dilations, groups, data_format)
    if type(groups) is int and _is_plain(filter_shape, strides, padding, dilations, data_format):
        key = (Conv, *arguments)
        spec: Conv = _known.get(key) or _remember(key, _made(Conv, arguments))
        return spec
    return _made(Conv, arguments)


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
    if type(filter_shape) is list:
        filter_shape = tuple(filter_shape)
    if type(strides) is list:
        strides = tuple(strides)
    arguments = (filter_shape, strides, padding, dilations, groups, output_padding, data_format)
    if (
        type(groups) is int
        and (output_padding is None or type(output_padding) is int)
        and _is_plain(filter_shape, strides, padding, dilations, data_format)
    ):
        key = (ConvTranspose, *arguments)
        spec: ConvTranspose = _known.get(key) or _remember(key, _made(ConvTranspose, arguments))
        return spec
    return _made(ConvTranspose, arguments)


def pool_spec(
    input_shape: object,
    window_shape: object,
    strides: object,
    padding: object,
    dilations: object,
    ceil_mode: object,
    data_format: object,
) -> Pool:
    """Return the pool of these arguments for an input's number of axes, or raise the bare ``Refusal``.

    An int window fits an input of any rank, and ``(1, 2, 1)`` is full rank for ``NWC``.
    """
    rank = rank_for(input_shape, window_shape)
    arguments = (window_shape, strides, padding, dilations, ceil_mode, data_format, rank)
    plain = type(window_shape) is int or (
        type(window_shape) is tuple and {*map(type, window_shape)} == _PLAIN
    )
    if (
        plain
        and type(ceil_mode) is bool
        and _is_plain((1,), 1 if strides is None else strides, padding, dilations, data_format)
    ):
        key = (Pool, *arguments)
        spec: Pool = _known.get(key) or _remember(key, _made(Pool, arguments))
        return spec
    return _made(Pool, arguments)


def _is_plain(
    sizes: object, strides: object, padding: object, dilations: object, data_format: object
) -> bool:
    return (
        type(sizes) is tuple
        and {*map(type, sizes)} == _PLAIN
        and (type(strides) is int or (type(strides) is tuple and {*map(type, strides)} == _PLAIN))
        and type(padding) is str
        and type(dilations) is int
        and (data_format is None or type(data_format) is str)
    )


def _remember(key: tuple[object, ...], spec: S) -> S:
    if len(_known) >= _MOST:
        _known.clear()
    _known[key] = spec
    return spec


def _made(cls: type[S], arguments: tuple[object, ...]) -> S:
    spec = object.__new__(cls)
    spec.fill(*arguments)
    return spec
