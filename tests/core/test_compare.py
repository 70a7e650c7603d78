"""The table of one layer in every framework; the values behind it are judged by the engines, in tests/oracles."""

from __future__ import annotations

import json
import pickle
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from syrupy.assertion import SnapshotAssertion

import convshape as cs
from convshape._code import exchange
from convshape._compare import Row
from convshape._layouts import LAYOUTS
from tests.strategies import conv_calls, transpose_calls_with_extra

FRAMEWORKS = ("tensorflow", "keras", "torch", "jax", "onnx")
SEED = (cs.ConvTranspose((5, 5, 32, 64), strides=2), (2, 8, 8, 64))
EXAMPLES: dict[str, tuple[Any, Any]] = {
    "the seed example": SEED,
    "forward": (cs.Conv((4, 4, 3, 8), strides=2), ("N", 9, 9, 3)),
    "dilated with strides": (
        cs.ConvTranspose((3, 3, 2, 4), 2, [[0, 1], [1, 1]], dilations=2, data_format="NCHW"),
        ("N", 4, 5, 6),
    ),
    "sizes not known": (cs.ConvTranspose((3, 2, 4), 2, "VALID"), (None, None, 4)),
}


@pytest.fixture(params=EXAMPLES)
def table(request: Any) -> cs.Comparison:
    return cs.compare(*EXAMPLES[request.param])


def test_text(table: cs.Comparison, snapshot: SnapshotAssertion) -> None:
    assert str(table) == repr(table) == snapshot


def test_html(table: cs.Comparison, snapshot: SnapshotAssertion) -> None:
    html = table._repr_html_()
    assert html == snapshot
    seen: list[str] = []

    class Balance(HTMLParser):
        def handle_starttag(self, tag: str, _: object) -> None:
            seen.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert seen.pop() == tag

    Balance().feed(html)
    assert not seen
    assert all(word not in html for word in ("<script", "http", "src=", "color:")), "self-contained, any page"
    for row in table.rows:
        assert row.framework in html


def test_json(table: cs.Comparison, snapshot: SnapshotAssertion) -> None:
    text = json.dumps(table.to_json(), allow_nan=False, indent=1)
    assert text == snapshot
    rows = json.loads(text)["rows"]
    assert [(row["framework"], row["call"], row["agrees"]) for row in rows] == [
        (row.framework, row.call, row.agrees) for row in table.rows
    ]


def test_it_is_a_value(table: cs.Comparison) -> None:
    again = cs.compare(table.spec, list(table.input_shape))
    assert again == table and hash(again) == hash(table) and pickle.loads(pickle.dumps(table)) == table
    with pytest.raises(AttributeError):
        table.rows = ()
    assert [row.framework for row in table.rows] == list(FRAMEWORKS)


def test_the_seed_example_in_torch() -> None:
    """An odd SAME: one element too many at the end, and not one at each."""
    row = cs.compare(*SEED).rows[2]
    assert (row.output, row.result) == ((2, 32, 17, 17), (2, 32, 16, 16))
    assert row.padding == ((1, 1), (1, 1)) and row.agrees == "after a crop of ((0, 1), (0, 1))"


def test_what_keras_cannot_say() -> None:
    row = cs.compare(*EXAMPLES["dilated with strides"]).rows[1]
    assert row.agrees == "cannot be said" and row.call is row.output is row.result is row.padding is None
    with pytest.raises(cs.ShapeError) as caught:
        cs.convert(EXAMPLES["dilated with strides"][0], "keras")
    assert row.reason is not None and caught.value.reason in row.reason


def laid_out(shape: Any, given_format: str, wanted: str) -> Any:
    axes = exchange(given_format, wanted)
    return shape if axes is None else tuple(shape[axis] for axis in axes)


def judge(row: Row, table: cs.Comparison) -> bool:
    """Return whether a row's result is the spec's output, and its output what its padding makes of the input."""
    assert row.data_format is not None and row.padding is not None and row.output is not None
    spec = table.spec
    sizes: Any = spec.spatial_of(table.input_shape)
    pads = [sum(pair) for pair in row.padding]
    own = laid_out(row.output, row.data_format, LAYOUTS[len(sizes)][0])[1:-1]
    grown = [(0, 0)] * len(sizes) if row.before is None else row.before.amounts
    for size, given_, stride, pad, more, kernel, dilation in zip(
        own, sizes, spec.strides, pads, grown, spec.filter_shape, spec.dilations, strict=False
    ):
        extent = (kernel - 1) * dilation + 1
        if isinstance(spec, cs.ConvTranspose):
            expected = (given_ - 1) * stride + extent - pad
        else:
            expected = (given_ + sum(more) + pad - extent) // stride + 1
        if size != expected:
            return False
    return row.result == laid_out(spec(table.input_shape), spec.data_format, row.data_format)


def compared(spec: type, call: dict[str, Any]) -> cs.Comparison:
    shape = call.pop("input_shape")
    return cs.compare(spec(**call), shape)


@given(call=conv_calls())
def test_forward_shapes_follow_from_the_padding(call: dict[str, Any]) -> None:
    table = compared(cs.Conv, call)
    assert all(judge(row, table) for row in table.rows if row.call)
    assert any(row.call for row in table.rows)


@given(call=transpose_calls_with_extra())
def test_transposed_shapes_follow_from_the_padding(call: dict[str, Any]) -> None:
    table = compared(cs.ConvTranspose, call)
    assert all(judge(row, table) for row in table.rows if row.call)


def test_a_crop_left_out_is_found_out() -> None:
    table = cs.compare(*SEED)
    row = table.rows[2]
    assert judge(row, table)
    assert not judge(Row(**{**row._values(), "result": row.output}), table)
    assert not judge(Row(**{**row._values(), "output": row.result}), table)
    assert not judge(Row(**{**row._values(), "padding": ((1, 2), (1, 2))}), table)


@pytest.mark.parametrize(
    ("spec", "shape", "kind", "argument"),
    [
        (SEED[0], (2, 8, 8), cs.RankError, "input_shape"),
        (SEED[0], (2, 8, 8, 63), cs.ChannelError, "input_shape"),
        (SEED[0], None, cs.ArgumentError, "input_shape"),
        (SEED[0], "NHWC", cs.ArgumentError, "input_shape"),
        (cs.Conv((3, 3, 1, 1), padding="VALID"), (1, 2, 2, 1), cs.SizeError, "input_shape"),
        (cs.Pool(2), (1, 8, 8, 1), cs.ArgumentError, "spec"),
        (None, (1, 8, 8, 1), cs.ArgumentError, "spec"),
    ],
)
def test_wrong_arguments(spec: Any, shape: Any, kind: type[cs.ShapeError], argument: str) -> None:
    with pytest.raises(kind) as caught:
        cs.compare(spec, shape)
    error = caught.value
    assert (error.operation, error.argument) == ("compare", argument)
    assert [part for part in ("legal", "because", "fix") if f"\n  {part}: " not in str(error)] == []
    for fix in filter(None, (error.fix, *error.alternatives)):
        cs.compare(**{"spec": spec, "input_shape": shape, **fix})
    assert error.fix is not None or argument == "spec" or shape == "NHWC"
