"""A live PyTorch module as a network: traced with ``torch.fx``, or where that fails exported with ``torch.export``.

Tracing runs the module's own Python code with stand-ins for tensors, as ``torch.fx.symbolic_trace`` does; exporting
runs it with tensors that have no memory. No layer computes anything, and the module is not changed.
"""

from __future__ import annotations

from convshape._errors import ArgumentError
from convshape._readers._torch_modules import known, type_of
from convshape._readers._torch_rank import rank_of
from convshape._readers._torch_walk import Lost, Walk, outcome
from convshape._readers._wires import Constant, unread, unsized
from convshape._reading import as_entries, as_index
from convshape._refusals import Refusal
from convshape._show import kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from convshape._networks._chain import Chain
    from convshape._networks._graph import Graph

RULES = 'rules={"MyModule": function}, where function takes the module and returns a spec, a layer or a chain'


def read_torch(
    module: Any,
    input_shape: object = None,
    rules: Mapping[str, Callable[[Any], object]] | None = None,
) -> Chain | Graph:
    """Return the network that a module is, or raise the bare ``Refusal``.

    Args:
        module: A ``torch.nn.Module`` of one tensor.
        input_shape: ``(N, C, *spatial)``; needed where the module's code asks for more than fx can trace.
        rules: For modules that are not known, by the name of their class: functions from the module to a layer.
    """
    try:
        import torch
        from torch import fx
    except ImportError:
        raise no_torch() from None
    if not isinstance(module, torch.nn.Module):
        raise _refused(f"the model is {kind_of(module)}.", "a torch.nn.Module")
    module = _unwrapped(module)
    entries = as_entries(input_shape)
    walk = Walk(unsized(None if entries is None else len(entries)), rules or {})
    if entries is not None:  # names are sizes that are not known
        walk.wiring.start.example = tuple(map(as_index, entries))
    if _required(module) > 1:
        raise _refused("the module takes several inputs.", "a module of one tensor")
    name, module = type(module).__name__, _alone(torch, module)
    try:
        graph = _tracer(fx, walk.rules).trace(module)
    except Exception as error:  # noqa: BLE001 - the module's own code runs here, and may raise anything
        if entries is None:
            raise _untraced(error) from None
        from convshape._readers._torch_export import exported

        return exported(torch, module.net, entries, walk, error)
    if entries is None:
        walk.wiring.start.sizes = unsized(rank_of(module, graph, name_of))
    return finish(walk, _follow(torch, module, graph, walk), name)


def finish(walk: Walk, output: object, name: str) -> Chain | Graph:
    """Return the network, or refuse all that is not known."""
    if walk.found:
        more = "; an input_shape tells how many axes there are" if walk.wiring.start.sizes is None else ""
        raise unread(f"the module {name}", walk.found, RULES + more)
    wire = outcome(output)
    if isinstance(wire, Lost):
        raise _refused("what the module returns is not known.", "a module that returns a tensor")
    return walk.wiring.network(wire)


def _follow(torch: Any, module: Any, graph: Any, walk: Walk) -> object:
    output: object = None
    for node in graph.nodes:
        if node.op == "placeholder":
            walk.values[node] = walk.wiring.start
        elif node.op == "get_attr":
            walk.values[node] = constant(torch, _attribute(module, node.target))
        elif node.op == "call_module":
            walk.module(node, module.get_submodule(node.target))
        elif node.op == "call_method":
            walk.function(node, node.target)
        elif node.op == "call_function":
            walk.function(node, name_of(node.target))
        else:
            output = walk.value(node.args[0])
    return output


def name_of(target: Any) -> str:
    """Return the name of a function of PyTorch or of Python's operators; others have none."""
    home = getattr(target, "__module__", None) or ""
    name = str(getattr(target, "__name__", ""))
    own = home.startswith(("torch", "_operator", "operator", "builtins", "math")) or home == ""
    return name.removeprefix("boolean_dispatch") if own else f"{home}.{name}"


def constant(torch: Any, tensor: Any) -> object:
    """Return a tensor of the module as a constant."""
    if not isinstance(tensor, torch.Tensor):
        return tensor
    return Constant(
        tuple(map(int, tensor.shape)), isinstance(tensor, torch.nn.Parameter), ("tensor", id(tensor))
    )


def _attribute(module: Any, target: str) -> Any:
    found = module
    for part in target.split("."):
        found = getattr(found, part)
    return found


def _tracer(fx: Any, rules: Mapping[str, object]) -> Any:
    class Leaves(fx.Tracer):  # type: ignore[misc]
        def is_leaf_module(self, m: Any, module_qualified_name: str) -> bool:
            kind = type(m).__name__
            if kind in rules or f"{type(m).__module__}.{kind}" in rules or known(type_of(m)):
                return True
            return bool(super().is_leaf_module(m, module_qualified_name))

    return Leaves()


def _unwrapped(module: Any) -> Any:
    """Return the module inside of what ``torch.compile`` and data parallelism put around it."""
    inside = {"OptimizedModule": "_orig_mod", "DataParallel": "module", "DistributedDataParallel": "module"}
    while type(module).__name__ in inside and type(module).__module__.startswith("torch."):
        module = getattr(module, inside[type(module).__name__])
    return module


def _alone(torch: Any, module: Any) -> Any:
    """Return a module that calls another with one tensor, so that its other arguments are left at their defaults."""

    class Alone(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.net = module

        def forward(self, x: Any) -> Any:
            return self.net(x)

    return Alone()


def _required(module: Any) -> int:
    """Return how many arguments have no default; 1 where that is not known."""
    from inspect import Parameter, signature

    try:
        told = signature(module.forward).parameters.values()
    except (TypeError, ValueError):
        return 1
    plain = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
    return sum(one.kind in plain and one.default is Parameter.empty for one in told)


def _untraced(error: Exception) -> Refusal:
    line = (str(error).splitlines() or [""])[0]
    return Refusal(
        "input_shape",
        given=None,
        problem=f"the module's code cannot be traced without sizes: {type(error).__name__}: {line}",
        legal="the shape of an input, (N, C, *spatial)",
        reason="torch.fx runs the code with stand-ins, and it asks for more than they know; torch.export needs sizes to "
        "begin with.",
        kind=ArgumentError,
    )


def no_torch() -> Refusal:
    """Return the refusal of a module where PyTorch is not installed."""
    return _refused("PyTorch is not installed.", 'pip install "convshape[torch]"')


def _refused(problem: str, legal: str) -> Refusal:
    return Refusal(
        "model",
        given=None,
        problem=problem,
        legal=legal,
        reason="a module is read by tracing it with PyTorch.",
        kind=ArgumentError,
    )
