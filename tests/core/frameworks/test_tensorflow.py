"""The TensorFlow dialect by itself: hostile values, plain and equal values kept apart, groups that were not asked for."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

import convshape as cs
from convshape.frameworks import tensorflow as nn

HOSTILE = (
    True,
    None,
    "abc",
    b"SAME",
    1.5,
    float("nan"),
    2**80,
    -(2**80),
    object(),
    (),
    [[]],
    {1: 2},
    iter([1, 2]),
    [None] * 40,
)
INPUT, FILTERS = ("N", 8, 8, 4), (3, 3, 4, 4)


@pytest.mark.parametrize("op", nn.__all__)
@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: type(value).__name__)
def test_hostile_values_make_errors_of_ours(op: str, value: Any) -> None:
    names = [p.name for p in inspect.signature(getattr(nn, op)).parameters.values() if p.name != "name"]
    plain = {
        "input": INPUT,
        "value": INPUT,
        "padding": "SAME",
        "output_shape": INPUT,
        "pooling_type": "MAX",
        "groups": 1,
    }
    for wrong in names:
        call = {name: plain.get(name, FILTERS if "filter" in name else 1) for name in names}
        call.update({name: None for name in ("data_format", "dilations") if name in names})
        try:
            answer = getattr(nn, op)(**{**call, wrong: value})
        except cs.ShapeError as error:
            assert str(error).startswith(f"tf.nn.{op}: ")
            assert not {"filter_shape", "input_shape"} & set(str(error).replace("(", " ").split())
        else:
            assert type(answer) is tuple


def test_a_bool_or_float_does_not_find_what_an_int_left() -> None:
    for stride in (1, 2):
        nn.conv2d(INPUT, FILTERS, stride, "SAME")
    for stride in (True, 2.0, [2.0, 2.0], (True, True)):
        with pytest.raises(cs.ArgumentError):
            nn.conv2d(INPUT, FILTERS, stride, "SAME")  # type: ignore[arg-type]


def test_groups_are_said() -> None:
    with pytest.raises(cs.ChannelError, match="say nothing") as caught:
        nn.conv2d(INPUT, (3, 3, 2, 6), 1, "SAME")
    assert {"groups": 2} in (caught.value.fix, *caught.value.alternatives)
    assert nn.conv2d(INPUT, (3, 3, 2, 6), 1, "SAME", groups=2) == ("N", 8, 8, 6)
    assert nn.conv2d_transpose(INPUT, (3, 3, 3, 4), ("N", 16, 16, 6), 2, groups=2) == ("N", 16, 16, 6)


def test_two_spatial_sizes() -> None:
    assert nn.conv2d_transpose((None, 8, 8, 4), (3, 3, 3, 4), (15, 16), 2) == (None, 15, 16, 3)
    with pytest.raises(cs.OutputShapeError) as caught:
        nn.conv2d_transpose(INPUT, (3, 3, 3, 4), (14, 16), 2)
    assert caught.value.fix == {"output_shape": (15, 16)}
    assert caught.value.axis == 0


def test_more_batch_axes() -> None:
    assert nn.conv2d(("N", 7, 8, 8, 4), FILTERS, 2, "SAME") == ("N", 7, 4, 4, 4)


def test_maximum_over_channels() -> None:
    assert nn.max_pool(INPUT, [1, 1, 1, 2], [1, 1, 1, 2], "SAME") == ("N", 8, 8, 2)
