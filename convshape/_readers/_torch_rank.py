"""How many axes a PyTorch module's input has, as the layers that take it say it."""

from __future__ import annotations

from convshape._readers._torch_methods import BINARY, REDUCTIONS
from convshape._readers._torch_modules import type_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_TELLING = ("Conv1d", "ConvTranspose1d", "MaxPool1d", "AvgPool1d")
_POOLS = ("conv", "conv_transpose", "max_pool", "avg_pool", "adaptive_avg_pool", "adaptive_max_pool")

# what may make another number of axes, or no tensor
_CHANGING = (
    "view", "reshape", "flatten", "unflatten", "squeeze", "unsqueeze", "stack", "select", "expand", "expand_as", "repeat",
    "matmul", "bmm", "mm", "chunk", "split", "unbind", "norm", "size", "dim", "ndimension", "getattr", "max", "min",
    "einsum", *REDUCTIONS,
)  # fmt: skip
_JOINING = (*BINARY, "cat", "concat", "concatenate")


def rank_of(module: Any, graph: Any, name_of: Callable[[Any], str]) -> int | None:
    """Return how many axes the input has, where a layer that takes it, or what is like it, says so."""
    like = {node for node in graph.nodes if node.op == "placeholder"}
    for node in graph.nodes:
        inputs = node.all_input_nodes
        if not inputs or inputs[0] not in like:
            continue
        if node.op == "call_module":
            kind = type_of(module.get_submodule(node.target))
            if kind[-2:] in ("2d", "3d") or kind in _TELLING:
                return int(kind[-2]) + 2
            if kind and kind not in ("Flatten", "Unflatten"):
                like.add(node)
        elif node.op in ("call_function", "call_method"):
            name = node.target if node.op == "call_method" else name_of(node.target)
            if name[-2:] in ("1d", "2d", "3d") and name[:-2] in _POOLS:
                return int(name[-2]) + 2
            if name in _JOINING and not like.issuperset(inputs):
                continue
            if name not in _CHANGING and (name != "getitem" or _slices(node.args[1])):
                like.add(node)
    return None


def _slices(index: Any) -> bool:
    """Return whether an index leaves all axes."""
    return all(
        isinstance(one, slice) or one is Ellipsis for one in (index if isinstance(index, tuple) else (index,))
    )
