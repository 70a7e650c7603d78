"""ONNX's dialect against ONNX Runtime by execution: the same shape, or both refuse, or a fault that is named."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest

import convshape as cs
from convshape.frameworks import onnx as ours
from tests.engine_faults.onnx import FAULTS, Fault
from tests.engines.onnx_nodes import Attributes, Shape, executed, inferred, np, values

Node = tuple[str, tuple[Shape, ...], Attributes]
WORDS = ("NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER")
CALLS = 700


def dialect(op: str, shapes: tuple[Shape, ...], attributes: Attributes) -> Shape | None:
    """Return what the dialect says, None where it refuses; every fix that it offers is accepted by it."""
    names = ("X", "W", "B")[: len(shapes)]
    call = {**dict(zip(names, shapes, strict=True)), **attributes}
    try:
        return getattr(ours, op)(**call)  # type: ignore[no-any-return]
    except cs.ShapeError as error:
        for changes in (error.fix, *error.alternatives):
            if changes is not None:
                getattr(ours, op)(**{**call, **changes})
        return None


def is_named(node: Node, said: Shape | None, done: Shape | None) -> bool:
    """Tell whether a named fault covers a node that ONNX Runtime answers and the dialect refuses."""
    op, shapes, attributes = node
    if said is not None or done is None:
        return False
    if op in ("Conv", "ConvTranspose"):
        return False
    word = attributes.get("auto_pad", "NOTSET")
    doubled = word != "NOTSET" and "pads" in attributes
    dilated = word.startswith("SAME") and max(attributes.get("dilations", (1,))) > 1
    unseen = op == "MaxPool" and word.startswith("SAME") and done[0] == 0
    truncated = not word.startswith("SAME") and _too_large(shapes[0], attributes)
    return doubled or dilated or unseen or truncated or attributes.get("ceil_mode", 0) not in (0, 1)


def _too_large(x: Shape, attributes: Attributes) -> bool:
    """Tell whether the window is larger than the padded X: only then does the quotient's rounding matter."""
    window, rank = attributes["kernel_shape"], len(x) - 2
    dilations = attributes.get("dilations", (1,) * rank)
    pads = attributes.get("pads", (0,) * (2 * rank))
    return any(
        x[2 + axis] + pads[axis] + pads[rank + axis] < (window[axis] - 1) * dilations[axis] + 1
        for axis in range(rank)
    )


def agreed(node: Node, say: Callable[..., Shape | None] = dialect, *, known: bool = True) -> bool:
    """Tell whether ONNX Runtime and ``say`` agree on a node."""
    op, shapes, attributes = node
    said, done = say(op, shapes, attributes), executed(op, shapes, attributes, said=known)
    return said == done or is_named(node, said, done)


def _list(draw: random.Random, rank: int, most: int, least: int = 1, often: float = 0.6) -> Any:
    """Return one number each, sometimes of the wrong length, or below what is legal."""
    length = rank if draw.random() < 0.96 else draw.choice((0, rank + 1))
    low = least if draw.random() < 0.96 else least - 1
    return tuple(draw.randint(low, most) for _ in range(length)) if draw.random() < often else None


def nodes(op: str, seed: int, calls: int) -> Iterator[Node]:
    """Yield nodes over every attribute, legal ones and wrong ones."""
    draw = random.Random(seed)
    for _ in range(calls):
        rank = draw.choice((1, 1, 2, 2, 3))
        kernel = tuple(draw.randint(1, 4) for _ in range(rank))
        group = draw.choice((1, 1, 1, 2, 3))
        x = (draw.choice((0, 1, 2)), group * draw.randint(1, 2), *(draw.randint(1, 7) for _ in range(rank)))
        attributes = {
            "auto_pad": draw.choice((*WORDS, "NOTSET", "NOTSET", "same")) if draw.random() < 0.6 else None,
            "dilations": _list(draw, rank, 3, often=0.3),
            "pads": _list(draw, 2 * rank, 3, 0, often=0.4),
            "strides": _list(draw, rank, 4),
        }
        if op.endswith("Pool"):
            attributes |= {"kernel_shape": kernel, "ceil_mode": draw.choice((None, 0, 1, 1) * 8 + (2,))}
            if draw.random() < 0.03:
                attributes["kernel_shape"] = draw.choice(((), (2,), (2, 0), None))
            yield op, (x,), {name: value for name, value in attributes.items() if value is not None}
            continue
        attributes["group"] = group if draw.random() < 0.95 else draw.choice((0, -1, 2))
        attributes["kernel_shape"] = draw.choice((None, None, kernel, (2,) * rank))
        if op == "ConvTranspose":
            attributes["output_padding"] = _list(draw, rank, 2, 0, often=0.3)
            attributes["output_shape"] = _list(draw, rank, 12, often=0.25)
            w = (x[1], draw.randint(1, 2), *kernel)
        else:
            w = (group * draw.randint(1, 2), x[1] // group, *kernel)
        if draw.random() < 0.05:
            w = (w[0] + 1, *w[1:]) if draw.random() < 0.5 else (w[0], w[1] + 1, *w[2:])
        outside = w[1] * group if op == "ConvTranspose" else w[0]
        bias = (((outside,),), ((outside + 1,),), ((1, outside),), ((outside,),), *[()] * 16)[
            draw.randrange(20)
        ]
        yield op, (x, w, *bias), {name: value for name, value in attributes.items() if value is not None}


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("op", ["Conv", "ConvTranspose", "MaxPool", "AveragePool"])
def test_the_same_shape_or_both_refuse(op: str, seed: int) -> None:
    wrong = [node for node in nodes(op, seed, CALLS) if not agreed(node)]
    assert not wrong, wrong[:5]


@pytest.mark.parametrize("op", ["Conv", "ConvTranspose", "MaxPool"])
def test_a_wrong_formula_is_found_out(op: str) -> None:
    """One element more on the last axis, and refusing nothing: each must disagree."""

    def longer(*node: Any) -> Shape | None:
        said = dialect(*node)
        return None if said is None else (*said[:-1], said[-1] + 1)

    assert not all(agreed(node, longer) for node in nodes(op, 1, 60))
    assert not all(agreed(node, lambda *_: (1, 1, 1)) for node in nodes(op, 1, 60))


def test_one_axis_of_everything() -> None:
    """A small grid, on sessions that serve all sizes; what only a saved model refuses is not in it."""
    lists = (None, (2,), (3,))
    wrong = []
    for word, strides, dilations, extra in product(WORDS, lists, lists[:2], (None, (1,), (2,))):
        attributes = {"auto_pad": word, "strides": strides, "dilations": dilations}
        attributes = {name: value for name, value in attributes.items() if value is not None}
        up = attributes if extra is None else {**attributes, "output_padding": extra}
        for size, kernel in product((1, 2, 3, 5, 6), (1, 2, 3, 4)):
            tensors = ((1, 1, size), (1, 1, kernel))
            every = [("ConvTranspose", tensors, up)]
            every += [
                ("ConvTranspose", tensors, {**up, "output_shape": (wanted,)}) for wanted in (1, 2, 4, 7, 11)
            ]
            if word == "NOTSET":
                every += [
                    ("ConvTranspose", tensors, {**up, "pads": pads}) for pads in ((1, 0), (1, 2), (3, 3))
                ]
            if extra is None:
                every.append(("Conv", tensors, attributes))
            wrong += [node for node in every if not agreed(node, known=False)]
    assert not wrong, wrong[:5]


@pytest.mark.parametrize("op", ["GlobalMaxPool", "GlobalAveragePool"])
def test_global_pools(op: str) -> None:
    for shape in (
        (1, 3, 5),
        (0, 3, 5, 5),
        (2, 3, 5, 4, 1),
        (1, 3),
        (3,),
        (1, 3, 0),
        (1, 0, 5),
        (1, 2, 2, 2, 2, 2),
    ):
        assert agreed((op, (shape,), {})), shape


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.op}: {fault.name}, {fault.engine}")
def test_each_fault_is_still_so(fault: Fault) -> None:
    engine = executed if fault.engine == "onnxruntime" else inferred
    assert engine(fault.op, fault.shapes, fault.attributes) == fault.engine_does
    assert dialect(fault.op, fault.shapes, fault.attributes) is None


def by_spec(spec: Any, x: Any, w: Any) -> Any:
    """Compute one axis, one channel, as the spec says: taps gathered, or scattered."""
    size = spec((1, 1, len(x)))[-1]
    stride, dilation = spec.strides[0], spec.dilations[0]
    up = isinstance(spec, cs.ConvTranspose)
    extent = spec.window_shape[0] if isinstance(spec, cs.Pool) else (len(w) - 1) * dilation + 1
    if spec.padding == "SAME":
        before = max(0, (size - 1) * stride + extent - len(x)) // 2
    else:
        before = spec.padding[0][0]
    y = np.zeros(size, np.float32)
    if isinstance(spec, cs.Pool):  # the numbers of x are positive
        starts = (place * stride - before for place in range(size))
        return np.array(
            [max(x[max(0, start) : start + spec.window_shape[0]]) for start in starts], np.float32
        )
    for place, tap in product(range(len(x) if up else size), range(len(w))):
        other = place * stride + tap * dilation - before
        if 0 <= other < (size if up else len(x)):
            if up:
                y[other] += x[place] * w[tap]
            else:
                y[place] += x[other] * w[tap]
    return y


def placements() -> Iterator[tuple[str, int, int, Attributes]]:
    for size, kernel, stride, word in product((1, 2, 5, 6, 7), (1, 2, 3, 4), (1, 2, 3), WORDS):
        base = {"strides": (stride,), "auto_pad": word}
        yield "Conv", size, kernel, base
        yield "ConvTranspose", size, kernel, base
        yield "MaxPool", size, kernel, {**base, "kernel_shape": (kernel,)}
        for more in range(1, stride):
            yield "ConvTranspose", size, kernel, {**base, "output_padding": (more,)}
        for wanted in (1, 2, 5, 6, 9):
            yield "ConvTranspose", size, kernel, {**base, "output_shape": (wanted,)}
            yield "ConvTranspose", size, kernel, {**base, "output_shape": (wanted,), "dilations": (2,)}
            if stride > 1:
                yield (
                    "ConvTranspose",
                    size,
                    kernel,
                    {**base, "output_shape": (wanted,), "output_padding": (1,)},
                )
        if word == "NOTSET":
            for pads in ((1, 0), (0, 1), (2, 1)):
                yield "Conv", size, kernel, {**base, "pads": pads}
                yield "ConvTranspose", size, kernel, {**base, "pads": pads}
                if stride > 1:
                    yield "ConvTranspose", size, kernel, {**base, "pads": pads, "output_padding": (1,)}


def values_agree(spoil: Callable[[Any], Any]) -> tuple[int, list[Any]]:
    draw, compared, wrong = np.random.default_rng(1), 0, []
    for op, size, kernel, attributes in placements():
        x = draw.integers(1, 9, size).astype(np.float32)
        w = draw.integers(1, 9, kernel).astype(np.float32)
        tensors = [x[None, None], w[None, None]][: 1 if op == "MaxPool" else 2]
        done = values(op, tensors, attributes, said=False)
        try:
            weight = (1, 1, kernel) if len(tensors) > 1 else None
            spec = ours.spec(op, weight, (1, 1, size), **attributes)
        except cs.ShapeError as error:
            # what no spec says is an input that the windows skip the beginning of, and only that
            named = is_named((op, ((1, 1, size),), attributes), None, None if done is None else done.shape)
            if done is not None and not named and "inside the input" not in str(error):
                wrong.append((op, size, kernel, attributes, str(error)))
            continue
        compared += 1
        if done is None or not np.array_equal(spoil(done[0, 0]), by_spec(spec, x, w)):
            wrong.append((op, size, kernel, attributes, spec))
    return compared, wrong


def test_specs_compute_what_onnx_runtime_does() -> None:
    compared, wrong = values_agree(lambda y: y)
    assert not wrong, (len(wrong), wrong[:5])
    assert compared > 2500


def test_a_mirrored_result_is_found_out() -> None:
    assert values_agree(lambda y: y[::-1])[1]
