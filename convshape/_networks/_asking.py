"""What a chain or a graph is asked: its output, its table, another one of other arguments."""

from __future__ import annotations

from convshape._mending import mend
from convshape._networks._adopting import arguments_of
from convshape._networks._network import Failed, Network
from convshape._networks._network_errors import changed, error_of, unfit
from convshape._networks._trace import trace_of
from convshape._reading import is_a
from convshape._refusals import Refusal
from convshape._show import kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Self

    from convshape._networks._network import Value
    from convshape._networks._network_errors import Then
    from convshape._networks._trace import Trace
    from convshape._pictures._diagram import Diagram
    from convshape._shapes import Shape
    from convshape._types import ShapeLike

    Walk = Callable[..., tuple[Value, list[Value]]]


class Asked(Network):
    """A network with its public face."""

    __slots__ = ()

    def __call__(self, input_shape: ShapeLike) -> Shape:
        """Return the output shape of the last layer.

        Args:
            input_shape: ``(N, *spatial, C)`` in the network's layout, or ``(N, features)``; sizes in elements, None
                where not known. Spatial sizes may have names; the output then has closed forms: ``"ceil(H/2)"``.

        Raises:
            ShapeError: A layer does not take what it is given; the error names what mends it, here or further up, and
                has the table of the layers that fit as a note and as ``error.trace``.
        """
        start, values = self._walked(input_shape)
        return values[-1].told if values else start.told

    def trace(self, input_shape: ShapeLike) -> Trace:
        """Return the table of all layers: what each makes, its filter's shape, its parameters.

        Args:
            input_shape: As for a call.

        Raises:
            ShapeError: As for a call.
        """
        return trace_of(self, *self._walked(input_shape))

    def diagram(self, input_shape: ShapeLike) -> Diagram:
        """Return a drawing of the network with its sizes; a notebook shows it by itself, ``save`` writes it as SVG.

        Args:
            input_shape: As for a call. The first layer that does not take what it is given is drawn in red.

        Raises:
            ShapeError: The input is no shape.
        """
        from convshape._pictures._network import draw_network

        return draw_network(self, input_shape)

    def replace(self, changes: Mapping[str, object]) -> Self:
        """Return the network with other arguments of some layers: ``{"conv_3.strides": 1}``; an error's fix is one.

        Args:
            changes: New values of arguments by layer and argument; an ``input_shape`` among them is left out.

        Raises:
            ShapeError: An argument is not legal.
        """
        if not is_a(changes, dict) or not all(type(key) is str for key in dict.keys(changes)):
            raise mend("replace", _no_layer, {"changes": changes}, _no_changes(changes))
        wanted = {name: value for name, value in dict.items(changes) if name != "input_shape"}
        known = {node.name: arguments_of(node.block) for node in self.nodes}
        for key in wanted:
            layer, _, argument = key.rpartition(".")
            if argument not in known.get(layer, ()):
                raise mend("replace", _no_layer, {"changes": key}, _unknown(key, known))
        try:
            return changed(self, wanted)  # type: ignore[return-value]
        except Refusal as refusal:
            raise mend("replace", lambda **tried: changed(self, tried), wanted, refusal) from None

    def _walked(self, input_shape: object, then: Then | None = None) -> tuple[Value, list[Value]]:
        """Return the input and every layer's output; what mends an input or a layer also answers what is asked ``then``."""
        kind = type(self).__name__

        def check(input_shape: object) -> object:
            start, values = self._tried(input_shape)
            return None if then is None else then(self, start, values)

        try:
            start = self.read(input_shape)
        except Refusal as refusal:
            raise mend(kind, check, {"input_shape": input_shape}, refusal) from None
        try:
            return start, self.walk(start)
        except Failed as failed:
            raise error_of(kind, self, input_shape, failed, start, then) from None

    def _tried(self, input_shape: object, then: Then | None = None) -> tuple[Value, list[Value]]:
        """Return the same, or raise the bare ``Refusal``: for trying a fix, where what comes ``then`` is asked anyway."""
        start = self.read(input_shape)
        try:
            return start, self.walk(start)
        except Failed as failed:
            raise unfit(self, failed, start) from None


def _unknown(key: str, known: Mapping[str, Mapping[str, object]]) -> Refusal:
    layer = key.rpartition(".")[0]
    return Refusal(
        "changes",
        given=key,
        problem=f'"{key}" names no {"argument of this layer" if layer in known else "layer of the network"}.',
        legal='a layer\'s name, a dot, and an argument of it: "conv_3.strides"',
        reason=f"the layer's arguments are {', '.join(known[layer])}."
        if layer in known
        else f"its layers are {', '.join(sorted(known)[:8])}{', ...' if len(known) > 8 else ''}.",
    )


def _no_changes(changes: object) -> Refusal:
    return Refusal(
        "changes",
        given=changes,
        problem=f"changes is {kind_of(changes)}.",
        legal='a dict of arguments by layer: {"conv_3.strides": 1}',
        reason="a layer's argument is named by the layer, a dot and the argument; an error's fix is such a dict.",
    )


def _no_layer(changes: object) -> object:
    raise _no_changes(changes)
