"""The judge of this folder is the native build; `default_build` inside it is judged by the default one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.holding import Holder

HERE = Path(__file__).parent
NATIVE = os.environ["TF_ENABLE_ONEDNN_OPTS"] == "0"
collect_ignore = ["default_build"] if NATIVE else []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, and say so, what needs the native build where the environment asked for the default one."""
    if NATIVE:
        return
    reason = "the judge is TensorFlow with TF_ENABLE_ONEDNN_OPTS=0; the environment says otherwise"
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture
def hold(record_property: Callable[[str, object], None]) -> Holder:
    """Return a function that holds a property over many examples and writes their number into the report."""
    return Holder(record_property)
