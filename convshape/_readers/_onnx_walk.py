"""The nodes of an ONNX graph, one after the other, as a network."""

from __future__ import annotations

from convshape._errors import ArgumentError
from convshape._readers._moving import elementwise_of
from convshape._readers._onnx_grid import numbers
from convshape._readers._onnx_ints import INTEGERS, shape
from convshape._readers._onnx_layers import LAYERS
from convshape._readers._onnx_shapes import SHAPES
from convshape._readers._onnx_sizes import expand
from convshape._readers._onnx_tensors import attributes, constant
from convshape._readers._wires import Constant, Unread, Wire, unsized
from convshape._readers._wiring import Wiring
from convshape._refusals import Refusal
from convshape._show import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from convshape._shapes import Shape

_OWN = ("", "ai.onnx")


class _Lost:
    """What a node makes that is not known; the node has been named."""


class OnnxWalk:
    """A graph, read node by node."""

    def __init__(self, model: Any, rules: Mapping[str, Callable[[dict[str, object]], object]]) -> None:
        self.graph, self.rules = model.graph, rules
        self.found: list[tuple[str, str, str]] = []
        self.values: dict[str, object] = {one.name: constant(one, one.name) for one in self.graph.initializer}
        for one in self.graph.sparse_initializer:
            self.values[one.values.name] = Constant(
                tuple(map(int, one.dims)), True, ("tensor", one.values.name)
            )
        given = [one for one in self.graph.input if one.name not in self.values]
        if len(given) != 1:
            raise _refused(
                f"the model has {len(given)} inputs: {', '.join(one.name for one in given[:6])}.",
                "a model of one input",
            )
        self.input = given[0]
        self.wiring = Wiring(_rank(self.input))
        self.values[self.input.name] = self.wiring.start

    def follow(self) -> Wire:
        """Read all nodes and return the first output."""
        for number, node in enumerate(self.graph.node):
            self._node(number, node)
        if self.found:
            return self.wiring.start
        if not self.graph.output:
            raise _refused("the model has no output.", "a model with outputs")
        name = self.graph.output[0].name
        output = self.values.get(name)
        if not isinstance(output, Wire):
            raise _refused(
                f"the model's output {show(name)} does not depend on its input.", "an output that does"
            )
        return output

    def _node(self, number: int, node: Any, inside: str = "") -> None:
        op = node.op_type if node.domain in _OWN else f"{node.domain}.{node.op_type}"
        name = inside + (node.name or next(iter(node.output), "") or f"{op}_{number}")
        values = []
        for given in node.input:
            if given and given not in self.values:
                raise _refused(
                    f"the node {show(name)} takes {show(given)}, which nothing before it makes.",
                    "nodes in an order in which each stands after what it takes",
                )
            values.append(self.values[given] if given else None)
        made: object = _Lost()
        if any(isinstance(one, _Lost) for one in values):
            if not self._knows(op):
                self.found.append((op, name, ""))
        else:
            try:
                made = self._read(op, name, {**attributes(node), "outputs": len(node.output)}, values)
            except Unread as reason:
                self.found.append((op, name, str(reason)))
            except Refusal as refusal:
                raise _told(op, name, refusal) from None
            except (TypeError, KeyError, IndexError, ValueError, ZeroDivisionError, OverflowError) as error:
                if hasattr(error, "diagnosis"):
                    error = error.diagnosis.problem
                self.found.append((op, name, f"its inputs or attributes are none that it can have: {error}"))
        self._keep(node, name, made)

    def _knows(self, op: str) -> bool:
        """Return whether an operator is read at all."""
        return (
            op in self.rules
            or op in LAYERS
            or op in SHAPES
            or op in INTEGERS
            or op in ("Constant", "If", "Shape")
        )

    def _keep(self, node: Any, name: str, made: object) -> None:
        several = isinstance(made, tuple) and made and isinstance(made[0], Wire)
        for place, output in enumerate(node.output):
            if output in self.values and output:
                raise _refused(f"the node {show(name)} makes {show(output)}, which is there already.", "names that stand for one value")  # fmt: skip
            if several:
                self.values[output] = made[place] if place < len(made) else _Lost()  # type: ignore[index,arg-type]
            else:
                self.values[output] = made if place == 0 else _Lost()
        if node.op_type == "Constant" and isinstance(made, Constant) and node.output:
            made.key = ("tensor", node.output[0])

    def _read(self, op: str, name: str, given: dict[str, Any], values: list[object]) -> object:
        rule = self.rules.get(op)
        if rule is not None:
            return self._ruled(rule, name, given, values)
        if op == "Constant":
            return _constant(given)
        if op in ("Shape", "Size"):
            if op == "Size":
                raise Unread("")
            return shape(given, values[0])
        if op == "If":
            return self._branch(name, given, values[0])
        reader = LAYERS.get(op) or SHAPES.get(op)
        if reader is None and op not in INTEGERS:
            raise Unread("")
        if op == "Expand" and isinstance(values[0], Constant):
            return expand(self.wiring, name, given, values[0], values[1])
        if not any(isinstance(one, Wire) for one in values):
            return _folded(op, given, values)
        if reader is None:
            raise Unread("")
        if op not in ("Concat", "MatMul", "Gemm") and not isinstance(values[0], Wire) and op in LAYERS:
            raise Unread("its first input is a constant")
        if op in SHAPES and not isinstance(values[0], Wire) and op not in _EITHER:
            raise Unread("its first input is a constant")
        return reader(self.wiring, name, given, *values)

    def _branch(self, name: str, given: dict[str, Any], condition: object) -> object:
        """Read the branch that is taken, where that follows from the graph alone."""
        (taken,) = numbers(condition)
        graph = given["then_branch" if taken else "else_branch"]
        for one in graph.initializer:
            self.values[one.name] = constant(one, one.name)
        for number, node in enumerate(graph.node):
            self._node(number, node, f"{name}.")
        if len(graph.output) != 1:
            raise Unread("its branches have several outputs")
        return self.values[graph.output[0].name]

    def _ruled(self, rule: Callable[[dict[str, object]], object], name: str, given: dict[str, object], values: list[object]) -> Wire:  # fmt: skip
        wires = [one for one in values if isinstance(one, Wire)]
        if not wires:
            raise Unread("none of its inputs depends on the network's")
        given.pop("outputs")
        try:
            layer = rule(given)
        except Exception as error:  # noqa: BLE001 - whatever a foreign rule raises is its answer
            raise Unread(f"its rule raises {type(error).__name__}: {error}") from None
        return self.wiring.insert(name, layer, *wires)


_EITHER = ("Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Sum", "Mean", "And", "Or", "Xor", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Where", "Concat")  # fmt: skip


def _constant(given: dict[str, Any]) -> Constant:
    """Return what a ``Constant`` node holds."""
    held = given.get("value")
    if isinstance(held, Constant):
        return held
    for key in ("value_int", "value_float"):
        if key in given:
            return Constant((), values=(given[key],))
    for key in ("value_ints", "value_floats"):
        if key in given:
            return Constant((len(given[key]),), values=given[key])
    raise Unread("its value is of a kind that is not known")


def _folded(op: str, given: dict[str, Any], values: list[object]) -> object:
    """Return what a node makes of constants alone: whole numbers, or a tensor of which the shape is known."""
    tensors = [one for one in values if isinstance(one, Constant)]
    why = "it works on constants alone, in a way that is not known"
    if op in INTEGERS and not any(one.learned for one in tensors):
        try:
            return INTEGERS[op](given, *values)
        except Unread as reason:
            if len(tensors) != len(values):
                raise
            why = str(reason)
    if len(tensors) != len(values) or not tensors:
        raise Unread(why)
    first = tensors[0]
    if op in ("Identity", "Cast"):
        return first
    if op == "DequantizeLinear":
        return Constant(first.shape, True, first.key)
    if op == "Transpose":
        order = given.get("perm") or range(len(first.shape) - 1, -1, -1)
        return Constant(tuple(first.shape[place] for place in order), first.learned, first.key)
    if op in ("Add", "Sub", "Mul", "Div", "Pow"):
        return elementwise_of(tensors, op)
    if op in ("Sqrt", "Exp", "Neg", "Abs", "Reciprocal"):
        return Constant(first.shape, first.learned, first.key)
    raise Unread(why)


def _rank(given: Any) -> Shape | None:
    """Return as many unknown sizes as the input is said to have axes."""
    tensor = given.type.tensor_type
    if not tensor.HasField("shape"):
        return None
    if len(tensor.shape.dim) > 16:
        raise _refused(f"the input {show(given.name)} has {len(tensor.shape.dim)} axes.", "at most 5 axes")
    return unsized(len(tensor.shape.dim))


def _told(op: str, name: str, refusal: Refusal) -> Refusal:
    """Return the refusal of a node's own numbers, with its name."""
    return Refusal(
        "model",
        given=None,
        problem=f"node {show(name)} ({op}): {refusal.problem}",
        legal=refusal.legal,
        reason=refusal.reason,
        kind=refusal.kind,
    )


def _refused(problem: str, legal: str) -> Refusal:
    return Refusal(
        "model",
        given=None,
        problem=problem,
        legal=legal,
        reason="a model is read as the graph of nodes that it is.",
        kind=ArgumentError,
    )
