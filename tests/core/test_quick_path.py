"""The quick path of plain ints says what the careful path says, and the memory of specs never mixes types."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import convshape as cs
from tests.core.calls import FILTER, FORWARD_INPUT, INPUT, run
from tests.core.forms import Whole
from tests.holding import Holder

EDGES = (0, 1, 2, 3, 5, 8, 9, 2**31, 2**62 - 1, 2**62, 2**63 - 3, 2**63 - 2, 2**63 - 1, 2**63, 2**64)
CALLS = 1500


def random_call(chance: random.Random) -> tuple[str, dict[str, Any]]:
    """Return a verb and plain arguments, legal or nearly, often at the edges of int64."""
    rank, channels = chance.randint(1, 3), chance.randint(1, 3)

    def sizes() -> tuple[Any, ...]:
        return tuple(
            chance.choice(EDGES) if chance.random() < 0.2 else chance.randint(1, 30) for _ in range(rank)
        )

    def small(most: int) -> tuple[int, ...]:
        return tuple(
            chance.choice((2**31, 2**62)) if chance.random() < 0.03 else chance.randint(1, most)
            for _ in range(rank)
        )

    last = (*sizes(), channels) if chance.random() < 0.9 else (channels, *sizes())
    pairs = tuple((chance.randint(0, 3), chance.randint(0, 3)) for _ in range(rank))
    verb = chance.choice(("conv_output", "transpose_output", "pool_output"))
    call: dict[str, Any] = {
        "input_shape": (chance.choice((0, 1, 7, "N", None, 2**63 - 1, -1)), *last),
        "strides": chance.choice((1, 2, small(4))),
        "padding": chance.choice(("SAME", "VALID", "same", 2, pairs)),
        "dilations": chance.choice((1, 1, small(3))),
        "data_format": chance.choice(
            (None, {1: "NWC", 2: "NHWC", 3: "NDHWC"}[rank], {1: "NCW", 2: "NCHW", 3: "NCDHW"}[rank])
        ),
    }
    if verb == "pool_output":
        return verb, {**call, "window_shape": chance.choice((2, small(4)))}
    other = chance.randint(1, 3)
    ends = (channels, other) if verb == "conv_output" else (other, channels)
    return verb, {**call, "filter_shape": (*small(5), *ends)}


def carefully(value: Any) -> Any:
    """Return a value with every plain int made a whole number of another type, which the quick path does not take."""
    if type(value) is int:
        return Whole(value)
    return tuple(map(carefully, value)) if type(value) is tuple else value


def plainly(value: Any) -> Any:
    """Return a value with every whole number made a plain int again."""
    if type(value) is dict:
        return {name: plainly(entry) for name, entry in value.items()}
    if type(value) is tuple:
        return tuple(map(plainly, value))
    return value.value if type(value) is Whole else value


def outcome(implementation: Any, verb: str, call: dict[str, Any]) -> Any:
    """Return an answer with its types, or what an error is about."""
    try:
        answer = run(verb, call, implementation)
    except cs.ShapeError as error:
        return type(error), error.argument, error.axis, plainly(error.fix)
    return answer, [type(size) for size in answer]


def quick_is_careful(implementation: Any) -> int:
    """Plain ints against other whole numbers, in the shape alone and in all arguments."""
    chance, answered = random.Random(0), 0
    for _ in range(CALLS):
        verb, call = random_call(chance)
        said = outcome(implementation, verb, call)
        shape_only = {**call, "input_shape": carefully(call["input_shape"])}
        assert outcome(implementation, verb, shape_only) == said, (verb, call)
        all_over = {name: carefully(value) for name, value in call.items()}
        assert outcome(implementation, verb, all_over) == said, (verb, call)
        assert outcome(implementation, verb, call) == said, "a second, remembered call says the same"
        answered += type(said[0]) is tuple
    assert answered > CALLS // 3, "too few legal calls to mean anything"
    return CALLS


def test_quick_is_careful(hold: Holder) -> None:
    hold.count("quick_is_careful", quick_is_careful(cs))


def test_a_quick_path_of_its_own_is_found_out() -> None:
    class Hasty:
        """Right but for plain ints at the edge of int64."""

        def __getattr__(self, name: str) -> Callable[..., Any]:
            def verb(**call: Any) -> Any:
                answer = getattr(cs, name)(**call)
                hasty = all(type(size) is not Whole for size in call["input_shape"])
                return (*answer[:-1], answer[-1] + 1) if hasty and max(answer[1:]) > 2**31 else answer

            return verb

    with pytest.raises(AssertionError):
        quick_is_careful(Hasty())


def test_answers_stay_within_int64() -> None:
    """No answer has a size that no tensor can have, whatever the input."""
    chance = random.Random(1)
    for _ in range(CALLS):
        verb, call = random_call(chance)
        said = outcome(cs, verb, call)
        if type(said[0]) is tuple:
            assert all(size is None or type(size) is str or 0 <= size < 2**63 for size in said[0]), (
                verb,
                call,
            )


@pytest.mark.parametrize(
    ("verb", "legal", "argument", "wrong"),
    [
        ("conv_output", 2, "strides", 2.0),
        ("conv_output", 1, "strides", True),
        ("conv_output", (2, 2), "strides", (2.0, 2)),
        ("conv_output", (1, 1), "strides", (True, True)),
        ("conv_output", (1, 1), "strides", (1, np.True_)),
        ("conv_output", (1, 2, 2, 1), "strides", (1, 2, 2, 1.0)),
        ("conv_output", 1, "dilations", True),
        ("conv_output", 1, "dilations", 1.0),
        ("conv_output", 1, "groups", True),
        ("conv_output", 1, "groups", 1.0),
        ("conv_output", FILTER, "filter_shape", (5.0, 5, 32, 64)),
        ("conv_output", FILTER, "filter_shape", [5, 5, 32, 64.0]),
        ("conv_output", (1, 1, 32, 64), "filter_shape", (True, 1, 32, 64)),
        ("conv_output", 1, "padding", True),
        ("conv_output", 1, "padding", 1.0),
        ("conv_output", ((1, 1), (1, 1)), "padding", ((1, 1), (1, True))),
        ("conv_output", ((1, 1), (1, 1)), "padding", ((1, 1), (1.0, 1))),
        ("conv_output", FORWARD_INPUT, "input_shape", ("N", 8, 8.0, 32)),
        ("conv_output", (1, 1, 1, 32), "input_shape", (1, True, 1, 32)),
        ("conv_output", (1, 1, 1, 32), "input_shape", (True, 1, 1, 32)),
        ("transpose_output", 2, "strides", 2.0),
        ("transpose_output", 1, "output_padding", True),
        ("transpose_output", 1, "output_padding", 1.0),
        ("transpose_output", (1, 1), "output_padding", (1, True)),
        ("check_transpose", ("N", 16, 16, 32), "output_shape", ("N", 16.0, 16, 32)),
        ("check_transpose", ("N", 16, 16, 32), "output_shape", ("N", 16, 16, 32.0)),
        ("pool_output", 2, "window_shape", 2.0),
        ("pool_output", (1, 1), "window_shape", (True, 1)),
        ("pool_output", 1, "strides", True),
        ("pool_output", True, "ceil_mode", 1),
        ("pool_output", False, "ceil_mode", 0),
    ],
)  # fmt: skip
def test_memory_does_not_mix_types(verb: str, legal: Any, argument: str, wrong: Any) -> None:
    """`2 == 2.0` and `1 == True` to a dict; what an int was answered must not be found by them."""
    call: dict[str, Any] = {"input_shape": FORWARD_INPUT, "filter_shape": FILTER}
    if verb in ("transpose_output", "check_transpose"):
        call |= {"input_shape": INPUT, "strides": 2}
    if verb == "check_transpose":
        call["output_shape"] = ("N", 16, 16, 32)
    if verb == "pool_output":
        call = {"input_shape": INPUT, "window_shape": 3}
    for _ in range(2):  # so that it is surely remembered
        run(verb, {**call, argument: legal})
    with pytest.raises(cs.ShapeError) as caught:
        run(verb, {**call, argument: wrong})
    assert caught.value.argument == argument
    run(verb, {**call, argument: legal})


def test_memory_forgets_without_harm() -> None:
    """More specs than it remembers, twice round, each answered rightly."""
    for _ in range(2):
        for kernel in range(1, 1200):
            assert cs.conv_output((1, 2000, 1), (kernel, 1, 1), padding="VALID") == (1, 2001 - kernel, 1)


def test_lists_are_not_remembered_by_identity() -> None:
    """A list that is changed between two calls is read again."""
    strides, shape = [2, 2], [1, 8, 8, 32]
    assert cs.conv_output(shape, FILTER, strides) == (1, 4, 4, 64)
    strides[0], shape[1] = 1, 9
    assert cs.conv_output(shape, FILTER, strides) == (1, 9, 4, 64)


def test_int_subclasses_are_taken_by_their_index() -> None:
    """An enum's member is a whole number; what comes back is plain."""
    import enum

    class Side(enum.IntEnum):
        SMALL = 8

    answer = cs.conv_output((1, Side.SMALL, Side.SMALL, 32), FILTER)
    assert answer == (1, 8, 8, 64) and [type(size) for size in answer] == [int] * 4
