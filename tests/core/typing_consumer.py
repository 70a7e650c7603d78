"""A program that uses every public name, for `mypy --strict` to read. It is also run, so that it tells the truth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_type

import numpy as np

import convshape as cs

Shape = tuple[int | str | None, ...]
Amounts = tuple[tuple[int | None, int | None], ...]


class Named:
    """A shape that is no tuple, as `tf.TensorShape` is."""

    def __len__(self) -> int:
        return 4

    def __iter__(self) -> Iterator[int]:
        return iter((1, 8, 8, 64))

    def __getitem__(self, place: int) -> int:
        return (1, 8, 8, 64)[place]


def verbs() -> None:
    """What each verb returns."""
    big, small, filter_shape = ("N", 16, 16, 32), ("N", 8, 8, 64), (5, 5, 32, 64)
    assert_type(cs.conv_output(big, filter_shape, 2), Shape)
    assert_type(cs.transpose_output(small, filter_shape, 2, output_padding=(0, 1)), Shape)
    assert_type(cs.check_transpose(small, filter_shape, big, strides=2), Shape)
    assert_type(cs.pool_output(big, 2, ceil_mode=True), Shape)
    assert_type(cs.conv_filter(5, 32, 64), tuple[int, ...])
    assert_type(cs.transpose_filter((5, 5), 64, 32, groups=2), tuple[int, ...])
    assert_type(cs.padding_amounts(big, filter_shape, 2, "valid"), Amounts)
    outputs = cs.transpose_outputs(small, filter_shape, 2)
    assert_type(outputs, cs.OutputSet)
    assert_type(outputs.default, Shape | None)
    assert_type(outputs.ranges, tuple[range | None, ...])
    assert_type(len(outputs), int)
    assert_type(big in outputs, bool)
    for member in outputs:
        assert_type(member, Shape)


def forms(shape: Sequence[int | None], sizes: list[int], number: np.int64) -> None:
    """What may be passed."""
    cs.conv_output(shape, (5, 5, 32, 64), sizes, ((1, 1), (1, 1)), data_format="NHWC")
    cs.conv_output((number, 8, 8, 32), [5, 5, 16, 64], number, 2, dilations=[1, 2], groups=number)
    cs.transpose_output(Named(), (5, 5, 32, 64), np.array([2, 2]))
    cs.conv_output(range(1, 6), range(2, 7), padding="VALID")
    cs.conv_output(
        np.array([1, 8, 8, 32]), np.array([5, 5, 32, 64]), padding=[[0, 0], [1, 1], [1, 1], [0, 0]]
    )
    cs.pool_output((None, 8, 8, None), (2, 2), None, (1, 1) if sizes == [1] else "SAME")


def specs() -> None:
    """Specs and their fields."""
    down = cs.Conv((5, 5, 32, 64), 2)
    up = cs.ConvTranspose(filter_shape=down.filter_shape, strides=down.strides, padding=down.padding)
    assert_type(down, cs.Conv)
    assert_type(down(("N", 16, 16, 32)), Shape)
    assert_type(up(down(("N", 16, 16, 32))), Shape)
    assert_type(up.filter_shape, tuple[int, ...])
    assert_type(up.strides, tuple[int, ...])
    assert_type(up.padding, str | tuple[tuple[int, int], ...])
    assert_type(up.output_padding, tuple[int, ...] | None)
    assert_type(down.groups, int)
    assert_type(down.data_format, str)
    assert_type(cs.Pool(2).window_shape, tuple[int, ...])
    assert_type(cs.Pool(2).ceil_mode, bool)
    assert {down: "down"}[cs.Conv((5, 5, 32, 64), (2, 2))] == "down"


def errors() -> None:
    """What an error carries."""
    try:
        cs.transpose_output(("N", 8, 8, 64), (5, 5, 64, 32), strides=2)
    except (cs.ArgumentError, cs.RankError, cs.SizeError, cs.OutputShapeError):
        raise
    except cs.ChannelError as error:
        assert_type(error.diagnosis, cs.Diagnosis)
        assert_type(error.fix, dict[str, object] | None)
        assert_type(error.alternatives, tuple[dict[str, object], ...])
        assert_type(error.argument, str)
        assert_type(error.axis, int | None)
        assert_type(error.to_json(), dict[str, object])
        assert_type(error.diagnosis.text(), str)
        assert_type(error.diagnosis.html(), str)
        value: ValueError = error
        print(value)


def run_all() -> None:
    """Run all of it."""
    verbs()
    forms((1, 8, None, 32), [2, 2], np.int64(2))
    specs()
    errors()
