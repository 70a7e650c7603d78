"""JAX's dialect against JAX and flax by execution: the same shape, or both refuse, or JAX's result is empty."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import convshape as cs
from convshape.frameworks import jax as ours
from tests.engine_faults.jax import FAULTS, Fault

jax = pytest.importorskip("jax")
linen = pytest.importorskip("flax.linen")
jnp = jax.numpy

Call = dict[str, Any]
Size = tuple[int, ...]
REFUSALS = (ValueError, TypeError, RuntimeError, AssertionError, IndexError, ZeroDivisionError)
# un-jitted lax calls compile for every shape: a few hundred are what a test may take
CALLS = 250


def executed(function: str, call: Call) -> Size | None:
    """Return the shape that JAX makes of zeros; None where it refuses, or what it makes is empty but for the batch."""
    tensors = {name: jnp.zeros(call[name]) for name in ("lhs", "rhs")}
    try:
        return tuple(getattr(jax.lax, function)(**{**call, **tensors}).shape)
    except REFUSALS:
        return None


def dialect(function: str, call: Call) -> Size | None:
    """Return what the dialect says, None where it refuses; every fix that it offers is accepted by it."""
    try:
        return getattr(ours, function)(**call)  # type: ignore[no-any-return]
    except cs.ShapeError as error:
        for changes in (error.fix, *error.alternatives):
            if changes is not None:
                getattr(ours, function)(**{**call, **changes})
        return None


def agree(call: Call, said: Size | None, done: Size | None) -> bool:
    """Same shape, or both refuse; an empty result (a fault that is named) counts as refused."""
    return said == (None if done is not None and 0 in done else done), f"{call}: {said}, JAX {done}"  # type: ignore[return-value]


def pads(draw: random.Random, rank: int, least: int) -> Any:
    return tuple((draw.randint(least, 3), draw.randint(least, 3)) for _ in range(rank))


def forward_calls(seed: int) -> Iterator[Call]:
    """Yield calls over every argument, legal ones and wrong ones in about equal parts; early ones are plainer."""
    draw = random.Random(seed)
    layouts = {
        1: (None, ("NWC", "WIO", "NWC")),
        2: (None, ("NHWC", "HWIO", "NHWC"), ("NCHW", "OIHW", "NHWC"), ("CWNH", "HWIO", "NHWC")),
        3: (None, ("NDHWC", "DHWIO", "NDHWC")),
    }
    for _ in range(CALLS):
        rank = draw.choice((1, 2, 2, 2, 3))
        numbers = draw.choice(layouts[rank])
        groups, inside, out = draw.choice(((1, 2, 3), (2, 1, 4), (2, 1, 3), (1, 1, 2)))
        channels = inside * groups + draw.choice((0, 0, 0, 0, 1))
        sizes = {letter: draw.randint(1, 6) for letter in "DHW"}
        kernel = {letter: draw.randint(1, 4) for letter in "DHW"}
        spatial = {1: "W", 2: "HW", 3: "DHW"}[rank]
        labels = numbers or (f"NC{spatial}", f"OI{spatial}", "")
        lhs = {**sizes, "N": draw.choice((1, 2, 4)), "C": channels}
        rhs = {**kernel, "I": inside, "O": out}
        words = ("SAME", "same", "VALID", "SAME_LOWER", "FULL")
        dilated = draw.random() < 0.3
        yield {
            "lhs": tuple(lhs[letter] for letter in labels[0]),
            "rhs": tuple(rhs[letter] for letter in labels[1]),
            "window_strides": tuple(
                draw.choice((1, 1, 2, 3, 0 if draw.random() < 0.1 else 1)) for _ in range(rank)
            ),
            "padding": draw.choice(words) if draw.random() < 0.5 else pads(draw, rank, -2),
            "lhs_dilation": tuple(draw.randint(1, 3) for _ in range(rank)) if dilated else None,
            "rhs_dilation": draw.choice((None, tuple(draw.randint(1, 2) for _ in range(rank)))),
            "dimension_numbers": numbers,
            "feature_group_count": groups,
            "batch_group_count": draw.choice((1, 1, 1, 1, 2)),
        }


def transposed_calls(seed: int) -> Iterator[Call]:
    """Yield calls of conv_transpose over every argument, legal ones and wrong ones."""
    draw = random.Random(seed)
    for _ in range(CALLS):
        rank = draw.choice((1, 2, 2, 3))
        inside, out, flipped = draw.randint(1, 2), draw.randint(1, 2), draw.random() < 0.3
        pair = (out, inside) if flipped else (inside, out)
        yield {
            "lhs": (2, *(draw.randint(1, 4) for _ in range(rank)), inside),
            "rhs": (*(draw.randint(1, 4) for _ in range(rank)), *pair),
            "strides": tuple(draw.randint(1, 4) for _ in range(rank + draw.choice((0, 0, 0, 0, 0, 1)))),
            "padding": draw.choice(("SAME", "VALID", "FULL"))
            if draw.random() < 0.5
            else pads(draw, rank, -2),
            "rhs_dilation": draw.choice((None, tuple(draw.randint(1, 2) for _ in range(rank)))),
            "transpose_kernel": flipped,
            "use_consistent_padding": draw.random() < 0.3,
        }


KINDS: dict[str, Callable[[int], Iterator[Call]]] = {
    "conv_general_dilated": forward_calls,
    "conv_transpose": transposed_calls,
}


@pytest.mark.parametrize("function", KINDS)
def test_same_shape_or_both_refuse(function: str) -> None:
    """Over every argument; the same calls do not agree with sizes that are one off."""
    legal = 0
    for call in KINDS[function](1):
        said, done = dialect(function, call), executed(function, call)
        same, told = agree(call, said, done)  # type: ignore[misc]
        assert same, told
        legal += said is not None
        if said is not None:  # seen to fail: a wrong formula
            wrong, _ = agree(call, (*said[:-2], said[-2] + 1, said[-1]), done)  # type: ignore[misc]
            assert not wrong
    assert CALLS // 5 < legal < CALLS


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault_is_still_there(fault: Fault) -> None:
    """JAX answers, and the dialect refuses with a fix that it accepts or none."""
    assert executed(fault.function, fault.call) == fault.engine_does
    assert dialect(fault.function, fault.call) is None


def test_eval_shape_lies_about_strides() -> None:
    """Tracing returns a shape for stride -1; running refuses it, and so does the dialect."""
    traced = jax.eval_shape(
        lambda lhs, rhs: jax.lax.conv(lhs, rhs, (-1, -1), "VALID"),
        jnp.zeros((1, 1, 5, 5)),
        jnp.zeros((1, 1, 3, 3)),
    )
    assert len(traced.shape) == 4
    call = {"lhs": (1, 1, 5, 5), "rhs": (1, 1, 3, 3), "window_strides": (-1, -1), "padding": "VALID"}
    assert executed("conv", call) is None
    assert dialect("conv", call) is None


def test_refused_float_spoils_the_legal_call() -> None:
    """JAX remembers 1.0 as 1: after a refused dilation of 1.0 the legal call is refused too, in the same process."""
    code = """
import jax, jax.numpy as jnp
call = lambda d: jax.lax.conv_general_dilated(jnp.zeros((1, 1, 5, 5)), jnp.zeros((1, 1, 3, 3)), (1, 1), "VALID", rhs_dilation=d)
for dilation in ((1.0, 1), (1, 1)):
    try: print(call(dilation).shape)
    except NotImplementedError: print("refused")
"""
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert ran.stdout.split() == ["refused", "refused"]
    call = ((1, 1, 5, 5), (1, 1, 3, 3), (1, 1), "VALID", None)
    with pytest.raises(cs.ArgumentError):
        ours.conv_general_dilated(*call, (1.0, 1))  # type: ignore[arg-type]
    assert ours.conv_general_dilated(*call, (1, 1)) == (1, 1, 3, 3)


LAYERS = [
    (kind, {"features": 4, "kernel_size": kernel, "padding": padding, "strides": strides, **more})
    for kind in ("Conv", "ConvTranspose")
    for kernel, strides in (((3, 2), (2, 1)), ((2, 4), None), ((5, 3), 3))
    for padding in (
        "SAME",
        "VALID",
        "CIRCULAR",
        "CAUSAL",
        "SAME_LOWER",
        0,
        1,
        -1,
        ((1, 2), (0, 1)),
        (1, 2),
        (1,),
    )
    for more in ({}, {"kernel_dilation": 2, "use_bias": False})
]


@pytest.mark.parametrize("kind", ["Conv", "ConvTranspose"])
def test_layers_as_flax_makes_them(kind: str) -> None:
    """Output and parameters' shapes, with one batch axis, two, and none."""
    for place, (which, arguments) in enumerate(LAYERS):
        if which != kind or (kind == "ConvTranspose" and arguments["padding"] == "SAME_LOWER"):
            continue
        inputs = ((2, 6, 5, 2), (6, 5, 2), (3, 2, 6, 5, 2))[place % 3]
        done: Any
        try:
            made, variables = getattr(linen, kind)(**arguments).init_with_output(
                jax.random.key(0), jnp.zeros(inputs)
            )
            done = (tuple(made.shape), {name: tuple(one.shape) for name, one in variables["params"].items()})
        except REFUSALS:
            done = None
        if done is not None and 0 in done[0]:
            done = None
        try:
            layer = getattr(ours, kind)(**arguments)
            said: Any = (layer(inputs), layer.weight_shapes(inputs))
        except cs.ShapeError:
            said = None
        assert said == done, (kind, arguments, inputs)
