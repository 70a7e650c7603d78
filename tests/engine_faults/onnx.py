"""Where ONNX Runtime 1.32 or onnx 1.23's shape inference answer what the dialect refuses.

Each is run by tests/oracles/test_onnx.py. Of a Conv whose kernel has a size of 0 no record is kept: it never returns.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Fault(NamedTuple):
    """One disagreement: a node, shapes for tensors.

    Attributes:
        engine: ``"onnxruntime"`` or ``"onnx.shape_inference"``.
        name: What goes wrong.
        op: The operator.
        shapes: The shapes of X, W and B.
        attributes: The node's attributes.
        engine_does: The shape that the engine gives.
        why: Why the dialect refuses it.
    """

    engine: str
    name: str
    op: str
    shapes: tuple[tuple[int, ...], ...]
    attributes: dict[str, Any]
    engine_does: tuple[int, ...]
    why: str


_RUN, _INFERRED = "onnxruntime", "onnx.shape_inference"
_X, _UP = (1, 3, 5, 5), ((1, 3, 5, 5), (3, 2, 3, 3))
_POOLED = "an empty or truncated result is no pool of the input"
_EMPTY = "an empty axis has no result"

FAULTS = (
    Fault(_RUN, "an empty input grows", "ConvTranspose", ((1, 3, 0, 5), (3, 2, 3, 3)), {}, (1, 2, 2, 7), _EMPTY),
    Fault(_RUN, "no output channels", "ConvTranspose", ((1, 3, 5, 5), (3, 0, 3, 3)), {}, (1, 0, 7, 7), _EMPTY),
    Fault(_RUN, "an empty auto_pad", "Conv", ((1, 1, 5), (1, 1, 3)), {"auto_pad": ""}, (1, 1, 3), "ONNX knows four words, and this is none"),
    Fault(_RUN, "four spatial axes", "Conv", ((1, 3, 5, 5, 5, 5), (4, 3, 3, 3, 3, 3)), {}, (1, 4, 3, 3, 3, 3), "convshape knows one to three"),
    *(
        fault
        for pool in ("MaxPool", "AveragePool")
        for fault in (
            Fault(_RUN, "a window larger than X gives 1", pool, (_X,), {"kernel_shape": (6, 6), "strides": (2, 2)}, (1, 3, 1, 1), _POOLED),
            Fault(_RUN, "a window larger than X gives 0", pool, (_X,), {"kernel_shape": (6, 6)}, (1, 3, 0, 0), _POOLED),
            Fault(_RUN, "no size left in ceil_mode", pool, (_X,), {"kernel_shape": (7, 7), "strides": (2, 2), "ceil_mode": 1}, (1, 3, 0, 0), _POOLED),
            Fault(_RUN, "pads beside auto_pad", pool, (_X,), {"kernel_shape": (2, 2), "pads": (1, 0, 0, 0), "auto_pad": "VALID"}, (1, 3, 4, 4), "the pads are ignored"),
            Fault(_RUN, "SAME forgets dilations", pool, (_X,), {"kernel_shape": (2, 2), "dilations": (2, 2), "auto_pad": "SAME_UPPER"}, (1, 3, 4, 4), "SAME is ceil(i / s), 5"),
            Fault(_RUN, "a ceil_mode of 2 is 0", pool, (_X,), {"kernel_shape": (2, 2), "strides": (2, 2), "ceil_mode": 2}, (1, 3, 2, 2), "it is 0 or 1"),
        )
    ),
    Fault(_RUN, "a count_include_pad of 2", "AveragePool", (_X,), {"kernel_shape": (2, 2), "count_include_pad": 2}, (1, 3, 4, 4), "it is 0 or 1"),
    Fault(_RUN, "SAME that crops, with an empty batch", "MaxPool", ((0, 1, 5),), {"kernel_shape": (1,), "strides": (3,), "auto_pad": "SAME_UPPER"}, (0, 1, 2), "with a batch it stops: padding values must be non-negative"),
    Fault(_INFERRED, "a truncated size", "Conv", ((1, 1, 5), (1, 1, 6)), {"strides": (2,)}, (1, 1, 1), "the kernel does not fit"),
    Fault(_INFERRED, "a negative size", "Conv", ((1, 1, 2), (1, 1, 5)), {}, (1, 1, -2), "the kernel does not fit"),
    Fault(_INFERRED, "a negative size upwards", "ConvTranspose", ((1, 1, 2), (1, 1, 3)), {"pads": (4, 3)}, (1, 1, -3), "pads take all"),
    Fault(_INFERRED, "any output_padding", "ConvTranspose", ((1, 1, 5), (1, 1, 3)), {"output_padding": (9,)}, (1, 1, 16), "it is less than the stride"),
    Fault(_INFERRED, "any output_shape", "ConvTranspose", ((1, 1, 5), (1, 1, 3)), {"output_shape": (100,)}, (1, 1, 100), "5 cannot be made of 100"),
    Fault(_INFERRED, "another kernel_shape", "Conv", ((1, 1, 5), (1, 1, 3)), {"kernel_shape": (2,)}, (1, 1, 4), "W has the kernel"),
    Fault(_INFERRED, "channels that do not fit", "Conv", ((1, 3, 5), (4, 2, 3)), {}, (1, 4, 3), "W takes 2 channels"),
)  # fmt: skip
