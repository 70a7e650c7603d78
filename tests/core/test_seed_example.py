"""The seed example of the documentation, literally; and the defaults that the docstrings state."""

from __future__ import annotations

import inspect

import pytest

import convshape as cs

INPUT, FILTER = ("N", 8, 8, 64), (5, 5, 32, 64)
SEED_ERROR = """\
transpose_output: filter_shape (5, 5, 64, 32) has 32 channels last, but the input (N, 8, 8, 64) has 64.
  legal: (5, 5, out, 64)
  because: a transposed convolution borrows its forward twin's filter, (height, width, out, in): the twin's output is our input.
  fix: filter_shape=(5, 5, 32, 64)    (in and out were swapped)
"""


def test_seed_example() -> None:
    """Input (N, 8, 8, 64), stride 2, filter (5, 5, 32, 64): (N, 16, 16, 32), and four members in all."""
    assert cs.transpose_output(INPUT, FILTER, strides=2) == ("N", 16, 16, 32)
    outputs = cs.transpose_outputs(INPUT, FILTER, strides=2)
    assert len(outputs) == 4
    assert list(outputs) == [("N", 15, 15, 32), ("N", 15, 16, 32), ("N", 16, 15, 32), ("N", 16, 16, 32)]
    assert outputs.default == ("N", 16, 16, 32)
    assert outputs.ranges == (range(15, 17), range(15, 17))
    assert repr(outputs) == "4 output shapes: (N, 15..16, 15..16, 32), default (N, 16, 16, 32)"


def test_seed_example_as_a_spec() -> None:
    assert cs.ConvTranspose(FILTER, strides=2)(INPUT) == ("N", 16, 16, 32)
    assert cs.Conv(FILTER, strides=2)(("N", 16, 16, 32)) == INPUT
    assert cs.Conv(FILTER, strides=2)(("N", 15, 15, 32)) == INPUT


def test_seed_example_the_other_way_round() -> None:
    assert cs.transpose_filter(5, 64, 32) == FILTER == cs.conv_filter(5, 32, 64)
    assert cs.check_transpose(INPUT, FILTER, ("N", 15, 16, 32), strides=2) == ("N", 15, 16, 32)


def test_seed_error() -> None:
    """The four parts of DESIGN's example, word for word."""
    with pytest.raises(cs.ChannelError) as caught:
        cs.transpose_output(INPUT, (5, 5, 64, 32), strides=2)
    assert str(caught.value).startswith(SEED_ERROR)


def test_course_example() -> None:
    """28 -> 14 -> 7 and back, and the odd picture 45x61 -> 23x31 -> 12x16 and back exactly."""
    for height, width, smaller in (
        (28, 28, (14, 14)),
        (14, 14, (7, 7)),
        (45, 61, (23, 31)),
        (23, 31, (12, 16)),
    ):
        big = ("N", height, width, 32)
        small = cs.conv_output(big, FILTER, strides=2)
        assert small == ("N", *smaller, 64)
        assert cs.check_transpose(small, FILTER, big, strides=2) == big


DEFAULTS = {
    cs.conv_output: {"strides": 1, "padding": "SAME", "dilations": 1, "groups": 1, "data_format": None},
    cs.transpose_output: {
        "strides": 1,
        "padding": "SAME",
        "dilations": 1,
        "groups": 1,
        "output_padding": None,
        "data_format": None,
    },
    cs.check_transpose: {"strides": 1, "padding": "SAME", "dilations": 1, "groups": 1, "data_format": None},
    cs.pool_output: {"strides": None, "padding": "VALID", "dilations": 1, "ceil_mode": False, "data_format": None},
    cs.conv_filter: {"groups": 1},
    cs.transpose_filter: {"groups": 1},
    cs.padding_amounts: {"strides": 1, "padding": "SAME", "dilations": 1, "data_format": None},
}  # fmt: skip
DEFAULTS[cs.transpose_outputs] = DEFAULTS[cs.ConvTranspose] = DEFAULTS[cs.transpose_output]
DEFAULTS[cs.Conv], DEFAULTS[cs.Pool] = DEFAULTS[cs.conv_output], DEFAULTS[cs.pool_output]


@pytest.mark.parametrize("call", DEFAULTS, ids=lambda call: call.__name__)
def test_signature(call: object) -> None:
    """Defaults and their order are DESIGN's; all but strides and padding go by name only."""
    parameters = inspect.signature(call).parameters  # type: ignore[arg-type]
    assert {name: p.default for name, p in parameters.items() if p.default is not p.empty} == DEFAULTS[call]
    by_name = [name for name, p in parameters.items() if p.kind is p.KEYWORD_ONLY]
    assert by_name == [name for name in DEFAULTS[call] if name not in ("strides", "padding")]


def test_pool_strides_are_the_window() -> None:
    assert (
        cs.pool_output(("N", 8, 9, 3), (2, 3))
        == cs.pool_output(("N", 8, 9, 3), (2, 3), (2, 3))
        == ("N", 4, 3, 3)
    )
    assert cs.Pool((2, 3)).strides == (2, 3)


@pytest.mark.parametrize(
    ("input_shape", "filter_shape", "output"),
    [
        ((2, 9, 3), (3, 3, 5), (2, 5, 5)),
        ((2, 9, 7, 3), (3, 3, 3, 5), (2, 5, 4, 5)),
        ((2, 9, 7, 5, 3), (3, 3, 3, 3, 5), (2, 5, 4, 3, 5)),
    ],
)
def test_one_two_and_three_axes(
    input_shape: tuple[int, ...], filter_shape: tuple[int, ...], output: tuple[int, ...]
) -> None:
    assert cs.conv_output(input_shape, filter_shape, strides=2) == output


def test_documented_kinds_of_padding() -> None:
    """What the docstring of transpose_output states, at 8 with kernel 5 and stride 2."""
    sizes = {
        padding: cs.transpose_output((1, 8, 64), (5, 32, 64), 2, padding)[1]
        for padding in ("SAME", "VALID", 1)
    }
    assert sizes == {"SAME": 8 * 2, "VALID": 8 * 2 + max(5 - 2, 0), 1: 7 * 2 + 5 - 2}
    assert cs.transpose_output((1, 8, 64), (2, 32, 64), 3, "VALID")[1] == 8 * 3 + max(2 - 3, 0)
