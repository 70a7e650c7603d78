"""Whatever is passed, there is an answer or a ShapeError, soon; its text is short, and its fixes are legal."""

from __future__ import annotations

import inspect
import json
import random
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import convshape as cs
from tests.core import evil
from tests.core.calls import ARGUMENTS, LEGAL, WHOLES, run
from tests.holding import Holder

LONGEST = 4000
#: What may stand in each argument, to be made evil in one place.
RIGHT: dict[str, tuple[Any, ...]] = {
    "input_shape": (("N", 8, 8, 64), (2, 8, 8, 32), (None, None, 8, 64), (2, 8, 64), (2, 4, 4, 4, 64), [2, 64, 8, 8]),
    "filter_shape": ((5, 5, 32, 64), (5, 5, 64, 32), (3, 64, 32), (3, 3, 3, 32, 64), [3, 3, 64, 64]),
    "output_shape": ((2, 16, 16, 32), ("N", 15, 16, 32), [2, 8, 8, 32]),
    "window_shape": (2, (2, 2), (1, 2, 2, 1), [3]),
    "strides": (1, 2, (2, 2), [1, 2, 2, 1], None),
    "padding": ("SAME", "valid", 1, ((1, 1), (1, 1)), [[0, 0], [1, 2], [0, 1], [0, 0]]),
    "dilations": (1, 2, (1, 2), [1, 1, 1, 1]),
    "groups": (1, 2, 32),
    "data_format": (None, "NHWC", "NCHW", "NWC"),
    "output_padding": (None, 0, 1, (0, 1)),
    "ceil_mode": (False, True),
    "kernel_size": (3, (5, 5), [3, 3, 3]),
    "in_channels": (3, 64),
    "out_channels": (4, 32),
}  # fmt: skip


def ends_well(implementation: Any, whole: str, call: dict[str, Any]) -> str:
    """A call returns a printable answer, or raises a ShapeError that can be shown in every way and mended."""
    if whole.endswith("()"):  # in two steps, each with errors of its own
        made = ends_well(
            implementation, whole[:-2], {name: call[name] for name in ARGUMENTS[whole[:-2]] if name in call}
        )
        if made != "answered":
            return made
    try:
        answer = run(whole, call, implementation)
    except cs.ShapeError as error:
        shown_in_every_way(error)
        for fix in filter(None, (error.fix, *error.alternatives)):
            run(whole, {**call, **fix}, implementation)
        return "fixed" if error.fix else "refused"
    except Exception as error:
        raise AssertionError(f"{whole} raised {type(error).__name__}") from error
    assert isinstance(repr(answer), str) and isinstance(hash(answer), int)
    return "answered"


def shown_in_every_way(error: cs.ShapeError) -> None:
    """Text, repr, HTML and JSON: none raises, all are bounded, and the text is of printable lines."""
    text = str(error)
    assert len(text) < LONGEST, f"{len(text)} characters"
    assert all(letter.isprintable() or letter == "\n" for letter in text)
    assert text.count("\n") == 3 + len(error.alternatives), "a line for each part"
    assert len(repr(error)) < LONGEST and len(repr(error.diagnosis)) < LONGEST
    html = error._repr_html_()
    assert len(html) < 4 * LONGEST and "<script" not in html.lower()
    assert json.loads(json.dumps(error.to_json(), allow_nan=False))["text"] == text


def one_evil_each() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every evil value as every argument of everything."""
    for whole in WHOLES:
        for argument in ARGUMENTS[whole]:
            for value in (*evil.EVERYTHING, *evil.once()):
                yield whole, {**LEGAL[whole], argument: value}


def random_calls(seed: int, number: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield calls with evil values in any place, several at once, alone or inside what would be right."""
    chance = random.Random(seed)

    def value(argument: str) -> Any:
        if (luck := chance.random()) < 0.6:
            return chance.choice(RIGHT[argument])
        if luck < 0.75:
            return chance.choice(evil.EVERYTHING)
        base = chance.choice(RIGHT[argument])
        if type(base) not in (tuple, list):
            return tuple(chance.choice(evil.EVERYTHING) for _ in range(chance.randrange(6)))
        entries = list(base)
        place = chance.randrange(len(entries))
        entries[place : place + chance.choice((1, 1, 1, 0))] = [
            chance.choice(evil.EVERYTHING)
        ] * chance.choice((1, 1, 1, 0, 2))
        return chance.choice((tuple, list))(entries)

    for _ in range(number):
        whole = chance.choice(WHOLES)
        yield whole, {argument: value(argument) for argument in ARGUMENTS[whole]}


@pytest.fixture(autouse=True)
def _quietly() -> Iterator[None]:
    """Let NumPy warn of what it converts: that is no matter of convshape's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def test_every_evil_value_as_every_argument(hold: Holder) -> None:
    hold.count("ends_well", sum(bool(ends_well(cs, *call)) for call in one_evil_each()))


@pytest.mark.parametrize("seed", range(4))
def test_evil_in_any_place(seed: int, hold: Holder) -> None:
    seen = {"answered": 0, "fixed": 0, "refused": 0}
    for call in random_calls(seed, 1000):
        seen[ends_well(cs, *call)] += 1
    assert all(count > 5 for count in seen.values()), f"one-sided: {seen}"
    hold.count("ends_well", sum(seen.values()))


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-3, 9)
    | st.floats()
    | st.complex_numbers()
    | st.text(max_size=8)
    | st.sampled_from(("SAME", "VALID", "N", "NCHW", "8", "(2, 2)"))
    | st.binary(max_size=4)
    | st.decimals(),
    lambda inner: st.lists(inner, max_size=6) | st.lists(inner, max_size=6).map(tuple) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=8,
)  # fmt: skip


def test_junk_of_hypothesis(hold: Holder) -> None:
    """Anything that is made of plain values, in up to three arguments at once."""
    ran = 0

    @settings(max_examples=4 * settings.default.max_examples, report_multiple_bugs=False)
    @given(st.sampled_from(WHOLES), st.data())
    def over_examples(whole: str, data: st.DataObject) -> None:
        nonlocal ran
        ran += 1
        names = data.draw(st.lists(st.sampled_from(ARGUMENTS[whole]), min_size=1, max_size=3, unique=True))
        ends_well(cs, whole, {**LEGAL[whole], **{name: data.draw(JUNK) for name in names}})

    over_examples()
    hold.count("ends_well", ran)


class Implementation:
    """convshape, but for a conv_output that is given."""

    def __init__(self, conv_output: Any) -> None:
        self.conv_output = conv_output

    def __getattr__(self, name: str) -> Any:
        return getattr(cs, name)


def _refusing(**fields: Any) -> Any:
    diagnosis = {"given": 0, "legal": "a", "problem": "b.", "reason": "c.", **fields}

    def conv_output(**_: Any) -> Any:
        raise cs.ArgumentError(cs.Diagnosis("conv_output", "strides", **diagnosis))

    return conv_output


def _crashing(**call: Any) -> Any:
    return int(call["strides"])


@pytest.mark.parametrize(
    "conv_output",
    [
        _crashing,
        _refusing(fix={"strides": 0}),
        _refusing(problem="p" * 5000),
        _refusing(reason="two\nlines\nmore\nof\nthem"),
        _refusing(legal="\x1b[31m"),
    ],
    ids=["crashes", "offers what it refuses", "goes on and on", "breaks its lines", "prints colours"],
)
def test_an_ill_end_is_found_out(conv_output: Any) -> None:
    """Other exceptions, fixes that are not legal, long or unprintable texts."""
    with pytest.raises((AssertionError, cs.ShapeError)):
        ends_well(Implementation(conv_output), "conv_output", {**LEGAL["conv_output"], "strides": "SAME"})


@pytest.mark.parametrize("whole", WHOLES[:-3])
def test_missing_and_unknown_arguments_are_type_errors(whole: str) -> None:
    """As of any function of Python, and of nothing else."""
    required = [
        name
        for name, parameter in inspect.signature(getattr(cs, whole)).parameters.items()
        if parameter.default is parameter.empty
    ]
    for name in required:
        with pytest.raises(TypeError, match=name):
            run(whole, {other: value for other, value in LEGAL[whole].items() if other != name})
    with pytest.raises(TypeError, match="stride"):
        run(whole, {**LEGAL[whole], "stride": 2})


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_interruptions_are_not_swallowed(interruption: type[BaseException]) -> None:
    """Ctrl-C inside a foreign `__index__` is the user's, not a mistake in a shape."""

    class Interrupting:
        def __index__(self) -> int:
            raise interruption

    with pytest.raises(interruption):
        cs.conv_output((1, Interrupting(), 8, 32), (5, 5, 32, 64))


@pytest.mark.parametrize(
    "shape",
    [(n for n in (1, 8, 8, 32)), iter([1, 8, 8, 32]), map(int, "1883")],
    ids=["generator", "iterator", "map"],
)
def test_iterators_are_not_used_up(shape: Any) -> None:
    """What can be read once only is refused unread."""
    with pytest.raises(cs.ArgumentError):
        cs.conv_output(shape, (5, 5, 32, 64))
    assert len(list(shape)) == 4


def test_nothing_that_was_passed_is_changed() -> None:
    """A refused call leaves its lists as they were."""
    shape, filter_shape, strides, padding = [2, 8, 8, 32], [5, 5, 64, 32], [1, 0, 2, 1], [[1, 1], [1, -1]]
    before = json.dumps([shape, filter_shape, strides, padding])
    with pytest.raises(cs.ShapeError):
        cs.conv_output(shape, filter_shape, strides, padding)
    assert json.dumps([shape, filter_shape, strides, padding]) == before
