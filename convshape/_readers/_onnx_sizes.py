"""ONNX's operators that pad, resize and repeat, as layers of a network."""

from __future__ import annotations

from convshape._networks._amounts import Amount, amount, product
from convshape._readers import _moving as moving
from convshape._readers import _sizing as sizing
from convshape._readers._onnx_grid import many, numbers
from convshape._readers._wires import Constant, Unread, Wire
from convshape._readers._wiring import Wiring

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    Attributes = Mapping[str, Any]


def pad(wiring: Wiring, name: str, given: Attributes, x: Wire, pads: object = None, value: object = None, axes: object = None) -> Wire:  # fmt: skip
    """Read a ``Pad``: all beginnings and then all ends."""
    flat = (
        many(pads) if pads is not None else tuple(map(amount, given.get("pads", given.get("paddings", ()))))
    )
    half = len(flat) // 2
    places = range(half) if axes is None else [x.axis(one) for one in numbers(axes)]
    if len(flat) != 2 * half or len(places) != half or (axes is None and half != x.rank):
        raise Unread("its pads are not for its axes")
    pairs = [(amount(0), amount(0))] * x.rank
    for place, before, after in zip(places, flat[:half], flat[half:], strict=True):
        pairs[place] = (before, after)
    zero = all(one.number == 0 for pair in pairs[:2] for one in pair)
    mode = {"edge": "replicate"}.get(str(given.get("mode", "constant")), str(given.get("mode", "constant")))
    return sizing.pad(wiring, name, x, pairs[2:] if zero and x.rank > 2 else pairs, mode)


def resize(wiring: Wiring, name: str, given: Attributes, x: Wire, *rest: object) -> Wire:
    """Read a ``Resize`` or an ``Upsample``: factors, or sizes."""
    if given.get("keep_aspect_ratio_policy", "stretch") != "stretch" or given.get("coordinate_transformation_mode") == "tf_crop_and_resize":  # fmt: skip
        raise Unread("its sizes are not those that it is given")
    scales, sizes = _scales(given, rest)
    count = len(scales if scales is not None else sizes or ())
    axes = [x.axis(one) for one in given.get("axes") or range(count)]
    if count != len(axes) or not count:
        raise Unread("its factors are not known")
    mode = str(given.get("mode", "nearest"))
    if scales is not None:
        factors = [1.0] * x.rank
        for place, factor in zip(axes, scales, strict=True):
            factors[place] = factor
        spatial = factors[2:] if factors[:2] == [1.0, 1.0] and x.rank > 2 else factors
        return sizing.resize_by(wiring, name, x, spatial, mode, single=True)
    told = list(x.all_sizes())
    for place, size in zip(axes, sizes or (), strict=True):
        told[place] = size
    return wiring.shaped(name, "Resize", x, told, note=mode)


def _scales(
    given: Attributes, rest: tuple[object, ...]
) -> tuple[tuple[float, ...] | None, tuple[Amount, ...] | None]:
    """Return factors or sizes: one input in versions 9 and 10, the second and the third since."""
    if "scales" in given:
        return given["scales"], None
    scales = rest[0] if len(rest) == 1 else rest[1] if len(rest) > 1 else None
    if isinstance(scales, Constant) and scales.values:
        return tuple(map(float, scales.values)), None
    if len(rest) > 2 and rest[2] is not None:
        return None, many(rest[2])
    raise Unread("its factors are not known")


def expand(
    wiring: Wiring, name: str, given: Attributes, x: Wire | Constant, target: object
) -> Wire | Constant:
    """Read an ``Expand`` of axes of one element; a 1 leaves an axis as it is."""
    return moving.expand(wiring, name, x, many(target), amount(1))


def tile(wiring: Wiring, name: str, given: Attributes, x: Wire, repeats: object) -> Wire:
    """Read a ``Tile``."""
    times = many(repeats)
    return wiring.shaped(
        name, "Tile", x, [product(one, by) for one, by in zip(x.all_sizes(), times, strict=True)]
    )
