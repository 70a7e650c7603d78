"""What PyTorch and ONNX do to spatial sizes alike: padding, resizing, pools to a size, pixels out of channels."""

from __future__ import annotations

from convshape._networks._amounts import Amount, amount, divided, plus, product, scaled
from convshape._networks._fixed import AdaptivePool
from convshape._networks._resizing import Cropping, UpSampling, ZeroPadding
from convshape._readers._wires import Unread, Wire
from convshape._readers._wiring import Wiring

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def pad(wiring: Wiring, name: str, wire: Wire, pairs: Sequence[tuple[Amount, Amount]], mode: str) -> Wire:
    """Put elements before and after the last axes, or where negative take them away; a pair an axis, in order."""
    known = [(before.plus, after.plus) for before, after in pairs if not (before.terms or after.terms)]
    kind = "ZeroPadding" if mode == "constant" else f"{mode.capitalize()}Padding"
    if mode == "constant" and len(known) == len(pairs) and wire.sizes is not None and len(pairs) <= wire.rank - 2:  # fmt: skip
        every = [(0, 0)] * (wire.rank - 2 - len(pairs)) + known
        numbers = [number for both in every for number in both]
        if min(numbers) >= 0:
            return wiring.add(name, ZeroPadding(every), wire)
        if max(numbers) <= 0:
            return wiring.add(name, Cropping([(-before, -after) for before, after in every]), wire)
    sizes, needs = list(wire.all_sizes()), []
    for place, both in enumerate(pairs, len(sizes) - len(pairs)):
        if place < 0:
            raise Unread("it pads more axes than its input has")
        for each in both:
            if mode != "constant":
                most = {"reflect": 1, "circular": 0, "wrap": 0}.get(mode)
                if each.number is None:
                    raise Unread("how much it reflects depends on sizes")
                if most is not None and each.number > 0:
                    needs.append((sizes[place], each.number + most, True))
    for place, (before, after) in enumerate(pairs, len(sizes) - len(pairs)):
        sizes[place] = plus(plus(sizes[place], before), after)
    return wiring.shaped(name, kind, wire, sizes, needs)


def resize_by(wiring: Wiring, name: str, wire: Wire, factors: Sequence[float], mode: str, *, single: bool) -> Wire:  # fmt: skip
    """Multiply the last axes, rounding down; ``single`` if with floats of 32 bits."""
    if all(float(factor).is_integer() and factor >= 1 for factor in factors):
        numbers = tuple(map(int, factors))
        if len({*numbers}) == 1 or (wire.sizes is not None and len(numbers) == wire.rank - 2):
            return wiring.add(name, UpSampling(numbers[0] if len({*numbers}) == 1 else numbers, mode), wire)
    if not all(0 < factor < float("inf") for factor in factors):
        raise Unread("its factors are none")
    sizes = list(wire.all_sizes())
    for place, factor in enumerate(factors, len(sizes) - len(factors)):
        sizes[place] = scaled(sizes[place], float(factor), single)
    return wiring.shaped(name, "Resize", wire, sizes, note=f"by {', '.join(f'{one:g}' for one in factors)}, {mode}")  # fmt: skip


def resize_to(wiring: Wiring, name: str, wire: Wire, wanted: Sequence[Amount], note: str) -> Wire:
    """Give the last axes other sizes."""
    sizes = list(wire.all_sizes())
    if len(wanted) > len(sizes) - 2:
        raise Unread("it has more sizes than its input has spatial axes")
    return wiring.shaped(name, "Resize", wire, [*sizes[: len(sizes) - len(wanted)], *wanted], note=note)


def adapt(wiring: Wiring, name: str, wire: Wire, wanted: Sequence[Amount | None]) -> Wire:
    """Pool the last axes to other sizes; None leaves an axis as it is."""
    numbers = tuple(None if one is None else one.number for one in wanted)
    if None not in numbers and (wire.sizes is None or wire.rank == len(wanted) + 2):
        return wiring.add(name, AdaptivePool(numbers), wire)  # type: ignore[arg-type]
    last = range(wire.rank - len(wanted), wire.rank)
    sizes = [wire.size(axis) if one is None else one for axis, one in zip(last, wanted, strict=True)]
    return resize_to(wiring, name, wire, sizes, "pooled")


def shuffled(wiring: Wiring, name: str, kind: str, wire: Wire, factor: int) -> Wire:
    """Turn channels into pixels (``factor`` times as many an axis), or with a negative factor pixels into channels."""
    batch, channels, *spatial = wire.all_sizes()
    if len(spatial) != 2 or factor == 0:
        raise Unread("its input is no picture")
    step = abs(factor)
    if factor > 0:
        fewer = divided(channels, step * step)
        left = plus(channels, product(amount(step * step), fewer), -1)
        sizes = [batch, fewer, *(product(amount(step), one) for one in spatial)]
        needs = [] if left.number == 0 else [(left, 0, False)]
    else:
        parts = [divided(one, step) for one in spatial]
        sizes = [batch, product(amount(step * step), channels), *parts]
        needs = [
            (plus(one, product(amount(step), part), -1), 0, False)
            for one, part in zip(spatial, parts, strict=True)
        ]
    return wiring.shaped(name, kind, wire, sizes, needs, note=f"by {step}")
