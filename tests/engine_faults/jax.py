"""Where JAX 0.10.2 and flax 0.12.8 answer in silence what the dialect refuses. Each is run by tests/oracles/test_jax.py."""

from __future__ import annotations

from typing import Any, NamedTuple


class Fault(NamedTuple):
    """One disagreement: a call of ``jax.lax``, shapes for tensors.

    Attributes:
        name: What goes wrong.
        function: The name in ``jax.lax``.
        call: The arguments; ``lhs`` and ``rhs`` are shapes.
        engine_does: The shape that JAX returns.
        why: Why the dialect refuses it.
    """

    name: str
    function: str
    call: dict[str, Any]
    engine_does: tuple[int, ...]
    why: str


_FORWARD = {"lhs": (1, 1, 3, 3), "window_strides": (1, 1), "padding": "VALID"}
_UP: dict[str, Any] = {"lhs": (1, 3, 3, 2), "rhs": (3, 3, 2, 4), "strides": (2, 2)}
_CONSISTENT = {**_UP, "use_consistent_padding": True}

FAULTS = (
    Fault(
        "kernel larger than its input",
        "conv_general_dilated",
        {**_FORWARD, "rhs": (1, 1, 5, 5)},
        (1, 1, 0, 0),
        "an empty array is no result",
    ),
    Fault(
        "padding that leaves nothing",
        "conv_transpose",
        {"lhs": (4, 2, 2, 32), "rhs": (3, 3, 32, 128), "strides": (1, 1), "padding": ((0, 0), (0, 0))},
        (4, 0, 0, 128),
        "the numbers are not the forward convolution's padding",
    ),
    Fault(
        "an empty input grows",
        "conv_transpose",
        {**_UP, "lhs": (1, 0, 3, 2), "padding": "SAME"},
        (1, 1, 6, 4),
        "0 * 2 is 0, not 1: dilation of an empty axis is cut at 0",
    ),
    Fault(
        "valid in small letters",
        "conv_transpose",
        {**_UP, "strides": (1, 1), "padding": "valid"},
        (1, 1, 1, 4),
        "it is the forward convolution's VALID then: 1, where VALID gives 5",
    ),
    Fault(
        "same in small letters",
        "conv_transpose",
        {**_UP, "strides": (1, 1), "padding": "same"},
        (1, 3, 3, 4),
        "it is the forward convolution's SAME then: for an even kernel, other values",
    ),
    Fault(
        "a pair of three",
        "conv_transpose",
        {**_CONSISTENT, "padding": ((1, 1, 1), (1, 1))},
        (1, 6, 5, 4),
        "the three are summed up",
    ),
    Fault(
        "a pair of one",
        "conv_transpose",
        {**_CONSISTENT, "padding": ((1,), (1, 1))},
        (1, 4, 5, 4),
        "nothing is padded after",
    ),
    Fault(
        "three pairs for two axes",
        "conv_transpose",
        {**_CONSISTENT, "padding": ((1, 1),) * 3},
        (1, 5, 5, 4),
        "the third is dropped",
    ),
    Fault(
        "no channels",
        "conv_general_dilated",
        {**_FORWARD, "lhs": (1, 0, 3, 3), "rhs": (1, 0, 3, 3)},
        (1, 1, 1, 1),
        "a filter of size 0 makes nothing; JAX returns zeros",
    ),
)
