"""The engine room itself: every path is taken, and the ops say what is known of them."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from tests.engines.operation import Operation
from tests.engines.tensorflow_engine import PATHS, EmptyResult, accepts, execute, oracle_shape, path_of
from tests.engines.tensorflow_ops import EngineRefused

SEED = {"input_shape": (2, 8, 8, 64), "filter_shape": (5, 5, 32, 64), "strides": 2, "padding": "SAME"}


def test_the_seed_example_has_four_outputs_of_thirty_six() -> None:
    taken = []
    for height, width in itertools.product(range(13, 19), repeat=2):
        try:
            taken.append(oracle_shape("check_transpose", {**SEED, "output_shape": (2, height, width, 32)}))
        except EngineRefused:
            continue
    assert taken == [(2, 15, 15, 32), (2, 15, 16, 32), (2, 16, 15, 32), (2, 16, 16, 32)]


def test_an_empty_result_counts_as_refused() -> None:
    with pytest.raises(EmptyResult, match="empty result"):
        oracle_shape(
            "conv_output",
            {"input_shape": (1, 2, 1), "filter_shape": (4, 1, 1), "strides": 3, "padding": "VALID"},
        )


def test_a_wrong_answer_of_the_op_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.engines.tensorflow_engine.execute", lambda operation: (1, 1, 1))
    with pytest.raises(AssertionError, match="made"):
        accepts(_operation("transpose", 1, "SAME"), (1, 2, 1))


def test_every_combination_has_a_path_and_every_path_a_combination() -> None:
    taken = {}
    for operation, pool in _combinations():
        path = path_of(operation, pool=pool)
        if path.name not in taken:
            taken[path.name] = execute(operation, pool=pool)
            assert taken[path.name][1:-1] == _sizes(operation)
    assert set(taken) == {path.name for path in PATHS}


def test_paths_of_one_combination_agree() -> None:
    """What a detour says is what the op says, where the op can be asked as well."""
    for detour, op in (("conv padded", "conv"), ("transpose lifted", "transpose"), ("pool padded", "pool")):
        roundabout = next(path for path in PATHS if path.name == detour)
        straight = next(path for path in PATHS if path.name == op)
        for before, after in itertools.product(range(2), repeat=2):
            operation = _operation(straight.kind, 2, ((before, after), (1, 0)))
            lifted = (
                operation if detour != "transpose lifted" else _operation("transpose", 1, ((before, after),))
            )
            made = roundabout.run(lifted, "max")
            assert made[1:-1] == _sizes(lifted)
            assert straight.run(operation, "max")[1:-1] == _sizes(operation)


def _combinations() -> Any:
    words: tuple[Any, ...] = ("SAME", "VALID", "explicit")
    grid = itertools.product(
        ("conv", "transpose", "pool"), (1, 2, 3), words, (1, 2), (1, 2), (1, 2), (False, True)
    )
    for kind, rank, padding, stride, dilation, groups, first in grid:
        pairs = ((1, 1),) * rank if padding == "explicit" else padding
        operation = _operation(kind, rank, pairs, stride=stride, dilation=dilation, first=first)
        if kind != "pool" and groups > 1:
            operation = operation.but(
                groups=groups, input_shape=(*operation.input_shape[:-1], 4), channels=_grouped(kind)
            )
            if kind == "transpose":
                operation = operation.but(output_shape=(*operation.output_shape[:-1], 2))
        for pool in ("max", "avg") if kind == "pool" else ("",):
            yield operation, pool


def _grouped(kind: str) -> tuple[int, int]:
    return (2, 2) if kind == "conv" else (1, 4)


def _operation(
    kind: str, rank: int, padding: Any, *, stride: int = 2, dilation: int = 1, first: bool = False
) -> Operation:
    operation = Operation(
        kind=kind,
        input_shape=(1, *(9, 8, 7)[:rank], 1),
        kernel=(3,) * rank,
        channels=() if kind == "pool" else (1, 1),
        strides=(stride,) * rank,
        padding=padding,
        dilations=(dilation,) * rank,
        groups=1,
        channels_first=first,
    )
    return operation.but(output_shape=(1, *_sizes(operation), 1)) if kind == "transpose" else operation


def _sizes(operation: Operation) -> tuple[int, ...]:
    """Return the output sizes by the guide to convolution arithmetic, the smallest if transposed."""
    sizes = []
    for axis, size in enumerate(operation.sizes):
        stride, extent = operation.strides[axis], 2 * operation.dilations[axis] + 1
        padded = {"SAME": extent - 1, "VALID": 0}.get(str(operation.padding))
        padded = sum(operation.padding[axis]) if padded is None else padded
        down, up = (size + padded - extent) // stride + 1, (size - 1) * stride + extent - padded
        sizes.append(up if operation.kind == "transpose" else down)
    return tuple(sizes)
