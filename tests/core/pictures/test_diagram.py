"""Pictures of one layer, read back: that every size is the spec's, that no labels overlap, that nothing is foreign."""

from __future__ import annotations

import math
import pickle
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import strategies as st

import convshape as cs
from convshape._pictures._heat import draw_overlap
from convshape._pictures._svg import Drawing
from tests.core.pictures.reading import cells, collisions, foreign, labels, root_of
from tests.core.test_overlap import KINDS, axes, spec_and_shape
from tests.holding import Holder, must_fail

SEED = (cs.ConvTranspose((5, 5, 32, 64), strides=2), ("N", 8, 8, 64))
EXAMPLES: dict[str, tuple[Any, Any]] = {
    "the seed example": SEED,
    "the first layer of a ResNet": (cs.Conv((7, 7, 3, 64), strides=2), ("N", 224, 224, 3)),
    "a long line": (cs.Conv((63, 1, 8), strides=32), ("N", 1024, 1)),
    "and back": (cs.ConvTranspose((63, 1, 8), strides=32), ("N", 32, 8)),
    "a single element": (cs.Conv((1, 1, 1, 8)), ("N", 1, 1, 1)),
    "a single element on a line": (cs.ConvTranspose((1, 1, 8)), ("N", 1, 8)),
    "dilated": (cs.Conv((3, 3, 1, 8), dilations=2, padding=1), ("N", 7, 9, 1)),
    "ceil mode": (cs.Pool((3, 2), 2, ceil_mode=True), ("N", 8, 10, 1)),
    "a rest": (cs.Pool(3), ("N", 11, 12, 8)),
    "holes": (cs.ConvTranspose((2, 3, 1, 8), 3, "VALID"), ("N", 4, 5, 8)),
    "three axes": (cs.ConvTranspose((3, 4, 5, 1, 8), (1, 2, 3)), ("N", 4, 5, 6, 8)),
    "without end": (cs.ConvTranspose((5, 7, 1, 1), (2, 3)), (1, 2**40, 2**33, 1)),
    "a kernel without end": (cs.Conv((2**30, 3, 1, 1), dilations=(2**20, 5)), (1, 2**52, 90, 1)),
    "high and narrow": (cs.Conv((3, 1, 1, 1)), (1, 3000000, 1, 1)),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_labels_stand_apart(name: str) -> None:
    spec, shape = EXAMPLES[name]
    for picture in (
        cs.diagram(spec, shape),
        draw_overlap(cs.overlap(spec, shape)),
        draw_overlap(cs.overlap(spec)),
    ):
        assert collisions(str(picture)) == [] == foreign(str(picture))
        assert len(str(picture)) < 60_000, "long axes are cut short"


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_says_what_it_is(name: str) -> None:
    spec, shape = EXAMPLES[name]
    picture = cs.diagram(spec, shape)
    root = root_of(str(picture))
    assert root[0].tag.endswith("title") and root[0].text == picture.title
    assert root[1].tag.endswith("desc") and root[1].text == picture.description
    assert root.get("role") == "img" and picture.title in repr(picture)
    assert picture._repr_svg_() == picture.svg == str(picture) and picture.svg in picture._repr_html_()
    assert picture == cs.diagram(spec, shape) and pickle.loads(pickle.dumps(picture)) == picture
    said = " ".join(label.text for label in labels(picture.svg))
    for sizes in (spec.spatial_of(shape), spec.spatial_of(spec(shape))):
        assert " x ".join(map(str, sizes)) in said


def extents(spec: Any, shape: Any) -> list[tuple[int, int]]:
    """Return how many cells each axis has on either side: what a window can reach, and what padding drops."""
    transposed, found = isinstance(spec, cs.ConvTranspose), []
    for axis, (kernel, dilation, stride, windows, size, before) in enumerate(axes(spec, shape)):
        extent = (kernel - 1) * dilation + 1
        after = (windows - 1) * stride + extent - size - before
        if transposed:
            found.append((None, before + size + max(0, after)))
        else:
            asked = 0 if isinstance(spec.padding, str) else spec.padding[axis][1]
            found.append((before + size + max(after, asked, 0), windows))
    return found


def every_element_is_drawn(implementation: Any, call: dict[str, Any], *, kind: str) -> None:
    spec, shape = spec_and_shape(kind, call)
    picture = str(implementation.diagram(spec, shape))
    assert collisions(picture) == [] == foreign(picture)
    drawn, rank = cells(picture), len(spec.strides)
    together: Any = math.prod if rank == 2 else sum
    for side, sizes in (("input", spec.spatial_of(shape)), ("output", spec.spatial_of(spec(shape)))):
        own = (side, "never", "source" if side == "input" else "made")
        assert sum(drawn[f"{side}-side {each}"] for each in own) == together(sizes), side
    rows = extents(spec, shape)
    everything = sum(number for name, number in drawn.items() if name.startswith("output"))
    assert everything == together(output for _, output in rows)
    if kind != "ConvTranspose":
        everything = sum(number for name, number in drawn.items() if name.startswith("input"))
        assert everything == together(given for given, _ in rows)
    taps = together(kernel for kernel, *_ in axes(spec, shape))
    assert drawn["input-side source"] + drawn["input-side tap"] <= taps
    assert drawn["output-side made"] == (1 if rank == 2 else rank)


@pytest.mark.parametrize("kind", KINDS)
def test_sizes(hold: Holder, kind: str) -> None:
    hold(every_element_is_drawn, cs, KINDS[kind], examples=100, kind=kind)


@pytest.mark.parametrize("kind", ["Conv", "ConvTranspose"])
def test_a_wrong_size_is_found_out(kind: str) -> None:
    def wrong(spec: Any, shape: Any) -> Any:
        first = shape[0:1] if spec.data_format[1] != "C" else shape[0:2]
        return cs.diagram(spec, (*first, shape[len(first)] + spec.strides[0], *shape[len(first) + 1 :]))

    must_fail(every_element_is_drawn, SimpleNamespace(diagram=wrong), KINDS[kind], examples=20, kind=kind)


def sources_are_those_of_a_gradient(
    implementation: Any, call: dict[str, Any], place: int, *, kind: str
) -> None:
    """The marked inputs are those that reach the marked output, counted window by window."""
    spec, shape = spec_and_shape(kind, call)
    made = spec.spatial_of(spec(shape))
    cell = tuple(place % size for size in made)
    drawn = cells(str(implementation.diagram(spec, shape, cell=cell)))
    counts = []
    for (kernel, dilation, stride, windows, size, before), at in zip(axes(spec, shape), cell, strict=True):
        if kind == "ConvTranspose":
            places = [j * stride + t * dilation - before for j in range(windows) for t in range(kernel)]
            counts.append(places.count(at))
        else:
            places = [at * stride + t * dilation - before for t in range(kernel)]
            counts.append(sum(0 <= each < size for each in places))
    together: Any = math.prod if len(cell) == 2 else sum
    assert drawn["input-side source"] == together(counts)


@pytest.mark.parametrize("kind", KINDS)
def test_sources(hold: Holder, kind: str) -> None:
    hold(sources_are_those_of_a_gradient, cs, KINDS[kind], st.integers(0, 400), examples=100, kind=kind)


def test_a_wrong_source_is_found_out() -> None:
    def beside(spec: Any, shape: Any, cell: Any) -> Any:
        return cs.diagram(spec, shape, cell=tuple(max(0, at - 1) for at in cell))

    wrong = SimpleNamespace(diagram=beside)
    places = st.integers(0, 400)
    must_fail(sources_are_those_of_a_gradient, wrong, KINDS["Conv"], places, examples=100, kind="Conv")


def test_labels_that_overlap_are_found_out() -> None:
    drawing = Drawing()
    drawing.text(20, 20, "one label & <another>")
    drawing.text(60, 24, "that stands on it")
    assert len(collisions(drawing.render("a title", "a description"))) == 1
    drawing = Drawing()
    drawing.text(20, 20, "one label", anchor="end")
    assert collisions(drawing.render("a title", "a description")) == [("one label", "the edge")]
    assert foreign('<svg><script src="http://example.org"/></svg>') == ["<script", "http"]


@pytest.mark.parametrize(("cell", "right"), [(None, True), ((7, 7), True), ([0, 15], True), ((16, 0), False)])
def test_cells(cell: Any, right: bool) -> None:
    if right:
        assert cells(str(cs.diagram(*SEED, cell=cell)))["output-side made"] == 1
        return
    with pytest.raises(cs.SizeError) as caught:
        cs.diagram(*SEED, cell=cell)
    assert caught.value.fix == {"cell": (15, 0)}


@pytest.mark.parametrize("cell", ["1", 3, (1,), (1, 2, 3), (0.5, 1), ("a", None), {}, (-1, 10**30)])
def test_wrong_cells(cell: Any) -> None:
    with pytest.raises(cs.ShapeError) as caught:
        cs.diagram(*SEED, cell=cell)
    assert (caught.value.operation, caught.value.argument) == ("diagram", "cell")
    cs.diagram(*SEED, **(caught.value.fix or {}))


def test_sizes_that_are_not_known() -> None:
    with pytest.raises(cs.SizeError) as caught:
        cs.diagram(SEED[0], ("N", 8, None, 64))
    assert caught.value.fix == {"input_shape": ("N", 8, 8, 64)}
    assert cs.diagram(cs.Pool(2), (None, 8, 8, None)) == cs.diagram(cs.Pool(2), (1, 8, 8, 3)), (
        "only space is drawn"
    )
