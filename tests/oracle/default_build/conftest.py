"""These tests are about the default build; elsewhere they say that they were not run."""

from __future__ import annotations

import os

import pytest

from tests.oracle.conftest import hold

__all__ = ["hold"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip everything here where the environment has turned oneDNN off."""
    if os.environ["TF_ENABLE_ONEDNN_OPTS"] == "0":
        for item in items:
            if item.path.parent.name == "default_build":
                item.add_marker(pytest.mark.skip(reason="needs TF_ENABLE_ONEDNN_OPTS=1"))
