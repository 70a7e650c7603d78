"""Where TensorFlow 2.21 and its dialect disagree on purpose, each with a call that shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Call = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Fault:
    """One disagreement: the call, what either makes of it (None: an error), and why."""

    name: str
    call: Call
    engine_does: tuple[int, ...] | None
    we_do: tuple[int, ...] | None
    why: str
    covers: Callable[[str, dict[str, Any]], bool]


def _channel_steps(op: str, call: dict[str, Any]) -> bool:
    steps = call.get("stride", call.get("strides"))
    window = call.get("ksize")
    return any(isinstance(v, list) and len(v) > 2 and (v[0] != 1 or v[-1] != 1) for v in (steps, window))


def _channel_dilation(op: str, call: dict[str, Any]) -> bool:
    spread = call.get("dilations")
    return (
        op == "convolution"
        and isinstance(spread, list)
        and len(spread) > 2
        and (spread[0], spread[-1]) != (1, 1)
    )


def _text(op: str, call: dict[str, Any]) -> bool:
    return "2" in [
        call.get(name) for name in ("strides", "dilations", "rate") if isinstance(call.get(name), str)
    ]


X1, X2 = (2, 8, 4), (2, 8, 9, 4)
FAULTS = (
    Fault(
        "a pool ignores a stride along the channels",
        ("max_pool2d", {"input": X2, "ksize": 2, "strides": [1, 2, 2, 2], "padding": "SAME"}),
        (2, 4, 5, 4),
        None,
        "core/kernels/pooling_ops_common.cc reads depth_stride only for a window over channels",
        _channel_steps,
    ),
    Fault(
        "a one-dimensional op takes the batch's stride for a height of 1",
        ("conv1d", {"input": X1, "filters": (3, 4, 4), "stride": [2, 2, 1], "padding": "SAME"}),
        (2, 4, 4),
        None,
        "conv1d in python/ops/nn_ops.py puts the list behind a 1 of its own",
        _channel_steps,
    ),
    Fault(
        "a depthwise dilation of one entry dilates the height alone",
        (
            "depthwise_conv2d",
            {"input": X2, "filter": (3, 3, 4, 2), "strides": [1] * 4, "padding": "VALID", "dilations": [2]},
        ),
        (2, 4, 7, 8),
        None,
        "with_space_to_batch takes as many axes as the list has entries",
        lambda op, call: op in ("depthwise_conv2d", "separable_conv2d") and call.get("dilations") == [2],
    ),
    Fault(
        "convolution drops a dilation of batch or channels",
        ("convolution", {"input": X2, "filters": (3, 3, 4, 4), "padding": "SAME", "dilations": [1, 1, 2, 2]}),
        (2, 8, 9, 4),
        None,
        "convolution_internal in python/ops/nn_ops.py hands on the spatial entries alone",
        _channel_dilation,
    ),
    Fault(
        "text is read as a rate",
        ("atrous_conv2d", {"value": X2, "filters": (3, 3, 4, 4), "rate": "2", "padding": "SAME"}),
        (2, 8, 9, 4),
        None,
        "int() of NumPy's conversion",
        _text,
    ),
    Fault(
        "a dilated pool pads with zeros, which count",
        (
            "pool",
            {
                "input": X2,
                "window_shape": [2, 2],
                "pooling_type": "MAX",
                "padding": [[0, 0], [1, 1], [1, 1], [0, 0]],
                "dilations": [2, 2],
            },
        ),
        (2, 8, 9, 4),
        None,
        "space_to_batch pads with zeros, where max_pool pads with nothing",
        lambda op, call: op == "pool" and "dilations" in call and isinstance(call.get("padding"), list),
    ),
)
