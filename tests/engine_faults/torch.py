"""Where PyTorch 2.13 (CPU) answers what the dialect refuses, or refuses what it answers. Run by tests/oracles/test_torch.py."""

from __future__ import annotations

from typing import Any, NamedTuple


class Fault(NamedTuple):
    """One disagreement: a call of ``torch.nn.functional``, shapes for tensors.

    Attributes:
        name: What goes wrong.
        function: The name in ``torch.nn.functional``.
        dtype: The tensors' type.
        call: The arguments; ``input``, ``weight`` and ``bias`` are shapes.
        engine_does: The shape that PyTorch returns.
        why: Why the dialect refuses it.
    """

    name: str
    function: str
    dtype: str
    call: dict[str, Any]
    engine_does: tuple[int, ...]
    why: str


FAULTS = (
    Fault(
        "a transposed result of size 0",
        "conv_transpose2d",
        "float32",
        {"input": (2, 4, 1, 1), "weight": (4, 4, 2, 2), "padding": 1},
        (2, 4, 0, 0),
        "an empty array is no result; float64 is refused, only oneDNN's path for float32 returns it",
    ),
    Fault(
        "no input channels",
        "conv2d",
        "float64",
        {"input": (1, 0, 5, 5), "weight": (4, 0, 3, 3)},
        (1, 0, 3, 3),
        "a weight that makes 4 channels makes none: the shape is wrong, and nothing is said",
    ),
    Fault(
        "an empty batch: dilation 0",
        "conv2d",
        "float64",
        {"input": (0, 2, 6, 6), "weight": (3, 2, 3, 3), "dilation": 0},
        (0, 3, 6, 6),
        "with a batch of 1 PyTorch refuses it: an empty batch returns before the arguments are checked",
    ),
    Fault(
        "an empty batch: output padding",
        "conv_transpose1d",
        "float64",
        {"input": (0, 2, 3), "weight": (2, 3, 1), "output_padding": 1},
        (0, 3, 4),
        "with a batch of 1 PyTorch refuses it: the output padding is below neither stride nor dilation",
    ),
    Fault(
        "an empty batch: a result of size 0",
        "conv_transpose1d",
        "float64",
        {"input": (0, 1, 1), "weight": (1, 2, 2), "stride": 2, "padding": 1},
        (0, 2, 0),
        "with a batch of 1 PyTorch refuses it: the output size is too small",
    ),
)


def is_unchecked_batch(shape: tuple[int, ...], axes: int) -> bool:
    """Return whether an input has an empty batch, of which PyTorch's convolutions check little."""
    return len(shape) == axes and shape[0] == 0


def pads_other_axes(arguments: dict[str, Any], rank: int) -> bool:
    """Return whether a module has a padding_mode and a list that is not one number an axis.

    PyTorch pads as many axes, from the last, as the list is long, and may say nothing.
    """
    padding = arguments["padding"]
    lists = [padding, arguments.get("dilation", 1)] if padding == "same" else [padding]
    return arguments.get("padding_mode", "zeros") != "zeros" and any(
        isinstance(one, tuple) and len(one) != rank for one in lists
    )


def output_padding_unread(arguments: dict[str, Any], more: dict[str, Any]) -> bool:
    """Return whether an illegal output_padding is not looked at, because the module is called with an output_size."""

    def entries(value: Any) -> tuple[int, ...]:
        return value if isinstance(value, tuple) else (value,)

    rows = [entries(arguments.get(name, 1)) for name in ("stride", "dilation")]
    rank = max(map(len, rows))
    steps, spread = (row * rank if len(row) == 1 else row for row in rows)
    limits = map(max, steps, spread)
    return "output_size" in more and any(arguments["output_padding"] >= limit for limit in limits)
