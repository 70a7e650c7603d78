"""What the fast tests share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.holding import Holder


@pytest.fixture
def hold(record_property: Callable[[str, object], None]) -> Holder:
    """Return a function that holds a property over many examples and writes their number into the report."""
    return Holder(record_property)
