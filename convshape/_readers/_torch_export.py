"""A PyTorch module as ``torch.export`` writes it down: where its code branches on sizes, or fx cannot follow it.

Every size of the input is left open; what the code fixed about one (a branch taken, a size asked for) is put in front
of the network as a condition, so that it answers only for inputs for which the code runs the same way.
"""

from __future__ import annotations

from convshape._errors import ArgumentError
from convshape._networks._amounts import Amount, plus
from convshape._networks._branching import Branching
from convshape._networks._network import INPUT
from convshape._networks._shaped import Need
from convshape._readers._torch_read import constant, finish
from convshape._readers._torch_walk import Walk
from convshape._reading import as_index
from convshape._refusals import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from convshape._networks._chain import Chain
    from convshape._networks._graph import Graph


def exported(
    torch: Any, module: Any, entries: tuple[object, ...], walk: Walk, traced: Exception
) -> Chain | Graph:
    """Return the network of a module that fx could not trace, or raise the bare ``Refusal``."""
    # names and unknown sizes: any will do to begin with
    sizes = tuple(as_index(one) or (64 if axis else 2) for axis, one in enumerate(entries))
    try:
        program = _program(torch, module, sizes)
    except Exception as error:  # noqa: BLE001 - the module's own code runs here, and may raise anything
        raise _refused(error, traced) from None
    try:
        return finish(walk, _follow(torch, module, program, walk), type(module).__name__)
    except (AttributeError, KeyError) as error:
        raise _refused(error, traced) from None


def _program(torch: Any, module: Any, sizes: tuple[int, ...]) -> Any:
    kind = next((one.dtype for one in module.parameters() if one.is_floating_point()), torch.float32)
    place = next((one.device for one in module.parameters()), "cpu")
    given = torch.empty(tuple(max(2, size) if axis == 0 else size for axis, size in enumerate(sizes)), dtype=kind, device=place)  # fmt: skip
    open_sizes = (dict.fromkeys(range(len(sizes)), torch.export.Dim.AUTO),)
    return torch.export.export(module, (given,), dynamic_shapes=open_sizes, strict=False)


def _follow(torch: Any, module: Any, program: Any, walk: Walk) -> object:
    signature = program.graph_signature
    held = {**signature.inputs_to_parameters, **signature.inputs_to_buffers}
    lifted = signature.inputs_to_lifted_tensor_constants
    output: object = None
    for node in program.graph.nodes:
        if node.op == "placeholder":
            if node.name in held or node.name in lifted:
                walk.values[node] = _held(torch, program, module, node.name, held.get(node.name), lifted)
            elif isinstance(node.meta["val"], torch.Tensor):
                walk.values[node] = _conditions(walk, program, node.meta["val"].shape)
        elif node.op == "call_function":
            schema = getattr(node.target, "_schema", None)
            name = schema.name.partition("::")[2] if schema is not None else str(node.target.__name__)
            if not name.startswith(("sym_constrain", "_assert")):
                walk.function(node, name, aten=True)
        elif node.op == "output":
            output = walk.value(node.args[0])
    return output


def _held(torch: Any, program: Any, module: Any, name: str, place: str | None, lifted: Any) -> object:
    if place is None:
        return constant(torch, program.constants[lifted[name]])
    found = module
    for part in place.split("."):
        found = getattr(found, part)
    return constant(torch, found)


def _conditions(walk: Walk, program: Any, sizes: Any) -> object:
    """Return the input behind what the code fixed about its sizes."""
    start = walk.wiring.start
    needs: list[tuple[Amount, int, bool]] = []
    first: dict[str, int] = {}
    for axis, size in enumerate(sizes):
        own, text = start.size(axis), str(size)
        if text.isdigit():
            needs.append((own, int(text), False))
        elif text in first:
            needs.append((plus(own, start.size(first[text]), -1), 0, False))
        else:
            first[text] = axis
            bounds = _bounds(program, size)
            if bounds is None:
                raise Refusal(
                    "model",
                    given=None,
                    problem=f"the module's code ties position {axis} of its input to {text}.",
                    legal="sizes that are free, fixed, or bounded",
                    reason="a condition of another kind on sizes cannot be put in front of a network.",
                    kind=ArgumentError,
                )
            low, high = bounds
            needs += [(own, low, True)] if low > 2 else []
            needs += [(plus(Amount(0), own, -1), -high, True)] if high is not None else []
    needs = [one for one in needs if not (one[2] is False and one[0] == start.size(1) and len(sizes) > 2)]
    if not needs:
        return start
    told = tuple(Need(one.renumbered({INPUT: 0}), number, least) for one, number, least in needs)
    sizes = tuple(one.renumbered({INPUT: 0}) for one in start.all_sizes())
    return walk.wiring.add("sizes", Branching(sizes, told), start)


def _bounds(program: Any, size: Any) -> tuple[int, int | None] | None:
    """Return the smallest and the largest size that the code takes the same way; None of what is no plain size."""
    expression = size.node.expr
    if not expression.is_Symbol:
        return None
    for symbol, values in program.range_constraints.items():
        if symbol == expression:
            low, high = (
                int(str(end)) if str(end).isdigit() else None for end in (values.lower, values.upper)
            )
            return low or 0, None if high is None or high >= 2**31 else high
    return 0, None


def _refused(error: Exception, traced: Exception) -> Refusal:
    lines = [(str(one).splitlines() or [""])[0] for one in (traced, error)]
    return Refusal(
        "model",
        given=None,
        problem=f"the module's code can neither be traced ({type(traced).__name__}: {lines[0]}) nor exported "
        f"({type(error).__name__}: {lines[1]}).",
        legal="a module that torch.fx can trace, or torch.export export",
        reason="what a module does is known to its code alone; a rule for the module inside that cannot be followed helps.",
        kind=ArgumentError,
    )
