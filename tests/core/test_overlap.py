"""How often each element meets a tap: closed forms against windows that are slid and counted."""

from __future__ import annotations

import itertools
import json
import pickle
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

import convshape as cs
from convshape._overlap import MOST_LISTED
from tests.holding import Holder, must_fail
from tests.strategies import conv_calls, pool_calls, transpose_calls_with_extra

SEED = (cs.ConvTranspose((5, 5, 32, 64), strides=2), ("N", 8, 8, 64))
EXAMPLES: dict[str, tuple[Any, ...]] = {
    "the seed example": SEED,
    "at any size": SEED[:1],
    "even": (cs.ConvTranspose((4, 4, 32, 64), strides=2), ("N", 8, 8, 64)),
    "holes": (cs.ConvTranspose((2, 3, 1, 4), strides=3, padding="VALID"), ("N", 4, 5, 4)),
    "one axis is uneven": (cs.ConvTranspose((3, 4, 5, 1, 8), strides=(1, 2, 3)), (1, 4, None, 6, 8)),
    "a rest": (cs.Pool(2), ("N", 5, 8, 3)),
    "a stride beside the dilation": (cs.Conv((3, 1, 1), strides=2, dilations=2), ("N", 9, 1)),
    "long": (cs.ConvTranspose((63, 1, 8), strides=32), ("N", 32, 8)),
}


def spec_and_shape(kind: str, call: dict[str, Any]) -> tuple[Any, Any]:
    arguments = {name: value for name, value in call.items() if name != "input_shape"}
    if kind == "Pool":  # an int, or too few entries, would be of another rank
        layout = {3: "NWC", 4: "NHWC", 5: "NDHWC"}[len(call["input_shape"])]
        arguments["data_format"] = call["data_format"] or layout
    return getattr(cs, kind)(**arguments), call["input_shape"]


def axes(spec: Any, shape: Any) -> list[tuple[int, ...]]:
    """Return kernel, dilation, stride, windows, size of the bigger side and padding before, of each axis."""
    transposed = isinstance(spec, cs.ConvTranspose)
    kernel = spec.window_shape if isinstance(spec, cs.Pool) else spec.filter_shape[:-2]
    given, made = spec.spatial_of(shape), spec.spatial_of(spec(shape))
    rows = []
    for axis, (size, output) in enumerate(zip(given, made, strict=True)):
        small, big = (size, output) if transposed else (output, size)
        extent = (kernel[axis] - 1) * spec.dilations[axis] + 1
        before = max(0, (small - 1) * spec.strides[axis] + extent - big) // 2 if spec.padding == "SAME" else 0
        if not isinstance(spec.padding, str):
            before = spec.padding[axis][0]
        rows.append((kernel[axis], spec.dilations[axis], spec.strides[axis], small, big, before))
    return rows


def scattered(
    kernel: int, dilation: int, stride: int, windows: int, size: int, before: int
) -> tuple[int, ...]:
    """Return how often each element is written, by writing."""
    counts = [0] * size
    for window, tap in itertools.product(range(windows), range(kernel)):
        place = window * stride + tap * dilation - before
        if 0 <= place < size:
            counts[place] += 1
    return tuple(counts)


def counts_are_those_of_writing(implementation: Any, call: dict[str, Any], *, kind: str) -> None:
    spec, shape = spec_and_shape(kind, call)
    found = implementation.overlap(spec, shape)
    rows = axes(spec, shape)
    expected = tuple(scattered(*row) for row in rows)
    assert found.counts == expected
    middle = tuple(len(counts) // 2 for counts in expected)
    product = 1
    for counts, place in zip(expected, middle, strict=True):
        product *= counts[place]
    assert found.at(middle) == product
    for (kernel, dilation, stride, windows, _, before), pattern, counts in zip(
        rows, found.pattern, expected, strict=True
    ):
        inside = range((kernel - 1) * dilation, (windows - 1) * stride + 1)  # met by all the taps that can
        assert all(
            count == pattern[(place + before) % stride]
            for place, count in enumerate(counts)
            if place + before in inside
        )


def says_even_as_counted(implementation: Any, call: dict[str, Any], *, kind: str) -> None:
    """With many windows, the middle shows everything: even is one count, and a hole is a count of none."""
    spec, shape = spec_and_shape(kind, call)
    found, many = implementation.overlap(spec), 40
    even, holes = [], []
    for kernel, dilation, stride, *_, before in axes(spec, shape):
        line = scattered(kernel, dilation, stride, many, (many - 1) * stride + (kernel - 1) * dilation + 1, 0)
        middle = set(line[len(line) // 3 : -len(line) // 3])
        extra = 0
        if kind == "ConvTranspose":  # the rest at the end does not depend on the size
            size = spec.spatial_of(spec(shape))[len(even)]
            windows = spec.spatial_of(shape)[len(even)]
            extra = before + size - ((windows - 1) * stride + (kernel - 1) * dilation + 1)
        even.append(len(middle) == 1 and extra <= 0)
        holes.append(0 in middle or extra > 0)
    assert (found.even, found.holes) == (all(even), tuple(holes))


KINDS: dict[str, Any] = {
    "ConvTranspose": transpose_calls_with_extra(roomy=True),
    "Conv": conv_calls(),
    "Pool": st.builds(lambda call, ceil: {**call, "ceil_mode": ceil}, pool_calls(), st.booleans()),
}


@pytest.mark.parametrize("kind", KINDS)
def test_counts(hold: Holder, kind: str) -> None:
    hold(counts_are_those_of_writing, cs, KINDS[kind], examples=300, kind=kind)


@pytest.mark.parametrize("kind", KINDS)
def test_even_and_holes(hold: Holder, kind: str) -> None:
    hold(says_even_as_counted, cs, KINDS[kind], examples=200, kind=kind)


def test_wrong_counts_are_found_out() -> None:
    def padded_otherwise(spec: Any, shape: Any = None) -> Any:
        """As if the odd element of SAME's padding went before."""
        found = cs.overlap(spec, shape)
        counts = tuple(axis[1:] + axis[:1] for axis in found.counts or ())
        return SimpleNamespace(counts=counts, pattern=found.pattern, at=found.at)

    def kernel_over_stride(spec: Any, shape: Any = None) -> Any:
        """Even where the stride divides the kernel, whatever the dilation."""
        kernel = spec.window_shape if isinstance(spec, cs.Pool) else spec.filter_shape[:-2]
        even = all(size % stride == 0 for size, stride in zip(kernel, spec.strides, strict=True))
        return SimpleNamespace(even=even, holes=cs.overlap(spec).holes)

    wrong = SimpleNamespace(overlap=padded_otherwise)
    must_fail(counts_are_those_of_writing, wrong, KINDS["ConvTranspose"], examples=100, kind="ConvTranspose")
    wrong = SimpleNamespace(overlap=kernel_over_stride)
    must_fail(says_even_as_counted, wrong, KINDS["Conv"], examples=100, kind="Conv")


@pytest.mark.parametrize(("size", "wanted"), [(7, 14), (5, 15), (1, 4), (8, 21), (3, 3)])
def test_the_solver_says_the_same(size: int, wanted: int) -> None:
    for solve in (cs.solve_transpose, cs.solve_conv):
        pair = (size, wanted) if solve is cs.solve_transpose else (wanted, size)
        solutions = solve(
            (pair[0],), (pair[1],), kernels=range(1, 7), strides=range(1, 7), dilations=(1, 2, 3)
        )
        for spec, fit in zip(solutions, solutions.facts, strict=True):
            assert cs.overlap(spec, (1, pair[0], 1)).even == fit.even_overlap, spec


def test_a_layer_of_a_dialect() -> None:
    layer = cs.frameworks.torch.ConvTranspose2d(64, 32, 3, stride=2, padding=1, output_padding=1)
    assert cs.overlap(layer).pattern == ((2, 1), (2, 1)) and not cs.overlap(layer).even
    assert cs.overlap(layer, (1, 64, 8, 8)).counts == cs.overlap(layer.to_spec(), (1, 64, 8, 8)).counts
    assert cs.overlap(layer, (64, 8, 8)).counts == cs.overlap(layer, (5, 64, 8, 8)).counts, "no batch"


@pytest.mark.parametrize("name", EXAMPLES)
def test_text(name: str, snapshot: SnapshotAssertion) -> None:
    assert repr(cs.overlap(*EXAMPLES[name])) == snapshot


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_is_a_value(name: str) -> None:
    found = cs.overlap(*EXAMPLES[name])
    assert found == cs.overlap(*EXAMPLES[name]) and hash(found) == hash(cs.overlap(*EXAMPLES[name]))
    assert pickle.loads(pickle.dumps(found)) == found
    record = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert record["even"] == found.even and record["text"] == repr(found)
    ElementTree.fromstring(found._repr_html_())


def test_sizes_not_known() -> None:
    found = cs.overlap(SEED[0], ("N", None, 8, 64))
    assert found.counts is None and found.pattern == ((3, 2), (3, 2))
    with pytest.raises(cs.ShapeError, match="not known"):
        found.at((1, 1))


def test_sizes_without_end() -> None:
    found = cs.overlap(cs.ConvTranspose((5, 1, 1), strides=2), (1, 10**15, 1))
    assert found.at((10**15,)) == 2 and found.at([10**15 + 1]) == found.at(10**15 + 1) == 3 and not found.even
    with pytest.raises(cs.SizeError, match="not listed"):
        found.counts  # noqa: B018
    assert found.to_json()["counts"] is None
    wide = cs.overlap(cs.Conv((3, 1, 1), strides=MOST_LISTED + 1))
    assert wide.holes == (True,) and wide.to_json()["pattern"] is None and "1 or 0 times" in repr(wide)
    with pytest.raises(cs.SizeError, match="not listed"):
        wide.pattern  # noqa: B018
    ElementTree.fromstring(wide._repr_html_())


@pytest.mark.parametrize("position", [None, "1", (1,), (1, 2, 3), (16, 0), (-1, 0), (0.5, 1), {}])
def test_wrong_positions(position: Any, snapshot: SnapshotAssertion) -> None:
    found = cs.overlap(*SEED)
    with pytest.raises(cs.ShapeError) as caught:
        found.at(position)
    assert str(caught.value) == snapshot
    found.at(**(caught.value.fix or {}))


@pytest.mark.parametrize("layer", [None, "Conv", cs.Conv, cs.frameworks.keras.Conv2D, 3, object()])
def test_what_is_no_layer(layer: Any) -> None:
    for ask in (cs.overlap, cs.explain, cs.diagram):
        with pytest.raises(cs.ArgumentError) as caught:
            ask(layer, (1, 8, 8, 3))
        assert (caught.value.operation, caught.value.argument) == (ask.__name__, "spec")
        assert "because: " in str(caught.value)


def test_the_layers_own_error() -> None:
    for shape in ((1, 8, 8), (1, 8, 8, 3), "NHWC", (1, 0, 8, 64)):
        with pytest.raises(cs.ShapeError) as own:
            SEED[0](shape)
        for ask in (cs.overlap, cs.explain, cs.diagram):
            with pytest.raises(type(own.value)) as caught:
                ask(SEED[0], shape)
            assert str(caught.value) == str(own.value)
