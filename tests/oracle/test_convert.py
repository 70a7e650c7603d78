"""Conversions to TensorFlow and Keras by values, run in the engine, against the definition written out in NumPy.

What is refused is held too, so that nothing passes by being refused. tests/oracles asks the other engines.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pytest

import convshape as cs
from convshape._steps import Step
from tests.engines.conversions import lacking, paste, perform
from tests.engines.definition import define, placed

TARGETS = ("tensorflow", "keras")
WORDS = ("SAME", "VALID")
PADDINGS = (*WORDS, ((1, 0),), ((0, 2),), ((3, 1),), ((2, 2),))
COMPILED = 40  # a call under XLA costs as much as a hundred without it
Case = tuple[Any, tuple[int, ...], str | None]  # a spec, its input's spatial sizes, the layout wanted
Spoil = Callable[[Any], Any]


def line() -> Iterator[Case]:
    """Every small layer on one axis, with every legal output."""
    factors = itertools.product(range(1, 7), range(1, 5), range(1, 7), PADDINGS, (1, 2), (1, 2))
    for kernel, stride, size, padding, dilation, groups in factors:
        named = {"dilations": dilation, "groups": groups}
        filter_shape = (kernel, 2, 3 * groups)
        for more in (None, *range(stride)):
            yield cs.ConvTranspose(filter_shape, stride, padding, output_padding=more, **named), (size,), None
        yield cs.Conv(filter_shape, stride, padding, **named), (size + 2,), None


def drawn(number: int, seed: int) -> Iterator[Case]:
    """Layers on one to three axes that have nothing in common, in both layouts and from one to the other."""
    rng = random.Random(seed)
    for _ in range(number):
        rank = rng.choice((1, 2, 2, 2, 3))
        layouts = {1: ("NWC", "NCW"), 2: ("NHWC", "NCHW"), 3: ("NDHWC", "NCDHW")}[rank]
        kernel, strides, sizes = ([rng.randint(1, most) for _ in range(rank)] for most in (6, 4, 6))
        groups = rng.choice((1, 1, 2)) if rank < 3 else 1
        padding = rng.choice((*WORDS, tuple((rng.randint(0, 3), rng.randint(0, 3)) for _ in range(rank))))
        if rng.random() < 0.25:
            dilations, strides = [rng.randint(1, 3) for _ in range(rank)], [1] * rank
        else:
            dilations = [1] * rank
        named: dict[str, Any] = {"dilations": dilations, "groups": groups}
        named["data_format"] = layouts[rng.random() < 0.2]
        wanted = rng.choice((None, None, layouts[0], layouts[1]))
        filter_shape = (*kernel, 2, 3 * groups)
        if rng.random() < 0.3:
            sizes = [size + 2 for size in sizes]
            yield cs.Conv(filter_shape, strides, padding, **named), tuple(sizes), wanted
        else:
            more = rng.choice((None, tuple(rng.randrange(stride) for stride in strides)))
            layer = cs.ConvTranspose(filter_shape, strides, padding, output_padding=more, **named)
            yield layer, tuple(sizes), wanted


def is_legal(spec: Any, shape: tuple[int, ...]) -> bool:
    try:
        spec(shape)
    except cs.ShapeError:
        return False
    return True


def is_refused(to: str, spec: Any, sizes: tuple[int, ...]) -> bool:
    """Whether the engine cannot say a legal layer."""
    transposed = isinstance(spec, cs.ConvTranspose)
    if transposed and spec.output_padding is not None and not isinstance(spec.padding, str):
        rows = zip(sizes, spec.filter_shape, spec.strides, spec.dilations, spec.padding, strict=False)
        if any((i - 1) * s + (k - 1) * d + 1 - sum(pads) < 1 for i, k, s, d, pads in rows):
            return True  # counted from 1 by the spec, from below it by the engines
    if to == "tensorflow":
        return False
    return (transposed and spec.groups > 1) or (max(spec.dilations) > 1 and max(spec.strides) > 1)


def shape_of(spec: Any, sizes: tuple[int, ...]) -> tuple[int, ...]:
    *_, one, other = spec.filter_shape
    channels = other if isinstance(spec, cs.ConvTranspose) else one * spec.groups
    return (2, channels, *sizes) if spec.data_format[1] == "C" else (2, *sizes, channels)


def numbers(shape: tuple[int, ...]) -> Any:
    return np.random.default_rng(shape).standard_normal(shape).astype("float32")


def equal(y: Any, wanted: Any) -> bool:
    return y.shape == wanted.shape and bool(np.allclose(y, wanted, atol=1e-4))


def judge(there: Any, spec: Any, sizes: tuple[int, ...], *, pasted: bool = False) -> bool:
    """Tell whether the engine computes by this conversion what the spec means."""
    x, filters = numbers(shape_of(spec, sizes)), numbers(spec.filter_shape)
    y = paste(there.code, x, there.weights, there.framework) if pasted else perform(there, x)
    return equal(y, define(spec, x, filters))


def hold_round_trip(there: Any, spec: Any, sizes: tuple[int, ...]) -> None:
    """The call read back is the layer that was written, and so is the call that it is converted on to."""
    back = cs.convert(there, "tensorflow", data_format=spec.data_format)
    assert np.array_equal(back.weights, numbers(spec.filter_shape))
    for read in (there.to_spec(), back.to_spec()):
        for name in ("filter_shape", "strides", "dilations", "groups"):
            assert getattr(read, name) == getattr(spec, name), (read, spec)
        assert placed(read, shape_of(read, sizes)) == placed(spec, shape_of(spec, sizes)), (read, spec, sizes)


def hold(to: str, cases: Iterable[Case], tally: Counter[str], *, every: int = 1) -> None:
    """Hold all cases, of those that need XLA the first so many."""
    for place, (spec, sizes, wanted) in enumerate(cases):
        shape = shape_of(spec, sizes)
        if not is_legal(spec, shape):
            continue
        asked = {"weights": numbers(spec.filter_shape), "input_shape": shape, "data_format": wanted}
        if is_refused(to, spec, sizes):
            if place % every == 0:
                tally["refused"] += 1
                with pytest.raises(cs.ShapeError, match="because: "):
                    cs.convert(spec, to, **asked)
            continue
        slow = max(spec.dilations) > 1 or spec.groups > 1 or "C" in (spec.data_format[1], (wanted or "NW")[1])
        if slow and (tally["compiled"] >= COMPILED or place % every):
            continue
        there = cs.convert(spec, to, **asked)
        assert judge(there, spec, sizes), (there, spec, sizes)
        hold_round_trip(there, spec, sizes)
        tally["values"] += 1
        tally["compiled"] += slow and (lacking(there) or spec.groups > 1)


@pytest.mark.parametrize("to", TARGETS)
def test_every_small_layer_on_one_axis(to: str, record_property: Callable[[str, object], None]) -> None:
    tally: Counter[str] = Counter()
    cases = list(line())
    random.Random(0).shuffle(cases)
    hold(to, cases, tally, every=10)
    for name, number in tally.items():
        record_property(f"examples {name}", number)
    assert tally["values"] > 3000 and tally["refused"] > 10 and tally["compiled"] == COMPILED, tally


@pytest.mark.parametrize("to", TARGETS)
def test_layers_on_unequal_axes(to: str, record_property: Callable[[str, object], None]) -> None:
    tally: Counter[str] = Counter()
    hold(to, drawn(700, seed=1), tally)
    for name, number in tally.items():
        record_property(f"examples {name}", number)
    assert tally["values"] > 150 and tally["refused"] and tally["compiled"] == COMPILED, tally


@pytest.mark.parametrize("to", TARGETS)
def test_the_code_computes_it_too(to: str, record_property: Callable[[str, object], None]) -> None:
    ran = 0
    for spec, sizes, wanted in drawn(100, seed=2):
        shape = shape_of(spec, sizes)
        if not is_legal(spec, shape) or is_refused(to, spec, sizes):
            continue
        there = cs.convert(
            spec, to, weights=numbers(spec.filter_shape), input_shape=shape, data_format=wanted
        )
        if "wrongly" in there.notes[0]:
            continue  # pasted code is run natively if that goes
        assert judge(there, spec, sizes, pasted=True), (there.code, spec, sizes)
        ran += 1
    record_property("examples", ran)
    assert ran > 40


@pytest.mark.parametrize("to", TARGETS)
def test_the_native_conv3d_is_wrong_where_the_notes_say_so(to: str) -> None:
    spec = cs.Conv((1, 1, 2, 2, 3), (1, 1, 4))
    for size, wrong in ((6, False), (7, False), (8, True)):
        sizes = (3, 3, size)
        asked = {"weights": numbers(spec.filter_shape), "input_shape": shape_of(spec, sizes)}
        there = cs.convert(spec, to, **asked)
        assert lacking(there) is wrong
        assert judge(there, spec, sizes)


def with_(there: Any, **changes: Any) -> Any:
    fields = {name: getattr(there, name) for name in there._fields}
    return cs.Conversion(**{**fields, **changes})


def with_argument(name: str, value: Any) -> Spoil:
    return lambda there: with_(there, arguments={**there.arguments, name: value})


def with_step(place: str, amounts: Any) -> Spoil:
    return lambda there: with_(there, **{place: Step(getattr(there, place).kind, amounts)})


UP = cs.ConvTranspose((5, 3, 3), 2)
CROPPED = cs.ConvTranspose((5, 3, 3), 2, ((2, 1),))
PADDED = cs.Conv((4, 3, 3), 2, ((2, 1),))
WRONG: dict[str, tuple[str, Any, Spoil]] = {
    "output_padding one more, cropped in front": (
        "keras",
        cs.ConvTranspose((5, 3, 3), 4, ((2, 0),), output_padding=1),
        lambda there: with_step("after", ((3, 0),))(with_argument("output_padding", (2,))(there)),
    ),
    "output_padding one more": (
        "keras",
        cs.ConvTranspose((4, 3, 3), 3, "VALID", output_padding=1),
        with_argument("output_padding", (2,)),
    ),
    "crop on the other side": ("keras", CROPPED, with_step("after", ((1, 2),))),
    "pad on the other side": ("keras", PADDED, with_step("before", ((1, 2),))),
    "VALID's output cut at the end alone, for SAME": (
        "keras",
        cs.ConvTranspose((5, 3, 3), 2, ((1, 2),)),
        lambda there: with_(with_argument("padding", "valid")(there), after=Step("crop", ((0, 3),))),
    ),
    "explicit padding for SAME, the odd element before": (
        "tensorflow",
        cs.ConvTranspose((5, 5, 3, 3), 2),
        with_argument("padding", [[0, 0], [2, 1], [2, 1], [0, 0]]),
    ),
    **{
        f"{what}, {to}": (to, UP, lambda there, change=change: with_(there, weights=change(there.weights)))
        for to in TARGETS
        for what, change in {
            "filter with its channels not exchanged": lambda weights: weights.swapaxes(-1, -2).copy(),
            "kernel mirrored": lambda weights: weights[::-1].copy(),
        }.items()
    },
}


@pytest.mark.parametrize("recipe", WRONG)
def test_a_wrong_recipe_is_found_out(recipe: str) -> None:
    to, spec, spoil = WRONG[recipe]
    sizes = (5, 4)[: len(spec.strides)]
    there = cs.convert(spec, to, weights=numbers(spec.filter_shape), input_shape=shape_of(spec, sizes))
    assert judge(there, spec, sizes)
    assert not judge(spoil(there), spec, sizes)


@pytest.mark.parametrize(
    "spoil",
    [
        with_argument("output_padding", (0,)),
        with_step("after", ((1, 2),)),
        lambda there: with_(there, weights=there.weights.swapaxes(-1, -2).copy()),
    ],
    ids=["output_padding", "crop", "weights"],
)
def test_a_wrong_round_trip_is_found_out(spoil: Spoil) -> None:
    spec = cs.ConvTranspose((4, 3, 3), 3, ((2, 0),), output_padding=1)
    there = cs.convert(spec, "keras", weights=numbers(spec.filter_shape), input_shape=shape_of(spec, (5,)))
    hold_round_trip(there, spec, (5,))
    with pytest.raises(AssertionError):
        hold_round_trip(spoil(there), spec, (5,))
