"""Specs as values: frozen, hashable, equal by what they mean, and they survive pickling, copying and repr."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

import convshape as cs
from tests.core import forms
from tests.core.calls import FILTER
from tests.holding import Holder, must_fail
from tests.oracle.wrong import Instead

SPEC_OF = {"conv_output": "Conv", "transpose_output": "ConvTranspose", "pool_output": "Pool"}


@st.composite
def fields(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A spec's name and arguments, in any form. Shrinks as the calls do."""
    verb = draw(st.sampled_from(tuple(SPEC_OF)))
    call = draw(forms.CALLS[verb]())
    call["data_format"] = forms.plain(verb, call)["data_format"]
    return SPEC_OF[verb], {name: value for name, value in call.items() if name != "input_shape"}


def survives(implementation: Any, drawn: tuple[str, dict[str, Any]]) -> None:
    """repr, pickle, copy, deepcopy, and making it again from its own fields all give an equal spec."""
    name, arguments = drawn
    spec = getattr(implementation, name)(**arguments)
    again = [
        eval(repr(spec), {name: type(spec), type(spec).__name__: type(spec)}),
        *(pickle.loads(pickle.dumps(spec, protocol)) for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)),
        copy.copy(spec),
        copy.deepcopy(spec),
        getattr(implementation, name)(**{field: getattr(spec, field) for field in arguments}),
    ]
    for other in again:
        assert other == spec and hash(other) == hash(spec) and repr(other) == repr(spec)
        assert type(other) is type(spec)
    assert len({spec, *again}) == 1


def test_specs_survive(hold: Holder) -> None:
    hold(survives, cs, fields(), examples=60)


class Forgetful(cs.Conv):
    """A spec whose repr leaves out what is not the filter."""

    def __repr__(self) -> str:
        return f"Conv(filter_shape={self.filter_shape})"


class Unequal(cs.Conv):
    """A spec that is equal to itself alone."""

    __eq__ = object.__eq__
    __hash__ = object.__hash__


@pytest.mark.parametrize("wrong", [Forgetful, Unequal])
def test_a_spec_that_does_not_survive_is_found_out(wrong: type[cs.Conv]) -> None:
    must_fail(survives, Instead(Conv=wrong), fields(), examples=100)


EQUAL = {
    "strides": (cs.Conv(FILTER, 2), cs.Conv(FILTER, strides=(2, 2)), cs.Conv(list(FILTER), [1, 2, 2, 1])),
    "numpy": (cs.Conv(FILTER, 2), cs.Conv(np.array(FILTER), np.int64(2))),
    "data_format": (cs.Conv(FILTER), cs.Conv(FILTER, data_format="NHWC")),
    "one axis": (cs.Conv((5, 1, 1)), cs.Conv((5, 1, 1), data_format="NWC")),
    "padding": (cs.Conv(FILTER, padding="same"), cs.Conv(FILTER)),
    "pairs": (cs.Conv(FILTER, padding=1), cs.Conv(FILTER, padding=[[0, 0], [1, 1], [1, 1], [0, 0]])),
    "dilations": (cs.Conv(FILTER, dilations=(1, 1, 1, 1)), cs.Conv(FILTER)),
    "transposed": (cs.ConvTranspose(FILTER, 2, output_padding=1), cs.ConvTranspose(FILTER, 2, output_padding=(1, 1))),
    "pool": (cs.Pool(2), cs.Pool((2, 2)), cs.Pool((1, 2, 2, 1)), cs.Pool(2, strides=2), cs.Pool(2, 2, "valid")),
}  # fmt: skip


@pytest.mark.parametrize("what", EQUAL)
def test_equal_by_canonical_fields(what: str) -> None:
    first, *others = EQUAL[what]
    for other in others:
        assert other == first and hash(other) == hash(first)


DIFFERENT = (
    cs.Conv(FILTER), cs.ConvTranspose(FILTER), cs.Conv(FILTER, 2), cs.Conv(FILTER, padding="VALID"),
    cs.Conv(FILTER, padding=0), cs.Conv(FILTER, dilations=2), cs.Conv(FILTER, groups=2),
    cs.Conv(FILTER, data_format="NCHW"), cs.ConvTranspose(FILTER, output_padding=0), cs.Pool(2), cs.Pool(2, ceil_mode=True),
    cs.Pool((2,)), cs.Pool((2, 2, 2)), cs.Pool(2, 1), (5, 5, 32, 64), None,
)  # fmt: skip


def test_different_in_any_field() -> None:
    assert len(set(DIFFERENT)) == len(DIFFERENT)
    for place, one in enumerate(DIFFERENT):
        assert [other == one for other in DIFFERENT].index(True) == place


@pytest.mark.parametrize(
    "spec", [cs.Conv(FILTER), cs.ConvTranspose(FILTER), cs.Pool(2)], ids=lambda spec: type(spec).__name__
)
def test_frozen(spec: Any) -> None:
    before = repr(spec)
    with pytest.raises(AttributeError, match="frozen"):
        spec.strides = (3, 3)
    with pytest.raises(AttributeError, match="frozen"):
        del spec.strides
    with pytest.raises(AttributeError):
        spec.something_new = 1
    assert repr(spec) == before


def test_what_was_passed_can_change_afterwards() -> None:
    filter_shape, strides = [5, 5, 32, 64], [2, 2]
    spec = cs.Conv(filter_shape, strides)
    filter_shape[0], strides[0] = 7, 3
    assert spec == cs.Conv(FILTER, 2)


def test_fields_are_plain() -> None:
    spec = cs.ConvTranspose(np.array(FILTER), np.int64(2), np.ones((2, 2), int), output_padding=np.int8(1))
    assert spec.filter_shape == FILTER and spec.strides == (2, 2) and spec.padding == ((1, 1), (1, 1))
    assert spec.dilations == (1, 1) and spec.groups == 1 and spec.output_padding == (1, 1)
    assert spec.data_format == "NHWC"
    numbers = [
        *spec.filter_shape,
        *spec.strides,
        *spec.dilations,
        *spec.output_padding,
        *spec.padding[0],
        spec.groups,
    ]
    assert {type(number) for number in numbers} == {int}


def test_repr_is_what_one_would_type() -> None:
    assert repr(cs.Conv(FILTER, 2)) == (
        "Conv(filter_shape=(5, 5, 32, 64), strides=(2, 2), padding='SAME', dilations=(1, 1), groups=1, data_format='NHWC')"
    )
    assert repr(cs.Pool(2, ceil_mode=True)) == (
        "Pool(window_shape=(2, 2), strides=(2, 2), padding='VALID', dilations=(1, 1), ceil_mode=True, data_format='NHWC')"
    )


def test_one_spec_many_shapes() -> None:
    """A spec is checked once and answers many shapes, known and unknown."""
    up = cs.ConvTranspose(FILTER, 2)
    assert [up((n, n, n + 1, 64)) for n in (1, 2, 3)] == [(1, 2, 4, 32), (2, 4, 6, 32), (3, 6, 8, 32)]
    assert up((None, None, 3, None)) == (None, None, 6, 32)
    assert up.data_format == "NHWC"


def test_specs_can_be_sorted_into_dicts() -> None:
    table = {cs.Conv(FILTER, 2): "down", cs.ConvTranspose(FILTER, 2): "up"}
    assert table[cs.Conv(FILTER, (2, 2))] == "down" and table[cs.ConvTranspose(FILTER, [2, 2])] == "up"
