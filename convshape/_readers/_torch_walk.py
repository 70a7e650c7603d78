"""A traced PyTorch graph, node by node, as a network."""

from __future__ import annotations

from convshape._networks._amounts import Amount
from convshape._readers import _moving as moving
from convshape._readers import _torch_methods as methods
from convshape._readers._torch_functions import ATEN, LAYERS, number
from convshape._readers._torch_modules import known, read_module, type_of
from convshape._readers._torch_output import up_to
from convshape._readers._torch_slices import picked
from convshape._readers._wires import Constant, Unread, Wire
from convshape._readers._wiring import Wiring
from convshape._refusals import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from convshape._shapes import Shape

# what a program asks of a tensor that says nothing of its shape
_ASIDE = ("dtype", "device", "training", "requires_grad", "is_cuda", "type", "get_device", "layout", "is_floating_point")  # fmt: skip

_ASKED = ("size", "sym_size", "dim", "ndimension", "getattr", "getitem", "mod", "neg", "max", "min", *_ASIDE)

_EITHER = ("cat", "concat", "concatenate", "stack", "expand", "expand_as")  # what takes constants too


class Lost:
    """What a layer makes that is not known; it has been named once."""


class Axes:
    """The shape of a value of which not even the number of axes is known."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire


class Walk:
    """The nodes of a graph, read one after the other."""

    def __init__(self, sizes: Shape | None, rules: Mapping[str, Callable[[Any], object]]) -> None:
        self.wiring = Wiring(sizes)
        self.rules = rules
        self.values: dict[Any, object] = {}
        self.found: list[tuple[str, str, str]] = []

    def value(self, given: Any) -> Any:
        """Return an argument with values in the place of nodes."""
        if isinstance(given, tuple | list):
            return tuple(self.value(one) for one in given)
        if isinstance(given, slice):
            return slice(self.value(given.start), self.value(given.stop), self.value(given.step))
        if isinstance(given, dict):
            return {name: self.value(one) for name, one in given.items()}
        if type(given).__name__ == "Node" and hasattr(given, "all_input_nodes"):
            return self.values.get(given, Lost())
        return given

    def keep(
        self, node: Any, kind: str, knows: bool, read: Callable[[tuple[Any, ...], dict[str, Any]], object]
    ) -> None:
        """Read a node, or note that it is not known."""
        args, kwargs = self.value(node.args), self.value(node.kwargs)
        if _lost((*args, *kwargs.values())):
            self.values[node] = Lost()
            if not knows:
                self.found.append((kind, place_of(node), ""))
            return
        try:
            self.values[node] = read(args, kwargs)
        except Unread as reason:
            self.found.append((kind, place_of(node), str(reason)))
            self.values[node] = Lost()
        except (TypeError, KeyError, IndexError, AttributeError, ValueError) as error:
            if isinstance(error, ValueError) and hasattr(error, "diagnosis"):
                raise
            self.found.append((kind, place_of(node), "called in a form that is not known"))
            self.values[node] = Lost()

    def module(self, node: Any, module: Any) -> None:
        """Read the call of a module."""
        kind = type(module).__name__
        name = bare_path(node.target) or kind.lower()
        rule = self.rules.get(kind) or self.rules.get(f"{type(module).__module__}.{kind}")

        def read(args: tuple[Any, ...], kwargs: dict[str, Any]) -> object:
            wires = [one for one in (*args, *kwargs.values()) if isinstance(one, Wire)]
            if rule is not None:
                if not wires:
                    raise Unread("it is given no tensor")
                return self.wiring.insert(name, self.ruled(kind, rule, module), *wires)
            if not known(type_of(module)):
                raise Unread(
                    "" if type_of(module) == kind or not type_of(module) else f"a kind of {type_of(module)}"
                )
            if "ConvTranspose" in type_of(module) and len(args) + len(kwargs) > 1:
                size = kwargs.get("output_size", args[1] if len(args) > 1 else None)
                return up_to(self.wiring, name, type_of(module), module, wires[0], self._sizes(size))
            if len(wires) != 1 or len(args) + len(kwargs) != 1:
                raise Unread("called in a form that is not known")
            made = read_module(self.wiring, name, module, wires[0])
            return (made, made) if getattr(module, "return_indices", False) is True else made

        self.keep(node, kind, rule is not None or known(type_of(module)), read)

    def ruled(self, kind: str, rule: Callable[[Any], object], module: Any) -> object:
        """Return what a rule says of a module."""
        try:
            return rule(module)
        except Exception as error:  # noqa: BLE001 - whatever a foreign rule raises is its answer
            raise Unread(f"its rule raises {type(error).__name__}: {error}") from None

    def function(self, node: Any, kind: str, *, aten: bool = False) -> None:
        """Read the call of a function or a method by its name."""
        bare = kind[:-1] if kind.endswith("_") and not kind.startswith("_") else kind
        name = str(node.name)
        table = {**methods.METHODS, **LAYERS, **(ATEN if aten else {})}

        def read(args: tuple[Any, ...], kwargs: dict[str, Any]) -> object:
            args, kwargs = _first(args, kwargs)
            asked = self._asked(bare, args, kwargs)
            if asked is not None:
                return asked
            if bare in methods.BINARY or (
                bare in ("max", "min") and len(args) == 2 and isinstance(args[1], Wire)
            ):
                return self._binary(name, bare, args, kwargs)
            if bare not in table:
                raise Unread("")
            if bare not in _EITHER and not any(isinstance(one, Wire) for one in args):
                raise Unread("it is given no tensor that depends on the input")
            return table[bare](self.wiring, name, *args, **kwargs)

        self.keep(node, kind, bare in table or bare in methods.BINARY or bare in _ASKED, read)

    def _binary(self, name: str, bare: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> object:
        if any(isinstance(one, Amount) for one in args) and not any(
            isinstance(one, Wire | Constant) for one in args
        ):
            return methods.calculated(bare, *args[:2])
        kind = methods.BINARY.get(bare, bare.capitalize())
        return moving.elementwise(self.wiring, name, kind, args[:2])

    def _asked(self, bare: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> object:
        """Return what a program asks about a value: its sizes, one of several, a whole number."""
        first = args[0] if args else None
        if bare in ("size", "sym_size"):
            where = args[1] if len(args) > 1 else kwargs.get("dim")
            return self.shape(first) if where is None else self.axis(first, where)
        if bare in ("dim", "ndimension") and isinstance(first, Wire):
            return first.rank
        if bare == "getattr":
            if args[1] == "shape":
                return self.shape(first)
            if args[1] in _ASIDE:
                return args[1]
            return first.rank if args[1] == "ndim" and isinstance(first, Wire) else None
        if bare == "getitem":
            if isinstance(first, Wire):
                return picked(self.wiring, f"getitem_{len(self.wiring)}", first, args[1])
            return self.axis(first.wire, args[1]) if isinstance(first, Axes) else first[args[1]]  # type: ignore[index]
        if bare in _ASIDE:
            return bare
        if (
            bare in ("mod", "floordiv", "add", "sub", "mul")
            and isinstance(first, int)
            and isinstance(args[1], int)
        ):
            return {"mod": int.__mod__, "floordiv": int.__floordiv__, "add": int.__add__, "sub": int.__sub__, "mul": int.__mul__}[bare](first, args[1])  # fmt: skip
        if bare in ("mod", "floordiv") and isinstance(first, Amount):
            return methods.calculated(bare, first, args[1])
        if bare == "neg" and isinstance(first, Amount):
            return methods.calculated("mul", first, -1)
        if bare == "add" and isinstance(first, tuple) and isinstance(args[1], tuple):
            return first + args[1]
        return None

    def shape(self, wire: Any) -> object:
        """Return all sizes of a value."""
        if isinstance(wire, Constant):
            return wire.shape
        if not isinstance(wire, Wire):
            raise Unread("it is given no tensor")
        return Axes(wire) if wire.sizes is None else wire.all_sizes()

    def axis(self, wire: Any, axis: Any) -> object:
        """Return one size, or a slice of them."""
        if isinstance(axis, slice):
            return wire.all_sizes()[axis]
        return wire.shape[axis] if isinstance(wire, Constant) else wire.size(axis)

    def _sizes(self, given: Any) -> tuple[Amount, ...]:
        if isinstance(given, Axes):
            given = given.wire.all_sizes()
        return tuple(number(one) for one in given)


def _first(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return arguments with the tensor in front, where it was given by its name."""
    for name in ("input", "self", "tensors") if not args else ():
        if name in kwargs:
            return (kwargs[name],), {key: one for key, one in kwargs.items() if key != name}
    return args, kwargs


def bare_path(target: Any) -> str:
    """Return a module's path as the user has it: the reader traces it inside of another, as ``net``."""
    return str(target).removeprefix("net").removeprefix(".")


def place_of(node: Any) -> str:
    """Return where a node stands: a module's name, or a function's and the innermost module that calls it."""
    if node.op == "call_module":
        return f'"{bare_path(node.target)}"'
    stack = [*(node.meta.get("nn_module_stack") or {}).values()]
    if not stack:
        return f'"{node.name}"'
    path, kind = bare_path(stack[-1][0]), stack[-1][1]
    kind = kind if isinstance(kind, str) else getattr(kind, "__name__", str(kind))
    return f'"{node.name}" in {f"{chr(34)}{path}{chr(34)}, " if path else ""}{kind.rpartition(".")[2]}'


def _lost(values: tuple[Any, ...]) -> bool:
    return any(
        isinstance(one, Lost)
        or (isinstance(one, tuple) and _lost(one))
        or (isinstance(one, slice) and _lost((one.start, one.stop, one.step)))
        for one in values
    )


def outcome(given: Any) -> Wire | Lost:
    """Return the first tensor of what a module returns."""
    while isinstance(given, tuple | list | dict) and given:
        given = next(iter(given.values() if isinstance(given, dict) else given))
    if isinstance(given, Wire | Lost):
        return given
    raise Refusal(
        "model",
        given=None,
        problem="the module returns no tensor that depends on its input.",
        legal="a module that returns a tensor, or several",
        reason="the network's output is the first tensor that is returned.",
    )
