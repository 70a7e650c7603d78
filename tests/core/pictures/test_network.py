"""Networks as drawings: that each layer is there once or is folded with its like, and that arcs stand apart."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import convshape as cs
from convshape._pictures._folding import MOST, SHORT, Row, folded, lanes
from convshape._pictures._network import draw_network
from tests.core.networks.nets import fits, graphs, input_of, unet
from tests.core.pictures.reading import SVG, collisions, foreign, labels, root_of

CONV = cs.Conv((3, 3, 4, 4))


def chain(*layers: Any) -> cs.Chain:
    return cs.Chain(list(layers))


def residual(blocks: int) -> cs.Graph:
    layers: dict[str, Any] = {"stem": cs.Conv((7, 7, 3, 4), 2)}
    last = "stem"
    for block in range(blocks):
        layers[f"one_{block}"] = (CONV, last)
        layers[f"two_{block}"] = CONV
        layers[f"sum_{block}"] = (cs.layers.Add(), f"two_{block}", last)
        last = f"sum_{block}"
    return cs.Graph(layers)


EXAMPLES: dict[str, tuple[Any, Any]] = {
    "a chain": (
        chain(cs.Conv((5, 5, 1, 8), 2), cs.Pool(2), cs.layers.Flatten(), cs.layers.Dense(10)),
        (1, 28, 28, 1),
    ),
    "a U-Net": (unet(3), ("N", 64, 96, 1)),
    "names": (unet(2), ("N", "H", "W", 1)),
    "nothing known": (unet(1), (None, None, None, 1)),
    "a join that fails": (unet(3), ("N", 60, 66, 1)),
    "the first layer fails": (chain(cs.Conv((5, 5, 1, 8), padding="VALID"), cs.Pool(2)), ("N", 4, 28, 1)),
    "a hundred blocks": (residual(100), ("N", 224, 224, 3)),
    "two hundred layers": (chain(*(cs.Conv((3, 3, n, n + 1)) for n in range(1, 201))), ("N", 28, 28, 1)),
    "channels first": (
        chain(cs.Conv((3, 1, 8), 4, data_format="NCW"), cs.Pool(2, data_format="NCW")),
        (1, 1, 9),
    ),
    "long names": (cs.Graph({"a" * 200: CONV, "b<&>" * 40: cs.Pool(2)}), ("N", 8, 8, 4)),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_labels_stand_apart(name: str) -> None:
    picture = draw_network(*EXAMPLES[name])
    assert collisions(str(picture)) == [] == foreign(str(picture))
    assert len(str(picture)) < 60_000
    root = root_of(str(picture))
    assert (root[0].text, root[1].text) == (picture.title, picture.description)


def every_layer_has_its_sizes(draw: Any, network: Any, shape: Any) -> None:
    picture = str(draw(network, shape))
    assert collisions(picture) == [] == foreign(picture)
    said = [label.text for label in labels(picture)]
    trace = network.trace(shape)
    boxes = [rect for rect in root_of(picture).iter(f"{SVG}rect") if rect.get("rx") in ("5", "13")]
    assert len(boxes) == len(network.nodes) + 1, "a box a layer, and the input"
    for row in trace.rows:
        assert row.name in said
        assert f"({', '.join(map(str, row.output_shape))})" in said
    skips = sum(path.get("class") == "skip" for path in root_of(picture).iter(f"{SVG}path"))
    wanted = {
        (source, place)
        for place, node in enumerate(network.nodes)
        for source in node.sources
        if source < place - 1
    }
    assert skips == len(wanted)


@given(graphs(), st.integers(4, 30))
def test_every_layer_is_drawn(network: cs.Graph, size: int) -> None:
    if fits(network, input_of(size)):
        every_layer_has_its_sizes(draw_network, network, input_of(size))


def test_a_layer_left_out_is_found_out() -> None:
    network, shape = unet(2), ("N", 32, 32, 1)
    every_layer_has_its_sizes(draw_network, network, shape)
    with pytest.raises(AssertionError):
        every_layer_has_its_sizes(lambda _, given: draw_network(unet(1), given), network, shape)
    with pytest.raises(AssertionError):
        every_layer_has_its_sizes(lambda net, _: draw_network(net, ("N", 64, 32, 1)), network, shape)


def test_what_fails_is_red() -> None:
    picture = str(draw_network(*EXAMPLES["a join that fails"]))
    said = [label.text for label in labels(picture)]
    assert "join_2" in said and any("14 and 15" in text for text in said)
    assert "11 more not reached" in said and "out_2_a ... map" in said
    assert "#c0392b" in picture and "#c0392b" not in str(draw_network(*EXAMPLES["a U-Net"]))


def test_what_is_no_shape_is_an_error() -> None:
    for shape in (None, "x", (), (1, 8, 8, 3, 1, 1)):
        with pytest.raises(cs.ShapeError) as own:
            EXAMPLES["a U-Net"][0](shape)
        with pytest.raises(type(own.value)) as caught:
            draw_network(EXAMPLES["a U-Net"][0], shape)
        assert str(caught.value) == str(own.value)


def test_a_hundred_blocks_are_one() -> None:
    picture = draw_network(*EXAMPLES["a hundred blocks"])
    said = [label.text for label in labels(str(picture))]
    assert "the 3 layers above 99 times more, in the same shapes" in said
    assert [name for name in said if name.startswith("one_")] == ["one_0", "one_1 ... sum_99"]


def covers(rows: list[Row], marks: list[Any]) -> bool:
    """Whether rows stand for every layer once, in order, and fold only what repeats what stands above it."""
    places = [place for row in rows for place in range(row.first, row.last + 1)]
    if places != list(range(len(marks))) or len(rows) > max(SHORT, MOST + 1):
        return False
    for row in rows:
        if "above" in row.note:
            period = (
                int(row.note.split()[1])
                if row.note.startswith("the ") and row.note.split()[1].isdigit()
                else 1
            )
            if any(marks[place] != marks[place - period] for place in range(row.first, row.last + 1)):
                return False
    return True


RUNS = st.lists(st.tuples(st.lists(st.integers(0, 2), min_size=1, max_size=4), st.integers(1, 9)), max_size=9)


@given(RUNS)
def test_folding(runs: list[tuple[list[int], int]]) -> None:
    marks = [mark for run, times in runs for mark in run * times]
    assert covers(folded(marks), marks)


def test_wrong_folding_is_found_out() -> None:
    marks = [0, 1] * 20
    assert covers(folded(marks), marks) and len(folded(marks)) == 3
    assert not covers([*folded(marks)[:-1], Row(2, 38, "x")], marks)
    other = [*marks[:-1], 2]
    assert covers(folded(other), other) and not covers(folded(marks), other)


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(2, 8)).map(lambda pair: (pair[0], sum(pair)))))
def test_arcs_stand_apart(arcs: list[tuple[int, int]]) -> None:
    found = lanes(arcs)
    assert set(found) == set(arcs)
    for one, other in itertools.combinations(found, 2):
        if found[one] == found[other]:
            assert one[1] <= other[0] or other[1] <= one[0]
