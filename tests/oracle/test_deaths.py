"""Calls that kill the process in TensorFlow: they still do, and convshape refuses each of them."""

from __future__ import annotations

import pytest

import convshape as cs
from tests.oracle.deaths import CONTROL, DEATHS, Death, outcomes


@pytest.mark.parametrize("build", ["native", "default"])
def test_the_process_dies(build: str) -> None:
    """When this fails, TensorFlow has mended something: take the row out and say so in the documentation."""
    became = outcomes(onednn=build == "default")
    assert {name: how.split()[0] for name, how in became.items()} == {
        death.name: getattr(death, build) for death in (*DEATHS, CONTROL)
    }


def test_each_call_dies_somewhere() -> None:
    assert all("died" in (death.native, death.default) for death in DEATHS)


@pytest.mark.parametrize("death", DEATHS, ids=lambda death: death.name)
def test_convshape_refuses_it(death: Death) -> None:
    with pytest.raises(cs.ShapeError) as refused:
        getattr(cs, death.verb)(**death.call)
    assert refused.value.argument in death.call


def test_convshape_does_not_refuse_the_legal_call() -> None:
    assert cs.check_transpose(**CONTROL.call) == CONTROL.call["output_shape"]
