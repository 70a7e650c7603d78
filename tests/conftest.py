"""What every test needs before TensorFlow is touched; TensorFlow itself is not imported here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.engines.present import BESIDE_TENSORFLOW, ENGINES, version

# TensorFlow reads these once, when it is imported. The native kernels are the judge: with oneDNN, its
# default, it takes wrong output shapes and kills the process for others (tests/oracle/default_build).
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# One thread a process: the tensors are tiny, and handing them on would cost more than the work.
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")

COMMON: dict[str, Any] = {
    "deadline": None,  # a first call compiles; slow is not wrong
    "print_blob": True,
    "database": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}
settings.register_profile("steady", derandomize=True, max_examples=100, **COMMON)
settings.register_profile("thorough", max_examples=1000, **COMMON)
settings.load_profile(os.environ.get("CONVSHAPE_TEST_PROFILE", "steady"))

FAST_FIRST = ("core", "reports", "benchmarks", "dcgan", "oracle", "oracles")
HERE = Path(__file__).parent
ORACLES = HERE / "oracles"
ASK_THEM = 'pip install -e ".[oracles]" && pytest tests/oracles'


def _asks_oracles(config: pytest.Config) -> bool:
    """Whether the other engines' tests are named on the command line: they need more than the extra `test`."""
    named = [
        (config.invocation_params.dir / argument.partition("::")[0]).resolve() for argument in config.args
    ]
    return any(path == ORACLES or ORACLES in path.parents for path in named)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the other engines' tests to the run that names them."""
    if collection_path == ORACLES and not _asks_oracles(config):
        return True
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the fast tests first: arithmetic, then networks, then the engines."""

    def place(item: pytest.Item) -> int:
        folder = item.path.relative_to(HERE).parts[0] if item.path.is_relative_to(HERE) else ""
        return FAST_FIRST.index(folder) if folder in FAST_FIRST else -1

    items.sort(key=place)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say which engines were there to be asked, and how many examples each property ran."""
    _tell_engines(terminalreporter, asked=_asks_oracles(config))
    rows = sorted(_examples(terminalreporter))
    if rows:
        terminalreporter.section("examples run by each property")
        for name, number in rows:
            terminalreporter.write_line(f"{number:>8}  {name}")


def _tell_engines(terminalreporter: Any, *, asked: bool) -> None:
    terminalreporter.section("engines")
    for engine in ENGINES:
        found = version(engine)
        if engine in BESIDE_TENSORFLOW and not asked:
            said = f"not asked in this run ({ASK_THEM})"
        else:
            said = "ABSENT: its tests were skipped" if found is None else found
        terminalreporter.write_line(f"{engine:>14}  {said}")


def _examples(terminalreporter: Any) -> Iterator[tuple[str, int]]:
    for reports in list(terminalreporter.stats.values()):
        for report in reports:
            if getattr(report, "when", None) == "call":
                for name, value in report.user_properties:
                    if name.startswith("examples"):
                        yield f"{report.nodeid}{name.removeprefix('examples')}", value
