"""Running a property over many examples: as a test, or to see it fail on a wrong implementation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from convshape import ShapeError
from tests.engines.tensorflow_engine import USED

Property = Callable[..., None]
# Without Phase.explain: it traces every line of TensorFlow's Python, and makes all examples several times slower.
SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)
WITHOUT_SHRINKING = (Phase.explicit, Phase.generate)


def holds(
    property_: Property,
    implementation: object,
    *drawn: st.SearchStrategy[Any],
    examples: int,
    shrink: bool = True,
    **fixed: Any,
) -> int:
    """Run `property_(implementation, *drawn, **fixed)` over examples and return how many it ran.

    Args:
        property_: The property; it raises AssertionError where it does not hold.
        implementation: What has convshape's verbs as attributes: convshape itself or a wrong one.
        drawn: Strategies of the further positional arguments.
        examples: Number of examples in the steady profile; other profiles scale it.
        shrink: Whether a failing example is made small.
        fixed: Further arguments of the property.
    """
    ran = 0
    number = max(1, examples * settings.default.max_examples // 100)
    phases = SHRINKING if shrink else WITHOUT_SHRINKING

    @settings(max_examples=number, phases=phases, report_multiple_bugs=False)
    @given(st.tuples(*drawn))
    def over_examples(values: tuple[Any, ...]) -> None:
        nonlocal ran
        ran += 1
        try:
            property_(implementation, *values, **fixed)
        except ShapeError as refusal:
            raise AssertionError(f"a legal call was refused: {refusal}") from refusal

    over_examples()
    return ran


def must_fail(
    property_: Property, wrong: object, *drawn: st.SearchStrategy[Any], examples: int, **fixed: Any
) -> None:
    """Assert that a property does not hold for a wrong implementation."""
    with pytest.raises(AssertionError):
        holds(property_, wrong, *drawn, examples=examples, shrink=False, **fixed)


class Holder:
    """Holds properties in a test and records the number of examples under the test's name."""

    def __init__(self, record_property: Callable[[str, object], None]) -> None:
        self._record = record_property

    def __call__(
        self,
        property_: Property,
        implementation: object,
        *drawn: st.SearchStrategy[Any],
        examples: int,
        **fixed: Any,
    ) -> int:
        """Hold one property; see :func:`holds`."""
        before = USED.total()
        number = holds(property_, implementation, *drawn, examples=examples, **fixed)
        self.count(property_.__name__, number)
        if executed := USED.total() - before:
            self.count("... ops executed", executed)
        return number

    def count(self, name: str, number: int) -> None:
        """Record a number of examples that were run without Hypothesis."""
        self._record(f"examples {name}", number)
