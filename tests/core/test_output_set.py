"""OutputSet: the legal output shapes as a set that can be asked, counted, walked through and read."""

from __future__ import annotations

import copy
import itertools
import pickle
from typing import Any

import numpy as np
import pytest

import convshape as cs
from tests import strategies as legal
from tests.core.calls import FILTER, INPUT
from tests.core.process import python
from tests.engines.operation import read
from tests.holding import Holder, must_fail

SEED = cs.transpose_outputs(INPUT, FILTER, 2)


def membership_is_the_check(implementation: Any, call: dict[str, Any]) -> None:
    """`shape in outputs` says exactly what check_transpose does, around the legal range on every axis."""
    operation, outputs = read("transpose_output", call), implementation.transpose_outputs(**call)
    axes = [range(sizes.start - 2, sizes.stop + 2) for sizes in outputs.ranges]
    batch, channels = operation.input_shape[0], operation.groups * operation.channels[0]
    for spatial in itertools.islice(itertools.product(*axes), 60):
        for shape in (
            (batch, *spatial, channels),
            (batch + 1, *spatial, channels),
            (batch, *spatial, channels + 1),
        ):
            candidate = operation.laid_out(shape)
            try:
                cs.check_transpose(**call, output_shape=candidate)
                taken = True
            except cs.ShapeError:
                taken = False
            assert (candidate in outputs) == taken, candidate


def test_membership_is_the_check(hold: Holder) -> None:
    hold(membership_is_the_check, cs, legal.transpose_calls(ranks=(1, 2), roomy=False), examples=30)


def test_lax_membership_is_found_out() -> None:
    class Lax:
        """Takes any batch."""

        def __init__(self, outputs: cs.OutputSet) -> None:
            self.ranges, self.inner = outputs.ranges, outputs

        def __contains__(self, shape: Any) -> bool:
            return (self.inner.batch, *shape[1:]) in self.inner

    class Implementation:
        transpose_outputs = staticmethod(lambda **call: Lax(cs.transpose_outputs(**call)))

    must_fail(membership_is_the_check, Implementation, legal.transpose_calls(), examples=50)


@pytest.mark.parametrize(
    "shape", [("N", 15, 16, 32), ["N", 15, 16, 32], ("N", np.int64(15), 16, np.int8(32))]
)
def test_members_in_any_form(shape: Any) -> None:
    assert shape in SEED


@pytest.mark.parametrize(
    "shape",
    [
        ("N", 14, 16, 32), ("N", 17, 16, 32), ("N", 16, 16, 64), ("M", 16, 16, 32), (2, 16, 16, 32), (None, 16, 16, 32),
        (16, 16), (16, 16, 32), ("N", 16, 16), ("N", 16, 16, 32, 1), (), "N,16,16,32", None, 16, ("N", 16.0, 16, 32),
        ("N", None, 16, 32), ("N", True, 16, 32), ("N", "16", 16, 32), ("N", -16, 16, 32), {"N": 1}, ..., ("N", 16, 16, None),
    ],
    ids=repr,
)  # fmt: skip
def test_no_members(shape: Any) -> None:
    assert shape not in SEED


def test_grows() -> None:
    outputs = cs.transpose_outputs((3, 4, 5, 64), FILTER, (2, 3), "VALID")
    assert list(outputs) == sorted(outputs)
    assert len(outputs) == len(list(outputs)) == len(set(outputs)) == 6
    assert outputs.ranges == (range(11, 13), range(17, 20))
    assert next(iter(outputs)) == (3, 11, 17, 32) and list(outputs)[-1] == (3, 12, 19, 32)


def test_walked_through_twice() -> None:
    assert list(SEED) == list(SEED)


def test_default_is_what_the_verb_gives() -> None:
    assert SEED.default == cs.transpose_output(INPUT, FILTER, 2) and SEED.default in SEED
    chosen = cs.transpose_outputs(INPUT, FILTER, 2, output_padding=0)
    assert chosen.default == ("N", 15, 15, 32) and list(chosen) == list(SEED)


def test_unknown_axes() -> None:
    """An axis of unknown size is None in ranges and members, counts once, and takes what some input reaches."""
    outputs = cs.transpose_outputs((None, None, 8, 64), FILTER, 2)
    assert outputs.ranges == (None, range(15, 17)) and len(outputs) == 2
    assert list(outputs) == [(None, None, 15, 32), (None, None, 16, 32)]
    assert outputs.default == (None, None, 16, 32) == cs.transpose_output((None, None, 8, 64), FILTER, 2)
    assert all(member in outputs for member in outputs)
    assert (4, 7, 15, 32) in outputs and ("N", 7, 15, 32) in outputs and (None, None, 14, 32) not in outputs
    assert (4, 0, 15, 32) not in outputs and (-1, 7, 15, 32) not in outputs


@pytest.mark.parametrize(
    "shape",
    [("x y", 3, 16, 32), ("N", 2**70, 16, 32), (2**70, 3, 16, 32), (True, 3, 16, 32), (2.0, 3, 16, 32)],
)
def test_no_member_that_the_check_refuses(shape: Any) -> None:
    unknown = (None, None, 8, 64)
    with pytest.raises(cs.ShapeError):
        cs.check_transpose(unknown, FILTER, shape, 2)
    assert shape not in cs.transpose_outputs(unknown, FILTER, 2)


def test_valid_from_an_unknown_size_needs_the_kernel() -> None:
    outputs = cs.transpose_outputs((1, None, 64), (5, 32, 64), 2, "VALID")
    assert (1, 4, 32) not in outputs and (1, 5, 32) in outputs
    assert cs.check_transpose((1, None, 64), (5, 32, 64), (1, 5, 32), 2, "VALID") == (1, 5, 32)


def test_fewer_members_where_padding_takes_sizes_below_one() -> None:
    """From one element, kernel 5, stride 4, padding 6: sizes -1 to 2, of which 1 and 2 are left, and no default."""
    outputs = cs.transpose_outputs((1, 1, 64), (5, 32, 64), 4, 3)
    assert outputs.ranges == (range(1, 3),) and list(outputs) == [(1, 1, 32), (1, 2, 32)]
    assert outputs.default is None
    assert repr(outputs) == "2 output shapes: (1, 1..2, 32)"
    with pytest.raises(cs.SizeError):
        cs.transpose_output((1, 1, 64), (5, 32, 64), 4, 3)
    assert cs.transpose_output((1, 1, 64), (5, 32, 64), 4, 3, output_padding=0) == (1, 1, 32)
    assert cs.check_transpose((1, 1, 64), (5, 32, 64), (1, 2, 32), 4, 3) == (1, 2, 32)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((INPUT, FILTER, 2), "4 output shapes: (N, 15..16, 15..16, 32), default (N, 16, 16, 32)"),
        ((INPUT, FILTER, 1), "1 output shape: (N, 8, 8, 32), default (N, 8, 8, 32)"),
        ((INPUT, FILTER, (2, 1)), "2 output shapes: (N, 15..16, 8, 32), default (N, 16, 8, 32)"),
        (((None, None, 8, 64), FILTER, 2), "output shapes: (None, height not known, 15..16, 32), default (None, None, 16, 32)"),
        (((7, 4, 64), (5, 32, 64), 3, "VALID"), "3 output shapes: (7, 14..16, 32), default (7, 14, 32)"),
    ],
    ids=str,
)  # fmt: skip
def test_repr_reads_as_an_answer(arguments: Any, text: str) -> None:
    assert repr(cs.transpose_outputs(*arguments)) == text


def test_channels_first_members() -> None:
    outputs = cs.transpose_outputs(("N", 64, 8, 8), FILTER, 2, data_format="NCHW")
    assert (
        next(iter(outputs)) == ("N", 32, 15, 15)
        and ("N", 32, 16, 15) in outputs
        and ("N", 16, 16, 32) not in outputs
    )
    assert repr(outputs) == "4 output shapes: (N, 32, 15..16, 15..16), default (N, 32, 16, 16)"


def test_a_value() -> None:
    same = cs.transpose_outputs(list(INPUT), FILTER, (2, 2))
    assert same == SEED and hash(same) == hash(SEED) and same != cs.transpose_outputs(INPUT, FILTER, 3)
    for again in (pickle.loads(pickle.dumps(SEED)), copy.copy(SEED), copy.deepcopy(SEED)):
        assert again == SEED and list(again) == list(SEED) and again.default == SEED.default
    with pytest.raises(AttributeError, match="frozen"):
        SEED.default = None  # type: ignore[misc]


HUGE = "import convshape as cs; outputs = cs.transpose_outputs(('N', 8, 8, 64), (5, 5, 32, 64), 2**40)"


def test_huge_sets() -> None:
    """More members than a length can count: only len() refuses, and says what to ask instead."""
    outputs = cs.transpose_outputs(INPUT, FILTER, 2**40)
    assert outputs.default in outputs and ("N", 7 * 2**40, 8 * 2**40, 32) not in outputs
    assert [sizes.stop - sizes.start for sizes in outputs.ranges] == [2**40, 2**40]
    assert len(repr(outputs)) < 200
    with pytest.raises(cs.SizeError, match=r"\.ranges"):
        len(outputs)
    assert bool(outputs.ranges)


def test_huge_sets_are_walked_through_lazily() -> None:
    """In a process of its own, with little memory and time: the first members come at once."""
    limit = "import resource; resource.setrlimit(resource.RLIMIT_AS, (2**30,) * 2); "
    walk = "; import itertools; print([s[1:3] for s in itertools.islice(outputs, 2)])"
    done = python("-c", limit + HUGE + walk, seconds=60)
    assert done.returncode == 0, done.stderr[-300:]
    first = 7 * 2**40 + 1
    assert done.stdout.strip() == str([(first, first), (first, first + 1)])
